"""What the program says in English is known in every language; what nobody can know stays as it is."""

from __future__ import annotations

import ast
import errno
import re
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from worker.mailbox import failures
from worker.mailbox.failures import Place
from worker.writing.summary.languages.said import LANGUAGES, SAID
from worker.writing.summary.said import said
from worker.writing.summary.words import words_for

ROOT = Path(__file__).parent.parent.parent
# The jobs whose refusals come back to the owner by mail, since they carry out words of an answer.
OBEYING = (
    "absence answers obey pausing told told_domain told_mail told_named told_person told_review told_talk undo word"
).split()
# Said on the command line alone.
TYPED_ONLY = (
    "{} was not understood{}; nothing was changed.",
    "{} names an item of a summary; nothing was changed.",
    "{} is not understood as a date.",
    "{} is no day within the next two years; nothing was changed.",
    "{} cannot be said{}; nothing was changed.",  # known in both of its forms, and so is the next
    "{} {}; nothing was changed.",
)
ERRORS = {"NotUnderstood", "InputError", "AskaroundError"}


def shape(node: ast.expr) -> str | None:
    """A literal or an f-string with {} for each value."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return None


def raised() -> Iterator[tuple[str, str]]:
    """Every first argument of an error that those jobs raise."""
    for name in OBEYING:
        for node in ast.walk(ast.parse((ROOT / "worker/jobs" / f"{name}.py").read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ERRORS:
                found = shape(node.args[0])
                assert found is not None, ast.unparse(node)
                yield name, found


def held() -> Iterator[tuple[str, str]]:
    """Every reason for which a mail is held, or waits as a draft."""
    for path in sorted((ROOT / "worker/jobs").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            given = [one.value for one in node.keywords if one.arg == "hold_why"]
            if ast.unparse(node.func) in ("guard.Hold", "Hold", "steps.hold"):
                given += node.args[-1:]
            for one in given:
                parts = [one.body, one.orelse] if isinstance(one, ast.IfExp) else [one]
                yield from ((path.stem, found) for part in parts if (found := shape(part)) is not None)


def told() -> Iterator[tuple[str, str]]:
    """Every sentence that is noted for the owner where it happens."""
    for path in sorted((ROOT / "worker/jobs").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and any(one.arg == "for_owner" for one in node.keywords):
                yield from ((path.stem, found) for one in node.args if " " in (found := shape(one) or ""))


WROTE = "you wrote to them on 01 Mar 2027"
KNOWN = {re.sub(r"\{\w+\}", "{}", sentence) for sentence in SAID}


def test_every_refusal_that_comes_by_mail_is_known() -> None:
    missing = sorted({found for _, found in raised()} - KNOWN - set(TYPED_ONLY))
    variants = [one for one in missing if not _filled(one)]
    assert variants == []


def test_every_reason_to_hold_a_mail_is_known() -> None:
    found = {one for _, one in held() if not one.startswith("is tried again")}
    assert len(found) >= 7
    assert sorted(one for one in found - KNOWN if not _filled(one)) == []


def test_everything_that_is_noted_for_the_owner_is_known() -> None:
    found = {one for _, one in told()}
    assert len(found) >= 8
    assert sorted(one for one in found - KNOWN if not _filled(one)) == []


def _filled(sentence: str) -> bool:
    """Whether the sentence is known once its values stand in it."""
    words = words_for("de")
    for value in ("Una Berg", "2027-03-01", "01 Mar 2027", "'una'", "3", "talking", "nudge", WROTE):
        text = sentence.replace("{}", value)
        if said(text, words) != text:
            return True
    return False


@pytest.mark.parametrize("sentence", SAID)
def test_every_language_fills_the_same_slots(sentence: str) -> None:
    assert len(SAID[sentence]) == len(LANGUAGES)
    slots = set(re.findall(r"\{(\w+)\}", sentence))
    for theirs in SAID[sentence]:
        assert set(re.findall(r"\{(\w+)\}", theirs)) <= slots
        assert theirs.endswith(".") == sentence.endswith(".")
        assert theirs != sentence or not sentence.replace("{", "").isalpha()


@pytest.mark.parametrize(
    "english, german",
    [
        (
            "'2 foo': No mail to Una Berg waits for your word; nothing was changed.",
            "„2 foo“: Keine Mail an Una Berg wartet auf Ihr Wort; nichts wurde geändert.",
        ),
        ("you wrote to them on 02 Mar 2027", "Sie haben dieser Person am Di, 2. März geschrieben"),
        (
            "Eve wrote, not Una; it lies in Junk; only you can settle this",
            "Eve hat geschrieben, nicht Una; sie lag im Spam-Ordner; das können nur Sie entscheiden",
        ),
        (
            'mail.example:993 (IMAP) does not accept the sign-in of al@x.test: it wants an app password ("A. 5; x"). '
            "Make an app password in the account's security settings (needs 2-step verification) and use that.",
            "mail.example:993 (IMAP) nimmt die Anmeldung von al@x.test nicht an: Dort wird ein App-Passwort verlangt "
            '("A. 5; x"). '
            "Legen Sie in den Sicherheitseinstellungen des Kontos ein App-Passwort an (das verlangt die Anmeldung in "
            "zwei Schritten) und nehmen Sie dieses.",
        ),
        (
            "Una was asked before and stands at referral asked; nothing was changed.",
            "Una wurde schon gefragt (Stand: nach einem Namen gefragt); nichts wurde geändert.",
        ),
        ("2027-13-45 is over; nothing was changed.", "2027-13-45 is over; nothing was changed."),
        ("550 5.1.1 no such user here", "550 5.1.1 no such user here"),
        ("{0} {x} 100%", "{0} {x} 100%"),
        ("", ""),
    ],
)
def test_in_german(english: str, german: str) -> None:
    assert said(english, words_for("de")) == german


def test_english_stays() -> None:
    for sentence in SAID:
        assert said(sentence, words_for("en")) == sentence


ENGLISH = re.compile(r"\b(the|it|is|was|not|your?|this|for|and|of|to|check|sign in|again|could|make|ask|set)\b", re.I)


def troubles() -> Iterator[str]:
    """What the mailbox says of a server that is away, and of one that takes no sign-in."""
    place = Place("IMAP", "imap.mail.example", 993, "tls")
    handshake = ssl.SSLError(1, "x")
    handshake.reason = "SSLV3_ALERT_HANDSHAKE_FAILURE"
    errors = [
        TimeoutError(),
        ConnectionRefusedError(),
        ConnectionResetError(),
        OSError(errno.ENETUNREACH, "x"),
        OSError(errno.EPIPE, "Broken pipe"),
        socket.gaierror(socket.EAI_NONAME, "x"),
        socket.gaierror(socket.EAI_AGAIN, "x"),
        UnicodeError("x"),
        handshake,
    ]
    for error in errors:
        yield failures.unreachable(place, error).sentence()
    for code in (9, 10, 18, 20, 62, 99):
        bad = ssl.SSLCertVerificationError("x")
        bad.verify_code, bad.verify_message = code, "x"
        yield failures.unreachable(place, bad).sentence()
    for answer in (
        "",
        "535 5.7.8 Username and Password not accepted",
        "Application-specific password required",
        "[ALERT] Please log in via your web browser",
        "IMAP access is disabled",
        "535 5.7.139 Authentication unsuccessful, basic authentication is disabled",
        "[UNAVAILABLE] Temporary failure",
        "account is locked",
    ):
        yield failures.sign_in_refused(place, "al@mail.example", answer).sentence()
    yield failures.no_starttls(place).sentence()
    yield failures.refused(place, "FETCH", "[THROTTLED] slow").sentence()
    yield failures.misbehaved(place, "the server names no folder at all", "It is tried again.").sentence()
    yield "INBOX: the server hands out only a part of the mail; I shall try again."


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_mailbox_suffers_is_told(language: str) -> None:
    for sentence in troubles():
        told = said(sentence, words_for(language))
        ours = re.sub(r'"[^"]*"|\([^()]*\)|\[[^\]]*\]|\w+\.mail\.example\S*|\bis\b', "", told)
        assert told != sentence
        assert not ENGLISH.search(ours), told

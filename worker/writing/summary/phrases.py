"""The sentences of a summary, made once and shown alike in its text and its HTML."""

from __future__ import annotations

import re
from urllib.parse import quote

from worker.conversation.vocabulary import Contact
from worker.writing.summary.content import Action, Call, Leaving, Led, NeedsYou, SummaryContent
from worker.writing.summary.words import Words, words_for
from worker.writing.variables import Owner

MAX_WORDS = 900
"""How much of a person's own words is quoted, in characters."""

MAX_LISTED = 40
"""How many lines a list shows before it says how many more there are."""

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb]")

_BREAKABLE = re.compile(r"(?:(?![\xa0\u202f])\s)+")  # French keeps spaces that do not break


def quoted(text: str, limit: int = MAX_WORDS) -> list[str]:
    """A stranger's words as lines: no control or direction characters, no empty lines in a row, cut at `limit`."""
    text = text.encode("utf-8", "replace").decode()
    lines: list[str] = []
    for line in re.split(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]", text.strip()):
        line = _BREAKABLE.sub(" ", _UNSEEN.sub("", line)).strip()
        if line or (lines and lines[-1]):
            lines.append(line)
    whole = "\n".join(lines).strip()
    if len(whole) > limit:
        cut = whole[:limit]
        whole = (cut.rsplit(" ", 1)[0] if " " in cut[limit // 2 :] else cut).rstrip() + " …"
    return whole.split("\n") if whole else []


def inline(text: str | None, limit: int = 200) -> str:
    """A stranger's words on one line."""
    return " ".join(quoted(text or "", limit))


def subject(content: SummaryContent) -> str:
    """ "2 need you, 1 call, 3 mails leave: askaround, Tue 24 Nov"; quiet days say so."""
    words = words_for(content.language)
    parts = _counts(content, words)
    if content.paused:
        parts.insert(0, words.text("paused_short"))
    if not parts:
        parts = [words.text("quiet")]
        if content.happened:
            parts = [words.text("nothing"), words.count("happened", len(content.happened))]
    what = ", ".join(parts)
    line = words.text("subject", what=what[:1].upper() + what[1:], day=words.day(content.day))
    return f"{line} ({words.text('again')})" if content.again else line


def alert_subject(content: SummaryContent) -> str:
    """The subject of a mail about one item: "Una Berg: a yes"."""
    words = words_for(content.language)
    item = content.needs_you[0]
    return words.text("alert", name=inline(item.name, 60), what=words.needs[item.kind])


def headline(content: SummaryContent) -> str:
    """The same in a sentence, below the date."""
    words = words_for(content.language)
    parts = _counts(content, words)
    if not parts:
        return words.text("lead_quiet")
    line = ", ".join(parts)
    return line[:1].upper() + line[1:] + "."


def _counts(content: SummaryContent, words: Words) -> list[str]:
    counted = (
        ("problem", len(content.problems)),
        ("need", len(content.needs_you)),
        ("call", len(content.call_today)),
        ("leave", len(content.leaves)),
    )
    return [words.count(key, number) for key, number in counted if number]


def about(person: NeedsYou | Call | Leaving) -> str:
    """Role, company and address, as far as they are known."""
    parts = (getattr(person, "role", None), person.company, person.email)
    return ", ".join(inline(part) for part in parts if part)


def reading(item: NeedsYou, words: Words) -> str:
    """ "Read as a no, 64 % sure, because of “not taking on”." or nothing."""
    if item.reading is None:
        return ""
    what = words.intents[item.reading]
    sure = item.sure
    line = (
        words.text("read_as", what=what)
        if sure is None
        else words.text("read_as_sure", what=what, sure=min(max(round(sure * 100), 0), 99))
    )
    deciding = [words.text("quote", words=inline(found, 80)) for found in item.deciding[:3] if inline(found, 80)]
    return line + (f", {words.text('because', words=', '.join(deciding))}." if deciding else ".")


def clock(call: Call, content: SummaryContent, words: Words) -> str:
    """What time it is for somebody to ring, where it differs from the owner's or is not known to be the same."""
    if call.their_time is None:
        return ""
    theirs, yours = call.their_time, content.made_at
    shown = f"{theirs:%H:%M}"
    if theirs.date() != yours.date():
        shown = f"{words.day(theirs.date())}, {shown}"
    return words.text("their_time", theirs=shown, yours=f"{yours:%H:%M}")


def written(call: Call, words: Words) -> str:
    """What was written to somebody to ring, and when."""
    if not call.written:
        return ""
    steps = [words.text("step_on", day=words.day(day), step=words.steps[step]) for step, day in call.written]
    return words.text("written", steps=", ".join(steps))


def leaves(leaving: Leaving, content: SummaryContent, words: Words) -> str:
    """When a mail leaves, and which step it is."""
    return words.text("leaves_at", when=words.moment(leaving.when, content.day), step=words.steps[leaving.step])


def state(led: Led, words: Words) -> str:
    """A state in the owner's language; other words stay as they are."""
    return words.states.get(led.state, inline(led.state))


def footer(content: SummaryContent, words: Words) -> list[str]:
    """Whether all is well, and how to answer."""
    lines = []
    if content.last_check is None:
        lines.append(words.text("never_checked", mailbox=content.mailbox))
    else:
        when = words.moment(content.last_check, content.day)
        if content.last_check.date() == content.day:
            when = words.text("today_at", clock=when)
        lines.append(words.text("last_check", mailbox=content.mailbox, when=when))
    if not content.problems:
        lines.append(words.text("stuck_none"))
    if content.paused and content.paused_until:
        lines.append(words.text("paused_until", day=words.day(content.paused_until)))
    elif content.paused:
        lines.append(words.text("paused"))
    if content.away_until:
        lines.append(words.text("away", day=words.day(content.away_until)))
    if content.finished:
        lines.append(words.text("finished"))
    return lines


def link(action: Action, content: SummaryContent) -> str:
    """The action as a mailto: address (RFC 6068): to the mailbox with the line filled in, or to the person."""
    if action.to:
        filled = f"?subject={quote(action.subject, safe='')}" if action.subject else ""
        return f"mailto:{quote(action.to, safe='@')}{filled}"
    body = action.line + "\r\n"
    if content.token:
        body += f"\r\nRef: {content.token}\r\n"
    return (
        f"mailto:{quote(content.mailbox, safe='@')}"
        f"?subject={quote('Re: ' + subject(content), safe='')}&body={quote(body, safe='')}"
    )


def sentences(contact: Contact, owner: Owner, language: str | None = "en") -> tuple[str, str, str]:
    """Three sentences to say on the phone: who is calling, why, and what is asked."""
    words = words_for(language)
    asked = contact.email is not None
    field = str(owner.about.get("field") or "")
    return (
        words.text("say1" if asked else "say1_none", owner=owner.name),
        words.text("say2", field=field) if field else words.text("say2_none"),
        words.text("say3"),
    )

"""`askaround check --send-me`: each step goes to the owner alone, and is looked for where it landed."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from typing import Any

import pytest

from tests.servers.scripted import Expect, Say, scripted
from tests.stories.world import World
from worker.conversation.vocabulary import Step
from worker.jobs.lines import Grade, Line
from worker.jobs.send_me import MARK, Sample, send_me, where
from worker.mailbox.folders import Folder, Role
from worker.reading.verdicts import Verdicts

UNA = "una@acme.example"
STEPS = ["ask", "ask.referred", *(step.value for step in Step if step is not Step.ask)]


def sent(world: World, seconds: float = 6) -> list[Line]:
    return list(send_me(world.store, world.desk, world.clock, wait=timedelta(seconds=seconds)))


def lands(world: World, folder: str | None, *above: str, only: str = "") -> None:
    """From now on the owner's provider puts mail of theirs into a folder (None: nowhere), with fields above it."""
    servers: Any = world.servers

    def move(envelope: Any, raw: bytes) -> None:
        if world.owner in envelope.recipients and only.encode() in raw:
            servers.expunge(world.owner, containing=raw.partition(b"Message-ID: ")[2].partition(b"\r\n")[0])
            if folder is not None:
                servers.deliver(world.owner, "".join(f"{line}\r\n" for line in above).encode() + raw, folder)

    servers.on_accepted = move


def by_step(lines: list[Line]) -> dict[str, Line]:
    return {line.says.partition(":")[0]: line for line in lines if line.what == "send-me" and ": " in line.says}


def test_each_step_arrives_and_says_what_it_is(world: World) -> None:
    world.person(UNA, opening="Your talk about tides made me curious.")
    lines = sent(world)
    assert lines[0].says.startswith(f"9 mails are on their way to {world.owner}, written as if to Una Berg")
    found = by_step(lines)
    assert sorted(found) == sorted(STEPS)
    assert {line.grade for line in found.values()} == {Grade.ok}
    assert found["ask"].says == "ask: INBOX; no verdict, not signed with DKIM"
    mails = world.inbox(world.owner)
    assert [mail[MARK] for mail in mails] == STEPS
    first = mails[0]
    assert str(first["Subject"]).startswith("[askaround sample 1/9: ask] Thirty minutes")
    assert "Your talk about tides made me curious." in first.get_content()
    for mail in mails:
        assert (mail["Auto-Submitted"], mail["X-Askaround-Token"]) == ("auto-generated", None)
        assert (str(mail["To"].addresses[0].addr_spec), mail["In-Reply-To"]) == (world.owner, None)


def test_the_worker_takes_them_for_nothing_and_counts_none(world: World) -> None:
    world.person(UNA)
    world.once()
    before = world.status()
    told = len(world.inbox(world.owner))
    for _ in range(2):
        sent(world)
    for raw in world.servers.messages(world.owner):
        world.servers.deliver(world.owner, raw, "Sent")  # as a provider does that keeps copies by itself
    report = world.later(minutes=1)
    assert (report.read, report.errors, report.sent) == ([], [], [])
    after = world.status()
    assert (after["outbox"], after["conversations"]) == (before["outbox"], before["conversations"])
    assert after["health"]["held"] is None
    assert len(world.inbox(world.owner)) == told + 18, "no answer to them, no summary about them"
    world.person("other@place.example")
    world.later(minutes=1)
    assert len(world.inbox("other@place.example")) == 1, "the pace has not counted them"


def test_before_the_first_turn_they_hold_nothing(world: World) -> None:
    sent(world)
    for raw in world.servers.messages(world.owner):
        world.servers.deliver(world.owner, raw, "Sent")
    world.person(UNA)
    world.once()
    assert len(world.inbox(UNA)) == 1


def test_in_spam_it_says_what_that_means(world: World) -> None:
    lands(world, "Junk", "Authentication-Results: mx.owner.example; spf=fail smtp.mailfrom=x; dkim=none; dmarc=fail")
    found = by_step(sent(world))
    assert {line.grade for line in found.values()} == {Grade.bad}
    assert found["ask"].says == "ask: Junk; SPF fail, DKIM none, DMARC fail"
    assert "do not begin before that is mended" in found["ask"].todo
    assert "SPF and DMARC failed" in found["ask"].todo


def test_one_kind_alone_in_spam(world: World) -> None:
    lands(world, "Junk", "Authentication-Results: mx.owner.example; spf=pass; dkim=pass; dmarc=pass", only="farewell]")
    found = by_step(sent(world))
    assert (found["farewell"].grade, found["nudge"].grade) == (Grade.bad, Grade.ok)
    assert "failed" not in found["farewell"].todo


@pytest.mark.parametrize(
    "above, grade, says",
    [
        (
            [
                "Authentication-Results: mx.google.com;\r\n dkim=pass header.i=@x; spf=pass (a; b=c) smtp.mailfrom=x;"
                "\r\n dmarc=pass (p=NONE)"
            ],
            Grade.ok,
            "SPF pass, DKIM pass, DMARC pass",
        ),
        (
            ["Authentication-Results: a.example 1; spf=softfail", "Authentication-Results: a.example; dkim=pass"],
            Grade.note,
            "SPF softfail, DKIM pass, DMARC not said",
        ),
        (
            ["Authentication-Results: a.example; spf=pass", "Authentication-Results: forged.example; dmarc=fail"],
            Grade.ok,
            "SPF pass, DKIM not said, DMARC not said",
        ),
        (["Authentication-Results: a.example; spf=softfail"], Grade.bad, "SPF softfail, DKIM not said"),
        (
            ["Authentication-Results: a.example; spf=pass; dkim=fail; dmarc=fail"],
            Grade.bad,
            "SPF pass, DKIM fail, DMARC fail",
        ),
        (["Authentication-Results: a.example; none"], Grade.ok, "no verdict, not signed with DKIM"),
        (
            ["DKIM-Signature: v=1; a=rsa-sha256; d=Owner.example; s=x; b=y"],
            Grade.ok,
            "signed with DKIM as owner.example",
        ),
        (
            ["Authentication-Results: a.example; dkim=fail; dkim=pass; spf=fail; dmarc=pass"],
            Grade.ok,
            "SPF fail, DKIM pass, DMARC pass",
        ),
    ],
)
def test_the_verdict_of_the_server_that_took_it_in(world: World, above: list[str], grade: Grade, says: str) -> None:
    lands(world, "INBOX", *above)
    line = by_step(sent(world))["ask"]
    assert (line.grade, says in line.says) == (grade, True), line


def test_a_provider_that_gives_ids_of_its_own(world: World) -> None:
    servers: Any = world.servers

    def renamed(envelope: Any, raw: bytes) -> None:
        servers.expunge(world.owner, containing=raw.partition(b"Message-ID: ")[2].partition(b"\r\n")[0])
        servers.deliver(world.owner, raw.replace(b"Message-ID: <", b"Message-ID: <other."), "Junk")

    sent(world)  # those of an earlier run are not taken for the new ones
    servers.on_accepted = renamed
    assert {line.says.split(";")[0] for line in by_step(sent(world)).values()} == {f"{step}: Junk" for step in STEPS}


def test_what_a_rule_filed_away_is_found_in_the_end(world: World) -> None:
    lands(world, "Trash")
    found = by_step(sent(world))
    assert (found["ask"].grade, found["ask"].says.startswith("ask: Trash;")) == (Grade.note, True)
    assert "A rule of yours" in found["ask"].todo
    lands(world, None)
    assert by_step(sent(world))["ask"].says == "ask: not there yet", "those of an earlier run prove nothing"


def test_among_all_mails_lies_ones_own_copy_too() -> None:
    everything = Folder("[Gmail]/All Mail", Role.all, "[Gmail]/All Mail")

    def line(checked: Verdicts) -> Line:
        return next(where([Sample("ask", "[askaround sample 1/9: ask]", "<1@x>", b"", everything, checked)]))

    assert (line(Verdicts()).grade, "Your own copy lies there too" in line(Verdicts()).todo) == (Grade.note, True)
    assert "A rule of yours" in line(Verdicts({"dmarc": "pass"})).todo


def test_what_does_not_come_is_waited_for_no_longer_than_asked(world: World) -> None:
    lands(world, None)
    began = world.clock.now()
    found = by_step(sent(world, 20))
    assert world.clock.now() - began == timedelta(seconds=20)
    assert found["ask"].says == "ask: not there yet"


def test_what_the_server_refuses_is_told(world: World) -> None:
    servers: Any = world.servers
    servers.refuse = lambda address: "550 5.7.1 looks like spam" if address == world.owner else None
    lines = sent(world)
    assert {line.grade for line in lines} == {Grade.bad}
    assert "550 5.7.1 looks like spam" in lines[0].says


def test_a_server_that_ends_the_connection_is_asked_no_more(world: World) -> None:
    servers: Any = world.servers
    servers.refuse = lambda address: "421 4.7.0 too fast" if address == world.owner else None
    first, second = sent(world)
    assert "421 4.7.0 too fast" in first.says
    assert second.says.startswith("8 more were not tried")


def test_a_server_that_is_away_is_one_line(world: World) -> None:
    with scripted([Say("421 4.3.2 closing down"), Expect("QUIT")]) as server:
        text = world.config.read_text()
        world.config.write_text(text.replace(f"port = {world.servers.smtp_port}", f"port = {server.port}"))
        (line,) = sent(world)
    assert (line.grade, bool(line.todo)) == (Grade.bad, True)


def test_a_template_that_cannot_be_written_keeps_no_other_back(world: World) -> None:
    folder = world.folder / "mine"
    folder.mkdir()
    (folder / "nudge.md").write_text("{{ contact.nothing }}\n")
    world.config.write_text(world.config.read_text() + '\n[templates]\nfolder = "mine"\n')
    lines = sent(world)
    assert [line.grade for line in lines if line.says.startswith("nudge:")] == [Grade.wrong]
    assert len(world.inbox(world.owner)) == 8
    assert message_from_bytes(world.servers.messages(world.owner)[0], policy=policy.default)[MARK] == "ask"

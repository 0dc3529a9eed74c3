"""The demo from outside: what it prints, what it leaves behind, when it says that all is well."""

from __future__ import annotations

import importlib.util
import json
import mailbox
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from typer.testing import CliRunner

from worker.cli.app import app
from worker.demo import cast
from worker.demo.cast import BEGIN, SCRIPT, Script
from worker.errors import InputError, WorldError
from worker.store import open_store, outbox

ROOT = Path(__file__).parent.parent.parent
ENDS = {
    "priya.raman@northgrid.example": "talking",
    "tomasz.nowak@hilltopwind.example": "referred",
    "ines.carvalho@westlea.example": "talking",
    "helen.marsh@severnhydro.example": "closed",
    "jonas.weber@zellwerk.example": "away",
    "camille.laurent@tuilesoleil.example": "talking",
    "owen.price@deepturbine.example": "talking",
    "gareth.lloyd@llynpower.example": "silent",
    "lucy.archer@tidalworks.example": "unreachable",
    "victor.stone@stonefinance.example": "opted_out",
    "marta.kowalska@glasfeld.example": "asked",
    "samuel.adeyemi@currentaffairs.example": "met",
    "nadia.haddad@brightroof.example": "talking",
}
ZONES = {
    "jonas.weber@zellwerk.example": "Europe/Berlin",
    "camille.laurent@tuilesoleil.example": "Europe/Paris",
    "nadia.haddad@brightroof.example": "America/New_York",
}


@dataclass(frozen=True)
class Played:
    """A finished demo."""

    folder: Path
    code: int
    out: str
    err: str

    @property
    def status(self) -> dict[str, Any]:
        return json.loads(self.out)  # type: ignore[no-any-return]

    def mails(self, name: str) -> list[EmailMessage]:
        """The mails of an mbox that the demo wrote."""
        path = self.folder / "mail" / f"{name}.mbox"
        assert path.exists(), name
        parse = BytesParser(policy=policy.default).parsebytes
        box = mailbox.mbox(path)
        try:
            return [parse(box.get_bytes(key)) for key in box.keys()]  # noqa: SIM118 - a mailbox iterates over mails
        finally:
            box.close()

    def by_worker(self, address: str) -> list[EmailMessage]:
        """What the worker wrote to somebody, as it lies in their mailbox."""
        return [mail for mail in self.mails(f"people/{address}") if mail["X-Askaround-Token"]]


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The whole demo, in a process of its own."""
    folder = tmp_path_factory.mktemp("demo") / "new"
    done = subprocess.run(
        [sys.executable, "-W", "default", "-m", "worker", "demo", "--json", "--keep", str(folder)],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "ascii", "ASKAROUND_PACE__PER_DAY": "1"},
        capture_output=True,
        timeout=180,
        check=False,
    )
    return Played(folder, done.returncode, done.stdout.decode(), done.stderr.decode())


def test_everybody_ends_as_they_should(played: Played) -> None:
    assert played.code == 0, played.err
    assert {row["email"]: row["state"] for row in played.status["conversations"]} == ENDS


def test_nothing_but_one_document_is_printed(played: Played) -> None:
    assert set(played.status) >= {"schema_version", "conversations", "outbox", "review", "proposed", "health"}
    assert played.status["health"]["errors"] == []
    assert played.err == ""


def test_no_stranger_gets_a_step_twice(played: Played) -> None:
    store = open_store(f"sqlite:///{played.folder / 'askaround.db'}")
    arrived: Counter[tuple[int, str]] = Counter()
    try:
        for address in ENDS.keys() - {"lucy.archer@tidalworks.example"}:
            for mail in played.by_worker(address):
                message_id = str(mail["Message-ID"])
                row = store.read(lambda tx, id=message_id: outbox.by_message_ids(tx, 1, {id}))[message_id]
                assert row.to_address == address
                arrived[row.contact_id, row.step] += 1
    finally:
        store.close()
    assert set(arrived.values()) == {1}
    steps = Counter(step for _, step in arrived)
    assert steps == {
        "ask": 12,
        "referral_request": 2,
        "thanks_for_name": 1,
        "check_in": 1,
        "nudge": 1,
        "thanks_for_talk": 1,
    }


def test_a_decline_leads_to_the_next_person(played: Played) -> None:
    tomasz, ines = "tomasz.nowak@hilltopwind.example", "ines.carvalho@westlea.example"
    rows = {row["email"]: row for row in played.status["conversations"]}
    assert rows[ines]["referred_by"] == tomasz
    assert ines not in (played.folder / "contacts.csv").read_text("utf-8")
    ask, request, thanks = played.by_worker(tomasz)
    theirs = [mail for mail in played.mails("INBOX") if tomasz in str(mail["From"])]
    assert [request["In-Reply-To"], thanks["In-Reply-To"]] == [mail["Message-ID"] for mail in theirs]
    assert ask["In-Reply-To"] is None
    assert "Ines Carvalho" in thanks.get_content()
    [to_ines] = played.by_worker(ines)
    assert "Tomasz Nowak" in to_ines["Subject"]
    assert "Tomasz Nowak" in to_ines.get_content()
    assert to_ines["Date"].datetime > theirs[1]["Date"].datetime


def test_what_needs_the_owner_waits(played: Played) -> None:
    assert [row["email"] for row in played.status["review"]] == ["marta.kowalska@glasfeld.example"]
    waiting = {(row["email"], row["step"]): row["state"] for row in played.status["outbox"]}
    assert waiting["marta.kowalska@glasfeld.example", "nudge"] == "held"
    assert waiting["jonas.weber@zellwerk.example", "nudge"] == "due"
    due = next(row["due"] for row in played.status["outbox"] if row["email"].startswith("jonas"))
    assert due >= "2027-03-22"
    assert len(played.mails("Junk")) == 1


def test_the_pace_of_production_holds(played: Played) -> None:
    """Working time where the person lives, gaps, so many a day; the environment of whoever starts it does not count."""
    sent = sorted(
        (mail["Date"].datetime, mail["To"].addresses[0].addr_spec)
        for mail in played.mails("Sent")
        if mail["X-Askaround-Token"]
    )
    assert len(sent) == 19
    for moment, address in sent:
        local = moment.astimezone(ZoneInfo(ZONES.get(address, "Europe/London")))
        assert 9 <= local.hour < 17, (local, address)
        assert local.weekday() < 5
    gaps = [later - earlier for (earlier, _), (later, _) in pairwise(sent)]
    assert min(gaps) >= timedelta(minutes=4)
    a_day = Counter(moment.date() for moment, _ in sent)
    assert 4 <= max(a_day.values()) <= 8


def test_the_owner_gets_a_summary_every_day(played: Played) -> None:
    ours = [mail for mail in played.mails("INBOX") if str(mail["From"]).startswith("askaround")]
    summaries = [mail for mail in ours if ": askaround, " in str(mail["Subject"])]
    at_once = [mail for mail in ours if mail not in summaries]
    assert at_once
    assert all(7 <= mail["Date"].datetime.hour < 21 for mail in at_once)
    assert [mail["Date"].datetime.date() for mail in summaries] == [
        (BEGIN + timedelta(days=day)).date() for day in range(16)
    ]
    page = (played.folder / "summary.html").read_text("utf-8")
    html = summaries[-1].get_body(("html",))
    assert html is not None
    assert page.split() == html.get_content().split()
    assert "Marta Kowalska" in page


def test_its_files_can_be_looked_at(played: Played) -> None:
    config = str(played.folder / "config.toml")
    shown = CliRunner().invoke(app, ["status", "--json", "--config", config])
    assert shown.exit_code == 0, shown.output
    assert len(json.loads(shown.stdout)["conversations"]) == len(ENDS)


def some(*names: str, days: int = 3) -> Script:
    """A short demo with a few of the cast."""
    members = tuple(one for one in SCRIPT.cast if one.name.split()[0] in names)
    return Script(members, end=BEGIN + timedelta(days=days))


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> Script:
    """A demo of a day, with one who says yes and one who wants no mail."""
    script = some("Priya", "Victor", days=1)
    monkeypatch.setattr(cast, "SCRIPT", script)
    monkeypatch.setenv("COLUMNS", "80")
    return script


def test_the_story_fits_a_narrow_window(short: Script, tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["demo", "--keep", str(tmp_path / "new")])
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert max(len(line) for line in lines if "/" not in line) <= 80
    story = " ".join(done.stdout.split())
    assert "Monday 15 February 2027" in story
    assert "Priya Raman writes: “happy to. Thursday" in story
    assert re.search(r"read as opt out \(\d+%\); nudge cancelled; is now opted out", story)
    assert "NEEDS YOU" in lines
    assert "Everybody ended as they should." in lines
    assert str(tmp_path / "new" / "summary.html") in done.stdout


@pytest.mark.parametrize(
    "broken, fault",
    [
        ({"state": "met"}, "is talking, not met"),
        ({"steps": ("ask", "nudge")}, "got ask, not ask, nudge"),
        ({"waits": True}, "no answer waits for the owner"),
        ({"named_by": None, "answers": ()}, "is asked, not talking"),
    ],
)
def test_one_who_ends_otherwise_is_named(
    short: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: dict[str, Any], fault: str
) -> None:
    priya, victor = short.cast
    monkeypatch.setattr(cast, "SCRIPT", replace(short, cast=(replace(priya, **broken), victor)))
    done = CliRunner().invoke(app, ["demo", "--json", "--keep", str(tmp_path / "new")])
    assert done.exit_code == 1
    assert f"Priya Raman (says yes): {fault}" in done.stderr
    assert "Victor" not in done.stderr
    json.loads(done.stdout)


def test_a_word_that_was_never_said_is_named(short: Script, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cast, "SCRIPT", replace(short, words=(SCRIPT.words[0],)))
    done = CliRunner().invoke(app, ["demo", "--keep", str(tmp_path / "new")])
    assert done.exit_code == 1
    assert "had no reason to say 'ok'" in " ".join(done.stdout.split())


def test_a_folder_that_holds_something_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("mine")
    done = CliRunner().invoke(app, ["demo", "--keep", str(tmp_path)])
    assert isinstance(done.exception, InputError)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["mine"]


def test_without_its_servers_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *more: None if name == "pymap" else real(name, *more))
    done = CliRunner().invoke(app, ["demo", "--keep", str(tmp_path / "new")])
    assert isinstance(done.exception, WorldError)
    assert done.exception.exit_code == 1
    assert "pip install pymap" in "\n".join(done.exception.lines())
    assert not (tmp_path / "new").exists()


def test_the_script_is_as_long_as_it_says() -> None:
    assert BEGIN.weekday() == 0
    assert len({member.name for member in SCRIPT.cast}) == len(SCRIPT.cast) == len(ENDS)
    assert len({member.email.partition("@")[2] for member in SCRIPT.cast}) == len(SCRIPT.cast)

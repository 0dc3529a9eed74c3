"""Tells the demo's story while it happens: day by day, what happened to whom."""

from __future__ import annotations

import os
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console
    from rich.status import Status

    from worker.demo.cast import Script
    from worker.demo.outcome import Ended

NAMES = 16
EXCERPT = 160
SHORT = 40  # of a greeting or a closing, in letters
ELSEWHERE = 100  # columns where there is no terminal
# Lines of the journal that the story leaves out: told by another line, or of no interest to a spectator.
UNTOLD = frozenset({"told", "word"})
CAUSES = frozenset({"read", "sent", "bounced", "own_mail"})
STYLES = {
    "state": "bold",
    "sent": "cyan",
    "read": "green",
    "bounced": "red",
    "review": "yellow",
    "named": "magenta",
    "call": "yellow",
    "talk_due": "yellow",
}


class Narrator:
    """Prints the story; on a terminal with the demo's time below it. A quiet one prints nothing."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._day: date | None = None
        self._last: tuple[str, str] = ("", "")
        self._summary: tuple[datetime, str] | None = None  # not told yet: a day may hold nothing else
        self._idle: list[date] = []
        self._console: Console | None = None
        self._status: Status | None = None

    @property
    def console(self) -> Console:
        """Where the story goes."""
        from rich.console import Console

        if self._console is None:
            width = None if sys.stdout.isatty() else int(os.environ.get("COLUMNS") or ELSEWHERE)
            self._console = Console(width=width, highlight=False, quiet=self._quiet, emoji=False)
        return self._console

    def begins(self, folder: str, script: Script) -> None:
        """The first lines."""
        weeks = (script.end - script.begin).days // 7
        self._print(
            f"askaround at work: {len(script.listed)} people in the owner's file of contacts, {weeks} weeks in some "
            "seconds, on mail servers inside this program. Nothing leaves this machine."
        )
        self.console.print(f"Its files: {folder}", style="dim", markup=False, soft_wrap=True)
        if self.console.is_terminal and not self._quiet:
            self._status = self.console.status("")
            self._status.start()

    def ends(self) -> None:
        """Takes the time below the story away; harmless twice."""
        if self._status is not None:
            self._status.stop()
            self._status = None

    def at(self, now: datetime) -> None:
        """The demo's time, where it is shown."""
        if self._status is not None:
            from worker.demo.cast import ZONE

            self._status.update(f"{now.astimezone(ZONE):%A %d %B %Y, %H:%M}")

    def lines(self, rows: Sequence[Any]) -> None:
        """What a turn wrote into the journal, as it is told to a spectator: the new state beside its cause."""
        told: list[_Told] = []
        for row in rows:
            text = _words(row)
            if text is None:
                continue
            name = str(row.name or row.email or "the worker")
            causes = [one for one in told if one.name == name and one.what in CAUSES]
            if row.what in ("state", "cancelled") and causes:
                causes[-1].text += f"; {text}"
            else:
                told.append(_Told(row.at, name, row.what, text))
        for one in told:
            self._say(one.at, one.name, one.text, STYLES.get(one.what, ""))

    def writes(self, at: datetime, name: str, text: str, *, automatic: bool, folder: str) -> None:
        """Somebody answers."""
        how = "their server answers" if automatic else "writes"
        where = f" (the owner's provider puts it into {folder})" if folder != "INBOX" else ""
        self._say(at, name, f"{how}: “{excerpt(text)}”{where}", "bold green")

    def owner_says(self, at: datetime, about: str, words: str) -> None:
        """The owner tells the worker something."""
        self._say(at, "the owner", f"says: askaround tell {about} {words}", "bold blue")

    def owner_hears(self, at: datetime, done: str) -> None:
        """What the worker answers to that."""
        self._say(at, "the owner", f"hears: {done}", "blue")

    def owner_writes(self, at: datetime, about: str) -> None:
        """The owner answers somebody in their own mail program."""
        self._say(at, "the owner", f"answers {about} by hand", "bold blue")

    def summary(self, at: datetime, subject: str) -> None:
        """The morning's mail."""
        from worker.demo.cast import ZONE

        self._day_is_over(at)
        told = f"gets the summary: “{subject.partition(': askaround')[0]}”"
        if self._day == at.astimezone(ZONE).date():
            self._say(at, "the owner", told, "dim")
        else:
            self._summary = (at, told)

    def told_at_once(self, at: datetime, subject: str) -> None:
        """A mail about one answer that does not wait for the morning."""
        self._say(at, "the owner", f"is told at once: “{subject}”", "dim")

    def trouble(self, at: datetime, error: str) -> None:
        """What the worker could not do."""
        self._say(at, "the worker", f"could not: {error}", "bold red")

    def closes(
        self, summary: str, ended: Sequence[Ended], faults: Sequence[str], places: Sequence[tuple[str, str]]
    ) -> None:
        """The last summary, what became of whom, where everything lies."""
        from rich.rule import Rule
        from rich.table import Table

        self.ends()
        self._day_is_over(None)
        self._print("")
        self._print(Rule("The last summary, as the owner gets it", align="left"))
        self.console.print(summary, markup=False, highlight=False, soft_wrap=True)
        self._print(Rule("What became of whom", align="left"))
        table = Table(box=None, pad_edge=False, show_header=False)
        for one in ended:
            mails = ", ".join(step.replace("_", " ") for step in one.steps)
            mark = "ok" if not one.faults else "NO"
            table.add_row(mark, one.member.name, one.member.shows, one.state.replace("_", " "), mails)
        self._print(table)
        self._print("")
        if faults:
            self._print("Not as it should be:", style="bold red")
            for fault in faults:
                self._print(f"  {fault}")
        else:
            self._print("Everybody ended as they should.", style="bold green")
        for what, where in places:
            self.console.print(f"{what}:\n  {where}", markup=False, soft_wrap=True)

    def _say(self, at: datetime, name: str, text: str, style: str) -> None:
        from rich.text import Text

        from worker.demo.cast import ZONE

        self._day_is_over(at)
        if self._summary is not None:
            (moment, subject), self._summary = self._summary, None
            self._say(moment, "the owner", subject, "dim")
        local = at.astimezone(ZONE)
        if local.date() != self._day:
            self._day = local.date()
            self._last = ("", "")
            self._tell_idle_days()
            self._print("")
            self._print(f"{local:%A} {local.day} {local:%B %Y}", style="bold underline")
        clock, who = f"{local:%H:%M}", name
        if self._last == (clock, who):
            clock = who = ""
        else:
            self._last = (clock, who)
        lead = f"{clock:5}  {who:{NAMES}}  "
        told = textwrap.wrap(text, max(30, self.console.width - len(lead)), break_on_hyphens=False) or [""]
        for number, line in enumerate(told):
            self.console.print(Text(lead if number == 0 else " " * len(lead)).append(line, style=style), soft_wrap=True)

    def _day_is_over(self, now: datetime | None) -> None:
        """A day on which nothing happened but its summary is told later, with others; None: the story ends here."""
        from worker.demo.cast import ZONE

        if self._summary is not None:
            day = self._summary[0].astimezone(ZONE).date()
            if now is None or now.astimezone(ZONE).date() != day:
                self._idle.append(day)
                self._summary = None
        if now is None:
            self._tell_idle_days()

    def _tell_idle_days(self) -> None:
        if self._idle:
            first, last = self._idle[0], self._idle[-1]
            days = f"{first:%A} {first.day} {first:%B}" + (
                f" to {last:%A} {last.day} {last:%B}" if last > first else ""
            )
            self._print("")
            self._print(f"{days}: nothing but the summary each morning", style="dim")
            self._idle = []

    def _print(self, what: Any, style: str | None = None) -> None:
        self.console.print(what, style=style, markup=False)


@dataclass(slots=True)
class _Told:
    at: datetime
    name: str
    what: str
    text: str


def _words(row: Any) -> str | None:
    """A line of the journal in a spectator's words; None for one that is left out."""
    if row.what in UNTOLD:
        return None
    name = str(row.name or row.email or "")
    text = str(row.text).replace("_", " ").replace("your word", "the owner's word")
    text = text.removeprefix(f"{name}: ").removeprefix(f"{name} ")
    if row.what == "sent":
        return f"{text}: “{row.words}”"
    if row.what == "state":
        before, _, after = text.partition(" -> ")
        return f"is now {after}" if before != "planned" else None
    if row.what == "cancelled":
        return text.partition(":")[0]
    if row.what == "own_mail":
        return "the worker finds the owner's own mail in Sent, and stays out"
    return text


def excerpt(text: str) -> str:
    """A mail in a line or two: what stands between greeting and closing, shortened."""
    parts = [" ".join(part.split()) for part in text.partition("\n-- ")[0].partition("\n--\n")[0].split("\n\n")]
    parts = [part for part in parts if part]
    if len(parts) > 1 and len(parts[0]) < SHORT and parts[0].endswith(","):
        parts = parts[1:]
    if len(parts) > 1 and len(parts[-1]) < SHORT:
        parts = parts[:-1]
    told = " ".join(parts)
    return told if len(told) <= EXCERPT else told[: EXCERPT - 1].rsplit(" ", 1)[0] + " …"

"""Writes the figures of a proof into docs/reliability.md: python -m tests.proof.report FOLDER."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from tests.proof.figures import kept

PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
MUTANTS = PAGE.with_name("mutants.md")
BEGIN, END = "<!-- figures: written by make proof -->", "<!-- end of figures -->"
Figures = dict[str, int | str]


def main() -> None:
    """Reads the folder, and puts the table in the page's place for it."""
    page = PAGE.read_text("utf-8")
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    lines = table(kept(Path(sys.argv[1])))
    PAGE.write_text("\n".join([before + BEGIN, "", *lines, "", END]) + after, "utf-8")
    print("\n".join(lines))


def table(found: list[Figures]) -> list[str]:
    """The figures as lines of Markdown."""
    lines = ["| proof | tried | sent twice | lost | left for the owner to settle |", "| --- | --- | --- | --- | --- |"]
    for database in ("SQLite", "PostgreSQL"):
        kills = [one for one in found if one["proof"] == "kills" and one["database"] == database]
        if kills:
            tried = f"{total(kills, 'points')} kills ({database}), of {total(kills, 'steps')} steps"
            unsure = sum(int(one.get("summaries", 0)) for one in kills)
            lines.append(row(f"{tried}; uncertain summaries: {unsure}" if unsure else tried, kills))
    schedules = [one for one in found if one["proof"] == "schedules"]
    if schedules:
        tried = f"{total(schedules, 'played')} random schedules, {total(schedules, 'crashes')} crashes in them"
        lines.append(row(tried, schedules))
    for core, where in (("pure", "on the table and the pacing"), ("jobs", "on the jobs, in memory")):
        courtesy = [one for one in found if one["proof"] == "courtesy" and one["core"] == core]
        if courtesy:
            tried = (
                f"{total(courtesy, 'histories')} random histories of courtesy {where}, {total(courtesy, 'mails')} mails"
            )
            lines.append(row(tried, courtesy))
    cuts = [one for one in found if one["proof"] == "cuts"]
    if cuts:
        lines.append(row(f"{total(cuts, 'cells')} faults on the line to real servers", cuts))
        lines += ["", "Faults on the line, by dialogue:", "", *outcomes(cuts)]
    for one in (one for one in found if one["proof"] == "soak"):
        grown = (
            f"{one['mails']} mails, and the memory grew by {one['grown_mb']} MB (with the servers' own store of them)"
        )
        lines += ["", f"{one['days']} simulated days with {one['contacts']} contacts: {grown}."]
    lines += clock(found)
    disk = [one for one in found if one["proof"] == "disk"]
    if disk:
        lines += ["", f"{total(disk, 'writes')} writes from which on a disk is full, read-only or broken for a while."]
    upgrades = [one for one in found if one["proof"] == "upgrade"]
    if upgrades:
        lines += [
            "",
            f"{total(upgrades, 'kills')} kills in upgrades from {total(upgrades, 'schemas')} earlier schemas.",
        ]
    injections = [one for one in found if one["proof"] == "injection"]
    if injections:
        values, mails, refused = (f"{total(injections, name):,}" for name in ("values", "mails", "refused"))
        written = f"{mails} mails with the headers, the recipient and the text that were meant, {refused} not written"
        lines += ["", f"{values} hostile values in contacts and answers: {written}."]
    for one in (one for one in found if one["proof"] == "rows"):
        lines += [
            "",
            f"{one['tried']} changes to the conversation's table, of which the tests notice {one['noticed']}.",
        ]
    lines += mutation()
    cells = [one for one in found if one["proof"] == "cells"]
    if cells:
        lines += ["", "| server | story | result |", "| --- | --- | --- |"]
        lines += sorted({f"| {one['server']} | {one['story']} | {one['result']} |" for one in cells})
    return lines


def clock(found: list[Figures]) -> list[str]:
    """What was tried of the clock."""
    lines: list[str] = []
    for one in (one for one in found if one["proof"] == "days"):
        kinds = f"{one['zones']} zones that change it, which are {one['clocks']} clocks"
        lines += ["", f"{int(one['days']):,} days of the clock, each half hour asked for, in the {kinds}."]
    for one in (one for one in found if one["proof"] == "clock changes"):
        lines += ["", f"{one['changes']} kinds of changes of the clock, three days of turns around each."]
    return lines


def mutation() -> list[str]:
    """What `make mutants` found last: it takes longer than the rest of the proof has room for."""
    last = [line for line in MUTANTS.read_text("utf-8").splitlines() if line.startswith("Last run:")]
    return ["", last[0].replace("Last run:", "Mutants ([list](mutants.md)), last run")] if last else []


def outcomes(cuts: Iterable[Figures]) -> list[str]:
    """One row for each dialogue, direction and harm, with how often each outcome came."""
    found: dict[tuple[str, str, str], Counter[str]] = {}
    for one in cuts:
        place = (str(one["protocol"]), str(one["to"]), str(one["harm"]))
        found.setdefault(place, Counter())[str(one["outcome"])] += int(one["cells"])
    lines = ["| dialogue | towards the | harm | outcome |", "| --- | --- | --- | --- |"]
    for (protocol, to, harm), counts in sorted(found.items()):
        told = "; ".join(f"{outcome}: {count}" for outcome, count in sorted(counts.items()))
        lines.append(f"| {protocol} | {to} | {harm} | {told} |")
    return lines


def row(tried: str, found: Iterable[Figures]) -> str:
    """One row of the first table; a dash where not every run counted."""
    figures = list(found)
    counted = [
        str(total(figures, name)) if all(name in one for one in figures) else "-"
        for name in ("twice", "lost", "uncertain")
    ]
    return f"| {tried} | all | {' | '.join(counted)} |"


def total(found: Iterable[Figures], name: str) -> int:
    """The sum of one figure, which each of them has."""
    return sum(int(one[name]) for one in found)


if __name__ == "__main__":
    main()

"""The summary as plain text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from worker.writing.summary import phrases
from worker.writing.summary.content import Action, Call, Leaving, Led, NeedsYou, Standing, SummaryContent
from worker.writing.summary.words import Words, words_for

WIDTH = 72


def text(content: SummaryContent) -> str:
    """The plain part: the same people, quotes and order as the HTML; every item begins with its number, and a
    person's own words stand behind a bar, so that they can never be taken for the owner's."""
    words = words_for(content.language)
    lines = [words.day(content.day, short=False), phrases.headline(content)]
    lines += [_filled(phrases.inline(problem, 300), "! ") for problem in content.problems]
    if content.needs_you:
        lines += _title(words.text("needs_you"))
        for item in content.needs_you:
            lines += _need(item, words)
    if content.call_today:
        lines += _title(words.text("call_today"))
        for call in content.call_today:
            lines += _call(call, content, words)
    if content.happened:
        lines += [*_title(words.text("happened")), ""]
        for thing in content.happened[: phrases.MAX_LISTED]:
            lines.append(_filled(phrases.inline(thing.what, 400), "- "))
            if thing.why:
                lines.append(_filled(phrases.inline(thing.why, 400), "  "))
        if len(content.happened) > phrases.MAX_LISTED:
            lines.append("- " + words.count("more", len(content.happened) - phrases.MAX_LISTED))
    if content.leaves:
        lines += _title(words.text("leaves"))
        for leaving in content.leaves:
            lines += _leaving(leaving, content, words)
    if content.standing:
        lines += [*_title(words.text("standing")), "", *_standing(content.standing, words)]
    lines += ["", "", *(_filled(line, "") for line in phrases.footer(content, words))]
    lines += [_filled(words.text("how", example=words.text("example")), "")]
    if content.token:
        lines += [words.text("ref", token=content.token)]
    return "\n".join(lines) + "\n"


def _title(title: str) -> list[str]:
    return ["", "", title.upper()]


def _filled(line: str, lead: str, hang: str | None = None) -> str:
    if not line.strip():
        return lead.rstrip()
    return textwrap.fill(
        line,
        WIDTH,
        initial_indent=lead,
        subsequent_indent=" " * len(lead) if hang is None else hang,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _head(item: NeedsYou | Call | Leaving) -> str:
    about = phrases.about(item)
    return f"{item.number}. {phrases.inline(item.name, 120)}" + (f" ({about})" if about else "")


def _quote(passage: str, limit: int = phrases.MAX_WORDS) -> list[str]:
    return [_filled(line, "   | ", "   | ") for line in phrases.quoted(passage, limit)]


def _choices(actions: tuple[Action, ...], words: Words) -> Iterator[str]:
    for action in actions:
        how = words.text("write_to", address=action.to) if action.to else words.text("write_line", line=action.line)
        yield _filled(words.pair(action.label, how), "   - ")


def _need(item: NeedsYou, words: Words) -> list[str]:
    lines = ["", _head(item), f"   {words.needs[item.kind]}"]
    lines += _quote(item.words)
    found = phrases.reading(item, words)
    if found:
        lines.append(_filled(found, "   "))
    if item.times:
        times = ", ".join(phrases.inline(time, 80) for time in item.times)
        lines.append(_filled(f"{words.text('times')} {times}", "   "))
    if item.note:
        lines.append(_filled(phrases.inline(item.note, 600), "   "))
    return [*lines, *_choices(item.actions, words)]


def _call(call: Call, content: SummaryContent, words: Words) -> list[str]:
    lines = ["", _head(call), f"   {phrases.inline(call.phone, 60)}"]
    said = (phrases.clock(call, content, words), phrases.written(call, words))
    lines += [_filled(line, "   ") for line in said if line]
    if call.say:
        lines.append(f"   {words.pair(words.text('say'), '').rstrip()}")
        lines += [_filled(line, "   > ", "     ") for line in call.say]
    return [*lines, *_choices(call.actions, words)]


def _leaving(leaving: Leaving, content: SummaryContent, words: Words) -> list[str]:
    lines = ["", _head(leaving), f"   {phrases.leaves(leaving, content, words)}"]
    if leaving.why:
        lines.append(_filled(phrases.inline(leaving.why, 400), "   "))
    if leaving.subject:
        lines.append(_filled(words.text("subject_line", subject=phrases.inline(leaving.subject)), "   "))
    return [*lines, *_quote(leaving.first_lines, 400), *_choices(leaving.actions, words)]


def _standing(standing: Standing, words: Words) -> Iterator[str]:
    numbers = [(key, int(getattr(standing, key))) for key in ("asked", "answered", "talks", "referrals")]
    yield ", ".join(f"{number} {words.count(key, number)}" for key, number in numbers)
    for week in standing.weeks:
        when = words.text("week_of", day=words.day(week.begins))
        counted = ", ".join(
            f"{number} {words.count(key, number)}"
            for key, number in (("asked", week.asked), ("answered", week.answered))
        )
        yield f"  {words.pair(when, counted)}"
    if standing.tree:
        yield words.pair(words.text("tree"), "").rstrip()
        for root in standing.tree:
            yield from _branch(root, words, 1)


def _branch(led: Led, words: Words, depth: int) -> Iterator[str]:
    state = phrases.state(led, words)
    yield "  " * depth + phrases.inline(led.name, 120) + (f" ({state})" if state else "")
    for child in led.to:
        yield from _branch(child, words, min(depth + 1, 20))

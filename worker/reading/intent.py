"""Reads what a reply means: the intent with its people, dates, phones, links and times."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from worker.conversation.vocabulary import Context, Intent, Kind, Person, Step
from worker.reading import blend, convention, dates, links, people, phones, times
from worker.reading.evidence import Evidence, evidence
from worker.reading.folding import fold
from worker.reading.headers import Headers
from worker.reading.judgement import Judgement
from worker.reading.language import plainly, ranked
from worker.reading.model import keeping
from worker.reading.verdict import Findings, Verdict, weigh

FEW = 60
"""Characters up to which every language is tried."""

ENOUGH = 3.0
"""A total of evidence in the likeliest language from which no second language is tried."""

NAMING = frozenset({Intent.referral, Intent.interested, Intent.left_company, Intent.later, Intent.question})
"""Intents whose people may be handed over; where a no stands alone nobody was named, or it would be a referral."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the rules saw in a reply: the phrases, the reader of dates, the persons, what stands beside, the verdict."""

    found: Evidence
    reader: dates.Reader
    handed: people.People
    beside: Findings
    verdict: Verdict


def judge(
    new_text: str,
    *,
    headers: Headers,
    context: Context,
    kind: Kind,
    inline: tuple[tuple[str, str], ...] = (),
    full_text: str = "",
    signature: str = "",
    cards: tuple[str, ...] = (),
) -> Judgement:
    """What a reply or an automatic reply means.

    `new_text` is what the person wrote, without quotes and contact block; `inline` are (quoted, answer) pairs;
    `full_text` the whole mail, `signature` the contact block that was cut off, `cards` vCards that came with it.
    Pure and total. Dates are read against the mail's own Date in its own offset, else `context.received_at`.
    """
    text = new_text.strip()
    rules = see(text, headers=headers, context=context, kind=kind, signature=signature, cards=cards)
    found, reader, handed = rules.found, rules.reader, rules.handed
    opinion = (
        keeping.opinion(context.step, headers.subject, text)
        if blend.needed(found, rules.verdict, kind, rules.beside)
        else None
    )
    decision = blend.decide(found, rules.verdict, rules.beside, kind, context.step, opinion)
    intent = decision.intent
    absent = intent is Intent.out_of_office
    invited = [(cue.start, cue.end) for cue in found.cues if cue.feature in ("retry", "later", "invite")]
    named: tuple[Person, ...] = handed.persons if intent in NAMING else ()
    return Judgement(
        intent=intent,
        confidence=decision.confidence,
        sure=decision.sure,
        referrals=named,
        return_date=dates.return_date(found.flat, reader) if absent else None,
        resume_after=dates.resume_after(found.flat, reader, invited) if intent is Intent.later else None,
        standin_email=handed.standin if absent else None,
        phones=phones.phones(text) or phones.phones(signature),
        links=links.links(text),
        times=times.times(found.flat, found.lang),
        why=_reasons(decision.why, named, found),
        words=decision.words,
    )


def see(
    text: str, *, headers: Headers, context: Context, kind: Kind, signature: str = "", cards: tuple[str, ...] = ()
) -> Seen:
    """What the rules alone make of a reply; the model's opinion is weighed against it."""
    found = read_evidence(
        text, context.language or (context.contact.language if context.contact else None), context.step
    )
    reader = convention.reader(found.lang, headers, context, local_date(headers, context))
    handed = people.handed_over(found, headers, context, cards, signature)
    day = dates.nearest(found.flat, reader)
    beside = Findings(
        persons=len(handed.persons),
        copied=handed.copied,
        link=bool(links.links(text)),
        times=bool(times.times(found.flat, found.lang)),
        days_ahead=(day - reader.today).days if day else None,
        dated_invitation=_dated_invitation(found, reader),
        written=any(character.isalnum() or ord(character) > 0x2190 for character in text),
        length=len(text),
        called=_called(found, headers, context),
    )
    return Seen(found, reader, handed, beside, weigh(found, kind, context.step, beside))


def read_evidence(text: str, hint: str | None, step: Step | None) -> Evidence:
    """The evidence in the text's likeliest language; where that says little, in the one that says most."""
    best: Evidence | None = None
    if len(text) <= FEW and not plainly(text):
        tried = [evidence(text, language, step) for language in _all_languages(text, hint)]
        # "ok" is at home everywhere: the language that explains most of a few words is theirs.
        chosen = max(tried, key=_explained)
        return chosen if _explained(chosen) > 1.5 * _explained(tried[0]) + 1.5 else tried[0]
    for language in ranked(text, hint)[:4]:
        found = evidence(text, language, step)
        weight = _decisive(found)
        # Another language must say clearly more than the likeliest one: "sorry" is at home in all of them.
        if best is None or weight > 1.5 * _decisive(best) + 1:
            best = found
        if weight >= ENOUGH:
            break
    assert best is not None
    return best


def _explained(found: Evidence) -> float:
    """How much is said in a language, and how much of the text that explains."""
    covered = sum(cue.end - cue.start for cue in found.cues)
    return _decisive(found) + 4.0 * covered / max(1, len(found.flat.plain))


def _decisive(found: Evidence) -> float:
    return sum(weight * (0.3 if feature == "invite" else 1) for feature, weight in found.raw.items())


def _called(found: Evidence, headers: Headers, context: Context) -> bool:
    """Whether the text calls the owner by name."""
    own = {address.lower() for address in context.own_addresses}
    names = [name for name, address in headers.to if address.lower() in own]
    names += [address.split("@")[0] for address in own]
    words = {_spelled(word) for name in names for word in re.findall(r"[^\W\d_]{3,}", fold(name))}
    return any(_spelled(word) in words for word in re.findall(r"[^\W\d_]{3,}", found.flat.plain))


def _spelled(word: str) -> str:
    """A folded word without the e that stands for an umlaut in an address."""
    return re.sub("([aou])e", r"\1", word)


def _dated_invitation(found: Evidence, reader: dates.Reader) -> bool:
    """Whether a sentence asks to be written to and names a date a week ahead or more."""
    invited = {cue.sentence for cue in found.cues if cue.feature == "invite"}
    return bool(invited) and any(
        found.flat.sentence_at(mention.start) in invited
        and mention.grain != "weekday"
        and mention.relation != "before"
        and (mention.first - reader.today).days >= 6
        for mention in dates.find(found.flat, reader)
    )


def _all_languages(text: str, hint: str | None) -> tuple[str, ...]:
    """For a few words every language is tried, the likeliest first."""
    first = ranked(text, hint)
    return (*first, *(language for language in ("en", "de", "fr", "es", "pt", "it", "nl") if language not in first))


def local_date(headers: Headers, context: Context) -> date:
    """The date on which the mail was written, where it was written."""
    moment = headers.date or context.received_at or datetime(1970, 1, 1, tzinfo=UTC)
    zone = context.zone or (context.contact.timezone if context.contact else None)
    if zone and (headers.date is None or not moment.utcoffset()):
        try:
            return moment.astimezone(ZoneInfo(zone)).date()
        except (ZoneInfoNotFoundError, ValueError):
            return moment.date()
    return moment.date()


def _reasons(why: tuple[str, ...], persons: tuple[Person, ...], found: Evidence) -> tuple[str, ...]:
    reasons = list(why)
    if persons:
        reasons.append("names " + ", ".join(person.name or person.email or "" for person in persons))
    others = [
        f"{feature} {weight:g}"
        for feature, weight in sorted(found.scores.items(), key=lambda item: -item[1])
        if weight >= 1
    ]
    if others:
        reasons.append(f"evidence ({found.lang}): " + ", ".join(others[:6]))
    return tuple(reasons)

"""Understands what the owner says about a person or a mail, in plain words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, time
from enum import StrEnum
from functools import lru_cache

from worker.conversation.vocabulary import Intent, Person
from worker.reading.folding import fold
from worker.reading.names import clean
from worker.reading.slots import slot_of
from worker.reading.telldays import day_of, plain
from worker.reading.tellparts import BOUNDARY, NUMBERS, SEPARATOR, numbers_after, numbers_before, speaking_lines
from worker.reading.tellwords import DENIAL, DENIED, FILLER_BEFORE, INTENTS, NOT_A, UNSURE, VERBS


class Verb(StrEnum):
    """What the owner wants."""

    yes = "yes"
    no = "no"
    wait = "wait"
    stop = "stop"
    remove = "remove"
    met = "met"
    not_met = "not_met"
    no_talk = "no_talk"
    moved = "moved"
    called = "called"
    no_answer = "no_answer"
    later = "later"
    ok = "ok"
    cancel = "cancel"
    send = "send"
    arrived = "arrived"
    not_arrived = "not_arrived"
    undo = "undo"
    intent = "intent"
    not_that = "not_that"
    ask = "ask"
    pause = "pause"
    resume = "resume"
    status = "status"
    away_until = "away_until"
    all_fine = "all_fine"


GENERAL = frozenset({Verb.pause, Verb.resume, Verb.status, Verb.away_until, Verb.all_fine})
"""Words that are about no single person."""

TOGETHER = (
    frozenset({Verb.ok, Verb.send}),
    frozenset({Verb.yes, Verb.intent, Verb.not_that}),
    frozenset({Verb.no, Verb.intent, Verb.not_that}),
    frozenset({Verb.stop, Verb.cancel}),
    frozenset({Verb.met, Verb.yes}),
    frozenset({Verb.moved, Verb.yes}),
    frozenset({Verb.not_met, Verb.moved}),
    frozenset({Verb.no_answer, Verb.called}),  # only the first of them counts, see below
    frozenset({Verb.moved, Verb.no}),
    frozenset({Verb.called, Verb.yes}),
    frozenset({Verb.called, Verb.no}),
    frozenset({Verb.called, Verb.later}),
    frozenset({Verb.no_answer, Verb.later}),
)
"""Words that may be said of one item in one breath; all other pairs contradict each other."""

INSTEAD = ((Verb.no_answer, Verb.called), (Verb.moved, Verb.no))
"""Where the first is said of an item, the second only leads up to it: "called, no answer", "no, it moved to Friday"."""

EMAIL = re.compile(r"<?\b((?:[\w.+'-]{1,64})@(?:[\w-]{1,63}\.){1,5}[a-z]{2,24})\b>?", re.I)
ITEM = re.compile(r"(?<![\w@.])([cmrpd]\d{1,9})(?![\w@.])", re.I)
CALLED_WHOM = re.compile(
    rf"(called|phoned|rang|tried|angerufen|appelée?|llamé|llame)\s+({NUMBERS})[\s,:;.–-]+(?!(?:and|und|et|y)?\s*#?\d)(?=\S)",
    re.I,
)
MOST_PIECES = 60
FOR_THE_MOMENT = re.compile(
    r"\b(?:for now|today|heute|vorerst|aujourd'hui|pour l'instant|hoy|por ahora|oggi|vandaag)\b"
)


@dataclass(frozen=True, slots=True)
class Order:
    """One thing that the owner said.

    `number` is a summary item's number; `subject` an address or an id such as c3, m12, r5, p2; `day` belongs to later,
    wait, pause, resume, away_until and moved, `clock` to moved; `person` to ask; `value` to intent and not_that;
    `text` is what was said.
    """

    verb: Verb
    number: int | None = None
    subject: str | None = None
    day: date | None = None
    person: Person | None = None
    value: Intent | None = None
    text: str = ""
    clock: time | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What was understood, in order, and the words that were not and change nothing."""

    orders: tuple[Order, ...] = ()
    leftover: tuple[str, ...] = ()


def parse(text: str, *, today: date) -> Told:
    """Understand the owner's words; `today` is the owner's local date, against which "monday" is read.

    Pure and total. Quoted lines (>) and comments (# and a word) are ignored; what is unsure, contradictory or unknown
    goes to `leftover` and changes nothing.
    """
    orders: list[Order] = []
    leftover: list[str] = []
    for line in speaking_lines(text):
        understood, doubts = _line(line, today)
        orders.extend(understood)
        leftover.extend(doubts)
    return _without_contradictions(orders, leftover)


def _line(line: str, today: date) -> tuple[list[Order], list[str]]:
    """The orders of a line and what was not understood; doubt without a number of its own spoils its whole line."""
    parts = [part.strip() for part in SEPARATOR.split(line) if part and part.strip()]
    understood: list[Order] = []
    doubts: list[str] = []
    for part in parts:
        orders = _part(part, today)
        if orders is None:
            doubts.append(part)
        else:
            understood.extend(orders)
    doubted = {number for part in doubts for number in numbers_before(part)[0]}
    if any(not numbers_before(part)[0] and not _subject(part)[0] for part in doubts):
        return [], [line.strip()]
    spoilt = [order for order in understood if order.number in doubted and order.number is not None]
    return [order for order in understood if order not in spoilt], [order.text for order in spoilt] + doubts


def _part(part: str, today: date) -> list[Order] | None:
    """The orders between two separators: one, or several where each piece is an order by itself."""
    part = re.sub(r"^(?:no|nr)\.\s*(?=\d)", "", part, flags=re.I)
    part = CALLED_WHOM.sub(r"\2 \1, ", part, count=1) if CALLED_WHOM.match(part) else part
    whole = _orders(part, today)
    cuts = [found for found in BOUNDARY.finditer(part) if found.start() > 0 and found.end() < len(part)][:MOST_PIECES]
    owned = any(numbers_before(part[cut.end() :])[0] or ITEM.match(part[cut.end() :]) for cut in cuts)
    if not cuts or (whole is not None and not owned):
        return whole
    return _pieces(part, cuts, today) or whole


def _pieces(part: str, cuts: list[re.Match[str]], today: date) -> list[Order] | None:
    """The part cut into the most pieces that are orders each; what follows without a number is about the same item."""
    begins = [0, *(cut.end() for cut in cuts)]
    ends = [*(cut.start() for cut in cuts), len(part)]
    soft = [False, *(cut["soft"] is not None for cut in cuts)]
    known: dict[int, list[Order] | None] = {}

    def owns(orders: list[Order]) -> bool:
        return all(one.number is not None or one.subject is not None or one.verb in GENERAL for one in orders)

    def from_here(first: int) -> list[Order] | None:
        if first == len(begins):
            return []
        if first not in known:
            known[first] = None
            for last in range(first, len(ends)):
                orders = _orders(part[begins[first] : ends[last]], today)
                # a mere space before a number cuts only where the words before it have a number of their own
                bare = orders is not None and not owns(orders)
                if orders is None or (bare and (soft[first] or (last + 1 < len(ends) and soft[last + 1]))):
                    continue
                rest = from_here(last + 1)
                if rest is not None:
                    known[first] = [*orders, *rest]
                    break
        return known[first]

    merged: list[Order] = []
    about: list[Order] = []  # what was said last with a number of its own, of one item or several
    for order in from_here(0) or []:
        if owns([order]):
            about = [*about, order] if about and about[-1].text == order.text else [order]
            merged.append(order)
        elif about and about[-1].verb not in GENERAL:
            merged += [replace(order, number=one.number, subject=one.subject) for one in about]
        else:
            merged.append(order)
    return merged or None


def _orders(text: str, today: date) -> list[Order] | None:
    """One command, perhaps about several numbers; None where it is not clear."""
    numbers, rest = numbers_before(text)
    subject, rest = _subject(rest)
    command = _command(rest, today)
    if command is None:
        return None
    order, tail_numbers = command
    if not numbers:
        numbers = tail_numbers
    elif tail_numbers:
        return None
    if order.verb in GENERAL and (numbers or subject):
        if order.verb is Verb.all_fine and numbers:
            order = replace(order, verb=Verb.ok)
        else:
            return None
    said = text.strip()
    if not numbers:
        return [replace(order, subject=subject, text=said)]
    return [replace(order, number=number, subject=subject, text=said) for number in numbers]


def _subject(text: str) -> tuple[str | None, str]:
    """An id or an address at the beginning or end; the address of a person to ask stays in the text."""
    item = ITEM.search(text)
    if item and (not text[: item.start()].strip(" :,.-") or not text[item.end() :].strip(" :,.!-")):
        return item[1].lower(), (text[: item.start()] + " " + text[item.end() :]).strip(" :,-")
    address = EMAIL.search(text)
    if address and not _match("ask", _bare(text)):
        outside = (text[: address.start()] + " " + text[address.end() :]).strip(" :,-<>")
        return address[1].lower(), outside
    return None, text


def _bare(text: str) -> str:
    folded = fold(" ".join(text.split()))
    while True:
        shorter = _before().sub("", folded, count=1).strip(" ,")
        if shorter == folded:
            return folded
        folded = shorter


def _command(text: str, today: date) -> tuple[Order, list[int]] | None:
    """The verb at the beginning with what belongs to it; None where words remain that are not understood."""
    bare = _bare(text).rstrip(" .!")
    if _match("status", bare.rstrip(" ?")) == len(bare.rstrip(" ?")):
        return Order(Verb.status), []
    if not bare or re.search(UNSURE, bare):
        return None
    corrected = _correction(bare)
    if corrected is not None:
        return corrected, []
    for verb, _ in VERBS:
        found = _match(verb, bare)
        if found is None:
            continue
        rest = bare[found:].strip()
        order = _finished(Verb(verb), rest, text, today)
        if order is not None:
            return order
    return None


def _match(verb: str, bare: str) -> int | None:
    found = _verbs()[verb].match(bare)
    return found.end() if found and found.end() else None


def _finished(verb: Verb, rest: str, text: str, today: date) -> tuple[Order, list[int]] | None:
    if verb is Verb.ask:
        return _asked(text, rest)
    if verb is Verb.moved:
        slot = slot_of(rest, today)
        return (Order(verb, day=slot.day, clock=slot.begins), []) if slot is not None else None
    if verb in (Verb.later, Verb.pause, Verb.away_until, Verb.wait, Verb.resume):
        number = numbers_after(rest) if verb in (Verb.later, Verb.wait) and not day_of(rest, today) else None
        if number:
            rest = number[1]
        if not plain(rest):
            day = day_of(rest, today)
            return (Order(verb, day=day), number[0] if number else []) if day else None
        return None if verb is Verb.away_until else (Order(verb), number[0] if number else [])
    if verb in (Verb.stop, Verb.remove, Verb.no) and FOR_THE_MOMENT.search(rest):
        return None
    trailing = numbers_after(rest)
    numbers: list[int] = []
    if trailing:
        numbers, rest = trailing
    if plain(rest) or _comment(verb, rest):
        return Order(verb), numbers
    return None


def _comment(verb: Verb, rest: str) -> bool:
    """Words that explain a command: set off by a mark, or free after met and called; none that commands or denies."""
    marked = bool(re.match(r"[,:(–-]|- |because|weil|since|denn|car|porque|as (?:she|he|they|we)", rest))
    free = verb in (Verb.met, Verb.called) and len(rest.split()) <= 10
    if not (marked or free):
        return False
    words = re.sub(r"^(?:[,.;:(–\- ]+|(?:and|und|et|y) )", "", rest)
    if re.search(
        r"\b(?:not|don'?t|dont|never|nicht|kein\w*|pas|jamais|nunca|but|aber|mais|pero|if|wenn|falls"
        r"|wait|stop|cancel|remove|undo|hold|doch)\b",
        words,
    ):
        return False
    starts = [0, *(found.end() for found in re.finditer(r"\s(?:and|und|et|y|then) |[,.;!] +", words))]
    harmless = (
        {"ask", "status"} if verb is Verb.called else {"ask", "yes", "status"} - {"ask" if verb is Verb.yes else ""}
    )
    other = {name for name, _ in VERBS} - harmless - {verb.value}
    return not any(_match(name, words[start:]) for name in other for start in starts)


def _correction(bare: str) -> Order | None:
    """ "not a decline", "it is a question": a correction of the intent that was read."""
    strictly = _named_denial().match(bare)
    for denied_intent, pattern in _denied() if strictly else ():
        if strictly and _names(bare[strictly.end() :], pattern):
            return Order(Verb.not_that, value=denied_intent)
    denied = _denial().match(bare)
    if denied and not bare.startswith("not interested"):
        value = _intent(bare[denied.end() :])
        if value is not None:
            return Order(Verb.not_that, value=value)
        return None
    stated = re.match(
        r"(?:(?:it|that|this|das|es|ce|c')(?: is|'s| ist| est|)? |it'?s |that'?s |is |= ?)?(?:an? "
        r"|the |eine? |une? |un[ao]? )?",
        bare,
    )
    value = _intent(bare[stated.end() :] if stated else bare)
    if value is None:
        value = _intent(bare)
    return Order(Verb.intent, value=value) if value is not None else None


def _intent(words: str) -> Intent | None:
    return next((intent for intent, pattern in _intents() if _names(words, pattern)), None)


def _names(words: str, pattern: re.Pattern[str]) -> bool:
    """Whether the words are this name, alone or with a remark behind a mark that takes nothing back."""
    found = pattern.match(words)
    if not found:
        return False
    rest = words[found.end() :]
    taken_back = re.search(r"\b(?:not|but|don'?t|nicht|aber|pas|or|oder)\b", rest)
    return plain(rest) or bool(re.match(r"[,:(-]| - ", rest) and not taken_back)


def _asked(text: str, rest: str) -> tuple[Order, list[int]] | None:
    """ "ask NAME <EMAIL>"; "ask" alone is said of a person who was proposed."""
    address = EMAIL.search(text)
    if address is None:
        trailing = numbers_after(rest)
        if trailing and plain(trailing[1]):
            return Order(Verb.ask), trailing[0]
        return (Order(Verb.ask), []) if plain(rest) else None
    email = address[1].lower()
    before = " ".join(text[: address.start()].split()).strip(" ,:<(-")
    folded = fold(before)
    verb = _verbs()["ask"].search(folded)
    name = before[verb.end() :].strip(" ,:<(-'\"") if verb else before
    name = re.sub(r"^(?:please|bitte|my friend|also|instead|to|with|bei|mit|an|a|con)\s+", "", name, flags=re.I)
    after = text[address.end() :].strip(" >).,!")
    if after and (re.search(r"\b(?:not|don'?t|nicht|but|or|oder|later|wait)\b", fold(after)) or EMAIL.search(after)):
        return None
    if not name and after:
        named = re.match(r"\(?([^\W\d_][\w' .-]{1,59})\)?$", after)
        name = named[1] if named and named[1][0].isupper() else ""
    known = clean(name) if name else None
    if name and known is None:
        return None
    return Order(Verb.ask, person=Person(known, email)), []


def _without_contradictions(orders: list[Order], leftover: list[str]) -> Told:
    """Drop what is said twice; what contradicts itself about one item changes nothing."""
    kept: list[Order] = []
    by_item: dict[tuple[int | None, str | None], list[Order]] = {}
    for order in orders:
        if order.verb not in GENERAL and not (order.verb is Verb.ask and order.person):
            by_item.setdefault((order.number, order.subject), []).append(order)
    bad = {id(order) for group in by_item.values() if not _agree(group) for order in group}
    general = {order.verb: order for order in orders if order.verb in GENERAL}
    if {Verb.pause, Verb.resume} <= set(general):
        pause, resume = general[Verb.pause], general[Verb.resume]
        if resume.day is not None and pause.day in (None, resume.day):
            together = replace(pause, day=resume.day, text=f"{pause.text}; {resume.text}")
            orders = [together if order is pause else order for order in orders if order is not resume]
        else:
            bad |= {id(order) for order in orders if order.verb in (Verb.pause, Verb.resume)}
    said = {(order.verb, order.number, order.subject) for order in orders}
    for order in orders:
        if any(order.verb is led_up and (verb, order.number, order.subject) in said for verb, led_up in INSTEAD):
            continue
        if id(order) in bad:
            leftover.append(order.text)
        elif not any(replace(order, text="") == replace(other, text="") for other in kept):
            kept.append(order)
    return Told(tuple(kept), tuple(dict.fromkeys(leftover)))


def _agree(group: list[Order]) -> bool:
    if len({replace(order, text="") for order in group}) == 1:
        return True
    verbs = {order.verb for order in group}
    return len(verbs) == len(group) and any(verbs <= allowed for allowed in TOGETHER)


@lru_cache(maxsize=1)
def _verbs() -> dict[str, re.Pattern[str]]:
    return {
        name: re.compile(rf"(?:{fold(pattern) if pattern.isascii() else pattern})(?![\w'@])") for name, pattern in VERBS
    }


@lru_cache(maxsize=1)
def _intents() -> tuple[tuple[Intent, re.Pattern[str]], ...]:
    return tuple((intent, re.compile(rf"(?:{pattern})(?![\w'@])")) for intent, pattern in INTENTS)


@lru_cache(maxsize=1)
def _denied() -> tuple[tuple[Intent, re.Pattern[str]], ...]:
    return tuple((intent, re.compile(rf"(?:{pattern})(?![\w'@])")) for intent, pattern in DENIED)


@lru_cache(maxsize=1)
def _named_denial() -> re.Pattern[str]:
    return re.compile(DENIAL)


@lru_cache(maxsize=1)
def _before() -> re.Pattern[str]:
    return re.compile(rf"^{FILLER_BEFORE}(?:[ ,]+|(?<=[:=>-]))(?=\S)")


@lru_cache(maxsize=1)
def _denial() -> re.Pattern[str]:
    return re.compile(NOT_A)

"""Weighs the evidence of a reply into one intent, a confidence and whether the worker may act on it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from worker.conversation.vocabulary import Intent, Kind, Step
from worker.reading.evidence import Evidence
from worker.reading.folding import fold

ADDS = re.compile(
    r"\b(?:also|too|as well|besides|auch|ausserdem|zusatzlich|aussi|egalement|tambien|ademas|tambem|anche|pure"
    r"|anch'io|ook)\b"
)
"""What makes a person named one more beside the writer, in folded text."""

ME_TOO = re.compile(r"\b(?:me too|and me|auch ich|ich auch|moi aussi|yo tambien|eu tambem|anch'io|io pure|ik ook)\b")
"""Who is there as well as the person named, in folded text."""

FIRST_THEN = re.compile(
    r"\b(?:once|as soon as|until|sobald|une fois|des que|en cuanto|assim que|appena|zodra"
    r"|after (?:my|our|the|we|i)|when (?:it|he|she|they|my|our|the|things))\b"
)
"""What has to be over before a yes counts, in folded text."""

NOW = re.compile(
    r"^(?:not |no |nicht |pas |non |nao |niet |nee )*(?:right |just )?"
    r"(?:now|yet|currently|presently|at (?:the|this) \w+|at present|for now"
    r"|im moment|momentan|derzeit|zurzeit|zur zeit|gerade|aktuell|jetzt|maintenant|pour (?:le moment|l'instant)"
    r"|en ce moment|actuellement|ahora|en este momento|por (?:ahora|el momento)|de momento|actualmente|agora"
    r"|neste momento|no momento|por (?:agora|enquanto)|adesso|ora|al momento|in questo momento|per (?:ora|il momento)"
    r"|attualmente|nu|momenteel|op (?:dit|het) moment)\b"
    r"(?!.*\b(?:after|maybe|perhaps|nach|vielleicht|apres|peut-etre|despues|quiza|depois|talvez|dopo|forse|na|misschien)\b)"
)
"""What says no more than that it is not now, in folded text."""

HOUR = re.compile(
    r"\b\d{1,2}(?:[:h]\d{2}\b| ?(?:[ap]\.?m\b|uhr\b|uur\b|h\b|heures?\b|o'clock))"
    r"|\b(?:noon|midday|midi|mediodia|meio-dia|mezzogiorno)\b"
    r"|\b(?:at|um|ab|alle|a las|las|om|as) "
    r"(?:\d{1,2}|one|two|three|four|five|nine|ten|eleven|noon|zehn|elf|neun|drei|vier)\b"
    r"(?! (?:weeks?|days?|months?|wochen|tagen?|monaten?|semanas|dias|meses|settimane|giorni|mesi|weken|dagen))"
)
"""An hour of the day, in folded text."""

SURE = 0.8
"""Confidence from which a verdict without a contrary sign is sure."""


@dataclass(frozen=True, slots=True)
class Findings:
    """What else was found in the mail.

    Persons handed over, of them copied in, a booking link, proposed times, the nearest date (days ahead or None), an
    invitation to write with such a date, whether anything is written at all, its length in characters, and whether the
    owner is called by name.
    """

    persons: int = 0
    copied: int = 0
    link: bool = False
    times: bool = False
    days_ahead: int | None = None
    dated_invitation: bool = False
    written: bool = True
    length: int = 0
    called: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """An intent with its confidence (0 to 1), whether it is sure, the rule in words, and the features behind it."""

    intent: Intent
    confidence: float
    sure: bool
    why: str
    features: tuple[str, ...] = ()


def weigh(found: Evidence, kind: Kind, step: Step | None, beside: Findings) -> Verdict:
    """The verdict on a reply or an automatic reply; total."""
    if not beside.written:
        return Verdict(Intent.other, 0.9, False, "nothing is written")
    if kind is Kind.auto_reply:
        return _automatic(found.scores, beside)
    return _human(found, step, beside)


def _automatic(score: Mapping[str, float], beside: Findings) -> Verdict:
    """An automatic answer is an absence, a departure or else something for a human."""
    away, left, robot = score.get("away", 0.0), score.get("left", 0.0), score.get("robot", 0.0)
    if left >= 4 and left + 1 >= away * 0.6:
        clear = away < 4
        return Verdict(
            Intent.left_company,
            0.92 if clear else 0.7,
            clear,
            "an automatic answer says that the person left",
            ("left",),
        )
    if robot >= 4 and robot >= away:
        return Verdict(Intent.other, 0.9, False, "an automatic receipt of a ticket or request", ("robot",))
    if away >= 4:
        # A machine does not know whom it answers: who calls the owner by name has written this mail.
        clear = robot < 4 and not beside.called
        return Verdict(Intent.out_of_office, 0.95, clear, "an automatic absence message", ("away",))
    if away >= 2 or beside.days_ahead is not None:
        return Verdict(
            Intent.out_of_office, 0.75, False, "an automatic answer that reads like an absence", ("away", "later")
        )
    if left >= 2:
        return Verdict(Intent.left_company, 0.6, False, "an automatic answer that reads like a departure", ("left",))
    return Verdict(Intent.other, 0.7, False, "an automatic answer without an absence")


def _human(found: Evidence, step: Step | None, beside: Findings) -> Verdict:
    score, raw = found.scores, found.raw
    yes, no = score.get("yes", 0.0), score.get("no", 0.0)
    retry, later = score.get("retry", 0.0), score.get("later", 0.0)
    hand, passed = score.get("hand", 0.0), score.get("pass", 0.0)
    away, left, opt = score.get("away", 0.0), score.get("left", 0.0), score.get("opt", 0.0)
    pend, wrong, robot, irony = (score.get(name, 0.0) for name in ("pend", "wrong", "robot", "irony"))
    nobody = score.get("nobody", 0.0)
    asks = sum(
        cue.weight if cue.asked else 2.0
        for cue in found.cues
        if cue.feature == "ask" and (cue.asked or _opens(found, cue.start))
    )
    told = sum(cue.weight for cue in found.cues if cue.feature == "tell")
    open_question = _open_question(found)
    asks = asks + told + (2.0 if open_question else 0.0)
    # "Could you come back to me in April?" asks for nothing but another try.
    invited = {cue.sentence for cue in found.cues if cue.feature == "retry" and cue.weight >= 3}
    asks_else = told + sum(
        cue.weight for cue in found.cues if cue.feature == "ask" and cue.asked and cue.sentence not in invited
    )
    hedged = sum(cue.weight for cue in found.cues if cue.feature == "pend" and " " not in cue.words)
    if beside.link:
        yes += 4 if no < 4 and not beside.persons else 1
    explicit = retry >= 3
    if beside.dated_invitation and not beside.times:
        retry += 4
    if beside.times and no < 3 and away < 4:
        # "Tuesday, ten o'clock?" proposes, it does not ask.
        yes += 3
        asks = sum(cue.weight for cue in found.cues if cue.feature == "ask" and cue.asked)
    if irony:
        no, yes = no + 3, 0.0
    opening = beside.persons > 0 and hand >= 4 and _only_opens(found)
    if opening:
        yes = 0.0
    strong_yes = yes >= 3 or raw.get("yes", 0.0) >= 4
    risk = score.get("risk", 0.0)
    yes_sign = yes >= 1 or raw.get("yes", 0.0) >= 3

    if opt >= 4:
        sure = not strong_yes and retry < 3 and not beside.persons and not beside.link
        return Verdict(Intent.opt_out, 0.95 if sure else 0.6, sure, "asks not to be written to again", ("opt",))
    if opt >= 2 and yes < 3 and (no >= 2 or opt >= 3 or not asks):
        return Verdict(Intent.opt_out, 0.6, False, "complains about being written to", ("opt",))
    if robot >= 4 and yes < 3 and no < 4 and not beside.persons:
        return Verdict(Intent.other, 0.85, False, "a receipt of a ticket or request", ("robot",))
    if left >= 4 or (left >= 2 and beside.persons):
        if yes >= 3 and not beside.persons:
            return Verdict(Intent.interested, 0.6, False, "has left, and is willing to talk", ("yes", "left"))
        sure = left >= 4 and not yes_sign and _unread(found) < 2 and not opt and not asks and retry < 3
        return Verdict(
            Intent.left_company, 0.9 if sure else 0.6, sure, "the person left or no longer does this", ("left",)
        )
    if away >= 4 and retry < 4 and yes < 3 and not (no >= 4 and away < 8) and passed < 4:
        sure = not yes_sign and raw.get("yes", 0.0) < 2 and no < 3 and not asks and not opt
        sure = sure and not _names_hour(found, beside) and beside.days_ahead != 0 and not beside.called
        return Verdict(Intent.out_of_office, 0.9 if sure else 0.65, sure, "written like an absence message", ("away",))

    handed = beside.persons > 0 or passed >= 4
    if handed and (nobody < 4 or beside.persons):
        if yes >= 4:
            return Verdict(
                Intent.interested,
                0.75,
                irony == 0 and no < 2 and yes >= 6,
                "agrees, and names somebody",
                ("yes", "hand"),
            )
        clear = (hand + passed >= 4 or beside.persons > 0) and not opt and not asks and not irony
        # Without a name only a short text is sure to be about the mail: "I have put my house on the market" is not.
        clear = clear and (beside.persons > 0 or beside.copied > 0 or _unread(found) < 1)
        sure = clear and nobody < 4 and not wrong and retry < 3 and (yes < 2)
        # "Maybe Jim would" hands him over, "I'll ask around" nobody; who names an hour means to be there.
        sure = sure and pend - (hedged if beside.persons else 0.0) < 3 and not _names_hour(found, beside)
        added = ADDS.search(found.flat.plain) if _unread(found) else ME_TOO.search(found.flat.plain)
        sure = sure and added is None and (opening or no >= 2 or raw.get("yes", 0.0) < 3)
        sure = sure and (beside.persons > 0 or not any(cue.asked for cue in found.cues if cue.feature == "hand"))
        return Verdict(Intent.referral, 0.9 if sure else 0.6, sure, "hands over somebody to talk to", ("hand", "pass"))
    if retry >= 4 and not (no >= 8 and retry < 5) and not irony:
        if away >= 4 and yes < 3 and found.raw.get("invite", 0.0) + raw.get("retry", 0.0) < 2:
            return Verdict(Intent.out_of_office, 0.6, False, "written like an absence message", ("away",))
        if yes >= 4 and later < 2 and (beside.days_ahead or 0) < 10:
            return Verdict(Intent.interested, 0.7, no < 2, "agrees to talk soon", ("yes",))
        soon = _names_hour(found, beside) or (beside.days_ahead is not None and beside.days_ahead < 3)
        sure = explicit and yes < 4 and not asks_else and not opt and not beside.link and nobody < 4 and not soon
        return Verdict(Intent.later, 0.9 if sure else 0.6, sure, "not now, and invites another try", ("retry", "later"))
    if yes >= 3 and later >= 2 and (beside.days_ahead or 0) >= 10:
        return Verdict(Intent.later, 0.55, False, "willing, but at a later date", ("later", "yes"))
    if wrong >= 4 and yes < 3:
        return Verdict(Intent.other, 0.75, False, "a puzzled recipient", ("wrong",))
    if yes >= 3 and yes > no:
        strongest = max((cue.weight for cue in found.cues if cue.feature == "yes"), default=0.0)
        sure = (
            no < 3
            and irony == 0
            and nobody < 4
            and pend < 3
            and not opt
            and (strongest >= 4 or yes >= 6 or beside.link)
        )
        sure = sure and raw.get("no", 0.0) < 6 and (beside.days_ahead or 0) < 21 and later < 4
        # One phrase alone decides nothing in a text that is otherwise not understood.
        sure = sure and (_unread(found) < 2 or yes >= 7 or beside.times or beside.link)
        sure = sure and (beside.times or not FIRST_THEN.search(found.flat.plain))
        return Verdict(
            Intent.interested, _margin(yes, no) if sure else 0.6, sure, "agrees to talk or to answer", ("yes",)
        )
    if nobody >= 4 and step is Step.referral_request:
        sure = not yes_sign and not asks and not opt and pend < 3 and irony == 0
        return Verdict(Intent.declined, 0.92 if sure else 0.6, sure, "has nobody to name", ("nobody", "no"))
    if later >= 2 and no < 6 and (beside.days_ahead is not None or later >= 4) and not irony:
        return Verdict(Intent.later, 0.6, False, "not now, perhaps at another time", ("later",))
    if asks >= 2 and no < 4:
        sure = asks >= 4 and no < 2 and not yes_sign and not opt and not irony and hand < 4 and retry < 2 and wrong < 4
        return Verdict(Intent.question, 0.85 if sure else 0.6, sure, "asks something back first", ("ask", "tell"))
    if no >= 4 or (no >= 3 and yes < 1):
        # "No time at the moment, I have to pass" invites nobody to come back.
        passing = later < 2 or (_for_now(found) and beside.days_ahead is None and not _unread(found))
        sure = no >= 4 and not yes_sign and not asks and not opt and not irony and retry < 2 and passing and pend < 3
        sure = (
            sure
            and not risk
            and not _taken_back(found)
            and _unread(found) < 2
            and left < 2
            and hand < 4
            and not beside.link
            and not beside.times
            and not wrong
        )
        return Verdict(Intent.declined, _margin(no, yes) if sure else 0.6, sure, "says no", ("no", "nobody"))
    if later >= 2 and _only(found, "later", "no", "thanks") and _for_now(found) and beside.days_ahead is None:
        return Verdict(Intent.declined, 0.85, True, "says no for now, and invites nothing", ("later", "no"))
    if nobody >= 4:
        return Verdict(Intent.declined, 0.6, False, "has nobody to name", ("nobody",))
    if pend >= 3:
        return Verdict(Intent.other, 0.6, False, "has not decided yet", ("pend",))
    if yes >= 2 and yes > no:
        return Verdict(Intent.interested, 0.55, False, "sounds willing", ("yes",))
    if later >= 2 or retry >= 2:
        return Verdict(Intent.later, 0.5, False, "not now, perhaps at another time", ("later", "retry"))
    if no >= 2:
        return Verdict(Intent.declined, 0.5, False, "sounds like a no", ("no",))
    if hand >= 4:
        return Verdict(Intent.referral, 0.45, False, "points at somebody who is not named", ("hand",))
    if away >= 2:
        return Verdict(Intent.out_of_office, 0.5, False, "sounds absent", ("away",))
    if asks:
        return Verdict(Intent.question, 0.5, False, "asks something", ("ask",))
    if score.get("thanks", 0.0) and beside.length < 120:
        return Verdict(Intent.other, 0.85, False, "thanks and nothing else", ("thanks",))
    return Verdict(Intent.other, 0.4, False, "nothing that is known decides")


def _open_question(found: Evidence) -> bool:
    """A question mark in a sentence that holds no yes, no or later."""
    settled = {
        cue.sentence
        for cue in found.cues
        if cue.feature in ("yes", "retry", "pass", "thanks") or (cue.feature == "hand" and cue.weight >= 4)
    }
    return any(
        found.flat.plain[start:end].rstrip(" \"')").endswith("?") and number not in settled
        for number, (start, end) in enumerate(found.flat.sentences)
    )


def _names_hour(found: Evidence, beside: Findings) -> bool:
    """Whether an hour is named, as somebody does who means to be there."""
    return beside.times or bool(HOUR.search(found.flat.plain))


def _only_opens(found: Evidence) -> bool:
    """Whether the only yes is a word that opens the text before somebody is named: "Sure - try my colleague"."""
    plain = found.flat.plain
    said = [cue for cue in found.cues if cue.feature == "yes"]
    handing = min((cue.start for cue in found.cues if cue.feature == "hand" and cue.weight >= 4), default=0)
    return (
        len(said) == 1
        and len(said[0].words.split()) <= 2
        and said[0].start <= 2
        and said[0].end <= handing <= said[0].end + 14
        and not ADDS.search(plain)
    )


def _for_now(found: Evidence) -> bool:
    """Whether what sounds like a later try says no more than that it is not now: "at the moment"."""
    return all(NOW.search(fold(cue.words)) for cue in found.cues if cue.feature == "later")


def _only(found: Evidence, *features: str) -> bool:
    """Whether nothing else than these features was found, and every word of the text belongs to them or to few more."""
    within = sum(cue.end - cue.start for cue in found.cues if cue.feature in features)
    return all(cue.feature in features for cue in found.cues) and within * 2 > len(found.flat.plain)


def _taken_back(found: Evidence) -> bool:
    """Whether a "but" after the last no leads somewhere that no known phrase explains."""
    last = max((cue.end for cue in found.cues if cue.feature in ("no", "nobody")), default=0)
    return any(place >= last and place + 12 < len(found.flat.plain) for place in found.contrasts)


def _unread(found: Evidence) -> int:
    """How many sentences of four words and more hold no known phrase."""
    known = {cue.sentence for cue in found.cues}
    return sum(
        number not in known and len(found.flat.plain[start:end].split()) >= 4
        for number, (start, end) in enumerate(found.flat.sentences)
    )


def _opens(found: Evidence, start: int) -> bool:
    return start - found.flat.sentence(start)[0] <= 1


def _margin(winner: float, loser: float) -> float:
    """A confidence from 0.8 to 0.97 that grows with the lead."""
    return round(min(0.97, 0.8 + 0.02 * max(0.0, winner - 2 * loser)), 3)

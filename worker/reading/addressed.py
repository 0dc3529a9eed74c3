"""Finds the name that belongs to an address, in large letters or small."""

from __future__ import annotations

import re

from worker.reading.addresses import Written
from worker.reading.folding import Flat, fold
from worker.reading.mentioned import name_like
from worker.reading.names import Named, first_names, not_names

ARTICLE = re.compile(
    r"(?:^|[ '])(?:the|our|a|an|der|die|das|dem|den|unsere?|la|le|l'|les|notre|el|los|nuestr[oa]|o|os|as|il|lo|de|het"
    r"|ons) ?$"
)

PERSONAL = re.compile(r"[^\W\d_](?:[^\W\d_]|['-](?=[^\W\d_]))*\.?")


def _parts(email: str) -> list[str]:
    return [part for part in re.split(r"[._+\d-]+", email.split("@")[0]) if part]


def fits(name: str, email: str) -> int:
    """How well a name fits an address: how many of its words stand in the part before the @."""
    local = re.sub(r"[^a-z]", "", fold(email.split("@")[0]))
    words = [re.sub(r"[^a-z]", "", fold(word)) for word in re.split(r"[ -]", name)]
    whole = sum(
        1
        for word in words
        if len(word) > 2
        and (
            word in local
            or word.replace("a", "ae") in local
            or word.replace("u", "ue") in local
            or word.replace("o", "oe") in local
        )
    )
    if whole:
        return whole + 1
    parts = _parts(fold(email))
    if any(len(word) > 1 and word in parts for word in words):
        return 2
    initials = "".join(word[0] for word in words if word)
    return (
        1
        if len(words) > 1
        and (
            local == initials
            or (len(local) > 2 and words[-1] and local.startswith(words[0][:1]) and words[-1][:4] in local)
        )
        else 0
    )


def name_for(
    written: Written, named: list[Named], addresses: list[Written], flat: Flat, used: set[int]
) -> Named | None:
    """The name that belongs to an address: right beside it, or fitting it in this or the sentence before."""
    sentence = flat.sentence_at(written.start)
    best: tuple[float, Named] | None = None
    for name in named:
        if name.start in used:
            continue
        apart = sentence - flat.sentence_at(name.start)
        distance = written.start - name.end if name.end <= written.start else name.start - written.end
        between = flat.plain[min(name.end, written.end) : max(name.start, written.start)]
        other = any(
            min(name.end, written.end) <= a.start < max(name.start, written.start)
            for a in addresses
            if a is not written
        )
        fit = fits(name.name, written.email)
        if fit == 0 and (other or not name_like(name) or abs(apart) > 1 or distance > 140):
            continue
        if (
            fit == 0
            and name.start > written.start
            and (apart or distance > 4 or not re.fullmatch(r"[ (>\-,]*", between))
        ):
            continue
        if fit == 0 and apart == 1 and distance > 110:
            continue
        rank = (
            fit * 100 - distance - 60 * abs(apart) + (40 if re.fullmatch(r"[ <(\[:,>-]*(?:mailto:)?", between) else 0)
        )
        if fit or rank > -170:
            rank += 20 if name.certain else 0
            if best is None or rank > best[0]:
                best = (rank, name)
    return best[1] if best else None


def small_name(written: Written, flat: Flat, taken: list[Written]) -> Named | None:
    """A name near its address that only the address gives away: "ask ann lee, ann.lee@..."."""
    local, _, domain = fold(written.email).partition("@")
    parts = [part for part in re.split(r"[._+\d-]+", local) if len(part) > 1]
    if not parts:
        return None
    low, high = max(0, written.start - 160), min(len(flat.plain), written.end + 60)
    words = [
        word
        for word in PERSONAL.finditer(flat.plain, low, high)
        if not any(other.start <= word.start() < other.end for other in taken)
    ]
    best: tuple[float, int, int] | None = None
    for number, word in enumerate(words):
        bare = word.group().rstrip(".")
        following = words[number + 1] if number + 1 < len(words) else None
        joined = following is not None and flat.plain[word.end() : following.start()] == " "
        last = following.group().rstrip(".") if following is not None and joined else ""
        full = bool(last) and len(last) > 2 and _holds(last, local, domain) and last not in not_names()
        initial = full and len(local) > 3 and local in (bare[:1] + last, bare[:1] + "." + last)
        if not initial and not (bare in parts and len(bare) > 1):
            continue
        if bare in not_names() and bare not in first_names() and not initial:
            continue
        begin, end = word.start(), following.end() if full and following is not None and last != bare else word.end()
        if not full and bare != parts[0] and len(bare) < 4:
            continue
        if bare not in first_names() and not full and ARTICLE.search(flat.plain, max(0, begin - 8), begin):
            continue
        distance = written.start - end if end <= written.start else begin - written.end + 20
        rank = (60 if full else 0) - distance
        if best is None or rank > best[0]:
            best = (rank, begin, end)
    if best is None:
        return None
    text = flat.shown[best[1] : best[2]]
    if text.endswith(".") and not re.search(r"\b[A-Z]\.$", text):
        text = text[:-1]
    return Named(best[1], best[2], text, True)


def _holds(word: str, local: str, domain: str) -> bool:
    return (
        word in local.replace(".", "") or word in domain.split(".")[0].replace("-", "") or word in domain.split(".")[0]
    )

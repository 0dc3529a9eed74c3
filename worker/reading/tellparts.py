"""Splits the owner's words into lines that speak, and takes item numbers off them."""

from __future__ import annotations

import re

from worker.reading.folding import fold

NUMBERS = r"#?\d{1,3}(?:\s*(?:,|&|\+|and|und|et|y)\s*#?\d{1,3}|\s*(?:-|–|to|bis|a)\s*#?\d{1,3}(?!\d))*"


BEFORE = re.compile(
    rf"\s*(?:(?:item|no\.|nr\.?|number|nummer|numero|numéro|número|n°|punkt|point"
    rf"|punto)\s*|(?:zu|re|for|à)\s+(?=\d{{1,3}}\s*[:)]))?({NUMBERS})(?:\s*[.):=\-–—,…→>/]+\s*|\s+|$)(?!\d)",
    re.I,
)


AFTER = re.compile(
    rf"^[\s,]*(?:(?:item|no\.|nr\.?|number|nummer|for|on|to|bei|zu)\s*)?({NUMBERS})(?=$|[\s,;.!:])(?!\s*(?:days?"
    rf"|weeks?|months?|tagen?|wochen?|monaten?|jours?|semaines?|mois|dias?|semanas?|mes(?:es)?|\d))",
    re.I,
)


SEPARATOR = re.compile(r"\s+/\s+|(?<!\d)/(?!\d)|(?<=[a-z])/(?=\d)|(?<=\d)/(?=\s*\d{1,3}\s+[a-z])|\s+\|\s+")


# Where one order may end and the next begin: at a mark, at "and", before a number that owns what follows.
BOUNDARY = re.compile(
    r"\s*;\s*|,\s+|,(?=[a-z#]|\d{1,3}[.):]?\s*[a-z])|\s+(?:and|und|et|y)\s+|[.!…]\s+(?=\S)"
    r"|(?P<soft>\s+)(?=#?\d{1,3}\s*(?:[.):=\-–—…→]|\s[^\W\d]|\s\W)|[cmrpd]\d{1,9}\b)",
    re.I,
)

KEYCAP = re.compile(r"(\d{1,2})\ufe0f?\u20e3\s*")
IN_BRACKETS = re.compile(r"(?:^|(?<=[\s,;]))[(\[]#?(\d{1,3})[)\]]\s*:?\s*(?=[^\W\d])")
WORDS = (
    "one two three four five six seven eight nine ten eins zwei drei vier funf sechs sieben acht neun zehn "
    "un deux trois quatre cinq six sept huit neuf dix uno dos tres cuatro cinco seis siete ocho nueve diez"
).split()
SPELT = re.compile(
    r"(?:^|(?<=[.,;]\s))(?:number|item|nummer|punkt|num[eé]ro|n[uú]mero|punto)\s+("
    + "|".join(sorted({*WORDS, "fünf"}, key=len, reverse=True))
    + r")\b[\s:,.–-]*",
    re.I,
)

INITIAL = re.compile(r"[A-JLMO-XZ]\.?")  # that signs a mail; y, n and k are words

BULLET = re.compile(r"^\s*(?:[-*•–]+\s+)")


DEVICE = re.compile(
    r"(?:sent (?:from|with|via)|get outlook|von meinem \w+|gesendet (?:von|mit)|envoye (?:de|depuis|avec)"
    r"|enviado (?:desde|con|do)|obtenez outlook|holen sie sich outlook|obtener outlook|verzonden (?:vanaf|met)"
    r"|inviato da)\b.{0,60}$"
)
REF = re.compile(r"ref:\s*[\w-]{16,}$", re.I)
ASIDE = re.compile(r"\s#(?=\s|[^\W\d]).*$")
NUMBER_ALONE = re.compile(r"#?\d{1,3}[.):]?$")


CLOSING = re.compile(
    r"(?:(?:many |best |kind |warm )?(?:thanks|thank you|thx|regards|cheers|best|greetings)"
    r"|danke(?: dir| euch| sehr)?|vielen dank|(?:viele |beste |liebe |schone )?grusse"
    r"|(?:mit )?(?:freundlichen|besten|lieben) grussen|lg|vg|mfg|merci|cordialement|gracias|saludos"
    r"|grazie|saluti|obrigad[oa]|groet(?:en)?)(?: again| so much| a lot| for (?:this|that|everything"
    r"|the summary))?[,.! ]*$"
)


GREETING = re.compile(
    r"(?:hi|hello|hey|hallo|dear|good (?:morning|evening)|guten (?:morgen|tag|abend)|moin|bonjour"
    r"|salut|hola|buenos dias|ciao|morning)(?: (?:there|all|askaround|worker|robot|again"
    r"|zusammen))?[,.! ]*$"
)


def speaking_lines(text: str) -> list[str]:
    """The lines that speak: no quotes, comments, greeting, closing, signature."""
    kept: list[str] = []
    lines = text[:20000].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, raw in enumerate(lines):
        line = ASIDE.sub("", BULLET.sub("", _plain_numbers(raw.strip())))
        if line == "--":
            break
        if not line or line.startswith((">", "|")) or re.match(r"#(?!\d)", line) or raw.strip() == "-- ":
            continue
        folded = fold(line)
        if GREETING.match(folded) or DEVICE.match(folded) or REF.match(line) or INITIAL.fullmatch(line):
            continue
        if kept and NUMBER_ALONE.match(kept[-1]) and not re.match(r"#?\d", line):
            kept[-1] = f"{kept[-1]} {line}"  # the number on a line of its own, its words below it
            continue
        if CLOSING.match(folded):
            rest = [later.strip() for later in lines[number + 1 :] if later.strip() and not later.startswith(">")]
            if len(rest) <= 3 or "--" in rest[:3]:
                break
            continue
        kept.append(line)
    return kept


def _plain_numbers(line: str) -> str:
    """ "(1) yes", "[1] yes", a keycap 1 and "number one" as "1. yes", at the begin of what they own."""
    line = KEYCAP.sub(r"\1. ", line)
    line = IN_BRACKETS.sub(r"\1. ", line)
    return SPELT.sub(lambda found: f"{WORDS.index(fold(found[1])) % 10 + 1}. ", line)


def numbers_before(text: str) -> tuple[list[int], str]:
    """Item numbers at the beginning ("2.", "#2", "1,3", "1-3") and the rest."""
    found = BEFORE.match(text)
    if not found:
        return [], text
    rest = text[found.end() :]
    if not rest.strip() or _is_date(text):
        return [], text
    return _expanded(found[1]), rest


def _expanded(text: str) -> list[int]:
    numbers: list[int] = []
    for piece in re.split(r"\s*(?:,|&|\+|and|und|et|y)\s*", text):
        ends = [int(number) for number in re.findall(r"\d+", piece)]
        if len(ends) == 2 and ends[0] < ends[1] <= ends[0] + 50:
            numbers.extend(range(ends[0], ends[1] + 1))
        else:
            numbers.extend(ends)
    return list(dict.fromkeys(numbers))


def _is_date(text: str) -> bool:
    return bool(re.match(r"\s*\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\s*20\d\d-\d\d", text))


def numbers_after(rest: str) -> tuple[list[int], str] | None:
    found = AFTER.match(rest)
    return (_expanded(found[1]), rest[found.end() :].strip()) if found else None

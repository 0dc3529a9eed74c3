"""Tells whether a name in a reply is handed over, or only mentioned."""

from __future__ import annotations

import re

from worker.conversation.vocabulary import Person, Step
from worker.reading.addresses import ADDRESS
from worker.reading.evidence import Evidence
from worker.reading.folding import Flat, fold
from worker.reading.names import TITLES, Named

TAKEN_BACK = {
    "en": r"(?:not|don'?t (?:write|ask|contact|try|bother|e-?mail|call)|instead of|rather than|unlike"
    r"|no longer|forget|other than|except|neither|nor)",
    "de": r"(?:nicht|statt|anstatt|ausser|weder|weder .{3,40} noch|nicht mehr)",
    "fr": r"(?:pas|plutot que|au lieu de|sauf|ni|non)",
    "es": r"(?:no|en vez de|en lugar de|excepto|ni)",
    "pt": r"(?:nao|em vez d[eoa]|exceto|nem)",
    "it": r"(?:non|invece di|tranne|ne|e non)",
    "nl": r"(?:niet|in plaats van|behalve|noch)",
}


BOOK = re.compile(
    r"(?:\b(?:(?<!phone )(?<!in the )(?<!hymn )book|books|novel|author|podcast|episode|article|essay|ted talk"
    r"|memoir|paper|lecture"
    r"|youtube|documentary|read|buch|bucher|autor|autorin|artikel|lesen|vortrag|livre|auteure?"
    r"|lire|lisez"
    r"|ouvrage|libro|autora|lea|leer|leggere|legga|autore|livro|ler|leia|boek|boeken|schrijver|lees"
    r"|lezen|luister|blog|interview with|classic|biography|series|column)\b)"
)


GONE_AFTER = re.compile(
    r"^(?:,? (?:who )?)?(?:(?:has|is|had|was|have) (?:already |also |just |sadly |since )?(?:left|gone"
    r"|retired|no longer|moved|the wrong|not the|passed|died|on leave|away|also swamped|already)|left"
    r"|retired|said no|says no"
    r"|(?:won't|will not|cannot|can't|doesn't|does not|isn't|is not)|told me|gave you|mentioned you"
    r"|sent you|ist (?:nicht|leider|auch|inzwischen|nicht mehr)|hat (?:uns|das|leider|mir|nein|schon)"
    r"|wurde"
    r"|n'est (?:plus|pas)|a quitte|est parti|m'a|ya no|no es|se fue|se jubilo|nao|ja nao|saiu|non (?:e"
    r"|lavora)|ha lasciato|se ne|is niet|heeft (?:ons|nee)|werkt niet|is vertrokken|'s employment|regrets|has separated"
    r"|encontra-se (?:aposentad|ausente)|se encuentra|causo baja|fallecio|faleceu|desvinculou|separated from|retired"
    r"|est decede\w*|ist verstorben|e mancato|is overleden|killed|ne fait plus|a pris sa retraite|ging in)\b"
)


RELATED = re.compile(
    r"(?:my (?:boss|manager|husband|wife|assistant|secretary|lawyer|supervisor|partner)|mein(?:e|em|er"
    r"|en)? (?:chef|chefin|vorgesetzte\w?|frau|mann|assistentin)|mon (?:chef|patron|mari)|ma (?:femme"
    r"|cheffe)|mi (?:jefe|jefa|marido|mujer|esposa)"
    r"|meu (?:chefe|marido)|minha (?:chefe|mulher)|il mio capo|mio marito|mia moglie|mijn (?:baas|man"
    r"|vrouw)|on behalf of|im auftrag von|unlike|thanks to|according to|regards|greetings|yours"
    r"|assistant (?:to|of)|pa to|secretary (?:to|of))(?: of| ,|,)? ?$"
)


PLACED = re.compile(
    r"\b(?:in|at|from|near|our|of|aus|bei|im|nach|dans|de|du|chez|en|em|da|do|na|no|a|presso|di|nel|nella|uit|van|te)"
    r"(?: (?:our|the|unserer|der|notre|la|nuestra|nossa|nostra|onze|het))? $"
)


def greeting_or_closing(flat: Flat, name: Named) -> bool:
    """A name in the greeting line, or alone on one of the last lines, is the owner's or the writer's."""
    if re.search(r"[\s.!]/ ?$", flat.plain[max(0, name.start - 3) : name.start]):
        # "/Kate Brown, assistant" signs.
        return True
    low = flat.plain.rfind("\n", 0, name.start) + 1
    high = flat.plain.find("\n", name.end)
    line = flat.plain[low : high if high >= 0 else len(flat.plain)]
    before = flat.plain[low : name.start].strip(" ,")
    first_line = flat.plain[:low].count("\n") == 0
    addressed = bool(before) or (line.strip(" ,!.") == fold(name.name) and high >= 0)
    if (
        first_line
        and addressed
        and SALUTATION.fullmatch(before)
        and re.match(r"[ ,!.:-]*(?:$|\n|[a-z])", flat.plain[name.end :])
    ):
        return bool(before) or high >= 0
    tail = flat.plain[low:]
    signs = high < 0 and low > 0 and not before and re.fullmatch(r", [^@\d!?\n]{3,60}", flat.plain[name.end :])
    if signs or (
        high < 0 and ON_BEHALF.match(flat.plain[name.end :]) and re.search(r"[.!?] ?$", flat.plain[: name.start])
    ):
        # "Kate Brown, assistant to Dr. Meyer" on the last line signs.
        return True
    alone = line.strip(" ,.-~*") == fold(name.name) or re.fullmatch(
        r"(?:dr\.?|prof\.?|best|regards|cheers|thanks|lg|vg|gruss|-+|~|x|viele grusse|beste grusse"
        r"|cordialement|saludos|abraco|saluti|groet(?:en|jes)?|mfg|danke|merci|gracias|obrigad[oa]"
        r"|grazie)[ ,.]*" + re.escape(fold(name.name)) + r"[ .!]*",
        line.strip(),
    )
    return (
        bool(alone)
        and tail.count("\n") <= 6
        and low > 0
        and not re.search(r"[:]\s*$", flat.plain[:low].rstrip("\n") + "")
        and not ADDRESS.search(flat.shown[name.end : name.end + 60])
    )


def below_closing(flat: Flat, sender: set[str]) -> int:
    """Where the writer's own name stands alone on a line: what follows is a contact block, unless it is a P.S."""
    start = 0
    for line in flat.plain.split("\n"):
        words = re.findall(r"[^\W\d_]{2,}", re.split(r"[|,·/(]| - ", line)[0])
        own = [word for word in words if len(word) > 2]
        if start and own and len(words) <= 5 and all(word in sender or TITLES.match(word) for word in own):
            rest = flat.plain[start + len(line) :]
            return len(flat.plain) if re.search(r"\n ?p\.? ?s\b", rest) else start
        start += len(line) + 1
    return len(flat.plain)


ON_BEHALF = re.compile(
    r",? (?:assist\w+|pa|ea|secretar\w+|sekret\w+|segret\w+|office (?:manager|of)|on behalf|i\. ?a\.|im auftrag|"
    r"p\.p\.)\b"
)
"""What follows the name of somebody who signs for another."""

SALUTATION = re.compile(
    r"(?:hi|hello|hey|dear|hallo|liebe[rs]?|sehr geehrte[rs]?|guten (?:tag|morgen|abend)"
    r"|moin|servus|gruss gott|bonjour|bonsoir|cher|chere|salut|hola|buenas|buenos dias"
    r"|buenas tardes|estimad[oa]|querid[oa]"
    r"|ola|oi|car[oa]|prezad[oa]|bom dia|boa tarde|ciao|salve|buongiorno|buonasera|gentile"
    r"|egregio|gentilissim[oa]|beste|geachte|hoi|dag|goede(?:morgen|middag|navond)"
    r"|good (?:morning|afternoon|evening)|greetings)?"
    r"[ ,]*(?:herr|frau|mr\.?|mrs\.?|ms\.?|dr\.?|m\.|mme|monsieur|madame|senor\w?|sr\.?a?"
    r"|sig\.?(?:ra)?|dott\.?(?:ssa)?|heer|mevrouw|meneer|de heer|there|signora?)?[ ,.]*"
)


def name_like(name: Named) -> bool:
    """Two words, a known first name or a title: enough to be a name beside an address."""
    return name.certain or " " in name.name


def dismissed(flat: Flat, found: Evidence, name: Named, *, addressed: bool = False) -> bool:
    """Whether the text names this person as the wrong one, as an author, or only in passing.

    Whose address is given (`addressed`) may well have left something or not do something: that is the reason.
    """
    if rejected_place(flat, found, name.start, name.end):
        return True
    before = flat.plain[max(0, name.start - 40) : name.start]
    before = re.sub(r"(?:[a-z]{1,5}\. |herrn? |frau |mr |mrs |ms )+$", "", before)
    if re.search(
        TAKEN_BACK.get(found.lang, TAKEN_BACK["en"])
        + r"(?: (?:to|an|bei|mit|zu|from|mehr|a|con|com|met|aan|avec|mit|my colleague|mein kollege"
        r"|herrn?|frau|de|por|da))? ?$",
        before,
    ):
        return True
    if RELATED.search(before):
        return True
    if addressed:
        return False
    after = flat.plain[name.end : name.end + 60]
    if re.match(
        r"'s (?:assistant|office|book|article|team|secretary|blog|podcast|latest|old|former|position|job|number is)",
        after,
    ):
        return True
    gone = GONE_AFTER.match(after.lstrip(",")) or GONE_AFTER.match(after)
    return bool(gone) and not re.search(
        r"taken over|replaced|happy|glad|better", after[: after.find(".") if "." in after else 60]
    )


def rejected_place(flat: Flat, found: Evidence, start: int, end: int) -> bool:
    """Whether the sentence speaks of a book, or of what belongs to the writer."""
    low, high = flat.sentence(start)
    before = flat.plain[max(low, start - 90) : start]
    around = flat.plain[max(low, start - 60) : min(high, end + 40)]
    if BOOK.search(around) and not re.search(r"@", flat.plain[end : end + 40]) and "@" not in flat.plain[start:end]:
        return True
    return bool(
        re.search(
            r"(?:my (?:new |private |other |personal |direct |work )?(?:e-?mail|address|mail)|meine (?:neue "
            r"|private )?(?:e-?mail|mail|adresse)|mon (?:nouvelle? )?(?:adresse|mail|e-?mail)|mi (?:nuevo "
            r"|nueva )?(?:correo|direccion|e-?mail)"
            r"|(?:o )?meu (?:novo )?(?:e-?mail|endereco)|il mio (?:nuovo )?(?:indirizzo|e-?mail)"
            r"|la mia (?:nuova )?(?:mail|e-?mail|email)|mijn (?:nieuwe )?(?:e-?mail|mail|adres\w*)"
            r"|(?:reach|write to|contact|e-?mail) me (?:at|on|under|via))[^.]{0,30}$",
            before,
        )
    )


def pointed(flat: Flat, found: Evidence, name: Named) -> bool:
    """Whether a phrase that hands over stands right before or after the name, in the same clause."""
    low, high = flat.sentence(name.start)
    for cue in found.cues:
        takes_over = cue.feature == "left" and cue.weight <= 2 and low <= cue.start < high and name.certain
        if cue.feature not in ("hand", "pass") and not takes_over:
            continue
        if _doubtful(flat, found, name):
            return False
        if cue.weight <= 2 and not takes_over and not 0 <= name.start - cue.end <= 8:
            continue
        if cue.start < name.end and cue.end > name.start:
            return True
        if cue.end <= name.start and (cue.end >= low or (low - cue.end <= 3)):
            between = flat.plain[cue.end : name.start]
            if cue.end < low and not name_like(name):
                continue
            if (
                len(between.split()) <= 9
                and not re.search(r"[.!?\n]\s*\S", between.strip(" ."))
                and (name.certain or len(between.split()) <= 6)
                and not _other_verb(between)
            ):
                return True
        if (
            name.end <= cue.start < high
            and len(flat.plain[name.end : cue.start].split()) <= 8
            and not re.search(r"[;!?]", flat.plain[name.end : cue.start])
        ):
            return name.certain or " " in name.name or cue.start - name.end <= 3
    return False


def _doubtful(flat: Flat, found: Evidence, name: Named) -> bool:
    """One large word that no first name is: a German noun, a sentence's first word, a place."""
    placed = bool(PLACED.search(flat.plain, max(0, name.start - 16), name.start))
    if name.certain:
        return False
    if " " in name.name:
        return placed and found.lang == "en"
    first = name.start - flat.sentence(name.start)[0] <= 1
    return found.lang == "de" or first or placed


def alone(flat: Flat, found: Evidence, name: Named, step: Step | None) -> bool:
    """In answer to "do you know somebody?" a bare name is a name that is handed over."""
    low, high = flat.sentence(name.start)
    refused = any(
        cue.feature in ("no", "nobody", "no_name", "opt", "left") and low <= cue.start < high for cue in found.cues
    )
    return step is Step.referral_request and name_like(name) and not refused and len(flat.plain) < 400


def _other_verb(between: str) -> bool:
    return bool(
        re.search(
            r"\b(?:but|said|says|told|because|since|aber|sagt\w*|weil|mais|parce|pero|porque|mas|ma"
            r"|perche|maar|omdat)\b",
            between,
        )
    )


def listed(flat: Flat, found: Evidence, name: Named, persons: list[tuple[int, Person]]) -> bool:
    """Whether the name continues a list of persons handed over ("Ann Lee or Bob Ray")."""
    if not name_like(name):
        return False
    for place, person in persons:
        if person.name and place < name.start:
            between = flat.plain[place + len(person.name) : name.start]
            if between.strip() == "," and not name.certain:
                # "Ann Lee, Line Maintenance" names one person and her work.
                continue
            if len(between) < 60 and re.fullmatch(
                r"(?:[^.!?\n]{0,40}?)(?:,| or| and| oder| und| sowie| ou| et| o| u| y| e| oppure| of| en|/|&)+ ?"
                r"(?:(?:my|the|her|his|mein\w*|mon|ma|mi|meu|minha|mijn) \w+ )?"
                r"(?:(?:to|with|an|bei|mit|zu|a|au|al|alla|avec|chez|con|com|aan|met|bij|the|der|die|den|dem|la|le|el|o"
                r"|os|as|il|auch|also|maybe|even|herrn?|frau|mme|don|dona|mevrouw|meneer|(?:all'|l')?(?:mr|mrs|ms|dr"
                r"|dra|prof|profa|eng|enga|ing|avv|dott|dott\.ssa|m|sr|sra|sig|sig\.ra|lic|arq|dhr|mevr)\.?) ?)*",
                between,
            ):
                return True
    return False

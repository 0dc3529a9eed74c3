"""Finds the persons whom a reply hands over as somebody to talk to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from worker.conversation.vocabulary import Context, Person, Step
from worker.reading import phones
from worker.reading.evidence import Evidence
from worker.reading.folding import Flat, fold
from worker.reading.headers import Headers
from worker.reading.names import Named, clean, first_names, names, ordered

ADDRESS = re.compile(r"(?<![\w.+-])[\w.+'-]{1,64}@(?:[\w-]{1,63}\.){1,5}[a-z]{2,24}(?![\w-])", re.I)
DOT = r"(?: ?[(\[{] ?(?:dot|punkt|point|punto|ponto|\.) ?[)\]}] ?| (?:dot|punkt|point|punto|ponto) )"
AT = r"(?: ?[(\[{<] ?(?:at|ät|@|a|arroba|arobase|chiocciola) ?[)\]}>] ?| (?:at|arroba|arobase|chiocciola|apenstaartje|ät|klammeraffe) | ?@ ?)"
SPELLED = re.compile(
    rf"(?<![\w.@])((?:[\w+-]{{1,40}}(?:{DOT}|\.)){{0,3}}[\w+-]{{1,40}})({AT})((?:[\w-]{{1,40}}(?:{DOT}|\.)){{1,4}}[a-z]{{2,24}})(?![\w@])",
    re.I,
)

ROLE = re.compile(
    r"(?:info|jobs?|hr|careers?|office|contact|kontakt|contacto|contatti|contato|hello|hallo|hi|bonjour|hola|ciao|admin|support|sales|press|presse|prensa|stampa"
    r"|webmaster|postmaster|abuse|no-?reply|noreply|do-?not-?reply|service|kundenservice|helpdesk|help|team|mail|email|post|bewerbung|karriere|personal|recruiting|recruitment"
    r"|talent|marketing|media|newsletter|reception|empfang|accueil|recepcion|rrhh|rh|secretariat|sekretariat|secretaria|segreteria|enquiries|inquiries|feedback|privacy|datenschutz"
    r"|billing|legal|security|mailer-daemon|root|administration|verwaltung|direction|praxis|redaktion|zentrale|buero|buchhaltung|studio|shop|store|welcome|desk|ticket|tickets|vertrieb"
    r"|people|internships?|apply|news|events|booking|bookings|reservations|onboarding|administratie|receptie|personeel|vacatures|klantenservice|ufficio|personale)(?:[._+-].{0,20})?$"
)

TAKEN_BACK = {
    "en": r"(?:not|don'?t (?:write|ask|contact|try|bother|e-?mail|call)|instead of|rather than|unlike|no longer|forget|other than|except|neither|nor)",
    "de": r"(?:nicht|statt|anstatt|ausser|weder|noch|nicht mehr)",
    "fr": r"(?:pas|plutot que|au lieu de|sauf|ni|non)",
    "es": r"(?:no|en vez de|en lugar de|excepto|ni)",
    "pt": r"(?:nao|em vez d[eoa]|exceto|nem)",
    "it": r"(?:non|invece di|tranne|ne|e non)",
    "nl": r"(?:niet|in plaats van|behalve|noch)",
}
BOOK = re.compile(
    r"(?:\b(?:book|books|novel|author|podcast|episode|article|essay|ted talk|memoir|paper|lecture|youtube|film|documentary|read|buch|bucher|autor|autorin|artikel|lesen|vortrag|livre|auteure?|lire|lisez"
    r"|ouvrage|libro|autora|lea|leer|leggere|legga|autore|livro|ler|leia|boek|boeken|schrijver|lees|lezen|luister|blog|interview with|classic|biography|series|column)\b)"
)
GONE_AFTER = re.compile(
    r"^(?:,? (?:who )?)?(?:(?:has|is|had|was|have) (?:already |also |just |sadly |since )?(?:left|gone|retired|no longer|moved|the wrong|not the|passed|died|on leave|away|also swamped|already)|left|retired|said no|says no"
    r"|(?:won't|will not|cannot|can't|doesn't|does not|isn't|is not)|told me|gave you|mentioned you|sent you|ist (?:nicht|leider|auch|inzwischen|nicht mehr)|hat (?:uns|das|leider|mir|nein|schon)|wurde"
    r"|n'est (?:plus|pas)|a quitte|est parti|m'a|ya no|no es|se fue|se jubilo|nao|ja nao|saiu|non (?:e|lavora)|ha lasciato|se ne|is niet|heeft|werkt niet|is vertrokken)"
)
RELATED = re.compile(
    r"(?:my (?:boss|manager|husband|wife|assistant|secretary|lawyer|supervisor|partner)|mein(?:e|em|er|en)? (?:chef|chefin|vorgesetzte\w?|frau|mann|assistentin)|mon (?:chef|patron|mari)|ma (?:femme|cheffe)|mi (?:jefe|jefa|marido|mujer|esposa)"
    r"|meu (?:chefe|marido)|minha (?:chefe|mulher)|il mio capo|mio marito|mia moglie|mijn (?:baas|man|vrouw)|on behalf of|im auftrag von|unlike|thanks to|according to|regards|greetings|yours|assistant (?:to|of)|pa to|secretary (?:to|of))(?: of| ,|,)? ?$"
)
POINTS = re.compile(
    r"\b(?:cc|cc'?d|cc:|copy|copied|copying|kopie|copie|copia|conhecimento|conoscenza|looped|looping|adding|added|kopia|in cc|ins cc|hier mit|unten|below)\b"
)
NUMBERED = ("hand", "pass", "left", "no_name")


@dataclass(frozen=True, slots=True)
class People:
    """The persons handed over; of them copied in; whether the mail itself was passed to somebody; the stand-in's address."""

    persons: tuple[Person, ...] = ()
    copied: int = 0
    standin: str | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """An address in the text: where, and as an address."""

    start: int
    end: int
    email: str


def handed_over(
    found: Evidence, headers: Headers, context: Context, cards: Iterable[str] = (), signature: str = ""
) -> People:
    """Who is handed over in a reply whose evidence was found.

    `cards` are vCard texts that came with it; the `signature` only completes who was named in the text. The sender, the
    owner, role addresses, stand-ins, authors and people who are merely mentioned are left out.
    """
    flat = found.flat
    own = _own(headers, context)
    sender_names = {fold(part) for name in _sender_names(headers, context) for part in name.split() if len(part) > 2}
    addresses = [written for written in addresses_in(flat.shown) if not _excluded(written.email, own)]
    named = [
        name
        for name in names(flat.shown)
        if not _is_sender(name.name, sender_names) and not _in_address(name, flat, addresses)
    ]
    named = [name for name in named if not _greeting_or_closing(flat, name)]
    numbers = phones.find(flat.shown)
    persons: list[tuple[int, Person]] = []
    used: set[int] = set()
    for written in addresses:
        if _rejected_place(flat, found, written.start, written.end):
            continue
        name = _name_for(written, named, addresses, flat, used)
        if name is not None:
            used.add(name.start)
            if _dismissed(flat, found, name):
                continue
        else:
            name = _small_name(written, flat)
        if ROLE.match(written.email.split("@")[0].lower()):
            if name is not None and _pointed(flat, found, name):
                persons.append(
                    (name.start, Person(clean(name.name), None, _phone_near(flat, numbers, name.start, written.end)))
                )
            continue
        place = min(written.start, name.start) if name else written.start
        end = max(written.end, name.end) if name else written.end
        persons.append(
            (place, Person(clean(name.name) if name else None, written.email, _phone_near(flat, numbers, place, end)))
        )
    for name in named:
        if (
            name.start in used
            or _dismissed(flat, found, name)
            or any(_same(name.name, person.name) for _, person in persons)
        ):
            continue
        if (
            _pointed(flat, found, name)
            or _listed(flat, found, name, persons)
            or _alone(flat, found, name, context.step)
        ):
            persons.append(
                (name.start, Person(clean(name.name), None, _phone_near(flat, numbers, name.start, name.end)))
            )
    persons.sort(key=lambda pair: pair[0])
    result = [person for _, person in persons if person.name or person.email]
    result, copied = _with_copied(result, found, headers, own, named)
    for card in cards:
        result = _with_card(result, card, own, sender_names)
    result = [_completed(person, signature) for person in result]
    return People(tuple(_unique(result)), copied, _standin(found, own))


def addresses_in(shown: str) -> list[Written]:
    """Every address in a text, also those written with (at) and dot, in order."""
    found = [
        Written(match.start(), match.end(), match.group().strip("'.").lower()) for match in ADDRESS.finditer(shown)
    ]
    for match in SPELLED.finditer(shown):
        local, at, domain = match.groups()
        bare_at = at.strip().lower() in ("at", "ät")
        if bare_at and not re.search(DOT, domain, re.I) and not ("." in local or re.search(DOT, local, re.I)):
            continue
        email = f"{re.sub(DOT, '.', local, flags=re.I)}@{re.sub(DOT, '.', domain, flags=re.I)}".replace(" ", "").lower()
        # "write to ann at example dot org": only the word right before the "at" belongs to the address.
        if ADDRESS.fullmatch(email) and not any(
            match.start() < other.end and match.end() > other.start for other in found
        ):
            found.append(Written(match.start(), match.end(), email))
    return sorted(found, key=lambda written: written.start)


def _own(headers: Headers, context: Context) -> frozenset[str]:
    own = {address.lower() for address in context.own_addresses}
    own |= {address.lower() for _, address in (*headers.from_, *headers.reply_to, *headers.to, *headers.sender)}
    if context.contact and context.contact.email:
        own.add(context.contact.email.lower())
    return frozenset(own)


def _excluded(email: str, own: frozenset[str]) -> bool:
    return email in own or re.sub(r"\+[^@]*", "", email) in own


def _sender_names(headers: Headers, context: Context) -> list[str]:
    found = [ordered(name) for name, _ in (*headers.from_, *headers.to)]
    if context.contact and context.contact.name:
        found.append(context.contact.name)
    for _, address in headers.from_[:1]:
        if not found[:1] or not found[0]:
            found.append(" ".join(re.split(r"[._-]", address.split("@")[0])))
    return [name for name in found if name]


def _is_sender(name: str, sender: set[str]) -> bool:
    parts = [fold(part).strip(".") for part in clean(name).split()] if clean(name) else []  # type: ignore[union-attr]
    return (
        bool(parts) and all(part in sender for part in parts if len(part) > 2) and any(len(part) > 2 for part in parts)
    )


def _in_address(name: Named, flat: Flat, addresses: list[Written]) -> bool:
    if any(written.start <= name.start < written.end for written in addresses):
        return True
    around = flat.shown[max(0, name.start - 1) : name.end + 1]
    return "@" in around or "/" in around


def _greeting_or_closing(flat: Flat, name: Named) -> bool:
    """A name in the greeting line, or alone on one of the last lines, is the owner's or the writer's."""
    low = flat.plain.rfind("\n", 0, name.start) + 1
    high = flat.plain.find("\n", name.end)
    line = flat.plain[low : high if high >= 0 else len(flat.plain)]
    before = flat.plain[low : name.start].strip(" ,")
    if low == 0 or flat.plain[:low].count("\n") == 0:
        if (
            re.fullmatch(
                r"(?:hi|hello|hey|dear|hallo|liebe[rs]?|sehr geehrte[rs]?|guten (?:tag|morgen|abend)|moin|servus|gruss gott|bonjour|bonsoir|cher|chere|salut|hola|buenas|buenos dias|buenas tardes|estimad[oa]|querid[oa]"
                r"|ola|oi|car[oa]|prezad[oa]|bom dia|boa tarde|ciao|salve|buongiorno|buonasera|gentile|egregio|gentilissim[oa]|beste|geachte|hoi|dag|goede(?:morgen|middag|navond)|good (?:morning|afternoon|evening)|greetings)?"
                r"[ ,]*(?:herr|frau|mr\.?|mrs\.?|ms\.?|dr\.?|m\.|mme|monsieur|madame|senor\w?|sr\.?a?|sig\.?(?:ra)?|dott\.?(?:ssa)?|heer|mevrouw|meneer|de heer|there|signora?)?[ ,.]*",
                before,
            )
            and re.match(r"[ ,!.:-]*(?:$|\n|[a-z])", flat.plain[name.end :])
            and (before or (line.strip(" ,!.") == fold(name.name) and high >= 0))
        ):
            return not (before == "" and high < 0)
    tail = flat.plain[low:]
    alone = line.strip(" ,.-~*") == fold(name.name) or re.fullmatch(
        r"(?:dr\.?|prof\.?|best|regards|cheers|thanks|lg|vg|gruss|-+|~|x|viele grusse|beste grusse|cordialement|saludos|abraco|saluti|groet(?:en|jes)?|mfg|danke|merci|gracias|obrigad[oa]|grazie)[ ,.]*"
        + re.escape(fold(name.name))
        + r"[ .!]*",
        line.strip(),
    )
    return (
        bool(alone)
        and tail.count("\n") <= 6
        and low > 0
        and not re.search(r"[:]\s*$", flat.plain[:low].rstrip("\n") + "")
        and not ADDRESS.search(flat.shown[name.end : name.end + 60])
    )


def _parts(email: str) -> list[str]:
    return [part for part in re.split(r"[._+\d-]+", email.split("@")[0]) if part]


def _fits(name: str, email: str) -> int:
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


def _name_for(
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
        fit = _fits(name.name, written.email)
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


def name_like(name: Named) -> bool:
    """Two words, a known first name or a title: enough to be a name beside an address."""
    return name.certain or " " in name.name


def _small_name(written: Written, flat: Flat) -> Named | None:
    """A name in small letters before its address ("ask ann lee, ann.lee@...")."""
    parts = [fold(part) for part in _parts(written.email) if len(part) > 1]
    if not parts:
        return None
    low = max(0, written.start - 80)
    before = flat.plain[low : written.start]
    words = list(re.finditer(r"[^\W\d_][\w'-]*", before))
    for first in range(len(words)):
        run = [words[first]]
        for following in words[first + 1 :]:
            if before[run[-1].end() : following.start()] != " ":
                break
            run.append(following)
        for length in (3, 2, 1):
            chosen = [word.group() for word in run[:length]]
            if len(chosen) == length and all(
                any(word == part or (len(part) > 3 and word in "".join(parts) and len(word) > 2) for part in parts)
                for word in chosen
            ):
                if length == 1 and chosen[0] not in first_names():
                    continue
                start = low + run[0].start()
                end = low + run[length - 1].end()
                return Named(start, end, flat.shown[start:end], True)
    return None


def _clause(flat: Flat, start: int) -> tuple[int, int]:
    low, high = flat.sentence(start)
    for mark in re.finditer(r"[;:]| - ", flat.plain[low:high]):
        if low + mark.end() <= start:
            low = low + mark.end()
            break
    return low, high


def _dismissed(flat: Flat, found: Evidence, name: Named) -> bool:
    """Whether the text names this person as the wrong one, as an author, or only in passing."""
    if _rejected_place(flat, found, name.start, name.end):
        return True
    before = flat.plain[max(0, name.start - 40) : name.start]
    before = re.sub(r"(?:[a-z]{1,5}\. |herrn? |frau |mr |mrs |ms )+$", "", before)
    if re.search(
        TAKEN_BACK.get(found.lang, TAKEN_BACK["en"])
        + r"(?: (?:to|an|bei|mit|zu|from|mehr|a|con|com|met|aan|avec|mit|my colleague|mein kollege|herrn?|frau|de|por|da))? ?$",
        before,
    ):
        return True
    if RELATED.search(before):
        return True
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


def _rejected_place(flat: Flat, found: Evidence, start: int, end: int) -> bool:
    """Whether the sentence speaks of a book, or of what belongs to the writer."""
    low, high = flat.sentence(start)
    before = flat.plain[max(low, start - 90) : start]
    around = flat.plain[max(low, start - 60) : min(high, end + 40)]
    if BOOK.search(around) and not re.search(r"@", flat.plain[end : end + 40]) and "@" not in flat.plain[start:end]:
        return True
    return bool(re.search(r"(?:my (?:new |private |other |personal |direct |work )?(?:e-?mail|address|mail)|meine (?:neue |private )?(?:e-?mail|mail|adresse)|mon (?:nouvelle? )?(?:adresse|mail|e-?mail)|mi (?:nuevo |nueva )?(?:correo|direccion|e-?mail)"
        r"|(?:o )?meu (?:novo )?(?:e-?mail|endereco)|il mio (?:nuovo )?(?:indirizzo|e-?mail)|la mia (?:nuova )?(?:mail|e-?mail|email)|mijn (?:nieuwe )?(?:e-?mail|mail|adres\w*)|(?:reach|write to|contact|e-?mail) me (?:at|on|under|via))[^.]{0,30}$", before))  # fmt: skip


def _pointed(flat: Flat, found: Evidence, name: Named) -> bool:
    """Whether a phrase that hands over stands right before or after the name, in the same clause."""
    low, high = flat.sentence(name.start)
    for cue in found.cues:
        if cue.feature not in ("hand", "pass", "successor"):
            continue
        if not name.certain and " " not in name.name and (found.lang == "de" or name.start - low <= 1):
            continue
        if cue.weight <= 2 and not 0 <= name.start - cue.end <= 8:
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


def _alone(flat: Flat, found: Evidence, name: Named, step: Step | None) -> bool:
    """In answer to "do you know somebody?" a bare name is a name that is handed over."""
    low, high = flat.sentence(name.start)
    refused = any(
        cue.feature in ("no", "nobody", "no_name", "opt", "left") and low <= cue.start < high for cue in found.cues
    )
    return step is Step.referral_request and name_like(name) and not refused and len(flat.plain) < 400


def _other_verb(between: str) -> bool:
    return bool(
        re.search(
            r"\b(?:but|said|says|told|because|since|aber|sagt\w*|weil|mais|parce|pero|porque|mas|ma|perche|maar|omdat)\b",
            between,
        )
    )


def _listed(flat: Flat, found: Evidence, name: Named, persons: list[tuple[int, Person]]) -> bool:
    """Whether the name continues a list of persons handed over ("Ann Lee or Bob Ray")."""
    if not name_like(name):
        return False
    for place, person in persons:
        if person.name and place < name.start:
            between = flat.plain[place + len(person.name) : name.start]
            if len(between) < 60 and re.fullmatch(
                r"(?:[^.!?\n]{0,40}?)(?:,| or| and| oder| und| ou| et| o| y| e| of| en|/|&)+ ?(?:(?:my|the|her|his) \w+ )?(?:mr\.? |ms\.? |herr |frau |dr\.? |auch |also |maybe |even )*",
                between,
            ):
                return True
    return False


def _phone_near(flat: Flat, numbers: list[tuple[int, int, str]], start: int, end: int) -> str | None:
    """A number after the person on the same line or in the next sentence; not "my number"."""
    for first, _, written in numbers:
        if 0 <= first - end <= 70 and flat.sentence_at(first) - flat.sentence_at(end - 1) <= 1:
            between = flat.plain[end:first]
            if (
                re.search(r"\b(?:me|my|mich|meine|moi|mon|me|mi|meu|minha|mio|mij|mijn)\b", between)
                or between.count("\n") > 1
            ):
                continue
            return written
    return None


def _with_copied(
    result: list[Person], found: Evidence, headers: Headers, own: frozenset[str], named: list[Named]
) -> tuple[list[Person], int]:
    """Add who is in Cc where the words point there, and complete first names from Cc."""
    flat = found.flat
    copied = 0
    points = bool(POINTS.search(flat.plain)) or any(cue.feature in ("pass", "hand") for cue in found.cues)
    for display, address in headers.cc[:10]:
        email = address.lower()
        if _excluded(email, own) or ROLE.match(email.split("@")[0]):
            continue
        full = clean(ordered(display)) if display and "@" not in display else None
        mine = [name for name in named if (full and _shares(name.name, full)) or (not full and _fits(name.name, email))]
        if any(_dismissed(flat, found, name) for name in mine):
            continue
        number = next((n for n, person in enumerate(result) if person.email == email), None)
        if number is None:
            number = next(
                (
                    n
                    for n, person in enumerate(result)
                    if person.email is None
                    and person.name
                    and ((full and _shares(person.name, full)) or _fits(person.name, email))
                ),
                None,
            )
        if number is not None:
            person = result[number]
            longer = (
                full if full and person.name and len(full.split()) > len(person.name.split()) else person.name or full
            )
            result[number] = replace(person, name=longer, email=email)
            copied += 1
        elif mine or points:
            result.append(Person(full or (clean(mine[0].name) if mine else None), email, None))
            copied += 1
    return result, copied


def _shares(name: str, full: str) -> bool:
    words = {fold(word) for word in full.split()}
    return all(fold(word).strip(".") in words for word in name.split())


def _same(one: str | None, other: str | None) -> bool:
    return bool(one and other) and (_shares(str(one), str(other)) or _shares(str(other), str(one)))


def _with_card(result: list[Person], card: str, own: frozenset[str], sender: set[str]) -> list[Person]:
    """Add the person of a vCard (RFC 6350 FN, EMAIL, TEL) that is not the sender's own."""
    text = re.sub(r"\r?\n[ \t]", "", card[:20000])
    fields = {
        key: value
        for key, value in re.findall(
            r"^(?:item\d\.)?(FN|EMAIL|TEL)[^:\r\n]*:(?:tel:|mailto:)?([^\r\n]+)", text, re.I | re.M
        )
    }
    fields = {key.upper(): value.strip() for key, value in fields.items()}
    email = fields.get("EMAIL", "").lower() or None
    name = clean(fields.get("FN"))
    if (email and _excluded(email, own)) or (name and _is_sender(name, sender)) or not (name or email):
        return result
    for number, person in enumerate(result):
        if (email and person.email == email) or _same(person.name, name):
            result[number] = Person(name or person.name, person.email or email, person.phone or fields.get("TEL"))
            return result
    return [*result, Person(name, email, fields.get("TEL"))]


def _completed(person: Person, signature: str) -> Person:
    """Take the address of a named person from the contact block below, if it stands there."""
    if person.email or not person.name or not signature:
        return person
    for written in addresses_in(signature):
        if _fits(person.name, written.email) > 1 and not ROLE.match(written.email.split("@")[0]):
            return replace(person, email=written.email)
    return person


def _unique(persons: list[Person]) -> list[Person]:
    kept: list[Person] = []
    for person in persons:
        for number, other in enumerate(kept):
            if (person.email and person.email == other.email) or (
                _same(person.name, other.name) and not (person.email and other.email)
            ):
                longest = max((other.name or "", person.name or ""), key=len) or None
                kept[number] = Person(longest, other.email or person.email, other.phone or person.phone)
                break
        else:
            kept.append(person)
    return kept


def _standin(found: Evidence, own: frozenset[str]) -> str | None:
    """The first foreign address of an absence message."""
    return next(
        (written.email for written in addresses_in(found.flat.shown) if not _excluded(written.email, own)), None
    )

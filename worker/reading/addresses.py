"""Finds mail addresses in a text, also those that are spelled with "at" and "dot"."""

from __future__ import annotations

import re
from dataclasses import dataclass

ADDRESS = re.compile(r"(?<![\w.+-])[\w.+'-]{1,64}@(?:[\w-]{1,63}\.){1,5}[a-z]{2,24}(?![\w-])", re.I)


DOT = r"(?: ?[(\[{] ?(?:dot|punkt|point|punto|ponto|\.) ?[)\]}] ?| (?:dot|punkt|point|punto|ponto) )"


AT = (
    r"(?: ?[(\[{<] ?(?:at|ät|@|a|arroba|arobase|chiocciola) ?[)\]}>] ?| (?:at|arroba|arobase|chiocciola"
    r"|apenstaartje|ät|klammeraffe) | ?@ ?)"
)


SPELLED = re.compile(
    rf"(?<![\w.@])((?:[\w+-]{{1,40}}(?:{DOT}|\.)){{0,3}}[\w+-]{{1,40}})({AT})((?:[\w-]{{1,40}}(?:{DOT}"
    rf"|\.)){{1,4}}[a-z]{{2,24}})(?![\w@])",
    re.I,
)


ROLE = re.compile(
    r"(?:info|jobs?|hr|careers?|office|contact|kontakt|contacto|contatti|contato|hello|hallo|hi"
    r"|bonjour|hola|ciao|admin|support|sales|press|presse|prensa|stampa"
    r"|webmaster|postmaster|abuse|no-?reply|noreply|do-?not-?reply|service|kundenservice|helpdesk|help"
    r"|team|mail|email|post|bewerbung|karriere|personal|recruiting|recruitment"
    r"|talent|marketing|media|newsletter|reception|empfang|accueil|recepcion|rrhh|rh|secretariat"
    r"|sekretariat|secretaria|segreteria|enquiries|inquiries|feedback|privacy|datenschutz"
    r"|billing|legal|security|mailer-daemon|root|administration|verwaltung|direction|praxis|redaktion"
    r"|zentrale|buero|buchhaltung|studio|shop|store|welcome|desk|ticket|tickets|vertrieb"
    r"|people|internships?|apply|news|events|booking|bookings|reservations|onboarding|administratie"
    r"|receptie|personeel|vacatures|klantenservice|ufficio|personale)(?:[._+-].{0,20})?$"
)


TOP_LEVEL = re.compile(
    r"(?:com|org|net|edu|gov|mil|info|biz|example|test|invalid|eu|uk|us|ca|au|nz|ie|in|za|de|at|ch|li|lu|fr|be|es|mx|ar|cl|co|pe"
    r"|uy|pt|br|it|nl|se|dk|no|fi|pl|cz|io|dev|app|me|tv|cat|eus|gal|studio|design|art|coop|museum|aero|pro|name|shop|tech)$",
    re.I,
)
"""Ends of a domain that people spell out; "at the point of" is no address."""


@dataclass(frozen=True, slots=True)
class Written:
    """An address in the text: where, and as an address."""

    start: int
    end: int
    email: str


def addresses_in(shown: str) -> list[Written]:
    """Every address in a text, also those written with (at) and dot, in order."""
    found = [
        Written(match.start(), match.end(), match.group().strip("'.").lower()) for match in ADDRESS.finditer(shown)
    ]
    for match in SPELLED.finditer(shown):
        local, at, domain = match.groups()
        bare_at = at.strip().lower() in ("at", "ät")
        if bare_at and not TOP_LEVEL.search(domain):
            continue
        if bare_at and not re.search(DOT, domain, re.I) and not ("." in local or re.search(DOT, local, re.I)):
            continue
        email = f"{re.sub(DOT, '.', local, flags=re.I)}@{re.sub(DOT, '.', domain, flags=re.I)}".replace(" ", "").lower()
        # "write to ann at example dot org": only the word right before the "at" belongs to the address.
        if ADDRESS.fullmatch(email) and not any(
            match.start() < other.end and match.end() > other.start for other in found
        ):
            found.append(Written(match.start(), match.end(), email))
    return sorted(found, key=lambda written: written.start)

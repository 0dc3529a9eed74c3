"""Under which keys two people count as colleagues: the domain of their mail, the name of their company."""

from __future__ import annotations

import re
import unicodedata

from worker.contacts.address import canonical, is_free_mail

# Labels below a country's that are no company's own: acme.co.uk is one, co.uk is none.
_SECOND_LEVEL = frozenset(
    "co com org net ac edu gov gob gouv go or ne nom ltd plc me sch nhs mil info biz id web".split()
)

_LEGAL_FORMS = frozenset(
    """
    gmbh mbh ggmbh ag kg kgaa ohg gbr ug ek ev eg se co cie company inc incorporated corp corporation ltd limited llc
    llp lp lllp plc pllc pc pty pte pvt private sa sas sasu sarl eurl sci snc srl srls spa bv nv vof cv ab as asa aps
    oy oyj kft zrt nyrt bt sro spol doo dd ad ood eood jsc ojsc pjsc ooo oao zao kk sl slu slne scp lda ltda eireli
    sdn bhd holding holdings group gruppe haftungsbeschrankt und and et y e
    """.split()
)
_NO_COMPANY = frozenset(
    """
    selfemployed freelance freelancer freelancing independent selbststandig selbstandig freiberuflich freiberufler
    autonomo none na nil null unknown unbekannt retired student unemployed various private privat keine ninguna
    aucune
    """.split()
)


def company_keys(email: str | None, company: str | None) -> frozenset[str]:
    """ "domain:acme.example" and "name:acme", each where it says something about the company.

    A free-mail domain gives none; sub-domains count as their domain; legal forms do not count.
    """
    keys = set()
    if email:
        domain = canonical(email).rpartition("@")[2]
        if domain and not is_free_mail(domain) and not is_free_mail(_registered(domain)):
            keys.add(f"domain:{_registered(domain)}")
    if company and (name := _plain_name(company)):
        keys.add(f"name:{name}")
    return frozenset(keys)


def _registered(domain: str) -> str:
    labels = domain.split(".")
    kept = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL else 2
    return ".".join(labels[-kept:])


def _plain_name(company: str) -> str:
    folded = unicodedata.normalize("NFKD", company.casefold())
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    joined = re.sub(r"[./'`\N{RIGHT SINGLE QUOTATION MARK}]", "", bare)
    words = re.findall(r"\w+", joined)
    if words[:1] == ["the"]:
        words = words[1:]
    if "".join(words) in _NO_COMPANY:
        return ""
    return " ".join(_without_legal_forms(words))


def _without_legal_forms(words: list[str]) -> list[str]:
    kept = list(words)
    while len(kept) > 1:
        apart = next((n for n in range(min(4, len(kept) - 1), 1, -1) if all(len(word) == 1 for word in kept[-n:])), 1)
        if kept[-3:-1] == ["sp", "z"] or kept[-4:-2] == ["sp", "z"]:  # sp. z o.o.
            apart = 3 if kept[-3] == "sp" else 4
        elif "".join(kept[-apart:]) not in _LEGAL_FORMS:
            break
        if apart >= len(kept):
            break
        del kept[-apart:]
    return kept

"""Which column of a file holds what, by the names that people and programs give to columns."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# The first name of a field is preferred where a file has several columns for it.
_SYNONYMS = {
    "email": """
        email | e-mail | email address | e-mail address | emailaddress | mail | mail address | work email |
        business email | primary email | e-mail 1 value | email 1 value | e-mail 1 | email 1 | email id | emails |
        e-mails | contact email | personal email | e-mail-adresse | emailadresse | mailadresse | mail-adresse |
        courriel | adresse e-mail | adresse email | adresse mail | adresse courriel | adresse electronique |
        correo | correo electronico | e-mailadres | indirizzo email | indirizzo e-mail | posta elettronica |
        endereco de email
        """,
    "name": """
        name | full name | fullname | contact name | display name | person | contact | kontakt | vollstandiger
        name | nom complet | nombre completo | nome completo | vor- und nachname | ansprechpartner |
        ansprechpartnerin | nom | nombre | nome | naam
        """,
    "first_name": """
        first name | firstname | given name | givenname | first | forename | vorname | prenom | primer nombre |
        voornaam | name given
        """,
    "last_name": """
        last name | lastname | surname | family name | familyname | last | nachname | familienname | zuname | nom
        de famille | apellido | apellidos | cognome | sobrenome | achternaam | name family
        """,
    "company": """
        company | company name | organization | organisation | organization name | organisation name |
        organization 1 name | employer | account name | account | business | firma | firmenname | unternehmen |
        arbeitgeber | betrieb | societe | entreprise | empresa | compania | azienda | ditta | bedrijf |
        organizacion | organisatie
        """,
    "role": """
        role | job title | jobtitle | position | title | job | function | organization title | organization 1
        title | job role | funktion | stelle | stellung | berufsbezeichnung | jobtitel | rolle | poste | fonction
        | intitule du poste | cargo | puesto | ruolo | posizione | functie
        """,
    "profession": "profession | occupation | beruf | metier | profesion | professione | profissao | beroep",
    "phone": """
        phone | phone number | telephone | telephone number | tel | tel. | work phone | business phone | phone 1
        value | primary phone | mobile | mobile phone | mobile number | cell | cell phone | cellphone | home phone
        | phones | telefon | telefonnummer | telefonnr | telefon-nr. | rufnummer | handy | handynummer | mobil |
        mobilnummer | mobiltelefon | portable | numero de telephone | telefono | movil | celular | telefone |
        cellulare | telefoon | telefoonnummer
        """,
    "timezone": """
        timezone | time zone | tz | zeitzone | fuseau horaire | zona horaria | huso horario | fuso orario |
        tijdzone
        """,
    "country": """
        country | country code | country/region | country or region | nation | land | pays | pais | paese |
        laendercode | landerkennung | staat
        """,
    "language": """
        language | lang | locale | preferred language | sprache | langue | idioma | lingua | taal
        """,
    "opening": """
        opening | opener | opening line | opening sentence | first line | icebreaker | ice breaker | intro |
        introduction | personal line | einstieg | erster satz | accroche
        """,
    "notes": """
        notes | note | comment | comments | remarks | remark | bemerkung | bemerkungen | notiz | notizen |
        kommentar | anmerkung | anmerkungen | remarque | remarques | commentaire | commentaires | nota | notas |
        comentarios | opmerkingen
        """,
    "source": """
        source | lead source | found via | found at | origin | quelle | herkunft | fuente | origen | fonte | bron
        """,
    "referred_by": """
        referred by | referredby | referrer | introduced by | introducer | recommended by | referral | empfohlen
        von | vermittelt von | recommande par | recomendado por | consigliato da
        """,
}


def _folded(header: str) -> str:
    bare = unicodedata.normalize("NFKD", header.casefold())
    return re.sub(r"[^\w]|_", "", "".join(letter for letter in bare if not unicodedata.combining(letter)))


_FIELDS = {
    _folded(word): (field, rank)
    for field, words in _SYNONYMS.items()
    for rank, word in enumerate([field, *words.split("|")])
}
# ä is often written ae, and then folds to another word than a with its dots.
_FIELDS |= {"vollstaendigername": ("name", 90), "laenderkennung": ("country", 90)}


@dataclass(frozen=True, slots=True)
class Columns:
    """For each field the positions of its columns, the preferred one first; `extra` names all others by position."""

    fields: dict[str, tuple[int, ...]]
    extra: dict[int, str]

    @property
    def names(self) -> tuple[str, ...]:
        """The fields that were found, then the extra columns."""
        return (*self.fields, *dict.fromkeys(self.extra.values()))

    @property
    def reachable(self) -> bool:
        """Whether there is a way to reach anybody: an address or a phone."""
        return "email" in self.fields or "phone" in self.fields


def recognise(header: list[str]) -> Columns:
    """What each column of a header row holds."""
    found: dict[str, list[tuple[int, int]]] = {}
    extra: dict[int, str] = {}
    for position, title in enumerate(header):
        field, rank = _FIELDS.get(_folded(title), (None, 0))
        if field is None:
            if name := extra_name(title):
                extra[position] = name
        else:
            found.setdefault(field, []).append((rank, position))
    order = [field for field in _SYNONYMS if field in found]
    return Columns({field: tuple(at for _, at in sorted(found[field])) for field in order}, extra)


def extra_name(title: str) -> str:
    """How templates call a column of the user's own: as it is written, with _ for what a name cannot hold."""
    name = re.sub(r"\W+", "_", title.strip()).strip("_")
    return f"_{name}" if name[:1].isdigit() else name

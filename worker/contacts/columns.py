"""Which column of a file holds what, by the names that people and programs give to columns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

# The first name of a field is preferred where a file has several columns for it.
_SYNONYMS = {
    "email": """
        email | e-mail | email address | e-mail address | emailaddress | mail | mail address | work email |
        business email | primary email | e-mail 1 value | email 1 value | e-mail 1 | email 1 | email id | emails |
        e-mails | contact email | personal email | e-mail-adresse | emailadresse | mailadresse | mail-adresse |
        courriel | adresse e-mail | adresse email | adresse mail | adresse courriel | adresse electronique |
        correo | correo electronico | e-mailadres | indirizzo email | indirizzo e-mail | posta elettronica |
        endereco de email |
        work e-mail | business e-mail | personal e-mail | private email | home email | email (work) | e-mail 2 value |
        e-mail 3 value | email 2 value | e-mail 2 address | e-mail 3 address | e-mail 2 | email 2 | email1 | e-mail1 |
        mail 1 | email-adresse | e-mail adresse | mail-anschrift | geschaftliche e-mail | e-mail geschaftlich |
        dienstliche e-mail | e-mail 2: adresse | adresse de messagerie | adresse de messagerie electronique |
        messagerie | mel | e-mail professionnel | email professionnel | direccion de correo | direccion de correo
        electronico | direccion de e-mail | direccion de email | email de trabajo | correo de trabajo | endereco de
        e-mail | endereco de correio eletronico | endereco eletronico | correio eletronico | e-mail profissional |
        indirizzo di posta elettronica | indirizzo di posta | indirizzo mail | e-mail aziendale | email aziendale |
        e-mail adres | emailadres | mailadres | e-mailadres werk | zakelijk e-mailadres
        """,
    "name": """
        name | full name | fullname | contact name | display name | person | contact | kontakt | vollstandiger
        name | nom complet | nombre completo | nome completo | vor- und nachname | ansprechpartner |
        ansprechpartnerin | nom | nombre | nome | naam |
        contact person | complete name | your name | vor- und zuname | vorname nachname | vorname und nachname |
        name vorname | name, vorname | kompletter name | kontaktperson | nom et prenom | nom prenom | prenom nom |
        prenom et nom | nom du contact | interlocuteur | contacto | nombre y apellidos | nombre y apellido | apellidos
        y nombre | nombre del contacto | nominativo | nome e cognome | cognome e nome | referente | contatto | nome e
        sobrenome | nome do contato | contato | volledige naam | contactpersoon | voor- en achternaam
        """,
    "first_name": """
        first name | firstname | given name | givenname | first | forename | vorname | prenom | primer nombre |
        voornaam | name given |
        name first | christian name | preferred name | rufname | vornamen | prenoms | nombre de pila | nombres |
        primeiro nome | nome proprio | nomes proprios | nome di battesimo | roepnaam | voornamen
        """,
    "last_name": """
        last name | lastname | surname | family name | familyname | last | nachname | familienname | zuname | nom
        de famille | apellido | apellidos | cognome | sobrenome | achternaam | name family |
        name last | second name | last names | nachnamen | nom de naissance | nom patronymique | primer apellido |
        cognomi | sobrenomes | apelido | apelidos | ultimo nome | familienaam
        """,
    # what stands between first name and family name in a column of its own
    "particle": "tussenvoegsel | tussenvoegsels | infix | name infix | namenszusatz | particule",
    "company": """
        company | company name | organization | organisation | organization name | organisation name |
        organization 1 name | employer | account name | account | business | firma | firmenname | unternehmen |
        arbeitgeber | betrieb | societe | entreprise | empresa | compania | azienda | ditta | bedrijf |
        organizacion | organisatie |
        current company | company/organization | company or organization | organization/company | workplace |
        institution | institute | university | konzern | organisation/firma | arbeitsstelle | institut | einrichtung |
        raison sociale | nom de la societe | nom de l'entreprise | employeur | organisme | etablissement | compania |
        nombre de la empresa | organizacion/empresa | empleador | institucion | nombre de empresa | nome da empresa |
        companhia | empregador | organizacao | instituicao | societa | nome azienda | impresa | datore di lavoro |
        organizzazione | ente | bedrijfsnaam | naam bedrijf | werkgever | organisatienaam | instelling
        """,
    "role": """
        role | job title | jobtitle | position | title | job | function | organization title | organization 1
        title | job role | funktion | stelle | stellung | berufsbezeichnung | jobtitel | rolle | poste | fonction
        | intitule du poste | cargo | puesto | ruolo | posizione | functie |
        current position | current title | headline | designation | professional title | dienststellung |
        stellenbezeichnung | position im unternehmen | amt | titre du poste | titre professionnel | intitule de poste |
        qualite | titulo del puesto | cargo actual | rol | titolo professionale | mansione | qualifica | carica |
        funzione | incarico | titulo do cargo | funcao | posicao | posto | functietitel | functienaam | rol binnen
        bedrijf
        """,
    "profession": """
        profession | occupation | beruf | metier | profesion | professione | profissao | beroep |
        line of work | trade | berufsfeld | branche des berufs | secteur de metier | oficio | ocupacion | mestiere |
        occupazione | ocupacao | vak
        """,
    "phone": """
        phone | phone number | telephone | telephone number | tel | tel. | work phone | business phone | phone 1
        value | primary phone | mobile | mobile phone | mobile number | cell | cell phone | cellphone | home phone
        | phones | telefon | telefonnummer | telefonnr | telefon-nr. | rufnummer | handy | handynummer | mobil |
        mobilnummer | mobiltelefon | portable | numero de telephone | telefono | movil | celular | telefone |
        cellulare | telefoon | telefoonnummer |
        contact number | phone (work) | company main phone | mobile no | phone no | work mobile | business mobile |
        business phone 2 | home phone 2 | phone 2 value | phone 3 value | other phone | car phone | telefon
        geschaftlich | telefon (geschaftlich) | telefon privat | telefon firma | telefon 1 | festnetz | durchwahl |
        handynr | handy-nr. | telephone portable | tel. mobile | tel. portable | tel. professionnel | telephone
        (bureau) | telephone bureau | telephone professionnel | telephone (domicile) | no de telephone | gsm |
        numero de telefono | tel. movil | telefono movil | telefono del trabajo | telefono de trabajo | telefono
        particular | numero de movil | numero di telefono | telefono cellulare | tel. cellulare | telefono ufficio |
        numero di cellulare | recapito telefonico | numero de telefone | telemovel | telefone celular | telefone
        comercial | numero de telemovel | mobiel | mobiele telefoon | mobiel nummer | telefoon werk | tel. werk
        """,
    "timezone": """
        timezone | time zone | tz | zeitzone | fuseau horaire | zona horaria | huso horario | fuso orario |
        tijdzone |
        time zone name | iana timezone | zeitzone (iana) | fuseau | huso | fuso
        """,
    "country": """
        country | country code | country/region | country or region | nation | land | pays | pais | paese |
        laendercode | landerkennung | staat |
        country name | address 1 country | business country/region | business country | home country/region | home
        country | other country/region | country of residence | land/region | land/region geschaftlich | land/region
        privat | staat/land | pays/region | pays/region (bureau) | pays (bureau) | pays de residence | pais/region |
        pais o region | pais o region del trabajo | pais de residencia | paese/area geografica | nazione | stato |
        pais de residencia | land/regio | land/regio werk
        """,
    "language": """
        language | lang | locale | preferred language | sprache | langue | idioma | lingua | taal |
        language code | language spoken | mail language | sprachcode | anrede-sprache | langue de contact | lengua |
        idioma preferido | lingua preferita | lingua preferida | voorkeurstaal
        """,
    "opening": """
        opening | opener | opening line | opening sentence | first line | icebreaker | ice breaker | intro |
        introduction | personal line | einstieg | erster satz | accroche |
        personal sentence | personalization | personalisation | personlicher satz | aufhanger | phrase
        d'accroche | phrase personnelle | frase inicial | frase personal | apertura | frase di apertura | abertura |
        openingszin
        """,
    "notes": """
        notes | note | comment | comments | remarks | remark | bemerkung | bemerkungen | notiz | notizen |
        kommentar | anmerkung | anmerkungen | remarque | remarques | commentaire | commentaires | nota | notas |
        comentarios | opmerkingen |
        description | anmerkg | beschreibung | notizen zur person | note perso | observation | observations |
        observaciones | comentario | apuntes | commento | commenti | osservazioni | annotazioni | observacoes |
        comentarios | anotacoes | opmerking | notities | notitie
        """,
    "source": """
        source | lead source | found via | found at | origin | quelle | herkunft | fuente | origen | fonte | bron |
        where found | how we met | lead origin | gefunden uber | fundort | provenance | origine | procedencia |
        provenienza | origem | herkomst
        """,
    "referred_by": """
        referred by | referredby | referrer | introduced by | introducer | recommended by | referral | empfohlen
        von | vermittelt von | recommande par | recomendado por | consigliato da |
        introduced through | referred by email | recommendation of | empfehlung von | kontakt durch | vermittler |
        recommande par | presente par | sur recommandation de | recomendado por | presentado por | referido por |
        segnalato da | presentato da | indicado por | apresentado por | aanbevolen door | doorverwezen door
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
_FIELDS |= {
    "vollstaendigername": ("name", 90),
    "laenderkennung": ("country", 90),
    "telefongeschaeftlich": ("phone", 90),
    "emailgeschaeftlich": ("email", 90),
    "geschaeftlicheemail": ("email", 90),
    "persoenlichersatz": ("opening", 90),
}
# What only an address book exports: columns that no mail would quote, full of line breaks.
_PROGRAMS = {
    "LinkedIn": ({"url", "connectedon"}, {"url", "verbundenam", "position"}, {"url", "connecteele", "poste"}),
    "Google Contacts": ({"email1value"}, {"groupmembership", "givenname"}, {"labels", "fileas"}),
    "Outlook": (
        {"emailtype", "emaildisplayname"},
        {"emailtyp", "emailangezeigtername"},
        {"typedemessagerie"},
        {"tipodecorreoelectronico"},
        {"businessfax", "homefax"},
        {"faxgeschaftlich"},
    ),
}
_NO_ONES = re.compile(
    r"(?:address|adresse|email|phone|im|website|event|relation|customfield|organization)\d.*"
    r"|.*(?:street|strasse|stra.e|rue|calle|postal|zip|postleitzahl|plz|ort|city|ville|ciudad|pobox|postfach|fax"
    r"|ttytdd|pager|radiophone|telex|isdn|photo|birthday|geburtstag|anniversary|gender|geschlecht|initials|initialen"
    r"|yomi|phonetic|hobby|spouse|partner|children|kinder|assistant|assistent|callback|ruckruf|sensitivity"
    r"|priority|prioritat|private|privat|keywords|stichworter|billing|mileage|account|governmentid|directoryserver"
    r"|internetfreebusy|webpage|webseite|website|location|useropfields|user\d|categories|kategorien|labels"
    r"|groupmembership|fileas|nickname|shortname|maidenname|suffix|prefix|anrede|middlename|weiterevornamen"
    r"|additionalname|managersname|office|emailtype|emailtyp|displayname|angezeigtername|referred|subject|occupation"
    r"|schedule|organizationalidnumber|connectedon|verbundenam).*"
)


TO_NOTHING = ("-", "skip", "ignore")
"""What `--map COLUMN=` says of a column that is to be left out."""


@dataclass(frozen=True, slots=True)
class Columns:
    """For each field the positions of its columns, the preferred one first; `extra` names all others by position.

    `exported_by` is the program whose export has such a header, where it is one that we know.
    """

    fields: dict[str, tuple[int, ...]]
    extra: dict[int, str]
    exported_by: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The fields that were found, then the extra columns."""
        return (*self.fields, *dict.fromkeys(self.extra.values()))

    @property
    def reachable(self) -> bool:
        """Whether there is a way to reach anybody: an address or a phone."""
        return "email" in self.fields or "phone" in self.fields


def recognise(header: list[str], mapping: Mapping[str, str] | None = None) -> Columns:
    """What each column of a header row holds; `mapping` (from a name or a number to a field) comes first."""
    found: dict[str, list[tuple[int, int]]] = {}
    extra: dict[int, str] = {}
    program = _program(header)
    said = _said(header, mapping or {})
    for position, title in enumerate(header):
        field, rank = (said[position], -1) if position in said else _FIELDS.get(_folded(title), (None, 0))
        if field in TO_NOTHING:
            continue
        if field is None or field not in _SYNONYMS:
            name = extra_name(field or title)
            if name and (position in said or program is None or not _NO_ONES.fullmatch(_folded(title))):
                extra[position] = name
        else:
            found.setdefault(field, []).append((rank, position))
    for field in {field for field in said.values() if field in found}:
        # who says which column it is means that one
        found[field] = [(rank, at) for rank, at in found[field] if rank < 0]
    order = [field for field in _SYNONYMS if field in found]
    return Columns({field: tuple(at for _, at in sorted(found[field])) for field in order}, extra, program)


def unmatched(header: list[str], mapping: Mapping[str, str] | None) -> str | None:
    """The first column of a mapping that the header does not have."""
    return next((title for title in mapping or {} if not _positions(header, title)), None)


def is_field(name: str) -> bool:
    """Whether a mapping may name this field."""
    return name in _SYNONYMS


def _said(header: list[str], mapping: Mapping[str, str]) -> dict[int, str]:
    return {at: field for title, field in mapping.items() for at in _positions(header, title)}


def _positions(header: list[str], title: str) -> list[int]:
    exactly = [at for at, cell in enumerate(header) if cell.strip() == title.strip()]
    alike = exactly or [at for at, cell in enumerate(header) if _folded(cell) and _folded(cell) == _folded(title)]
    if not alike and title.strip().isdecimal() and 0 < int(title) <= len(header):
        return [int(title) - 1]
    return alike


def _program(header: list[str]) -> str | None:
    there = {_folded(title) for title in header}
    return next((name for name, marks in _PROGRAMS.items() if any(mark <= there for mark in marks)), None)


def extra_name(title: str) -> str:
    """How templates call a column of the user's own: as it is written, with _ for what a name cannot hold."""
    name = re.sub(r"\W+", "_", title.strip()).strip("_")
    return f"_{name}" if name[:1].isdigit() else name

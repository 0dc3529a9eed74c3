"""Files as address books export them, in the encodings that spreadsheets write."""

from __future__ import annotations

import pytest

from worker.contacts import Passage, Reject, Row, Table, encoding, open_sheet, parse
from worker.contacts.names import split, turned_round
from worker.errors import ContactsError

LINKEDIN = """Notes:
"When exporting your connection data, you may notice that some of the email addresses are missing. You will only see \
email addresses for connections who have allowed their connections to see or download their email address"

First Name,Last Name,URL,Email Address,Company,Position,Connected On
Ann,Lee,https://www.linkedin.example/in/ann,ann@acme.example,Acme,Biologist,12 Mar 2024
Bo,"Ek, PhD",https://www.linkedin.example/in/bo,,Acme,Biologist,12 Mar 2024
"""
GOOGLE = """First Name,Middle Name,Last Name,Phonetic First Name,Name Prefix,Nickname,File As,Organization Name,\
Organization Title,Organization Department,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,\
E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Address 1 - Label,Address 1 - Formatted,\
Address 1 - Country
Ann,,Lee,,,,,Acme,Biologist,Lab,1980-01-01,"one
two",https://x.example,* myContacts,* Work,ann@acme.example ::: ann@home.example,Home,ann@gmail.com,Mobile,\
+49 30 1234567 ::: +49 171 1234567,Home,"Street 1
12345 Town",DE
"""
OUTLOOK = """"Anrede";"Vorname";"Nachname";"Firma";"Position";"Straße geschäftlich";"Land/Region geschäftlich";\
"Telefon geschäftlich";"E-Mail-Adresse";"E-Mail-Typ";"E-Mail: Angezeigter Name";"Sprache"
"Frau Dr.";"Anna";"Müller";"Acme GmbH";"Biologin";"Weg 1";"Deutschland";"+49 221 123456";"anna@acme.example";"SMTP";\
"Anna Müller (anna@acme.example)";"Deutsch"
"""
OUTLOOK_ENGLISH = """"Title","First Name","Last Name","Company","Job Title","Business Street",\
"Business Country/Region","Business Phone","E-mail Address","E-mail Type","E-mail Display Name"
"Mr.","Bob","Jones","Acme","","1 Road
Suite 2","United States of America","555-123-4567","bob@acme.example","SMTP","Bob Jones (bob@acme.example)"
"""


def read(text: str, encoding: str = "utf-8") -> Table:
    return parse(text.encode(encoding), "people.csv")


def test_linkedin() -> None:
    table = read(LINKEDIN)
    (row,) = table.rows
    assert (row.number, row.contact.first_name, row.contact.company, row.contact.role) == (
        5,
        "Ann",
        "Acme",
        "Biologist",
    )
    assert table.rejects == (Reject(6, "neither a mail address nor a phone number"),)


def test_google() -> None:
    table = read(GOOGLE)
    (row,) = table.rows
    person = row.contact
    assert (person.email, person.phone, person.country) == ("ann@acme.example", "+49 30 1234567", "DE")
    assert (person.name, person.company, person.role, person.notes) == ("Ann Lee", "Acme", "Biologist", "one / two")
    assert person.extra == {"Organization_Department": "Lab"}
    assert table.remarks == ()


def test_outlook() -> None:
    (row,) = read(OUTLOOK, "cp1252").rows
    person = row.contact
    assert (person.name, person.first_name, person.role, person.language) == ("Anna Müller", "Anna", "Biologin", "de")
    assert (person.country, person.phone, person.extra) == ("DE", "+49 221 123456", {})
    (row,) = read(OUTLOOK_ENGLISH).rows
    assert (row.contact.name, row.contact.role, row.contact.country) == ("Bob Jones", None, "US")


@pytest.mark.parametrize("name", ["cp1252", "mac-roman", "cp850", "iso8859-15", "utf-8-sig", "utf-16", "utf-32"])
def test_letters_survive_every_spreadsheet(name: str) -> None:
    text = "Vorname;Nachname;E-Mail;Firma\nJörg;Müßig;j@acme.example;Café Zürich\nÁngel;Muñoz;a@b.example;Über Señor\n"
    people = [row.contact for row in read(text, name).rows]
    assert [(one.first_name, one.last_name, one.company) for one in people] == [
        ("Jörg", "Müßig", "Café Zürich"),
        ("Ángel", "Muñoz", "Über Señor"),
    ]


def test_a_file_of_two_encodings_and_one_that_was_mangled() -> None:
    mixed = "email,name\nj@acme.example,Jörg Müller\n".encode() + "b@x.example,Bö Ek\n".encode("cp1252")
    assert [row.contact.name for row in parse(mixed, "x.csv").rows] == ["Jörg Müller", "Bö Ek"]
    (row,) = read("email,name\nj@acme.example,JÃ¶rg MÃ¼ller\n").rows
    assert row.contact.name == "Jörg Müller"
    (row,) = read("email,name\nj@acme.example,João Ã Lee\n").rows
    assert row.contact.name == "João Ã Lee"


def test_an_encoding_that_is_said() -> None:
    data = "email,name\nj@acme.example,Łukasz Żak\n".encode("cp1250")
    sheet = open_sheet(encoding.as_file(data), "x.csv", wanted_encoding="cp1250")
    (row,) = list(Passage(sheet))
    assert isinstance(row, Row)
    assert row.contact.name == "Łukasz Żak"
    for wrong, said in (("cp9999", "no encoding"), ("utf-8", "not in utf-8"), ("base64", "no encoding")):
        with pytest.raises(ContactsError, match=said):
            open_sheet(encoding.as_file(data), "x.csv", wanted_encoding=wrong)


@pytest.mark.parametrize("delimiter", ["^", "~", ":", "#"])
def test_delimiters_that_nobody_expects(delimiter: str) -> None:
    text = "\n".join(delimiter.join(cells) for cells in (["email", "name", "firma"], ["a@b.example", "Ann Lee", "X"]))
    (row,) = read(text).rows
    assert (row.contact.email, row.contact.company) == ("a@b.example", "X")


def test_a_mapping_comes_before_what_is_recognised() -> None:
    data = b"Adr;Mail alt;Wer;Firma;Chef;Unsinn\nann@acme.example;x@y.example;Ann Lee;Acme;Bo;z\n"
    mapping = {"adr": "email", "3": "name", "Chef": "notes", "Unsinn": "-"}
    sheet = open_sheet(encoding.as_file(data), "x.csv", mapping=mapping)
    (row,) = list(Passage(sheet))
    assert isinstance(row, Row)
    assert (row.contact.email, row.contact.first_name, row.contact.notes) == ("ann@acme.example", "Ann", "Bo")
    assert row.contact.extra == {"Mail_alt": "x@y.example"}
    with pytest.raises(ContactsError, match="no column 'Telefone'"):
        open_sheet(encoding.as_file(data), "x.csv", mapping=mapping | {"Telefone": "phone"})


@pytest.mark.parametrize(
    "header, cells, name, first",
    [
        ("voornaam,tussenvoegsel,achternaam,e-mailadres", "Noor,de,Vries,x@y.example", "Noor de Vries", "Noor"),
        ("Nome;Cognome;Indirizzo di posta elettronica", "Mario;Rossi;x@y.example", "Mario Rossi", "Mario"),
        ("Prénom;Nom;Adresse de messagerie", "Zoé;de la Tour Durand;x@y.example", "Zoé de la Tour Durand", "Zoé"),
        ("Nombre;Apellidos;Dirección de correo electrónico", "Zoe;Lee Paz;x@y.example", "Zoe Lee Paz", "Zoe"),
        ("Primeiro nome;Sobrenome;Endereço de e-mail", "Rui;Costa;x@y.example", "Rui Costa", "Rui"),
        ("Vor- und Nachname;E-Mail-Adresse", "Jörg Müßig;x@y.example", "Jörg Müßig", "Jörg"),
        ("First name,Company,Email", "Acme,Acme Ltd,x@y.example", "Acme", None),
        ("First name,Last name,Email", "Ann & Bo,Lee,x@y.example", "Ann & Bo Lee", None),
        ("First name,Last name,Email", "Ann und Bo,Lee,x@y.example", "Ann und Bo Lee", None),
        ("Name,Email", "Hans Müller,mueller.hans@y.example", "Hans Müller", "Hans"),
        ("Name,Email", "Weiss Dana,dana.weiss@y.example", "Weiss Dana", None),
    ],
)
def test_names_in_seven_languages(header: str, cells: str, name: str, first: str | None) -> None:
    (row,) = read(f"{header}\n{cells}\n").rows
    assert (row.contact.name, row.contact.first_name) == (name, first)


@pytest.mark.parametrize("name", ["Rossi Mario", "Müller Hans", "García María"])
def test_a_family_name_that_stands_first_gives_no_first_name(name: str) -> None:
    assert turned_round(*split(name), "info@acme.example")
    assert not turned_round(*split(" ".join(reversed(name.split()))), "info@acme.example")
    assert split("Ann y Bo") == split("Ann e Bo") == (None, None)


def test_one_person_with_two_addresses_is_remarked() -> None:
    rows = read("name,email,company\nAnn Lee,ann@acme.example,Acme\nAnn Lee,a.lee@gmail.com,acme\n").rows
    assert "row 2" in rows[1].remarks[0]
    rows = read("name,email\nAnn Lee,ann@gmail.com\nAnn Lee,a.lee@gmail.com\n").rows
    assert rows[1].remarks == ()


def test_the_next_address_is_taken_where_the_first_is_none() -> None:
    (row,) = read("email,e-mail 2,name\nnobody,ann@acme.example,Ann Lee\n").rows
    assert row.contact.email == "ann@acme.example"
    assert "is no address" in row.remarks[0]


def test_two_people_at_one_phone_are_two() -> None:
    rows = read("name,phone\nAnn Lee,030 123456\nBo Ek,030 123456\nAnn Lee,030123456\n").rows
    assert [row.repeats for row in rows] == [None, None, 2]

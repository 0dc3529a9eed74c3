"""Files of contacts as people and programs write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.contacts import Table, parse
from worker.conversation.vocabulary import Contact
from worker.errors import ContactsError


def read(text: str, encoding: str = "utf-8") -> Table:
    return parse(text.encode(encoding), "people.csv")


def only(text: str, encoding: str = "utf-8") -> Contact:
    table = read(text, encoding)
    assert table.rejects == ()
    assert len(table.rows) == 1
    return table.rows[0].contact


def test_every_column() -> None:
    header = "email,name,company,role,profession,phone,timezone,country,language,opening,notes,source,referred_by,team"
    row = "ann@acme.example,Ann Lee,Acme,Biologist,biology,+49 30 123456,europe/berlin,Germany,de-AT"
    row += ',"Hi, there",n,web,bo@x.test,Blue'
    contact = only(f"{header}\n{row}\n")
    assert contact == Contact(
        email="ann@acme.example",
        name="Ann Lee",
        first_name="Ann",
        last_name="Lee",
        company="Acme",
        role="Biologist",
        profession="biology",
        phone="+49 30 123456",
        timezone="Europe/Berlin",
        country="DE",
        language="de",
        opening="Hi, there",
        notes="n",
        source="web",
        referred_by="bo@x.test",
        extra={"team": "Blue"},
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_delimiters_encodings_and_line_ends(delimiter: str, encoding: str, newline: str) -> None:
    lines = [["E-Mail", "Vorname", "Nachname", "Firma"], ["jorg@acme.example", "Jörg", "Müßig", "Café"]]
    contact = only(newline.join(delimiter.join(line) for line in lines) + newline, encoding)
    assert (contact.email, contact.first_name, contact.last_name) == ("jorg@acme.example", "Jörg", "Müßig")
    assert contact.name == "Jörg Müßig"
    assert contact.company == "Café"


@pytest.mark.parametrize(
    "header",
    [
        "email",
        "E-mail",
        "EMAIL",
        "Email Address",
        "e-mail-adresse",
        "Courriel",
        " e_mail ",
        "E-mail 1 - Value",
        "Correo electrónico",
    ],
)
def test_names_of_the_address_column(header: str) -> None:
    assert only(f"{header}\nann@acme.example\n").email == "ann@acme.example"


@pytest.mark.parametrize(
    "header, field",
    [
        ("Organization", "company"),
        ("Firma", "company"),
        ("Société", "company"),
        ("Position", "role"),
        ("Title", "role"),
        ("Job Title", "role"),
        ("Telefon", "phone"),
        ("Téléphone", "phone"),
        ("Beruf", "profession"),
        ("Bemerkungen", "notes"),
        ("Quelle", "source"),
    ],
)
def test_names_of_other_columns(header: str, field: str) -> None:
    assert getattr(only(f"email,{header}\nann@acme.example,030 123456\n"), field) == "030 123456"


def test_a_preferred_column_wins_and_an_empty_one_yields() -> None:
    text = "Title,Job Title,E-mail 2,Mobile Phone,Phone,email\nMs.,Biologist,,0171 123456,,ann@acme.example\n"
    contact = only(text)
    assert contact.role == "Biologist"
    assert contact.phone == "0171 123456"
    assert only("Title,email\nMs.,ann@acme.example\n").role is None


@pytest.mark.parametrize(
    "header, row, name, first, last",
    [
        ("Vorname,Name", "Ann,Lee", "Ann Lee", "Ann", "Lee"),
        ("Prénom,Nom", "Ann,de la Tour", "Ann de la Tour", "Ann", "de la Tour"),
        ("Nombre,Apellidos", "Ann,Lee", "Ann Lee", "Ann", "Lee"),
        ("Name,Last name", "Ann Lee,Lee", "Ann Lee", "Ann", "Lee"),
        ("First name,Name", "Ann,Ann Lee", "Ann Lee", "Ann", None),
        ("First name,Last name", "ann,lee", "ann lee", "Ann", "lee"),
        ("First name,Last name", "A.,Lee", "A. Lee", None, "Lee"),
        ("First name,Last name", "Ann M.,Lee", "Ann M. Lee", "Ann", "Lee"),
        ("First name,Last name", "-,Lee", "Lee", None, "Lee"),
        ("Name,Company", "Blue Ocean,Blue Ocean Ltd", "Blue Ocean", None, None),
        ("Name,Company", "ann@acme.example,Acme", None, None, None),
    ],
)
def test_names(header: str, row: str, name: str | None, first: str | None, last: str | None) -> None:
    contact = only(f"{header},email\n{row},ann@acme.example\n")
    assert (contact.name, contact.first_name, contact.last_name) == (name, first, last)


def test_rows_are_numbered_as_a_spreadsheet_does() -> None:
    text = 'email,notes\nann@acme.example,"one cell"\n\nnobody,x\n"bo@acme.example",y\n,\n,z\n'
    table = read(text)
    assert [row.number for row in table.rows] == [2, 5]
    assert [reject.row for reject in table.rejects] == [4, 7]
    broken = read('email,notes\nann@acme.example,"two\nlines"\nnobody,x\n')
    assert [reject.row for reject in broken.rejects] == [2, 3]


@pytest.mark.parametrize(
    "row, reason",
    [
        (",Ann,,", "neither a mail address nor a phone"),
        ("nobody,Ann,,", "is no address"),
        ("a@b@c.example,Ann,,", "is no address"),
        ("ann@acme,Ann,,", "is no address"),
        ("ann@acme.example; bo@acme.example,Ann,,", "more than one address"),
        ("noreply@acme.example,Ann,,", "nobody reads"),
        ('ann@acme.example,"Ann\r\nBcc: x@y.example",,', "name holds a line break"),
        ("ann@acme.example,Ann\x00,,", None),
        ("ann@acme.example,Ann\x07Lee,,", "name holds a line break or a control character"),
        ("ann@acme.example,Ann\u2028Lee,,", "name holds"),
        ("ann@acme.example,Ann\x85Lee,,", "name holds"),
        ("ann@acme.example,Ann\u202eeeL,,", "name holds"),
        ("ann@acme.example,=?utf-8?q?Hi=0ABcc:_evil?=,,", "encoded word"),
        ("ann@acme.example,,=?utf-8?b?SGk=?=,", "notes holds an encoded word"),
        ("ann@acme.example,,,=?iso-8859-1?q?x?=", "team holds an encoded word"),
        ("ann@acme.example," + "x" * 201 + ",,", "name has 201 characters, 200 are allowed"),
        ("ann@acme.example,,," + "x" * 201, "team has 201"),
        ("ann@acme.example,," + "x" * 2001 + ",", "notes has 2001 characters, 2000 are allowed"),
        ("ann@acme.example,Ann,x,y,z", "5 cells, but only 4 columns"),
        ("ann@acme.example\nBcc: x@y.example,Ann,,", None),
    ],
)
def test_bad_rows_are_rejected_and_the_others_kept(row: str, reason: str | None) -> None:
    text = f"email,name,notes,team\n{row}\nbo@acme.example,Bo Ek,fine,\n"
    if "\x00" in row:
        with pytest.raises(ContactsError):
            read(text)
        return
    table = read(text)
    assert [row.contact.email for row in table.rows if row.contact.email == "bo@acme.example"] == ["bo@acme.example"]
    assert table.rejects
    if reason:
        assert reason in table.rejects[0].reason
        assert len(table.rows) == 1
    assert all(one.isprintable() for one in (reject.reason for reject in table.rejects))


def test_lengths_that_are_just_allowed() -> None:
    contact = only(f"email,name,notes,opening\nann@acme.example,{'x' * 200},{'y' * 2000},{'z' * 2000}\n")
    assert (len(contact.name or ""), len(contact.notes or ""), len(contact.opening or "")) == (200, 2000, 2000)


def test_a_phone_without_an_address_is_a_contact() -> None:
    contact = only("name,email,phone\nAnn Lee,n/a,+49 30 123456\n")
    assert contact.email is None
    assert contact.phone == "+49 30 123456"
    assert only("name,phone\nAnn Lee,030 123456\n").email is None


def test_a_phone_that_a_spreadsheet_spoiled_is_left_out() -> None:
    table = read("email,phone\nann@acme.example,4.915E+11\n,12\n")
    assert table.rows[0].contact.phone is None
    assert "no number" in table.rows[0].remarks[0]
    assert table.rejects[0].row == 3


@pytest.mark.parametrize(
    "cell",
    [
        "Ann Lee <ann@acme.example>",
        "<ann@acme.example>",
        "mailto:ann@acme.example",
        "\u00a0ann@ACME.example\u200b",
        "ann@acme.example,",
    ],
)
def test_addresses_as_they_are_pasted(cell: str) -> None:
    assert only(f'email;team\n"{cell}";x\n').email == "ann@acme.example"


def test_the_name_beside_a_pasted_address() -> None:
    assert only("email\nAnn Lee <ann@acme.example>\n").first_name == "Ann"


def test_a_person_twice_in_the_file_is_told_and_no_reject() -> None:
    table = read("email\nann@acme.example\nANN+x@acme.example\n")
    assert [(row.number, row.repeats) for row in table.rows] == [(2, None), (3, 2)]
    assert table.rejects == ()


def test_what_is_not_known_is_left_out_and_told() -> None:
    table = read("email,timezone,country,language,referred_by\nann@acme.example,Mars,Atlantis,Klingon,Bo Ek\n")
    (row,) = table.rows
    assert (row.contact.timezone, row.contact.country, row.contact.language, row.contact.referred_by) == (None,) * 4
    assert len(row.remarks) == 4
    assert row.contact.extra == {"referred_by": "Bo Ek"}


@pytest.mark.parametrize(
    "written, code",
    [
        ("de", "DE"),
        ("Deutschland", "DE"),
        ("UK", "GB"),
        ("United States", "US"),
        ("España", "ES"),
        ("Österreich", "AT"),
        ("France", "FR"),
    ],
)
def test_countries(written: str, code: str) -> None:
    assert only(f"email,country\nann@acme.example,{written}\n").country == code


@pytest.mark.parametrize(
    "written, code", [("German", "de"), ("Deutsch", "de"), ("en_US", "en"), ("Français", "fr"), ("EN", "en")]
)
def test_languages(written: str, code: str) -> None:
    assert only(f"email,language\nann@acme.example,{written}\n").language == code


def test_extra_columns_get_names_that_templates_can_say() -> None:
    contact = only("email,Hobby,Met at,2nd talk,,empty\nann@acme.example,bees,a fair,yes,lost,\n")
    assert contact.extra == {"Hobby": "bees", "Met_at": "a fair", "_2nd_talk": "yes"}
    table = read("team,email,Name\nx,ann@acme.example,Ann\n")
    assert table.columns == ("email", "name", "team")


def test_a_preamble_above_the_header() -> None:
    text = 'Notes:\n"When exporting, some, addresses are missing."\n\n'
    text += "First Name,Last Name,URL,Email Address,Company,Position\n"
    table = read(text + "Ann,Lee,x,ann@acme.example,Acme,Biologist\n")
    assert table.rows[0].number == 5
    assert table.rows[0].contact.role == "Biologist"


def test_a_spreadsheet_names_its_delimiter() -> None:
    assert only("sep=;\r\nemail;notes\r\nann@acme.example;a,b,c,d\r\n").notes == "a,b,c,d"


def test_a_single_column_of_addresses_with_commas_elsewhere() -> None:
    table = read("email;notes\nann@acme.example;a, b, c\nbo@acme.example;d, e\n")
    assert [row.contact.notes for row in table.rows] == ["a, b, c", "d, e"]


@pytest.mark.parametrize(
    "data, said",
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "Excel"),
        (b"%PDF-1.7", "PDF"),
        (bytes(range(256)), "no text"),
        (b"name,company\nAnn,Acme\n", "no column with mail addresses"),
        (b"ann@acme.example,Ann\nbo@acme.example,Bo\n", "no header row"),
        (b'email,notes\nann@acme.example,"open\nbo@acme.example,x\n', "never closed"),
        (b'"email\nann@acme.example', "never closed"),
        (b'{"email": 1}', "JSON"),
        (b"BEGIN:VCARD\r\nVERSION:3.0", "vCards"),
        (b"<html>email</html>", "page"),
    ],
)
def test_files_that_cannot_be_read(data: bytes, said: str) -> None:
    with pytest.raises(ContactsError) as caught:
        parse(data, "people.csv")
    assert said in caught.value.what
    assert "people.csv" in (caught.value.where or "")
    assert caught.value.exit_code == 2
    assert len(caught.value.lines()) <= 3


def test_a_header_alone_is_an_empty_table() -> None:
    assert read("email,name\n").rows == ()


def test_stray_quotes_are_text() -> None:
    table = read('email,notes\nann@acme.example,a 5" pipe\nbo@acme.example,"quoted" twice\n')
    assert [row.contact.notes for row in table.rows] == ['a 5" pipe', "quoted twice"]


@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: ("email,name\n" + text).encode()))
def test_any_bytes_are_a_table_or_one_error(data: bytes) -> None:
    try:
        table = parse(data, "x.csv")
    except ContactsError:
        return
    for row in table.rows:
        assert row.contact.email or row.contact.phone
        assert "\n" not in repr(row.contact.name)


def test_two_columns_for_one_field_are_named() -> None:
    data = b"Email,Name,Work Email\nuna@acme.example,Una Berg,una@other.example\nmax@bolt.example,Max Holm,\n"
    table = parse(data, "people.csv")
    assert [row.contact.email for row in table.rows] == ["una@acme.example", "max@bolt.example"]
    assert len(table.remarks) == 1
    assert '"Email" (column 1), "Work Email" (column 3)' in table.remarks[0]
    assert "in 1 row the others say something else" in table.remarks[0]


def test_several_phones_that_agree_need_no_remark() -> None:
    data = b"email,phone,mobile\nuna@acme.example,+49 30 1234567,\nmax@bolt.example,,+49 30 7654321\n"
    assert parse(data, "people.csv").remarks == ()
    assert parse(b"email,name\nuna@acme.example,Una Berg\n", "people.csv").remarks == ()

"""IMAP servers that answer oddly, one dialogue each."""

import base64
import imaplib
import logging
from datetime import UTC, date, datetime

import pytest

from tests.servers.scripted import Cut, Expect, Say, Scripted, Stall, imap_examine, imap_start, scripted
from worker.errors import ConfigError, ServerMisbehaved, ServerUnreachable, SignInRefused
from worker.mailbox import imap
from worker.mailbox.access import ImapAccess
from worker.mailbox.folders import Role

BYE = [Expect("LOGOUT"), Say("* BYE\r\nTAG OK bye")]


def connect(server: Scripted, **more):
    values = {"username": "o@example.org", "secret": lambda: "sesame", "timeout": 2.0}
    return imap.connect(ImapAccess(server.host, server.port, "plain", **(values | more)))


def header(seq: int, uid: int, text: str = "Subject: x\r\n\r\n", name: str = "BODY[HEADER.FIELDS (SUBJECT)]") -> str:
    return (
        f'* {seq} FETCH (UID {uid} INTERNALDATE "17-Jul-2026 02:44:25 -0700" RFC822.SIZE {len(text)} '
        f"{name} {{{len(text)}}}\r\n{text})"
    )


def fetched(*lines: str, end: str = "TAG OK done"):
    return [Expect("UID FETCH"), Say("\r\n".join([*lines, end]))]


# signing in


@pytest.mark.parametrize(
    "answer, kind, words",
    [
        ("TAG NO [AUTHENTICATIONFAILED] Authentication failed.", SignInRefused, "Check username and password"),
        ("TAG NO [ALERT] Application-specific password required: https://x", SignInRefused, "app password"),
        ("TAG NO LOGIN Invalid credentials, try again", SignInRefused, "Check username"),
        (
            "* NO [WEBALERT https://x/] Web login required.\r\nTAG NO [ALERT] Please log in via your web browser",
            SignInRefused,
            "browser",
        ),
        (
            "TAG NO [ALERT] Your account is not enabled for IMAP use. Please visit settings",
            SignInRefused,
            "switched off",
        ),
        ("TAG NO [UNAVAILABLE] Temporary authentication failure.", ServerUnreachable, "later"),
        ("TAG NO [ALERT] Too many simultaneous connections. (Failure)", ServerUnreachable, "later"),
        ("TAG BAD what do you want", SignInRefused, "Check username"),
        ("* BYE too many connections from your address", ServerUnreachable, "later"),
    ],
)
def test_a_refused_sign_in_says_what_to_do(answer, kind, words):
    with scripted([*imap_start()[:4], Say(answer), *BYE]) as server, pytest.raises(kind) as caught, connect(server):
        pytest.fail("signed in")
    text = "\n".join(caught.value.lines())
    assert words in text
    assert f"{server.host}:{server.port}" in text
    assert "sesame" not in text


@pytest.mark.parametrize(
    "dialogue, kind, words",
    [
        ([Cut()], ServerUnreachable, "broke off"),
        ([Cut(reset=False)], ServerUnreachable, "broke off"),
        ([Stall()], ServerUnreachable, "in time"),
        ([Say("220 mail.example.org ESMTP")], ServerMisbehaved, "IMAP server"),
        ([Say("* BYE we are closed")], ServerUnreachable, "turns us away"),
        ([*imap_start()[:4], Cut()], ServerUnreachable, "broke off"),
        ([*imap_start()[:4], Stall()], ServerUnreachable, "in time"),
        (imap_start("IMAP4rev1 LOGINDISABLED")[:3], ServerUnreachable, "without encryption"),
    ],
)
def test_a_session_that_does_not_come_about_says_why(dialogue, kind, words):
    with scripted(dialogue) as server, pytest.raises(kind) as caught, connect(server, timeout=0.4):
        pytest.fail("signed in")
    assert words in "\n".join(caught.value.lines())


def test_a_name_that_is_not_found():
    access = ImapAccess("no-such-host.invalid", 993, "tls", "o", lambda: "sesame")
    with pytest.raises(ServerUnreachable, match="cannot be found") as caught, imap.connect(access):
        pytest.fail("connected")
    assert "no-such-host.invalid:993" in str(caught.value)


def test_a_password_of_any_letters_signs_in_by_plain():
    start = imap_start("IMAP4rev1 AUTH=PLAIN")
    dialogue = [
        *start[:3],
        *(Expect("AUTHENTICATE PLAIN"), Say("+ "), Expect("AG9AZXhhbXBsZS5vcmcAcMOkc3M=")),
        *(Say("* CAPABILITY IMAP4rev1\r\nTAG OK in"), *BYE),
    ]
    with scripted(dialogue) as server, connect(server, secret=lambda: "päss"):
        pass
    assert server.heard[0].errors == []


def test_a_username_cannot_smuggle_a_command():
    with (
        scripted(imap_start()) as server,
        pytest.raises(ConfigError),
        connect(server, username="o\r\nTAG DELETE INBOX"),
    ):
        pytest.fail("signed in")
    with scripted([*imap_start(), *BYE]) as quoting, connect(quoting, username='o" x'):
        assert quoting.heard[0].lines[1].endswith('LOGIN "o\\" x" "sesame"')


def test_no_log_has_the_dialogue_however_talkative_it_is(monkeypatch, caplog, capfd):
    monkeypatch.setattr(imaplib, "Debug", 5)
    caplog.set_level(logging.DEBUG)
    dialogue = [*imap_start(), *imap_examine(), *fetched(header(1, 9, "Subject: between us\r\n\r\n")), *BYE]
    with scripted(dialogue) as server, connect(server) as session:
        session.examine("INBOX")
        list(session.headers([9]))
    told = caplog.text + "".join(capfd.readouterr())
    assert server.heard[0].errors == []
    for words in ("sesame", "LOGIN", "EXAMINE", "INBOX", "between us"):
        assert words not in told


@pytest.mark.parametrize("echo", ["clear", "quoted", "twice quoted", "base64"])
@pytest.mark.parametrize("secret", ['pa"ss\\word', "two  blanks", '"', 'it\'s "odd" \\', "back\\\\slashes"])
def test_a_password_that_the_server_says_again_is_not_told(secret, echo):
    quoted = secret.replace("\\", "\\\\").replace('"', '\\"')
    said = {
        "clear": secret,
        "quoted": f'LOGIN "o" "{quoted}"',
        "twice quoted": f"b{quoted.encode()!r} is no command",
        "base64": base64.b64encode(secret.encode()).decode(),
    }[echo]
    dialogue = [*imap_start()[:4], Say(f"* NO [ALERT] <{said}>\r\nTAG NO <{said}> refused"), *BYE]
    with scripted(dialogue) as server, pytest.raises(SignInRefused) as caught, connect(server, secret=lambda: secret):
        pytest.fail("signed in")
    assert server.heard[0].lines[1].endswith(f'LOGIN o@example.org "{quoted}"')
    text = str(caught.value)
    assert "***" in text
    inner = text[text.index("<") : text.rindex(">") + 1]  # what is ours around it may have a quotation mark
    for form in (secret, quoted, " ".join(secret.split()), repr(quoted)[1:-1]):
        assert form not in inner


@pytest.mark.parametrize("end", [BYE, [Expect("LOGOUT"), Cut()], [Cut()], [Expect("LOGOUT"), Say("TAG BAD no")]])
def test_hanging_up_never_raises(end):
    with scripted([*imap_start(), *end]) as server, connect(server):
        pass


# folders


def folders(*lines: str, capabilities: str = "IMAP4rev1"):
    listing = [Expect("LIST"), Say("\r\n".join([*lines, "TAG OK done"]))]
    with scripted([*imap_start(capabilities), *listing, *BYE]) as server, connect(server) as session:
        found = session.folders()
        return [f.name for f in session.watched()], {f.name: f.role.value for f in found}


def test_gmail_is_read_in_all_mail_and_spam():
    watched, roles = folders(
        '* LIST (\\HasNoChildren) "/" "INBOX"',
        '* LIST (\\HasChildren \\Noselect) "/" "[Gmail]"',
        '* LIST (\\All \\HasNoChildren) "/" "[Gmail]/Alle Nachrichten"',
        '* LIST (\\HasNoChildren \\Junk) "/" "[Gmail]/Spam"',
        '* LIST (\\HasNoChildren \\Sent) "/" "[Gmail]/Gesendet"',
        '* LIST (\\HasNoChildren \\Trash) "/" "[Gmail]/Papierkorb"',
        capabilities="IMAP4rev1 X-GM-EXT-1",
    )
    assert watched == ["[Gmail]/Alle Nachrichten", "[Gmail]/Spam"]
    assert roles["[Gmail]/Gesendet"] == "sent"
    assert "[Gmail]" not in roles


def test_gmail_with_all_mail_hidden_is_read_as_any_other():
    watched, _ = folders(
        '* LIST (\\HasNoChildren) "/" "INBOX"',
        '* LIST (\\HasNoChildren \\Junk) "/" "[Gmail]/Spam"',
        '* LIST (\\HasNoChildren \\Sent) "/" "[Gmail]/Sent Mail"',
        capabilities="IMAP4rev1 X-GM-EXT-1",
    )
    assert watched == ["INBOX", "[Gmail]/Spam", "[Gmail]/Sent Mail"]


def test_courier_has_everything_below_inbox():
    watched, _ = folders(
        '* LIST (\\HasNoChildren) "." "INBOX.Sent"',
        '* LIST (\\HasChildren) "." "INBOX"',
        '* LIST (\\HasNoChildren) "." "INBOX.Spam"',
        '* LIST (\\HasNoChildren) "." "INBOX.Archive.Sent"',
    )
    assert watched == ["INBOX", "INBOX.Spam", "INBOX.Sent"]


@pytest.mark.parametrize(
    "junk, sent",
    [
        ("Junk E-Mail", "Sent Items"),
        ("Unerw&APw-nscht", "Gesendete Objekte"),
        ("Courrier ind&AOk-sirable", "&AMk-l&AOk-ments envoy&AOk-s"),
        ("Correo no deseado", "Elementos enviados"),
        ("Posta indesiderata", "Posta inviata"),
        ("Ongewenste e-mail", "Verzonden items"),
        ("&BCEEPwQwBDw-", "&BB4EQgQ,BEAEMAQyBDsENQQ9BD0ESwQ1-"),
        ("&j,dg0TDhMPww6w-", "&kAFP4W4IMH8-"),
        ("&V4NXPpCuTvY-", "&XfJT0ZAB-"),
    ],
)
def test_folders_are_known_by_their_usual_names(junk, sent):
    watched, roles = folders(f'* LIST () "/" "{sent}"', '* LIST () "/" INBOX', f'* LIST () "/" "{junk}"')
    assert len(watched) == 3
    assert [roles[name] for name in watched] == ["inbox", "junk", "sent"]


def test_an_attribute_counts_more_than_a_name():
    watched, _ = folders(
        '* LIST () "/" Sent',
        '* LIST (\\Sent) "/" "Outgoing 2026"',
        '* LIST () "/" inbox',
        '* LIST (\\NonExistent) "/" Junk',
    )
    assert watched == ["inbox", "Outgoing 2026", "Sent"]


def test_odd_lines_do_not_hide_the_others():
    watched, roles = folders(
        "* LIST (\\HasNoChildren) NIL INBOX",
        '* LIST (\\HasNoChildren) "/" "A & B"',
        '* LIST (\\HasNoChildren) "/" {4}\r\nSent',
        '* LIST (\\HasNoChildren) "/" "with \\"quotes\\""',
        '* LIST (\\HasNoChildren) "\\\\" "x\\\\y"',
        '* LIST (\\HasNoChildren) "/" 2026',
        '* LIST (\\HasNoChildren) "/" "Junk" ("CHILDINFO" ("SUBSCRIBED"))',
    )
    assert watched == ["INBOX", "Junk", "Sent"]
    assert {"A & B", 'with "quotes"', "x\\y", "2026"} <= set(roles)


def test_configured_names_come_first_and_a_wrong_one_is_told():
    lines = ['* LIST () "/" INBOX', '* LIST () "/" "Entw&APw-rfe"', '* LIST () "/" Work']
    listing = [Expect("LIST"), Say("\r\n".join([*lines, "TAG OK done"]))]
    with scripted([*imap_start(), *listing, *BYE]) as server, connect(server) as session:
        assert [f.name for f in session.watched(["work", "Entwürfe", "Entw&APw-rfe"])] == ["Work", "Entwürfe"]
        with pytest.raises(ConfigError, match="Wrok") as caught:
            session.watched(["Wrok"])
        assert "Work" in caught.value.todo


def test_a_list_that_names_nothing_is_asked_for_again_in_the_plain_way():
    dialogue = [
        *imap_start("IMAP4rev1 SPECIAL-USE LIST-EXTENDED"),
        *(Expect('LIST "" "*" RETURN (SPECIAL-USE)'), Say("TAG OK done")),
        *(Expect('LIST "" "*"'), Say('* LIST () "/" INBOX\r\n* LIST () "/" Sent\r\nTAG OK done'), *BYE),
    ]
    with scripted(dialogue) as server, connect(server) as session:
        assert [folder.name for folder in session.watched()] == ["INBOX", "Sent"]
    assert server.heard[0].errors == []


def test_a_mailbox_without_any_folder_is_an_answer_that_cannot_be_true():
    with pytest.raises(ServerMisbehaved, match="no folder"):
        folders()


def test_the_inbox_is_read_though_the_list_leaves_it_out():
    watched, roles = folders('* LIST () "/" Sent', '* LIST (\\Junk) "/" Spam')
    assert watched == ["INBOX", "Spam", "Sent"]
    assert roles["INBOX"] == "inbox"


# reading


@pytest.mark.parametrize("capability", ["IMAP4rev1", "IMAP4rev1 X-GM-EXT-1"])
@pytest.mark.parametrize(
    "said, draft",
    [
        ("FLAGS (\\Seen) X-GM-LABELS (Work \\Inbox)", False),
        ('FLAGS (\\Seen) X-GM-LABELS ("\\\\Draft" 2026)', True),
        ("FLAGS (\\Seen) X-GM-LABELS (\\Draft)", True),
        ("FLAGS (\\Draft) X-GM-LABELS ()", True),
        ("FLAGS (\\Draft) X-GM-LABELS (\\Sent)", False),
        ("FLAGS NIL X-GM-LABELS 7", False),
        ("UID 7", False),
    ],
)
def test_a_draft_among_all_mail_is_known(capability, said, draft):
    listing = [Expect("LIST"), Say('* LIST () "/" INBOX\r\n* LIST (\\All) "/" All\r\nTAG OK done')]
    gmail = "X-GM" in capability
    fetch = [
        Expect(f"UID FETCH 7 (INTERNALDATE RFC822.SIZE FLAGS {'X-GM-LABELS ' if gmail else ''}BODY.PEEK["),
        Say(header(1, 7).replace("UID 7", f"UID 7 {said}") + "\r\nTAG OK done"),
    ]
    dialogue = [*imap_start(capability), *listing, *imap_examine(), *fetch, *BYE]
    with scripted(dialogue) as server, connect(server) as session:
        session.examine(session.role(Role.all))
        [item] = session.headers([7])
    assert item.draft is draft
    assert server.heard[0].errors == []


def test_the_flag_of_drafts_is_not_asked_for_where_copies_lie():
    listing = [Expect("LIST"), Say('* LIST () "/" INBOX\r\n* LIST (\\Sent) "/" Sent\r\nTAG OK done')]
    fetch = [Expect("UID FETCH 7 (INTERNALDATE RFC822.SIZE BODY.PEEK["), Say(header(1, 7) + "\r\nTAG OK done")]
    with scripted([*imap_start(), *listing, *imap_examine(), *fetch, *BYE]) as server, connect(server) as session:
        session.examine(session.role(Role.sent))
        assert [item.draft for item in session.headers([7])] == [False]
    assert server.heard[0].errors == []


@pytest.mark.parametrize(
    "words", ["NO [THROTTLED] slow", "BAD Request is throttled. Suggested Backoff Time: 299961 ms"]
)
@pytest.mark.parametrize("command", ["EXAMINE", "UID SEARCH", "UID FETCH", "LIST"])
def test_a_server_that_asks_for_patience_counts_as_away(command, words):
    opened = [] if command in ("EXAMINE", "LIST") else imap_examine()
    dialogue = [*imap_start(), *opened, Expect(command), Say(f"TAG {words}"), *BYE]

    def ask(session: imap.ImapSession) -> None:
        if command == "LIST":
            session.folders()
        session.examine("INBOX")
        if command == "UID SEARCH":
            session.uids_from(5)
        list(session.headers([7]))

    with (
        scripted(dialogue) as server,
        connect(server) as session,
        pytest.raises(ServerUnreachable, match="patience") as caught,
    ):
        ask(session)
    assert words.partition(" ")[2][:12] in str(caught.value)


def test_the_last_message_is_not_taken_for_a_new_one():
    search = [Expect("UID SEARCH UID 50:*"), Say("* SEARCH 42\r\nTAG OK done")]
    with scripted([*imap_start(), *imap_examine(), *search, *BYE]) as server, connect(server) as session:
        session.examine("INBOX")
        assert session.uids_from(50) == []


@pytest.mark.parametrize(
    "answer, uids",
    [
        ("* SEARCH 9 7 8", [7, 8, 9]),
        ("* SEARCH 7 8\r\n* SEARCH 9", [7, 8, 9]),
        ("* SEARCH", []),
        ("* SEARCH 7 8 (MODSEQ 917162500)", [7, 8]),
        ("* 3 EXISTS\r\n* SEARCH 7", [7]),
        ("* OK nothing", []),
    ],
)
def test_answers_to_search_come_in_many_forms(answer, uids):
    dialogue = [*imap_start(), *imap_examine(), Expect("UID SEARCH"), Say(f"{answer}\r\nTAG OK done"), *BYE]
    with scripted(dialogue) as server, connect(server) as session:
        session.examine("INBOX")
        assert session.uids_from(5) == uids


def test_uids_come_by_fetch_where_search_fails():
    dialogue = [
        *imap_start(),
        *imap_examine(),
        *(Expect("UID SEARCH"), Say("TAG NO [SERVERBUG] SEARCH Server error - Please try again later")),
        *(Expect("UID FETCH 5:* (UID)"), Say("* 1 FETCH (UID 5)\r\n* 2 FETCH (UID 8 FLAGS ())\r\nTAG OK done")),
        *BYE,
    ]
    with scripted(dialogue) as server, connect(server) as session:
        session.examine("INBOX")
        assert session.uids_from(5) == [5, 8]


def test_a_very_long_answer_is_read():
    many = " ".join(map(str, range(1_000_000, 1_200_000)))
    dialogue = [*imap_start(), *imap_examine(), Expect("UID SEARCH"), Say(f"* SEARCH {many}\r\nTAG OK done"), *BYE]
    with scripted(dialogue) as server, connect(server) as session:
        session.examine("INBOX")
        assert len(session.uids_from(1)) == 200_000


def test_uidnext_is_worked_out_where_the_server_leaves_it_out():
    examine = [Expect("EXAMINE"), Say("* 3 EXISTS\r\n* OK [UIDVALIDITY 9] ok\r\nTAG OK done")]
    dialogue = [*imap_start(), *examine, Expect("UID SEARCH UID *"), Say("* SEARCH 41\r\nTAG OK done"), *BYE]
    with scripted(dialogue) as server, connect(server) as session:
        assert session.examine("INBOX") == (9, 42, 3, False)


def read_headers(uids, *fetches, alive=""):
    search = [Expect("UID SEARCH UID"), Say(f"* SEARCH {alive}\r\nTAG OK done")]
    dialogue = [*imap_start(), *imap_examine()]
    for fetch in fetches:
        dialogue += fetch
    with scripted([*dialogue, *search, *BYE]) as server, connect(server) as session:
        session.examine("INBOX")
        items = list(session.headers(uids))
    assert server.heard[0].errors in ([], [f"expected 'UID SEARCH UID', got {server.heard[0].lines[-1]!r}"])
    return items


def test_headers_come_with_size_and_date():
    [item] = read_headers([7], fetched(header(1, 7)))
    assert item[:4] == (7, datetime(2026, 7, 17, 9, 44, 25, tzinfo=UTC), 14, b"Subject: x\r\n\r\n")
    assert not item.draft


def test_a_message_that_vanished_is_left_out():
    items = read_headers([7, 8], fetched(header(1, 7)), fetched(), fetched(), alive="")
    assert [item.uid for item in items] == [7]


def test_a_message_that_is_withheld_is_reported():
    no_body = '* 2 FETCH (UID 8 INTERNALDATE "17-Jul-2026 02:44:25 +0000" RFC822.SIZE 5)'
    items = read_headers([7, 8], fetched(header(1, 7), no_body), fetched(no_body), fetched(no_body), alive="8")
    assert [(item.uid, item.headers is None, item.asked) for item in items] == [(7, False, True), (8, True, True)]


def test_a_message_left_out_of_a_long_answer_is_asked_for_again():
    items = read_headers([7, 8], fetched(header(1, 7)), fetched(header(2, 8)))
    assert [item.uid for item in items] == [7, 8]


def test_a_range_that_fails_is_halved_around_the_bad_message():
    refused = [Expect("UID FETCH"), Say("TAG NO [SERVERBUG] UID FETCH Server error")]
    items = read_headers(
        [6, 7, 8, 9],
        refused,  # 6-9
        fetched(header(1, 6), header(2, 7)),
        refused,  # 8-9
        refused,  # 8
        refused,  # 8, the whole header
        fetched(header(4, 9)),
        alive="8",
    )
    assert [(item.uid, item.headers is None) for item in items] == [(6, False), (7, False), (8, True), (9, False)]


def test_an_answer_that_breaks_the_grammar_is_halved_too():
    garbled = "* 2 FETCH (UID 8 INTERNALDATE)"
    items = read_headers(
        [7, 8],
        fetched(header(1, 7), garbled),
        fetched(header(1, 7)),
        fetched(garbled),
        fetched(garbled),
        alive="8",
    )
    assert [(item.uid, item.headers is None) for item in items] == [(7, False), (8, True)]


@pytest.mark.parametrize("literal", ["{0}\r\n", '""', "NIL"])
def test_an_empty_header_is_none_and_the_whole_header_is_asked_for(literal):
    """A mail whose header names no sender is of no concern to anybody; one that could not be read may be."""
    empty = f"* 1 FETCH (UID 7 RFC822.SIZE 900 BODY[HEADER.FIELDS (FROM)] {literal})"
    [item] = read_headers([7], fetched(empty), fetched(header(1, 7, "From: a@b\r\n\r\n", "BODY[HEADER]")))
    assert item.headers == b"From: a@b\r\n\r\n"
    again = f"* 1 FETCH (UID 7 RFC822.SIZE 900 BODY[HEADER] {literal})"
    [item] = read_headers([7], fetched(empty), fetched(again), alive="7")
    assert (item.headers, item.asked) == (None, True)


def test_a_mail_without_a_byte_is_no_failure():
    [item] = read_headers([7], fetched("* 1 FETCH (UID 7 RFC822.SIZE 0 BODY[HEADER.FIELDS (FROM)] {0}\r\n)"))
    assert item.headers == b""


def test_a_long_answer_that_stops_is_asked_for_again_until_all_came():
    uids = list(range(11, 21))
    parts = [fetched(*(header(uid, uid) for uid in part)) for part in (uids[:4], uids[4:8], uids[8:])]
    assert [item.uid for item in read_headers(uids, *parts) if item.headers] == uids


def test_what_was_not_asked_for_alone_is_told_from_what_was_withheld():
    """Sixty times nothing, the ones alone tried in two ways, and it is left for the next reading."""
    uids = list(range(101, 301))
    nothing = [Expect("UID FETCH"), Say("TAG NO [SERVERBUG] UID FETCH Server error")]
    items = read_headers(uids, *[nothing] * 88, alive=" ".join(map(str, uids)))
    assert [item.uid for item in items] == uids
    assert {item.headers for item in items} == {None}
    assert [item.uid for item in items if item.asked] == uids[:28]


@pytest.mark.parametrize("when", ["NIL", '"nonsense"'])
def test_a_date_that_cannot_be_read_is_none(when):
    line = f"* 1 FETCH (UID 7 INTERNALDATE {when} RFC822.SIZE 4 BODY[HEADER.FIELDS (X)] {{2}}\r\n\r\n)"
    [item] = read_headers([7], fetched(line))
    assert (item.internaldate, item.headers) == (None, b"\r\n")


def test_other_peoples_messages_in_the_answer_are_ignored():
    stray = "* 9 FETCH (FLAGS (\\Seen) UID 99)"
    items = read_headers([7], fetched(stray, header(1, 7)))
    assert [item.uid for item in items] == [7]


def read_body(*steps, size=10):
    with scripted([*imap_start(), *imap_examine(), *steps, *BYE]) as server, connect(server) as session:
        session.examine("INBOX")
        body = session.body(7, size)
    assert server.heard[0].errors == []
    return body


def body(text: str, name: str = "BODY[]") -> str:
    return f"* 1 FETCH (UID 7 {name} {{{len(text)}}}\r\n{text})"


def test_a_body_is_peeked_at():
    assert (
        read_body([Expect("UID FETCH 7 (BODY.PEEK[])")][0], Say(body("a\r\n\r\nb") + "\r\nTAG OK done"))
        == b"a\r\n\r\nb"
    )


def test_a_body_that_comes_in_halves_only():
    whole = fetched("* 1 FETCH (UID 7 FLAGS ())")
    halves = fetched(
        "* 1 FETCH (UID 7 BODY[HEADER] {8}\r\nX: y\r\n\r\n BODY[TEXT] {4}\r\nabcd)",
    )
    assert read_body(*whole, *halves) == b"X: y\r\n\r\nabcd"


@pytest.mark.parametrize("answer", ["* 1 FETCH (UID 7 BODY[] NIL)", '* 1 FETCH (UID 7 BODY[] "")', "* OK no"])
def test_a_body_that_is_withheld_is_none(answer):
    assert read_body(*fetched(answer), *fetched(answer)) is None


def test_a_huge_mail_is_read_at_its_beginning():
    piece = "x" * 500_000
    steps = []
    for start in range(0, 2_000_000, 500_000):
        steps += [
            Expect(f"UID FETCH 7 (BODY.PEEK[]<{start}.500000>)"),
            Say(body(piece, f"BODY[]<{start}>") + "\r\nTAG OK ok"),
        ]
    assert len(read_body(*steps, size=60_000_000)) == 2_000_000


@pytest.mark.parametrize(
    "end", [[Cut()], [Say("* 1 FETCH (UID 7 BODY[] {100}\r\nabc"), Cut()], [Say("* BYE gone"), Cut()]]
)
def test_a_connection_lost_while_reading_is_told(end):
    with scripted([*imap_start(), *imap_examine(), Expect("UID FETCH"), *end]) as server, connect(server) as session:
        session.examine("INBOX")
        with pytest.raises(ServerUnreachable):
            session.body(7, 10)


def test_a_folder_that_cannot_be_opened_is_told():
    dialogue = [*imap_start(), Expect("EXAMINE"), Say("TAG NO [NONEXISTENT] no such folder"), *BYE]
    with scripted(dialogue) as server, connect(server) as session, pytest.raises(ServerMisbehaved, match="Gone"):
        session.examine("Gone")


# finding


def sent(seq: int, uid: int, *lines: str) -> str:
    return header(seq, uid, "".join(f"{line}\r\n" for line in lines) + "\r\n")


def find(*steps, exists=2):
    with scripted([*imap_start(), *imap_examine(exists), *steps, *BYE]) as server, connect(server) as session:
        found = session.find_message_id("Sent", "<a!&!b@x.example>", date(2026, 3, 1))
    assert server.heard[0].errors == []
    return found


def search(uids: str, end: str = "TAG OK done", criteria: str = "UID SEARCH"):
    return [Expect(criteria), Say(f"* SEARCH {uids}\r\n{end}")]


def test_a_hit_of_search_is_checked():
    steps = [
        *search("7", criteria='UID SEARCH HEADER Message-ID "<a!&!b@x.example>"'),
        *search("", criteria="UID SEARCH HEADER X-Microsoft-Original-Message-ID"),
        *fetched(sent(1, 7, "Message-ID: <other@x.example>")),
        *search("7 8", criteria="UID SEARCH SINCE 28-Feb-2026"),
        *fetched(sent(2, 8, "Message-Id:", " <a!&!b@x.example>")),
    ]
    assert find(*steps) == [8]


def test_an_id_that_outlook_replaced_is_found():
    hit = fetched(sent(1, 7, "Message-ID: <new@outlook.example>", "X-Microsoft-Original-Message-ID: <a!&!b@x.example>"))
    assert find(*search(""), *search("7"), *hit) == [7]


def test_an_id_is_found_where_search_does_not_work_at_all():
    no = "TAG NO [SERVERBUG] no"
    steps = [
        *(search("", no) + search("", no) + search("", no)),
        *search("7 8", criteria="UID SEARCH UID 1:*"),
        *fetched(sent(1, 7, "Message-ID: <x@y>"), sent(2, 8, "Message-ID: <a!&!b@x.example>")),
    ]
    assert find(*steps) == [8]


def test_an_empty_folder_is_not_searched():
    assert find(exists=0) == []


def test_mails_to_somebody_are_checked_by_whole_address():
    hits = fetched(
        sent(1, 7, 'To: "Doe, Jane" <Jane@Example.org>', "Message-ID: <1@x>", "X-Askaround-Token: t1"),
        sent(2, 8, "To: maryjane@example.org"),
        sent(3, 9, "To: x@example.org", "Cc: y@example.org,", " jane@example.org"),
    )
    steps = [*search("7 8 9", criteria='UID SEARCH SINCE 01-Mar-2026 OR OR TO "jane@example.org" CC'), *hits]
    with scripted([*imap_start(), *imap_examine(3), *steps, *BYE]) as server, connect(server) as session:
        found = session.find_written_to("Sent", "jane@example.org", date(2026, 3, 2))
    assert [(w.uid, w.message_id, w.token) for w in found] == [(7, "<1@x>", "t1"), (9, None, None)]
    assert server.heard[0].errors == []


# filing


def test_a_mail_is_filed_and_its_folder_made_where_it_is_missing():
    dialogue = [
        *imap_start(),
        *(Expect("APPEND"), Say("TAG NO [TRYCREATE] no such folder")),
        *(Expect("CREATE"), Say("TAG OK made")),
        *(Expect("APPEND"), Say("+ go"), Expect("Subject: x"), Expect(""), Expect("b"), Expect("")),
        *(Say("TAG OK [APPENDUID 38505 3955] done"), Expect("SUBSCRIBE"), Say("TAG NO I keep no such list"), *BYE),
    ]
    with scripted(dialogue) as server, connect(server) as session:
        assert session.append("Gesendet", b"Subject: x\r\n\r\nb\r\n") == 3955
    assert server.heard[0].errors == []
    assert [line.split()[1] for line in server.heard[0].lines[2:5]] == ["APPEND", "CREATE", "APPEND"]
    assert "(\\Seen)" in server.heard[0].lines[4]

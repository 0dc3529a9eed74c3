"""Where a copy is filed: folders that are not there, below INBOX, or open read-only."""

from __future__ import annotations

import pytest

from tests.mailbox.test_imap_oddities import BYE, connect
from tests.servers.scripted import Expect, Say, Step, imap_examine, imap_start, scripted
from worker.errors import ServerMisbehaved, ServerUnreachable
from worker.mailbox.folders import own_prefix

MAIL = b"Subject: x\r\n\r\nb\r\n"
TAKEN = [Say("+ go"), Expect("Subject: x"), Expect(""), Expect("b"), Expect(""), Say("TAG OK done")]


def made(name: str) -> list[Step]:
    """The dialogue about a folder that is not there yet."""
    return [
        *(Expect(f'APPEND "{name}"'), Say("TAG NO [TRYCREATE] no such folder")),
        *(Expect(f'CREATE "{name}"'), Say("TAG OK made")),
        *(Expect(f'APPEND "{name}"'), *TAKEN),
        *(Expect(f'SUBSCRIBE "{name}"'), Say("TAG OK done")),
    ]


def listing(*lines: str) -> list[Step]:
    return [Expect("LIST"), Say("\r\n".join([*lines, "TAG OK done"]))]


def filed(capabilities: str, *steps: Step, folder: str = "Sent") -> None:
    with scripted([*imap_start(capabilities), *steps, *BYE]) as server, connect(server) as session:
        session.folders()
        session.append(folder, MAIL)
    assert server.heard[0].errors == []
    assert server.heard[0].lines[-1].endswith("LOGOUT")


@pytest.mark.parametrize(
    "answer, name",
    [
        ('(("INBOX." ".")) NIL NIL', "INBOX.Sent"),
        ('(("INBOX/" "/")) (("user/" "/")) (("" "/"))', "INBOX/Sent"),
        ('(("" "/")) NIL NIL', "Sent"),
        ('(("" "/")("#mh/" "/")) NIL NIL', "Sent"),
        ("NIL NIL NIL", "Sent"),
        ('(("Mail/" "/" "X-PARAM" ("x"))) NIL NIL', "Mail/Sent"),
    ],
)
def test_a_missing_folder_is_made_where_ones_own_folders_are(answer: str, name: str) -> None:
    filed(
        "IMAP4rev1 NAMESPACE",
        *listing('* LIST () "." INBOX'),
        *(Expect("NAMESPACE"), Say(f"* NAMESPACE {answer}\r\nTAG OK done")),
        *made(name),
    )


def test_without_an_answer_about_namespaces_it_is_tried_below_inbox() -> None:
    filed(
        "IMAP4rev1",
        *listing('* LIST () "." INBOX'),
        *(Expect('APPEND "Sent"'), Say("TAG NO [TRYCREATE] no such folder")),
        *(Expect('CREATE "Sent"'), Say("TAG NO Invalid mailbox name.")),
        *made("INBOX.Sent"),
    )


def test_a_refused_question_about_namespaces_is_none() -> None:
    filed(
        "IMAP4rev1 NAMESPACE",
        *listing('* LIST () "/" INBOX'),
        *(Expect("NAMESPACE"), Say("TAG BAD what?")),
        *made("Sent"),
    )


def test_a_folder_that_is_there_is_not_looked_for_elsewhere() -> None:
    filed(
        "IMAP4rev1 NAMESPACE",
        *listing('* LIST () "." INBOX', '* LIST () "." "Gesendete Objekte"'),
        *(Expect('APPEND "Gesendete Objekte"'), *TAKEN),
        folder="Gesendete Objekte",
    )


def test_a_folder_that_is_open_read_only_is_left_first() -> None:
    refused = "TAG NO append failed: Current box is selected READ-ONLY."
    steps = [
        *listing('* LIST () "." INBOX', '* LIST () "." INBOX.Sent'),
        *imap_examine(),
        *(Expect('APPEND "INBOX.Sent"'), Say(refused)),
        *imap_examine(),
        *(Expect('APPEND "INBOX.Sent"'), *TAKEN),
        *BYE,
    ]
    with scripted([*imap_start(), *steps]) as server, connect(server) as session:
        sent = next(one for one in session.folders() if one.name == "INBOX.Sent")
        session.examine(sent)
        session.append(sent, MAIL)
    assert server.heard[0].errors == []
    assert 'EXAMINE "INBOX"' in server.heard[0].lines[5]


def test_a_folder_that_takes_nothing_is_told() -> None:
    steps = [*listing('* LIST () "." INBOX'), *imap_examine(), Expect("APPEND"), Say("TAG NO [OVERQUOTA] full"), *BYE]
    with scripted([*imap_start(), *steps]) as server, connect(server) as session:
        inbox = session.folders()[0]
        session.examine(inbox)
        with pytest.raises(ServerMisbehaved, match="full"):
            session.append(inbox, MAIL)
    assert server.heard[0].errors == []


def test_a_line_that_breaks_while_filing_is_not_tried_elsewhere() -> None:
    steps = [*listing('* LIST () "." INBOX'), Expect("APPEND"), Say("* BYE gone")]
    with scripted([*imap_start(), *steps]) as server, connect(server) as session:
        session.folders()
        with pytest.raises(ServerUnreachable):
            session.append("Sent", MAIL)
    assert [line.split()[1] for line in server.heard[0].lines].count("APPEND") == 1


@pytest.mark.parametrize("line", [None, b"", b"NIL NIL NIL", b"((", b"()", b"((NIL"])
def test_odd_answers_about_namespaces_name_no_prefix(line: object) -> None:
    assert own_prefix([line]) == ""

"""Absences, receipts, complaints, tickets, lists: what no person wrote, and the people who look like it."""

from __future__ import annotations

import pytest

from tests.reading.letters import mail, multipart
from worker.conversation.vocabulary import Context, Intent, Kind
from worker.reading import text_hash
from worker.reading.reader import examine, read

OWN = Context(own_addresses=frozenset({"max@owner.example"}))


def kind(body: str = "Gladly.", **fields: str) -> Kind:
    return examine(mail(body, **fields), OWN).kind


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Hello",
        "Auto-Reply: Hello",
        "Out of Office: Hello",
        "Out of office Re: Hello",
        "AUTO: Anna is out of the office (returning 12/03)",
        "Abwesenheitsnotiz: Hallo",
        "Automatische Antwort: Hallo",
        "Abwesend: Hallo",
        "Réponse automatique : Bonjour",
        "Absence du bureau",
        "Respuesta automática: Hola",
        "Fuera de la oficina",
        "Resposta automática: Olá",
        "Risposta automatica: Ciao",
        "Automatisch antwoord: Hallo",
        "Afwezigheidsbericht",
        "Automatiskt svar: Hej",
        "Automaattinen vastaus: Hei",
        "Odpowiedź automatyczna: Cześć",
        "Автоответ: Привет",
        "自動返信: こんにちは",
        "自动答复: 你好",
    ],
)
def test_subjects_that_only_a_machine_writes(subject: str) -> None:
    found = examine(mail("I am away.", subject=subject), OWN)
    assert found.kind is Kind.auto_reply
    assert not found.human


@pytest.mark.parametrize(
    "subject",
    [
        "Re: Automatic reply: Hello",
        "AW: Abwesenheitsnotiz",
        "Vacation plans and a chat",
        "Automatic transmission question",
        "Urlaub und Gespräch",
        "Office hours on Tuesday",
        "Auto repair",
        "Out of the blue: your mail",
        "Read: a good book",
    ],
)
def test_subjects_of_people(subject: str) -> None:
    found = examine(mail("I would like to talk.", subject=subject), OWN)
    assert found.kind is Kind.reply
    assert found.human


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"Auto_Submitted": "auto-replied"}, Kind.auto_reply),
        ({"Auto_Submitted": "auto-generated (vacation)"}, Kind.auto_reply),
        ({"Auto_Submitted": "no"}, Kind.reply),
        ({"X_Autoreply": "yes"}, Kind.auto_reply),
        ({"X_Autorespond": "Hello"}, Kind.auto_reply),
        ({"X_Autoreply": "no"}, Kind.reply),
        ({"Precedence": "auto_reply"}, Kind.auto_reply),
        ({"Precedence": "bulk"}, Kind.reply),
        ({"Precedence": "bulk", "sender": "noreply@contact.example"}, Kind.auto_reply),
        ({"X_Auto_Response_Suppress": "All"}, Kind.reply),
        ({"Return_Path": "<>"}, Kind.auto_reply),
        ({"List_Id": "<friends.x.example>"}, Kind.list),
        ({"List_Id": "<friends.x.example>", "In_Reply_To": "<ask@owner.example>"}, Kind.reply),
        ({"sender": "Max <MAX@owner.example>"}, Kind.own),
    ],
)
def test_fields(fields: dict[str, str], expected: Kind) -> None:
    assert kind(**fields) is expected


@pytest.mark.parametrize("known, expected", [("<ask@owner.example>", Kind.reply), ("<ano@ther.example>", Kind.list)])
def test_what_a_list_sends_is_an_answer_where_it_names_a_mail_of_our_thread(known: str, expected: Kind) -> None:
    raw = mail("Gladly.", List_Id="<friends.x.example>", References="<x@x.example> <ask@owner.example>")
    assert examine(raw, Context(own_addresses=OWN.own_addresses, known_ids=frozenset({known}))).kind is expected


def test_a_letter_that_calls_itself_automatic() -> None:
    assert kind("This is an automated message. We will get back to you.") is Kind.auto_reply
    assert kind("Diese E-Mail wurde automatisch erstellt.") is Kind.auto_reply
    assert kind("Ceci est une réponse automatique. Je suis absente.") is Kind.auto_reply
    assert kind("This is not an automated message: I really read it.") is Kind.reply


def test_an_absence_without_any_sign_is_a_reply() -> None:
    found = read(mail("I am out of the office until 12 May 2026 and will answer then."), OWN)
    assert found.kind is Kind.reply
    assert found.intent is Intent.out_of_office


@pytest.mark.parametrize(
    ("subject", "sender", "body"),
    [
        (
            "[Ticket #12345] Thirty minutes",
            "Support <support@contact.example>",
            "Thank you for contacting us. Your request has been received and a ticket (#12345) was created.",
        ),
        (
            "Re: Thirty minutes",
            "ACME <noreply@help.example>",
            "## Please type your reply above this line ##\n\nYour request (12345) has been received and is"
            " being reviewed.",
        ),
    ],
)
def test_a_ticket_robot_says_nothing_about_the_person(subject: str, sender: str, body: str) -> None:
    found = examine(mail(body, subject=subject, sender=sender), OWN)
    assert (found.kind, found.intent, found.human) == (Kind.auto_reply, Intent.other, False)


def test_a_person_who_got_the_message_is_no_robot() -> None:
    assert kind("Thanks, your message was received. I am glad to talk on Tuesday.") is Kind.reply


def test_a_challenge_asks_for_proof() -> None:
    body = "Your message is being held. Please click the link below to confirm that you are human and not a spammer."
    found = examine(mail(body, subject="Please confirm your message", sender="noreply@filter.example"), OWN)
    assert (found.kind, found.intent) == (Kind.auto_reply, Intent.other)


def test_receipts() -> None:
    report = multipart(
        "report",
        "Content-Type: text/plain\n\nThe message was displayed.",
        "Content-Type: message/disposition-notification\n\nDisposition: manual-action/MDN-sent-manually; displayed",
        parameters="; report-type=disposition-notification",
    )
    assert examine(report, OWN).kind is Kind.receipt
    assert (
        kind("Your message\n\nTo: Anna\nSubject: Hello\n\nwas read on Tuesday.", subject="Read: Hello") is Kind.receipt
    )
    assert kind("Ihre Nachricht\n\nAn: Anna\n\nwurde am Dienstag gelesen.", subject="Gelesen: Hallo") is Kind.receipt


def test_a_complaint_is_an_opt_out() -> None:
    report = multipart(
        "report",
        "Content-Type: text/plain\n\nThis is an abuse report.",
        "Content-Type: message/feedback-report\n\nFeedback-Type: abuse\nVersion: 1",
        parameters="; report-type=feedback-report",
    )
    found = examine(report, OWN)
    assert (found.kind, found.intent, found.human) == (Kind.complaint, Intent.opt_out, False)


def test_a_program_that_unsubscribes_somebody() -> None:
    body = "A mail program sent this email to unsubscribe."
    found = examine(mail(body, subject="unsubscribe", X_Apple_Unsubscribe="true", Auto_Submitted="auto-replied"), OWN)
    assert (found.kind, found.intent) == (Kind.complaint, Intent.opt_out)
    assert kind("Please unsubscribe me.", subject="unsubscribe") is Kind.reply


def test_an_empty_answer_is_a_persons() -> None:
    for body in ("", "\n\n", "On Tue, 3 Mar 2026, Max <max@owner.example> wrote:\n> thirty minutes?"):
        found = examine(mail(body), OWN)
        assert (found.kind, found.intent, found.human, found.new_text) == (Kind.reply, Intent.other, True, "")


@pytest.mark.parametrize("raw", [b"", b"\n\n", b"\x00\x01\x02\xff\xfe" * 50, bytes(range(256)) * 10])
def test_bytes_that_nobody_can_read(raw: bytes) -> None:
    assert examine(raw, OWN).kind is Kind.unreadable


def test_a_readable_sender_is_enough_to_stop_what_follows() -> None:
    found = examine(b"From: anna@contact.example\nIn-Reply-To: <a@owner.example>\n\n\xff\xfe\x00\x01", OWN)
    assert found.kind is Kind.reply
    assert found.human


def test_the_hash_is_of_the_text_wherever_the_mail_lies() -> None:
    raw = mail("Gladly.")
    moved = b"X-Moved: yes\r\n" + raw.replace(b"\n", b"\r\n")
    assert text_hash(raw) == text_hash(moved)
    assert text_hash(raw) != text_hash(mail("Gladly!"))
    assert text_hash(b"") == text_hash(b"")

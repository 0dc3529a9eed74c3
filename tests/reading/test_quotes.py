"""The new text alone: quotes, banners, contact blocks and notices of the common programs in seven languages."""

from __future__ import annotations

import time

import pytest

from worker.reading.quotes import divide

ORIGINAL = "Dear Anna,\nwould you have thirty minutes?\nBest,\nMax"
MARKED = "\n".join(f"> {line}" for line in ORIGINAL.split("\n"))
ANSWER = "Hi Max,\n\nhappy to help. How about Tuesday?\n\nBest,\nAnna"

ATTRIBUTIONS = [
    "On Tue, Mar 3, 2026 at 10:00 AM Max Muster <max@owner.example> wrote:",
    "On Tue, Mar 3, 2026 at 10:00 AM Max Muster\n<max@owner.example>\nwrote:",
    "On Mar 3, 2026, at 10:00 AM, Max Muster <max@owner.example> wrote:",
    "On 3/3/26 10:00, Max Muster wrote:",
    "On Tuesday, March 3rd, 2026 at 10:00 AM, Max Muster <max@owner.example> wrote:",
    "---- On Tue, 03 Mar 2026 10:00:00 +0100 Max Muster <max@owner.example> wrote ---",
    "2026-03-03 10:00 GMT+01:00 Max Muster <max@owner.example>:",
    "Max Muster <max@owner.example> writes:",
    "Quoting Max Muster <max@owner.example>:",
    "Am Di., 3. März 2026 um 10:00 Uhr schrieb Max Muster <max@owner.example>:",
    "Am 03.03.2026 um 10:00 schrieb Max Muster <max@owner.example>:",
    "Am 3. März 2026 10:00:00 MEZ schrieb Max Muster <max@owner.example>:",
    "Max Muster <max@owner.example> schrieb am Di., 3. März 2026, 10:00:",
    "Max Muster schrieb:",
    "Zitat von Max Muster <max@owner.example>:",
    "Le mar. 3 mars 2026 à 10:00, Max Muster <max@owner.example> a écrit :",
    "Le 03/03/2026 à 10:00, Max Muster a écrit :",
    "El mar, 3 mar 2026 a las 10:00, Max Muster (<max@owner.example>) escribió:",
    "El 3/3/26 a las 10:00, Max Muster escribió:",
    "Em ter., 3 de mar. de 2026 às 10:00, Max Muster <max@owner.example> escreveu:",
    "No dia 3 de mar. de 2026, às 10:00, Max Muster <max@owner.example> escreveu:",
    "Il giorno mar 3 mar 2026 alle ore 10:00 Max Muster <max@owner.example> ha\nscritto:",
    "Il 03/03/26 10:00, Max Muster ha scritto:",
    "Op di 3 mrt 2026 om 10:00 schreef Max Muster <max@owner.example>:",
    "Op 3 mrt. 2026 om 10:00 heeft Max Muster <max@owner.example> het volgende geschreven:",
    "Den tis 3 mars 2026 kl 10:00 skrev Max Muster <max@owner.example>:",
    "wt., 3 mar 2026 o 10:00 Max Muster <max@owner.example> napisał(a):",
    "вт, 3 мар. 2026 г. в 10:00, Max Muster <max@owner.example>:",
    "2026年3月3日(火) 10:00 Max Muster <max@owner.example>:",
    "Max Muster <max@owner.example> 于2026年3月3日周二 10:00写道:",
]

HEADERS = [
    "________________________________\nFrom: Max Muster\nSent: Tuesday, March 3, 2026 10:00 AM\nTo: Anna\nSubject: x",
    "________________________________________\nVon: Max\nGesendet: Dienstag, 3. März 2026 10:00\nAn: Anna\nBetreff: x",
    "De : Max Muster\nEnvoyé : mardi 3 mars 2026 10:00\nÀ : Anna\nObjet : x",
    "De: Max Muster\nEnviado el: martes, 3 de marzo de 2026 10:00\nPara: Anna\nAsunto: x",
    "De: Max Muster\nEnviada em: terça-feira, 3 de março de 2026\nPara: Anna\nAssunto: x",
    "Da: Max Muster\nInviato: martedì 3 marzo 2026 10:00\nA: Anna\nOggetto: x",
    "Van: Max Muster\nVerzonden: dinsdag 3 maart 2026 10:00\nAan: Anna\nOnderwerp: x",
    'Gesendet: Dienstag, 03. März 2026 um 10:00 Uhr\nVon: "Max" <max@owner.example>\nAn: anna\nBetreff: x',
    "*From:* Max Muster\n*Sent:* Tuesday, March 3, 2026\n*To:* Anna\n*Subject:* x",
    "-----Original Message-----\nFrom: Max Muster\nDate: Tue, 3 Mar 2026\nTo: Anna\nSubject: x",
    "-------- Original message --------\nFrom: Max Muster\nDate: 3/3/26 10:00 (GMT+01:00)\nTo: Anna\nSubject: x",
    "-------- Ursprüngliche Nachricht --------\nVon: Max\nDatum: 03.03.26 10:00\nAn: Anna\nBetreff: x",
    "‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐\nOn Tuesday, March 3, 2026 10:00 AM, Max <max@owner.example> wrote:",
    "---------- Forwarded message ---------\nFrom: Max Muster\nDate: Tue, Mar 3, 2026\nSubject: x\nTo: Anna",
    "Begin forwarded message:\n\nFrom: Max Muster\nSubject: x\nDate: 3 March 2026\nTo: Anna",
    "差出人: Max\n送信日時: 2026年3月3日 10:00\n宛先: Anna\n件名: x",
    "发件人：Max\n发送时间：2026年3月3日 10:00\n收件人：Anna\n主题：x",
]


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
def test_a_marked_quote_goes_with_its_attribution(attribution: str) -> None:
    assert divide(f"{ANSWER}\n\n{attribution}\n\n{MARKED}").new == ANSWER


@pytest.mark.parametrize(
    "attribution", [one for one in ATTRIBUTIONS if "@" in one and "\n" not in one][:1] + ATTRIBUTIONS[2:5]
)
def test_an_unmarked_quote_goes_too(attribution: str) -> None:
    assert divide(f"{ANSWER}\n\n{attribution}\n\n{ORIGINAL}").new == ANSWER


@pytest.mark.parametrize("block", HEADERS)
def test_a_header_block_begins_the_quote(block: str) -> None:
    assert divide(f"{ANSWER}\n\n{block}\n\n{ORIGINAL}").new == ANSWER


@pytest.mark.parametrize(
    "attribution",
    [
        "On Tue, 3 Mar 2026 10:00:11 +0100 Max Muster <max@owner.example> wrote",
        "ti 3. maaliskuuta 2026 klo 10.00 Max Muster\n<max@owner.example> kirjoitti:",
        "On Tue, Mar 3, 2026 at 10:00 AM Max Muster\n\n<\nmailto:Max Muster <max@owner.example>\n> wrote:",
    ],
)
def test_an_attribution_without_its_marks(attribution: str) -> None:
    assert divide(f"{ANSWER}\n\n{attribution}\n\n{ORIGINAL}").new == ANSWER


@pytest.mark.parametrize("verb", ["wrote:", "schrieb:", "a écrit :", "escribió:", "ha scritto:"])
def test_the_quote_may_begin_on_the_line_of_its_attribution(verb: str) -> None:
    attribution = f"  On Tue, Mar 3, 2026 at 10:00, Max Muster<max@owner.example> {verb}"
    assert divide(f"{ANSWER}\n\n{attribution}   {ORIGINAL}").new == ANSWER


def test_an_attribution_with_no_verb_but_a_quote_below() -> None:
    assert divide(f"{ANSWER}\n\n3 Mar 2026, 10:00 by max@owner.example:\n\n{MARKED}").new == ANSWER


def test_a_link_that_lost_its_mark_is_no_answer() -> None:
    torn = "> thirty minutes?\n (https://owner.example/tom) >\n> see (https://owner.example/\nabc_def=12)\n> Tom"
    assert divide(f"{ANSWER}\n\n{ATTRIBUTIONS[0]}\n{torn}").new == ANSWER
    link = "> When?\n\nhttps://cal.example/anna\n\n> How?\n\nZoom."
    assert divide(f"{ATTRIBUTIONS[0]}\n{link}").new == "https://cal.example/anna\n\nZoom."


def test_the_attribution_may_be_quoted_as_well() -> None:
    quoted = "> On Mar 3, 2026, at 10:00, Max <max@owner.example> wrote:\n>\n" + MARKED
    assert divide(f"{ANSWER}\n\n{quoted}").new == ANSWER


@pytest.mark.parametrize(
    "footer", ["Sent from my iPhone", "Von meinem iPhone gesendet", "Envoyé de mon iPhone", "Get Outlook for iOS"]
)
def test_a_devices_line_stays(footer: str) -> None:
    assert divide(f"{ANSWER}\n\n{footer}\n\n{ATTRIBUTIONS[0]}\n{MARKED}").new == f"{ANSWER}\n\n{footer}"


def test_inline_answers_stay_with_what_they_answer() -> None:
    text = (
        f"Hi Max,\n\n{ATTRIBUTIONS[0]}\n> Would you have thirty minutes?\n\nYes.\n\n> On which day?\n\nTuesday.\n\nAnna"
    )
    found = divide(text)
    assert found.new == "Hi Max,\n\nYes.\n\nTuesday.\n\nAnna"
    assert found.inline == (("Would you have thirty minutes?", "Yes."), ("On which day?", "Tuesday.\n\nAnna"))


def test_an_answer_below_the_quote() -> None:
    assert divide(f"{ATTRIBUTIONS[0]}\n{MARKED}\n\nYes, gladly.\n\nAnna").new == "Yes, gladly.\n\nAnna"


def test_a_quoted_line_that_was_broken_in_two_is_no_answer() -> None:
    long = "> this quoted line is so long that somebody's program broke it into two pieces and\nlost a mark\n> here"
    assert divide(f"{ATTRIBUTIONS[0]}\n{long}\n\nYes.").new == "Yes."


@pytest.mark.parametrize("mark", ["--]", "# ", "Max> ", "| "])
def test_marks_of_the_writers_own_taste(mark: str) -> None:
    assert divide(f"On Tue, 3 Mar 2026, Max Muster wrote:\n{mark}thirty\n{mark}minutes?\n\nYes.").new == "Yes."


@pytest.mark.parametrize(
    "text",
    [
        "On Tuesday I wrote to Bob about it.\nHe said: sure.\n\nFrom: what I hear, it works.",
        "Thanks,\n\nI will think about it and come back to you.\n\nAnna",
        "As my colleague wrote:\nnothing is certain.",
        "From: 10:00\nTo: 11:00\n\nwould suit me.",
        "Attention: this is important, I am away.\nCall me.",
        "a > b, and b > c",
        "Gladly.\n>From Tuesday on I have time.",
    ],
)
def test_what_looks_like_a_quote_and_is_none(text: str) -> None:
    assert divide(text).new == text


BLOCKS = [
    "Anna Huber\nHead of Data\nACME GmbH\nMusterstraße 1, 10115 Berlin\nTel. +49 30 123456\nwww.contact.example",
    "Anna Huber | Head of Data | ACME",
    "Anna\n\n-- \nAnna Huber\nACME GmbH\n+49 30 1234",
    "Anna\n--\nAnna Huber, Head of Data\nanna@contact.example",
    "Anna Huber\n\nACME GmbH - Geschäftsführer: X Y - Amtsgericht Berlin HRB 1234",
    "Anna\n\nAnna Huber, PhD\nPrincipal Engineer\nm: +1 555 123 4567 | linkedin.com/in/anna",
    "Anna Huber\n\nThis email and any attachments are confidential and intended solely for the addressee.",
    "Anna Huber\n\nDiese E-Mail enthält vertrauliche Informationen. Wenn Sie nicht der Adressat sind, löschen Sie sie.",
    "Anna Huber\n\nPlease consider the environment before printing this email.",
    "Anna Huber (she/her)\nHead of Data",
]
CLOSINGS = [
    "Best,",
    "Kind regards,",
    "Mit freundlichen Grüßen",
    "Viele Grüße",
    "Cordialement,",
    "Un saludo,",
    "Atenciosamente,",
    "Cordiali saluti,",
    "Met vriendelijke groet,",
    "Thanks,",
]


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.parametrize("closing", CLOSINGS)
def test_the_closing_and_the_name_stay_and_the_contact_block_goes(closing: str, block: str) -> None:
    found = divide(
        f"Hi Max,\n\nhappy to talk.\n\n{closing}\n{block}", name="Anna Huber", address="anna@contact.example"
    )
    name = block.split("\n")[0].split(" | ")[0]
    assert found.new == f"Hi Max,\n\nhappy to talk.\n\n{closing}\n{name}"
    assert found.signature


def test_a_postscript_stays() -> None:
    text = "Happy to talk.\n\nBest,\nAnna\n\nP.S. Ask Bob too.\n\nAnna Huber\nACME\n+49 30 12345"
    assert divide(text, name="Anna Huber").new == "Happy to talk.\n\nBest,\nAnna\n\nP.S. Ask Bob too."


@pytest.mark.parametrize(
    "text",
    [
        "No time, but ask Jane.\n\nBest,\nAnna\n\nJane Doe\njane.doe@other.example\n+1 555 123 4567",
        "No time, but ask Jane:\n\nJane Doe\nHead of Sales, Other Inc\njane.doe@other.example\n+1 555 123 4567",
        "Try this one.\n\nJane Doe, Other Inc\njane.doe@other.example",
    ],
)
def test_somebody_elses_contact_block_is_what_is_said(text: str) -> None:
    assert divide(text, name="Anna Huber", address="anna@contact.example").new == text


def test_without_a_closing_only_the_senders_own_block_goes() -> None:
    text = "Sure, call me.\n\nAnna Huber\nACME GmbH\n+49 30 12345"
    assert divide(text, name="Anna Huber", address="anna@contact.example").new == "Sure, call me.\n\nAnna Huber"


@pytest.mark.parametrize(
    "banner",
    [
        "CAUTION: This email originated from outside of the organization. Do not click links unless you know them.",
        "[EXTERNAL EMAIL]",
        "ACHTUNG: Diese E-Mail kommt von extern. Bitte keine Anhänge öffnen.",
        "You don't often get email from max@owner.example. Learn why this is important<https://aka.ms/Learn>",
        "EXTERNAL: Do not click on links\nor open attachments unless you trust the sender.",
    ],
)
def test_a_banner_about_strangers_goes(banner: str) -> None:
    assert divide(f"{banner}\n\nYes, gladly.").new == "Yes, gladly."


def test_a_lists_footer_goes() -> None:
    footer = "_" * 47 + "\nFriends mailing list\nFriends@x.example\nhttps://x.example/mailman/listinfo/friends"
    assert divide(f"Yes, gladly.\n\n{footer}").new == "Yes, gladly."


@pytest.mark.parametrize(
    "piece", ["> ", "On ", "-", "_", "a:", "wrote:\n", ">\n", "From: x\n", "-- \n", "Best,\n", " \n", "On 3 wrote:\n\n"]
)
def test_no_text_takes_long(piece: str) -> None:
    begin = time.perf_counter()
    divide(piece * (400_000 // len(piece)))
    assert time.perf_counter() - begin < 8

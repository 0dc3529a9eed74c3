"""Who is handed over in a reply, and who is only mentioned."""

from __future__ import annotations

import pytest

from tests.reading.writing import judged
from worker.conversation.vocabulary import Intent, Person
from worker.reading import links, phones
from worker.reading.names import clean, names, ordered
from worker.reading.people import addresses_in


def handed(text: str, **circumstances: object) -> list[tuple[str | None, str | None]]:
    """Names and addresses of the referrals."""
    return [(person.name, person.email) for person in judged(text, **circumstances).referrals]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("Not me. Talk to Ann Lee <ann.lee@corp.example>.", [("Ann Lee", "ann.lee@corp.example")]),
        ("I can't, but my colleague Ann Lee (ann.lee@corp.example) can.", [("Ann Lee", "ann.lee@corp.example")]),
        ("Please contact Dr. Ann Lee, ann.lee@corp.example", [("Ann Lee", "ann.lee@corp.example")]),
        (
            "Please contact Prof. Dr. Ann-Kathrin Lee-Brown at a.lee-brown@corp.example",
            [("Ann-Kathrin Lee-Brown", "a.lee-brown@corp.example")],
        ),
        ("Try Dana Weiss, dana (at) example (dot) org.", [("Dana Weiss", "dana@example.org")]),
        ("Try Dana Weiss: dana dot weiss at example dot org", [("Dana Weiss", "dana.weiss@example.org")]),
        ("Try Dana Weiss, dana[at]example.org.", [("Dana Weiss", "dana@example.org")]),
        ("ask ann lee, ann.lee@corp.example, she knows", [("ann lee", "ann.lee@corp.example")]),
        ("You should talk to Marcus Webb in Operations.", [("Marcus Webb", None)]),
        ("Marcus Webb would be a better person to ask.", [("Marcus Webb", None)]),
        ("I'd recommend Siobhán O'Neill instead.", [("Siobhán O'Neill", None)]),
        ("You should speak to Pieter van der Berg.", [("Pieter van der Berg", None)]),
        ("Better ask Anna from accounting, she'd be happy to talk.", [("Anna", None)]),
        (
            "Talk to Karen Liu (karen.liu@corp.example) or Ben Okafor (ben@corp.example).",
            [("Karen Liu", "karen.liu@corp.example"), ("Ben Okafor", "ben@corp.example")],
        ),
        ("Onno knows everything. onno@mill.example", [("Onno", "onno@mill.example")]),
        ("not me. wes tully does, he got my van. wtully@lifts.example", [("wes tully", "wtully@lifts.example")]),
        ("Call yolanda 555 0190, she is the union rep.", [("yolanda", None)]),
        ("Reden Sie mit Leander Rupp von der Bauhütte (rupp@dom.example).", [("Leander Rupp", "rupp@dom.example")]),
        ("Meine Büropartnerin Deniz freut sich: deniz@raum.example", [("Deniz", "deniz@raum.example")]),
        (
            "Pero Iker Solana y Marta Huidobro (iker@s.example, marta@s.example) dan charlas de esto.",
            [("Iker Solana", "iker@s.example"), ("Marta Huidobro", "marta@s.example")],
        ),
        ("Not at the point of retiring. Talk to Bob Ray over at Delta Vector.", [("Bob Ray", None)]),
        ("My sister is the one to ask. Her name is Joan Mills, joan@nhs.example", [("Joan Mills", "joan@nhs.example")]),
        ("I can't help. You could write to jo.hart@corp.example instead.", [(None, "jo.hart@corp.example")]),
        ("Talk to Bob Ray. Not Peter Stone, he left.", [("Bob Ray", None)]),
        (
            "I asked my boss, Peter Stone, and he said no. Try Bob Ray (bob@corp.example).",
            [("Bob Ray", "bob@corp.example")],
        ),
        (
            "Wenden Sie sich bitte an Frau Dr. Sabine Krüger (s.krueger@firma.example).",
            [("Sabine Krüger", "s.krueger@firma.example")],
        ),
        ("Am besten fragen Sie meinen Kollegen Jürgen Beck.", [("Jürgen Beck", None)]),
        (
            "Contactez plutôt Mme Claire Dubois, claire.dubois@exemple.example",
            [("Claire Dubois", "claire.dubois@exemple.example")],
        ),
        ("Contactez Marie DUPONT de ma part.", [("Marie DUPONT", None)]),
        (
            "Hable con la Dra. Lucía Gómez de la Torre (lucia@ejemplo.example).",
            [("Lucía Gómez de la Torre", "lucia@ejemplo.example")],
        ),
        ("Fale com a minha colega Inês Duarte, ines@exemplo.example.", [("Inês Duarte", "ines@exemplo.example")]),
        (
            "Le consiglio di sentire il dott. Marco Villa, villa@studio.example.",
            [("Marco Villa", "villa@studio.example")],
        ),
        (
            "Neem contact op met mevr. Sanne de Vries, sanne@voorbeeld.example.",
            [("Sanne de Vries", "sanne@voorbeeld.example")],
        ),
    ],
)
def test_somebody_is_handed_over(text: str, expected: list[tuple[str | None, str | None]]) -> None:
    assert handed(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        'No time, sorry. Read "The Checklist Manifesto" by Atul Gawande.',
        "I can't help. Listen to the podcast with Lisa Hart instead, it is great.",
        "My boss Peter Stone said no.",
        "I'd love to talk. My new address is jim@private.example.",
        "Sure! Call me.\n\nBest\nJim Hall\njim.hall@corp.example",
        "Happy to talk. Reach me at jim@private.example.",
        "Sure. Greetings to Berlin!",
        "Hi Tom,\n\nhappy to talk on Tuesday.\n\nCheers\nJim",
        "Hallo Tom,\ngern am Donnerstag.\nViele Grüße\nJim Hall",
        "Please write to our press office at press@corp.example.",
        "No thanks. Ask Google.",
    ],
)
def test_who_is_mentioned_is_not_handed_over(text: str) -> None:
    assert handed(text) == []


def test_a_stand_in_is_no_referral() -> None:
    found = judged("I am out of office until Dec 4. For urgent matters contact Meg Stone, meg@corp.example.")
    assert found.intent is Intent.out_of_office
    assert found.referrals == ()
    assert found.standin_email == "meg@corp.example"


def test_a_person_in_cc_completes_the_name_in_the_text() -> None:
    cc = (("Lee, Ann (Sales)", "ann.lee@corp.example"),)
    assert handed("I'm copying Ann, who knows more about this.", cc=cc) == [("Ann Lee", "ann.lee@corp.example")]
    assert handed("No time myself. Adding Ann Lee (cc).", cc=(("", "ann.lee@corp.example"),)) == [
        ("Ann Lee", "ann.lee@corp.example")
    ]


def test_the_owner_and_the_sender_in_cc_are_left_out() -> None:
    cc = (("Tom Owner", "tom@owner.example"), ("Jim Hall", "jim.hall@corp.example"), ("", "info@corp.example"))
    assert handed("Adding somebody in cc who can help.", cc=cc) == []


def test_a_successor_is_handed_over() -> None:
    found = judged("I no longer work at Corp. My successor is Meg Stone, meg@corp.example.")
    assert found.intent is Intent.left_company
    assert found.referrals == (Person("Meg Stone", "meg@corp.example"),)


def test_a_yes_that_names_somebody() -> None:
    found = judged("Sure, call me on Tuesday. You should also talk to Ann Lee, ann.lee@corp.example.")
    assert found.intent is Intent.interested
    assert found.referrals == (Person("Ann Lee", "ann.lee@corp.example"),)


def test_a_phone_belongs_to_the_person_before_it() -> None:
    assert judged("Ask Bob Ray, +1 212 555 0188.").referrals == (Person("Bob Ray", None, "+1 212 555 0188"),)


def test_a_card_is_a_person() -> None:
    fields = (
        "BEGIN:VCARD",
        "VERSION:3.0",
        "FN:Dr. Ann Lee",
        "EMAIL;TYPE=work:ann.lee@corp.example",
        "TEL:+49 30 555 0101",
    )
    found = judged("I can't, but she can, see the card.", cards=("\r\n".join((*fields, "END:VCARD")),))
    assert found.referrals == (Person("Ann Lee", "ann.lee@corp.example", "+49 30 555 0101"),)


def test_an_address_of_an_office_is_no_person() -> None:
    assert handed("Talk to Ann Lee, info@corp.example.") == [("Ann Lee", None)]


@pytest.mark.parametrize(
    "name, cleaned",
    [
        ("Dr. Ann Lee", "Ann Lee"),
        ("Siobhán O’Neill", "Siobhán O'Neill"),
        ("Ann <script>", None),
        ("x" * 61, None),
        ("Ann {{ secret }}", None),
        ("Ann\nBcc: evil", None),
        ("", None),
        ("Frau Prof. Dr. Eva von der Heide", "Eva von der Heide"),
        ("J. R. Hartley", "J. R. Hartley"),
    ],
)
def test_only_a_name_is_a_name(name: str, cleaned: str | None) -> None:
    assert clean(name) == cleaned


def test_display_names_in_speaking_order() -> None:
    assert ordered("Lee, Ann (Sales)") == "Ann Lee"
    assert ordered('"Ann Lee"') == "Ann Lee"


def test_names_in_a_sentence() -> None:
    assert [name.name for name in names("Talk to Ann Lee or Herr Dr. Beck on Monday in London.")] == ["Ann Lee", "Beck"]


def test_addresses_however_they_are_spelled() -> None:
    text = "a.b@x.example, c (at) y (dot) org, d dot e at z dot example, meet at noon, look at example.org"
    assert [written.email for written in addresses_in(text)] == ["a.b@x.example", "c@y.org", "d.e@z.example"]


def test_phones_as_written() -> None:
    text = "Call 0171 555 0123 or +49 (0)30 555-0101. Fax: 030 5550199. On 12.03.2026 at 10:30, ticket 48213001."
    assert phones.phones(text) == ("0171 555 0123", "+49 (0)30 555-0101")


def test_booking_links() -> None:
    text = "Pick a time: https://calendly.com/jim/30min. My site is https://jimhall.example/about"
    assert links.links(text) == ("https://calendly.com/jim/30min",)
    assert judged("Grab a slot: cal.com/jim/coffee").intent is Intent.interested


@pytest.mark.parametrize(
    "text, names",
    [
        ("You could ask Ibrahim El Amrani or Ursula Le Guinec.", ["Ibrahim El Amrani", "Ursula Le Guinec"]),
        ("Vraag het aan mevrouw De Vries of aan Tom Bakker.", ["De Vries", "Tom Bakker"]),
        ("Wenden Sie sich an Herrn Dr. Hans-Peter von der Au.", ["Hans-Peter von der Au"]),
        ("Le recomiendo a la Dra. Carmen Ruiz o a don José Prieto.", ["Carmen Ruiz", "José Prieto"]),
        ("Sugiro a Dra. Ana Paula Ribeiro ou o Eng. Rui Costa.", ["Ana Paula Ribeiro", "Rui Costa"]),
        ("Si rivolga alla dott.ssa Marinella Ippolito del Comune.", ["Marinella Ippolito"]),
        ("Contactez plutôt ma collègue Claire de La Tour.", ["Claire de La Tour"]),
        ("I suggest my nephew, Harold Pruett Jr. (harold@pruett.example).", ["Harold Pruett Jr."]),
        ("Ask for Dana Weiss at the front desk.", ["Dana Weiss"]),
        ("My colleagues Ann Lee, Bo Park and Cy Dunn may help.", ["Ann Lee", "Bo Park", "Cy Dunn"]),
    ],
)
def test_names_with_particles_titles_and_in_lists(text: str, names: list[str]) -> None:
    assert [person.name for person in judged(text).referrals] == names


def test_a_number_said_to_be_theirs_is_theirs() -> None:
    text = "You might try Joe Martin. He has done roofing for thirty years. His number is (555) 013-2288."
    assert [(one.name, one.phone) for one in judged(text).referrals] == [("Joe Martin", "(555) 013-2288")]


def test_a_firm_in_the_contact_block_is_nobody() -> None:
    text = "Try Keisha Duval, kduval@fund.example. Best lawyer I know.\n\nNate Ross\nRoss Pike LLP | (555) 019-0001"
    assert [one.name for one in judged(text).referrals] == ["Keisha Duval"]

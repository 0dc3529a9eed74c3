"""What is known of one contact stays out of the mail to another; a name passes on only where it was given to us."""

from __future__ import annotations

from tests.stories.world import World

UNA, BEN, DANA = "una@acme.example", "ben@bolt.example", "dana@core.example"


def marked(letter: str) -> dict[str, str]:
    """Every field that a file of contacts can fill, recognisable."""
    texts = ("company", "role", "profession", "opening", "notes", "source", "extra_column")
    return {field: f"{letter}{field.replace('_', '')}mark" for field in texts} | {"phone": f"+49 30 1111{ord(letter)}"}


def test_fields_and_words_of_one_reach_no_other(world: World) -> None:
    world.person(UNA, name="Una Berg", **marked("U"))
    world.person(BEN, name="Ben Iver", **marked("B"))
    world.servers.add_user(DANA, "x")
    world.once()
    world.reply(UNA, "Sorry, no: Ucandidword. But try Dana Weiss, dana@core.example, she likes to talk.\n\nUna\n")
    world.reply(BEN, "Sorry, I am not interested. Bcandidword.\n\nBen\n", name="Ben Iver")
    world.once()
    world.tell(world.status()["proposed"][0]["id"], "ok")
    world.once()
    world.reply(DANA, "No, sorry, I have no time. Dcandidword.\n\nDana\n", name="Dana Weiss")
    for _ in range(4):
        world.later(days=6)
    for address, own, others in ((UNA, "Una Berg", "BD"), (BEN, "Ben Iver", "UD"), (DANA, "Dana Weiss", "UB")):
        mails = world.inbox(address)
        assert len(mails) >= 2, address
        text = "\n".join(f"{mail.items()}\n{mail.get_content()}" for mail in mails)
        assert own in text
        for letter in others:
            for mark in (*marked(letter).values(), f"{letter}candidword"):
                assert mark not in text, (address, mark)
        known = {UNA: {UNA}, BEN: {BEN}, DANA: {DANA}}[address]
        assert not [one for one in (UNA, BEN, DANA) if one in text and one not in known], address
    to_dana = "\n".join(mail.get_content() for mail in world.inbox(DANA))
    assert "Una Berg" in to_dana
    assert "Ben" not in to_dana


def test_what_somebody_else_wrote_in_the_thread_reaches_nobody(world: World) -> None:
    """Una passed our mail on, and whoever got it answered: Una never saw that answer, nor its subject."""
    world.person(UNA)
    world.once()
    ours = world.last_to(UNA)
    headers = {"Subject": "Re: cheap watches at evil.example"}
    world.reply("mallory@evil.example", "Not for us, sorry.\n", name="Mallory", to=ours, headers=headers)
    world.once()
    world.tell(UNA, "no")
    world.tell(UNA, "send")
    world.later(minutes=20)
    request = world.last_to(UNA)
    assert world.mails(UNA)["referral_request"] == "sent"
    assert (request["Subject"], request["In-Reply-To"]) == (f"Re: {ours['Subject']}", ours["Message-ID"])
    assert "evil" not in str(request)

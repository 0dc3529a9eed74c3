"""The people of the demo: who they are, what they write, and what should have become of them in the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/London")
BEGIN = datetime(2027, 2, 15, 8, 30, tzinfo=ZONE)  # a Monday
END = datetime(2027, 3, 2, 12, 0, tzinfo=ZONE)  # a Tuesday, after its summary
OWNER = "robin@hale.example"
OWNER_NAME = "Robin Hale"
READS_THE_SUMMARY_AT = (8, 15)


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody writes back, `hours` after a mail arrived.

    `automatic` is written by their server, which needs no time and quotes nothing. `folder` is where the owner's
    provider puts it.
    """

    text: str
    hours: float = 0.0
    automatic: bool = False
    folder: str = "INBOX"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody with a mailbox.

    `answers` holds what they write to the first mail that they get, to the second, and so on; None is silence.
    `client` is the program that they write with, which decides how it quotes. `bounces`: nobody has this mailbox.
    `state` and `steps` are what should have become of them: the state as it is shown, the worker's mails by step.
    """

    shows: str
    email: str
    name: str
    state: str
    steps: tuple[str, ...]
    answers: tuple[Answer | None, ...] = ()
    client: str = "bars"
    bounces: bool = False
    waits: bool = False  # an answer of theirs waits for the owner's word
    named_by: str | None = None  # not in the owner's file
    row: Mapping[str, str] = field(default_factory=dict)  # further columns of the owner's file


@dataclass(frozen=True, slots=True)
class Word:
    """What the owner says the morning after something happened to somebody, or `mornings` later.

    `upon` is the kind of journal line that the owner waits for, about `whom`; `about` and `words` go to `tell`.
    With `by_hand`, `words` is a mail that the owner writes to them in their own mail program.
    """

    upon: str
    whom: str
    about: str
    words: str
    mornings: int = 1
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Script:
    """Who takes part, what the owner says, and from when to when (aware) it plays."""

    cast: tuple[Member, ...]
    words: tuple[Word, ...] = ()
    begin: datetime = BEGIN
    end: datetime = END

    @property
    def listed(self) -> tuple[Member, ...]:
        """Everybody whom nobody has to name first: the owner's file of contacts."""
        return tuple(member for member in self.cast if member.named_by is None)


_CAST: tuple[Member, ...] = (
    Member(
        "says yes",
        "priya.raman@northgrid.example",
        "Priya Raman",
        "talking",
        ("ask",),
        (
            Answer(
                "Hi Robin,\n\nhappy to. Thursday or Friday after three would suit me, at our office or by phone, "
                "whichever is easier for you.\n\nBest,\nPriya\n\n--\nPriya Raman\nGrid Planning, Northgrid\n",
                2.2,
            ),
        ),
        row={
            "company": "Northgrid",
            "role": "Senior Grid Engineer",
            "profession": "electrical engineer",
            "opening": "Your talk about keeping the lights on with half the coal gone made me rethink what a grid is.",
        },
    ),
    Member(
        "declines, names somebody",
        "tomasz.nowak@hilltopwind.example",
        "Tomasz Nowak",
        "referred",
        ("ask", "referral_request", "thanks_for_name"),
        (
            Answer(
                "Hi Robin,\n\nthank you for asking, but I have to decline. One permit eats all my days, and I do not "
                "have time for anything else.\n\nTomasz\n",
                4.5,
            ),
            Answer(
                "Robin,\n\nthat I can do: talk to Ines Carvalho, she plans our sites and likes to explain them: "
                "ines.carvalho@westlea.example.\n\nTomasz\n",
                20.0,
            ),
            None,
        ),
        row={
            "company": "Hilltop Wind",
            "role": "Project Developer",
            "profession": "project developer",
            "opening": "You brought a wind farm through eleven parish councils, and people there still wave at you.",
        },
    ),
    Member(
        "was named, says yes",
        "ines.carvalho@westlea.example",
        "Ines Carvalho",
        "talking",
        ("ask",),
        (
            Answer(
                "Hello Robin,\n\nif Tomasz sends you, of course. Shall we have a coffee next Tuesday "
                "at eleven?\n\nInes\n",
                5.0,
            ),
        ),
        client="header",
        named_by="tomasz.nowak@hilltopwind.example",
    ),
    Member(
        "declines, names nobody",
        "helen.marsh@severnhydro.example",
        "Helen Marsh",
        "closed",
        ("ask", "referral_request"),
        (
            Answer(
                "Dear Robin,\n\nthank you for your kind words, but I am not interested in giving interviews.\n\n"
                "Kind regards\nHelen Marsh\n",
                3.0,
            ),
            Answer("Dear Robin,\n\nno, I am sorry, nobody comes to mind.\n\nHelen Marsh\n", 22.0),
        ),
        client="header",
        row={
            "company": "Severn Hydro",
            "role": "Hydrologist",
            "profession": "hydrologist",
            "opening": "Your paper on fish ladders is the only one I have read twice.",
        },
    ),
    Member(
        "is away",
        "jonas.weber@zellwerk.example",
        "Jonas Weber",
        "away",
        ("ask",),
        (
            Answer(
                "Guten Tag,\n\nvielen Dank für Ihre Nachricht. Ich bin bis einschließlich 19. März 2027 nicht im Büro "
                "und lese meine E-Mails erst danach wieder.\n\nMit freundlichen Grüßen\nJonas Weber\n",
                automatic=True,
            ),
        ),
        row={
            "company": "Zellwerk",
            "role": "Head of Cell Research",
            "profession": "battery chemist",
            "country": "DE",
            "language": "de",
            "opening": "Sie haben gesagt, ein Akku sei ein Versprechen auf Zeit. Wie Sie das meinten, wüsste ich gern.",
        },
    ),
    Member(
        "says next month",
        "camille.laurent@tuilesoleil.example",
        "Camille Laurent",
        "talking",
        ("ask", "check_in"),
        (
            Answer(
                "Bonjour Robin,\n\nmerci pour votre message. Ce mois-ci, je n'ai pas une minute à moi. "
                "Réécrivez-moi le mois prochain.\n\nBien à vous,\nCamille Laurent\n",
                6.0,
            ),
            Answer(
                "Bonjour Robin,\n\noui, avec plaisir. Jeudi à 10 heures, par téléphone ?\n\nCamille\n",
                3.0,
            ),
        ),
        client="french",
        row={
            "company": "Tuiles Soleil",
            "role": "Product Designer",
            "profession": "industrial designer",
            "country": "FR",
            "language": "fr",
            "opening": "Vos tuiles sont les premiers panneaux solaires que je trouve vraiment beaux.",
        },
    ),
    Member(
        "asks a question first",
        "owen.price@deepturbine.example",
        "Owen Price",
        "talking",
        ("ask",),
        (
            Answer(
                "Hi,\n\none question first: who are you writing this for, a newspaper?\n\nOwen\n",
                1.5,
            ),
            Answer("Fair enough. Ring me on Sunday, I am ashore then.\n\nOwen\n", 7.0),
        ),
        row={
            "company": "Deepturbine",
            "role": "Turbine Technician",
            "profession": "offshore technician",
            "opening": "I read that you commute to work by winch.",
        },
    ),
    Member(
        "never answers",
        "gareth.lloyd@llynpower.example",
        "Gareth Lloyd",
        "silent",
        ("ask", "nudge"),
        row={
            "company": "Llyn Power",
            "role": "Station Manager",
            "profession": "mechanical engineer",
            "phone": "+44 20 7946 0018",
            "opening": "Your power station inside a mountain has been on my list for years.",
        },
    ),
    Member(
        "address is dead",
        "lucy.archer@tidalworks.example",
        "Lucy Archer",
        "unreachable",
        ("ask",),
        bounces=True,
        row={
            "company": "Tidalworks",
            "role": "Oceanographer",
            "profession": "oceanographer",
            "opening": "You can tell the hour from the colour of the water, it says on your page.",
        },
    ),
    Member(
        "wants no mail",
        "victor.stone@stonefinance.example",
        "Victor Stone",
        "opted_out",
        ("ask",),
        (Answer("Take me off your list and do not write to me again.\n\nV. Stone\n", 0.6),),
        client="header",
        row={
            "company": "Stone Finance",
            "role": "Partner",
            "profession": "project financier",
            "opening": "You have paid for more turbines than anybody else in this country.",
        },
    ),
    Member(
        "answers unclearly",
        "marta.kowalska@glasfeld.example",
        "Marta Kowalska",
        "asked",
        ("ask",),
        (Answer("Hm. Funny that you should write today of all days.\n\nMarta\n", 5.5),),
        waits=True,
        row={
            "company": "Glasfeld",
            "role": "Acoustics Consultant",
            "profession": "acoustics consultant",
            "opening": "You measure what a turbine sounds like to somebody who does not like it.",
        },
    ),
    Member(
        "says yes, has been met",
        "samuel.adeyemi@currentaffairs.example",
        "Samuel Adeyemi",
        "met",
        ("ask", "thanks_for_talk"),
        (
            Answer(
                "Hi Robin,\n\nsure, I would be glad to talk. Thursday at one, over a sandwich?\n\nSamuel\n",
                1.0,
            ),
        ),
        row={
            "company": "Current Affairs",
            "role": "Energy Editor",
            "profession": "journalist",
            "opening": "Your column is where I first heard of this field.",
        },
    ),
    Member(
        "says yes, lies in Junk",
        "nadia.haddad@brightroof.example",
        "Nadia Haddad",
        "talking",
        ("ask",),
        (
            Answer(
                "Hello Robin,\n\nyes, I would love to. Call me any evening after six.\n\nNadia\n",
                8.0,
                folder="Junk",
            ),
        ),
        row={
            "company": "Brightroof",
            "role": "Installer",
            "profession": "solar installer",
            "country": "US",
            "timezone": "America/New_York",
            "opening": "You have been on more roofs than anybody I know of.",
        },
    ),
)

_WORDS: tuple[Word, ...] = (
    Word("named", "tomasz.nowak@hilltopwind.example", "ines.carvalho@westlea.example", "ok"),
    Word("call", "gareth.lloyd@llynpower.example", "gareth.lloyd@llynpower.example", "called, no answer"),
    Word("read", "samuel.adeyemi@currentaffairs.example", "samuel.adeyemi@currentaffairs.example", "met", mornings=3),
    Word(
        "read",
        "owen.price@deepturbine.example",
        "owen.price@deepturbine.example",
        "Hi Owen,\n\nno newspaper, only me: I would like to know what a day at sea is like, and how one learns to do "
        "what you do.\n\nRobin\n",
        by_hand=True,
    ),
)

SCRIPT = Script(_CAST, _WORDS)

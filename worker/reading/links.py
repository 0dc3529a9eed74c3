"""Finds links to pages where a meeting can be booked."""

from __future__ import annotations

import re

BOOKING = (
    "calendly.com/",
    "cal.com/",
    "doodle.com/",
    "tidycal.com/",
    "savvycal.com/",
    "meetings.hubspot.com/",
    "meetings-eu1.hubspot.com/",
    "zcal.co/",
    "koalendar.com/",
    "outlook.office365.com/owa/calendar/",
    "outlook.office.com/bookwithme/",
    "outlook.office365.com/book/",
    "bookings.cloud.microsoft/",
    "calendar.app.google/",
    "calendar.google.com/calendar/appointments/",
    "youcanbook.me",
    "acuityscheduling.com",
    "appointlet.com",
    "meetergo.com/",
    "cituro.com/",
    "chili-piper.com",
    "chilipiper.com",
    "reclaim.ai/",
    "app.simplymeet.me/",
    "oncehub.com/",
    "setmore.com",
    "simplybook.",
    "calendso.com/",
    "zeeg.me/",
    "harmonizely.com/",
    "vyte.in/",
    "rdv360.com",
    "doodle.ch/",
    "dudle.inf.tu-dresden.de/",
    "terminplaner4.dfn.de/",
    "nuudel.digitalcourage.de/",
    "framadate.org/",
    "datumprikker.nl/",
    "tucalendi.com/",
    "motion.com/",
    "app.usemotion.com/",
    "morgen.so/",
    "fantastical.app/",
    "lunacal.ai/",
    "neetocal.com",
    "book.ms/",
)
LINK = re.compile(
    r"(?:https?://|www\.)?(?:[\w-]{1,63}\.){1,5}[a-z]{2,12}/[^\s<>\"')\]]{1,300}|https?://[^\s<>\"')\]]{4,300}", re.I
)


def links(text: str) -> tuple[str, ...]:
    """Booking links of a text as written (without closing punctuation), in order, each once."""
    found = []
    for match in LINK.finditer(text[:20000]):
        written = match.group().rstrip(".,;:!?")
        bare = re.sub(r"^(?:https?://)?(?:www\.)?", "", written.lower())
        if any(bare.startswith(page) or f".{page}" in bare.split("?")[0] for page in BOOKING):
            found.append(written)
    return tuple(dict.fromkeys(found))

"""A family of introductions, as `tree --json` prints it."""

from __future__ import annotations

from typing import Any


def node(name: str, state: str, *led_to: dict[str, Any], company: str | None = None, owed: tuple[str, ...] = ()) -> Any:
    """One person with those they led to."""
    below = [one["branch"] for one in led_to]
    asked = state not in ("planned",)
    yes = state in ("talking", "met")
    branch = {
        "people": 1 + sum(one["people"] for one in below),
        "asked": asked + sum(one["asked"] for one in below),
        "yes": yes + sum(one["yes"] for one in below),
        "yes_rate": None,
        "deepest": 1 + max(one["deepest"] for one in below) if below else 0,
    }
    return {
        "id": "c1",
        "name": name,
        "email": None,
        "company": company,
        "state": state,
        "depth": 0,
        "branch": branch,
        "owed": list(owed),
        "led_to": list(led_to),
    }


def family() -> list[dict[str, Any]]:
    """Three generations, a long name, somebody alone."""
    long = "Maria-Magdalena von der Heydte-Wolkenstein"
    return [
        node(
            "Una Berg",
            "met",
            node("Lee Park", "talking", node("Pat O'Neil", "asked", node(long, "planned")), company="Rivers & Co"),
            node("Jo Tan", "silent"),
            company="Delta Works",
            owed=("thanks_for_talk",),
        ),
        node("Inês Costa", "referred", node("Dana Weiss", "planned"), owed=("thanks_for_name",)),
        node("Max Ohm", "declined", company="Donauwasserstraßenverwaltungsbehörde Niederösterreich"),
    ]

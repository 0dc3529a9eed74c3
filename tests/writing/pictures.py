"""Draws the summary for docs/: on a desk and on a phone, by day and by night."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.servers.browser import Scheme, browser
from tests.writing.days import DAYS
from worker.writing.summary import html

PICTURES: dict[str, tuple[int, Scheme]] = {
    "summary": (900, "light"),
    "summary-dark": (900, "dark"),
    "summary-phone": (360, "light"),
    "summary-phone-dark": (360, "dark"),
}


def main(folder: Path) -> None:
    """Write the pictures into `folder`."""
    source = html(DAYS["busy"][0]("en"))
    with browser() as chromium:
        for name, (width, scheme) in PICTURES.items():
            chromium.page(source, width=width, scheme=scheme).picture(folder / f"{name}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Finds the templates: the shipped ones, the owner's folder over them, a campaign's subfolder over both."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import worker
from worker.errors import TemplateError
from worker.jobs.desk import Templates

SUFFIX = ".md"


def shipped_folder() -> Path:
    """The shipped templates: inside the installed package, else beside it (a checkout, an editable install)."""
    package = Path(worker.__file__).parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


def finder(folder: Path | None) -> Callable[[str], Templates]:
    """What gives the templates of a campaign; files are read anew at each call, so that an edit counts at once."""

    def find(campaign: str) -> Templates:
        texts: dict[str, str] = {}
        origin: dict[str, str] = {}
        places = [shipped_folder()]
        if folder is not None:
            places.append(folder)
        for place in list(places):
            if campaign and "/" not in campaign and not campaign.startswith("."):
                places.append(place / campaign)
        for place in places:
            if not place.is_dir():
                continue
            for file in sorted(place.glob(f"*{SUFFIX}")):
                if file.name == f"README{SUFFIX}":
                    continue
                try:
                    texts[file.name] = file.read_text("utf-8")
                except (OSError, UnicodeDecodeError) as error:
                    raise TemplateError(
                        "A template cannot be read.", where=str(file), todo=f"It must be UTF-8 text ({error})."
                    ) from None
                origin[file.name] = str(file)
        return Templates(texts, origin)

    return find

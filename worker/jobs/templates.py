"""Finds the templates: the shipped ones, the owner's folder over them, a campaign's subfolder over both.

In each of these a file for the contact's language (`ask.de.md`) comes before the one for all (`ask.md`).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import worker
from worker.errors import StoreError, TemplateError
from worker.jobs.desk import Templates

SUFFIX = ".md"


def shipped_folder() -> Path:
    """The shipped templates: inside the installed package, else beside it (a checkout, an editable install)."""
    package = Path(worker.__file__).parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


@dataclass(frozen=True, slots=True)
class Finder:
    """Gives the templates of a campaign for a language, for each name the file of the strongest place.

    First the campaign's folder (its file for the language, then the one for all), then the owner's folder, then what
    is shipped. Files are read anew at each call, so that an edit counts at once.
    """

    folder: Path | None

    def __call__(self, campaign: str, language: str | None = None) -> Templates:
        """The texts by name; raises TemplateError for a file that cannot be read."""
        from worker.writing import DEFAULT, code_of, declared_language

        texts: dict[str, str] = {}
        origin: dict[str, str] = {}
        languages: dict[str, str] = {}
        wanted = code_of(language)
        for place in places(self.folder, campaign):
            files = sorted(place.glob(f"*{SUFFIX}"), key=lambda file: (_parted(file.name)[1] != "", file.name))
            for file in files:
                name, suffix = _parted(file.name)
                if name == f"README{SUFFIX}" or (suffix and suffix != wanted):
                    continue
                try:
                    texts[name] = file.read_text("utf-8")
                except (OSError, UnicodeDecodeError) as error:
                    raise TemplateError(
                        "A template cannot be read.", where=str(file), todo=f"It must be UTF-8 text ({error})."
                    ) from None
                origin[name] = str(file)
                languages[name] = declared_language(texts[name]) or suffix or DEFAULT
        return Templates(texts, origin, languages)


def finder(folder: Path | None) -> Finder:
    """What finds the templates, with the owner's folder if there is one."""
    return Finder(folder)


def languages(folder: Path | None, campaign: str) -> list[str]:
    """The languages in which there are templates for a campaign, beside those for all."""
    found = {_parted(file.name)[1] for place in places(folder, campaign) for file in place.glob(f"*{SUFFIX}")}
    return sorted(found - {""})


@dataclass(frozen=True, slots=True)
class Listed:
    """A template that is in use: its name, its language, the file, and whether it is shipped."""

    name: str
    language: str
    file: Path
    shipped: bool


def listing(folder: Path | None, campaign: str) -> list[Listed]:
    """Every template that can be used for a campaign, by name and language; for each the strongest file."""
    find = Finder(folder)
    found: dict[Path, Listed] = {}
    shipped = shipped_folder()
    for language in (None, *languages(folder, campaign)):
        here = find(campaign, language)
        for name, file in here.origin.items():
            path = Path(file)
            found.setdefault(
                path, Listed(name.removesuffix(SUFFIX), here.languages[name], path, shipped in path.parents)
            )
    return sorted(found.values(), key=lambda one: (one.name, one.language))


def copy(target: Path, language: str | None = None) -> tuple[list[Path], list[Path]]:
    """Copy the shipped templates (of one language) to a folder; gives those copied, and those that were there already.

    Raises StoreError where the folder cannot be written.
    """
    from worker.writing import DEFAULT, code_of

    copied: list[Path] = []
    there: list[Path] = []
    try:
        target.mkdir(parents=True, exist_ok=True)
        for file in sorted(shipped_folder().glob(f"*{SUFFIX}")):
            suffix = _parted(file.name)[1] or DEFAULT
            if language is not None and suffix != code_of(language):
                continue
            new = target / file.name
            if new.exists():
                there.append(new)
                continue
            new.write_bytes(file.read_bytes())
            copied.append(new)
    except OSError as error:
        raise StoreError(f"The templates cannot be copied: {error.strerror}.", where=str(target)) from None
    return copied, there


def places(folder: Path | None, campaign: str) -> list[Path]:
    """Where the templates of a campaign lie, the weakest place first."""
    found = [shipped_folder()]
    if folder is not None:
        found.append(folder)
    for place in list(found):
        if campaign and "/" not in campaign and not campaign.startswith("."):
            found.append(place / campaign)
    return [place for place in found if place.is_dir()]


def _parted(name: str) -> tuple[str, str]:
    """A file's name without its language, and the language: "ask.md" and "de" of "ask.de.md"."""
    stem, dot, last = name.removesuffix(SUFFIX).rpartition(".")
    from worker.writing import code_of

    code = code_of(last) if dot and len(last) in (2, 5) else ""
    return (f"{stem}{SUFFIX}", code) if code else (name, "")

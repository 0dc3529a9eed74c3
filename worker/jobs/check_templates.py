"""What `askaround check` says about templates: for whom they cannot be written, and how their words read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from worker.conversation.vocabulary import State
from worker.errors import TemplateError
from worker.jobs.briefs import gather
from worker.jobs.desk import Desk
from worker.jobs.lines import Grade, Line, failed, some
from worker.jobs.rehearsal import Rehearsal, Trouble, rehearse, strange_files
from worker.jobs.templates import languages, shipped_folder
from worker.store import Store, Transaction, contacts, conversations
from worker.writing import DEFAULT, code_of, untranslated


def templates(store: Store, desk: Desk) -> Iterator[Line]:
    """Try every template on everybody who could get it."""
    yield from _untranslated(store, desk)
    strange = store.read(lambda tx: list(strange_files(desk, tx, shipped_folder())))
    for file, near in strange:
        meant = f"Did you mean {near}? " if near else ""
        yield Line(
            "templates",
            Grade.wrong if near else Grade.note,
            f"no step has a template of this name, so that it is never used ({file})",
            f"{meant}docs/templates.md lists the names.",
        )
    try:
        tried = store.read(lambda tx: rehearse(tx, desk))
    except TemplateError as error:
        yield failed("templates", error)
        return
    for trouble in tried.troubles:
        yield from _trouble(trouble)
    if not any(trouble.people for trouble in tried.troubles) and tried.people:
        whom = f"{tried.people} contacts" if tried.people > 1 else "one contact"
        yield Line("templates", Grade.ok, f"all that {whom} can get can be written")
    if (wrong := store.read(lambda tx: _brief(tx, desk))) is not None:
        yield failed("templates", wrong)
    if not tried.people:
        well = "no contacts yet: tried on a made-up person"
        broken = any(not one.only_maybe for one in tried.troubles)
        yield Line("templates", Grade.note if broken else Grade.ok, well, "Run it again once there are contacts.")
    yield from _words(tried)


def _words(tried: Rehearsal) -> Iterator[Line]:
    """What reads like spam or like a request for a job."""
    for (file, sign), people in tried.signs.items():
        whom = f" (to {some(people)})" if people and len(people) < tried.people else ""
        todo = "Only a note: strangers say yes to a question, seldom to an application or an advertisement."
        yield Line("words", Grade.note, f"{Path(file).name}: {sign}{whom}", todo)
    if not tried.signs:
        yield Line("words", Grade.ok, "nothing reads like spam or like a request for a job")


def _brief(tx: Transaction, desk: Desk) -> TemplateError | None:
    """What is wrong with the template of the owner's brief, for the first contacts of each state."""
    for state in State:
        for conversation in conversations.in_states(tx, desk.mailbox.id, {state}, limit=3):
            try:
                gather(tx, desk, conversation)
            except TemplateError as error:
                return error
    return None


def _untranslated(store: Store, desk: Desk) -> Iterator[Line]:
    """What the owner says of themself stands in no mail of another language, unless it is said in that one too."""
    spoken = store.read(lambda tx: contacts.languages(tx, desk.mailbox.id))
    written = {DEFAULT, *languages(desk.mailbox.templates_folder, "default")}
    for language in sorted({code_of(one) for one in spoken} & written):
        if missing := untranslated(desk.mailbox.owner.about, language):
            says = f"mails in {language!r} leave out your {', '.join(missing)}: the words are of another language"
            yield Line("templates", Grade.note, says, f"Say them in [owner.about.{language}], or leave it so.")


def _trouble(trouble: Trouble) -> Iterator[Line]:
    said, todo = f"{trouble.error.what.rstrip('.')} ({trouble.error.where})", trouble.error.todo or ""
    if trouble.only_maybe:
        yield Line("templates", Grade.note, f"nobody can get this yet; for a person with only an address: {said}", todo)
    elif not trouble.people:
        yield Line("templates", Grade.wrong, said, todo)
    else:
        yield Line("templates", Grade.wrong, f"{said}: {some(trouble.people)}", todo)

"""The command that lets the owner write in a mail before it leaves: edit."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from worker.cli.opening import ConfigOption, console, opened, plain

if TYPE_CHECKING:
    from worker.jobs.edit import Words

USUAL = ("sensible-editor", "nano", "vim", "vi")


def edit(
    context: typer.Context,
    who: Annotated[str, typer.Argument(metavar="ID|EMAIL", help="The mail's id (m12), or whom it goes to.")],
    config: ConfigOption = None,
) -> None:
    """Write in a mail that has not left, in $VISUAL or $EDITOR; it then leaves with your very words."""
    from worker.errors import InputError
    from worker.jobs.edit import keep, taken_apart, words_of

    with opened(context, config) as (_, store, desk):
        before = store.read(lambda tx: words_of(tx, desk, who))
        folder = Path(tempfile.mkdtemp(prefix="askaround-"))  # mode 0700: nobody else reads it
        file = folder / f"m{before.mail_id}.txt"
        file.write_text(before.text, "utf-8")
        try:
            text = _edited(file, before)
            if text is None:
                console().print("Unchanged.")
            else:
                subject, body = taken_apart(text)
                done = store.transaction(lambda tx: keep(tx, desk, before, subject, body))
                console().print(plain(done))
        except InputError as error:
            changed = file.exists() and file.read_bytes() != before.text.encode("utf-8")
            kept = f" Your text is kept in {file}." if changed else ""
            if not changed:
                shutil.rmtree(folder, ignore_errors=True)
            raise InputError(error.what, where=error.where, todo=f"{error.todo or ''}{kept}".strip()) from None
        except BaseException:  # Ctrl-C too: what was not written in is not left lying about
            if file.exists() and file.read_bytes() == before.text.encode("utf-8"):
                shutil.rmtree(folder, ignore_errors=True)
            raise
    shutil.rmtree(folder, ignore_errors=True)


def _edited(file: Path, before: Words) -> str | None:
    """What the editor left in the file; None where nothing was changed. Raises InputError where it failed."""
    from worker.errors import InputError

    command = _editor()
    try:
        code = subprocess.run([*command, str(file)], check=False).returncode
    except OSError as error:
        raise InputError(
            f"The editor {command[0]!r} cannot be started: {error.strerror}.", todo="Set VISUAL or EDITOR."
        ) from None
    if code != 0:
        raise InputError(f"The editor ended with {code}; nothing was changed.", where=command[0])
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        raise InputError("What the editor left is no text in UTF-8; nothing was changed.", where=str(file)) from None
    same = [line.rstrip() for line in text.strip().splitlines()]
    return None if same == [line.rstrip() for line in before.text.strip().splitlines()] else text


def _editor() -> list[str]:
    """The command of the owner's editor (VISUAL comes first, as in POSIX), else a usual one."""
    from worker.errors import InputError

    for name in ("VISUAL", "EDITOR"):
        value = os.environ.get(name, "").strip()
        if value:
            try:
                return shlex.split(value)
            except ValueError:
                raise InputError(
                    f"{name} cannot be read as a command.", where=value[:80], todo=f"Set {name}."
                ) from None
    found = next((one for one in USUAL if shutil.which(one)), None)
    if found is None:
        raise InputError("No editor was found.", todo="Set VISUAL or EDITOR, for example EDITOR=nano.")
    return [found]

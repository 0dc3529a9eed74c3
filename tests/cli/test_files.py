"""Files that commands write hold what people wrote: they are private, whole, and take nobody else's place."""

from __future__ import annotations

import os
import stat
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Shell
from tests.cli.test_everyday import clean
from worker.cli.files import written
from worker.errors import StoreError

UNA = "una@acme.example"
PEOPLE = "email,name\nbo@b.example,Bo\nnobody,No Body\n"
BEFORE = "what was there before; "
COMMANDS = [
    ("summary --html FILE", 0),
    (f"brief {UNA} --ics FILE", 0),
    ("tree --html FILE", 0),
    (f"templates preview ask {UNA} --html FILE", 0),
    ("contacts export FILE", 0),
    ("export FILE --force", 0),
    ("import people.csv --rejects FILE", 1),
]


@pytest.fixture
def known(shell: Shell) -> Shell:
    clean(shell.run("add", UNA, "--name", "Una Berg"), 0)
    clean(shell.run("tell", UNA, f"talk on {date.today() + timedelta(days=30)} at 15:00"), 0)
    shell.write("people.csv", PEOPLE)
    return shell


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("command, code", COMMANDS, ids=[command.split(" ")[0] for command, _ in COMMANDS])
def test_only_its_owner_can_read_it(known: Shell, command: str, code: int) -> None:
    new, old = known.folder / "new", known.folder / "old"
    old.write_text(BEFORE * 5000)
    old.chmod(0o644)
    link = known.folder / "link"
    link.symlink_to(old)
    before = os.umask(0o022)
    try:
        clean(known.run(*command.replace("FILE", "new").split()), code)
        clean(known.run(*command.replace("FILE", "link").split()), code)
    finally:
        os.umask(before)
    assert (mode(new), mode(old)) == (0o600, 0o600)
    assert link.is_symlink()
    assert BEFORE not in old.read_text()
    assert new.stat().st_size
    assert not list(known.folder.glob(".*"))


@pytest.mark.parametrize("command, code", COMMANDS[:3], ids=[command.split(" ")[0] for command, _ in COMMANDS[:3]])
def test_a_dash_is_the_file_alone(known: Shell, command: str, code: int) -> None:
    out = clean(known.run(*command.replace("FILE", "-").split()), code).out
    assert out.rstrip().endswith(("</html>", "END:VCALENDAR"))
    assert not (known.folder / "-").exists()


def test_a_pipe_stays_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with written(pipe) as out:
            out.write("Grüße\n")
        assert os.read(reader, 100) == "Grüße\n".encode()
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert list(tmp_path.iterdir()) == [pipe]


def test_it_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("before")

    def half() -> None:
        with written(file) as out:
            out.write("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert file.read_text() == "before"
    with pytest.raises(StoreError, match="cannot be written"), written(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == [file]


def test_a_link_that_somebody_laid_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.urandom", lambda count: bytes(count))
    theirs = tmp_path / "theirs"
    laid = tmp_path / f".file.{'00' * 6}.part"
    laid.symlink_to(theirs)
    with pytest.raises(StoreError, match="File exists"), written(tmp_path / "file") as out:
        out.write("for my eyes")
    assert not theirs.exists()
    assert laid.is_symlink()


def test_a_name_that_no_disk_takes_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written"), written(tmp_path / ("x" * 300)):
        pytest.fail("it was opened")

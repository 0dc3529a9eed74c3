"""backup, restore and reconcile as they are typed."""

from __future__ import annotations

import shutil
import stat

from tests.cli.conftest import Shell
from tests.cli.test_everyday import clean
from tests.stories.world import PASSWORD

UNA = "una@acme.example"


def test_restored_from_a_backup(shell: Shell) -> None:
    shell.servers.add_user(UNA, PASSWORD)
    clean(shell.run("add", UNA, "--name", "Una Berg"), 0)
    clean(shell.run("backup", "copy.db"), 0)
    assert stat.S_IMODE((shell.folder / "copy.db").stat().st_mode) == 0o600
    clean(shell.run("backup", "copy.db"), 2)
    clean(shell.run("backup", "copy.db", "--force"), 0)
    clean(shell.run("once"), 0)
    assert len(shell.servers.messages(UNA)) == 1
    clean(shell.run("restore", "copy.db"), 0)
    once = clean(shell.run("once"), 1)
    assert "askaround reconcile" in once.err
    assert "askaround reconcile" in clean(shell.run("status"), 0).out
    assert shell.run("status", "--json").json["health"]["held"]
    assert "BAD" in shell.run("check", "--offline").out
    dry = clean(shell.run("reconcile", "--dry-run"), 0)
    assert UNA in dry.out
    assert "ask recorded as sent" in " ".join(dry.out.split())
    clean(shell.run("reconcile"), 1)  # nobody to ask
    clean(shell.run("reconcile", "--ignore", "u99"), 2)
    document = clean(shell.run("reconcile", "--json"), 1).json
    assert [(one["email"], one["step"], one["contact"]) for one in document["mails"]] == [(UNA, "ask", "known")]
    done = clean(shell.run("reconcile", "--json", "--yes"), 0).json
    assert (done["held"], len(done["recorded"])) == (False, 1)
    assert "nothing to reconcile" in clean(shell.run("reconcile"), 0).out
    assert clean(shell.run("once"), 0).err == ""
    assert len(shell.servers.messages(UNA)) == 1
    status = shell.run("status", "--json").json
    assert status["conversations"][0]["state"] == "asked"
    assert not status["health"]["held"]


def test_a_database_that_is_gone(shell: Shell) -> None:
    shell.servers.add_user(UNA, PASSWORD)
    clean(shell.run("add", UNA, "--name", "Una Berg"), 0)
    clean(shell.run("once"), 0)
    for path in shell.folder.glob("askaround.db*"):
        path.unlink()
    assert "BAD" in clean(shell.run("check"), 1).out
    clean(shell.run("reconcile", "--yes"), 0)
    assert shell.run("status", "--json").json["conversations"][0]["state"] == "asked"


def test_restoring_when_there_is_nothing_yet(shell: Shell) -> None:
    clean(shell.run("add", UNA), 0)
    clean(shell.run("backup", "copy.db"), 0)
    shutil.move(shell.folder / "askaround.db", shell.folder / "gone.db")
    clean(shell.run("restore", "copy.db"), 0)
    assert shell.run("status", "--json").json["conversations"][0]["email"] == UNA
    clean(shell.run("restore", "nothing.db"), 2)

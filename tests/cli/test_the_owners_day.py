"""The commands of the owner's day, as they are typed: brief, tree, edit, away, finish."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path

from tests.cli.conftest import Shell
from tests.cli.test_everyday import clean
from worker.reading.calendar import parse

UNA = "una@acme.example"
LATER = date.today() + timedelta(days=30)


def script(shell: Shell, name: str, text: str) -> str:
    """An editor: a program of a few lines that gets the file's name."""
    path = shell.write(name, f"import sys, pathlib\nfile = pathlib.Path(sys.argv[-1])\n{text}\n")
    return f"{sys.executable} {path}"


def test_brief_and_its_times(shell: Shell) -> None:
    clean(shell.run("add", UNA, "--name", "Una Berg", "--company", "Acme"), 0)
    assert "Una Berg, Acme" in clean(shell.run("brief", UNA), 0).out
    assert clean(shell.run("brief", UNA, "--json"), 0).json["email"] == UNA
    assert "No time is known" in clean(shell.run("brief", UNA, "--ics", "talk.ics"), 2).err
    assert not (shell.folder / "talk.ics").exists()
    clean(shell.run("tell", UNA, "talk", "on", LATER.isoformat(), "at", "15:00"), 0)
    clean(shell.run("brief", UNA, "--ics", "talk.ics"), 0)
    found = parse((shell.folder / "talk.ics").read_bytes().decode())
    assert found is not None
    assert found.starts is not None
    assert found.starts.isoformat() == f"{LATER.isoformat()}T15:00:00+00:00"
    clean(shell.run("brief", UNA, "--ics", "nowhere/talk.ics"), 1)
    clean(shell.run("brief", "nobody@acme.example"), 2)


def test_check_tries_the_brief(shell: Shell) -> None:
    (shell.folder / "own").mkdir()
    shell.write("own/brief.md", "---\nsubject: x\n---\n{{ contact.nothing }}\n")
    shell.configure({"[store]": '[templates]\nfolder = "own"\n\n[store]'})
    clean(shell.run("add", UNA), 0)
    assert "brief.md, line 4" in clean(shell.run("check", "--offline"), 2).out.replace("\n", " ").replace("      ", "")
    assert "brief.md, line 4" in clean(shell.run("brief", UNA), 2).err


def test_tree(shell: Shell) -> None:
    assert "No contacts yet" in clean(shell.run("tree"), 0).out
    clean(shell.run("add", UNA, "--name", "Una Berg"), 0)
    clean(shell.run("add", "dana@other.example", "--referred-by", UNA), 0)
    assert "└─ dana@other.example" in clean(shell.run("tree"), 0).out
    assert clean(shell.run("tree", "--json"), 0).json["tree"][0]["led_to"][0]["email"] == "dana@other.example"
    clean(shell.run("tree", "--html", "tree.html"), 0)
    assert "Una Berg" in (shell.folder / "tree.html").read_text("utf-8")


def test_edit_with_the_owners_editor(shell: Shell) -> None:
    clean(shell.run("add", UNA, "--name", "Una Berg"), 0)
    clean(shell.run("tell", UNA, f"later {LATER.isoformat()}"), 0)
    good = script(shell, "good.py", "file.write_text(file.read_text().replace('Una', 'dear Una'))")
    bad = script(shell, "bad.py", "file.write_text('Subject: x\\nBcc: evil@example.org\\n\\nwords\\n')")
    fails = script(shell, "fails.py", "file.write_text('Subject: x\\n\\nwords\\n'); sys.exit(3)")
    same = script(shell, "same.py", "pass")
    refused = clean(shell.run("edit", UNA, env={"EDITOR": bad, "VISUAL": ""}), 2)
    assert "another header field" in refused.err
    kept = Path(refused.err.split("kept in ")[1].strip().rstrip("."))
    assert "evil" in kept.read_text()
    kept.unlink()
    assert "ended with 3" in clean(shell.run("edit", UNA, env={"VISUAL": fails}), 2).err
    assert "Unchanged" in clean(shell.run("edit", UNA, env={"VISUAL": same}), 0).out
    assert "cannot be started" in clean(shell.run("edit", UNA, env={"VISUAL": "/nonexistent/editor"}), 2).err
    clean(shell.run("edit", UNA, env={"EDITOR": fails, "VISUAL": good}), 0)
    assert "Hi dear Una," in clean(shell.run("preview", UNA), 0).out


def test_away_and_finish(shell: Shell) -> None:
    clean(shell.run("add", UNA), 0)
    assert "You are here" in clean(shell.run("away"), 0).out
    assert "You are away" in clean(shell.run("away", "until", LATER.isoformat()), 0).out
    assert f"to {LATER.isoformat()}" in clean(shell.run("away"), 0).out
    for word in ("whenever", "2099-01-01"):
        assert f"'{word}' is no day within the next two years" in clean(shell.run("away", "until", word), 2).err
    once = clean(shell.run("once", "--json"), 0).json
    assert once["sent"] == []
    assert "You are back" in clean(shell.run("resume"), 0).out
    assert "Nothing was changed" in clean(shell.run("finish"), 0).out
    assert clean(shell.run("finish", "--json"), 0).json["finished"] is False
    done = clean(shell.run("finish", "--yes", "--json"), 0).json
    assert done["finished"] is True
    assert [one["step"] for one in done["cancelled"]] == ["ask"]
    assert clean(shell.run("status", "--json"), 0).json["health"]["finished"]
    assert "You have finished" in clean(shell.run("status"), 0).out
    assert "goes on" in clean(shell.run("resume"), 0).out
    assert clean(shell.run("status", "--json"), 0).json["health"]["finished"] is None

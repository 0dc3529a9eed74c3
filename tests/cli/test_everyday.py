"""What a person does every day on the command line, and where it can go wrong: no traceback, nothing unexpected."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.cli.conftest import Done, Shell
from worker.jobs.templates import shipped_folder

ROWS = {
    "conversations": {"id", "email", "name", "campaign", "state", "referred_by", "next"},
    "outbox": {"id", "email", "step", "state", "due", "message_id"},
    "review": {"id", "email", "intent", "confidence", "text"},
    "proposed": {"id", "email", "name", "referred_by"},
}


def clean(done: Done, code: int) -> Done:
    assert "Traceback" not in done.out + done.err
    assert done.code == code, done
    return done


def test_the_json_has_its_keys(shell: Shell) -> None:
    shell.write("people.csv", "email,name,phone\nuna@acme.example,Una Berg,\n,Pat Phone,+4930123\n")
    clean(shell.run("import", "people.csv"), 0)
    once = clean(shell.run("once", "--json"), 0).json
    assert {"read", "sent", "queued", "cancelled", "held", "errors"} <= set(once)
    assert [set(one) for one in once["sent"]] == [{"email", "step", "message_id"}]
    status = clean(shell.run("status", "--json"), 0).json
    assert set(status) >= {"schema_version", "health", *ROWS}
    for name, keys in ROWS.items():
        assert all(keys <= set(row) for row in status[name])
    assert {"paused", "last_poll", "errors"} <= set(status["health"])
    assert [row["step"] for row in status["outbox"]] == ["nudge", "ask"]


def test_every_step_can_be_previewed(shell: Shell) -> None:
    clean(shell.run("add", "una@acme.example", "--name", "Una Berg"), 0)
    for step in ("ask", "nudge", "check_in", "referral_request", "thanks_for_name", "thanks_for_talk", "report_back"):
        clean(shell.run("preview", "una@acme.example", "--step", step), 0)


def test_from_another_directory(shell: Shell, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    config = str(shell.folder / "config.toml")
    for words in (("--config", config, "status", "--json"), ("status", "--json", "--config", config)):
        command = [sys.executable, "-m", "worker", *words]
        done = subprocess.run(command, cwd=elsewhere, capture_output=True, env=dict(os.environ), check=False)
        assert done.returncode == 0, done.stderr
    assert (shell.folder / "askaround.db").exists()
    assert not list(elsewhere.iterdir())


def test_an_import_says_who_is_known_and_changes_nothing_when_dry(shell: Shell) -> None:
    shell.write(
        "people.csv",
        "email,name,referred_by,phone\nUna+x@Acme.example,Una Berg,,\nuna@acme.example,Una Again,,\n"
        "dana@x.example,Dana Weiss,una@acme.example,\n,Pat,,+49 30 1\n",
    )
    dry = clean(shell.run("import", "people.csv", "--dry-run", "--json"), 0).json
    assert (dry["added"], dry["calls"], dry["known"]) == (2, 1, 1)
    assert clean(shell.run("status", "--json"), 0).json["conversations"] == []
    clean(shell.run("import", "people.csv"), 0)
    for more in ([], ["--campaign", "other"]):
        assert "0 added, 0 to call, 4 known already" in clean(shell.run("import", "people.csv", *more), 0).out
    assert len(clean(shell.run("status", "--json"), 0).json["conversations"]) == 3
    assert "Una Berg suggested" in clean(shell.run("preview", "dana@x.example"), 0).out
    clean(shell.run("import", "people.csv", "--campaign", "../x"), 2)
    clean(shell.run("import", "."), 2)


def test_a_campaigns_own_templates_come_first(shell: Shell) -> None:
    own = shell.folder / "own"
    (own / "nurses").mkdir(parents=True)
    ask = (shipped_folder() / "ask.md").read_text("utf-8")
    (own / "ask.md").write_text(ask + "\nFrom the folder.\n", "utf-8")
    (own / "nurses" / "ask.md").write_text(ask + "\nFrom the campaign.\n", "utf-8")
    shell.configure({"[store]": '[templates]\nfolder = "own"\n\n[store]'})
    clean(shell.run("add", "a@a.example"), 0)
    clean(shell.run("add", "b@b.example", "--campaign", "nurses"), 0)
    assert "From the folder." in clean(shell.run("preview", "a@a.example"), 0).out
    assert "From the campaign." in clean(shell.run("preview", "b@b.example"), 0).out


def test_variables_of_the_environment(shell: Shell) -> None:
    clean(shell.run("add", "una@acme.example"), 0)
    once = clean(shell.run("once", "--json", env={"ASKAROUND_PACE__PER_DAY": "0"}), 0).json
    assert once["sent"] == []
    assert "per_day" in clean(shell.run("once", env={"ASKAROUND_PACE__PERDAY": "0"}), 2).err
    clean(shell.run("status", env={"ASKAROUND_CONFIG": "/nonexistent.toml"}), 2)


def test_a_password_command_that_fails(shell: Shell) -> None:
    shell.configure({'password = "correct horse"': 'password_command = ["false"]'})
    assert "password command failed" in clean(shell.run("once"), 1).err
    told = shell.run("once", "--json")
    assert told.code == 1
    assert "password command failed" in told.json["errors"][0]
    clean(shell.run("add", "una@acme.example"), 0)
    clean(shell.run("status"), 0)


def test_a_damaged_database(shell: Shell) -> None:
    shell.write("people.csv", "email\n" + "".join(f"u{n}@acme{n}.example\n" for n in range(300)))
    clean(shell.run("import", "people.csv"), 0)
    database = shell.folder / "askaround.db"
    database.write_bytes(database.read_bytes()[:8192] + b"A" * (database.stat().st_size - 8192))
    for beside in ("askaround.db-wal", "askaround.db-shm"):
        (shell.folder / beside).unlink(missing_ok=True)
    for command in ("status", "once"):
        assert "malformed" in clean(shell.run(command), 1).err


def test_a_disk_that_is_full(shell: Shell) -> None:
    shell.write("people.csv", "email\n" + "".join(f"u{n}@acme{n}.example\n" for n in range(3000)))
    command = f"ulimit -f 300; exec {sys.executable} -m worker import people.csv"
    done = subprocess.run(["bash", "-c", command], cwd=shell.folder, capture_output=True, check=False)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    clean(shell.run("status"), 0)


def test_words_about_who_can_only_be_called(shell: Shell) -> None:
    shell.write("people.csv", "email,name,phone\n,Pat Phone,+4930123\n")
    clean(shell.run("import", "people.csv"), 0)
    assert "stay on the list" in clean(shell.run("tell", "Pat Phone", "called, no answer"), 0).out
    clean(shell.run("tell", "Pat Phone", "2", "yes"), 2)
    clean(shell.run("tell", "Pat Phone", "send"), 2)
    clean(shell.run("tell", "Pat Phone", "met"), 0)

"""Taking contacts in, changing, listing, suppressing and forgetting them, as a person types it."""

from __future__ import annotations

import csv
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time

from tests.cli.conftest import Done, Shell


def clean(done: Done, code: int) -> Done:
    assert "Traceback" not in done.out + done.err
    assert done.code == code, done
    return done


def count(shell: Shell, table: str = "contact") -> int:
    with sqlite3.connect(shell.folder / "askaround.db") as database:
        return int(database.execute(f"select count(*) from {table}").fetchone()[0])


def test_a_dry_run_shows_a_table(shell: Shell) -> None:
    shell.write(
        "people.csv",
        "email,name,country,timezone\nuna@acme.example,Una Berg,DE,\njobs@b.example,Blue Team,US,\n"
        "bo@c.example,Bo Ek,,Asia/Tokyo\nuna+x@acme.example,Una Again,,\nnobody,x,,\n",
    )
    out = clean(shell.run("import", "people.csv", "--dry-run"), 1).out
    assert "Europe/Berlin?" in out
    assert "UTC?" in out
    assert "Asia/Tokyo " in out
    assert "the same person as in row 2" in out
    assert "row 3: jobs@b.example reads like an office" in out
    assert "row 6: rejected: email 'nobody' is no address" in out
    assert count(shell) == 0
    rows = clean(shell.run("import", "people.csv", "--dry-run", "--json"), 1).json["rows"]
    assert [row["first_name"] for row in rows[:3]] == ["Una", None, "Bo"]
    assert [row["zone_guessed"] for row in rows[:3]] == [True, True, False]


def test_columns_can_be_mapped_and_rejects_are_written(shell: Shell) -> None:
    shell.write("odd.txt", "Adresse;Wer;Geheim\nuna@acme.example;Una Berg;a\nnobody;=Nobody;b\n;Empty;c\n")
    told = clean(shell.run("import", "odd.txt"), 2).err
    assert "--map" in told
    arguments = ("--map", "Adresse=email", "--map", "wer=name", "--map", "Geheim=-", "--rejects", "bad.csv")
    clean(shell.run("import", "odd.txt", *arguments), 1)
    with (shell.folder / "bad.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["row", "reason", "Adresse", "Wer", "Geheim"]
    assert [(row[0], row[2], row[3]) for row in rows[1:]] == [("3", "nobody", "=Nobody"), ("4", "", "Empty")]
    assert all(row[1] for row in rows[1:])
    assert (shell.folder / "bad.csv").stat().st_mode & 0o077 == 0
    assert "una@acme.example" in clean(shell.run("contacts"), 0).out
    assert "Did you mean email?" in clean(shell.run("import", "odd.txt", "--map", "Adresse=emial"), 2).err
    assert "no column 'Nix'" in clean(shell.run("import", "odd.txt", *arguments, "--map", "Nix=phone"), 2).err
    clean(shell.run("import", "odd.txt", "--rejects", "odd.txt", "--map", "Adresse=email"), 2)
    clean(shell.run("import", "odd.txt", "--map", "Adresse"), 2)
    piped = clean(shell.run("import", "-", "--dry-run", stdin=b"email\nbo@b.example\n"), 0)
    assert "1 would be added" in piped.out


def test_an_introducer_may_stand_further_down(shell: Shell) -> None:
    shell.write(
        "people.csv", "email,name,referred_by\ndana@x.example,Dana Weiss,una@a.example\nuna@a.example,Una Berg,\n"
    )
    clean(shell.run("import", "people.csv"), 0)
    assert "Una Berg suggested" in clean(shell.run("preview", "dana@x.example"), 0).out


def test_an_import_that_is_killed_leaves_nothing_and_can_be_run_again(shell: Shell) -> None:
    rows = "".join(f"u{n}@acme{n % 500}.example,Una Berg,Acme {n % 500}\n" for n in range(6000))
    shell.write("people.csv", "email,name,company\n" + rows)
    clean(shell.run("status"), 0)  # the database is there
    command = [sys.executable, "-m", "worker", "import", "people.csv", "--json"]
    begun = subprocess.Popen(command, cwd=shell.folder, stdout=subprocess.DEVNULL, start_new_session=True)
    wal = shell.folder / "askaround.db-wal"
    until = time.monotonic() + 100
    while not (wal.exists() and wal.stat().st_size > 200_000) and time.monotonic() < until and begun.poll() is None:
        time.sleep(0.005)
    assert begun.poll() is None, "it ended before it could be killed"
    os.killpg(begun.pid, signal.SIGKILL)
    begun.wait()
    assert (count(shell), count(shell, "conversation"), count(shell, "journal")) == (0, 0, 0)
    again = clean(shell.run("import", "people.csv", "--json"), 0).json
    assert again["added"] == count(shell) == 6000


def test_a_contact_is_edited_by_the_rules_of_an_import(shell: Shell) -> None:
    clean(shell.run("add", "una@acme.example", "--name", "Una Berg", "--company", "Acme"), 0)
    clean(shell.run("add", "bo@b.example", "--name", "Bo Ek"), 0)
    said = clean(shell.run("contacts", "edit", "una@acme.example", "name=Dr. Dana Weiss", "country=Germany"), 0).out
    assert "Dana Weiss" in said
    assert "Hi Dana," in clean(shell.run("preview", "una@acme.example"), 0).out
    clean(shell.run("contacts", "edit", "una@acme.example", "extra.Met at=a fair", "role=biologist", "company="), 0)
    assert "as biologist" in clean(shell.run("preview", "una@acme.example"), 0).out
    clean(shell.run("contacts", "edit", "una@acme.example", "email=dana@acme.example"), 0)
    for wrong, told in (
        ("email=bo+x@b.example", "another contact"),
        ("email=robin@owner.example", "your own"),
        ("email=nobody", "no address"),
        ("timezone=Mars", "not known"),
        ("nmae=x", "Did you mean name?"),
        ("name", "changes nothing"),
        ("notes=a\nb", "line break"),
    ):
        assert told in clean(shell.run("contacts", "edit", "dana@acme.example", wrong), 2).err
    clean(shell.run("contacts", "edit", "nobody@x.example", "name=x"), 2)
    story = clean(shell.run("story", "dana@acme.example"), 0).out
    assert "you changed email" in story


def test_contacts_are_listed_and_exported_for_another_import(shell: Shell) -> None:
    shell.write(
        "people.csv", 'email,name,opening,team\nuna@acme.example,Una Berg,"Hi, there",Blue\nbo@b.example,Bo Ek,,\n'
    )
    clean(shell.run("import", "people.csv"), 0)
    assert "Una Berg" in clean(shell.run("contacts"), 0).out
    assert len(clean(shell.run("contacts", "--json"), 0).json["contacts"]) == 2
    clean(shell.run("contacts", "export", "out.csv"), 0)
    with (shell.folder / "out.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert (rows[0]["opening"], rows[0]["team"], rows[0]["state"]) == ("Hi, there", "Blue", "planned")
    assert "0 added, 0 to call, 2 known" in clean(shell.run("import", "out.csv"), 0).out
    clean(shell.run("contacts", "export", "out.json"), 0)
    assert json.loads((shell.folder / "out.json").read_text())["contacts"][1]["email"] == "bo@b.example"
    assert clean(shell.run("contacts", "export", "-"), 0).out.startswith("email,name")


def test_suppressed_addresses_and_domains_are_not_written_to(shell: Shell) -> None:
    for email in ("una@acme.example", "bo@mail.acme.example", "cy@other.example"):
        clean(shell.run("add", email), 0)
    said = clean(shell.run("suppress", "acme.example", "--reason", "a customer"), 0).out
    assert "una@acme.example: closed" in said
    assert "bo@mail.acme.example: closed" in said
    clean(shell.run("suppress", "Cy+x@other.example"), 0)
    once = clean(shell.run("once", "--json"), 0).json
    assert once["sent"] == []
    assert "on the suppression list: a customer" in clean(shell.run("add", "eve@acme.example"), 0).out
    listed = clean(shell.run("suppress", "--json"), 0).json["suppressed"]
    assert [(row["what"], row["value"]) for row in listed] == [
        ("domain", "acme.example"),
        ("address", "cy@other.example"),
    ]
    assert "a customer" in clean(shell.run("suppress"), 0).out
    clean(shell.run("unsuppress", "acme.example"), 0)
    assert "added" in clean(shell.run("add", "eve@acme.example"), 0).out
    clean(shell.run("unsuppress", "acme.example"), 2)
    clean(shell.run("suppress", "robin@owner.example"), 2)
    clean(shell.run("suppress", "nonsense"), 2)


def test_a_person_is_forgotten_and_everything_is_exported(shell: Shell) -> None:
    clean(shell.run("add", "una@acme.example", "--name", "Una Berg"), 0)
    clean(shell.run("add", "bo@b.example", "--name", "Bo Ek", "--notes", "knows Una Berg"), 0)
    clean(shell.run("once"), 0)
    clean(shell.run("export", "all.json"), 0)
    before = (shell.folder / "all.json").read_text()
    tables = json.loads(before)["tables"]
    assert [row["email"] for row in tables["contact"]] == ["una@acme.example", "bo@b.example"]
    assert "Una" in tables["outbox"][0]["raw"]
    assert "key" not in tables["mailbox"][0]
    assert "correct horse" not in before
    assert (shell.folder / "all.json").stat().st_mode & 0o077 == 0
    clean(shell.run("export", "all.json"), 2)
    assert "--yes" in clean(shell.run("forget", "una@acme.example"), 2).err
    clean(shell.run("forget", "una@acme.example", "--yes"), 0)
    clean(shell.run("export", "all.json", "--force"), 0)
    after = (shell.folder / "all.json").read_text()
    assert "una@acme" not in after
    assert "Una" not in after
    assert "bo@b.example" in after
    assert "forgotten by your word" in clean(shell.run("add", "una@acme.example"), 0).out
    assert "(forgotten)" in clean(shell.run("suppress"), 0).out
    clean(shell.run("unsuppress", "una@acme.example"), 0)
    assert ": added" in clean(shell.run("add", "una@acme.example"), 0).out
    clean(shell.run("forget", "robin@owner.example", "--yes"), 2)

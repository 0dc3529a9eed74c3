"""Every command and every option is typed once and does what it says, one after the other in one folder."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from tests.cli.conftest import OWNER, Shell
from worker.cli.app import app
from worker.demo.servers import EmbeddedServers

UNA = "una@acme.example"
WHO = "--name 'Una Berg' --first-name Una --last-name Berg --company Acme --role hydrologist --profession hydrology"
WHERE = "--phone '+49 30 5550177' --timezone Europe/Berlin --country DE --language de"
WHY = "--opening 'I heard you speak.' --notes quiet --source 'a fair' --referred-by ina@acme.example --campaign sea"

ME = "--address robin@outlook.com --name Robin --timezone UTC --field tides"
HOSTS = (
    "--username robin --imap 127.0.0.1:1 --imap-security plain --smtp 127.0.0.1:2 --smtp-security plain "
    "--ca-file people.csv"
)
OAUTH = "--sign-in oauth --client-id an-app --tenant consumers"

# A command line, a word that it prints (on stdout or stderr), its exit code.
TYPED: tuple[tuple[str, str, int], ...] = (
    ("config schema", '"$schema"', 0),
    ("check --offline", "config", 0),
    ("check --send-me --wait 20", "sent", 0),
    (f"add {UNA} {WHO} {WHERE} {WHY}", "added", 0),
    ("import people.csv --campaign sea --dry-run --map Wer=name", "would be", 0),
    ("import people.csv --map Wer=name --rejects bad.csv --encoding utf-8 --delimiter ; --json", '"added": 2', 0),
    ("import people.csv --map Wer=name --check-mx", "there is no domain other.example", 1),
    ("--config config.toml contacts --json", UNA, 0),
    ("contacts", "Una Berg", 0),
    (f"contacts edit {UNA} role=diver", "role", 0),
    ("contacts export all.csv", "all.csv", 0),
    ("preview --config config.toml", "Subject:", 0),
    (f"preview {UNA} --step nudge --raw", "X-Askaround-Token:", 0),
    ("templates list", "ask", 0),
    ("templates list --campaign sea --json", "nudge", 0),
    ("templates copy own --language de", "copied", 0),
    ("templates check", "", 0),
    (f"templates preview ask {UNA} --campaign sea --html ask.html", "ask.html", 0),
    ("templates preview nudge --language fr", "Bonjour", 0),
    ("once --json", '"sent"', 0),
    ("once", "", 0),
    ("status --email una@acme.example --limit 3 --json", UNA, 0),
    ("status --check", "read", 0),
    ("outbox", UNA, 0),
    ("outbox --json", "message_id", 0),
    ("review", "", 0),
    ("review --json", "[", 0),
    (f"story {UNA}", "Una Berg", 0),
    (f"story {UNA} --json", "lines", 0),
    ("explain answer.eml", "declined", 0),
    ("explain - --json", '"intent"', 0),
    ("reread", "read again", 0),
    ("reread --json", "{", 0),
    (f"tell {UNA} yes --json", "{", 0),
    (f"tell {UNA} 'talk on friday at 15:00'", "", 0),
    (f"brief {UNA} --ics talk.ics", "talk.ics", 0),
    (f"brief {UNA} --json", "Una Berg", 0),
    ("tree --all", "Una Berg", 0),
    ("tree --html tree.html", "tree.html", 0),
    ("tree --json", "{", 0),
    ("pause --until monday", "Paused", 0),
    ("resume", "", 0),
    ("away --from friday --until saturday", "away", 0),
    ("away until sunday", "away", 0),
    ("summary", "", 0),
    ("summary --html summary.html", "summary.html", 0),
    ("summary --send", OWNER, 0),
    ("backup copy.db", "copy.db", 0),
    ("backup copy.db --force", "copy.db", 0),
    ("reconcile --dry-run --ignore 2 --json", "no mail 2", 2),
    ("restore copy.db", "", 0),
    ("reconcile --yes", "", 0),
    ("suppress b@other.example --reason asked --json", "b@other.example", 0),
    ("unsuppress b@other.example", "b@other.example", 0),
    ("export all.json", "all.json", 0),
    ("export all.json --force", "all.json", 0),
    ("forget c@third.example --yes", "", 0),
    ("finish --yes --json", "{", 0),
    ("finish --yes", "", 0),
    (f"init --config new.toml {ME} {HOSTS} --password-command 'echo x' --templates mine --offline --yes", "Written", 0),
    (f"init --config other.toml {ME} {OAUTH} --no-templates --offline --yes", "Written", 0),
)

# What runs on, waits for a person or needs another server is typed in tests of its own.
ELSEWHERE = frozenset({"init", "login", "demo", "run", "edit", "check", "status"})


def commands(command: Any = None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Each command with its full name."""
    command = command or get_command(app)
    inner = getattr(command, "commands", {})
    for name, one in inner.items():
        yield from commands(one, (*path, name))
    if path and (not inner or getattr(command, "invoke_without_command", False)):
        yield " ".join(path), command


def test_nothing_is_left_out() -> None:
    typed = [shlex.split(line.removeprefix("--config config.toml ")) for line, _, _ in TYPED]
    missing = []
    for name, command in commands():
        words = name.split()
        lines = [line for line in typed if line[: len(words)] == words]
        if not lines and name not in ELSEWHERE:
            missing.append(name)
        for parameter in command.params:
            option = next((one for one in parameter.opts if one.startswith("--")), None)
            if option in (None, "--help", "--config") or name in ELSEWHERE:
                continue
            if not any(option in line for line in lines):
                missing.append(f"{name} {option}")
    assert missing == []


@pytest.mark.parametrize("name", sorted(ELSEWHERE))
def test_what_is_typed_elsewhere_is(name: str) -> None:
    tests = Path(__file__).parents[1]
    files = [file for file in tests.rglob("*.py") if file != Path(__file__)]
    text = "\n".join([*(file.read_text("utf-8") for file in files), *(line for line, _, _ in TYPED)])
    options = [one for parameter in dict(commands())[name].params for one in parameter.opts[:1] if one[:2] == "--"]
    unknown = [one for one in options if one not in ("--help", "--config") and f'"{one}"' not in text]
    assert [one for one in unknown if f"{name} {one}" not in text and f" {one} " not in text] == []


def test_each_of_them(embedded: EmbeddedServers, shell: Shell) -> None:
    embedded.add_user(UNA, "x")
    shell.write("people.csv", "email;Wer\nb@other.example;Ben Oda\nc@third.example;Cia Ruf\n")
    answer = f"From: {UNA}\r\nTo: {OWNER}\r\nSubject: Re: x\r\n\r\nSorry, I have no time for this.\r\n".encode()
    shell.write("answer.eml", answer)
    wrong = []
    for line, word, code in TYPED:
        done = shell.run(*shlex.split(line), stdin=answer if " - " in line else b"")
        if done.code != code or word not in done.out + done.err or "Traceback" in done.err:
            wrong.append(f"{line}: {done.code}, {(done.out + done.err)[-300:]!r}")
    assert not wrong, "\n".join(wrong)

"""`askaround init` as a person runs it: on embedded servers, with and without a terminal."""

from __future__ import annotations

import os
import pty
import select
import sys
import termios
import time
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.cli.conftest import OWNER, Shell
from tests.stories.world import PASSWORD
from worker.demo.servers import EmbeddedServers
from worker.settings import load


@pytest.fixture
def shell(embedded: EmbeddedServers, tmp_path: Path) -> Shell:
    """A folder without a configuration, and a file with the password."""
    embedded.add_user(OWNER, PASSWORD)
    made = Shell(tmp_path, embedded)
    made.write("secret", PASSWORD + "\n").chmod(0o600)
    return made


def servers(shell: Shell) -> list[str]:
    return [
        *("--imap", f"127.0.0.1:{shell.servers.imap_port}", "--imap-security", "plain"),
        *("--smtp", f"127.0.0.1:{shell.servers.smtp_port}", "--smtp-security", "plain"),
    ]


def who(address: str = OWNER) -> list[str]:
    return ["--address", address, "--name", "Robin Ek", "--timezone", "Europe/Paris", "--field", "tides"]


def everything(shell: Shell) -> list[str]:
    return ["init", *who(), *servers(shell), "--password-file", "secret"]


def content(shell: Shell) -> dict:
    return tomllib.loads((shell.folder / "config.toml").read_text("utf-8"))


def test_it_writes_what_works(shell: Shell) -> None:
    done = shell.run(*everything(shell))
    assert (done.code, done.err) == (0, "")
    path = shell.folder / "config.toml"
    assert path.stat().st_mode & 0o777 == 0o600
    text = path.read_text("utf-8")
    assert "# as it stands below your mails and in their From" in text
    written = content(shell)
    assert written["owner"] == {
        "name": "Robin Ek",
        "timezone": "Europe/Paris",
        "about": {"field": "tides", "meet": "by phone, by video or over coffee"},
    }
    assert written["sequence"] == {"approve_first": 3}
    assert written["mailbox"]["password_file"] == "secret"
    assert (shell.folder / "my-templates/ask.md").is_file()
    assert [path.name for path in shell.folder.glob(".*")] == []
    assert not (shell.folder / "askaround.db").exists()
    for word in ("import", "preview", "once", "run"):
        assert f"askaround {word}" in done.out
    assert "the first 3 asks wait for your word" in done.out
    assert shell.run("check").code == 0
    shell.write("people.csv", "email,name\nuna@acme.example,Una Berg\n")
    assert shell.run("import", "people.csv").code == 0
    assert "tides" in shell.run("preview").out
    turn = shell.run("once", "--json")
    assert turn.json["sent"] == []
    assert shell.servers.accepted == []


def test_again_it_changes_what_is_answered_and_keeps_the_rest(shell: Shell) -> None:
    assert shell.run(*everything(shell)).code == 0
    path = shell.folder / "config.toml"
    mine = path.read_text("utf-8").replace("# per_day = 8 ", "per_day = 3  # mine\n#") + "\n# the end\n"
    mine = mine.replace("approve_first = 3", "approve_first = 0")
    path.write_text(mine, "utf-8")
    shell.write("my-templates/ask.md", "mine")
    done = shell.run("init", "--field", "Gezeiten „hier“", "--yes")
    assert (done.code, done.err) == (0, "")
    assert "asks leave by themselves" in done.out
    assert "wait for your word" not in done.out
    assert path.read_text("utf-8") == mine.replace('"tides"', '"Gezeiten „hier“"')
    assert path.stat().st_mode & 0o777 == 0o600
    assert shell.run(*everything(shell), "--templates", "my-templates").code == 0
    assert (shell.folder / "my-templates/ask.md").read_text() == "mine"


def test_nothing_is_written_with_a_wrong_password(shell: Shell) -> None:
    shell.write("secret", "not it, and never shown\n")
    done = shell.run(*everything(shell))
    assert done.code == 1
    assert "Nothing was written" in done.err
    assert "not it" not in done.out + done.err
    assert sorted(path.name for path in shell.folder.iterdir()) == ["secret"]


def test_a_configuration_that_works_survives_a_wrong_password(shell: Shell) -> None:
    assert shell.run(*everything(shell)).code == 0
    before = (shell.folder / "config.toml").read_bytes()
    shell.write("other", "wrong\n").chmod(0o600)
    assert shell.run("init", "--password-file", "other", "--yes").code == 1
    assert (shell.folder / "config.toml").read_bytes() == before


def test_the_password_on_stdin_is_written_down_and_not_shown(shell: Shell) -> None:
    done = shell.run("init", *who(), *servers(shell), "--password-stdin", stdin=PASSWORD.encode() + b"\n")
    assert (done.code, done.err) == (0, "")
    assert PASSWORD not in done.out
    assert content(shell)["mailbox"]["password"] == PASSWORD


def test_a_password_of_the_environment_is_used_and_not_written(shell: Shell) -> None:
    done = shell.run("init", *who(), *servers(shell), env={"ASKAROUND_MAILBOX__PASSWORD": PASSWORD})
    assert (done.code, done.err) == (0, "")
    assert PASSWORD.encode() not in (shell.folder / "config.toml").read_bytes()


def test_a_password_command_keeps_its_words(shell: Shell) -> None:
    done = shell.run("init", *who(), *servers(shell), "--password-command", "sh -c 'cat  secret'")
    assert (done.code, done.err) == (0, "")
    assert content(shell)["mailbox"]["password_command"] == ["sh", "-c", "cat  secret"]


@pytest.mark.parametrize("lacking", ["--address", "--name", "--field", "--password-file"])
def test_a_missing_answer_without_a_terminal_is_an_error(shell: Shell, lacking: str) -> None:
    words = everything(shell)
    at = words.index(lacking)
    done = shell.run(*words[:at], *words[at + 2 :], "--yes")
    assert done.code == 2
    assert lacking in done.err
    assert len(done.err.splitlines()) <= 5
    assert not (shell.folder / "config.toml").exists()


@pytest.mark.parametrize(
    "option, value", [("--address", "robin"), ("--timezone", "Paris"), ("--name", "a\nb"), ("--imap", "host:99999")]
)
def test_a_wrong_answer_names_its_option(shell: Shell, option: str, value: str) -> None:
    words = everything(shell)
    words[words.index(option) + 1] = value
    done = shell.run(*words)
    assert (done.code, option in done.err) == (2, True), done
    assert not (shell.folder / "config.toml").exists()


def test_an_unknown_provider_has_to_be_named(shell: Shell) -> None:
    done = shell.run("init", *who("robin@nowhere.invalid"), "--password-file", "secret", "--yes", "--offline")
    assert done.code == 2
    assert "--imap imap.nowhere.invalid" in done.err
    assert not (shell.folder / "config.toml").exists()


def test_a_known_provider_needs_no_servers_and_says_how_to_get_a_password(shell: Shell) -> None:
    done = shell.run("init", *who("robin.ek@gmail.com"), "--password-file", "secret", "--offline", "--no-templates")
    assert (done.code, done.err) == (0, "")
    assert "https://myaccount.google.com/apppasswords" in done.out
    assert "host" not in content(shell)["mailbox"]["imap"]
    assert not (shell.folder / "my-templates").exists()
    assert load(shell.folder / "config.toml", {}).remarks == ()


def test_microsoft_is_refused_before_a_password_is_asked(shell: Shell) -> None:
    done = shell.run("init", *who("robin@outlook.com"), "--offline")
    assert done.code == 2
    assert "--client-id" in done.err
    assert not (shell.folder / "config.toml").exists()


def test_another_address_takes_no_password_or_server_along(shell: Shell) -> None:
    assert shell.run(*everything(shell)).code == 0
    done = shell.run("init", "--address", "robin.ek@gmail.com", "--yes", "--offline")
    assert done.code == 2
    assert "password is missing" in done.err
    assert content(shell)["mailbox"]["address"] == OWNER
    done = shell.run(
        "init", "--address", "robin.ek@gmail.com", "--yes", "--offline", "--password-stdin", stdin=b"qzxv\n"
    )
    assert (done.code, done.err) == (0, "")
    mailbox = content(shell)["mailbox"]
    assert (mailbox["address"], mailbox["password"]) == ("robin.ek@gmail.com", "qzxv")
    assert "password_file" not in mailbox
    assert {key for name in ("imap", "smtp") for key in mailbox[name]} == set()


def test_a_broken_file_is_left_as_it_is(shell: Shell) -> None:
    path = shell.write("config.toml", "[owner\n")
    done = shell.run(*everything(shell))
    assert done.code == 2
    assert "line 1" in done.err
    assert path.read_text() == "[owner\n"


HIDDEN = ("Password (hidden)", "keeps the one")  # what is typed at these is not shown


def on_a_terminal(shell: Shell, words: list[str], says: list[tuple[str, str]], env: Mapping[str, str] = {}) -> tuple:
    """Run the command on a terminal of its own; each answer is typed when its question stands there."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(shell.folder)
        os.environ.update(env)
        os.execv(sys.executable, [sys.executable, "-m", "worker", *words])
    shown, until, left = b"", time.monotonic() + 60, list(says)
    seen = 0
    while time.monotonic() < until:
        if select.select([terminal], [], [], 0.2)[0]:
            try:
                data = os.read(terminal, 4096)
            except OSError:  # the other end is closed
                break
            if not data:
                break
            shown += data
        if left and (at := shown.find(left[0][0].encode(), seen)) >= 0:
            if left[0][0] in HIDDEN and termios.tcgetattr(terminal)[3] & termios.ECHO:
                continue  # getpass empties the line's buffer when it begins to wait; until then this is shown
            os.write(terminal, left[0][1].encode() + b"\n")
            seen = at + len(left[0][0].encode())
            left.pop(0)
    assert left == [], shown.decode()
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.close(terminal)
    return code, shown.decode()


def test_it_asks_on_a_terminal_and_lets_a_password_be_typed_again(shell: Shell) -> None:
    typed = [
        ("Your mail address", "robin"),
        ("Your mail address", OWNER),
        ("Your name", "Robin Ek"),
        ("Your time zone", "Europe/Paris"),
        ("The field", "tides"),
        ("Password (hidden)", "a-wrong-one"),
        ("Password (hidden)", PASSWORD),
    ]
    code, shown = on_a_terminal(shell, ["init", *servers(shell)], typed)
    assert code == 0, shown
    assert "must be a mail address" in shown
    assert "a-wrong-one" not in shown
    assert PASSWORD not in shown
    assert content(shell)["mailbox"]["password"] == PASSWORD
    assert shell.run("check").code == 0
    code, shown = on_a_terminal(shell, ["init"], [(f"[{OWNER}]", ""), ("[Robin Ek]", "Robin Oh"), ("Paris]", ""),
                                                  ("[tides]", ""), ("keeps the one", "")])  # fmt: skip
    assert code == 0, shown
    assert content(shell)["owner"]["name"] == "Robin Oh"
    assert content(shell)["mailbox"]["password"] == PASSWORD


def test_the_keyring_keeps_the_password(shell: Shell) -> None:
    assert shell.run(*everything(shell)).code == 0
    without = shell.run("login", stdin=PASSWORD.encode() + b"\n", env={"PYTHONPATH": ""})
    if without.code:  # the package is an extra
        assert without.code == 2
        assert "pip install keyring" in without.err
        assert content(shell)["mailbox"]["password_file"] == "secret"
    fake = shell.folder / "site/keyring"
    fake.mkdir(parents=True)
    (fake / "errors.py").write_text("class KeyringError(Exception):\n    pass\n")
    (fake / "__init__.py").write_text(
        "import json, os, pathlib\nfrom keyring import errors\n_file = pathlib.Path(os.environ['RING'])\n"
        "def get_password(service, user):\n"
        "    if not _file.exists(): raise errors.KeyringError('the secret word')\n"
        "    return json.loads(_file.read_text()).get(service + user)\n"
        "def set_password(service, user, password): _file.write_text(json.dumps({service + user: password}))\n"
    )
    env = {"PYTHONPATH": f"{shell.folder / 'site'}{os.pathsep}{Path(__file__).parents[2]}", "RING": "ring.json"}
    done = shell.run("login", stdin=PASSWORD.encode() + b"\n", env=env)
    assert (done.code, done.err) == (0, "")
    assert PASSWORD not in done.out
    assert content(shell)["mailbox"]["password_keyring"] is True
    assert "password_file" not in content(shell)["mailbox"]
    assert shell.run("check", env=env).code == 0
    (shell.folder / "ring.json").unlink()
    locked = shell.run("check", env=env)
    assert locked.code == 1
    assert "keyring cannot be used" in locked.out
    assert "secret word" not in locked.out + locked.err


def test_systemds_credential_counts_where_nothing_else_is_given(shell: Shell) -> None:
    assert shell.run(*everything(shell)).code == 0
    folder = shell.folder / "credentials"
    folder.mkdir()
    env = {"CREDENTIALS_DIRECTORY": str(folder)}
    (folder / "askaround-password").write_text("another one\n")
    assert shell.run("check", env=env).code == 0  # the file's own password_file comes first
    path = shell.folder / "config.toml"
    path.write_text(path.read_text("utf-8").replace('password_file = "secret"', "#"), "utf-8")
    assert shell.run("check", env=env).code != 0
    (folder / "askaround-password").write_text(PASSWORD + "\n")
    assert shell.run("check", env=env).code == 0
    assert shell.run("check").code == 2

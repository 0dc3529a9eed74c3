"""`askaround login`, `init` and `status` where the account signs in with OAuth2, as a person runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import tomllib
from pathlib import Path

import pytest

from tests.cli.conftest import Done, Shell
from tests.cli.test_init import on_a_terminal
from tests.servers.authorization import CLIENT_ID, CLIENT_SECRET, Authorization
from tests.servers.mail_server import MailServer
from worker.jobs.equip import describe
from worker.settings import load
from worker.settings.beginning import begin

CONFIG = """\
[owner]
name = "Robin Ek"
timezone = "UTC"

[mailbox]
address = "{owner}"
imap = {{ host = "localhost", port = {imap}, security = "tls" }}
smtp = {{ host = "localhost", port = {smtp}, security = "tls" }}
tls = {{ ca_file = "{ca}" }}

[mailbox.oauth]
provider = "microsoft"
client_id = "{client}"
device_endpoint = "{url}/device"
token_endpoint = "{url}/token"
keep = "file"

[pace]
window = ["00:00", "24:00"]
weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
gap_minutes = [0, 0]
holidays = false
"""


class Folder(Shell):
    """A folder in which commands are run; mail servers are not its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder


@pytest.fixture
def shell(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


@pytest.mark.real_server
def test_from_login_to_the_end_of_a_sign_in_and_on(
    token_server: MailServer, tokens_at: Authorization, fresh_address: str, shell: Folder
) -> None:
    una = f"una.{fresh_address}"
    for address in (fresh_address, una):
        token_server.add_user(address, "never used")
    text = CONFIG.format(
        owner=fresh_address,
        imap=token_server.imaps_port,
        smtp=token_server.smtps_port,
        ca=token_server.ca_file,
        client=CLIENT_ID,
        url=tokens_at.url,
    )
    shell.write("config.toml", text).chmod(0o600)
    everything: list[Done] = []

    def run(*words: str) -> Done:
        everything.append(shell.run(*words))
        return everything[-1]

    before = run("status", "--json").json["health"]["errors"]
    assert before == [f"The sign-in of {fresh_address} is not there yet. Sign in: askaround login."]
    first = run("once", "--json")
    assert first.code == 1
    assert before == first.json["errors"]

    tokens_at.who = fresh_address
    done = run("login")
    assert (done.code, done.err) == (0, "")
    assert "WDJB-MJHT" in done.out
    assert "reading: localhost" in done.out
    kept = shell.folder / f"askaround.sign-in.{fresh_address}.json"
    assert str(kept) in done.out
    assert kept.stat().st_mode & 0o777 == 0o600
    assert run("status", "--json").json["health"]["errors"] == []
    assert run("check").code == 0
    assert run("add", una, "--name", "Una Berg").code == 0
    assert [one["step"] for one in run("once", "--json").json["sent"]] == ["ask"]
    token_server.await_messages(una)

    tokens_at.revoke(fresh_address)
    ended = run("once", "--json")
    assert ended.code == 1
    [error] = ended.json["errors"]
    assert error == (
        f"Microsoft has ended the sign-in of {fresh_address} (invalid_grant: Token has been expired or revoked). "
        "Sign in again: askaround login."
    )
    assert run("status", "--json").json["health"]["errors"] == [error]
    assert f"Problem: {error}" in run("status").out
    assert run("status", "--check").code == 1
    assert error in " ".join(run("summary").out.replace("\n! ", " ").split())

    assert run("login").code == 0
    assert run("status", "--json").json["health"]["errors"] == []
    assert run("once", "--json").json["errors"] == []
    for done in everything:
        for secret in ("access-", "refresh-", CLIENT_SECRET):
            assert secret not in done.out + done.err
    for file in shell.folder.glob("askaround.db*"):
        assert b"-of-the-server." not in file.read_bytes()


@pytest.mark.real_server
def test_the_service_goes_on_by_itself_after_a_new_sign_in(
    token_server: MailServer, tokens_at: Authorization, fresh_address: str, shell: Folder
) -> None:
    una = f"una.{fresh_address}"
    for address in (fresh_address, una):
        token_server.add_user(address, "never used")
    text = CONFIG.format(
        owner=fresh_address,
        imap=token_server.imaps_port,
        smtp=token_server.smtps_port,
        ca=token_server.ca_file,
        client=CLIENT_ID,
        url=tokens_at.url,
    )
    shell.write("config.toml", text + '[alerts]\ncommand = ["sh", "-c", "cat >> bell"]\n')
    assert shell.run("add", una, "--name", "Una Berg").code == 0
    command = [sys.executable, "-m", "worker", "run", "--log-level", "debug"]
    log = shell.folder / "log"
    with log.open("wb") as file:
        service = subprocess.Popen(command, cwd=shell.folder, env=path_alone(), stderr=file)
    try:
        pause = threading.Event()
        for _ in range(600):
            if b"askaround login" in log.read_bytes():
                break
            pause.wait(0.05)
        tokens_at.who = fresh_address
        assert shell.run("login").code == 0
        token_server.await_messages(una, seconds=30)
    finally:
        service.terminate()
        assert service.wait(30) == 0
    assert b"askaround login" in log.read_bytes()
    [rung] = (shell.folder / "bell").read_text().splitlines()
    assert rung.endswith("is not there yet. Sign in: askaround login.")
    assert b"-of-the-server" not in log.read_bytes()


def path_alone() -> dict[str, str]:
    return {"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": os.environ["PATH"]}


@pytest.mark.real_server
def test_signed_in_as_somebody_else(
    token_server: MailServer, tokens_at: Authorization, fresh_address: str, shell: Folder
) -> None:
    token_server.add_user(fresh_address, "never used")
    text = CONFIG.format(
        owner=fresh_address,
        imap=token_server.imaps_port,
        smtp=token_server.smtps_port,
        ca=token_server.ca_file,
        client=CLIENT_ID,
        url=tokens_at.url,
    )
    shell.write("config.toml", text)
    tokens_at.who = f"not.{fresh_address}"
    done = shell.run("login")
    assert done.code == 1
    assert f"Sign in again as {fresh_address}" in done.err
    assert len(done.err.splitlines()) <= 5


@pytest.mark.real_server
def test_init_signs_in_on_a_terminal(
    token_server: MailServer, tokens_at: Authorization, fresh_address: str, shell: Folder
) -> None:
    token_server.add_user(fresh_address, "never used")
    text = CONFIG.format(
        owner=fresh_address,
        imap=token_server.imaps_port,
        smtp=token_server.smtps_port,
        ca=token_server.ca_file,
        client=CLIENT_ID,
        url=tokens_at.url,
    )
    path = shell.write("config.toml", text + '[owner.about]\nfield = "tides"\n')
    tokens_at.who = fresh_address
    enter = [(f"[{word}]", "") for word in (fresh_address, "Robin Ek", "UTC", "tides", CLIENT_ID)]
    code, shown = on_a_terminal(shell, ["init", "--no-templates"], [*enter, ("Sign in now?", "y")])
    assert code == 0, shown
    assert "WDJB-MJHT" in shown
    assert "reading: localhost" in shown
    assert "askaround login" not in shown
    assert path.read_text().startswith(text)
    assert shell.run("check").code == 0


@pytest.mark.parametrize(
    "provider, more, imap, smtp",
    [
        ("google", 'client_secret = "x"', "imap.gmail.com", "smtp.gmail.com"),
        ("microsoft", "", "outlook.office365.com", "smtp.office365.com"),
    ],
)
def test_an_own_domain_is_where_it_signs_in(tmp_path: Path, provider: str, more: str, imap: str, smtp: str) -> None:
    (tmp_path / "config.toml").write_text(
        '[owner]\nname = "R"\ntimezone = "UTC"\n[mailbox]\naddress = "r@own.example"\n'
        f'[mailbox.oauth]\nprovider = "{provider}"\nclient_id = "a"\n{more}\n'
    )
    made = describe(load(tmp_path / "config.toml", {}), 1)
    assert (made.imap.host, made.smtp.host, made.files_sent) == (imap, smtp, True)
    assert made.imap.username == made.smtp.username == "r@own.example"
    assert made.imap.bearer is made.smtp.bearer is made.sign_in


WRONG = [
    ('provider = "microsoft"\nclient_id = "a"', 'password = "x"', "password is given together with [mailbox.oauth]"),
    ('provider = "microsoft"\nclient_id = "a"', 'password_file = "x"', "password_file is given together"),
    ('provider = "yahoo"\nclient_id = "a"', "", '"google", "microsoft" or "custom"'),
    ('client_id = "a"', "", "provider is missing"),
    ('provider = "microsoft"', "", "client_id is missing"),
    ('provider = "google"\nclient_id = "a"', "", "client_secret is missing"),
    ('provider = "google"\nclient_id = "a"\nclient_secret = "b"\nclient_secret_file = "c"', "", "given together with"),
    ('provider = "custom"\nclient_id = "a"', "", "token_endpoint is missing"),
    ('provider = "custom"\nclient_id = "a"\ntoken_endpoint = "https://x.example/t"', "", "device_endpoint too"),
    ('provider = "custom"\nclient_id = "a"\ntoken_endpoint = "http://x.example/t"', "", "https://"),
    ('provider = "custom"\nclient_id = "a"\ntoken_endpoint = "ftp://x"', "", "https://"),
    ('provider = "microsoft"\nclient_id = "a"\ntennant = "b"', "", "Did you mean tenant?"),
    ('provider = "microsoft"\nclient_id = "a"\ntenant = "a/b"', "", "tenant"),
    ('provider = "microsoft"\nclient_id = "a"\nscopes = "mail"', "", "list of scopes"),
    ('provider = "microsoft"\nclient_id = "a"\nscopes = ["a b"]', "", "blanks"),
    ('provider = "microsoft"\nclient_id = "a"\nkeep = "cloud"', "", '"auto", "keyring" or "file"'),
    ('provider = "google"\nclient_id = "a"\nclient_secret = "s3cr\\n3t"', "", "one line of text"),
]


@pytest.mark.parametrize("oauth, password, words", WRONG)
def test_a_configuration_that_contradicts_itself(shell: Folder, oauth: str, password: str, words: str) -> None:
    shell.write(
        "config.toml",
        f'[owner]\nname = "R"\ntimezone = "UTC"\n[mailbox]\naddress = "r@owner.example"\n{password}\n'
        f"[mailbox.oauth]\n{oauth}\n",
    )
    done = shell.run("login")
    assert done.code == 2
    assert words in done.err
    assert "s3cr" not in done.err
    assert len(done.err.splitlines()) <= 5


def test_it_comes_from_the_environment_too(tmp_path: Path) -> None:
    environ = {
        "ASKAROUND_OWNER__NAME": "R",
        "ASKAROUND_OWNER__TIMEZONE": "UTC",
        "ASKAROUND_MAILBOX__ADDRESS": "r@gmail.com",
        "ASKAROUND_MAILBOX__OAUTH__PROVIDER": "google",
        "ASKAROUND_MAILBOX__OAUTH__CLIENT_ID": "an-id",
        "ASKAROUND_MAILBOX__OAUTH__CLIENT_SECRET": "Pl4nted",
        "ASKAROUND_MAILBOX__OAUTH__SCOPES": "a,b",
        "CREDENTIALS_DIRECTORY": str(tmp_path),
    }
    (tmp_path / "askaround-password").write_text("no longer used\n")
    settings = load(None, environ, working_directory=tmp_path)
    assert settings.mailbox.oauth.scopes == ("a", "b")
    secret = settings.client_secret()
    assert secret is not None
    assert secret() == "Pl4nted"
    assert "Pl4nted" not in repr(settings)
    assert settings.token_file == tmp_path / "askaround.sign-in.r@gmail.com.json"
    named = load(None, {**environ, "ASKAROUND_MAILBOX__OAUTH__TOKEN_FILE": "a/b.json"}, working_directory=tmp_path)
    assert named.token_file == tmp_path / "a/b.json"


@pytest.mark.parametrize("how, value", [("file", '"secret"'), ("command", '["cat", "secret"]')])
def test_the_clients_secret_comes_as_any_other(tmp_path: Path, how: str, value: str) -> None:
    (tmp_path / "secret").write_text("Pl4nted\n")
    (tmp_path / "secret").chmod(0o644)
    (tmp_path / "config.toml").write_text(
        '[owner]\nname = "R"\ntimezone = "UTC"\n[mailbox]\naddress = "r@gmail.com"\n'
        f'[mailbox.oauth]\nprovider = "google"\nclient_id = "a"\nclient_secret_{how} = {value}\n'
    )
    settings = load(tmp_path / "config.toml", {})
    secret = settings.client_secret()
    assert secret is not None
    assert secret() == "Pl4nted"
    assert any("chmod 600 secret" in remark for remark in settings.remarks) == (how == "file")


def who(address: str) -> list[str]:
    return ["init", "--address", address, "--name", "Robin Ek", "--timezone", "UTC", "--field", "tides", "--offline"]


def content(shell: Folder) -> dict:
    return tomllib.loads((shell.folder / "config.toml").read_text("utf-8"))["mailbox"]


def test_init_for_microsoft(shell: Folder) -> None:
    done = shell.run(*who("robin@outlook.com"), "--client-id", "0000-11", "--no-templates")
    assert (done.code, done.err) == (0, "")
    assert content(shell)["oauth"] == {"provider": "microsoft", "client_id": "0000-11", "tenant": "consumers"}
    assert content(shell)["password"] == ""
    assert "askaround login" in done.out
    assert load(shell.folder / "config.toml", {}).remarks == ()
    again = shell.run("init", "--name", "Robin Oh", "--offline", "--yes")
    assert (again.code, again.err) == (0, "")
    assert content(shell)["oauth"]["client_id"] == "0000-11"
    moved = shell.run(*who("robin@gmail.com"), "--yes", "--password-stdin", "--no-templates")
    assert moved.code == 2, "no password came"
    shell.write("secret", "x\n").chmod(0o600)
    moved = shell.run(*who("robin@gmail.com"), "--yes", "--password-file", "secret", "--no-templates")
    assert (moved.code, moved.err) == (0, "")
    assert content(shell)["oauth"] == {}
    assert content(shell)["password_file"] == "secret"


def test_init_for_google(shell: Folder) -> None:
    shell.write("client", "s3cret\n").chmod(0o600)
    words = [*who("robin@gmail.com"), "--no-templates", "--sign-in", "oauth", "--client-id", "x.apps"]
    lacking = shell.run(*words)
    assert lacking.code == 2
    assert "--client-secret-file" in lacking.err
    assert not (shell.folder / "config.toml").exists()
    done = shell.run(*words, "--client-secret-file", "client")
    assert (done.code, done.err) == (0, "")
    assert content(shell)["oauth"] == {"provider": "google", "client_id": "x.apps", "client_secret_file": "client"}
    assert "apppasswords" not in done.out


@pytest.mark.parametrize(
    "address, options, words",
    [
        ("robin@outlook.com", [], "--client-id"),
        ("robin@hotmail.de", ["--password-file", "x"], "takes no password"),
        ("robin@outlook.com", ["--sign-in", "password"], "takes no password"),
        ("robin@outlook.com", ["--client-id", "a b"], "--client-id"),
        ("robin@gmail.com", ["--client-id", "x", "--password-file", "y"], "given together"),
        ("robin@gmail.com", ["--sign-in", "password", "--client-id", "x"], "given together"),
        ("robin@gmail.com", ["--sign-in", "magic"], "--sign-in"),
        ("robin@posteo.de", ["--sign-in", "oauth"], "by hand"),
    ],
)
def test_init_with_what_cannot_be(shell: Folder, address: str, options: list[str], words: str) -> None:
    done = shell.run(*who(address), *options)
    assert done.code == 2
    assert words in done.err
    assert len(done.err.splitlines()) <= 5
    assert not (shell.folder / "config.toml").exists()


def test_the_steps_to_a_client_id_are_told(shell: Folder) -> None:
    done = shell.run(*who("robin@outlook.com"))
    assert "Allow public client flows" in done.out
    assert "docs/oauth.md" in done.out


def test_a_password_that_comes_later_takes_the_sign_in_out(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    begun = begin(path, {})
    begun.set_oauth({"provider": "google", "client_id": "a", "client_secret": "b"})
    begun.set_oauth({"client_secret_file": "c"})
    assert begun.value("mailbox.oauth", "client_secret") is None
    begun.set_password("password_file", "x")
    assert tomllib.loads(begun.text)["mailbox"]["oauth"] == {}
    begun.set_oauth({"provider": "google", "client_id": "a"})
    assert not begun.written_password()


def test_no_browser_where_nobody_signs_in_so(shell: Folder) -> None:
    shell.write("config.toml", '[owner]\nname = "R"\ntimezone = "UTC"\n[mailbox]\naddress = "r@gmail.com"\n')
    done = shell.run("login", "--no-browser")
    assert done.code == 2
    assert "--no-browser" in done.err


def test_nothing_heavy_is_imported_before_it_is_used(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        '[owner]\nname = "R"\ntimezone = "UTC"\n[mailbox]\naddress = "r@outlook.com"\n'
        '[mailbox.oauth]\nprovider = "microsoft"\nclient_id = "a"\n'
    )
    script = (
        "import json, sys\nsys.argv = ['askaround', 'status']\nfrom worker.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "heavy = {'msal', 'requests', 'google', 'google_auth_oauthlib', 'keyring'}\n"
        "print(json.dumps(sorted(heavy & set(sys.modules))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=path_alone(), capture_output=True, text=True, check=True
    )
    assert "askaround login" in done.stdout
    assert json.loads(done.stdout.splitlines()[-1]) == []

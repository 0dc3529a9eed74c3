"""Planted secrets: whatever happens, none of them comes out anywhere but at the servers they are for."""

from __future__ import annotations

import base64
import imaplib
import json
import logging
import os
import quopri
import re
import select
import signal
import smtplib
import socketserver
import sqlite3
import subprocess
import sys
import threading
import time
import traceback
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.cli.conftest import OWNER, Done, Shell
from tests.oauth.test_mechanisms import Tokens
from tests.servers.scripted import Expect, Say, Scripted, Step, scripted, smtp_start
from tests.stories.world import World
from worker.demo.servers import EmbeddedServers
from worker.errors import AskaroundError
from worker.mailbox import imap, smtp
from worker.mailbox.access import ImapAccess, SmtpAccess
from worker.settings import load
from worker.store.database import make_engine

PASSWORD = "Pl4nted-Passw0rd-7f3a"
APP_PASSWORD = "qzxv wkjh bnmp lktr"
DATABASE = "Pl4nted-D4tabase-99e1"
QUOTED = 'Pl4nted-"quot\\ed-b4ckslash'
TOKEN = "ya29.a0AfB_Planted-c0nvincing~tok3n"
UNA = "una@acme.example"


def needles(secret: str) -> Iterator[bytes]:
    """The forms in which a secret could slip out: plain, quoted, without blanks, in base64 at any place."""
    # whatever escapes what stands between them, the longest piece stays as it is
    piece = max(re.split(r'["\\]', secret), key=len)
    for form in {secret, secret.replace(" ", ""), quote(secret, safe=""), piece}:
        yield form.encode()
        for shift in range(3):
            encoded = base64.b64encode(b"\0" * shift + form.encode()).rstrip(b"=")
            yield encoded[4 if shift else 0 : -2]
    yield base64.b64encode(f"\0{OWNER}\0{secret}".encode())[:-4]


NEEDLES = {needle for secret in (PASSWORD, APP_PASSWORD, DATABASE, QUOTED, TOKEN) for needle in needles(secret)}


def clean(*texts: str | bytes) -> None:
    """None of the secrets is in any of these, as they are or with quoted-printable taken off."""
    for text in texts:
        data = text if isinstance(text, bytes) else text.encode("utf-8", "replace")
        for form in (data, quopri.decodestring(data)) if b"=" in data else (data,):
            for needle in NEEDLES:
                assert needle not in form, f"{needle!r} came out: {form[max(0, form.find(needle) - 80) :][:200]!r}"


def clean_rows(path: Path) -> None:
    """None of the secrets is in any row of a database, whose mails are compressed and lie in several pages."""
    with closing(sqlite3.connect(path)) as there:
        for (table,) in there.execute("select name from sqlite_master where type = 'table'").fetchall():
            for row in there.execute(f"select * from {table}"):
                for value in row:
                    if isinstance(value, bytes):
                        value = unpacked(value)
                    clean(value if isinstance(value, bytes) else str(value))


def unpacked(value: bytes) -> bytes:
    """A mail as it was before it was compressed; other bytes as they are."""
    try:
        return zlib.decompress(value)
    except zlib.error:
        return value


def everything(shell: Shell) -> None:
    """What the program wrote into its folder, but for the configuration and the files that hold the secrets."""
    for path in shell.folder.rglob("*"):
        if path.is_file() and path.name not in ("config.toml", "secret"):
            data = path.read_bytes()
            clean(data)
            if data.startswith(b"SQLite format 3\0"):
                clean_rows(path)
            if path.name.startswith("askaround.db"):
                assert path.stat().st_mode & 0o077 == 0, path


def ran(shell: Shell, *arguments: str) -> Done:
    done = shell.run(*arguments)
    clean(done.out, done.err)
    return done


HOW = {PASSWORD: "password", APP_PASSWORD: "password_file", QUOTED: "password_file", TOKEN: "password_command"}


@pytest.fixture(params=HOW, ids=HOW.values())
def secret(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def shell(embedded: EmbeddedServers, tmp_path: Path, secret: str) -> Shell:
    embedded.add_user(OWNER, secret)
    embedded.add_user(UNA, "x")
    made = Shell(tmp_path, embedded)
    (tmp_path / "secret").write_text(secret + "\n")
    (tmp_path / "secret").chmod(0o600)
    how = {
        "password": json.dumps(secret),
        "password_file": '"secret"',
        "password_command": '["cat", "secret"]',
    }
    made.configure({'password = "correct horse"': f"{HOW[secret]} = {how[HOW[secret]]}"})
    return made


def test_in_everyday_use(shell: Shell) -> None:
    assert ran(shell, "add", UNA, "--name", "Una Berg").code == 0
    assert ran(shell, "check").code == 0
    assert ran(shell, "once", "--json").code == 0
    for words in (["status"], ["summary", "--send"], ["story", UNA], ["preview", UNA]):
        ran(shell, *words)
    assert ran(shell, "backup", "copy.db").code == 0
    clean(*(raw for _, raw in shell.servers.accepted))
    everything(shell)


def test_the_service_at_its_most_talkative(shell: Shell) -> None:
    ran(shell, "add", UNA, "--name", "Una Berg")
    command = [sys.executable, "-m", "worker", "run", "--log-level", "debug"]
    service = subprocess.Popen(command, cwd=shell.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    until = time.monotonic() + 60
    while service.poll() is None and not shell.servers.messages(UNA) and time.monotonic() < until:
        listed = [path / "cmdline" for path in Path("/proc").glob("[0-9]*")]
        for path in listed:
            try:
                clean(path.read_bytes())
            except OSError:
                continue  # it has ended meanwhile
        time.sleep(0.05)
    service.send_signal(signal.SIGTERM)
    out, err = service.communicate(timeout=30)
    clean(out, err)
    assert shell.servers.messages(UNA), err.decode()
    events = {json.loads(line)["event"] for line in err.splitlines()}
    assert {"started", "sent", "turn done"} <= events
    everything(shell)


def test_the_log_of_a_service_that_fails(shell: Shell) -> None:
    """Both forms of the log, while the servers refuse the password."""
    shell.servers.add_user(OWNER, "another one")
    program = [sys.executable, "-m", "worker", "run", "--log-level", "debug"]
    inside, outside = os.openpty()
    for stream in (subprocess.PIPE, outside):
        service = subprocess.Popen(program, cwd=shell.folder, stdout=subprocess.DEVNULL, stderr=stream)
        said = b""
        out = service.stderr.fileno() if service.stderr is not None else inside
        while b"warning" not in said:
            assert select.select([out], [], [], 30)[0], said
            said += os.read(out, 65536)
        service.send_signal(signal.SIGTERM)
        service.wait(30)
        clean(said)
        assert said.startswith(b"{") is (service.stderr is not None)
        if service.stderr is not None:
            service.stderr.close()
    os.close(inside)
    os.close(outside)
    everything(shell)


def test_where_the_servers_refuse_it(shell: Shell) -> None:
    shell.servers.add_user(OWNER, "another one")
    for words in (["check"], ["once", "--json"], ["status", "--json"]):
        ran(shell, *words)
    everything(shell)


class Echo(socketserver.StreamRequestHandler):
    """A mail server that quotes whatever it is told in its refusal."""

    def handle(self) -> None:
        self.wfile.write(b"* OK hello\r\n")
        for line in self.rfile:
            tag = line.split(b" ", 1)[0].strip()
            if b"CAPABILITY" in line.upper():
                self.wfile.write(b"* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\r\n" + tag + b" OK done\r\n")
            elif b"LOGOUT" in line.upper():
                self.wfile.write(tag + b" OK bye\r\n")
            else:
                self.wfile.write(tag + b" NO [AUTHENTICATIONFAILED] cannot take " + line.strip() + b"\r\n")


def test_a_server_that_says_it_back(shell: Shell) -> None:
    """What a server quotes of a log-in goes into no error."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Echo) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        path = shell.folder / "config.toml"
        port = server.server_address[1]
        text = path.read_text().replace(f"port = {shell.servers.imap_port}", f"port = {port}")
        path.write_text(text.replace('"localhost"', '"127.0.0.1"'))
        for words in (["check"], ["once"], ["status", "--json"]):
            ran(shell, *words)
        server.shutdown()
    everything(shell)


def test_errors_their_tracebacks_and_the_libraries_logs(
    embedded: EmbeddedServers, tmp_path: Path, secret: str, caplog: pytest.LogCaptureFixture
) -> None:
    world = World(embedded, tmp_path, OWNER, changes={'"correct horse"': json.dumps(secret)})
    box = world.mailbox
    with caplog.at_level(logging.DEBUG):
        for connect, access in ((imap.connect, box.imap), (smtp.open, box.smtp)):
            try:
                with connect(access):  # type: ignore[operator]
                    raise AssertionError("it took the wrong password")
            except AskaroundError as error:
                clean(*error.lines(), str(error), repr(error), "".join(traceback.format_exception(error)))
    ours = [one for one in caplog.records if not one.name.startswith(("pymap", "mail"))]  # the servers live here too
    assert ours
    clean(*(one.getMessage() for one in ours))
    world.store.close()


HELLO: list[Step] = [Say("* OK hello"), Expect("CAPABILITY")]
IN, NOT_IN = "TAG OK in", "TAG NO [AUTHENTICATIONFAILED] no"
GREETED = smtp_start()[:2]


def offers(words: str) -> Say:
    """The IMAP server's capabilities."""
    return Say(f"* CAPABILITY IMAP4rev1 {words}\r\nTAG OK done")


def by_imap(offered: str, *asked: Step) -> Callable[[bool], list[Step]]:
    """A sign-in over IMAP that is accepted or not."""
    begin: list[Step] = [*HELLO, offers(offered), *asked]
    more: list[Step] = [Expect("CAPABILITY"), offers("")]
    bye: list[Step] = [Expect("LOGOUT"), Say("TAG OK bye")]
    return lambda accepted: [*begin, Say(IN), *more, *bye] if accepted else [*begin, Say(NOT_IN), *bye]


def by_smtp(offered: str, *asked: Step) -> Callable[[bool], list[Step]]:
    """A sign-in over SMTP that is accepted or not."""
    begin: list[Step] = [*GREETED, Say(f"250-hello\r\n250 AUTH {offered}"), *asked]
    return lambda accepted: [*begin, Say("235 in" if accepted else "535 5.7.8 no"), Expect("QUIT"), Say("221 bye")]


ASKED = Say("334 ")
SIGN_INS = {
    "IMAP LOGIN": by_imap("", Expect("LOGIN")),
    "IMAP PLAIN": by_imap("LOGINDISABLED AUTH=PLAIN", Expect("AUTHENTICATE PLAIN"), Say("+ "), Expect("")),
    "IMAP token": by_imap("AUTH=XOAUTH2", Expect("AUTHENTICATE XOAUTH2"), Say("+ "), Expect("")),
    "IMAP token at once": by_imap("SASL-IR AUTH=OAUTHBEARER", Expect("AUTHENTICATE OAUTHBEARER")),
    "SMTP PLAIN": by_smtp("PLAIN", Expect("AUTH PLAIN")),
    "SMTP PLAIN in two": by_smtp("PLAIN", Expect("AUTH PLAIN"), ASKED, Expect("")),
    "SMTP LOGIN": by_smtp("LOGIN", Expect("AUTH LOGIN"), ASKED, Expect(""), ASKED, Expect("")),
    "SMTP token": by_smtp("XOAUTH2", Expect("AUTH XOAUTH2")),
}


@pytest.mark.parametrize("accepted", [True, False], ids=["accepted", "refused"])
@pytest.mark.parametrize("sign_in", SIGN_INS)
def test_the_wire_traced(
    sign_in: str,
    accepted: bool,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """All logs at their most talkative, and the libraries told to show the dialogue: no secret, no command."""
    monkeypatch.setattr(imaplib, "Debug", 5)
    monkeypatch.setattr(smtplib.SMTP, "debuglevel", 2)
    for name in [None, *logging.root.manager.loggerDict]:
        caplog.set_level(logging.DEBUG, name)
    secret, bearer = (TOKEN, Tokens([TOKEN, TOKEN])) if "token" in sign_in else (QUOTED, None)
    with scripted(SIGN_INS[sign_in](accepted)) as server:
        said = _signed_in(server, sign_in, secret, bearer)
        caught = server.heard[0]
    assert (said == "") is accepted, said
    assert caught.errors == []
    with pytest.raises(AssertionError):  # the secret did leave, and in a form that is looked for
        clean(bytes(caught.raw), *caught.lines)
    told = "".join((caplog.text, *(one.getMessage() for one in caplog.records), *capfd.readouterr()))
    clean(said, told)
    for command in ("LOGIN ", "AUTHENTICATE ", "AUTH ", "LOGOUT", "QUIT"):
        assert command not in told


def _signed_in(server: Scripted, sign_in: str, secret: str, bearer: Tokens | None) -> str:
    """Sign in and out; gives the error as text, "" where there is none."""
    where = (server.host, server.port, "plain", OWNER, lambda: secret)
    try:
        if sign_in.startswith("IMAP"):
            with imap.connect(ImapAccess(*where, timeout=5, bearer=bearer)):
                return ""
        with smtp.open(SmtpAccess(*where, timeout=5, bearer=bearer)):
            return ""
    except AskaroundError as error:
        return "".join(traceback.format_exception(error))


def test_what_is_packed_is_looked_into(tmp_path: Path) -> None:
    """A secret within quoted-printable, in a compressed mail, in a row: it is found."""
    mail = quopri.encodestring(f"{'x' * 60}{PASSWORD}".encode())
    assert PASSWORD.encode() not in mail
    with closing(sqlite3.connect(tmp_path / "x.db")) as there:
        there.execute("create table raw (id integer, data blob)")
        there.execute("insert into raw values (1, ?)", (zlib.compress(mail),))
        there.commit()
    clean((tmp_path / "x.db").read_bytes())
    with pytest.raises(AssertionError, match="came out"):
        clean_rows(tmp_path / "x.db")


def test_the_repr_of_all_that_knows_it(embedded: EmbeddedServers, tmp_path: Path, secret: str) -> None:
    url = f"postgresql://robin:{DATABASE}@127.0.0.1:1/askaround"
    world = World(embedded, tmp_path, OWNER)
    text = (
        world.config.read_text().replace('"correct horse"', json.dumps(secret)).replace("sqlite:///askaround.db", url)
    )
    world.config.write_text(text)
    settings = load(world.config, {})
    tables = settings.tables
    things = [settings, tables, *(getattr(tables, name) for name in type(tables).model_fields), settings.secret()]
    world.config.write_text(text.replace(url, "sqlite:///askaround.db"))
    things += [
        world.mailbox,
        world.desk,
        world.mailbox.imap,
        world.mailbox.smtp,
        world.mailbox.imap.secret,
        world.store,
    ]
    for thing in things:
        clean(repr(thing), str(thing))
    clean(tables.model_dump_json(), repr(tables.model_dump()), repr(make_engine(url)), repr(make_engine(url).url))
    world.store.close()


@pytest.fixture
def one_shell(embedded: EmbeddedServers, tmp_path: Path) -> Shell:
    made = Shell(tmp_path, embedded)
    made.configure()
    return made


@pytest.mark.parametrize(
    "url",
    [
        f"postgresql://robin:{DATABASE}@127.0.0.1:1/askaround",
        f"postgresql+nothing://robin:{DATABASE}@127.0.0.1/askaround",
        f"mysql://robin:{DATABASE}@127.0.0.1/askaround",
        f"postgresql://robin:{DATABASE}@127.0.0.1:port/askaround",
        f"robin:{DATABASE}@127.0.0.1",
    ],
)
def test_a_database_that_is_away(one_shell: Shell, url: str) -> None:
    path = one_shell.folder / "config.toml"
    path.write_text(path.read_text().replace("sqlite:///askaround.db", url))
    for words in (["status"], ["backup", "copy.db"]):
        done = ran(one_shell, *words)
        assert done.code != 0
        assert "Traceback" not in done.err, done.err


@pytest.mark.parametrize(
    "wrong",
    [
        f'passwort = "{PASSWORD}"\n',
        f'password = ["{PASSWORD}"]\n',
        f'password = "{PASSWORD}\n',
        f'password_command = "echo {TOKEN}"\n',
        f'password_command = ["/nowhere/program", "{TOKEN}"]\n',
    ],
)
def test_a_configuration_that_is_wrong_about_its_secrets(one_shell: Shell, wrong: str) -> None:
    path = one_shell.folder / "config.toml"
    lines = [line for line in path.read_text().splitlines(keepends=True) if not line.startswith("password")]
    at = lines.index("[mailbox]\n") + 1
    path.write_text("".join([*lines[:at], wrong, *lines[at:]]))
    done = ran(one_shell, "check")
    assert done.code != 0
    assert "Traceback" not in done.err


def test_files_that_others_can_read_are_told(shell: Shell) -> None:
    ran(shell, "add", UNA)
    assert "other users" not in ran(shell, "check", "--offline").out
    for name in ("secret", "config.toml", "askaround.db"):
        (shell.folder / name).chmod(0o640)
    said = ran(shell, "check", "--offline").out
    assert "askaround.db is open to other users" in " ".join(said.split())
    text = (shell.folder / "config.toml").read_text()
    if "password_command" not in text:
        name = "secret" if "password_file" in text else "config.toml"
        assert f"chmod 600 {shell.folder / name}" in " ".join(said.split())

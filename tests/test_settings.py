"""The configuration: what is read, from where, and what is said about mistakes."""

from __future__ import annotations

import os
import re
import stat
import sys
import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from worker.conversation.vocabulary import Pace, Replies, Sequence, Step
from worker.errors import ConfigError, PasswordAway
from worker.settings import Settings, load, secret
from worker.settings.faults import keys_of
from worker.settings.model import Tables
from worker.settings.sources import line_numbers

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"
MINIMAL = """\
[owner]
name = "Robin Ek"
timezone = "Europe/Berlin"

[mailbox]
address = "robin@example.org"
password = "correct horse"
"""

Read = Callable[..., Settings]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def _read(text: str = MINIMAL, environ: Mapping[str, str] | None = None) -> Settings:
        path = tmp_path / "config.toml"
        path.write_text(text, "utf-8")
        path.chmod(0o600)
        return load(path, environ or {}, working_directory=tmp_path)

    return _read


@pytest.fixture
def refuse(read: Read) -> Callable[..., list[str]]:
    """What is said about a configuration that cannot be used."""

    def _refuse(text: str = MINIMAL, environ: Mapping[str, str] | None = None) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            read(text, environ)
        lines = caught.value.lines()
        assert 1 <= len(lines) <= 5
        assert caught.value.exit_code == 2
        assert "correct horse" not in "".join(lines) + repr(caught.value) + repr(caught.value.__context__)
        return lines

    return _refuse


def test_the_minimum_gives_every_default(read: Read, tmp_path: Path) -> None:
    settings = read()
    assert settings.pace() == Pace()
    assert settings.sequence() == Sequence()
    assert settings.replies() == Replies()
    assert settings.owner.email == settings.summary_to == settings.mailbox.login == "robin@example.org"
    assert settings.summary_at == 7 * 60 + 30
    assert settings.mailbox.imap.poll_minutes == 5
    assert settings.mailbox.imap.folders == ()
    assert settings.mailbox.smtp.save_sent == "auto"
    assert settings.store_url() == f"sqlite:///{tmp_path}/askaround.db"
    assert settings.templates_folder is None
    assert settings.ca_file is None
    assert settings.remarks == ()


FULL = """\
[owner]
name = "Robin Ek"
email = "robin@owner.test"
timezone = "America/New_York"
phone = "+1 555 0100"
aliases = ["Robin@Example.NET"]
away = [["2026-12-20", "2027-01-02"], [2026-05-01, 2026-05-01]]

[owner.about]
field = "bees"
count = 3

[mailbox]
address = "robin@example.org"
username = "robin"
password = "correct horse"
imap.host = "localhost"
imap.security = "plain"
imap.folders = ["INBOX", "Junk"]
imap.poll_minutes = 0.5

[mailbox.smtp]
host = "smtp.example.org"
port = 587
save_sent = "never"

[pace]
per_day = 0
window = ["00:00", "24:00"]
weekdays = "sat-mon"
gap_minutes = [0, 0.5]
holidays = "de-by"
per_company_at_once = 2
company_rest_days = 0

[sequence]
call_after_days = 0
nudge_after_days = false
silent_after_days = 0
approve = ["ask", "report_back"]

[replies]
act_above = 1
referral_delay_hours = [0, 0]
new_contacts = "ask"

[summary]
at = "00:00"
to = "boss@example.org"
language = "de"

[alerts]
command = ["page", "me"]
mail = false
"""


def test_every_key_reaches_its_place(read: Read) -> None:
    settings = read(FULL)
    assert settings.pace() == Pace(
        per_day=0,
        window=(0, 1440),
        weekdays=frozenset({5, 6, 0}),
        gap_minutes=(0, 0.5),
        holidays="DE-BY",
        per_company_at_once=2,
        company_rest_days=0,
    )
    assert settings.sequence() == Sequence(0, None, 0, frozenset({Step.ask, Step.report_back}))
    assert settings.replies() == Replies(1.0, (0, 0), True)
    assert settings.summary_at == 0
    assert settings.summary_to == "boss@example.org"
    assert settings.summary_language == "de"
    assert settings.alert_command == ("page", "me")
    assert settings.alert_mail is False
    assert settings.owner.away == ((date(2026, 12, 20), date(2027, 1, 2)), (date(2026, 5, 1), date(2026, 5, 1)))
    assert settings.owner.about == {"field": "bees", "count": 3}
    assert settings.mailbox.login == "robin"
    assert settings.own_addresses == {
        "robin@owner.test",
        "robin@example.org",
        "robin@example.net",
        "boss@example.org",
    }
    servers = settings.mailbox.require_servers()
    assert servers.imap == ("localhost", 143, "plain")
    assert servers.smtp == ("smtp.example.org", 587, "starttls")
    assert any("per_day" in remark for remark in settings.remarks)


def test_the_environment_alone_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "nowhere"))
    environ = {
        "ASKAROUND_OWNER__NAME": "Robin",
        "ASKAROUND_OWNER__TIMEZONE": "UTC",
        "ASKAROUND_OWNER__ABOUT__FIELD": "bees, wasps",
        "ASKAROUND_OWNER__AWAY": '[["2026-12-20", "2027-01-02"]]',
        "ASKAROUND_OWNER__ALIASES": "a@example.org, b@example.org",
        "ASKAROUND_MAILBOX__ADDRESS": "user@localhost",
        "ASKAROUND_MAILBOX__PASSWORD": "12345",
        "ASKAROUND_MAILBOX__IMAP__PORT": "1143",
        "ASKAROUND_MAILBOX__IMAP__HOST": "127.0.0.1",
        "ASKAROUND_PACE__WINDOW": "00:00,24:00",
        "ASKAROUND_PACE__GAP_MINUTES": "0",
        "ASKAROUND_PACE__WEEKDAYS": "mon-wed,sun",
        "ASKAROUND_PACE__HOLIDAYS": "false",
        "ASKAROUND_SEQUENCE": '{"nudge_after_days": false, "silent_after_days": 4}',
        "ASKAROUND_SEQUENCE__SILENT_AFTER_DAYS": "7",
        "ASKAROUND_SEQUENCE__CALL_AFTER_DAYS": "false",
        "ASKAROUND_SEQUENCE__APPROVE": "ask,nudge",
        "ASKAROUND_REPLIES__REFERRAL_DELAY_HOURS": "[0, 0.5]",
        "ASKAROUND_STORE__URL": "sqlite:///other.db",
        "ASKAROUND_PACE__PER_DAY": "",
        "ASKAROUND_REAL_SERVERS": "required",
        "HOME": "/nowhere",
    }
    settings = load(None, environ, working_directory=tmp_path)
    assert settings.path is None
    assert settings.owner.about == {"field": "bees, wasps"}
    assert settings.owner.away == ((date(2026, 12, 20), date(2027, 1, 2)),)
    assert settings.owner.aliases == ("a@example.org", "b@example.org")
    assert settings.secret()() == "12345"
    assert settings.mailbox.imap.complete(None, {}) == ("127.0.0.1", 1143, "starttls")
    assert settings.pace() == Pace(
        window=(0, 1440), gap_minutes=(0, 0), weekdays=frozenset({0, 1, 2, 6}), holidays=False
    )
    assert settings.sequence() == Sequence(None, None, 7, frozenset({Step.ask, Step.nudge}))
    assert settings.replies().referral_delay_hours == (0, 0.5)
    assert settings.store_url() == f"sqlite:///{tmp_path}/other.db"


def test_tables_can_be_json_in_the_environment(read: Read) -> None:
    environ = {
        "ASKAROUND_OWNER": '{"phone": "030 123456"}',
        "ASKAROUND_OWNER__ABOUT": '{"field": "bees"}',
        "ASKAROUND_MAILBOX__IMAP": '{"host": "localhost", "port": 1143, "security": "plain", "folders": ["A, B"]}',
        "ASKAROUND_MAILBOX__SMTP__HOST": "127.0.0.1",
        "ASKAROUND_MAILBOX__SMTP__SECURITY": "plain",
    }
    settings = read(MINIMAL, environ)
    assert settings.owner.name == "Robin Ek"
    assert settings.owner.phone == "030 123456"
    assert settings.owner.about == {"field": "bees"}
    assert settings.mailbox.imap.folders == ("A, B",)
    assert settings.mailbox.require_servers() == (("localhost", 1143, "plain"), ("127.0.0.1", 25, "plain"))


def test_a_table_that_is_no_json(refuse: Callable[..., list[str]]) -> None:
    lines = refuse(MINIMAL, {"ASKAROUND_PACE": '{"per_day": '})
    assert "must be a table" in lines[0]
    assert lines[1] == "environment: ASKAROUND_PACE"


def test_the_environment_wins_over_the_file(read: Read) -> None:
    environ = {"ASKAROUND_PACE__PER_DAY": "3", "ASKAROUND_MAILBOX__PASSWORD_COMMAND": '["echo", "other"]'}
    settings = read(MINIMAL + "[pace]\nper_day = 5\ngap_minutes = [1, 2]\n", environ)
    assert settings.pace().per_day == 3
    assert settings.pace().gap_minutes == (1, 2)
    assert settings.secret()() == "other"


def test_where_the_file_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, here = tmp_path / "home", tmp_path / "here"
    monkeypatch.setattr("platformdirs.user_config_path", lambda name, **_: home / name)
    (home / "askaround").mkdir(parents=True)
    here.mkdir()

    def named(name: str, folder: Path) -> Path:
        path = folder / "config.toml" if folder != tmp_path else tmp_path / f"{name}.toml"
        path.write_text(MINIMAL.replace("Robin Ek", name), "utf-8")
        return path

    with pytest.raises(ConfigError, match="No configuration"):
        load(None, {}, working_directory=here)
    named("home", home / "askaround")
    assert load(None, {}, working_directory=here).owner.name == "home"
    named("here", here)
    assert load(None, {}, working_directory=here).owner.name == "here"
    by_variable = named("variable", tmp_path)
    environ = {"ASKAROUND_CONFIG": str(by_variable)}
    assert load(None, environ, working_directory=here).owner.name == "variable"
    by_option = named("option", tmp_path)
    assert load(by_option, environ, working_directory=here).owner.name == "option"
    assert load(Path("../option.toml"), {}, working_directory=here).folder.samefile(tmp_path)


@pytest.mark.parametrize("name", ["missing.toml", "."])
def test_a_named_file_that_is_not_there(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path / name, {})
    assert str(tmp_path) in (caught.value.where or "")


@pytest.mark.parametrize(
    "line, said",
    [
        ("[pace]\nper_dya = 3", ["[pace] per_dya (line 9)", "Did you mean per_day?"]),
        ("[pce]\nper_day = 3", ["config.toml: pce (line 8)", "Did you mean pace?"]),
        ("[pace]\nnudge_after_days = 3", ["belongs under [sequence]"]),
        ("[pace]\nper_day = 'many'", ['per_day is "many", but must be a whole number', "[pace] per_day (line 9)"]),
        ("[pace]\nper_day = -1", ["per_day is -1, but must be a whole number, 0 or more"]),
        ("[pace]\nper_day = 1.5", ["whole number"]),
        ("[pace]\nper_day = true", ["per_day is true, but must be a whole number"]),
        ("[pace]\nper_day = false", ["per_day is false"]),
        ("[pace]\nper_company_at_once = 0", ["1 or more"]),
        ("[pace]\nwindow = ['17:00', '09:00']", ["[pace] window (line 9)", "the earlier first"]),
        ("[pace]\nwindow = ['09:00', '09:00']", ["the earlier first"]),
        ("[pace]\nwindow = ['24:00', '24:00']", ["window"]),
        ("[pace]\nwindow = ['9', '17']", ["HH:MM"]),
        ("[pace]\nwindow = ['09:00', '24:01']", ["HH:MM"]),
        ("[pace]\nwindow = ['09:00']", ["HH:MM"]),
        ("[pace]\nweekdays = []", ["days of the week"]),
        ("[pace]\nweekdays = ['mon', 'someday']", ["days of the week"]),
        ("[pace]\ngap_minutes = [11, 4]", ["the smaller one first"]),
        ("[pace]\ngap_minutes = [-1, 4]", ["0 or more"]),
        ("[pace]\ngap_minutes = [nan, inf]", ["in minutes"]),
        ("[pace]\nholidays = 'Germany'", ['"DE"']),
        ("[pace]\nholidays = 'DE-QQ'", ["No calendar of public holidays is known for DE-QQ"]),
        ("[pace]\nholidays = true", ["or false"]),
        ("[sequence]\nnudge_after_days = true", ["or false"]),
        ("[sequence]\nsilent_after_days = false", ["whole number"]),
        ("[sequence]\napprove = ['asks']", ['"referral_request"', "[sequence] approve (line 9)"]),
        ("[sequence]\napprove = 'ask'", ["a list"]),
        ("[sequence]\napprove_first = -1", ["whole number", "[sequence] approve_first (line 9)"]),
        ("[replies]\nact_above = 1.1", ["0.0 to 1.0"]),
        ("[replies]\nreferral_delay_hours = false", ["[20, 30]"]),
        ("[replies]\nnew_contacts = 'always'", ['"propose" or "ask"']),
        ("[summary]\nat = '24:00'", ["HH:MM"]),
        ("[summary]\nat = '7.30'", ["HH:MM"]),
        ("[summary]\nto = 'nobody'", ["a mail address"]),
        ("[summary]\nlanguage = 'it'", ['must be "en", "de", "fr" or "es"', "[summary] language (line 9)"]),
        ("[alerts]\nmail = 'sometimes'", ["true or false"]),
        ("[alerts]\ncommand = 'page me'", ["a list of a program"]),
        ("[store]\nurl = 'mysql://root@localhost/x'", ["SQLite or PostgreSQL"]),
        ("[store]\nurl = 'askaround.db'", ["SQLite or PostgreSQL"]),
        ("[templates]\nfolder = 'nowhere'", ["There is no folder", "[templates] folder (line 9)"]),
        ("[mailbox.tls]\nca_file = 'nowhere.pem'", ["There is no file"]),
        ("[mailbox.imap]\nhost = 'imap.example.org:993'", ["without a port"]),
        ("[mailbox.imap]\nhost = 'imaps://example.org'", ["name of a server"]),
        ("[mailbox.imap]\nport = 70000", ["1 to 65535"]),
        ("[mailbox.imap]\nsecurity = 'ssl'", ['"starttls"']),
        ("[mailbox.imap]\npoll_minutes = -1", ["minutes"]),
        ("[mailbox.smtp]\nsave_sent = true", ['"never"']),
        ("_env_file = 'x'", ["not a"]),
        ("[_env_file]\nx = 1", ["[_env_file] is not a table"]),
    ],
)
def test_a_mistake_is_named_with_its_line(refuse: Callable[..., list[str]], line: str, said: list[str]) -> None:
    lines = "\n".join(refuse(MINIMAL + line + "\n"))
    for words in said:
        assert words in lines


@pytest.mark.parametrize("key", ["name", "timezone"])
def test_a_missing_key(refuse: Callable[..., list[str]], key: str) -> None:
    lines = refuse(re.sub(rf"{key} = .*\n", "", MINIMAL))
    assert f"{key} is missing." in lines[0]
    assert "[owner]" in lines[1]


@pytest.mark.parametrize(
    "name, near",
    [("Europe/berlin", "Europe/Berlin"), ("Berlin", "Europe/Berlin"), ("Europe", None), ("../etc/passwd", None)],
)
def test_an_unknown_zone(refuse: Callable[..., list[str]], name: str, near: str | None) -> None:
    lines = refuse(MINIMAL.replace("Europe/Berlin", name))
    assert "time zone" in lines[0]
    assert near is None or near in lines[2]


@pytest.mark.parametrize(
    "address, good",
    [
        ("me@example.org", True),
        ("you@owner.test", True),
        ("user@localhost", True),
        ("me@mail.local", True),
        ("jörg@münchen.de", True),
        ("me@example.org\\r\\nBcc: x@example.org", False),
        ("Robin <me@example.org>", False),
        ("me@nowhere", False),
        ("@example.org", False),
        ("@localhost", False),
        ("a b@localhost", False),
        ("me", False),
    ],
)
def test_addresses(read: Read, address: str, good: bool) -> None:
    text = MINIMAL.replace('"robin@example.org"', f'"{address}"')
    if good:
        assert read(text).mailbox.address == address
    else:
        with pytest.raises(ConfigError, match=r"^address "):
            read(text)


@pytest.mark.parametrize(
    "name", ["Robin\\nBcc: x@example.org", "=?utf-8?q?Hi=0ABcc:_evil?=", "Robin\\u2028Bcc: x", "x" * 201, " "]
)
def test_a_name_cannot_forge_a_header(refuse: Callable[..., list[str]], name: str) -> None:
    lines = refuse(MINIMAL.replace("Robin Ek", name))
    assert "[owner] name" in "\n".join(lines)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1", "[::1]"])
def test_plain_is_allowed_on_this_machine(read: Read, host: str) -> None:
    settings = read(MINIMAL + f'[mailbox.imap]\nhost = "{host}"\nsecurity = "plain"\n')
    assert settings.mailbox.imap.security == "plain"


@pytest.mark.parametrize(
    "host",
    ["mail.example.org", "127.0.0.1.example.org", "localhost.example.org", "10.0.0.1", "0.0.0.0", "::", "127.1", None],
)
@pytest.mark.parametrize("server", ["imap", "smtp"])
def test_plain_is_refused_elsewhere(refuse: Callable[..., list[str]], server: str, host: str | None) -> None:
    named = f'host = "{host}"\n' if host else ""
    lines = refuse(MINIMAL + f'[mailbox.{server}]\n{named}security = "plain"\n')
    assert "refused" in lines[0]
    assert f"[mailbox.{server}] security (line" in lines[1]


@pytest.mark.parametrize(
    "port, security, complete",
    [
        (None, None, ("h.example", 465, "tls")),
        (587, None, ("h.example", 587, "starttls")),
        (None, "starttls", ("h.example", 587, "starttls")),
        (2465, None, ("h.example", 2465, "tls")),
        (587, "tls", ("h.example", 587, "tls")),
    ],
)
def test_port_and_security_follow_each_other(
    read: Read, port: int | None, security: str | None, complete: tuple[str, int, str]
) -> None:
    lines = (f"port = {port}\n" if port else "") + (f'security = "{security}"\n' if security else "")
    imap = '[mailbox.imap]\nhost = "i.example"\n'
    settings = read(MINIMAL + imap + '[mailbox.smtp]\nhost = "h.example"\n' + lines)
    assert settings.mailbox.require_servers().smtp == complete


class Preset:
    host, port, security = "smtp.provider.example", 587, "starttls"


def test_a_preset_fills_in_what_is_missing(read: Read) -> None:
    preset = Preset()
    settings = read()
    assert settings.mailbox.require_servers(preset, preset).smtp == ("smtp.provider.example", 587, "starttls")
    settings = read(MINIMAL + "[mailbox.smtp]\nport = 465\n")
    assert settings.mailbox.require_servers(preset, preset).smtp == ("smtp.provider.example", 465, "tls")
    settings = read(MINIMAL + '[mailbox.smtp]\nhost = "own.example"\n')
    assert settings.mailbox.require_servers(preset, preset).smtp == ("own.example", 465, "tls")


def test_unknown_servers_are_asked_for(read: Read) -> None:
    with pytest.raises(ConfigError) as caught:
        read(MINIMAL + '[mailbox.imap]\nhost = "imap.example.org"\n').mailbox.require_servers()
    assert "[mailbox.smtp] host" in (caught.value.where or "")
    assert "smtp.example.org" in (caught.value.todo or "")


@pytest.mark.parametrize("second", ['password_file = "x"', 'password_command = ["x"]'])
def test_two_passwords(refuse: Callable[..., list[str]], second: str) -> None:
    lines = refuse(MINIMAL + second + "\n")
    assert "together" in lines[0]
    assert "[mailbox] password (line 7)" in lines[1]


@pytest.mark.parametrize("line", ["", 'password = ""'])
def test_no_password(refuse: Callable[..., list[str]], line: str) -> None:
    lines = refuse(MINIMAL.replace('password = "correct horse"', line))
    assert lines[0] == "password is missing."


@pytest.mark.parametrize("value", ["12345678", "['hunter2']"])
def test_a_password_of_the_wrong_type_is_not_shown(refuse: Callable[..., list[str]], value: str) -> None:
    lines = "\n".join(refuse(MINIMAL.replace('"correct horse"', value)))
    assert "[mailbox] password (line 7)" in lines
    assert "hunter2" not in lines
    assert "12345678" not in lines


def test_a_command_is_a_list_that_no_shell_reads(refuse: Callable[..., list[str]], read: Read) -> None:
    without = MINIMAL.replace('password = "correct horse"', "password_command = {}")
    lines = refuse(without.format('"pass show mail"'))
    assert "list of a program" in lines[0]
    python = sys.executable
    settings = read(
        without.format(f"""['{python}', '-c', 'import sys; print(sys.argv[1]); print("more")', '$HOME; `id`']""")
    )
    assert settings.secret()() == "$HOME; `id`"


@pytest.mark.parametrize(
    "argv, said",
    [
        (["/nowhere/program", "hunter2"], "cannot be run"),
        ([sys.executable, "-c", "print('hunter2'); raise SystemExit(3)"], "exit code 3"),
        ([sys.executable, "-c", "print()"], "printed nothing"),
    ],
)
def test_a_command_that_fails_tells_no_secret(read: Read, argv: list[str], said: str) -> None:
    settings = read(MINIMAL.replace('password = "correct horse"', f"password_command = {argv}"))
    with pytest.raises(ConfigError) as caught:
        settings.secret()()
    assert said in caught.value.what
    assert "hunter2" not in "".join(caught.value.lines()) + repr(settings)


def test_a_password_file_is_read_when_it_is_needed(read: Read, tmp_path: Path) -> None:
    settings = read(MINIMAL.replace('password = "correct horse"', 'password_file = "secret/mail"'))
    secret = settings.secret()
    with pytest.raises(ConfigError, match="cannot be read"):
        secret()
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret/mail").write_text("battery staple\r\nsecond line\n")
    assert secret() == "battery staple"
    (tmp_path / "secret/mail").write_text("changed\n")
    assert secret() == "changed"
    (tmp_path / "secret/mail").write_text("\n")
    with pytest.raises(ConfigError, match="empty"):
        secret()
    (tmp_path / "secret/mail").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigError, match="UTF-8"):
        secret()


def test_secrets_are_in_no_representation(read: Read) -> None:
    settings = read(MINIMAL + '[store]\nurl = "postgresql://me:s3cret@localhost/askaround"\n')
    assert "correct horse" not in repr(settings) + str(settings.tables)
    assert "s3cret" not in repr(settings) + str(settings.tables)
    assert settings.store_url() == "postgresql+psycopg://me:s3cret@localhost/askaround"
    assert settings.secret()() == "correct horse"


@pytest.mark.parametrize(
    "url, found",
    [
        ("sqlite:///data/x.db", "sqlite:///{}/data/x.db"),
        ("sqlite:////var/x.db", "sqlite:////var/x.db"),
        ("sqlite:///x.db?timeout=3", "sqlite:///{}/x.db?timeout=3"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("postgres://localhost/x", "postgresql+psycopg://localhost/x"),
    ],
)
def test_database_urls(read: Read, tmp_path: Path, url: str, found: str) -> None:
    assert read(MINIMAL + f'[store]\nurl = "{url}"\n').store_url() == found.format(tmp_path)


def test_several_problems_are_told_at_once(refuse: Callable[..., list[str]]) -> None:
    broken = MINIMAL + "[pace]\nper_day = -1\nwindow = 3\nfoo = 1\ngap_minutes = [2, 1]\nholidays = 4\n"
    lines = refuse(broken)
    assert lines[0].startswith("The configuration has 5 problems")
    assert len(lines) == 5
    assert "(line 9)" in lines[1]
    assert "(line 12)" in lines[4]


@pytest.mark.parametrize(
    "name, said",
    [
        ("ASKAROUND_PACE__PER_DYA", "Did you mean per_day?"),
        ("ASKAROUND_PCE__PER_DAY", "Did you mean pace?"),
        ("ASKAROUND_PACE_PER_DAY", "Did you mean ASKAROUND_PACE__PER_DAY?"),
    ],
)
def test_an_unknown_variable(refuse: Callable[..., list[str]], name: str, said: str) -> None:
    lines = "\n".join(refuse(MINIMAL, {name: "3"}))
    assert said in lines
    assert "environment: ASKAROUND_P" in lines


def test_a_bad_value_in_the_environment_names_the_variable(refuse: Callable[..., list[str]]) -> None:
    lines = refuse(MINIMAL + "[pace]\nper_day = 4\n", {"ASKAROUND_PACE__PER_DAY": "many"})
    assert lines[1] == "environment: ASKAROUND_PACE__PER_DAY"


@pytest.mark.parametrize(
    "text, line",
    [
        ("[owner]\nname = Robin\n", "line 2"),
        ("[owner\n", "line 1"),
        ("a = 1\na = 2\n", "line 2"),
        ('x = """\n', "line"),
    ],
)
def test_what_is_no_toml(refuse: Callable[..., list[str]], text: str, line: str) -> None:
    lines = refuse(text)
    assert "TOML" in lines[0]
    assert line in lines[1]


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes(b"[owner]\nname = '\xff\xfe'\n")
    with pytest.raises(ConfigError, match="UTF-8"):
        load(None, {}, working_directory=tmp_path)


def test_a_byte_order_mark_and_windows_line_ends(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes(b"\xef\xbb\xbf" + MINIMAL.replace("\n", "\r\n").encode())
    assert load(None, {}, working_directory=tmp_path).owner.name == "Robin Ek"


def test_tables_that_are_none(refuse: Callable[..., list[str]]) -> None:
    lines = "\n".join(refuse("pace = 3\n" + MINIMAL))
    assert "[pace] must be a table" in lines


def test_a_key_with_a_line_break_is_shown_on_one_line(refuse: Callable[..., list[str]]) -> None:
    assert len(refuse(MINIMAL + '"a\\nb\\u001b[31m" = 1\n')) <= 3


def test_an_open_file_with_a_password_is_remarked(read: Read, tmp_path: Path) -> None:
    read()
    (tmp_path / "config.toml").chmod(0o644)
    assert "chmod 600" in load(tmp_path / "config.toml", {}).remarks[0]
    assert stat.S_IMODE(os.stat(tmp_path / "config.toml").st_mode) == 0o644


def test_lines_are_found_in_every_way_to_write_a_key() -> None:
    text = '# c\n[a]\nb.c = 1\n"d e" = """\n[not.a.table]\nx = 1\n"""\n[ a . f ]\ng = [\n  "x",\n]\nh = 2 # [z]\n'
    found = line_numbers(text)
    assert tomllib.loads(text)
    assert found == {
        ("a",): 2,
        ("a", "b", "c"): 3,
        ("a", "d e"): 4,
        ("a", "f"): 8,
        ("a", "f", "g"): 9,
        ("a", "f", "h"): 12,
    }


def test_the_example_works_once_it_is_filled_in(read: Read) -> None:
    text = EXAMPLE.read_text("utf-8")
    filled = text.replace('address = ""', 'address = "robin@example.org"').replace('password = ""', 'password = "x"')
    settings = read(filled)
    assert settings.pace() == Pace()
    assert settings.sequence() == Sequence()
    assert settings.replies() == Replies()
    environ = {"ASKAROUND_MAILBOX__ADDRESS": "me@example.org", "ASKAROUND_MAILBOX__PASSWORD": "x"}
    assert read(text, environ).owner.email == "me@example.org"
    assert settings.remarks == ("[owner] name is still Robin Example, as in the example",)


def test_the_example_as_it_is_says_what_to_fill_in(refuse: Callable[..., list[str]]) -> None:
    lines = "\n".join(refuse(EXAMPLE.read_text("utf-8")))
    assert "[mailbox] address" in lines
    assert "filled in" in lines


def test_the_example_names_every_key_and_its_default(read: Read) -> None:
    text = EXAMPLE.read_text("utf-8")
    uncommented = re.sub(r"(?m)^# (?=[a-z_]+ = )", "", text)
    content = tomllib.loads(uncommented)
    found = set()
    for table, keys in content.items():
        found.add((table,))
        for key, value in keys.items():
            found.add((table, key))
            if isinstance(value, dict) and key != "about":
                found.update((table, key, one) for one in value)
    assert found == set(keys_of(Tables))
    # Where a default is shown, it is the default.
    without = {"owner", "mailbox", "templates"}
    shown = "\n".join(line for line in uncommented.split("\n") if not line.startswith(("to =", "url =")))
    kept = "".join(part for part in re.split(r"(?m)^(?=\[)", shown) if part.split("]")[0].strip("[#") not in without)
    kept = re.sub(r"(?ms)\A#.*?(?=^\[)", "", kept)
    kept = "".join(part for part in re.split(r"(?m)^(?=\[)", kept) if not part.startswith(("[owner", "[mailbox")))
    settings = read(MINIMAL + kept)
    assert settings.tables.pace == read().tables.pace
    assert settings.tables.sequence == read().tables.sequence
    assert settings.tables.replies == read().tables.replies
    assert settings.tables.summary == read().tables.summary


def test_the_process_environment_is_never_read(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASKAROUND_PACE__PER_DAY", "3")
    assert read().pace().per_day == 8


@pytest.mark.parametrize("call", [lambda entry: entry.read(), lambda entry: entry.write("a secret word")])
def test_whatever_a_keyring_raises_is_told_by_its_kind_alone(
    monkeypatch: pytest.MonkeyPatch, call: Callable[[secret.RingEntry], object]
) -> None:
    def broken(*words: str) -> None:
        raise ConnectionError(f"the bus has gone: {words}")

    monkeypatch.setitem(sys.modules, "keyring", SimpleNamespace(get_password=broken, set_password=broken))
    for entry in (secret.RingEntry("una"), secret.TokenEntry("una")):
        with pytest.raises(PasswordAway) as caught:
            call(entry)
        assert caught.value.what == "The keyring cannot be used (ConnectionError)."
        assert (caught.value.where, "a secret word" in str(caught.value.lines())) == (entry.where, False)


def test_a_file_that_nobody_can_look_at_is_told_where_it_is_needed(
    read: Read, refuse: Callable[..., list[str]]
) -> None:
    far = "x" * 300  # as with a folder that may not be entered, the system gives an error for it
    settings = read(MINIMAL.replace('password = "correct horse"', f'password_file = "{far}"'))
    assert not any("open to other users" in remark for remark in settings.remarks)
    with pytest.raises(ConfigError, match="cannot be read"):
        settings.secret()()
    assert "There is no file" in "".join(refuse(f"{MINIMAL}[mailbox.tls]\nca_file = '{far}'"))

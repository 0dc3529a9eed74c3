"""On a Debian that has hardly anything: README's ten commands to the first mail, and what the image is built with."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import container
from tests.servers.roots import Inside, root

ROOT = Path(__file__).parents[2]
PASSWORD = "abcd efgh ijkl mnop"
# What `askaround init` would ask for, as docs/getting-started.md tells it for scripts.
ANSWERS = (
    '--address robin@example.org --name "Robin Hale" --field "marine biology" --password-file /srv/password --yes '
    "--imap mail.example.org --smtp mail.example.org"
)

_DOVECOT = """\
protocols = imap lmtp
listen = 127.0.0.1
log_path = /srv/dovecot.log
ssl = required
ssl_cert = </srv/mail.crt
ssl_key = </srv/mail.key
auth_mechanisms = plain login
first_valid_uid = 1
mail_location = maildir:/srv/mail/%Lu
passdb {
  driver = passwd-file
  args = username_format=%Lu /srv/users
}
userdb {
  driver = static
  args = uid=www-data gid=www-data home=/srv/mail/%Lu
}
namespace inbox {
  inbox = yes
  mailbox Junk {
    auto = create
    special_use = \\Junk
  }
  mailbox Sent {
    auto = create
    special_use = \\Sent
  }
}
service lmtp {
  unix_listener /var/spool/postfix/private/lmtp-in {
    mode = 0666
  }
}
service auth {
  unix_listener /var/spool/postfix/private/auth {
    mode = 0666
  }
}
"""

_POSTFIX = """\
postconf -e myhostname=mail.example.org mydestination= inet_interfaces=127.0.0.1 inet_protocols=ipv4 \\
  virtual_mailbox_domains=example.org 'virtual_mailbox_maps=inline:{robin@example.org=x,una@example.org=x}' \\
  virtual_transport=lmtp:unix:private/lmtp-in smtpd_sasl_auth_enable=yes smtpd_sasl_type=dovecot \\
  smtpd_sasl_path=private/auth smtpd_tls_cert_file=/srv/mail.crt smtpd_tls_key_file=/srv/mail.key \\
  smtpd_tls_security_level=may maillog_file_prefixes=/srv maillog_file=/srv/postfix.log \\
  smtpd_relay_restrictions=permit_sasl_authenticated,reject alias_maps= alias_database=
postconf -M submissions/inet='submissions inet n - n - - smtpd -o smtpd_tls_wrappermode=yes'
dovecot
postfix start
until (echo > /dev/tcp/127.0.0.1/993) && (echo > /dev/tcp/127.0.0.1/465); do sleep 0.2; done 2> /dev/null
"""


@pytest.fixture
def inside(request: pytest.FixtureRequest) -> Iterator[Inside]:
    """A root of a Debian, with the names and certificates that this machine needs to reach packages."""
    made = Inside(root(*request.param))
    shutil.copy("/etc/resolv.conf", made.work)
    shutil.copy("/etc/ssl/certs/ca-certificates.crt", made.work)
    made.run("cp /srv/resolv.conf /etc && cp /srv/ca-certificates.crt /etc/ssl/certs")
    (made.work / "pip.conf").write_text("[global]\ncert = /etc/ssl/certs/ca-certificates.crt\n")
    made.run("cp /srv/pip.conf /etc/pip.conf")
    yield made
    made.stop()


def script(inside: Inside, name: str, lines: list[str]) -> None:
    """Run a script of bash in there; its end is in the error where a line fails."""
    bare = '[ "$BARE" ] || exec env -i BARE=yes HOME=/root LANG=C.UTF-8 PATH="$STANDARD" bash "$0"'
    standard = "STANDARD=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    (inside.work / name).write_text("\n".join([standard, bare, "set -ex", *lines, ""]))
    inside.run(f"bash /srv/{name}")


def ten_commands() -> list[str]:
    """The commands of README.md that lead from nothing to the first mail."""
    found = re.search(r"^Ten commands[\s\S]*?\n\n((?: {4}.*\n)+)", (ROOT / "README.md").read_text("utf-8"), re.M)
    assert found is not None
    return [line.strip() for line in found[1].splitlines()]


def provider(inside: Inside) -> None:
    """The owner's provider on loopback, with a certificate that the machine trusts."""
    (inside.work / "dovecot.conf").write_text(_DOVECOT)
    (inside.work / "users").write_text(f"robin@example.org:{{PLAIN}}{PASSWORD}\n")
    (inside.work / "password").write_text(f"{PASSWORD}\n")
    (inside.work / "password").chmod(0o600)
    script(
        inside,
        "provider.sh",
        [
            "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout /srv/mail.key -out /srv/mail.crt "
            "-subj /CN=mail.example.org -addext subjectAltName=DNS:mail.example.org 2> /dev/null",
            "cat /srv/mail.crt >> /etc/ssl/certs/ca-certificates.crt",
            "install -d -o www-data /srv/mail",
            "cp /srv/dovecot.conf /etc/dovecot/dovecot.conf",
            *_POSTFIX.replace("\\\n", "").splitlines(),
        ],
    )


BARE = ("git", "make", "python3", "python3-venv")
PROVIDER = ("ca-certificates", "dovecot-imapd", "dovecot-lmtpd", "openssl", "postfix")


@pytest.mark.slow
@pytest.mark.parametrize("inside", [("bookworm", *BARE, *PROVIDER)], indirect=True, ids=["bookworm"])
def test_ten_commands_lead_to_the_first_mail(inside: Inside) -> None:
    commands = ten_commands()
    assert len(commands) <= 10
    subprocess.run(["git", "clone", "--quiet", "--bare", str(ROOT), str(inside.work / "askaround.git")], check=True)
    provider(inside)
    typed = [
        line.replace("REPOSITORY", "/srv/askaround.git").replace("askaround init", f"askaround init {ANSWERS}")
        for line in commands
    ]
    script(inside, "ten.sh", ["git config --global safe.directory '*'", "cd /root", *typed])
    inside.run("cd /root/askaround && postqueue -f && sleep 1 && ls /srv/mail/robin@example.org/new | grep -q .")
    (mail,) = (inside.work / "mail/robin@example.org/new").iterdir()
    assert b"From: " in mail.read_bytes()
    # and what README says before: the whole job without an account
    script(inside, "demo.sh", ["cd /root/askaround", "make demo"])


@pytest.mark.slow
@pytest.mark.parametrize(
    "inside", [("trixie", "ca-certificates", "python3", "python3-venv")], indirect=True, ids=["trixie"]
)
def test_the_image_can_be_built_and_starts(inside: Inside) -> None:
    """The instructions of the Dockerfile by hand, since no engine runs here: both stages in one root, offline after."""
    source = container.context(inside.work / "src")
    assert (source / "pyproject.toml").is_file()
    build, run = container.stages()
    steps = [rest for word, rest in build if word == "RUN"]
    variables = [f"export {rest}" for word, rest in run if word == "ENV"]
    folder = next(rest for word, rest in run if word == "WORKDIR")
    user = next(rest for word, rest in run if word == "USER")
    script(
        inside,
        "build.sh",
        ["ln -s python3 /usr/bin/python", "cp -r /srv/src /src", "cd /src", *steps, "rm -r /src"],
    )
    script(inside, "run.sh", [rest for word, rest in run if word == "RUN"])
    (inside.work / "config.toml").write_text(
        '[owner]\nname = "Robin Hale"\ntimezone = "Europe/Berlin"\n[mailbox]\naddress = "robin@example.org"\n'
        'imap = { host = "127.0.0.1", port = 9, security = "plain" }\n'
        'smtp = { host = "127.0.0.1", port = 9, security = "plain" }\n'
    )
    (inside.work / "password").write_text(PASSWORD)
    (inside.work / "password").chmod(0o644)
    given = "ASKAROUND_CONFIG=/srv/config.toml ASKAROUND_MAILBOX__PASSWORD_FILE=/srv/password"
    as_user = f"setpriv --reuid={user} --regid=nogroup --clear-groups env {given}"
    script(
        inside,
        "start.sh",
        [
            *variables,
            f"cd {folder}",
            "mount -o bind /data /data && mount -o remount,bind,ro /",  # read_only: true, and the volume
            f"{as_user} askaround status",
            # never read, so it is not healthy, and says so in one line
            f"! {as_user} askaround status --check",
            f"timeout --preserve-status -s TERM 5 {as_user} askaround run",
            "test -f /data/askaround.db",
            f"! {as_user} touch /opt/askaround/x",
        ],
    )

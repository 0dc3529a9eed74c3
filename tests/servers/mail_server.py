"""A real mail server in a folder: Dovecot for IMAP and delivery, Postfix for submission."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import threading
from contextlib import suppress
from pathlib import Path

from tests.servers.available import program
from tests.servers.certificates import Authority
from tests.servers.maildir import OWNER, Maildirs

# Mail to any address here is accepted at RCPT and comes back as a bounce by mail.
BOUNCING = "bounces.example"
# Mail to any address here is accepted, cannot be delivered now and stays in the queue.
SLOW = "slow.example"
DOMAINS = ("example.org", "example.com", "example.net", "owner.example", "contacts.example")

_DOVECOT = """\
base_dir = {root}/run
state_dir = {root}/run
log_path = {root}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain login{token_mechanisms}
auth_failure_delay = 0
auth_username_format = %Lu
first_valid_uid = 1
mail_fsync = never
maildir_very_dirty_syncs = no
mail_max_userip_connections = 100
mail_location = maildir:{root}/mail/%Lu
postmaster_address = postmaster@example.org
{token_passdb}passdb {{
  driver = passwd-file
  mechanisms = none plain login
  args = scheme=PLAIN username_format=%Lu {root}/users/%Lu
}}
userdb {{
  driver = static
  args = uid={owner} gid={owner} home={root}/mail/%Lu
}}
namespace inbox {{
  inbox = yes
  mailbox Drafts {{
    auto = create
    special_use = \\Drafts
  }}
  mailbox Junk {{
    auto = create
    special_use = \\Junk
  }}
  mailbox Sent {{
    auto = create
    special_use = \\Sent
  }}
  mailbox Trash {{
    auto = create
    special_use = \\Trash
  }}
}}
service imap-login {{
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = {imaps_port}
    ssl = yes
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service lmtp {{
  unix_listener {root}/queue/private/lmtp-in {{
    mode = 0666
  }}
}}
service auth {{
  unix_listener {root}/queue/private/auth {{
    mode = 0666
  }}
}}
"""

_TOKEN_PASSDB = """\
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {root}/dovecot-oauth2.conf.ext
}}
"""

_TOKENS = """\
introspection_mode = post
introspection_url = {url}/introspect
username_attribute = username
active_attribute = active
active_value = true
"""

_POSTFIX = """\
compatibility_level = 3.6
queue_directory = {root}/queue
data_directory = {root}/data
daemon_directory = {daemons}
command_directory = {commands}
mail_owner = postfix
setgid_group = postdrop
maillog_file = {root}/postfix.log
maillog_file_prefixes = {root}
myhostname = mail.example.org
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 192.0.2.1/32
alias_maps =
alias_database =
local_recipient_maps =
local_transport = error:there is no local mail here
default_transport = error:5.4.4 this server sends nothing into the world
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
smtpd_tls_security_level = may
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtpd_tls_loglevel = 0
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
smtpd_reject_unlisted_recipient = yes
unknown_virtual_mailbox_reject_code = 550
smtpd_delay_reject = no
smtpd_peername_lookup = no
smtpd_error_sleep_time = 0
smtpd_client_connection_rate_limit = 0
smtpd_client_connection_count_limit = 0
smtp_host_lookup = native
virtual_mailbox_domains = {domains}
virtual_mailbox_maps = hash:{root}/mailboxes
virtual_transport = lmtp:unix:private/lmtp-in
transport_maps = inline:{{ {{ {slow} = retry:4.3.0 later }} }}
message_size_limit = 10000000
bounce_queue_lifetime = 0
queue_run_delay = 5s
minimal_backoff_time = 5s
"""

_MASTER = """\
127.0.0.1:{smtp_port} inet n - n - - smtpd
127.0.0.1:{smtps_port} inet n - n - - smtpd -o smtpd_tls_wrappermode=yes
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
"""


def free_port() -> int:
    """A TCP port on loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class MailServer:
    """The running server. `imap_port` and `smtp_port` take plain connections and STARTTLS, the others TLS."""

    host = "localhost"

    def __init__(self, tokens_at: str | None = None, mechanisms: str = "xoauth2 oauthbearer") -> None:
        """`tokens_at` is the authorization server whose tokens sign in, beside passwords, by these mechanisms."""
        self._tokens_at = tokens_at
        self._mechanisms = mechanisms
        self.root = Path(tempfile.mkdtemp(prefix="askaround-mail-"))
        self.root.chmod(0o755)
        self._authority = Authority(self._subfolder("certificates"))
        self.ca_file = self._authority.ca_file
        self.imap_port, self.imaps_port, self.smtp_port, self.smtps_port = (free_port() for _ in range(4))
        self._processes: list[subprocess.Popen[bytes]] = []
        self._users: dict[str, str] = {}
        self._unwritten: dict[str, str] = {}
        self.maildirs = Maildirs(self._subfolder("mail"))
        self._write_configuration()
        self._start()

    def _subfolder(self, name: str) -> Path:
        path = self.root / name
        path.mkdir(mode=0o755, exist_ok=True)
        return path

    def _write_configuration(self) -> None:
        pair = self._authority.issue("DNS:localhost", "IP:127.0.0.1")
        master = program("master") or "/usr/lib/postfix/sbin/master"
        words = {
            "root": self.root,
            "certificate": pair.certificate,
            "key": pair.key,
            "owner": OWNER,
            "imap_port": self.imap_port,
            "imaps_port": self.imaps_port,
            "smtp_port": self.smtp_port,
            "smtps_port": self.smtps_port,
            "daemons": Path(master).parent,
            "commands": Path(program("postmap") or "/usr/sbin/postmap").parent,
            "domains": " ".join((*DOMAINS, BOUNCING, SLOW)),
            "slow": SLOW,
            "token_mechanisms": f" {self._mechanisms}" if self._tokens_at else "",
            "token_passdb": _TOKEN_PASSDB.format(root=self.root) if self._tokens_at else "",
        }
        if self._tokens_at:
            (self.root / "dovecot-oauth2.conf.ext").write_text(_TOKENS.format(url=self._tokens_at))
        (self.root / "dovecot.conf").write_text(_DOVECOT.format(**words))
        etc = self._subfolder("postfix")
        (etc / "main.cf").write_text(_POSTFIX.format(**words))
        (etc / "master.cf").write_text(_MASTER.format(**words))
        queue = self._subfolder("queue")
        shutil.chown(self._subfolder("data"), "postfix", "postfix")
        private = (
            "active",
            "bounce",
            "corrupt",
            "defer",
            "deferred",
            "flush",
            "hold",
            "incoming",
            "private",
            "saved",
            "trace",
        )
        for name in private:
            (queue / name).mkdir(mode=0o700)
            shutil.chown(queue / name, "postfix")
        (queue / "pid").mkdir(mode=0o755)
        for name, mode in (("public", 0o710), ("maildrop", 0o730)):
            (queue / name).mkdir()
            shutil.chown(queue / name, "postfix", "postdrop")
            (queue / name).chmod(mode)
        self._write_users()

    def _write_users(self) -> None:
        # A file a user: Dovecot looks at most once a second whether a file that it knows has changed.
        for address, password in self._unwritten.items():
            (self._subfolder("users") / address).write_text(f"{address}:{password}\n")
        self._unwritten.clear()
        # A new file in the old one's place: Postfix notices a changed time only from one second to the next.
        source = self.root / "mailboxes.new"
        source.write_text("".join(f"{a} x\n" for a in self._users) + f"@{BOUNCING} x\n@{SLOW} x\n")
        postmap = program("postmap") or "postmap"
        subprocess.run([postmap, "-c", self.root / "postfix", f"hash:{source}"], check=True, capture_output=True)
        os.replace(self.root / "mailboxes.new.db", self.root / "mailboxes.db")
        os.replace(source, self.root / "mailboxes")

    def _start(self) -> None:
        master = program("master") or "/usr/lib/postfix/sbin/master"
        commands = (
            [program("dovecot") or "dovecot", "-F", "-c", str(self.root / "dovecot.conf")],
            [master, "-d", "-c", str(self.root / "postfix")],
        )
        for command in commands:
            # Not a pipe: Dovecot's children would keep it open for ever.
            with (self.root / "output.log").open("ab") as output:
                self._processes.append(
                    subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd=self.root)
                )
        for port in (self.imap_port, self.imaps_port, self.smtp_port, self.smtps_port):
            self._await_port(port)

    def _await_port(self, port: int) -> None:
        pause = threading.Event()
        for _ in range(400):
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return
            if any(process.poll() is not None for process in self._processes):
                break
            pause.wait(0.025)
        raise RuntimeError(f"the mail server did not start:\n{self.log()}")

    def add_user(self, address: str, password: str) -> None:
        """A mailbox; mail to other addresses of our domains is refused at RCPT with 550 5.1.1."""
        self._users[address.lower()] = self._unwritten[address.lower()] = password
        self._write_users()

    def deliver(self, address: str, raw: bytes, folder: str = "INBOX") -> None:
        """Files a mail in a folder, as if it had just arrived."""
        self.maildirs.deliver(address, raw, folder)

    def messages(self, address: str, folder: str = "INBOX") -> list[bytes]:
        """The raw mails of a folder, oldest first."""
        return self.maildirs.messages(address, folder)

    def await_messages(self, address: str, count: int = 1, folder: str = "INBOX", seconds: float = 15) -> list[bytes]:
        """The folder's mails once there are `count`; Postfix delivers a moment after it has accepted."""
        pause = threading.Event()
        for _ in range(int(seconds / 0.025)):
            found = self.messages(address, folder)
            if len(found) >= count:
                return found
            pause.wait(0.025)
        raise AssertionError(f"{len(self.messages(address, folder))} of {count} mails came for {address}\n{self.log()}")

    def await_quiet(self, seconds: float = 30) -> None:
        """Until Postfix has delivered all that it accepted, what is slow on purpose aside."""
        pause = threading.Event()
        for _ in range(int(seconds / 0.05)):
            if not any(path.is_file() for name in ("maildrop", "incoming", "active") for path in self._queued(name)):
                return
            pause.wait(0.05)
        raise AssertionError(f"the queue is not empty\n{self.log()}")

    def _queued(self, name: str) -> list[Path]:
        return list((self.root / "queue" / name).rglob("*"))

    def expunge(self, address: str, folder: str = "INBOX", containing: bytes = b"") -> int:
        """Removes mails from a folder; how many."""
        return self.maildirs.expunge(address, folder, containing)

    def move(self, address: str, source: str, target: str, containing: bytes = b"") -> int:
        """Moves mails between folders; how many."""
        return self.maildirs.move(address, source, target, containing)

    def flags(self, address: str, folder: str = "INBOX") -> set[str]:
        """The flags that any mail of the folder has (S: seen)."""
        return self.maildirs.flags(address, folder)

    def set_uidvalidity(self, address: str, value: int, folder: str = "INBOX") -> None:
        """Changes a folder's UIDVALIDITY; its mails get new UIDs."""
        self.maildirs.set_uidvalidity(address, value, folder)

    def log(self) -> str:
        """What the servers wrote."""
        names = ("output.log", "dovecot.log", "postfix.log")
        return "\n".join(
            f"--- {name}\n{(self.root / name).read_text(errors='replace')[-6000:]}"
            for name in names
            if (self.root / name).exists()
        )

    def stop(self) -> None:
        """Ends both servers, and removes all that they wrote."""
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)
        shutil.rmtree(self.root, ignore_errors=True)

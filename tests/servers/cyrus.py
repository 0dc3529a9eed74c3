"""Cyrus for IMAP, OpenSMTPD for submission and delivery by LMTP."""

from __future__ import annotations

import subprocess

from tests.servers.other import OtherServer

_IMAPD = """\
configdirectory: /var/lib/cyrus
proc_path: /run/cyrus/proc
mboxname_lockpath: /run/cyrus/lock
defaultpartition: default
partition-default: /var/spool/cyrus/mail
hashimapspool: true
servername: mail.example.org
admins: cyrus
virtdomains: userid
defaultdomain: example.org
unixhierarchysep: yes
altnamespace: {alternative}
allowplaintext: yes
sasl_mech_list: PLAIN
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: /var/lib/cyrus/passwords
sasl_auto_transition: no
tls_server_cert: /etc/cyrus-certificate.pem
tls_server_key: /etc/cyrus-key.pem
imap_allowstarttls: on
lmtpsocket: /run/cyrus/socket/lmtp
idlesocket: /run/cyrus/socket/idle
notifysocket: /run/cyrus/socket/notify
lmtp_downcase_rcpt: yes
duplicatesuppression: no
expunge_mode: immediate
delete_mode: immediate
autocreate_quota: 0
{folders}
syslog_prefix: cyrus
"""

_FOLDERS = """\
autocreate_inbox_folders: Sent | Junk | Drafts | Trash
xlist-Sent: Sent
xlist-Junk: Junk
xlist-Drafts: Drafts
xlist-Trash: Trash
"""

_CYRUS = """\
START {{
  recover cmd="/usr/sbin/cyrus ctl_cyrusdb -r"
}}
SERVICES {{
  imap cmd="imapd" listen="127.0.0.1:{imap_port}" prefork=0 maxchild=100
  imaps cmd="imapd -s" listen="127.0.0.1:{imaps_port}" prefork=0 maxchild=100
  lmtpunix cmd="lmtpd -a" listen="/run/cyrus/socket/lmtp" prefork=0 maxchild=20
}}
EVENTS {{
  checkpoint cmd="/usr/sbin/cyrus ctl_cyrusdb -c" period=30
}}
"""

_SMTPD = """\
pki mail cert "/etc/mail-certificate.pem"
pki mail key "/etc/mail-key.pem"
table passwords file:/etc/mail-passwords
table addresses file:/etc/mail-addresses
table everybody {{ "@" = "cyrus" }}
listen on 127.0.0.1 port {smtp_port} hostname mail.example.org tls pki mail auth-optional <passwords>
listen on 127.0.0.1 port {smtps_port} hostname mail.example.org smtps pki mail auth-optional <passwords>
action deliver lmtp "/run/cyrus/socket/lmtp" rcpt-to virtual <everybody>
match from any for rcpt-to <addresses> action deliver
"""


class Cyrus(OtherServer):
    """Folders below INBOX, as Debian's configuration has them, and none made by the server."""

    # OpenSMTPD 6.8 of the Debian before cannot use a key together with OpenSSL 3.
    suite = "trixie"
    packages = ("cyrus-imapd", "opensmtpd", "openssl", "sasl2-bin", "ssl-cert")
    prefix = "INBOX/"
    alternative = False

    def start(self) -> None:
        words = {name: getattr(self, name) for name in ("imap_port", "imaps_port", "smtp_port", "smtps_port")}
        imapd = _IMAPD.format(
            alternative="yes" if self.alternative else "no", folders=_FOLDERS if self.alternative else ""
        )
        self.inside.write("imapd.conf", imapd)
        self.inside.write("cyrus.conf", _CYRUS.format(**words))
        self.inside.write("smtpd.conf", _SMTPD.format(**words))
        self._write_tables()
        run = self.inside.run
        run("cp /srv/imapd.conf /srv/cyrus.conf /srv/smtpd.conf /etc/")
        # Each wants files of its own user.
        run("for f in key certificate; do install -m 600 -o cyrus /etc/mail-$f.pem /etc/cyrus-$f.pem; done")
        run("mkdir -p /run/cyrus/proc /run/cyrus/lock /run/cyrus/socket && chown -R cyrus:mail /run/cyrus")
        # OpenSMTPD does not start without the authorities that it would trust.
        run("mkdir -p /etc/ssl/certs && cp /etc/mail-certificate.pem /etc/ssl/certs/ca-certificates.crt")
        # Their folders are made by the system's start-up, which a root has not got.
        run("/usr/sbin/cyrus makedirs || true")
        run("cyrmaster -d")
        run("setsid smtpd -f /etc/smtpd.conf")

    def _write_tables(self) -> None:
        hashes = (f"{address} {_encrypted(password)}\n" for address, password in self._users.items())
        self.inside.write("mail-passwords", "".join(hashes) or "nobody x\n")
        self.inside.write("mail-addresses", "".join(f"{address}\n" for address in self._users) or "nobody\n")
        self.inside.run("cp /srv/mail-passwords /srv/mail-addresses /etc/")

    def make_account(self, address: str, password: str) -> None:
        user, _, domain = address.partition("@")
        self.inside.write("secret", password)
        self.inside.run(f"saslpasswd2 -p -c -f /var/lib/cyrus/passwords -u {domain} {user} < /srv/secret")
        self.inside.run("chown cyrus /var/lib/cyrus/passwords")
        self._write_tables()
        for table in ("passwords", "addresses"):
            self.inside.run(f"smtpctl update table {table}")
        with self.signed_in(address) as client:  # makes the mailbox
            assert client.select("INBOX", readonly=True)[0] == "OK", self.log()


class CyrusBeside(Cyrus):
    """Folders beside INBOX, made by the server and marked for their use (RFC 6154)."""

    prefix = ""
    alternative = True


def _encrypted(password: str) -> str:
    made = subprocess.run(["openssl", "passwd", "-6", password], check=True, capture_output=True, text=True)
    return made.stdout.strip()

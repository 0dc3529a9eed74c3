"""Courier for IMAP, Exim for submission and delivery into maildirs."""

from __future__ import annotations

from tests.servers.other import OtherServer

_EXIM = """\
primary_hostname = mail.example.org
local_interfaces = 127.0.0.1
daemon_smtp_ports = {smtp_port} : {smtps_port}
tls_on_connect_ports = {smtps_port}
tls_advertise_hosts = *
tls_certificate = /etc/mail-certificate.pem
tls_privatekey = /etc/mail-key.pem
tls_require_ciphers = NORMAL
domainlist local = {domains}
acl_smtp_rcpt = check_rcpt
acl_smtp_data = accept
rfc1413_hosts =
host_lookup =
helo_allow_chars = _
smtp_accept_max = 100
smtp_accept_max_per_connection = 1000
message_size_limit = 20M
never_users = root
log_file_path = /srv/exim-%slog.log
exim_user = Debian-exim
exim_group = Debian-exim

begin acl
check_rcpt:
  require message = relay not permitted
          domains = +local : example.invalid
  require verify = recipient
  accept

begin routers
account:
  driver = accept
  domains = +local
  address_data = ${{lookup{{${{lc:$local_part@$domain}}}}lsearch{{/srv/folders}}{{$value}}fail}}
  transport = maildir

begin transports
maildir:
  driver = appendfile
  maildir_format
  directory = $address_data
  create_directory
  delivery_date_add
  envelope_to_add
  return_path_add
  user = mail
  group = mail

begin retry
* * F,1h,5s

begin authenticators
plain:
  driver = plaintext
  public_name = PLAIN
  server_prompts = :
  server_condition = ${{if eq{{$auth3}}{{${{lookup{{$auth2}}lsearch{{/srv/passwords}}{{$value}}fail}}}}}}
  server_set_id = $auth2
  server_advertise_condition = ${{if def:tls_in_cipher}}

login:
  driver = plaintext
  public_name = LOGIN
  server_prompts = <| Username: | Password:
  server_condition = ${{if eq{{$auth2}}{{${{lookup{{$auth1}}lsearch{{/srv/passwords}}{{$value}}fail}}}}}}
  server_set_id = $auth1
  server_advertise_condition = ${{if def:tls_in_cipher}}
"""

# What Debian's files set is kept; a later line of the same shell file wins.
_IMAPD = """\
ADDRESS=127.0.0.1
PORT={imap_port}
MAXPERIP=100
IMAP_TLS_REQUIRED=0
"""

_IMAPD_SSL = """\
SSLADDRESS=127.0.0.1
SSLPORT={imaps_port}
TLS_CERTFILE=/etc/mail-both.pem
IMAPDSSLSTART=YES
IMAPDSTARTTLS=YES
"""


class Courier(OtherServer):
    """Folders below INBOX, with a dot; no special uses, no LITERAL+, no CONDSTORE."""

    packages = ("courier-authlib-userdb", "courier-imap", "exim4-daemon-light", "openssl")
    prefix = "INBOX."

    def start(self) -> None:
        words = {name: getattr(self, name) for name in ("imap_port", "imaps_port", "smtp_port", "smtps_port")}
        self.inside.write("exim4.conf", _EXIM.format(**words, domains=" : ".join(self.domains)))
        self.inside.write("imapd", _IMAPD.format(**words))
        self.inside.write("imapd-ssl", _IMAPD_SSL.format(**words))
        (self.inside.work / "mail").mkdir()
        self._write_accounts()
        run = self.inside.run
        run("chown mail:mail /srv/mail && chmod 700 /srv/mail")
        run("cp /srv/exim4.conf /etc/exim4/exim4.conf && chown root:Debian-exim /etc/exim4/exim4.conf")
        run("chown Debian-exim /etc/mail-key.pem /etc/mail-certificate.pem")
        run("touch /srv/exim-mainlog.log /srv/exim-paniclog.log /srv/exim-rejectlog.log")
        run("chown Debian-exim /srv/exim-*.log")
        run("cat /etc/mail-key.pem /etc/mail-certificate.pem > /etc/mail-both.pem")
        run("chmod 600 /etc/mail-both.pem && chown courier /etc/mail-both.pem")
        run("for f in imapd imapd-ssl; do cat /srv/$f >> /etc/courier/$f; done")
        run("sed -i 's/^authmodulelist=.*/authmodulelist=\"authuserdb\"/' /etc/courier/authdaemonrc")
        run("mkdir -p -m 755 /run/courier/authdaemon /run/exim4 && chown -R courier:courier /run/courier")
        run("chown Debian-exim /run/exim4")
        run("authdaemond start")
        run("imapd start && imapd-ssl start")
        # Not -bd: a daemon whose parent is the first process takes itself for one that was told to start anew.
        run("exim4 -bdf -q5s &")

    def _write_accounts(self) -> None:
        self.inside.write("passwords", "".join(f"{address}: {word}\n" for address, word in self._users.items()))
        folders = "".join(f"{address}: /srv/mail/{address}/Maildir\n" for address in self._users)
        self.inside.write("folders", folders)

    def make_account(self, address: str, password: str) -> None:
        home = f"/srv/mail/{address}"
        as_mail = "setpriv --reuid=mail --regid=mail --clear-groups"
        self.inside.run(f"{as_mail} mkdir {home} && {as_mail} maildirmake.courier {home}/Maildir")
        self.inside.write("secret", f"{password}\n{password}\n")
        self.inside.run(f"userdb {address} set uid=8 gid=8 home={home} mail={home}/Maildir")
        self.inside.run(f"userdbpw -md5 < /srv/secret | userdb {address} set systempw")
        self.inside.run("makeuserdb")
        self._write_accounts()

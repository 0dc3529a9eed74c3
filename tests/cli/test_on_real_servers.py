"""The commands, typed by hand, against a real Dovecot and a real Postfix."""

from __future__ import annotations

import os
import subprocess
import sys
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.cli.conftest import Done
from tests.servers.mail_server import MailServer
from tests.stories.world import CONFIG, PASSWORD

STATUS = {"schema_version", "conversations", "outbox", "review", "proposed", "health"}


@pytest.mark.real_server
def test_from_check_to_the_referral_request(mail_server: MailServer, tmp_path: Path) -> None:
    owner, una = "owner.cli@example.org", "una.cli@example.org"
    for address in (owner, una):
        mail_server.add_user(address, PASSWORD)
    (tmp_path / "config.toml").write_text(
        CONFIG.format(
            owner=owner,
            password=PASSWORD,
            imap_port=mail_server.imaps_port,
            smtp_port=mail_server.smtp_port,
            security="tls",
            smtp_security="starttls",
            tls=f'tls = {{ ca_file = "{mail_server.ca_file}" }}',
            url="sqlite:///askaround.db",
        )
    )
    (tmp_path / "people.csv").write_text(f"email;name;company\n{una};Una Berg;Acme\n")
    environ = {key: value for key, value in os.environ.items() if not key.startswith("ASKAROUND_")}

    def run(*arguments: str) -> Done:
        done = subprocess.run(
            [sys.executable, "-m", "worker", "--config", str(tmp_path / "config.toml"), *arguments],
            env=environ,
            cwd=Path(__file__).parents[2],
            capture_output=True,
            timeout=120,
            check=False,
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    checked = run("check", "--send-me", "--wait", "30")
    assert checked.code == 0, checked
    assert "BAD" not in checked.out
    assert checked.out.count(": INBOX; no verdict") == 9
    assert run("import", str(tmp_path / "people.csv")).code == 0
    first = run("once", "--json")
    assert first.code == 0, first
    assert [(one["email"], one["step"]) for one in first.json["sent"]] == [(una, "ask")]
    assert set(first.json) >= {"read", "sent", "queued", "cancelled", "held", "errors"}

    ask = message_from_bytes(mail_server.await_messages(una, 1)[0], policy=policy.default)
    assert ask["Message-ID"] == first.json["sent"][0]["message_id"]
    answer = EmailMessage(policy=policy.SMTP)
    answer["From"], answer["To"] = f"Una Berg <{una}>", owner
    answer["Subject"], answer["Message-ID"] = f"Re: {ask['Subject']}", "<no@una.example.org>"
    answer["In-Reply-To"] = answer["References"] = ask["Message-ID"]
    answer.set_content("Sorry, I am not interested.\n\nUna\n")
    mail_server.deliver(owner, answer.as_bytes())

    second = run("once", "--json")
    assert [(one["kind"], one["intent"]) for one in second.json["read"]] == [("reply", "declined")]
    assert [one["step"] for one in second.json["sent"]] == ["referral_request"]
    request = message_from_bytes(mail_server.await_messages(una, 2)[1], policy=policy.default)
    assert request["In-Reply-To"] == "<no@una.example.org>"
    document = run("status", "--json").json
    assert set(document) >= STATUS
    assert [row["state"] for row in document["conversations"]] == ["referral_asked"]
    assert run("story", una).code == 0
    assert "not interested" in run("story", una).out
    assert run("once", "--json").json["sent"] == []
    assert "\\Seen" not in mail_server.flags(owner)

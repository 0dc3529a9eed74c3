"""The story of a decline on a Dovecot that lacks one IMAP extension after the other, and all of them.

ASKAROUND_CELLS=all plays every cell; otherwise those that make the most difference.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.proof.decline import play
from tests.proof.figures import record
from tests.proof.masks import MASKS, Masking
from tests.servers.mail_server import MailServer
from tests.servers.meddling import Meddler
from tests.stories.world import World

CELLS: dict[str, tuple[str, ...]] = {name: (name,) for name in MASKS} | {
    "none of SPECIAL-USE and LIST-EXTENDED": ("SPECIAL-USE", "LIST-EXTENDED"),
    "all": tuple(MASKS),
}
SHORT = ("SPECIAL-USE", "LITERAL+", "all")
CHOSEN = sorted(CELLS) if os.environ.get("ASKAROUND_CELLS") == "all" else SHORT

pytestmark = pytest.mark.real_server


class Masked:
    """The real server, its IMAP side behind the relay."""

    def __init__(self, server: MailServer, imap_port: int) -> None:
        self._server = server
        self.imap_port = imap_port
        self.smtp_port = server.smtp_port

    def __getattr__(self, name: str) -> Any:
        return getattr(self._server, name)


@pytest.mark.parametrize("cell", CHOSEN)
def test_a_decline_without_an_extension(mail_server: MailServer, tmp_path: Path, cell: str) -> None:
    masking = Masking(tuple(MASKS[name] for name in CELLS[cell]))
    story = f"cell{sorted(CELLS).index(cell)}"  # no name of a capability: it would stand in commands
    with Meddler(mail_server.imap_port, masking.hooks) as relay:
        world = World(Masked(mail_server, relay.port), tmp_path, f"robin.{story}@owner.example")
        play(world, mail_server, f"una.{story}@contacts.example")
        world.store.close()
    assert len(relay.commands) > 30
    assert masking.refused == [], "only what is offered may be asked for"
    record("cells", server="dovecot", story=f"decline, without {cell}", result="kept")


def test_a_mask_hides_and_refuses(mail_server: MailServer, fresh_address: str) -> None:
    """The relay takes away what it says: a client that insists is refused, and the server's words are gone."""
    import imaplib

    mail_server.add_user(fresh_address, "pw")
    masking = Masking(tuple(MASKS.values()))
    with Meddler(mail_server.imap_port, masking.hooks) as relay:
        client = imaplib.IMAP4("127.0.0.1", relay.port, timeout=10)
        client.login(fresh_address, "pw")
        offered = set(client.capability()[1][0].decode().split())
        assert not offered & {name for mask in MASKS.values() for name in mask.hidden}
        assert {"IMAP4rev1", "SORT"} <= offered
        with pytest.raises(imaplib.IMAP4.error, match="BAD"):
            client.namespace()
        lines = b" ".join(line for line in client.list()[1] if isinstance(line, bytes))
        assert b"Sent" in lines
        assert b"\\Sent" not in lines
        answer = client.append("Sent", "", imaplib.Time2Internaldate(0), b"Subject: {9}\r\n\r\nx {3}\r\n")
        assert b"APPENDUID" not in answer[1][0]
        client.select("Sent", readonly=True)
        assert client.fetch("1", "(BODY.PEEK[])")[1][0][1] == b"Subject: {9}\r\n\r\nx {3}\r\n"
        client.logout()
    assert [line.split()[1] for line in masking.refused] == ["NAMESPACE"]

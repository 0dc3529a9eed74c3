"""The SMTP half of the embedded servers: aiosmtpd in front of the mailboxes."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from worker.demo.servers import EmbeddedServers

_LARGEST = 33_554_432


class _Door:
    """aiosmtpd's handler: who may come in, and where a mail goes."""

    def __init__(self, servers: EmbeddedServers) -> None:
        self._servers = servers

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        refusal = self._servers.refuse(address) if self._servers.refuse else None
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        from worker.demo.servers import Envelope

        raw = bytes(envelope.original_content)
        addressed = Envelope(envelope.mail_from, tuple(envelope.rcpt_tos))
        servers = self._servers
        try:
            for recipient in addressed.recipients:
                if servers.has_user(recipient):
                    await servers.filed(recipient, raw)
            servers.accepted.append((addressed, raw))
            if servers.on_accepted:
                await asyncio.get_running_loop().run_in_executor(None, servers.on_accepted, addressed, raw)
        except Exception as error:  # noqa: BLE001 - it belongs to the caller, not to aiosmtpd's log
            servers.errors.append(error)
            return "451 4.3.0 the demo's own program failed"
        return f"250 2.0.0 OK {len(servers.accepted)}"


async def listen(servers: EmbeddedServers, loop: asyncio.AbstractEventLoop) -> asyncio.Server:
    """The server on a free port."""
    from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

    # aiosmtpd warns at each sign-in of a deprecation inside itself.
    logging.getLogger("mail.log").setLevel(logging.ERROR)

    def authenticate(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> Any:
        right = isinstance(data, LoginPassword) and servers.signs_in(
            data.login.decode("utf-8", "replace"), data.password.decode("utf-8", "replace")
        )
        return AuthResult(success=right, handled=False)

    def connection() -> asyncio.BaseProtocol:
        protocol: asyncio.BaseProtocol = SMTP(
            _Door(servers),
            hostname="demo.askaround.example",
            ident="askaround demo",
            data_size_limit=_LARGEST,
            enable_SMTPUTF8=True,
            auth_require_tls=False,
            authenticator=authenticate,
            loop=loop,
        )
        return protocol

    return await loop.create_server(connection, host=servers.host, port=0)

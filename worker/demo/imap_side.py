"""The IMAP half of the embedded servers: pymap over mailboxes in memory."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from collections.abc import Iterable
from datetime import datetime
from typing import Any


class ImapSide:
    """Mailboxes in memory, and the server that shows them; all methods run in the servers' loop."""

    def __init__(self) -> None:
        from proxyprotocol.noop import ProxyProtocolNoop
        from pymap.backend.dict import Config, Login
        from pymap.concurrent import Subsystem
        from pysasl.hashing import Cleartext

        class _Config(Config):
            # The original asks a name server for this machine's name at every connection.
            @property
            def greeting(self) -> bytes:
                return b"askaround demo"

        self._config = _Config(
            Namespace(passlib_cfg=None, proxy_protocol="noop"),
            host=None,
            port=0,
            demo_data=False,
            demo_user="",
            demo_password="",
            tls_enabled=False,
            proxy_protocol=ProxyProtocolNoop(),
            reject_dnsbl=False,
            invalid_user_sleep=0.0,
            hash_context=Cleartext(),
            cpu_subsystem=Subsystem.for_asyncio(),
        )
        self._login = Login(self._config)

    async def listen(self, host: str) -> asyncio.Server:
        """The server on a free port."""
        from proxyprotocol.reader import ProxyProtocolReader
        from pymap.imap import IMAPServer

        self._config.apply_context()
        reader = ProxyProtocolReader(self._config.proxy_protocol)
        return await asyncio.start_server(reader.get_callback(IMAPServer(self._login, self._config)), host=host, port=0)

    async def add_user(self, name: str, password: str, folders: Iterable[str]) -> None:
        """A user, and their folders beside INBOX."""
        from pymap.backend.dict.filter import FilterSet
        from pymap.backend.dict.mailbox import MailboxSet
        from pymap.user import UserMetadata

        self._login.users_dict[name] = UserMetadata(self._config, name, password=password)
        if name in self._config.set_cache:
            return
        mailboxes = MailboxSet()
        for folder in folders:
            await mailboxes.add_mailbox(folder)
        self._config.set_cache[name] = (mailboxes, FilterSet())

    async def _folder(self, name: str, folder: str) -> Any:
        if name not in self._config.set_cache:
            raise KeyError(f"{name} has no mailbox here")
        mailboxes = self._config.set_cache[name][0]
        try:
            return await mailboxes.get_mailbox(folder)
        except KeyError:
            await mailboxes.add_mailbox(folder)
            return await mailboxes.get_mailbox(folder)

    async def append(self, name: str, folder: str, raw: bytes, when: datetime) -> None:
        """Files a mail, past the protocol."""
        from pymap.parsing.message import AppendMessage

        mailbox = await self._folder(name, folder)
        await mailbox.append(AppendMessage(raw, when), recent=True)

    async def _all(self, name: str, folder: str) -> list[tuple[Any, bytes]]:
        from pymap.parsing.specials import FetchRequirement

        mailbox = await self._folder(name, folder)
        found = []
        async for message in mailbox.messages():
            loaded = await message.load_content(FetchRequirement.CONTENT)
            found.append((message, bytes(loaded)))
        return sorted(found, key=lambda pair: pair[0].uid)

    async def messages(self, name: str, folder: str) -> list[bytes]:
        """The raw mails of a folder, by UID."""
        return [raw for _, raw in await self._all(name, folder)]

    async def flags(self, name: str, folder: str) -> set[str]:
        """All flags that any mail of the folder has."""
        return {str(flag) for message, _ in await self._all(name, folder) for flag in message.permanent_flags}

    async def expunge(self, name: str, folder: str, containing: bytes) -> int:
        """Removes mails; how many."""
        gone = [message.uid for message, raw in await self._all(name, folder) if containing in raw]
        await (await self._folder(name, folder)).delete(gone)
        return len(gone)

    async def move(self, name: str, source: str, target: str, containing: bytes) -> int:
        """Moves mails; how many."""
        moving = [message.uid for message, raw in await self._all(name, source) if containing in raw]
        place, destination = await self._folder(name, source), await self._folder(name, target)
        for uid in moving:
            await place.move(uid, destination)
        return len(moving)

    async def set_uidvalidity(self, name: str, value: int, folder: str) -> None:
        """Gives a folder another UIDVALIDITY, for which pymap has no method."""
        (await self._folder(name, folder))._uid_validity = value

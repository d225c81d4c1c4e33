"""What has left: sent mails and channel messages, read past ZANTARA, as their receivers see them."""

import asyncio
from dataclasses import dataclass
from typing import Any

from zantara.google.mime import body_text
from zantara.services import Services

__all__ = ["Left", "Outside"]


@dataclass(frozen=True, slots=True)
class Left:
    """A mail or message that has left. id: unique within `via`."""

    via: str
    id: str
    to: str
    subject: str
    text: str


class Outside:
    """The local accounts of a data folder."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def left(self) -> list[Left]:
        """Everything that has left so far. Raises RuntimeError for an account that is not local."""
        google = await asyncio.to_thread(lambda: self._services.google)
        if google.describe()["kind"] != "local":
            raise RuntimeError("replays look into local accounts only, never into a real one")
        return [*await self._mails(), *await self._chats(), *await self._messages()]

    async def _mails(self) -> list[Left]:
        google = self._services.google
        users = google.api("gmail", "v1").users()
        found = await google.run(
            lambda: users.messages().list(userId="me", q="in:sent", maxResults=500)
        )
        return [await self._mail(ref["id"]) for ref in found.get("messages", ())]

    async def _mail(self, identity: str) -> Left:
        google = self._services.google
        users = google.api("gmail", "v1").users()
        mail = await google.run(
            lambda: users.messages().get(userId="me", id=identity, format="full")
        )
        headers = {h["name"].lower(): h["value"] for h in mail["payload"]["headers"]}
        text = body_text(mail["payload"])
        return Left("mail", mail["id"], headers.get("to", ""), headers.get("subject", ""), text)

    async def _chats(self) -> list[Left]:
        google = self._services.google
        api = google.api("chat", "v1")
        spaces = await google.run(lambda: api.spaces().list(pageSize=1000))
        return [one for space in spaces.get("spaces", ()) for one in await self._posts(space)]

    async def _posts(self, space: dict[str, Any]) -> list[Left]:
        google = self._services.google
        api = google.api("chat", "v1")
        found = await google.run(
            lambda: api.spaces().messages().list(parent=space["name"], pageSize=1000)
        )
        return [
            Left("googlechat", one["name"], space.get("displayName", ""), "", one.get("text", ""))
            for one in found.get("messages", ())
        ]

    async def _messages(self) -> list[Left]:
        from zantara.channels.local import LocalChannels

        services = self._services
        local = LocalChannels(services.settings.home / "channels.sqlite", clock=services.clock)
        return [
            Left(one.channel, str(one.number), one.target, "", one.text)
            for one in await asyncio.to_thread(local.delivered)
        ]

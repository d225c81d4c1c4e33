"""The front of the local channels: a request in, an answer in the shape of the real API out."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import httpx

from zantara.channels.local import _slack, _whatsapp
from zantara.channels.local._outbox import Delivered, Outbox
from zantara.clock import Clock

__all__ = ["LocalChannels"]


class LocalChannels(httpx.AsyncBaseTransport):
    """WhatsApp under /vNN.N/ and Slack under /api/, over one SQLite file."""

    def __init__(self, path: Path, *, clock: Clock) -> None:
        self._path = path
        self._clock = clock

    @cached_property
    def _outbox(self) -> Outbox:
        return Outbox(self._path)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        status, data = await asyncio.to_thread(
            self.answer, request.method, request.url.path, dict(request.headers), body
        )
        return httpx.Response(status, json=data)

    def answer(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, dict[str, Any]]:
        """(status, JSON) of one request."""
        now = self._clock.now().isoformat(timespec="seconds")
        given = {name.lower(): value for name, value in headers.items()}
        signed = given.get("authorization", "").startswith("Bearer ")
        try:
            data = _data(given.get("content-type", ""), body)
        except ValueError:
            return 400, {"error": {"message": "the body is not JSON", "code": 100}}
        if path.startswith("/api/"):
            name = path.removeprefix("/api/")
            return _slack.answer(name, data, signed=signed, outbox=self._outbox, now=now)
        return _whatsapp.answer(method, path, data, signed=signed, outbox=self._outbox, now=now)

    def delivered(self, channel: str = "") -> list[Delivered]:
        """What lies with the recipients, oldest first; a Slack channel by its name."""
        names = dict(self._outbox.channels())
        found = self._outbox.all(channel)
        return [replace(one, target=names.get(one.target, one.target)) for one in found]

    def add_slack_channel(self, name: str) -> None:
        """A channel that the workspace has from now on."""
        known = self._outbox.channels()
        if name not in {one for _identity, one in known}:
            self._outbox.add_channel(f"C{len(known) + 1:08d}", name)


def _data(kind: str, body: bytes) -> dict[str, Any]:
    if kind.startswith("application/json"):
        read = json.loads(body)
        if not isinstance(read, dict):
            raise ValueError("not an object")
        return read
    return dict(parse_qsl(body.decode()))

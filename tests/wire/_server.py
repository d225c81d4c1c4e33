"""What the wire servers share: a script of replies, a record of requests, uvicorn on loopback."""

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive

__all__ = ["BadRequest", "Scripted", "Wire"]


@dataclass(frozen=True)
class Scripted:
    """One reply. A `thought`, `pieces` of text, then `calls` as (tool, arguments as written).

    end: why it ends, in the host's word; empty: as such a reply ends. cut: it ends too soon:
    `closed` as if it were over, `reset` with a broken connection, `error` with the host's error in
    the stream, `hang`: nothing more comes until the client has gone, `early`: not even the headers.
    raw: events as they are, in the place of all that. status: not 200: refused with `error` as the
    message, or with `refusal` as the body. signatures: of each call, Gemini. answered: another model
    than was asked. usage: in the place of the usual one.
    """

    thought: str = ""
    pieces: tuple[str, ...] = ()
    calls: tuple[tuple[str, str], ...] = ()
    end: str = ""
    cut: Literal["", "closed", "reset", "error", "hang", "early"] = ""
    raw: tuple[str, ...] | None = None
    refusal: Mapping[str, Any] | None = None
    answered: str = ""
    usage: Mapping[str, Any] | None = None
    status: int = 200
    error: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    signatures: tuple[str, ...] = ()


class BadRequest(Exception):  # noqa: N818 - the name of what the host answers
    """The host would refuse this request; `args[0]` says why."""


class _Watched(StreamingResponse):
    """Events, and `on_left` when the client goes before they are over."""

    media_type = "text/event-stream"

    def __init__(self, events: AsyncIterator[str], on_left: Callable[[], None]) -> None:
        super().__init__(events)
        self._on_left = on_left

    async def listen_for_disconnect(self, receive: Receive) -> None:
        await super().listen_for_disconnect(receive)
        self._on_left()


class Wire:
    """A host's server: answers with `script`, one reply a request, and keeps what was asked."""

    path: str

    def __init__(self, *script: Scripted, key: str = "key-of-the-tests") -> None:
        """hangs: set when nothing more comes until the client has gone. left: when it has; leaves:
        released each time.
        """
        self.script = list(script)
        self.key = key
        self.requests: list[dict[str, Any]] = []
        self.refused: list[str] = []
        self.hangs = threading.Event()
        self.left = threading.Event()
        self.leaves = threading.Semaphore(0)
        self.url = ""
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    # What each host does its own way

    @property
    def base_url(self) -> str:
        """What its client takes as the base URL."""
        raise NotImplementedError

    def check(self, body: dict[str, Any], request: Request) -> None:
        """Raises BadRequest."""
        raise NotImplementedError

    def authorised(self, request: Request) -> bool:
        return request.headers.get("authorization") == f"Bearer {self.key}"

    def failure(self, status: int, message: str) -> dict[str, Any]:
        """The host's error body."""
        raise NotImplementedError

    def chunks(self, reply: Scripted, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The events of a streamed reply up to its end or cut."""
        raise NotImplementedError

    def whole(self, reply: Scripted, body: dict[str, Any]) -> dict[str, Any]:
        """The same reply in one piece."""
        raise NotImplementedError

    def streams(self, body: dict[str, Any], request: Request) -> bool:
        """Whether the request asks for events."""
        return bool(body.get("stream"))

    def event(self, chunk: dict[str, Any]) -> str:
        """One event as it stands in the stream."""
        return f"data: {json.dumps(chunk)}\r\n\r\n"

    last_event = ""

    # What is the same for all

    async def answer(self, request: Request) -> Response:
        body = json.loads(await request.body())
        self.requests.append(body)
        if not self.authorised(request):
            names = ("authorization", "x-goog-api-key", "x-api-key")
            given = next((request.headers[one] for one in names if one in request.headers), None)
            return self._refusal(401, f"Incorrect API key provided: {given}")
        try:
            self.check(body, request)
        except BadRequest as error:
            self.refused.append(str(error))
            return self._refusal(400, str(error))
        if not self.script:
            return self._refusal(400, "the script of this test holds no more replies")
        reply = self.script.pop(0)
        if reply.status != 200:
            return self._refused(reply)
        if reply.cut == "early":
            await self._leave(request)
        if reply.raw is None and not self.streams(body, request):
            return await self._whole(reply, body, request)
        return _Watched(self._events(reply, body), self._note_left)

    def _refused(self, reply: Scripted) -> Response:
        if reply.refusal is None:
            return self._refusal(reply.status, reply.error, reply.headers)
        return JSONResponse(dict(reply.refusal), reply.status, headers=dict(reply.headers))

    async def _leave(self, request: Request) -> None:
        """Wait until the client has gone."""
        self.hangs.set()
        while (await request.receive())["type"] != "http.disconnect":
            pass
        self._note_left()

    def _note_left(self) -> None:
        self.left.set()
        self.leaves.release()

    async def _whole(self, reply: Scripted, body: dict[str, Any], request: Request) -> Response:
        """In one piece. A reply that is cut ends in the middle of its JSON."""
        if reply.cut == "hang":
            await self._leave(request)
        if reply.cut == "error":
            return self._refusal(500, reply.error)
        text = json.dumps(self.whole(reply, body))
        return Response(text[:-20] if reply.cut else text, media_type="application/json")

    def _refusal(
        self, status: int, message: str, headers: Mapping[str, str] | None = None
    ) -> Response:
        return JSONResponse(self.failure(status, message), status, headers=dict(headers or {}))

    async def _events(self, reply: Scripted, body: dict[str, Any]) -> AsyncIterator[str]:
        if reply.raw is not None:
            for event in reply.raw:
                yield event
            return
        for chunk in self.chunks(reply, body):
            yield self.event(chunk)
            await asyncio.sleep(0)
        if reply.cut == "hang":
            self.hangs.set()
            await asyncio.Event().wait()  # until the client goes, which cancels this
        if reply.cut == "reset":
            raise ConnectionResetError
        if reply.cut == "error":
            yield self.event(self.failure(500, reply.error))
        elif not reply.cut and self.last_event:
            yield f"data: {self.last_event}\r\n\r\n"

    def stop(self) -> None:
        """From now on its port is closed."""
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join()

    @contextmanager
    def serving(self) -> Iterator["Wire"]:
        """On a free port of this machine until the block ends; `url` is its address."""
        app = Starlette(routes=[Route(self.path, self.answer, methods=["POST"])])
        # No connection outlives its answer: the clients are never closed, and their loops end.
        close = [("connection", "close")]
        config = uvicorn.Config(
            app, log_config=None, lifespan="off", ws="none", headers=close, date_header=False
        )
        server = uvicorn.Server(config)
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()  # from here on a client can connect: nobody has to wait
            self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            self._server = server
            self._thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
            self._thread.start()
            try:
                yield self
            finally:
                self.stop()


def walked(value: Any) -> Any:
    """`value` with every lazily validated list read to its end, so that all of it is checked."""
    if isinstance(value, dict):
        return {name: walked(one) for name, one in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return [walked(one) for one in value]
    return value

"""A model host that costs next to nothing: one fixed chat completion over loopback, whole or as SSE.

In a process of its own, with the standard library alone: what is measured is the client's side.
"""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["PIECES", "hosting"]

PIECES = tuple(f"word{number} " for number in range(20))
_USAGE = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
_MODEL = re.compile(rb'"model":\s*"([^"]*)"')
_STREAM = re.compile(rb'"stream":\s*true')


@contextmanager
def hosting() -> Iterator[str]:
    """The base URL of a host that answers until the block ends."""
    command = [sys.executable, "-m", "tests.benchmarks._host"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{int(process.stdout.readline())}/v1"
        finally:
            process.terminate()


def _whole(model: str) -> bytes:
    message = {"role": "assistant", "content": "".join(PIECES)}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    body = json.dumps({**_frame(model, "chat.completion"), "choices": [choice], "usage": _USAGE})
    head = (
        f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return (head + body).encode()


def _events(model: str) -> bytes:
    frame = _frame(model, "chat.completion.chunk")
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": piece} for piece in PIECES]
    choices: list[dict[str, Any]] = [
        {"index": 0, "delta": delta, "finish_reason": None} for delta in deltas
    ]
    choices.append({"index": 0, "delta": {}, "finish_reason": "stop"})
    chunks = [{**frame, "choices": [choice]} for choice in choices]
    chunks.append({**frame, "choices": [], "usage": _USAGE})
    events = [f"data: {json.dumps(chunk)}\n\n" for chunk in chunks] + ["data: [DONE]\n\n"]
    head = (
        "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
    )
    return (head + "".join(f"{len(e):x}\r\n{e}\r\n" for e in events) + "0\r\n\r\n").encode()


def _frame(model: str, kind: str) -> dict[str, Any]:
    return {"id": "chatcmpl-1", "object": kind, "created": 1764000000, "model": model}


class _Host(asyncio.Protocol):
    """HTTP/1.1 with connections kept open; a request ends where its content-length says."""

    answers: dict[tuple[bytes, bool], bytes] = {}  # noqa: RUF012 - shared on purpose

    def __init__(self) -> None:
        self._got = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, parted, body = self._got.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if parted and length and len(body) >= int(length[1]):
            self._got = b""
            self._transport.write(self._answer(body))

    def _answer(self, body: bytes) -> bytes:
        named = _MODEL.search(body)
        key = (named[1] if named else b"model", bool(_STREAM.search(body)))
        if key not in self.answers:
            made = _events if key[1] else _whole
            self.answers[key] = made(key[0].decode())
        return self.answers[key]


async def _serve() -> None:
    server = await asyncio.get_running_loop().create_server(_Host, "127.0.0.1", 0, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)  # noqa: T201
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve())

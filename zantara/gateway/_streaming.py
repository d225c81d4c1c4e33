"""One request: the whole reply, its text handed on as it comes, calls written into it held back."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, cast

import httpx
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.runnables import Runnable

from zantara.gateway._errors import ModelUnavailableError
from zantara.gateway._written_calls import begin_of_call

__all__ = ["HEARD", "Voice", "heard_whole", "streamed"]

_CONFIG: Any = {"tags": ["nostream"]}
_OPEN: ContextVar[list[httpx.Response]] = ContextVar("zantara_open_responses")
_LONGEST_HEAD = 160
"""Characters of a line that may still become a call; no tool's name is longer."""


async def _note_response(response: httpx.Response) -> None:
    _OPEN.get([]).append(response)


HEARD: Mapping[str, Any] = {"event_hooks": {"response": [_note_response]}}
"""For the httpx client of an SDK that leaves a response open when its stream is given up: Groq's and
Google's streams hold themselves in a cycle, and the host would write on, and charge, until the garbage
is collected.
"""


@asynccontextmanager
async def _hanging_up() -> AsyncIterator[None]:
    """No response that was heard of inside stays open, however the call ends."""
    opened: list[httpx.Response] = []
    token = _OPEN.set(opened)
    try:
        yield
    finally:
        _OPEN.reset(token)
        for response in opened:
            await asyncio.shield(response.aclose())


@dataclass(slots=True)
class Voice:
    """Hands text on, except what is, or may become, a call that the model writes as text.

    tools: names of the tools that the model was given; with none nothing is held.
    """

    hand_on: Callable[[str], None]
    tools: Collection[str]
    shown: str = ""
    _all: str = ""
    _line: int = 0
    _call_at: int | None = field(default=None)

    def hear(self, piece: str) -> None:
        self._all += piece
        if "\n" in piece:
            self._line = self._all.rindex("\n", len(self._all) - len(piece)) + 1
        if not self.tools:
            self._say(len(self._all))
        elif self._call_at is None:
            self._call_at = begin_of_call(self._all, self.tools, len(self.shown))
            end = self._safe_end() if self._call_at is None else self._call_at
            self._say(end)

    def finish(self, text: str) -> None:
        """The reply is whole, and this is its text: the calls are no part of it."""
        self._say(len(text), text)

    def _safe_end(self) -> int:
        """How far the text cannot be the beginning of a call: to the start of a line that might."""
        begins = self._all[self._line : self._line + _LONGEST_HEAD].lstrip()[:1]
        short = len(self._all) - self._line < _LONGEST_HEAD
        return self._line if short and begins in ("", "[", "{", "<", "`") else len(self._all)

    def _say(self, end: int, text: str = "") -> None:
        piece = (text or self._all)[len(self.shown) : end]
        if piece:
            self.shown += piece
            self.hand_on(piece)


async def streamed(
    model: Runnable[Any, AIMessage],
    messages: Sequence[BaseMessage],
    voice: Voice,
    *,
    on_first: Callable[[], None],
) -> AIMessage:
    """The whole reply; a model that does not stream hands it through as the only piece."""
    pieces: list[AIMessageChunk] = []
    task = asyncio.current_task()
    answer = cast("AsyncGenerator[Any, None]", model.astream(list(messages), _CONFIG))
    async with _hanging_up(), aclosing(answer) as stream:
        async for chunk in stream:
            _heed_cancellation(task)
            piece = cast("AIMessageChunk", chunk)
            if not pieces:
                on_first()
            text = piece.text
            if text:
                voice.hear(text)
            pieces.append(piece)
    if not pieces:
        raise ModelUnavailableError("an empty stream")
    # Joined once: each addition builds and checks the whole reply anew.
    return pieces[0] + pieces[1:] if pieces[1:] else pieces[0]


async def heard_whole(
    model: Runnable[Any, AIMessage], messages: Sequence[BaseMessage]
) -> AIMessage:
    """The reply in one piece, for who shows nothing of it before its end."""
    async with _hanging_up():
        whole = await model.ainvoke(list(messages), _CONFIG)
        _heed_cancellation(asyncio.current_task())
    return whole


def _heed_cancellation(task: "asyncio.Task[Any] | None") -> None:
    """Before Python 3.12 `asyncio.wait_for`, in which clients wait for each piece, loses a cancellation
    that comes together with a piece: a given up call would wait for the next one.
    """
    if task is not None and task.cancelling():
        raise asyncio.CancelledError

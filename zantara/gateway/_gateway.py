"""Around each model call: ordered fallback, our own call ids, the price, one ledger row."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, cast

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool

from zantara.database import StorageError
from zantara.gateway._answers import UnusableAnswerError, usable, with_our_ids
from zantara.gateway._candidates import (
    BrokenOffError,
    Candidate,
    ModelUnavailableError,
    candidates_for,
)
from zantara.gateway._prices import cost_of
from zantara.gateway._schemas import with_formats
from zantara.ledger import Ledger, LedgerRow
from zantara.settings import Settings

__all__ = ["Asked", "Gateway", "Reply"]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which question of which turn a model call answers: the ledger's key."""

    role: str
    thread_id: str
    task_id: str
    node: str
    architecture: str


@dataclass(frozen=True, slots=True)
class Reply:
    """A model's answer, with unique call ids of ours, who gave it and what it cost."""

    message: AIMessage
    provider: str
    model: str
    tokens_in: int
    tokens_out: int
    cost_usd: Decimal


class _Route:
    """A candidate with its client, made once, and its tools, bound once for each set of tools."""

    def __init__(self, candidate: Candidate) -> None:
        self.candidate = candidate
        self._bound: dict[tuple[str, ...], Runnable[Any, AIMessage]] = {}

    @cached_property
    def _model(self) -> BaseChatModel:
        return self.candidate.build()

    def with_tools(self, tools: Sequence[BaseTool]) -> Runnable[Any, AIMessage]:
        names = tuple(tool.name for tool in tools)
        if names not in self._bound:
            schemas = [convert_to_openai_tool(tool) for tool in tools]
            if self.candidate.client == "gemini":
                schemas = [with_formats(schema) for schema in schemas]
            self._bound[names] = (
                self._model.bind_tools(schemas)
                if tools
                else cast("Runnable[Any, AIMessage]", self._model)
            )
        return self._bound[names]


class Gateway:
    """Answers for roles. `pick` names the candidates of a role in the order they are tried."""

    def __init__(self, pick: Callable[[str], Sequence[Candidate]], ledger: Ledger) -> None:
        self._pick = pick
        self._ledger = ledger
        self._routes: dict[str, list[_Route]] = {}

    @classmethod
    def from_settings(cls, settings: Settings, ledger: Ledger) -> "Gateway":
        return cls(lambda role: candidates_for(role, settings), ledger)

    @classmethod
    def of(cls, model: BaseChatModel, ledger: Ledger) -> "Gateway":
        """A gateway where one given model answers for every role, at no cost."""
        name = model._llm_type
        return cls(lambda _role: [Candidate(name, name, lambda: model)], ledger)

    def window(self, role: str) -> int:
        """Tokens of context of the model that will read the prompt."""
        return self._of(role)[0].candidate.window

    async def reply(
        self,
        asked: Asked,
        messages: Sequence[BaseMessage],
        *,
        tools: Sequence[BaseTool] = (),
        on_text: Callable[[str], None] = lambda _text: None,
        on_reply: Callable[[Reply], None] = lambda _reply: None,
    ) -> Reply:
        """Ask the role's candidates in order until one answers.

        `on_text` gets the answer's text as it comes; `on_reply` records the whole answer beside the
        ledger's row, in a thread, before it is handed on. Once text was handed on, a failure is raised
        and never spliced with another model's answer. An answer that cannot be used (see `usable`)
        is a failure too. Raises ModelUnavailableError; BrokenOffError where something was handed on.
        """
        said: list[str] = []
        for route in self._of(asked.role):
            shown: list[str] = []

            def hand_on(text: str, shown: list[str] = shown) -> None:
                shown.append(text)
                on_text(text)

            got = await self._try(route, asked, messages, tools, hand_on)
            if not isinstance(got, str):
                await asyncio.to_thread(self._settle, *got, on_reply)
                return got[0]
            said.append(got)
            if shown:
                raise BrokenOffError(f"the answer broke off ({got})", "".join(shown))
        raise ModelUnavailableError("no model answered: " + "; ".join(said))

    def _of(self, role: str) -> list[_Route]:
        if role not in self._routes:
            self._routes[role] = [_Route(candidate) for candidate in self._pick(role)]
        return self._routes[role]

    async def _try(
        self,
        route: _Route,
        asked: Asked,
        messages: Sequence[BaseMessage],
        tools: Sequence[BaseTool],
        on_text: Callable[[str], None],
    ) -> tuple[Reply, LedgerRow] | str:
        """The answer, or what went wrong: words of ours, for a client's error may quote the key."""
        try:
            return await self._call(route, asked, messages, tools, on_text)
        except StorageError:
            raise
        except Exception as error:
            return _told(route.candidate, error)

    async def _call(
        self,
        route: _Route,
        asked: Asked,
        messages: Sequence[BaseMessage],
        tools: Sequence[BaseTool],
        on_text: Callable[[str], None],
    ) -> tuple[Reply, LedgerRow]:
        start = time.perf_counter()
        try:
            _check_window(route.candidate, messages)
            whole = await _stream(route.with_tools(tools), messages, on_text)
            names = [tool.name for tool in tools]
            message = usable(whole, finishes=bool(route.candidate.client), tools=names)
        except BaseException as error:
            given = error.answer if isinstance(error, UnusableAnswerError) else AIMessage("")
            row = _ledger_row(route.candidate, asked, given, start=start, outcome="failed")
            await asyncio.to_thread(self._ledger.write, row)
            raise
        row = _ledger_row(route.candidate, asked, message, start=start, outcome="answered")
        return _reply(message, asked, row), row

    def _settle(self, reply: Reply, row: LedgerRow, on_reply: Callable[[Reply], None]) -> None:
        self._ledger.write(row)
        on_reply(reply)


def _reply(message: AIMessage, asked: Asked, row: LedgerRow) -> Reply:
    return Reply(
        with_our_ids(message, asked.task_id),
        row.provider,
        row.model,
        row.tokens_in,
        row.tokens_out,
        row.cost_usd,
    )


def _told(candidate: Candidate, error: Exception) -> str:
    """What went wrong, without the key: a host may say it again in its refusal."""
    text = f"{candidate.provider}: {type(error).__name__}: {error}"
    return text.replace(candidate.secret, "[key]") if candidate.secret else text


def _check_window(candidate: Candidate, messages: Sequence[BaseMessage]) -> None:
    """Asks no host for what cannot fit. Few texts have more than four characters to a token, so that
    this refuses nothing that fits; what is just too long the host refuses.
    """
    least = sum(len(message.text) for message in messages) // 4
    if candidate.client and least > candidate.window:
        raise ModelUnavailableError(
            f"the prompt has at least {least:,} tokens and its window {candidate.window:,}"
        )


async def _stream(
    model: Runnable[Any, AIMessage], messages: Sequence[BaseMessage], on_text: Callable[[str], None]
) -> AIMessage:
    """The whole reply; a model that does not stream hands it through as the only piece."""
    whole: AIMessageChunk | None = None
    async for chunk in model.astream(list(messages), {"tags": ["nostream"]}):
        piece = cast("AIMessageChunk", chunk)
        if piece.text:
            on_text(piece.text)
        whole = piece if whole is None else whole + piece
    if whole is None:
        raise ModelUnavailableError("an empty stream")
    return whole


def _ledger_row(
    candidate: Candidate, asked: Asked, message: AIMessage, *, start: float, outcome: str
) -> LedgerRow:
    usage = message.usage_metadata
    tokens_in = usage["input_tokens"] if usage else 0
    tokens_out = usage["output_tokens"] if usage else 0
    cached = (usage.get("input_token_details") or {}).get("cache_read", 0) if usage else 0
    answered = str(message.response_metadata.get("model_name") or candidate.model)
    return LedgerRow(
        thread_id=asked.thread_id,
        task_id=asked.task_id,
        node=asked.node,
        architecture=asked.architecture,
        role=asked.role,
        provider=candidate.provider,
        model=answered,
        tokens_in=tokens_in,
        tokens_cached=cached,
        tokens_out=tokens_out,
        cost_usd=cost_of(candidate, answered, tokens_in, cached=cached, tokens_out=tokens_out),
        latency_ms=round((time.perf_counter() - start) * 1000, 3),
        outcome=outcome,
    )

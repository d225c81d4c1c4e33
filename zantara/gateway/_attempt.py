"""One call to one candidate: its row before and after, its time, what is made of its answer."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.messages.ai import UsageMetadata

from zantara.costs import CallEnd, CallStart, Outcome, Priced, Prices
from zantara.gateway._answers import UnusableAnswerError, usable
from zantara.gateway._arguments import fitted
from zantara.gateway._errors import BrokenOffError, ModelUnavailableError
from zantara.gateway._failures import Failure, FailureKind, failure_of
from zantara.gateway._routes import Bound, Route
from zantara.gateway._rows import Rows, nothing
from zantara.gateway._streaming import Voice, heard_whole, streamed
from zantara.gateway._written_calls import UnreadableCallError, failed_generation, split_calls

__all__ = ["Attempt", "Got"]

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Got:
    """An answer, and how its row ends. row: empty for a call that costs nothing and has none yet."""

    message: AIMessage
    start: CallStart
    end: CallEnd
    row: str

    async def settle(self, rows: Rows, then: Callable[[], _T]) -> _T:
        """Its row, then `then`, both beside the event loop."""
        return await rows.end(self.start, self.end, self.row, then)


@dataclass(slots=True)
class Attempt:
    """Asks one route once. out_of_time: the turn's time ended it. failure: what went wrong."""

    route: Route
    bound: Bound
    start: CallStart
    rows: Rows
    prices: Prices
    on_text: Callable[[str], None] | None
    out_of_time: bool = False
    failure: Failure | None = None
    _row: str = ""
    _began: float = 0.0
    _first: float | None = None
    _voice: Voice = field(init=False)

    def __post_init__(self) -> None:
        self._voice = Voice(self.on_text or _unheard, self.bound.schemas)

    async def run(
        self, messages: Sequence[BaseMessage], *, seconds: float | None, tokens: int
    ) -> Got:
        """The answer. Raises ModelUnavailableError in words of ours: a client's error may quote the
        key. Raises BudgetExceededError and StorageError before anything was asked.
        """
        self.route.check_window(messages)
        self.route.health.begin()
        try:
            if self.start.reserved:
                self._row = await self.rows.begin(self.start)
            if self.route.limits:
                await self.route.limits.take(tokens)
        except BaseException:
            self.route.health.dropped()
            raise
        self._began = time.perf_counter()
        try:
            message = await self._answer(messages, seconds)
        except Exception as error:
            raise await self._failed(error) from None
        except BaseException:
            self.route.health.dropped()
            dropped = self._got(AIMessage(""), "cancelled")
            await asyncio.shield(dropped.settle(self.rows, nothing))
            raise
        self.route.health.succeeded()
        return self._got(message, "answered")

    async def _answer(self, messages: Sequence[BaseMessage], seconds: float | None) -> AIMessage:
        names = list(self.bound.schemas)
        try:
            async with asyncio.timeout(seconds) as limit:
                whole = await self._reply(messages)
        except TimeoutError:
            self.out_of_time = limit.expired()
            raise
        except Exception as error:
            found = _refused_calls(error, names)
            if not found:
                raise
            whole = _with_calls(AIMessage(""), "", found)
        message = usable(whole, finishes=bool(self.route.candidate.client), tools=names)
        return self._mended(message, names)

    async def _reply(self, messages: Sequence[BaseMessage]) -> AIMessage:
        if self.on_text is None:
            return await heard_whole(self.bound.model, messages)
        return await streamed(self.bound.model, messages, self._voice, on_first=self._note_first)

    def _note_first(self) -> None:
        self._first = round((time.perf_counter() - self._began) * 1000, 3)

    def _mended(self, message: AIMessage, names: list[str]) -> AIMessage:
        """Calls that stand in the text become calls; arguments of another type what the tool wants."""
        if not message.tool_calls and self.route.candidate.client:
            try:
                text, calls = split_calls(message.text, names)
            except UnreadableCallError as error:
                raise UnusableAnswerError(str(error), message) from None
            message = _with_calls(message, text, calls) if calls else message
        for call in message.tool_calls:
            call["args"] = fitted(call["args"], self.bound.schemas.get(call["name"], {}))
        self._voice.finish(message.text)
        return message

    async def _failed(self, error: Exception) -> ModelUnavailableError:
        """The row is settled, the host's health noted, and what happened put into words."""
        given = error.answer if isinstance(error, UnusableAnswerError) else AIMessage("")
        self.failure = failure_of(error)
        if isinstance(error, UnusableAnswerError | ModelUnavailableError):
            self.failure = Failure(FailureKind.UNUSABLE, billed=True)
        why = self._told(error)
        if self.out_of_time:
            self.route.health.dropped()
        else:
            self.route.health.failed(self.failure, why)
        shown = self._voice.shown
        ended = self._got(given, "cut" if shown else "failed")
        await ended.settle(self.rows, nothing)
        if shown:
            return BrokenOffError(f"the answer broke off ({self.route.name}: {why})", shown)
        return ModelUnavailableError(why)

    def _told(self, error: Exception) -> str:
        """What went wrong, without the key: a host may say it again in its refusal."""
        if self.out_of_time:
            return "the time of this turn is over"
        candidate, text = self.route.candidate, f"{type(error).__name__}: {error}"
        if self.failure and self.failure.kind is FailureKind.BAD_KEY and candidate.enabled_by:
            text = f"the host refuses the key in {candidate.enabled_by}: {text}"
        return text.replace(candidate.secret, "[key]") if candidate.secret else text

    def _got(self, message: AIMessage, outcome: Outcome) -> Got:
        usage = message.usage_metadata
        answered = str(message.response_metadata.get("model_name") or self.route.candidate.model)
        latency = (time.perf_counter() - self._began) * 1000
        cost, priced = self._cost(answered, usage, outcome)
        end = CallEnd(
            answered=answered,
            outcome=outcome,
            priced=priced,
            cost_usd=cost,
            latency_ms=round(latency, 3),
            tokens_in=usage["input_tokens"] if usage else 0,
            tokens_cached=_cached(usage),
            tokens_out=usage["output_tokens"] if usage else 0,
            first_ms=self._first,
        )
        return Got(message, self.start, end, self._row)

    def _cost(
        self, answered: str, usage: UsageMetadata | None, outcome: Outcome
    ) -> tuple[Decimal, Priced]:
        """What the host reported is priced; where it reported nothing and may charge, what was
        reserved stands.
        """
        candidate = self.route.candidate
        if not self.start.reserved:
            return Decimal(0), "free"
        if candidate.gpu_hour:
            return self.route.awake.cost(self._began, time.perf_counter()), "time"
        if usage:
            return self.prices.cost(
                candidate.provider,
                answered,
                ceiling=candidate.ceiling,
                tokens_in=usage["input_tokens"],
                cached=_cached(usage),
                tokens_out=usage["output_tokens"],
            )
        refused = self.failure is not None and not self.failure.billed and outcome == "failed"
        return (Decimal(0), "free") if refused else (self.start.reserved, "reserved")


def _cached(usage: UsageMetadata | None) -> int:
    """The part of the prompt that the host read from its cache."""
    details = usage.get("input_token_details") if usage else None
    return (details.get("cache_read") or 0) if details else 0


def _unheard(_text: str) -> None:
    """Nobody listens: the answer is wanted whole."""


def _refused_calls(error: BaseException, names: list[str]) -> list[tuple[str, dict[str, object]]]:
    one: BaseException | None = error
    while one is not None:
        found = failed_generation(getattr(one, "body", None), names)
        if found:
            return found
        one = one.__cause__
    return []


def _with_calls(
    message: AIMessage, text: str, calls: Sequence[tuple[str, dict[str, object]]]
) -> AIMessage:
    made = [
        {"name": name, "args": args, "id": f"call_{index}", "type": "tool_call"}
        for index, (name, args) in enumerate(calls)
    ]
    ended = {**message.response_metadata, "finish_reason": "tool_calls"}
    return message.model_copy(
        update={"content": text, "tool_calls": made, "response_metadata": ended}
    )

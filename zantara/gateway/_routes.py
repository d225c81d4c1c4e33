"""A candidate with its client, its tools bound once for each set of them, its health and its limits."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any, cast

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.runnables import Runnable
from langchain_core.tools import BaseTool
from langchain_core.utils.function_calling import convert_to_openai_tool

from zantara.gateway._candidates import Candidate
from zantara.gateway._errors import ModelUnavailableError
from zantara.gateway._health import Health, Limits
from zantara.gateway._schemas import with_formats

__all__ = ["Awake", "Bound", "Route", "size_of"]

_MILLION = Decimal(1_000_000)
_BYTES_OF_A_MESSAGE = 64


@dataclass(frozen=True, slots=True)
class Bound:
    """A model with its tools. schemas: the parameters of each tool; size: bytes that they add."""

    model: Runnable[Any, AIMessage]
    schemas: Mapping[str, Mapping[str, Any]]
    size: int


@dataclass(slots=True)
class Awake:
    """The time that a rented machine was awake: while it answered, and `idle` seconds after that.

    One machine: what more of them cost at once the host's bill alone tells.
    """

    hour: Decimal
    idle: int
    _paid_to: float | None = None

    def most(self, seconds: float) -> Decimal:
        """US dollars of a call of so many seconds after a pause of any length."""
        return self.hour * Decimal(seconds + self.idle) / 3600

    def cost(self, begin: float, end: float) -> Decimal:
        """US dollars of the time that no call before this one has paid."""
        paid = begin if self._paid_to is None else self._paid_to
        waited = min(max(begin - paid, 0.0), float(self.idle))
        busy = max(end - max(begin, paid), 0.0)
        self._paid_to = max(end, paid)
        return self.hour * Decimal(waited + busy) / 3600


class Route:
    """One candidate of one role."""

    def __init__(
        self, candidate: Candidate, health: Health, awake: Awake, limits: Limits | None
    ) -> None:
        self.candidate = candidate
        self.health = health
        self.awake = awake
        self.limits = limits
        self._bound: dict[tuple[str, ...], Bound] = {}

    @property
    def name(self) -> str:
        return f"{self.candidate.provider} {self.candidate.model}"

    @cached_property
    def _model(self) -> BaseChatModel:
        return self.candidate.build()

    def bind(self, tools: Sequence[BaseTool]) -> Bound:
        """Its model with `tools`, bound the first time they are asked for."""
        names = tuple(tool.name for tool in tools)
        if names not in self._bound:
            self._bound[names] = self._bind(tools)
        return self._bound[names]

    def _bind(self, tools: Sequence[BaseTool]) -> Bound:
        if not tools:
            return Bound(cast("Runnable[Any, AIMessage]", self._model), {}, 0)
        schemas = [convert_to_openai_tool(tool) for tool in tools]
        if self.candidate.client == "gemini":
            schemas = [with_formats(schema) for schema in schemas]
        functions = [schema["function"] for schema in schemas]
        return Bound(
            self._model.bind_tools(schemas),
            {one["name"]: one.get("parameters", {}) for one in functions},
            len(json.dumps(schemas)),
        )

    def wait(self, tokens: int) -> float:
        """Seconds until it may be asked; 0: now."""
        held = self.health.wait()
        return held or (1.0 if self.limits and not self.limits.fits(tokens) else 0.0)

    def most(self, size: int) -> Decimal:
        """What a call can cost at most, US dollars: no tokenizer makes more tokens than bytes."""
        if self.candidate.gpu_hour:
            return self.awake.most(self.candidate.seconds)
        one, out = self.candidate.ceiling
        return (one * size + out * self.candidate.longest) / _MILLION

    def check_window(self, messages: Sequence[BaseMessage]) -> None:
        """Asks no host for what cannot fit. Few texts have more than four characters to a token, so
        that this refuses nothing that fits; what is just too long the host refuses.
        """
        least = sum(len(message.text) for message in messages) // 4
        if self.candidate.client and least > self.candidate.window:
            raise ModelUnavailableError(
                f"the prompt has at least {least:,} tokens and its window {self.candidate.window:,}"
            )


def size_of(messages: Sequence[BaseMessage]) -> int:
    """At least as many bytes as the prompt can have tokens, without the tools."""
    return sum(_size(message) + _BYTES_OF_A_MESSAGE for message in messages)


def _size(message: BaseMessage) -> int:
    text = message.text
    calls = (
        len(json.dumps(message.tool_calls))
        if isinstance(message, AIMessage) and message.tool_calls
        else 0
    )
    return (len(text) if text.isascii() else len(text.encode())) + calls

"""What many tests say: a scripted model's replies, a decision, a data folder's services."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolCall
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable, RunnableConfig
from pydantic import Field, PrivateAttr

from zantara.clock import FixedClock
from zantara.costs import Ledger
from zantara.gateway import Gateway, ScriptedModel
from zantara.identity import Role, User
from zantara.runner import Runner
from zantara.services import Services
from zantara.settings import Settings

__all__ = [
    "AYU",
    "NOW",
    "ByStep",
    "Scripted",
    "Ticking",
    "asks",
    "call",
    "decisions",
    "graph_of",
    "on",
    "says",
    "scripted_services",
    "services_of",
]


@dataclass
class Ticking:
    """A clock that a test moves."""

    at: datetime

    def now(self) -> datetime:
        return self.at


NOW = FixedClock(datetime.fromisoformat("2026-03-10T09:00:00+08:00"))
AYU = User("ayu", Role.STAFF, "Ayu Lestari", "ayu@example.com")


def says(text: str) -> AIMessage:
    """A reply that ends the turn."""
    return AIMessage(text)


def call(tool: str, **args: Any) -> ToolCall:
    """A call as servers write it: with an id that repeats."""
    return ToolCall(name=tool, args=args, id="call_0")


def asks(*calls: ToolCall, beside: str = "") -> AIMessage:
    """A reply that wants `calls`, with text beside them."""
    return AIMessage(beside, tool_calls=list(calls))


def decisions(*types: str | dict[str, Any]) -> dict[str, Any]:
    """The answer to an interrupt, one decision for each of its actions."""
    return {"decisions": [{"type": t} if isinstance(t, str) else t for t in types]}


def on(turn_pending: Sequence[Any], answer: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """`answer` addressed to the one interrupt that `turn_pending` belongs to."""
    (interrupt_id,) = {one.interrupt_id for one in turn_pending}
    return {interrupt_id: answer}


class Scripted(ScriptedModel):
    """Its replies are for whoever has the turn; as the classifier of `budget` it names `specialists`.

    offered: the tools that it was given, each time that they were others.
    """

    specialists: list[Any] = Field(
        default_factory=lambda: ["business", "communication", "workspace", "knowledge"]
    )
    _offered: list[list[str]] = PrivateAttr(default_factory=list)

    @property
    def offered(self) -> list[list[str]]:
        return self._offered

    def bind_tools(
        self, tools: Sequence[Any], *, tool_choice: str | None = None, **kwargs: Any
    ) -> Runnable[Any, AIMessage]:
        names = [tool["function"]["name"] for tool in tools]
        self._offered.append(names)
        if names != ["choose_specialists"]:
            return self
        chosen = asks(call(names[0], specialists=self.specialists))
        return ScriptedModel(replies=[chosen], loop=True)


class ByStep(Scripted):
    """Gives the reply of the step that the turn is at, so that a fresh process can go on."""

    def _generate(self, messages: list[BaseMessage], *_args: Any, **_kwargs: Any) -> ChatResult:
        steps = 0
        for message in messages:
            if isinstance(message, HumanMessage):
                steps = 0
            elif isinstance(message, AIMessage) and message.tool_calls:
                steps += 1
        reply = self.replies[steps].model_copy(deep=True)
        return ChatResult(generations=[ChatGeneration(message=reply)])

    async def _agenerate(
        self, messages: list[BaseMessage], *_args: Any, **_kwargs: Any
    ) -> ChatResult:
        return self._generate(messages)


def services_of(runner: Runner) -> Services:
    """What a runner's nodes and tools work with, to look at the accounts they write to."""
    return runner._services


def graph_of(runner: Runner, thread: str) -> tuple[Any, RunnableConfig]:
    """The runner's graph on its stores, and the configuration of a thread's run."""
    return runner._graph, runner._config(thread)


def scripted_services(
    home: Path,
    replies: Sequence[AIMessage],
    *,
    knowledge: Any = None,
    loop: bool = False,
    model: type[ScriptedModel] = Scripted,
) -> Services:
    """Services on `home` whose every role is answered by a script."""
    settings = Settings(home=home, model="embedded", knowledge_meaning=False)
    ledger = Ledger.of_folder(home)
    scripted = model(replies=list(replies), loop=loop)
    services = Services.from_settings(settings, clock=NOW, gateway=Gateway.of(scripted, ledger))
    services.ledger = ledger
    if knowledge is not None:
        services.knowledge = knowledge
    return services

"""What many tests say: a scripted model's replies, a decision, a data folder's services."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from langchain_core.messages import AIMessage, ToolCall

from zantara.clock import FixedClock
from zantara.gateway import Gateway, ScriptedModel
from zantara.identity import Role, User
from zantara.ledger import Ledger
from zantara.services import Services
from zantara.settings import Settings

__all__ = ["AYU", "NOW", "asks", "call", "decisions", "on", "says", "scripted_services"]

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


def scripted_services(
    home: Path, replies: Sequence[AIMessage], *, knowledge: Any = None, loop: bool = False
) -> Services:
    """Services on `home` whose every role is answered by a script."""
    settings = Settings(home=home, model="embedded", knowledge_meaning=False)
    ledger = Ledger(home)
    model = ScriptedModel(replies=list(replies), loop=loop)
    services = Services.from_settings(settings, clock=NOW, gateway=Gateway.of(model, ledger))
    services.ledger = ledger
    if knowledge is not None:
        services.knowledge = knowledge
    return services

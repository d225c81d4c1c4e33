"""On the arm `budget`: which specialists a turn is for. It sees words alone, and no tool's result."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Literal

from langchain_core.messages import (
    AIMessage,
    AnyMessage,
    BaseMessage,
    HumanMessage,
    SystemMessage,
)
from langchain_core.tools import BaseTool, StructuredTool
from langgraph.runtime import Runtime
from langgraph.types import Command
from pydantic import BaseModel, Field

from nodes._arms import DEFAULT, SPECIALISTS, SpecialistName, known_names
from nodes._prompt import as_data, standing_text, turn_block
from nodes._step import asked_of, recorded_step, take_step, usage_of
from nodes._turn import local_now
from zantara.context import Context
from zantara.identity import user_of
from zantara.services import current
from zantara.state import State

__all__ = ["classify_turn"]

_ROLE = "classifier"
_EARLIER = 4
_LONGEST = 4_000
_BROKEN = {
    "no_model": "no classifier could be reached",
    "budget_spent": "the budget left nothing for a classifier",
}


class _Choice(BaseModel):
    specialists: list[SpecialistName] = Field(
        description="All that the message needs, the one with the main matter first."
    )


def _choose() -> None:
    raise RuntimeError("the classifier's tool is read and never run")


_LINES = "\n".join(
    f"- {name}: {one.does} ({', '.join(one.domains)})" for name, one in SPECIALISTS.items()
)
_TOOL: BaseTool = StructuredTool(
    name="choose_specialists",
    description=f"Say who answers the user's message.\n{_LINES}",
    args_schema=_Choice,
    func=_choose,
)
"""Offered to the classifier alone: the gate knows no such tool, and no model that acts is given it."""


async def classify_turn(state: State, runtime: Runtime[Context]) -> Command[Literal["specialist"]]:
    """Ask the classifier. Where it names nobody, the default has the turn, and the state says why."""
    step = await recorded_step(runtime) or await _ask(state, runtime)
    names = _named(step)
    broken = _BROKEN.get(step.get("broken", ""), "the classifier named no specialist")
    return _given(names, "" if names else broken, usage=usage_of(step))


def _given(names: Sequence[str], why: str, **more: Any) -> Command[Literal["specialist"]]:
    told = {"specialists": list(names)} if names else {"unclassified": f"{why}; {DEFAULT} answers"}
    return Command(goto="specialist", update={**more, **told})


def _named(step: dict[str, Any]) -> list[SpecialistName]:
    """The specialists of its call. Models write a list as text, too."""
    found: list[str] = []
    for call in step["tool_calls"]:
        named = call["args"].get("specialists") if call["name"] == _TOOL.name else None
        if isinstance(named, str):
            found += re.findall(r"\w+", named)
        elif isinstance(named, list):
            found += map(str, named)
    return known_names(found)


async def _ask(state: State, runtime: Runtime[Context]) -> dict[str, Any]:
    context = runtime.context or Context()
    block = turn_block(
        now=local_now(current(), context),
        timezone=context.timezone,
        language=state["language"],
        user=user_of(runtime),
        passages=(),
    )
    prompt = [SystemMessage(standing_text(_ROLE)), *_words(state["messages"], state["turn"], block)]
    asked = asked_of(runtime, state, role=_ROLE, node="classify")
    return await take_step(prompt, asked=asked, tools=(_TOOL,))


def _words(window: Sequence[AnyMessage], turn: str, block: str) -> Iterator[BaseMessage]:
    """What was said last, and the message itself; of long ones the beginning and the end."""
    at = next(i for i, message in enumerate(window) if message.id == turn)
    said = [one for one in window[:at] if isinstance(one, HumanMessage | AIMessage) and one.text]
    opening = next((i for i, one in enumerate(said[-_EARLIER:]) if one.type == "human"), _EARLIER)
    for one in said[-_EARLIER:][opening:]:  # hosts refuse a conversation that a model begins
        yield type(one)(_shortened(one.text))
    yield HumanMessage(f"{block}\n{as_data(_shortened(window[at].text))}")


def _shortened(text: str) -> str:
    half = _LONGEST // 2
    return text if len(text) <= _LONGEST else f"{text[:half]}\n[...]\n{text[-half:]}"

"""One step of a model: asked once, journalled under its task, its calls made proposals."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.tools import BaseTool
from langgraph.runtime import Runtime

from nodes._turn import run_of, task_of, thread_of, turn_in
from zantara.context import Context
from zantara.costs import BudgetExceededError
from zantara.gateway import Asked, BrokenOffError, ModelUnavailableError, Reply
from zantara.identity import user_of
from zantara.services import current
from zantara.state import CallRecord, Usage

__all__ = [
    "asked_of",
    "call_message",
    "proposals",
    "recorded_step",
    "take_step",
    "usage_of",
]


async def recorded_step(runtime: Runtime[Context]) -> dict[str, Any] | None:
    """What the model answered in an earlier run of this task; it is not asked a second time."""
    return await asyncio.to_thread(current().journal.step, task_of(runtime))


def asked_of(runtime: Runtime[Context], state: Mapping[str, Any], *, role: str, node: str) -> Asked:
    """The step's key in ledger and journal. state: of the turn, or of a delegated task."""
    return Asked(
        role=role,
        thread_id=thread_of(runtime),
        task_id=task_of(runtime),
        node=node,
        architecture=state["architecture"],
        run_id=run_of(runtime),
        turn=state.get("turn") or turn_in(state.get("said", ())),
        user=user_of(runtime).identity,
    )


async def take_step(
    prompt: Sequence[BaseMessage],
    *,
    asked: Asked,
    tools: Sequence[BaseTool],
    on_text: Callable[[str], None] | None = None,
    shown: Callable[[], str] = str,
) -> dict[str, Any]:
    """Ask the role's model and journal its answer with what was `shown` of it.

    An answer that did not come to its end is a step too, and `broken` says why: what was shown of it
    stands, and a task that runs again asks no second model to go on with it.
    """
    services = current()
    step: dict[str, Any] = {}

    def record(reply: Reply) -> None:
        step.update(services.journal.record_step(asked.task_id, _record(reply, shown())))

    try:
        await services.gateway.reply(
            asked,
            prompt,
            tools=tools,
            on_text=on_text,
            on_reply=record,
            until=services.until(asked.run_id),
        )
    except (ModelUnavailableError, BudgetExceededError) as error:
        broken = _broken(shown(), _why(error))
        return await asyncio.to_thread(services.journal.record_step, asked.task_id, broken)
    return step


def _why(error: Exception) -> str:
    """The phrase that tells the user."""
    if isinstance(error, BudgetExceededError):
        return "budget_spent"
    return "broken_off" if isinstance(error, BrokenOffError) else "no_model"


def _broken(shown: str, why: str) -> dict[str, Any]:
    """No text beyond what was shown, no calls: half an answer decides nothing."""
    ended = {"id": "", "text": shown, "tool_calls": [], "shown": shown, "model": ""}
    return {**ended, "tokens_in": 0, "tokens_out": 0, "cost_usd": "0", "broken": why}


def _record(reply: Reply, shown: str) -> dict[str, Any]:
    message = reply.message
    return {
        "id": message.id,
        "text": message.text,
        "tool_calls": [dict(call) for call in message.tool_calls],
        "beside": message.additional_kwargs,
        "shown": shown,
        "model": reply.model,
        "tokens_in": reply.tokens_in,
        "tokens_out": reply.tokens_out,
        "cost_usd": str(reply.cost_usd),
        "failures": reply.failures,
        **({"broken": "broken_off"} if reply.cut and not message.tool_calls else {}),
    }


def call_message(step: dict[str, Any]) -> AIMessage:
    """The calls of a step as the window keeps them; text beside calls is no answer.

    With them what the model's host wants back in the next step (Gemini's thought signatures).
    """
    return AIMessage(
        "",
        id=step["id"],
        tool_calls=step["tool_calls"],
        additional_kwargs=step.get("beside") or {},
    )


def proposals(step: dict[str, Any]) -> list[CallRecord]:
    """A step's calls as records that nobody has decided on yet."""
    return [
        {
            "call_id": call["id"],
            "tool": call["name"],
            "args": call["args"],
            "status": "proposed",
            "provenance": {},
        }
        for call in step["tool_calls"]
    ]


def usage_of(step: dict[str, Any]) -> Usage:
    """What the step has cost: tokens, one model call, US dollars as text."""
    return {
        "tokens_in": step["tokens_in"],
        "tokens_out": step["tokens_out"],
        "model_calls": 1,
        "model_failures": step.get("failures", 1),
        "cost_usd": step["cost_usd"],
    }

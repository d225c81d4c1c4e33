"""One step of the orchestrating model: an answer, or calls."""

import asyncio
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage
from langgraph.graph.message import push_message
from langgraph.runtime import Runtime
from langgraph.types import Command

from nodes._prompt import build_prompt, standing_text, turn_block
from nodes._turn import answer_id, evidence_of, local_now, rows_of
from tools import tools_for
from zantara.context import Context
from zantara.evidence import Evidence, SentenceStream
from zantara.gateway import Asked, Reply
from zantara.identity import user_of
from zantara.knowledge import Row
from zantara.services import current
from zantara.state import CallRecord, State, Usage

__all__ = ["MOST_STEPS", "orchestrate"]

MOST_STEPS = 8
_ROLE = "orchestrator"
_LAST_STEP = "No more calls are possible in this turn. Say what was done and what was not."


async def orchestrate(
    state: State, runtime: Runtime[Context]
) -> Command[Literal["review_actions", "verify_answer"]]:
    """Ask the model, show what it says sentence by sentence, hand its calls to the gate.

    The step is journalled under its task: when a crash makes this node run again, the recorded
    answer is used and the model is not asked a second time.
    """
    services = current()
    info = runtime.execution_info
    task_id = info.task_id if info else ""
    recorded = await services.journal.step(task_id)
    if recorded is None:
        recorded = await services.journal.record_step(task_id, await _ask(state, runtime, task_id))
    return _command(state, recorded)


async def _ask(state: State, runtime: Runtime[Context], task_id: str) -> dict[str, Any]:
    services, context, user = current(), runtime.context or Context(), user_of(runtime)
    question = state["path"] == "question"
    rows, core = await asyncio.to_thread(_material, state) if question else ([], [])
    now = local_now(services, context)
    block = turn_block(
        now=now,
        timezone=context.timezone,
        language=state["language"],
        user=user,
        passages=rows,
    )
    prompt = build_prompt(
        standing=standing_text(_ROLE),
        core=core,
        window=state["messages"],
        turn=state["turn"],
        block=block,
        correction=state["correction"],
    )
    exhausted = state["steps"] >= MOST_STEPS
    if exhausted:
        prompt.append(HumanMessage(f"<limit>\n{_LAST_STEP}"))
    voice = _Voice(
        answer_id(state), evidence_of(state, rows, now, core), muted=bool(state["correction"])
    )
    asked = Asked(
        role=_ROLE,
        thread_id=(runtime.execution_info.thread_id or "") if runtime.execution_info else "",
        task_id=task_id,
        node="orchestrate",
        architecture=state["architecture"],
    )
    tools = () if exhausted or not question else tools_for(user)
    reply = await services.gateway.reply(asked, prompt, tools=tools, on_text=voice.hear)
    return _record(reply, voice)


def _material(state: State) -> tuple[list[Row], list[Row]]:
    services = current()
    return rows_of(services, state), services.knowledge.core()


@dataclass
class _Voice:
    """Shows the answer as it comes: whole sentences, each checked before it is shown.

    From the first sentence that nothing supports, nothing more is shown: verify_answer decides.
    """

    message_id: str
    evidence: Evidence
    muted: bool = False
    shown: str = ""
    _stream: SentenceStream = field(default_factory=SentenceStream)

    def hear(self, text: str) -> None:
        if self.muted:
            return
        for sentence in self._stream.feed(text):
            if self.evidence.unsupported(sentence):
                self.muted = True
                return
            push_message(AIMessageChunk(sentence, id=self.message_id), state_key=None)
            self.shown += sentence


def _record(reply: Reply, voice: _Voice) -> dict[str, Any]:
    message = reply.message
    return {
        "id": message.id,
        "text": message.text,
        "tool_calls": [dict(call) for call in message.tool_calls],
        "shown": voice.shown,
        "model": reply.model,
        "tokens_in": reply.tokens_in,
        "tokens_out": reply.tokens_out,
        "cost_usd": str(reply.cost_usd),
    }


def _command(
    state: State, step: dict[str, Any]
) -> Command[Literal["review_actions", "verify_answer"]]:
    update: dict[str, Any] = {
        "steps": state["steps"] + 1,
        "model": step["model"],
        "shown": state["shown"] + step["shown"],
        "usage": _added(state["usage"], step),
    }
    if not step["tool_calls"]:
        return Command(goto="verify_answer", update={**update, "draft": step["text"]})
    message: BaseMessage = AIMessage("", id=step["id"], tool_calls=step["tool_calls"])
    calls = [_proposed(call) for call in step["tool_calls"]]
    return Command(goto="review_actions", update={**update, "messages": [message], "calls": calls})


def _proposed(call: dict[str, Any]) -> CallRecord:
    return {
        "call_id": call["id"],
        "tool": call["name"],
        "args": call["args"],
        "status": "proposed",
        "provenance": {},
    }


def _added(usage: Usage, step: dict[str, Any]) -> Usage:
    return {
        "tokens_in": usage["tokens_in"] + step["tokens_in"],
        "tokens_out": usage["tokens_out"] + step["tokens_out"],
        "model_calls": usage["model_calls"] + 1,
        "cost_usd": str(Decimal(usage["cost_usd"]) + Decimal(step["cost_usd"])),
    }

"""One step of the orchestrating model: an answer, or calls."""

import asyncio
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage
from langgraph.graph.message import push_message
from langgraph.runtime import Runtime
from langgraph.types import Command

from nodes._phrases import phrase
from nodes._prompt import build_prompt, standing_text, turn_block
from nodes._turn import answer_id, evidence_of, local_now, rows_of, thread_of
from tools import tools_for
from zantara.context import Context
from zantara.evidence import Evidence, SentenceStream
from zantara.gateway import Asked, Reply
from zantara.identity import user_of
from zantara.knowledge import Row
from zantara.services import Services, current
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
    task_id = runtime.execution_info.task_id if runtime.execution_info else ""
    recorded, rows, core = await asyncio.to_thread(_known, services, state, task_id)
    step = recorded or await _ask(state, runtime, task_id, rows=rows, core=core)
    return _command(state, step)


def _known(
    services: Services, state: State, task_id: str
) -> tuple[dict[str, Any] | None, list[Row], list[Row]]:
    """The recorded step, this turn's passages and the fixed pack; small talk needs neither of these."""
    recorded = services.journal.step(task_id)
    if recorded is not None or state["path"] != "question":
        return recorded, [], []
    return None, rows_of(services, state), services.knowledge.core()


async def _ask(
    state: State, runtime: Runtime[Context], task_id: str, *, rows: list[Row], core: list[Row]
) -> dict[str, Any]:
    services, context, user = current(), runtime.context or Context(), user_of(runtime)
    now = local_now(services, context)
    prompt = build_prompt(
        standing=standing_text(_ROLE),
        core=core,
        window=state["messages"],
        turn=state["turn"],
        block=turn_block(
            now=now,
            timezone=context.timezone,
            language=state["language"],
            user=user,
            passages=rows,
        ),
        correction=state["correction"],
    )
    exhausted = state["steps"] >= MOST_STEPS
    if exhausted:
        prompt.append(HumanMessage(f"<limit>\n{_LAST_STEP}"))
    voice = _Voice(
        answer_id(state), evidence_of(state, rows, now, core), muted=bool(state["correction"])
    )
    step: dict[str, Any] = {}

    def record(reply: Reply) -> None:
        step.update(services.journal.record_step(task_id, _record(reply, voice)))

    await services.gateway.reply(
        Asked(
            role=_ROLE,
            thread_id=thread_of(runtime),
            task_id=task_id,
            node="orchestrate",
            architecture=state["architecture"],
        ),
        prompt,
        tools=() if exhausted or state["path"] != "question" else tools_for(user),
        on_text=voice.hear,
        on_reply=record,
    )
    return step


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
            push_message(AIMessageChunk(content=sentence, id=self.message_id), state_key=None)
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
    if state["steps"] >= MOST_STEPS:  # a model may call tools that it was not given
        draft = step["text"] or phrase("step_limit", state["language"], steps=MOST_STEPS)
        return Command(goto="verify_answer", update={**update, "draft": draft})
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

"""One step of the model that has the turn, orchestrator or specialist: an answer, or calls."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

from langchain_core.messages import AIMessageChunk, HumanMessage
from langgraph.graph.message import push_message
from langgraph.runtime import Runtime
from langgraph.types import Command

from nodes._arms import asking
from nodes._outgoing import known_of, may_be_shown
from nodes._phrases import phrase
from nodes._prompt import build_prompt, standing_text, turn_block
from nodes._step import asked_of, call_message, proposals, take_step, usage_of
from nodes._turn import answer_id, evidence_of, facts_of, local_now, rows_of, task_of
from zantara.context import Context
from zantara.evidence import Evidence, SentenceStream
from zantara.gate.known_addresses import KnownAddresses
from zantara.identity import user_of
from zantara.knowledge import Row
from zantara.services import Services, current
from zantara.state import State

__all__ = ["MOST_STEPS", "orchestrate"]

MOST_STEPS = 8
_LAST_STEP = "No more calls are possible in this turn. Say what was done and what was not."


async def orchestrate(
    state: State, runtime: Runtime[Context]
) -> Command[Literal["review_actions", "verify_answer"]]:
    """Ask the model, show what it says sentence by sentence, hand its calls to the gate.

    The arm says which model, with which instructions and tools. The step is journalled under its task:
    when a crash makes this node run again, the recorded answer is used and the model is not asked a
    second time.
    """
    recorded, rows, core = await asyncio.to_thread(_known, current(), state, task_of(runtime))
    step = recorded or await _ask(state, runtime, rows=rows, core=core)
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
    state: State, runtime: Runtime[Context], *, rows: list[Row], core: list[Row]
) -> dict[str, Any]:
    services, context, user = current(), runtime.context or Context(), user_of(runtime)
    now, part = local_now(services, context), asking(state, user)
    facts = await facts_of(state, runtime)
    prompt = build_prompt(
        standing=standing_text(*part.standing),
        core=core,
        window=state["messages"],
        turn=state["turn"],
        block=turn_block(
            now=now,
            timezone=context.timezone,
            language=state["language"],
            user=user,
            passages=rows,
            facts=facts,
        ),
        correction=state["correction"],
    )
    exhausted = state["steps"] >= MOST_STEPS
    if exhausted:
        prompt.append(HumanMessage(f"<limit>\n{_LAST_STEP}"))
    evidence = evidence_of(state, rows, "\n".join([now, *facts]), core)
    known = cache(lambda: known_of(state, (*rows, *core), facts))
    voice = _Voice(answer_id(state), evidence, known, muted=bool(state["correction"]))
    return await take_step(
        prompt,
        asked=asked_of(runtime, state, role=part.role, node=part.node),
        tools=() if exhausted or state["path"] != "question" else part.tools,
        on_text=voice.hear,
        shown=lambda: voice.shown,
    )


@dataclass
class _Voice:
    """Shows the answer as it comes: whole sentences, each checked before it is shown.

    From the first sentence that nothing supports, or that holds an address which nobody brought in,
    nothing more is shown: verify_answer decides.
    """

    message_id: str
    evidence: Evidence
    known: Callable[[], KnownAddresses]
    muted: bool = False
    shown: str = ""
    _stream: SentenceStream = field(default_factory=SentenceStream)

    def hear(self, text: str) -> None:
        """A piece of the answer has come; what makes a whole, supported sentence is shown."""
        if self.muted:
            return
        for sentence in self._stream.feed(text):
            if self.evidence.unsupported(sentence) or not may_be_shown(sentence, self.known):
                self.muted = True
                return
            push_message(AIMessageChunk(content=sentence, id=self.message_id), state_key=None)
            self.shown += sentence


def _command(
    state: State, step: dict[str, Any]
) -> Command[Literal["review_actions", "verify_answer"]]:
    update: dict[str, Any] = {
        "steps": state["steps"] + 1,
        "model": step["model"] or state["model"],
        "shown": state["shown"] + step["shown"],
        "usage": usage_of(step),
    }
    if step.get("broken"):
        draft = update["shown"] + phrase(step["broken"], state["language"])
        return Command(goto="verify_answer", update={**update, "draft": draft, "broken": True})
    if not step["tool_calls"]:
        return Command(goto="verify_answer", update={**update, "draft": step["text"]})
    if state["steps"] >= MOST_STEPS:  # a model may call tools that it was not given
        draft = step["text"] or phrase("step_limit", state["language"], steps=MOST_STEPS)
        return Command(goto="verify_answer", update={**update, "draft": draft})
    update |= {"messages": [call_message(step)], "calls": proposals(step)}
    return Command(goto="review_actions", update=update)

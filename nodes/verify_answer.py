"""Hold the answer to its evidence; the end of a turn."""

import asyncio
import re
from collections.abc import Callable, Sequence
from functools import cache
from typing import Literal

from langchain_core.messages import AIMessage, AIMessageChunk
from langgraph.graph.message import push_message
from langgraph.runtime import Runtime
from langgraph.types import Command

from nodes._arms import asking_node
from nodes._ledger import note_turn
from nodes._outgoing import fit_to_follow, known_of
from nodes._phrases import phrase
from nodes._turn import answer_id, evidence_of, facts_of, local_now, rows_of, thread_of
from zantara import memory
from zantara.context import Context
from zantara.evidence import Evidence, SentenceStream
from zantara.gate.known_addresses import KnownAddresses
from zantara.gate.output import needs_guarding
from zantara.gate.values import lowest_in, marked
from zantara.identity import user_of
from zantara.knowledge import Row
from zantara.services import Services, current
from zantara.state import Citation, State

__all__ = ["verify_answer"]

_MARK = re.compile(r"\[(\d+)\]")


async def verify_answer(
    state: State, runtime: Runtime[Context]
) -> Command[Literal["orchestrate", "specialist", "__end__"]]:
    """Each sentence's figures must be supported. One corrective pass; then what is not known is said.

    Addresses that the model built are taken out, and what others wrote is nothing to click on. What was
    shown stays: only the rest of the answer is rewritten.
    """
    services, context = current(), runtime.context or Context()
    rows, core = await _material(services, state)
    facts = await facts_of(state, runtime) if rows or core else []
    own = "\n".join([local_now(services, context), _own(state), *facts])
    evidence = evidence_of(state, rows, own, core)
    shown = state["shown"]
    known = cache(lambda: known_of(state, (*rows, *core), facts))
    rest = _rest(shown, state["draft"], known)
    bad = [figure for sentence in rest for figure in evidence.unsupported(sentence)]
    if bad and not state["correction"] and state["model"] and state["steps"]:
        back = asking_node(state["architecture"])
        return Command(goto=back, update={"correction": _correction(bad, shown)})
    added = fit_to_follow(shown, _added(shown, rest, evidence, state["language"]), known)
    answer = (shown + added).rstrip()
    if added:
        push_message(AIMessageChunk(content=added, id=answer_id(state)), state_key=None)
    await _note(state, runtime, answer)
    await note_turn(state, runtime, unsupported=bool(bad))
    message = marked(AIMessage(answer, id=answer_id(state)), lowest_in(state["messages"]))
    return Command(
        goto="__end__",
        update={"messages": [message], "citations": _citations(answer, rows), "draft": ""},
    )


async def _note(state: State, runtime: Runtime[Context], answer: str) -> None:
    """The turn's row in the user's memory; small talk leaves none."""
    asked = [m.text for m in state["messages"] if m.id == state["turn"]]
    if runtime.store is None or state["path"] != "question" or not asked:
        return
    done = [call["tool"] for call in state["calls"] if call["status"] == "done"]
    note = memory.TurnNote(
        thread_id=thread_of(runtime),
        turn=state["turn"],
        at=current().clock.now().isoformat(timespec="seconds"),
        asked=asked[0],
        answered=answer,
        calls=tuple(done),
        lowest=str(lowest_in(state["messages"])),
    )
    await memory.note_turn(runtime.store, user_of(runtime).identity, note)


def _own(state: State) -> str:
    """The draft, where it is a sentence of ZANTARA's own: its figures need no other support."""
    limit = phrase("step_limit", state["language"], steps=state["steps"] - 1)
    return state["draft"] if state["path"] == "refused" or state["draft"] == limit else ""


async def _material(services: Services, state: State) -> tuple[list[Row], list[Row]]:
    """The passages and the fixed pack; an answer without digit and address needs none of them."""
    if not (any(map(str.isdigit, state["draft"])) or needs_guarding(state["draft"])):
        return [], []
    return await asyncio.to_thread(lambda: (rows_of(services, state), services.knowledge.core()))


def _rest(shown: str, draft: str, known: Callable[[], KnownAddresses]) -> list[str]:
    """The sentences of the draft that have not been shown, without addresses that nobody brought in."""
    if draft.startswith(shown):
        rest = draft[len(shown) :]
    else:
        seen = {sentence.strip() for sentence in SentenceStream.split(shown)}
        rest = "".join(s for s in SentenceStream.split(draft) if s.strip() not in seen)
    return SentenceStream.split(fit_to_follow(shown, rest, known))


def _correction(bad: Sequence[str], shown: str) -> str:
    text = (
        "Nothing in the evidence supports: "
        + ", ".join(dict.fromkeys(bad))
        + ". Answer again without them; say plainly what is not known."
    )
    return f"{text}\nAlready shown to the user, do not repeat: {shown}" if shown else text


def _added(shown: str, rest: Sequence[str], evidence: Evidence, language: str) -> str:
    """The part of the answer that has not been shown."""
    good = [sentence for sentence in rest if not evidence.unsupported(sentence)]
    bad = [f for sentence in rest for f in evidence.unsupported(sentence)]
    added = "".join(good).rstrip()
    if bad:
        figures = ", ".join(dict.fromkeys(bad))
        added = f"{added} {phrase('unconfirmed', language, figures=figures)}".strip()
    if shown and added and not shown[-1:].isspace():
        added = f" {added}"
    if not (shown + added).strip():
        added = phrase("no_answer", language)
    return added


def _citations(answer: str, rows: Sequence[Row]) -> list[Citation]:
    marks = dict.fromkeys(int(mark) for mark in _MARK.findall(answer))
    return [
        {
            "mark": mark,
            "id": rows[mark - 1].id,
            "title": rows[mark - 1].title,
            "source": rows[mark - 1].source,
            "effective_date": rows[mark - 1].effective_date,
        }
        for mark in marks
        if 0 < mark <= len(rows)
    ]

"""The start of a turn: who asks, in which language, on which arm; the window is trimmed here."""

import asyncio
import re
from collections.abc import Sequence
from typing import Any, Literal

from langchain_core.messages import (
    AIMessage,
    AnyMessage,
    BaseMessage,
    HumanMessage,
    RemoveMessage,
)
from langgraph.runtime import Runtime
from langgraph.types import Command, Overwrite

from nodes._arms import asking_node
from nodes._phrases import phrase
from nodes._turn import thread_of
from zantara import transcript
from zantara.context import ARCHITECTURES, Context
from zantara.identity import NoAccessError, User, user_of
from zantara.language import detect, is_small_talk
from zantara.services import current
from zantara.state import LONGEST_MESSAGE, NO_USAGE, ArmSource, State

__all__ = ["choose_architecture"]

_WINDOW_MOST, _WINDOW_KEPT = 32, 24
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


async def choose_architecture(
    state: State, runtime: Runtime[Context], *, preset: str = ""
) -> Command[Literal["recall_knowledge", "orchestrate", "specialist", "verify_answer"]]:
    """Open the turn: everything that belongs to the last one is reset.

    The arm is that of the graph id (`preset`), else the context's, else the rollout's, which is told
    the thread's own, else the thread's, else hybrid. It changes here and nowhere else: what waits for a
    decision is never at a turn's start, so a pending turn ends on the arm that asked.
    Small talk needs no knowledge; a message that cannot be used has its answer already.
    Raises NoAccessError for a thread of another user.
    """
    user = user_of(runtime)
    if state.get("owner", user.identity) != user.identity:
        raise NoAccessError("this thread belongs to another user")
    context = runtime.context or Context()
    known, new = _split(state)
    asked = [_accepted(message, context) for message in new if isinstance(message, HumanMessage)]
    text = "\n".join(message.text for message in asked).strip()
    language = context.language or detect(text, default=state.get("language") or "en")
    refusal = _refusal(text, new, language)
    head, removed = await _trim(state, runtime, user.identity, known)
    dropped = [m for m in new if refusal or not isinstance(m, HumanMessage)]
    kept = [m for m in asked if not refusal]
    arm, source = await _arm(state, runtime, user, preset or context.architecture, bool(preset))
    path = "refused" if refusal else "small_talk" if is_small_talk(text) else "question"
    update = {
        **_reset(state),
        "messages": [*removed, *(RemoveMessage(str(m.id)) for m in dropped), *kept],
        "owner": user.identity,
        "transcript_head": head,
        "architecture": arm,
        "source": source,
        "began": current().clock.now().isoformat(timespec="milliseconds"),
        "language": language,
        "turn": str(asked[-1].id) if asked else "",
        "path": path,
        "draft": refusal,
    }
    if path == "question":
        return Command(goto="recall_knowledge", update=update)
    return Command(goto="verify_answer" if refusal else asking_node(arm), update=update)


def _reset(state: State) -> dict[str, Any]:
    empty = {"specialists": [], "unclassified": "", "broken": False}
    return {
        **{name: value for name, value in empty.items() if state.get(name)},
        "calls": Overwrite([]),
        "problems": Overwrite([]),
        "citations": [],
        "passages": [],
        "steps": 0,
        "shown": "",
        "correction": "",
        "model": "",
        "usage": Overwrite(NO_USAGE),
    }


async def _arm(
    state: State, runtime: Runtime[Context], user: User, wish: str, preset: bool
) -> tuple[str, ArmSource]:
    """The arm of this turn and who chose it."""
    if wish:
        return wish, "preset" if preset else "context"
    own = state.get("architecture", "")
    own = own if own in ARCHITECTURES else ""  # an older thread may name one that is gone
    planned = await asyncio.to_thread(_planned, thread_of(runtime), user, own)
    if planned in ARCHITECTURES:
        return planned, "rollout"
    return (own, "thread") if own else ("hybrid", "default")


def _planned(thread: str, user: User, own: str) -> str:
    """What the rollout says of this thread; it may read its plan again."""
    return current().rollout.arm_for(thread, role=str(user.role), current=own)


def _split(state: State) -> tuple[Sequence[AnyMessage], Sequence[AnyMessage]]:
    """The messages of earlier turns, and what the caller has sent now.

    Nothing that a message says of itself counts: only what the state, which no caller writes, knows
    of the last turn. That turn may have no answer, when a run from an older checkpoint left it.
    """
    messages = state["messages"]
    turn = state.get("turn", "")
    if not turn:
        return [], messages
    own = {turn, f"answer_{turn}"} | {f"tool_{one['call_id']}" for one in state["calls"]}
    wished = {one["call_id"] for one in state["calls"]}
    begin = 0
    for index, message in enumerate(messages):
        calls = {c["id"] for c in message.tool_calls} if isinstance(message, AIMessage) else set()
        if message.id in own or (calls and calls <= wished):
            begin = index + 1
    return messages[:begin], messages[begin:]


def _accepted(message: HumanMessage, context: Context) -> HumanMessage:
    """The user's words and when they came, where they are: "Friday at three" is read by that.

    Nothing else that a caller put into the message is kept.
    """
    text = _CONTROL.sub(" ", message.text)
    now = current().clock.now().astimezone(context.zone)
    stamp = {"at": now.isoformat(timespec="seconds")}
    return HumanMessage(text, id=message.id, additional_kwargs=stamp)


def _refusal(text: str, new: Sequence[BaseMessage], language: str) -> str:
    if not text or not new:
        return phrase("empty_message", language)
    if len(text) > LONGEST_MESSAGE:
        return phrase("long_message", language, length=len(text), most=LONGEST_MESSAGE)
    return ""


async def _trim(
    state: State, runtime: Runtime[Context], user: str, known: Sequence[AnyMessage]
) -> tuple[str, list[RemoveMessage]]:
    """Move the oldest whole turns to the transcript when the window is full."""
    head = state.get("transcript_head", "")
    if len(known) <= _WINDOW_MOST:
        return head, []
    starts = [i for i, m in enumerate(known) if isinstance(m, HumanMessage)]
    cut = next((i for i in starts if i >= len(known) - _WINDOW_KEPT), None)
    if not cut or runtime.store is None:
        return head, []
    leaving = known[:cut]
    thread = thread_of(runtime)
    head = await transcript.append(runtime.store, user, thread, head=head, messages=leaving)
    return head, [RemoveMessage(str(message.id)) for message in leaving]

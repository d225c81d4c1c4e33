"""What a run on the server must fit, checked before it is made.

LangGraph raises nothing on unknown or late interrupt ids and silently issues an interrupt again when
new input comes, so that a caller would never learn that their words went nowhere.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import httpx
from langchain_core.messages import HumanMessage, convert_to_messages
from langgraph.types import Interrupt
from langgraph_sdk import Auth, get_client

from zantara._refusals import PendingError
from zantara._resuming import check_answers
from zantara.turn import Pending, pending_of

__all__ = ["check_run"]

_OUR_IDS = ("answer_", "step_", "tool_")


async def check_run(value: dict[str, Any]) -> None:
    """Raise HTTPException for a run that does not fit its thread; make every run durable.

    Server callers choose durability themselves: any choice but `sync` may run a write before the
    checkpoint that knows of it is stored.
    """
    kwargs = value.get("kwargs") or {}
    if not kwargs.get("temporary"):  # a run without a thread has no checkpoints
        kwargs["durability"] = "sync"
    command = kwargs.get("command") or {}
    _stay_behind_the_gate(command, kwargs)
    if kwargs.get("input") is not None:
        kwargs["input"] = {"messages": _words(kwargs["input"])}
    thread_id = value.get("thread_id")
    if thread_id is None:
        return
    pending = await _pending(str(thread_id), _checkpoint(kwargs))
    if command.get("resume") is not None:
        _fits(command["resume"], pending)
    elif pending and kwargs.get("input") is not None:
        raise _refused(409, str(PendingError(pending)), pending)
    if await _busy(str(thread_id)):
        raise _refused(409, f"thread {thread_id}: another run works on it; wait for its end")


def _stay_behind_the_gate(command: Mapping[str, Any], kwargs: Mapping[str, Any]) -> None:
    """A caller could otherwise send a call straight to its tool node, or an approved one to State."""
    for name in ("goto", "update"):
        if command.get(name):
            raise _refused(422, f"command.{name}: not accepted here; accepted: command.resume")
    for name in ("interrupt_before", "interrupt_after"):
        if kwargs.get(name):
            raise _refused(422, f"{name}: not accepted here; the graph pauses before each action")


def _words(given: Any) -> list[dict[str, Any]]:
    """The user's own messages. Another kind, or an id of ours, could replace what the thread holds."""
    messages = given.get("messages") if isinstance(given, Mapping) else None
    if not messages:
        raise _refused(422, "input.messages: missing; accepted: one or more messages of the user")
    try:
        read = convert_to_messages(messages if isinstance(messages, list) else [messages])
    except (ValueError, NotImplementedError) as error:
        raise _refused(422, f"input.messages: {error}") from error
    human = [one for one in read if isinstance(one, HumanMessage)]
    ours = next((one.id for one in human if str(one.id).startswith(_OUR_IDS)), None)
    if ours or not human:
        wrong = f"id {ours!r} is taken" if ours else "none of them is the user's"
        raise _refused(422, f"input.messages: {wrong}; accepted: messages of the user")
    named = ({"id": one.id} if one.id else {} for one in human)
    return [{"type": "human", "content": m.text, **i} for m, i in zip(human, named, strict=True)]


def _checkpoint(kwargs: Mapping[str, Any]) -> str:
    configurable = (kwargs.get("config") or {}).get("configurable") or {}
    return str(configurable.get("checkpoint_id") or "")


async def _pending(thread_id: str, checkpoint_id: str) -> list[Pending]:
    """What the thread waits for, asked of the server itself, whatever engine it is."""
    client = get_client()
    try:
        state = await client.threads.get_state(thread_id, checkpoint_id=checkpoint_id or None)
    except httpx.HTTPStatusError as error:
        if error.response.status_code == httpx.codes.NOT_FOUND:
            return []
        raise
    finally:
        await client.aclose()
    found = [
        Interrupt(value=one["value"], id=str(one["id"]))
        for task in state["tasks"]
        for one in task.get("interrupts") or ()
    ]
    return pending_of(found)


async def _busy(thread_id: str) -> bool:
    """A run that waits in the queue would meet what the one before it leaves pending."""
    client = get_client()
    try:
        waiting = await client.runs.list(thread_id, status="pending", limit=1)
        return bool(waiting or await client.runs.list(thread_id, status="running", limit=1))
    finally:
        await client.aclose()


def _fits(resume: Any, pending: list[Pending]) -> None:
    """Both forms: answers by interrupt id, and the bare answer when one interrupt is open."""
    ids = list(dict.fromkeys(one.interrupt_id for one in pending))
    if isinstance(resume, Mapping) and "decisions" not in resume:
        answers = dict(resume)
    elif len(ids) == 1:
        answers = {ids[0]: resume}
    else:
        waiting = ", ".join(ids) or "none: nothing waits here"
        raise _refused(409, f"resume: name the interrupt; open: {waiting}", pending)
    try:
        check_answers(pending, answers)
    except ValueError as error:
        raise _refused(409 if not pending else 422, str(error), pending) from error


def _refused(status: int, message: str, pending: Sequence[Pending] = ()) -> Exception:
    """The server tells text only, so the pending list stands behind the message as JSON."""
    listed = json.dumps([asdict(one) for one in pending], ensure_ascii=False)
    detail = f"{message}\npending: {listed}" if pending else message
    return Auth.exceptions.HTTPException(status_code=status, detail=detail)

"""What a host sent, before it becomes an answer of ours: whole, well-formed, with our ids."""

import hashlib
import json
from collections.abc import Collection
from typing import Any, cast

from langchain_core.messages import AIMessage, AIMessageChunk, message_chunk_to_message

__all__ = ["UnusableAnswerError", "is_cut", "same_model", "usable", "with_our_ids"]

_ENDS = ("stop", "tool_calls", "function_call", "tool_use", "end_turn", "stop_sequence")
_SIGNATURES = "__gemini_function_call_thought_signatures__"
"""Where langchain-google-genai keeps the thought signature of each call, by call id."""


class UnusableAnswerError(RuntimeError):
    """A host answered, and its answer cannot be used. It is paid for all the same: see `answer`."""

    def __init__(self, why: str, answer: AIMessage) -> None:
        super().__init__(why)
        self.answer = answer


def same_model(asked: str, answered: str) -> bool:
    """Whether a host answered with the model that was asked, which it may name more exactly."""
    one, other = _bare(asked), _bare(answered)
    return other.startswith(one) or one.startswith(other)


def _bare(model: str) -> str:
    return model.casefold().rpartition("/")[2].replace(".", "-")


def usable(whole: AIMessage, *, finishes: bool, tools: Collection[str] = ()) -> AIMessage:
    """The reply, if it is whole and its calls are what the model wrote.

    finishes: the host says how a reply ended, so that one with no end was cut off. tools: the names
    of the tools that the model was given.

    A call whose arguments are no JSON object fails the whole reply, and the gateway asks the next
    candidate. LangChain would complete the JSON of a call that was cut off (half a mail would then
    be sent), or set the call aside as invalid, so that the step did less than the model asked for
    and nobody knew. The same model is not asked again: at temperature 0 it would say the same.
    Raises UnusableAnswerError.
    """
    is_chunk = isinstance(whole, AIMessageChunk)
    message = cast("AIMessage", message_chunk_to_message(whole) if is_chunk else whole)
    problem = _bad_call(whole) or (_bad_end(message) if finishes else "")
    if problem:
        raise UnusableAnswerError(problem, message)
    for call in message.tool_calls:
        call["name"] = _once(call["name"], tools)
    return message


def _once(name: str, tools: Collection[str]) -> str:
    """Some servers (llama-cpp-python's) say a call's name again with each piece of its arguments, and
    the client joins what it hears: `gmail_searchgmail_search`.
    """
    if name in tools:
        return name
    return next((one for one in tools if name == one * (len(name) // len(one))), name)


def _bad_call(message: AIMessage) -> str:
    """What is wrong with a call; empty when all are well-formed."""
    written: list[tuple[str | None, str | None]] = [
        (call["name"], call["args"]) for call in message.invalid_tool_calls
    ]
    if isinstance(message, AIMessageChunk):
        written += [(chunk["name"], chunk["args"]) for chunk in message.tool_call_chunks]
    for name, args in written:
        if not name:
            return "it asked for a call and named no tool"
        if not _is_object(args or "{}"):
            return f"it called {name} with arguments that are no JSON object: {args!r:.200}"
    return ""


def _is_object(text: str) -> bool:
    """A line break that stands in a string as it is can be read without guessing; models write it."""
    try:
        return isinstance(json.loads(text, strict=False), dict)
    except ValueError:
        return False


def _bad_end(message: AIMessage) -> str:
    """What is wrong with a reply's end. Text that met the length limit stands as far as its last
    whole sentence, and the user is told (`is_cut`).
    """
    end = _end(message)
    if not end:
        return "the answer was cut off before its end"
    if is_cut(message):
        if message.text and not message.tool_calls:
            return ""
        return "the answer met the length limit before it said anything that can be used"
    if end not in _ENDS:
        return f"the host ended the answer: {end}"
    return "" if message.text.strip() or message.tool_calls else "the answer is empty"


def _end(message: AIMessage) -> str:
    told = message.response_metadata
    return str(told.get("finish_reason") or told.get("stop_reason") or "").lower()


def is_cut(message: AIMessage) -> bool:
    """Whether it met the length limit."""
    return _end(message) in ("length", "max_tokens")


def with_our_ids(message: AIMessage, task_id: str) -> AIMessage:
    """Servers repeat ids (`call_0`); ours are unique, and the same when the same task runs again.

    Kept beside text and calls: the model's name, and what Gemini 3 wants back with a call.
    """
    ours = ["call_" + _digest(f"{task_id}:{i}") for i in range(len(message.tool_calls))]
    calls = [{**call, "id": one} for call, one in zip(message.tool_calls, ours, strict=True)]
    name = message.response_metadata.get("model_name")
    return AIMessage(
        content=message.text,
        id="step_" + _digest(task_id),
        tool_calls=calls,
        additional_kwargs=_signatures(message, ours),
        response_metadata={"model_name": name} if name else {},
    )


def _signatures(message: AIMessage, ours: list[str]) -> dict[str, Any]:
    """Gemini 3 refuses a history whose calls have lost their thought signatures (400)."""
    theirs = message.additional_kwargs.get(_SIGNATURES) or {}
    kept = {
        one: theirs[call["id"]]
        for call, one in zip(message.tool_calls, ours, strict=True)
        if call["id"] in theirs
    }
    return {_SIGNATURES: kept} if kept else {}


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]

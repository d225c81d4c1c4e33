"""Chat Completions as OpenAI publishes it: the types of the package `openai`, and its rules."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from openai.types.chat import ChatCompletion, ChatCompletionChunk, completion_create_params
from pydantic import ConfigDict, TypeAdapter, ValidationError
from starlette.requests import Request

from tests.wire._server import BadRequest, Scripted, Wire, walked

__all__ = ["OpenAIWire", "check_conversation", "check_tools", "forbidding"]

_NAME = re.compile(r"[a-zA-Z0-9_-]{1,64}")
_TYPES = {"string", "number", "integer", "boolean", "array", "object", "null"}
_USAGE = {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}


def forbidding(published: Any) -> TypeAdapter[Any]:
    """A published type that takes no field which it does not name."""
    return TypeAdapter(published, config=ConfigDict(extra="forbid"))


_REQUEST = forbidding(
    completion_create_params.CompletionCreateParamsStreaming
    | completion_create_params.CompletionCreateParamsNonStreaming
)


class OpenAIWire(Wire):
    path = "/v1/chat/completions"
    last_event = "[DONE]"
    repeats_names = False
    """As llama-cpp-python's server does: the name stands in every piece of a call."""
    repeats_ids = False
    """As several servers do: every call is `call_0`."""
    request_type = _REQUEST
    chunk_type: Any = ChatCompletionChunk
    whole_type: Any = ChatCompletion
    usage: Mapping[str, Any] = _USAGE

    @property
    def base_url(self) -> str:
        return f"{self.url}/v1"

    def check(self, body: dict[str, Any], request: Request) -> None:
        try:
            walked(self.request_type.validate_python(body))
        except ValidationError as error:
            raise BadRequest(str(error)) from error
        check_conversation(body["messages"])
        check_tools(body.get("tools", []))

    def failure(self, status: int, message: str) -> dict[str, Any]:
        kind = {401: "invalid_request_error", 429: "rate_limit_error"}.get(status, "server_error")
        return {"error": {"message": message, "type": kind, "param": None, "code": str(status)}}

    def chunks(self, reply: Scripted, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
        body = {**body, "model": reply.answered or body["model"]}
        yield self.chunk(body, {"role": "assistant", "content": ""})
        if reply.thought:
            yield self.chunk(body, {"reasoning": reply.thought})
        for piece in reply.pieces:
            yield self.chunk(body, {"content": piece})
        for index, (name, args) in enumerate(reply.calls):
            for delta in self.call_deltas(index, name, args):
                yield self.chunk(body, {"tool_calls": [delta]})
        if not reply.cut:
            end = reply.end or ("tool_calls" if reply.calls else "stop")
            yield from self.ending(body, end, dict(reply.usage or self.usage))

    def call_deltas(self, index: int, name: str, args: str) -> Iterator[dict[str, Any]]:
        """A call comes in parts: its name, then its arguments a few characters at a time."""
        first = {"name": name, "arguments": ""}
        yield {"index": index, "id": self.id_of(index), "type": "function", "function": first}
        again = {"name": name} if self.repeats_names else {}
        for start in range(0, len(args), 7):
            yield {"index": index, "function": {**again, "arguments": args[start : start + 7]}}

    def id_of(self, index: int) -> str:
        return "call_0" if self.repeats_ids else f"call_{index}"

    def whole(self, reply: Scripted, body: dict[str, Any]) -> dict[str, Any]:
        calls = [
            {
                "id": self.id_of(n),
                "type": "function",
                "function": {"name": name, "arguments": args},
            }
            for n, (name, args) in enumerate(reply.calls)
        ]
        message = {
            "role": "assistant",
            "content": "".join(reply.pieces) or None,
            **({"tool_calls": calls} if calls else {}),
            **({"reasoning": reply.thought} if reply.thought else {}),
        }
        end = reply.end or ("tool_calls" if calls else "stop")
        whole = {
            **self.frame({**body, "model": reply.answered or body["model"]}),
            "object": "chat.completion",
            "choices": [{"index": 0, "message": message, "finish_reason": end}],
            "usage": dict(reply.usage or self.usage),
        }
        self.whole_type.model_validate(whole)
        return whole

    def ending(
        self, body: dict[str, Any], end: str, usage: dict[str, Any]
    ) -> Iterator[dict[str, Any]]:
        """The reason, then the usage, where it was asked for, in a chunk with no choice."""
        yield self.chunk(body, {}, end=end)
        if (body.get("stream_options") or {}).get("include_usage"):
            yield self.checked({**self.frame(body), "choices": [], "usage": usage})

    def chunk(
        self, body: dict[str, Any], delta: dict[str, Any], *, end: str = ""
    ) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "finish_reason": end or None}
        return self.checked({**self.frame(body), "choices": [choice]})

    def frame(self, body: dict[str, Any]) -> dict[str, Any]:
        frame = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1764000000}
        return {**frame, "model": body["model"]}

    def checked(self, chunk: dict[str, Any]) -> dict[str, Any]:
        self.chunk_type.model_validate(chunk)
        return chunk


def check_conversation(messages: list[dict[str, Any]]) -> None:
    """Each call of an assistant message is answered once, right after it; nothing else is."""
    open_calls: set[str] = set()
    for number, message in enumerate(messages):
        if message["role"] == "tool":
            if message["tool_call_id"] not in open_calls:
                raise BadRequest(f"messages[{number}]: no preceding call has this tool_call_id")
            open_calls.remove(message["tool_call_id"])
            continue
        if open_calls:
            raise BadRequest(f"messages[{number}]: these calls had no answer: {open_calls}")
        if message["role"] == "assistant":
            open_calls = _calls_of(message, number)
    if open_calls:
        raise BadRequest(f"these calls had no answer: {open_calls}")


def _calls_of(message: dict[str, Any], number: int) -> set[str]:
    calls = message.get("tool_calls", [])
    if not calls and not message.get("content"):
        raise BadRequest(f"messages[{number}]: neither content nor tool_calls")
    for call in calls:
        if not _NAME.fullmatch(call["function"]["name"]):
            raise BadRequest(f"messages[{number}]: {call['function']['name']!r} is no name")
    ids = {call["id"] for call in calls}
    if len(ids) < len(calls):
        raise BadRequest(f"messages[{number}]: two calls with one id")
    return ids


def check_tools(tools: list[dict[str, Any]]) -> None:
    names = [tool["function"]["name"] for tool in tools]
    if len(set(names)) < len(names):
        raise BadRequest("tools: a name twice")
    for tool in tools:
        function = tool["function"]
        if not _NAME.fullmatch(function["name"]):
            raise BadRequest(f"tools: {function['name']!r} is no name")
        if len(function.get("description", "")) > 1024:
            raise BadRequest(f"tools: the description of {function['name']} is too long")
        if function.get("parameters", {}).get("type", "object") != "object":
            raise BadRequest(f"tools: the parameters of {function['name']} are no object")
        _check_schema(function.get("parameters", {}), function["name"])


def _check_schema(schema: dict[str, Any], where: str) -> None:
    if "type" in schema and schema["type"] not in _TYPES:
        raise BadRequest(f"tools: {where} has the type {schema['type']!r}")
    if schema.get("type") == "array" and "items" not in schema:
        raise BadRequest(f"tools: {where} is an array of nothing")
    missing = set(schema.get("required", [])) - set(schema.get("properties", {}))
    if missing:
        raise BadRequest(f"tools: {where} requires {missing}, which it does not have")
    for name, one in schema.get("properties", {}).items():
        _check_schema(one, f"{where}.{name}")
    for one in [*schema.get("anyOf", []), *([schema["items"]] if "items" in schema else [])]:
        _check_schema(one, where)

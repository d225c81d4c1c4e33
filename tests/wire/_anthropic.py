"""Anthropic's Messages API: the types of the package `anthropic`, and the service's rules."""

import json
import re
from collections.abc import Iterator
from typing import Any

from anthropic.types import Message, RawMessageStreamEvent
from anthropic.types.message_create_params import (
    MessageCreateParamsNonStreaming,
    MessageCreateParamsStreaming,
)
from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request

from tests.wire._openai import forbidding
from tests.wire._server import BadRequest, Scripted, Wire, walked

__all__ = ["AnthropicWire"]

_NAME = re.compile(r"[a-zA-Z0-9_-]{1,128}")
_REQUEST = forbidding(MessageCreateParamsStreaming | MessageCreateParamsNonStreaming)
_EVENT: TypeAdapter[Any] = TypeAdapter(RawMessageStreamEvent)
_USAGE = {"input_tokens": 100, "output_tokens": 20}
_ERRORS = {
    400: "invalid_request_error",
    401: "authentication_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    529: "overloaded_error",
}


class AnthropicWire(Wire):
    path = "/v1/messages"

    @property
    def base_url(self) -> str:
        return self.url

    def authorised(self, request: Request) -> bool:
        """The client of 2026 sends a bearer token, those before it a header of their own."""
        return request.headers.get("x-api-key") == self.key or super().authorised(request)

    def check(self, body: dict[str, Any], request: Request) -> None:
        if "anthropic-version" not in request.headers:
            raise BadRequest("anthropic-version: header is required")
        try:
            walked(_REQUEST.validate_python(body))
        except ValidationError as error:
            raise BadRequest(str(error)) from error
        _check_messages(body["messages"])
        for tool in body.get("tools", []):
            if not _NAME.fullmatch(tool["name"]):
                raise BadRequest(f"tools: {tool['name']!r} is no name")
            if tool["input_schema"].get("type") != "object":
                raise BadRequest(f"tools: the input of {tool['name']} is no object")

    def failure(self, status: int, message: str) -> dict[str, Any]:
        error = {"type": _ERRORS.get(status, "api_error"), "message": message}
        return {"type": "error", "error": error, "request_id": "req_1"}

    def event(self, chunk: dict[str, Any]) -> str:
        return f"event: {chunk['type']}\r\n{super().event(chunk)}"

    def chunks(self, reply: Scripted, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """What was counted comes with the beginning, and whole with the end."""
        usage = dict(reply.usage or _USAGE)
        begun = {**self._message(reply, body, [], end=None), "usage": {**usage, "output_tokens": 1}}
        yield _checked({"type": "message_start", "message": begun})
        for index, block in enumerate(_blocks(reply)):
            yield from _block(index, block, reply.pieces)
        if not reply.cut:
            end = {"stop_reason": _end(reply), "stop_sequence": None}
            yield _checked({"type": "message_delta", "delta": end, "usage": usage})
            yield _checked({"type": "message_stop"})

    def whole(self, reply: Scripted, body: dict[str, Any]) -> dict[str, Any]:
        return self._message(reply, body, _blocks(reply), end=_end(reply))

    def _message(
        self,
        reply: Scripted,
        body: dict[str, Any],
        blocks: list[dict[str, Any]],
        *,
        end: str | None,
    ) -> dict[str, Any]:
        message = {
            "id": "msg_1",
            "type": "message",
            "role": "assistant",
            "model": reply.answered or body["model"],
            "content": blocks,
            "stop_reason": end,
            "stop_sequence": None,
            "usage": dict(reply.usage or _USAGE),
        }
        Message.model_validate(message)
        return message


def _checked(event: dict[str, Any]) -> dict[str, Any]:
    _EVENT.validate_python(event)
    return event


def _end(reply: Scripted) -> str:
    return reply.end or ("tool_use" if reply.calls else "end_turn")


def _blocks(reply: Scripted) -> list[dict[str, Any]]:
    blocks: list[dict[str, Any]] = []
    if reply.thought:
        blocks.append({"type": "thinking", "thinking": reply.thought, "signature": "c2ln"})
    if reply.pieces:
        blocks.append({"type": "text", "text": "".join(reply.pieces)})
    for number, (name, args) in enumerate(reply.calls):
        call = {"type": "tool_use", "id": f"toolu_{number}", "name": name}
        blocks.append({**call, "input": json.loads(args)})
    return blocks


def _block(index: int, block: dict[str, Any], pieces: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """A block opens empty, grows and closes."""
    empty = {"thinking": "", "signature": "", "text": "", "input": {}}
    opened = {name: empty.get(name, value) for name, value in block.items()}
    yield _checked({"type": "content_block_start", "index": index, "content_block": opened})
    for delta in _deltas(block, pieces):
        yield _checked({"type": "content_block_delta", "index": index, "delta": delta})
    yield _checked({"type": "content_block_stop", "index": index})


def _deltas(block: dict[str, Any], pieces: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    if block["type"] == "thinking":
        yield {"type": "thinking_delta", "thinking": block["thinking"]}
        yield {"type": "signature_delta", "signature": block["signature"]}
    elif block["type"] == "text":
        for piece in pieces:
            yield {"type": "text_delta", "text": piece}
    else:
        args = json.dumps(block["input"])
        yield {"type": "input_json_delta", "partial_json": ""}
        for start in range(0, len(args), 7):
            yield {"type": "input_json_delta", "partial_json": args[start : start + 7]}


def _check_messages(messages: list[dict[str, Any]]) -> None:
    """Calls are answered at the beginning of the very next message; no text is empty."""
    if messages[0]["role"] != "user":
        raise BadRequest("messages.0: the first message must use the user role")
    calls: list[str] = []
    for number, message in enumerate(messages):
        blocks = _content(message, number)
        results = [b["tool_use_id"] for b in blocks if b["type"] == "tool_result"]
        first = [b["type"] == "tool_result" for b in blocks[: len(results)]]
        if sorted(results) != sorted(calls) or not all(first):
            raise BadRequest(f"messages.{number}: results {results} do not answer calls {calls}")
        calls = [b["id"] for b in blocks if b["type"] == "tool_use"]
        if len(set(calls)) < len(calls) or not all(map(_NAME.fullmatch, calls)):
            raise BadRequest(f"messages.{number}: ids of calls must be unique words: {calls}")
    if calls:
        raise BadRequest(f"these calls had no answer: {calls}")


def _content(message: dict[str, Any], number: int) -> list[dict[str, Any]]:
    content = message["content"]
    blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
    if not blocks or any(b["type"] == "text" and not b["text"].strip() for b in blocks):
        raise BadRequest(f"messages.{number}: text content blocks must be non-empty")
    return list(blocks)

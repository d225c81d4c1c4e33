"""The Gemini API v1beta: the types of the package `google-genai`, and the service's rules."""

import base64
import binascii
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from google.genai import types
from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request

from tests.wire._server import BadRequest, Scripted, Wire

__all__ = ["GeminiWire"]

_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_:.-]{0,63}")
_FIELDS: dict[str, TypeAdapter[Any]] = {
    "contents": TypeAdapter(list[types.Content]),
    "systemInstruction": TypeAdapter(types.Content),
    "tools": TypeAdapter(list[types.Tool]),
    "toolConfig": TypeAdapter(types.ToolConfig),
    "safetySettings": TypeAdapter(list[types.SafetySetting]),
    "generationConfig": TypeAdapter(types.GenerationConfig),
}
_USAGE = {"promptTokenCount": 100, "candidatesTokenCount": 20, "totalTokenCount": 120}
_SKIP = "skip_thought_signature_validator"


class GeminiWire(Wire):
    path = "/v1beta/models/{model}:{method}"

    def __init__(self, *script: Scripted, key: str = "key-of-the-tests") -> None:
        super().__init__(*script, key=key)
        self.issued: set[str] = set()

    @property
    def base_url(self) -> str:
        return self.url

    def authorised(self, request: Request) -> bool:
        return request.headers.get("x-goog-api-key") == self.key and "key=" not in str(request.url)

    def check(self, body: dict[str, Any], request: Request) -> None:
        if self.streams(body, request) and request.query_params.get("alt") != "sse":
            raise BadRequest("this server streams server-sent events only: alt=sse")
        unknown = set(body) - set(_FIELDS)
        if unknown:
            raise BadRequest(f"Unknown name: {unknown}")
        for name, value in body.items():
            try:
                _FIELDS[name].validate_python(value)
            except ValidationError as error:
                raise BadRequest(f"{name}: {error}") from error
        _check_contents(body["contents"])
        if int(re.findall(r"gemini-(\d+)", request.path_params["model"])[0]) >= 3:
            self._check_signatures(body["contents"])
        for tool in body.get("tools", []):
            for function in tool["functionDeclarations"]:
                _check_function(function)

    def streams(self, body: dict[str, Any], request: Request) -> bool:
        return bool(request.path_params["method"] == "streamGenerateContent")

    def failure(self, status: int, message: str) -> dict[str, Any]:
        names = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 429: "RESOURCE_EXHAUSTED"}
        name = names.get(status, "UNAVAILABLE")
        return {"error": {"code": status, "message": message, "status": name}}

    def chunks(self, reply: Scripted, body: dict[str, Any]) -> Iterator[dict[str, Any]]:
        if reply.thought:
            yield self._chunk(reply, [{"text": reply.thought, "thought": True}])
        for piece in reply.pieces:
            yield self._chunk(reply, [{"text": piece}])
        for index, (name, args) in enumerate(reply.calls):
            part: dict[str, Any] = {"functionCall": {"name": name, "args": json.loads(args)}}
            if index < len(reply.signatures):
                part["thoughtSignature"] = reply.signatures[index]
                self.issued.add(reply.signatures[index])
            yield self._chunk(reply, [part])
        if not reply.cut:
            yield self._chunk(reply, [], end=reply.end or "STOP")

    def whole(self, reply: Scripted, body: dict[str, Any]) -> dict[str, Any]:
        """The parts of all chunks in one."""
        chunks = list(self.chunks(replace(reply, cut=""), body))
        parts = [p for one in chunks for p in one["candidates"][0]["content"]["parts"]]
        last = chunks[-1]["candidates"][0]
        content = {"role": "model", "parts": [p for p in parts if p != {"text": ""}] or parts[:1]}
        whole = {**chunks[-1], "candidates": [{**last, "content": content}]}
        types.GenerateContentResponse.model_validate(whole)
        return whole

    def _chunk(
        self, reply: Scripted, parts: list[dict[str, Any]], *, end: str = ""
    ) -> dict[str, Any]:
        """The usage stands in every chunk and grows; the model's name too."""
        content = {"role": "model", "parts": parts or [{"text": ""}]}
        candidate = {"content": content, "index": 0, **({"finishReason": end} if end else {})}
        chunk = {
            "candidates": [candidate],
            "usageMetadata": dict(reply.usage or _USAGE),
            "modelVersion": reply.answered or "gemini-3.8-flash",
            "responseId": "r1",
        }
        types.GenerateContentResponse.model_validate(chunk)
        return chunk

    def _check_signatures(self, contents: list[dict[str, Any]]) -> None:
        """In the current turn the first call of each step must bring back its signature."""
        asked = max(i for i, one in enumerate(contents) if _says_something(one))
        for content in contents[asked:]:
            calls = [part for part in content["parts"] if "functionCall" in part]
            if content["role"] == "model" and calls:
                signature = calls[0].get("thoughtSignature", "")
                if signature not in self.issued and _plain(signature) != _SKIP:
                    raise BadRequest("Function call is missing a thought_signature.")


def _says_something(content: dict[str, Any]) -> bool:
    return content["role"] == "user" and any("text" in part for part in content["parts"])


def _plain(signature: str) -> str:
    try:
        return base64.b64decode(signature, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return signature


def _check_contents(contents: list[dict[str, Any]]) -> None:
    """Roles, parts, and each turn of calls answered by a turn of as many responses by name."""
    calls: list[str] = []
    before = ""
    for content in contents:
        if content["role"] not in ("user", "model"):
            raise BadRequest("Please use a valid role: user, model.")
        if not content.get("parts") or any(part.get("text") == "" for part in content["parts"]):
            raise BadRequest("contents.parts must not be empty.")
        answers = [
            p["functionResponse"]["name"] for p in content["parts"] if "functionResponse" in p
        ]
        if answers != calls:
            raise BadRequest(f"function responses {answers} do not answer the calls {calls}")
        calls = [p["functionCall"]["name"] for p in content["parts"] if "functionCall" in p]
        if calls and before != "user":
            raise BadRequest("a function call turn comes immediately after a user turn")
        before = content["role"]
    if calls or before != "user":
        raise BadRequest("the last turn must be the user's or a function response")


def _check_function(function: dict[str, Any]) -> None:
    if not _NAME.fullmatch(function["name"]):
        raise BadRequest(f"Invalid function name: {function['name']}")
    if "parameters" in function:
        if function["parameters"].get("type") != "OBJECT":
            raise BadRequest(f"parameters of {function['name']}: type must be OBJECT")
        _check_schema(function["parameters"], function["name"])


def _check_schema(schema: dict[str, Any], where: str) -> None:
    kind = schema.get("type")
    if kind == "STRING" and schema.get("format") not in (None, "enum", "date-time"):
        raise BadRequest(f"{where}: only 'enum' and 'date-time' are supported for STRING type")
    if kind == "OBJECT" and not schema.get("properties"):
        raise BadRequest(f"{where}: should be non-empty for OBJECT type")
    if kind == "ARRAY" and "items" not in schema:
        raise BadRequest(f"{where}: items: missing field")
    if not kind and "anyOf" not in schema:
        raise BadRequest(f"{where}: no type")
    if not set(schema.get("required", [])) <= set(schema.get("properties", {})):
        raise BadRequest(f"{where}: required: property is not defined")
    for name, one in schema.get("properties", {}).items():
        _check_schema(one, f"{where}.{name}")
    for one in [*schema.get("anyOf", []), *([schema["items"]] if "items" in schema else [])]:
        _check_schema(one, where)

"""Groq: Chat Completions with its own path, its own types, and its usage under `x_groq`."""

from collections.abc import Iterator
from typing import Any

from groq.types.chat import ChatCompletion, ChatCompletionChunk
from groq.types.chat.completion_create_params import CompletionCreateParams

from tests.wire._openai import OpenAIWire, forbidding

__all__ = ["GroqWire"]

_USAGE = {
    "prompt_tokens": 100,
    "completion_tokens": 20,
    "total_tokens": 120,
    "prompt_time": 0.01,
    "completion_time": 0.02,
    "total_time": 0.03,
}


class GroqWire(OpenAIWire):
    path = "/openai/v1/chat/completions"
    # A union with itself is no union: pydantic takes a setting for one type with None beside it.
    request_type = forbidding(CompletionCreateParams | None)
    chunk_type: Any = ChatCompletionChunk
    whole_type: Any = ChatCompletion
    usage = _USAGE

    @property
    def base_url(self) -> str:
        return self.url

    def call_deltas(self, index: int, name: str, args: str) -> Iterator[dict[str, Any]]:
        """Groq sends a call in one piece."""
        whole = {"name": name, "arguments": args}
        yield {"index": index, "id": self.id_of(index), "type": "function", "function": whole}

    def ending(
        self, body: dict[str, Any], end: str, usage: dict[str, Any]
    ) -> Iterator[dict[str, Any]]:
        last = self.chunk(body, {}, end=end)
        yield self.checked({**last, "x_groq": {"id": "req_1", "usage": usage}})

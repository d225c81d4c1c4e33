"""DeepSeek's Chat Completions: it may count its cache in words of its own, which clients pass over.

https://api-docs.deepseek.com/guides/kv_cache
"""

from typing import Any

from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_openai import ChatOpenAI

__all__ = ["ChatDeepSeek"]


class ChatDeepSeek(ChatOpenAI):
    """Reads `prompt_cache_hit_tokens` as cached tokens where the usual field is not there."""

    def _convert_chunk_to_generation_chunk(
        self, chunk: dict[str, Any], *args: Any, **kwargs: Any
    ) -> ChatGenerationChunk | None:
        _tell_cached(chunk)
        return super()._convert_chunk_to_generation_chunk(chunk, *args, **kwargs)

    def _create_chat_result(self, response: Any, *args: Any, **kwargs: Any) -> ChatResult:
        whole = response if isinstance(response, dict) else response.model_dump(warnings=False)
        _tell_cached(whole)
        return super()._create_chat_result(whole, *args, **kwargs)


def _tell_cached(answer: dict[str, Any]) -> None:
    usage = answer.get("usage") or {}
    hit = usage.get("prompt_cache_hit_tokens")
    if hit and not usage.get("prompt_tokens_details"):
        usage["prompt_tokens_details"] = {"cached_tokens": hit}

"""One small function for each kind of client; what it imports is heavy and stays inside.

Each client sends a request once: it is the gateway that decides who is asked next.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from langchain_core.language_models import BaseChatModel
from pydantic import SecretStr

from zantara.gateway._streaming import HEARD

__all__ = ["CLIENTS", "Endpoint"]

_LONGEST = 4_096


@dataclass(frozen=True)
class Endpoint:
    """A model at an address.

    window: tokens of context. seconds: how long its first word, and each piece after it, may take.
    thinks: how many times longer than an answer a reply may be, thoughts and all.
    """

    model: str
    base_url: str
    key: SecretStr
    window: int
    seconds: float = 60
    thinks: int = 1

    @property
    def longest(self) -> int:
        """Tokens of one reply. A model that repeats itself without end is stopped here; hosts that
        add this to the prompt's length still find room for the prompt.
        """
        return min(_LONGEST * self.thinks, self.window // 4)


def _openai(at: Endpoint) -> BaseChatModel:
    """Chat Completions, which every compatible host speaks; the Responses API few do."""
    from langchain_openai import ChatOpenAI

    return ChatOpenAI(**_completions(at))


def _deepseek(at: Endpoint) -> BaseChatModel:
    """The same, where cached tokens are counted under another name."""
    from zantara.gateway._deepseek import ChatDeepSeek

    return ChatDeepSeek(**_completions(at))


def _completions(at: Endpoint) -> dict[str, Any]:
    """Compatible hosts know max_tokens; the client would call it max_completion_tokens."""
    return dict(
        model=at.model,
        base_url=at.base_url,
        api_key=at.key,
        temperature=0,
        extra_body={"max_tokens": at.longest},
        max_retries=0,
        timeout=at.seconds,
        stream_chunk_timeout=at.seconds,
        stream_usage=True,
        use_responses_api=False,
    )


def _groq(at: Endpoint) -> BaseChatModel:
    """The base URL ends before `/openai/v1`, which the client adds."""
    from groq import DefaultAsyncHttpxClient
    from langchain_groq import ChatGroq

    return ChatGroq(
        model_name=at.model,
        base_url=at.base_url,
        api_key=at.key,
        temperature=0,
        max_tokens=at.longest,
        max_retries=0,
        timeout=at.seconds,
        http_async_client=DefaultAsyncHttpxClient(**HEARD),
    )


def _gemini(at: Endpoint) -> BaseChatModel:
    """`max_retries` counts attempts here: 1 is one request.

    No temperature: Gemini 3 is made for its own, and at 0 it may repeat itself. Vertex is another
    service with other logins; a variable of the machine must not switch to it.
    """
    from langchain_google_genai import ChatGoogleGenerativeAI

    return ChatGoogleGenerativeAI(
        model=at.model,
        base_url=at.base_url,
        google_api_key=at.key,
        max_output_tokens=at.longest,
        max_retries=1,
        timeout=at.seconds,
        client_args=dict(HEARD),
        vertexai=False,
    )


def _anthropic(at: Endpoint) -> BaseChatModel:
    """Claude's own API. The client is an optional extra; OpenRouter serves Claude without it.

    No temperature: the newer models take none but their own.
    """
    try:
        from langchain_anthropic import ChatAnthropic
    except ImportError as error:
        raise ModuleNotFoundError(
            "Claude's own API needs the extra `claude`: pip install -e '.[claude]' (or set"
            " OPENROUTER_API_KEY: OpenRouter serves Claude too)"
        ) from error

    return ChatAnthropic(
        model=at.model,
        base_url=at.base_url,
        api_key=at.key,
        max_tokens_to_sample=at.longest,
        max_retries=0,
        timeout=at.seconds,
        stop=None,
    )


CLIENTS: Mapping[str, Callable[[Endpoint], BaseChatModel]] = {
    "openai": _openai,
    "deepseek": _deepseek,
    "groq": _groq,
    "gemini": _gemini,
    "anthropic": _anthropic,
}
"""By the name that the catalogue uses."""

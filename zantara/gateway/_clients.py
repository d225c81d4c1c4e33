"""One small function for each kind of client; what it imports is heavy and stays inside.

Each client sends a request once: it is the gateway that decides who is asked next. A reply, or the
next piece of one, may take a minute.
"""

from collections.abc import Callable, Mapping

from langchain_core.language_models import BaseChatModel
from pydantic import SecretStr

__all__ = ["CLIENTS"]

_SECONDS = 60


def _openai(model: str, base_url: str, key: str) -> BaseChatModel:
    """Chat Completions, which every compatible host speaks; the Responses API few do."""
    from langchain_openai import ChatOpenAI

    return ChatOpenAI(
        model=model,
        base_url=base_url,
        api_key=SecretStr(key),
        temperature=0,
        max_retries=0,
        timeout=_SECONDS,
        stream_chunk_timeout=_SECONDS,
        stream_usage=True,
        use_responses_api=False,
    )


def _groq(model: str, base_url: str, key: str) -> BaseChatModel:
    """The base URL ends before `/openai/v1`, which the client adds."""
    from langchain_groq import ChatGroq

    return ChatGroq(
        model_name=model,
        base_url=base_url,
        api_key=SecretStr(key),
        temperature=0,
        max_retries=0,
        timeout=_SECONDS,
    )


def _gemini(model: str, base_url: str, key: str) -> BaseChatModel:
    """`max_retries` counts attempts here: 1 is one request, and 0 would be five.

    No temperature: Gemini 3 is made for its own, and at 0 it may repeat itself. Vertex is another
    service with other logins; a variable of the machine must not switch to it.
    """
    from langchain_google_genai import ChatGoogleGenerativeAI

    return ChatGoogleGenerativeAI(
        model=model,
        base_url=base_url,
        google_api_key=SecretStr(key),
        max_retries=1,
        timeout=_SECONDS,
        vertexai=False,
    )


CLIENTS: Mapping[str, Callable[[str, str, str], BaseChatModel]] = {
    "openai": _openai,
    "groq": _groq,
    "gemini": _gemini,
}
"""By the name that the catalogue uses: makes the client of a model at a base URL with a key."""

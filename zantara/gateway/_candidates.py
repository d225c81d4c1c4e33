"""The catalogue, and which of its candidates this process can call."""

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel

from zantara.settings import Settings

__all__ = ["Candidate", "ModelUnavailableError", "candidates_for", "catalogue"]

_CATALOGUE = Path(__file__).with_name("catalogue.toml")


class ModelUnavailableError(RuntimeError):
    """No candidate of the role answered; the message says what each of them said."""


@dataclass(frozen=True)
class Candidate:
    """One model at one host that may answer for a role.

    window: tokens of context. ceiling: US dollars per million tokens, in and out, charged where the
    price list knows no price; (0, 0) only for models that run here.
    """

    provider: str
    model: str
    build: Callable[[], BaseChatModel] = field(repr=False)
    window: int = 32_768
    ceiling: tuple[Decimal, Decimal] = (Decimal(0), Decimal(0))

    @property
    def local(self) -> bool:
        """Whether a call costs nothing because the model runs on this machine."""
        return not any(self.ceiling)


@cache
def catalogue() -> tuple[dict[str, Any], ...]:
    return tuple(tomllib.loads(_CATALOGUE.read_text("utf-8"))["candidate"])


def candidates_for(
    role: str, settings: Settings, *, environ: Mapping[str, str] = os.environ
) -> list[Candidate]:
    """The candidates of `role` that can be called now, in order; `embedded` is always the last."""
    found: list[Candidate] = []
    if settings.model == "auto":
        if settings.openai_base_url:
            found.append(_custom(settings))
        found += [
            _hosted(entry, environ[entry["key"]])
            for entry in catalogue()
            if role in entry["roles"] and environ.get(entry["key"])
        ]
    return [*found, Candidate("embedded", "embedded", _embedded)]


def _embedded() -> BaseChatModel:
    from zantara.gateway.embedded import EmbeddedModel

    return EmbeddedModel()


def _custom(settings: Settings) -> Candidate:
    if not settings.openai_model:
        raise ValueError(
            "ZANTARA_OPENAI_MODEL: empty; with ZANTARA_OPENAI_BASE_URL set, name the model that"
            " answers there"
        )
    key = settings.openai_api_key.get_secret_value() or "none"
    build = _openai_client(settings.openai_model, settings.openai_base_url, key)
    return Candidate("custom", settings.openai_model, build)


def _hosted(entry: Mapping[str, Any], key: str) -> Candidate:
    ceiling_in, ceiling_out = (Decimal(str(price)) for price in entry["ceiling"])
    build = _openai_client(entry["model"], entry["base_url"], key)
    return Candidate(
        entry["provider"], entry["model"], build, entry["window"], (ceiling_in, ceiling_out)
    )


def _openai_client(model: str, base_url: str, key: str) -> Callable[[], BaseChatModel]:
    def build() -> BaseChatModel:
        from langchain_openai import ChatOpenAI
        from pydantic import SecretStr

        return ChatOpenAI(
            model=model,
            base_url=base_url,
            api_key=SecretStr(key),
            temperature=0,
            max_retries=0,
            timeout=60,
            stream_usage=True,
        )

    return build

"""The catalogue, and which of its candidates this process can call."""

import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, partial
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel
from pydantic import SecretStr

from zantara.gateway._clients import CLIENTS, Endpoint
from zantara.settings import Settings

__all__ = [
    "BrokenOffError",
    "Candidate",
    "ModelUnavailableError",
    "candidates_for",
    "catalogue",
]

_CATALOGUE = Path(__file__).with_name("catalogue.toml")


class ModelUnavailableError(RuntimeError):
    """No candidate of the role answered; the message says what each of them said."""


class BrokenOffError(ModelUnavailableError):
    """An answer broke off after its first piece, so that no other model may answer in its place.

    shown: the text that was handed on.
    """

    def __init__(self, message: str, shown: str) -> None:
        super().__init__(message)
        self.shown = shown


@dataclass(frozen=True)
class Candidate:
    """One model at one host that may answer for a role.

    window: tokens of context. ceiling: US dollars per million tokens, in and out, charged where the
    price list knows no price; (0, 0) only for models that run here. client: which wire format its
    host speaks; empty for a model inside of this process. secret: its key, to be cut from whatever
    the host says.
    """

    provider: str
    model: str
    build: Callable[[], BaseChatModel] = field(repr=False)
    window: int = 32_768
    ceiling: tuple[Decimal, Decimal] = (Decimal(0), Decimal(0))
    client: str = ""
    secret: str = field(default="", repr=False)

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
            _hosted(entry, environ)
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
    key = settings.openai_api_key.get_secret_value()
    at = Endpoint(
        settings.openai_model,
        settings.openai_base_url,
        SecretStr(key or "none"),
        window=settings.openai_window,
        seconds=settings.openai_timeout,
    )
    return Candidate(
        "custom",
        at.model,
        partial(CLIENTS["openai"], at),
        window=at.window,
        client="openai",
        secret=key,
    )


def _hosted(entry: Mapping[str, Any], environ: Mapping[str, str]) -> Candidate:
    """The variable of its base URL leads to a proxy, or to a local server that speaks for the host."""
    key = environ[entry["key"]].strip()
    base_url = environ.get(entry["base_url_variable"]) or entry["base_url"]
    at = Endpoint(entry["model"], base_url, SecretStr(key), window=entry["window"])
    ceiling_in, ceiling_out = (Decimal(str(price)) for price in entry["ceiling"])
    return Candidate(
        entry["provider"],
        at.model,
        partial(CLIENTS[entry["client"]], at),
        window=at.window,
        ceiling=(ceiling_in, ceiling_out),
        client=entry["client"],
        secret=key,
    )

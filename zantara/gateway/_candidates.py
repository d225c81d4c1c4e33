"""Which models of the catalogue this process can call, by the keys and addresses it was given."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

from langchain_core.language_models import BaseChatModel
from pydantic import SecretStr

from zantara.gateway._catalogue import Model, Provider, Quota, catalogue
from zantara.gateway._clients import CLIENTS, Endpoint
from zantara.gateway._errors import SettingError
from zantara.settings import Settings

__all__ = ["Candidate", "candidates_for"]


@dataclass(frozen=True)
class Candidate:
    """One model at one host that may answer for a role.

    window: tokens of context. longest: tokens of one reply. ceiling: US dollars per million tokens, in
    and out: reserved before a call, and charged where the price list knows no price; (0, 0) only for
    models that run on machines of yours. client: which wire format its host speaks; empty for a model
    inside of this process. secret: its key, to be cut from whatever the host says. enabled_by: the
    variable that holds the key. quota: kept to before the host has to say so. seconds: how long its
    first word may take. gpu_hour, idle_seconds: what its machine costs while it is awake.
    """

    provider: str
    model: str
    build: Callable[[], BaseChatModel] = field(repr=False)
    window: int = 32_768
    longest: int = 4_096
    ceiling: tuple[Decimal, Decimal] = (Decimal(0), Decimal(0))
    client: str = ""
    secret: str = field(default="", repr=False)
    enabled_by: str = ""
    quota: Quota | None = None
    seconds: float = 60.0
    gpu_hour: Decimal = Decimal(0)
    idle_seconds: int = 0

    @property
    def local(self) -> bool:
        """Whether a call costs nothing because the model runs on a machine of yours."""
        return not any(self.ceiling) and not self.gpu_hour

    @property
    def key(self) -> tuple[str, str]:
        """What its health is kept under: the same model at the same host in every role."""
        return self.provider, self.model


def candidates_for(
    role: str, settings: Settings, *, environ: Mapping[str, str] = os.environ
) -> list[Candidate]:
    """The candidates of `role` that can be called now, in order; `embedded` is always the last.

    Raises ValueError for a role that is not in the catalogue, SettingError for a wrong setting.
    """
    known = catalogue()
    _check_tiers(settings)
    if role not in known.roles:
        raise ValueError(f"role: {role!r} is not known; accepted: {', '.join(known.roles)}")
    found: list[Candidate] = []
    if settings.model == "auto":
        if settings.openai_base_url:
            found.append(_custom(settings))
        found += [
            _hosted(name, settings, environ)
            for name in known.roles[role]
            if environ.get(known.host(name).enabled_by)
        ]
    return [*found, Candidate("embedded", "embedded", _embedded)]


def _check_tiers(settings: Settings) -> None:
    """A misspelt name would cost money."""
    free = [name for name, one in catalogue().provider.items() if one.free]
    wrong = sorted(settings.on_free_tiers - set(free))
    if wrong:
        raise SettingError(
            f"ZANTARA_FREE_TIERS: {wrong[0]!r} has no free tier here; accepted: {', '.join(free)}"
        )


def _embedded() -> BaseChatModel:
    from zantara.gateway.embedded import EmbeddedModel

    return EmbeddedModel()


def _custom(settings: Settings) -> Candidate:
    if not settings.openai_model:
        raise SettingError(
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
        longest=at.longest,
        client="openai",
        secret=key,
        enabled_by="ZANTARA_OPENAI_API_KEY",
        seconds=at.seconds,
    )


def _hosted(name: str, settings: Settings, environ: Mapping[str, str]) -> Candidate:
    """The variable of its base URL leads to a proxy, or to a local server that speaks for the host."""
    model, host = catalogue().model[name], catalogue().host(name)
    at = _endpoint(model, host, environ)
    provider = name.partition("/")[0]
    free = provider in settings.on_free_tiers
    return Candidate(
        provider,
        at.model,
        partial(CLIENTS[host.client], at),
        window=at.window,
        longest=at.longest,
        ceiling=(Decimal(0), Decimal(0)) if free else model.ceiling,
        client=host.client,
        secret=environ.get(host.key, "").strip() if host.key else "",
        enabled_by=host.key or host.base_url_variable,
        quota=host.free if free else None,
        seconds=at.seconds,
        gpu_hour=host.gpu_hour,
        idle_seconds=host.idle_seconds,
    )


def _endpoint(model: Model, host: Provider, environ: Mapping[str, str]) -> Endpoint:
    """A machine of yours may be asleep, and its first word takes as long as it takes to wake up."""
    key = environ.get(host.key, "").strip() if host.key else ""
    return Endpoint(
        environ.get(host.model_variable) or model.model,
        environ.get(host.base_url_variable) or host.base_url,
        SecretStr(key or "none"),
        window=model.window,
        seconds=120 if host.own else 30,
        thinks=model.thinks,
    )

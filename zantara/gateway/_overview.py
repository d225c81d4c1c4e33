"""Roles and their candidates as a person looks at them: what is live, what it costs, what lacks."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from zantara.costs import Prices, TokenPrice
from zantara.gateway._candidates import candidates_for
from zantara.gateway._catalogue import catalogue
from zantara.settings import Settings

__all__ = ["CandidateView", "RoleView", "overview"]


@dataclass(frozen=True, slots=True)
class CandidateView:
    """One model that may answer for a role.

    live: its key or address is set. enabled_by: the variable that would make it so. price: US dollars
    per million tokens today; None: the list knows none, and the ceiling is charged.
    per_hour: of a rented GPU. ends_in: days until its host stops serving it.
    """

    provider: str
    model: str
    live: bool
    enabled_by: str
    window: int
    price: TokenPrice | None
    ceiling: tuple[Decimal, Decimal]
    per_hour: Decimal
    free_tier: str
    on_free_tier: bool
    sunset: date | None
    ends_in: int | None


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role, who answers now, and all who may, in order. enable: any of these variables gives it a
    hosted model; empty when it has one.
    """

    role: str
    answers: str
    candidates: tuple[CandidateView, ...]
    enable: tuple[str, ...]


def overview(
    settings: Settings, now: datetime, *, environ: Mapping[str, str] = os.environ
) -> list[RoleView]:
    """Every role of the catalogue, in its order."""
    return [_role(role, settings, now, environ) for role in catalogue().roles]


def _role(role: str, settings: Settings, now: datetime, environ: Mapping[str, str]) -> RoleView:
    first = candidates_for(role, settings, environ=environ)[0]
    views = tuple(_view(name, settings, now, environ) for name in catalogue().roles[role])
    missing = dict.fromkeys(one.enabled_by for one in views) if not first.client else {}
    return RoleView(role, f"{first.provider} {first.model}", views, tuple(missing))


def _view(
    name: str, settings: Settings, now: datetime, environ: Mapping[str, str]
) -> CandidateView:
    known = catalogue()
    model, host, provider = known.model[name], known.host(name), name.partition("/")[0]
    served = environ.get(host.model_variable) or model.model
    return CandidateView(
        provider=provider,
        model=served,
        live=settings.model == "auto" and bool(environ.get(host.enabled_by)),
        enabled_by=host.enabled_by,
        window=model.window,
        price=None if host.own else Prices(settings.prices_file).listed(provider, served, now),
        ceiling=model.ceiling,
        per_hour=host.gpu_hour,
        free_tier=str(host.free or ""),
        on_free_tier=provider in settings.free_tiers.replace(",", " ").split(),
        sunset=model.sunset,
        ends_in=(model.sunset - now.date()).days if model.sunset else None,
    )

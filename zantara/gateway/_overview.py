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

__all__ = ["SOON", "CandidateView", "RoleView", "ending", "overview"]

SOON = 30
"""Days before its sunset from which a model is warned of."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a look at the catalogue goes by."""

    settings: Settings
    now: datetime
    environ: Mapping[str, str]
    prices: Prices


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
    seen = _Seen(settings, now, environ, Prices(settings.prices_file))
    return [_role(role, seen) for role in catalogue().roles]


def ending(
    settings: Settings, now: datetime, *, environ: Mapping[str, str] = os.environ
) -> list[tuple[str, int]]:
    """The live models that their hosts stop serving within 30 days: name, days that are left."""
    views = (one for role in overview(settings, now, environ=environ) for one in role.candidates)
    return sorted(
        {
            (f"{one.provider} {one.model}", one.ends_in)
            for one in views
            if one.live and one.ends_in is not None and one.ends_in < SOON
        }
    )


def _role(role: str, seen: _Seen) -> RoleView:
    settings, environ = seen.settings, seen.environ
    first = candidates_for(role, settings, environ=environ)[0]
    views = tuple(_view(name, seen) for name in catalogue().roles[role])
    missing = dict.fromkeys(one.enabled_by for one in views) if not first.client else {}
    return RoleView(role, f"{first.provider} {first.model}", views, tuple(missing))


def _view(name: str, seen: _Seen) -> CandidateView:
    known, environ, today = catalogue(), seen.environ, seen.now.date()
    model, host, provider = known.model[name], known.host(name), name.partition("/")[0]
    served = environ.get(host.model_variable) or model.model
    return CandidateView(
        provider=provider,
        model=served,
        live=seen.settings.model == "auto" and bool(environ.get(host.enabled_by)),
        enabled_by=host.enabled_by,
        window=model.window,
        price=None if host.own else seen.prices.listed(provider, served, seen.now),
        ceiling=model.ceiling,
        per_hour=host.gpu_hour,
        free_tier=str(host.free or ""),
        on_free_tier=provider in seen.settings.on_free_tiers,
        sunset=model.sunset,
        ends_in=(model.sunset - today).days if model.sunset else None,
    )

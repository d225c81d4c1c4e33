"""What each arm costs a month, and the old figures beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from zantara.costs.prices import Prices, TokenPrice
from zantara.costs.scenarios._data import ARMS, CASES, Range, assumptions, case

__all__ = ["ArmCost", "UnknownPriceError", "Usage", "arm_costs", "paid_tools", "usage_of"]

_KINDS = ("none", "one", "few", "many")


class UnknownPriceError(LookupError):
    """The price list knows no price of a model that the scenarios use; it is never taken for zero."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Of one query on average: model calls, prompt tokens, those read from the cache, reply tokens."""

    calls: Decimal
    tokens_in: Decimal
    cached: Decimal
    tokens_out: Decimal

    def cost(self, price: TokenPrice) -> Decimal:
        read = price.input if price.cached is None else price.cached
        fresh = self.tokens_in - self.cached
        return (fresh * price.input + self.cached * read + self.tokens_out * price.output) / 10**6


@dataclass(frozen=True, slots=True)
class ArmCost:
    """US dollars a month: models, paid tools, both; old: what the old design said."""

    arm: str
    models: Range
    tools: Range
    total: Range
    old: Decimal


def usage_of(part: str, name: str) -> Usage:
    """What one query needs of a part (an arm's own model, workspace, classifier) in a case."""
    calls = _calls(part, name)
    tokens = assumptions()["tokens"]
    fixed = Decimal(tokens["fixed_characters"][part]) / case(tokens["characters_a_token"], name)
    prompt = fixed + case(tokens["varying"], name)
    return Usage(
        calls,
        calls * prompt,
        calls * fixed * case(tokens["cached"], name),
        calls * case(tokens["reply"], name),
    )


def _calls(part: str, name: str) -> Decimal:
    """Model calls of an average query. What the tables answer alone asks nobody."""
    traffic, calls = assumptions()["traffic"], assumptions()["calls"]
    asked = {kind: Decimal(str(traffic[kind])) for kind in _KINDS}
    asked["none"] *= 1 - case(calls["exact"], name)
    if part == "classifier":
        return sum(asked.values(), Decimal(0))
    if part == "workspace":
        tools = asked["one"] + asked["few"] + asked["many"]
        return tools * case(calls["workspace_share"], name) * case(calls["workspace_calls"], name)
    return sum((asked[kind] * case(calls[kind], name) for kind in _KINDS), Decimal(0))


def arm_costs(queries: int, at: datetime, prices: Prices) -> list[ArmCost]:
    """Each arm in the three cases. Raises UnknownPriceError."""
    tools = {name: paid_tools(queries, name) for name in CASES}
    found = []
    for arm in ARMS:
        models = {name: _models(arm, name, queries, at, prices) for name in CASES}
        total = [models[name] + tools[name] for name in CASES]
        found.append(
            ArmCost(
                arm,
                Range.of(models.values()),
                Range.of(tools.values()),
                Range.of(total),
                Decimal(assumptions()["old"][arm]),
            )
        )
    return found


def _models(arm: str, name: str, queries: int, at: datetime, prices: Prices) -> Decimal:
    """A month of an arm's models: its own, and those that help it."""
    parts = {"hybrid": ("hybrid", "workspace"), "budget": ("budget", "classifier")}.get(arm, (arm,))
    query = sum(
        (usage_of(one, name).cost(price_of(one, name, at, prices)) for one in parts), Decimal(0)
    )
    return query * queries * int(assumptions()["traffic"]["days"])


def price_of(part: str, name: str, at: datetime, prices: Prices) -> TokenPrice:
    """The listed price of who answers for a part in a case."""
    who = assumptions()["arms"][part]
    model = who["models"][CASES.index(name)]
    found = prices.listed(who["provider"], model, at)
    if found is None:
        raise UnknownPriceError(
            f"{who['provider']} {model}: no price is listed; give it one with ZANTARA_PRICES_FILE"
        )
    return found


def paid_tools(queries: int, name: str) -> Decimal:
    """Maps beyond what is free, and WhatsApp templates, a month."""
    paid: Mapping[str, object] = assumptions()["paid_tools"]
    month = Decimal(queries * int(assumptions()["traffic"]["days"]))
    maps = month * case(paid["maps_share"], name) - case(paid["maps_free_month"], name)
    messages = month * case(paid["whatsapp_share"], name)
    return max(maps, Decimal(0)) * case(paid["maps_call"], name) + messages * case(
        paid["whatsapp_call"], name
    )

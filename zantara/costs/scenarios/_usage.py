"""What an average query of each arm asks of which model: calls, tokens, US dollars."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from zantara.costs.prices import Prices, TokenPrice
from zantara.costs.scenarios._data import Case, case, data
from zantara.gateway import catalogue

__all__ = [
    "KINDS",
    "Load",
    "UnknownPriceError",
    "asked_model",
    "calls_of",
    "loads",
    "price_of",
    "query_cost",
]

KINDS = ("none", "one", "few", "many")
_TOOLS = {"none": Decimal(0), "one": Decimal(1), "few": Decimal("2.5"), "many": Decimal("4.5")}
_MILLION = 10**6


class UnknownPriceError(LookupError):
    """The price list knows no price of a model that would answer; it is never taken for zero."""


@dataclass(frozen=True, slots=True)
class Load:
    """What an average query asks of one model (by its name in the catalogue)."""

    model: str
    calls: Decimal
    tokens_in: Decimal
    cached: Decimal
    tokens_out: Decimal

    @property
    def tokens(self) -> Decimal:
        return self.tokens_in + self.tokens_out

    def cost(self, price: TokenPrice) -> Decimal:
        read = price.input if price.cached is None else price.cached
        whole = (self.tokens_in - self.cached) * price.input + self.cached * read
        return (whole + self.tokens_out * price.output) / _MILLION


def asked_model(role: str) -> str:
    """The first candidate of a role that is paid by the token."""
    known = catalogue()
    return next(name for name in known.roles[role] if not known.host(name).own)


def price_of(model: str, name: Case, at: datetime, prices: Prices) -> TokenPrice:
    """Today's list price; in the upper case the catalogue's ceiling where that is higher: a price
    that doubles in the new year or at some hours. Raises UnknownPriceError.
    """
    entry, provider = catalogue().model[model], model.partition("/")[0]
    listed = prices.listed(provider, entry.model, at)
    if listed is None:
        raise UnknownPriceError(
            f"{provider} {entry.model}: no price is listed; give it one with ZANTARA_PRICES_FILE"
        )
    if name != "upper":
        return listed
    highest = {"input": max(listed.input, entry.ceiling[0])}
    highest["output"] = max(listed.output, entry.ceiling[1])
    return listed.model_copy(update=highest)


def calls_of(kind: str, name: Case) -> Decimal:
    """Model calls of a turn that a model answers."""
    return case(f"calls_{kind}", name) + case("corrected", name)


def loads(arm: str, name: Case) -> list[Load]:
    """Raises KeyError for an arm that is none."""
    return list(_PARTS[arm](name))


def query_cost(arm: str, name: Case, at: datetime, prices: Prices) -> Decimal:
    """Model calls of an average query. Raises UnknownPriceError."""
    found = (one.cost(price_of(one.model, name, at, prices)) for one in loads(arm, name))
    return sum(found, Decimal(0))


def _hybrid(name: Case) -> Iterator[Load]:
    yield _load(asked_model("orchestrator"), "hybrid", _turns(name), name)
    tasks = sum((share for kind, share in _turns(name).items() if kind != "none"), Decimal(0))
    calls = tasks * case("delegated", name) * case("delegated_calls", name)
    yield _of_calls(asked_model("workspace"), "workspace", calls, name, results=calls / 2)


def _centro(name: Case) -> Iterator[Load]:
    yield _load(asked_model("orchestrator"), "direct", _turns(name), name)


def _baseline(name: Case) -> Iterator[Load]:
    yield _load(asked_model("baseline"), "direct", _turns(name), name)


def _budget(name: Case) -> Iterator[Load]:
    """Questions go to `knowledge`; turns with tools to whom the classifier names."""
    turns = _turns(name)
    every = sum(turns.values(), Decimal(0))
    yield _of_calls(asked_model("classifier"), "classifier", every, name, results=Decimal(0))
    for role, share in data().specialists.items():
        part = {kind: turns[kind] * share for kind in KINDS}
        part["none"] = turns["none"] if role == "knowledge" else Decimal(0)
        yield _load(asked_model(role), "specialist", part, name)


_PARTS = {"hybrid": _hybrid, "centro": _centro, "budget": _budget, "baseline": _baseline}


def _turns(name: Case) -> dict[str, Decimal]:
    """Of one average query, the turns of each kind that a model answers."""
    shares = {kind: case(f"share_{kind}", name) for kind in KINDS}
    shares["none"] *= 1 - case("exact", name)
    return shares


def _load(model: str, chars: str, turns: dict[str, Decimal], name: Case) -> Load:
    calls = sum((share * calls_of(kind, name) for kind, share in turns.items()), Decimal(0))
    # A result is read by every later call of its turn; on average by half of the turn's calls.
    read = (_TOOLS[kind] * calls_of(kind, name) / 2 * share for kind, share in turns.items())
    return _of_calls(model, chars, calls, name, results=sum(read, Decimal(0)))


def _of_calls(model: str, chars: str, calls: Decimal, name: Case, *, results: Decimal) -> Load:
    entry = catalogue().model[model].model
    claude = "claude" in entry
    times = case("claude_tokens", name) if claude else Decimal(1)
    fixed = calls * case(f"chars_{chars}", name) / case("characters_a_token", name) * times
    varying = (calls * case("varying", name) + results * case("tool_result", name)) * times
    thought = Decimal(0) if "scout" in model else case("reasoning", name)
    cached = fixed * case("cached_claude" if claude else "cached", name)
    reply = calls * (case("reply", name) * times + thought)
    return Load(model, calls, fixed + varying, cached, reply)

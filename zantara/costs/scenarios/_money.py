"""What each arm costs a month, what it saves, what the old design's own figures come to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from zantara.costs.prices import Prices
from zantara.costs.scenarios._data import ARMS, CASES, Case, Range, case, data
from zantara.costs.scenarios._tables import Row, Table
from zantara.costs.scenarios._usage import KINDS, asked_model, price_of, query_cost

__all__ = ["Month", "corrections", "monthly", "months", "paid_services", "savings"]

_TOOLS = {"one": Decimal(1), "few": Decimal("2.5"), "many": Decimal("4.5")}
_MONTH = "$ a month"


@dataclass(frozen=True, slots=True)
class Month:
    """US dollars of an arm in a month, by case: its models, the paid services."""

    models: Mapping[Case, Decimal]
    services: Mapping[Case, Decimal]

    def total(self, name: Case) -> Decimal:
        return self.models[name] + self.services[name]


def months(queries: int, at: datetime, prices: Prices) -> dict[str, Month]:
    """Every arm. Raises UnknownPriceError."""
    services = {name: paid_services(queries, name) for name in CASES}

    def models(arm: str, name: Case) -> Decimal:
        return query_cost(arm, name, at, prices) * queries * case("days", name)

    return {arm: Month({name: models(arm, name) for name in CASES}, services) for arm in ARMS}


def paid_services(queries: int, name: Case) -> Decimal:
    """Place searches and WhatsApp messages of a month, beyond what is free."""
    turns = {kind: case(f"share_{kind}", name) for kind in KINDS if kind in _TOOLS}
    calls = sum((_TOOLS[kind] * share for kind, share in turns.items()), Decimal(0))
    month = calls * queries * case("days", name)
    found = Decimal(0)
    for what in ("maps", "whatsapp"):
        paid = max(month * case(f"{what}_share", name) - case(f"{what}_free", name), Decimal(0))
        found += paid * case(f"{what}_price", name)
    return found


def monthly(found: Mapping[str, Month]) -> Table:
    old = data().old
    rows = [
        Row(arm, _MONTH, f"${old.of(arm)}", _range(found[arm].total), _why(arm)) for arm in ARMS
    ]
    rows += [
        Row(f"{arm}, models alone", _MONTH, "", Range.of(found[arm].models.values()), "")
        for arm in ARMS
    ]
    services = Range.of(found["hybrid"].services.values())
    why = "place searches and WhatsApp, the same in every arm"
    rows.append(Row("external services", _MONTH, f"${old.external}", services, why))
    return Table("monthly_cost", "Cost of a month", tuple(rows))


def _why(arm: str) -> str:
    if arm == "budget":
        return "classifier and four specialists; the old sum left out external services"
    roles = {"hybrid": ("orchestrator", "workspace"), "baseline": ("baseline",)}
    names = [asked_model(role) for role in roles.get(arm, ("orchestrator",))]
    return f"{' and '.join(names)}, by the token"


def savings(found: Mapping[str, Month]) -> Table:
    """Like case against like case: both arms have the same traffic and much the same prompts."""
    base, old = found["baseline"], data().old
    rows = []
    for arm in ARMS[:-1]:
        one = found[arm]
        saved = [base.total(name) - one.total(name) for name in CASES]
        shares = [100 * gain / base.total(name) for gain, name in zip(saved, CASES, strict=True)]
        was = old.baseline - old.of(arm)
        percent = f"{100 * was / old.baseline:.0f}%"
        rows.append(Row(f"{arm}, saved", _MONTH, f"${was}", Range.of(saved), "against baseline"))
        rows.append(Row(f"{arm}, cheaper", "percent", percent, Range.of(shares), "like cases"))
    return Table("savings", "Saved against baseline, today", tuple(rows))


def corrections(at: datetime, prices: Prices) -> Table:
    """The old design's figures, computed from its own. Raises UnknownPriceError."""
    old = data().old
    day, hours = old.query * old.queries, Decimal(old.gpu_hours)
    sonnet = price_of(asked_model("baseline"), "middle", at, prices)
    stated = f"{old.input_tokens} tokens in, {old.output_tokens} out"
    external = old.external * old.queries / old.external_queries
    per = _month_of(old.queries)
    exact: list[tuple[str, str, str, Decimal, str]] = [
        ("Claude, a day", "$ a day", f"${old.day}", day, "1,500 x $0.08"),
        ("Claude, a month", _MONTH, f"${old.baseline}", day * 30, "$120 x 30"),
        (
            "the same by its tokens",
            _MONTH,
            f"${old.baseline}",
            per(old.input_price, old.output_price),
            f"{stated}, at $15 and $75",
        ),
        (
            "at the old Sonnet's",
            _MONTH,
            f"${old.baseline}",
            per(Decimal(3), Decimal(15)),
            "$3, $15",
        ),
        (
            "at today's Sonnet",
            _MONTH,
            f"${old.baseline}",
            per(sonnet.input, sonnet.output),
            "listed; real prompts are far longer than 500 tokens",
        ),
        ("GPU", _MONTH, f"${old.gpu_month}", hours * old.gpu_price, "255 h x $3.50"),
        ("external services", _MONTH, f"${old.external}", external, "from 1,000 queries to 1,500"),
        ("budget", _MONTH, f"${old.budget}", old.budget_like_for_like, "like for like"),
        ("hybrid, its parts", _MONTH, f"${old.hybrid}", old.hybrid_parts[1], "elsewhere $75"),
        (
            "hybrid, with its GPU hours",
            _MONTH,
            f"${old.hybrid}",
            old.hybrid_parts[1] - old.gpu_month - old.external + hours * old.gpu_price + external,
            "its parts with $892.50 and $72.90 in them",
        ),
        ("hybrid saves", _MONTH, f"${old.saved_month}", old.baseline - old.hybrid, "$450 - $84"),
        ("2-3 s to 0-1 s", "percent faster", "67%", _faster("2.5", "0.5"), "2.5 s to 0.5 s"),
        ("overall", "percent faster", "45%", _faster("11", "6"), "11 s to 6 s, a rejected design"),
    ]
    rows = [Row(name, unit, was, Range.same(new), why) for name, unit, was, new, why in exact]
    return Table("corrections", "The old arithmetic done again", tuple(rows), model=False)


def _month_of(queries: int) -> Callable[[Decimal, Decimal], Decimal]:
    old = data().old

    def cost(price_in: Decimal, price_out: Decimal) -> Decimal:
        query = old.input_tokens * price_in + old.output_tokens * price_out
        return query / 10**6 * queries * 30

    return cost


def _faster(before: str, after: str) -> Decimal:
    return round(100 * (1 - Decimal(after) / Decimal(before)), 1)


def _range(of: Callable[[Case], Decimal]) -> Range:
    return Range.of(of(name) for name in CASES)

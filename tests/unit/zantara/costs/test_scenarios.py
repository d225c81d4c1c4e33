"""The old tables: their arithmetic done again, today's prices, nothing zero by ignorance."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from langchain_core.utils.function_calling import convert_to_openai_tool

import nodes
from tests.kit import AYU
from tools import tools_for, workspace_tools_for
from zantara.cli._costs import command
from zantara.costs import Prices
from zantara.costs.scenarios import (
    Row,
    Scenarios,
    UnknownPriceError,
    awake_hours,
    loads,
    price_of,
    scenarios,
)
from zantara.knowledge import Knowledge

_AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
_TABLES = {
    "monthly_cost",
    "savings",
    "corrections",
    "training",
    "latency",
    "free_tiers",
    "gpu",
}


@pytest.fixture(scope="module")
def found() -> Scenarios:
    return scenarios(1500, _AT)


def _rows(found: Scenarios, table: str) -> dict[str, Row]:
    return {row.name: row for one in found.tables if one.id == table for row in one.rows}


def test_the_old_arithmetic(found: Scenarios) -> None:
    told = {n: (row.old, row.new.middle) for n, row in _rows(found, "corrections").items()}
    assert told["Claude, a day"] == ("$123.75", Decimal(120))
    assert told["Claude, a month"] == ("$450", Decimal(3600))
    assert told["the same by its tokens"] == ("$450", Decimal("3712.5"))
    assert told["at the old Sonnet's"] == ("$450", Decimal("742.5"))
    assert told["GPU"] == ("$30", Decimal("892.50"))
    assert told["external services"] == ("$48.60", Decimal("72.90"))
    assert told["hybrid saves"] == ("$372", Decimal(366))
    assert told["2-3 s to 0-1 s"] == ("67%", Decimal(80))


def test_each_range_is_in_order(found: Scenarios) -> None:
    """None is endless: what never pays stands last."""
    for table in found.tables:
        for row in table.rows:
            new = [row.new.lower, row.new.middle, row.new.upper]
            assert new == sorted(new, key=lambda one: (one is None, one or 0)), row.name


def test_each_case_costs_and_lasts_at_least_as_much_as_the_one_before(found: Scenarios) -> None:
    """Not only sorted for show: the cases themselves are in order."""
    for arm in ("hybrid", "centro", "budget", "baseline"):
        lower, middle, upper = (
            sum(one.tokens for one in loads(arm, name)) for name in ("lower", "middle", "upper")
        )
        assert lower < middle < upper
    for model, cases in found.prices["models"].items():
        assert Decimal(cases["upper"]["output"]) >= Decimal(cases["middle"]["output"]), model


def test_a_month_of_centro_by_hand(found: Scenarios) -> None:
    """22,190 characters at 3.7, 1,700 tokens more, results of 400 read by half of a turn's calls."""
    # Share of queries (a tenth of 0.70 is answered from the tables), model calls, tool calls.
    turns = (("0.63", "1", "0"), ("0.20", "2", "1"), ("0.08", "3", "2.5"), ("0.02", "4", "4.5"))
    calls = read = Decimal(0)
    for share, asked, results in turns:
        each = Decimal(asked) + Decimal("0.05")
        calls += Decimal(share) * each
        read += Decimal(share) * each / 2 * Decimal(results)
    tokens_in = calls * (Decimal(22190) / Decimal("3.7") + 1700) + read * 400
    # No price of cached tokens is listed for Scout: they cost what others cost.
    query = (tokens_in * Decimal("0.1") + calls * 200 * Decimal("0.3")) / 10**6
    month = _rows(found, "monthly_cost")["centro, models alone"].new.middle
    assert month is not None
    assert abs(month - query * 1500 * 30) < Decimal("0.000001")


def test_twice_the_queries_cost_twice_the_models(found: Scenarios) -> None:
    twice = _rows(scenarios(3000, _AT), "monthly_cost")
    for name, row in _rows(found, "monthly_cost").items():
        if name.endswith("models alone"):
            assert round(twice[name].new.middle or 0, 9) == round(2 * (row.new.middle or 0), 9)


def test_a_price_that_nobody_lists_is_never_zero() -> None:
    with pytest.raises(UnknownPriceError, match=r"deepinfra.*ZANTARA_PRICES_FILE"):
        price_of("deepinfra/scout", "middle", _AT, Prices())


def test_a_price_that_is_to_double_stands_in_the_upper_case() -> None:
    assert price_of("google/flash", "middle", _AT, Prices()).output == Decimal("3.75")
    assert price_of("google/flash", "upper", _AT, Prices()).output == Decimal("7.5")


def test_no_free_tier_holds_the_day_and_what_is_not_published_is_not_guessed(
    found: Scenarios,
) -> None:
    told = [row for one in found.tables if one.id == "free_tiers" for row in one.rows]
    why = {(row.name, row.unit): row.why for row in told}
    assert "does not hold" in why[("budget: groq/gpt-oss-20b", "requests a day")]
    assert "does not hold" in why[("budget: groq/gpt-oss-120b", "tokens a day")]
    assert "not published" in why[("hybrid: google/flash", "requests a day")]
    assert "no free tier" in why[("baseline: anthropic/sonnet", "requests a day")]
    few = {row.name: row for one in scenarios(10, _AT).tables for row in one.rows}
    assert few["centro: openrouter/scout"].why.startswith("holds")


def test_a_card_that_sleeps() -> None:
    """One query in 285 s keeps it awake for good; one a day costs its start and one window."""
    assert awake_hours(1500, "middle", "even") == 24
    assert awake_hours(1, "middle", "even") == Decimal(300 + 4 + 180) / 3600
    assert awake_hours(1500, "middle", "bursty") <= 8
    assert awake_hours(5, "middle", "bursty") < 1
    for traffic in ("even", "random", "bursty"):
        hours = [awake_hours(queries, "middle", traffic) for queries in (1, 10, 100, 1000)]
        assert hours == sorted(hours), traffic


def test_a_card_pays_only_where_it_is_cheaper_than_tokens(found: Scenarios) -> None:
    rows = _rows(found, "gpu")
    at = rows["H100 pays from"].new.middle
    tokens, card = rows["Scout by the token"].new.middle, rows["H100, never sleeps"].new.middle
    assert at is not None and tokens is not None and card is not None
    assert tokens / 1500 * at >= card > tokens / 1500 * (at - 1)


def test_training_on_a_card_of_ones_own_can_pay_never(found: Scenarios) -> None:
    rows = _rows(found, "training")
    assert rows["a run"].old == "$20"
    assert rows["a run"].new.lower == 7 * Decimal("3.95")
    assert rows["payback, on an H100 of one's own"].new.upper is None


def test_latency_is_a_model_the_same_each_time_and_says_so(found: Scenarios) -> None:
    table = next(one for one in found.tables if one.id == "latency")
    assert table.model
    assert "not a measurement" in table.title
    again = next(one for one in scenarios(1, _AT).tables if one.id == "latency")
    assert again == table


def _numbers(told: dict[str, Any]) -> Iterator[str]:
    for table in told["tables"]:
        for row in table["rows"]:
            yield from (value for value in row["new"].values() if value is not None)


def test_the_command_prints_all_tables_with_old_and_new() -> None:
    told = json.loads(CliRunner().invoke(command, ["scenarios", "--json"]).output)
    assert {one["id"] for one in told["tables"]} == _TABLES
    for table in told["tables"]:
        assert any(row["old"] for row in table["rows"]), table["id"]
        assert all(row["unit"] for row in table["rows"])
    assert all(isinstance(value, str) and Decimal(value) >= 0 for value in _numbers(told))
    assert {one["basis"] for one in told["figures"].values()} == {"measured", "listed", "assumed"}
    assert all(one["source"] and one["unit"] for one in told["figures"].values())
    assert told["old"]["baseline"] == "450"


def test_what_a_person_reads_fits_a_hundred_columns() -> None:
    shown = CliRunner().invoke(command, ["scenarios", "--queries", "100", "--figures"]).output
    assert max(map(len, shown.splitlines())) <= 100
    assert "not a measurement" in shown
    assert "100 queries a day" in shown
    assert "modal.com/pricing" in shown


def test_what_is_called_measured_is_still_what_it_was(knowledge: Knowledge) -> None:
    """Within a tenth: beyond, count again and write it down."""
    pack = sum(len(row.title) + len(row.text) + len(row.source) + 7 for row in knowledge.core())
    prompts = Path(str(nodes.__file__)).with_name("prompts")
    standing = sum(
        len(path.read_text("utf-8"))
        for path in prompts.glob("*.md")
        if path.stem in ("orchestrator", "base", "delegating")
    )
    hybrid, inner = (_schemas(tools) for tools in (tools_for(AYU), workspace_tools_for(AYU)))
    figures = scenarios(1, _AT).figures
    assert 0.9 < (pack + standing + hybrid) / float(figures["chars_hybrid"].value[0]) < 1.1
    assert 0.9 < (1190 + inner) / float(figures["chars_workspace"].value[0]) < 1.1
    direct = pack + standing + hybrid + inner
    assert 0.9 < direct / float(figures["chars_direct"].value[0]) < 1.1


def _schemas(tools: Any) -> int:
    return len(json.dumps([convert_to_openai_tool(tool) for tool in tools]))

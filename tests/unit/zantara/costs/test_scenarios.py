"""The old tables: their arithmetic done again, today's prices, nothing zero by ignorance."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from click.testing import CliRunner
from langchain_core.utils.function_calling import convert_to_openai_tool

from tests.kit import AYU
from tools import tools_for
from zantara.cli._costs import command
from zantara.costs import Prices
from zantara.costs.scenarios import UnknownPriceError, _data, scenarios
from zantara.costs.scenarios._money import usage_of
from zantara.knowledge import Knowledge

_AT = datetime(2026, 11, 25, 12, tzinfo=UTC)


def test_the_old_arithmetic() -> None:
    told = {one.what: (one.old, one.new) for one in scenarios(1500, _AT).corrections}
    assert told["Claude, a month"] == ("$450", "$3,600")
    assert told["GPU, a month"] == ("$30", "$892.50")
    assert told["external services, a month"] == ("$48.60", "$72.90")
    assert told["hybrid saves, a month"] == ("$372", "$366")


def test_each_range_is_in_order_and_each_arm_has_its_old_figure() -> None:
    found = scenarios(1500, _AT)
    assert {one.arm: int(one.old) for one in found.monthly} == {
        "hybrid": 84,
        "centro": 78,
        "budget": 42,
        "baseline": 450,
    }
    for one in found.monthly:
        assert 0 < one.total.lower <= one.total.middle <= one.total.upper
        assert one.total.lower == one.models.lower + one.tools.lower
    low, high = found.savings["hybrid"]
    assert low < high < 100


def test_a_query_is_priced_by_hand() -> None:
    """Middle case of centro: 23,900 characters at 4.0, half of them cached, and 2,500 tokens more."""
    calls = Decimal("0.70") * Decimal("0.85") + Decimal("0.20") * 2
    calls += Decimal("0.08") * 3 + Decimal("0.02") * 5
    usage = usage_of("centro", "middle")
    assert usage.calls == calls
    assert usage.tokens_in == calls * 8475
    assert usage.cached == calls * Decimal("2987.5")
    month = next(one.models.middle for one in scenarios(1500, _AT).monthly if one.arm == "centro")
    by_hand = calls * (8475 * Decimal("0.1") + 250 * Decimal("0.3")) / 10**6 * 1500 * 30
    assert month == by_hand  # no price of cached tokens is listed: they cost what others cost


def test_twice_the_queries_cost_twice_the_models() -> None:
    once, twice = (scenarios(queries, _AT).monthly for queries in (1500, 3000))
    for one, other in zip(once, twice, strict=True):
        assert other.models.middle == one.models.middle * 2


def test_no_free_tier_holds_the_day_and_what_is_not_published_is_not_guessed() -> None:
    found = {one.provider: one for one in scenarios(1500, _AT).free_tiers}
    assert not any(one.holds for one in found.values())
    assert found["google"].share is None
    assert scenarios(10, _AT).free_tiers[2].holds


def test_latencies_are_the_same_each_time() -> None:
    assert scenarios(1500, _AT).latency == scenarios(1, _AT).latency


def test_a_price_that_nobody_lists_is_never_zero(monkeypatch: pytest.MonkeyPatch) -> None:
    known = _data.assumptions()
    unheard = {"provider": "openrouter", "models": ["nobody/knows"] * 3}
    monkeypatch.setitem(known["arms"], "hybrid", unheard)
    with pytest.raises(UnknownPriceError, match=r"nobody/knows.*ZANTARA_PRICES_FILE"):
        scenarios(1500, _AT, Prices())


def test_the_command_prints_all_tables_with_old_and_new() -> None:
    runner = CliRunner()
    told: dict[str, Any] = json.loads(runner.invoke(command, ["scenarios", "--json"]).output)
    assert told["monthly"][3]["old"] == "450"
    assert told["corrections"][0]["new"] == "$3,600"
    assert told["assumptions"]["tokens"]["reply"] == [120, 250, 500]
    shown = runner.invoke(command, ["scenarios", "--queries", "100"]).output
    assert "no measurement" in shown
    assert "at 100 queries a day" in shown
    assert "assumptions.toml" in shown


def test_the_measured_part_of_a_prompt_is_still_what_it_was(knowledge: Knowledge) -> None:
    """Within a fifth: beyond, count again and write it down."""
    pack = sum(len(row.title) + len(row.text) + len(row.source) + 6 for row in knowledge.core())
    schemas = json.dumps([convert_to_openai_tool(tool) for tool in tools_for(AYU)])
    written = _data.assumptions()["tokens"]["fixed_characters"]["hybrid"]
    assert 0.8 < (pack + len(schemas) + 4850) / written < 1.2

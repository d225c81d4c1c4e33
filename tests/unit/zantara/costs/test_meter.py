"""A live Maps or WhatsApp request has its row before it is made; a local one has none."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conformance.ledger.test_ledger import START
from tests.kit import NOW
from zantara.channels import ChannelError, Channels
from zantara.costs import BudgetExceededError, Budgets, Ledger, Meter, Prices, charged_to
from zantara.costs._sql import open_store
from zantara.maps import Maps, MapsError
from zantara.settings import Settings
from zantara.toolkit import OutcomeUnknownError

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_TOOL = replace(START, role="tool", reserved=Decimal(0))
_Answer = Callable[[httpx.Request], httpx.Response]


@pytest.fixture
def ledger(tmp_path: Path) -> Any:
    made = Ledger(open_store(tmp_path), budgets=Budgets(day=Decimal("0.05")), clock=NOW)
    yield made
    made.close()


def maps_of(ledger: Ledger, answer: _Answer) -> Maps:
    return Maps(lambda: httpx.MockTransport(answer), key="k", meter=Meter(ledger, Prices()))


def found(_request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"places": [], "routes": []})


def rows(ledger: Ledger) -> list[tuple[str, str, Decimal]]:
    return [(r["asked"], r["outcome"], r["cost_usd"]) for r in ledger.calls(_LONG_AGO)]


async def test_a_request_is_charged_to_the_call_that_made_it_by_its_dearest_field(
    ledger: Ledger,
) -> None:
    open_rows: list[Any] = []

    def answer(request: httpx.Request) -> httpx.Response:
        open_rows.extend(ledger.calls(_LONG_AGO))
        assert "places.rating" in request.headers["X-Goog-FieldMask"]  # an Enterprise field
        return found(request)

    with charged_to(_TOOL):
        await maps_of(ledger, answer).search_text("warung")
    assert [one["outcome"] for one in open_rows] == ["open"]
    (row,) = ledger.calls(_LONG_AGO)
    assert (row["thread_id"], row["turn"], row["user"], row["role"]) == ("t", "m", "ayu", "tool")
    assert (row["provider"], row["asked"]) == ("google_maps", "Places API Text Search Enterprise")
    assert (row["cost_usd"], row["outcome"], row["priced"]) == (
        Decimal("0.035"),
        "answered",
        "usage",
    )
    assert ledger.budgets()[0].spent == Decimal("0.035")


@pytest.mark.parametrize(
    ("mode", "price"), [("DRIVE", "0.010"), ("TWO_WHEELER", "0.015"), ("WALK", "0.005")]
)
async def test_a_route_costs_by_what_it_asks_for(ledger: Ledger, mode: Any, price: str) -> None:
    await maps_of(ledger, found).route("a", "b", mode=mode)
    assert ledger.calls(_LONG_AGO)[0]["cost_usd"] == Decimal(price)


def lost(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("slow", request=request)


def unreachable(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("no", request=request)


@pytest.mark.parametrize(
    ("answer", "cost"),
    [
        (lambda _r: httpx.Response(403, json={"error": {"message": "no"}}), "0"),
        (unreachable, "0"),
        (lost, "0.035"),  # it may have been answered, and is charged then
        (lambda _r: httpx.Response(200, text="<html>"), "0.035"),
    ],
)
async def test_what_was_refused_is_not_charged(ledger: Ledger, answer: _Answer, cost: str) -> None:
    with pytest.raises(MapsError):
        await maps_of(ledger, answer).search_text("warung")
    assert rows(ledger) == [("Places API Text Search Enterprise", "failed", Decimal(cost))]


async def test_a_request_that_is_cancelled_stands_at_its_price(ledger: Ledger) -> None:
    begun = asyncio.Event()

    class Slow(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            begun.set()
            await asyncio.Event().wait()
            raise AssertionError

    task = asyncio.create_task(Maps(Slow, meter=Meter(ledger, Prices())).search_text("warung"))
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert rows(ledger)[0][1:] == ("cancelled", Decimal("0.035"))


async def test_a_spent_budget_lets_no_request_out(ledger: Ledger) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return found(request)

    maps = maps_of(ledger, answer)
    await maps.search_text("warung")
    with pytest.raises(BudgetExceededError):
        await maps.search_text("warung")
    assert len(asked) == 1


async def test_the_local_maps_writes_no_row(ledger: Ledger) -> None:
    with charged_to(_TOOL):
        await Maps.local().search_text("Ubud")
    assert rows(ledger) == []


def whatsapp(ledger: Ledger, home: Path, answer: _Answer) -> Any:
    settings = Settings.model_validate(
        {"home": home, "whatsapp_token": "t", "whatsapp_number_id": "1"}
    )
    meter = Meter(ledger, Prices())
    line = httpx.MockTransport(answer)
    return Channels(settings, home / "c.sqlite", NOW, line, meter=meter).whatsapp


_TEXT = "service message"


@pytest.mark.parametrize(
    ("answer", "row"),
    [
        (
            lambda _r: httpx.Response(200, json={"messages": [{"id": "w"}]}),
            (_TEXT, "answered", Decimal("0.04")),
        ),
        (lambda _r: httpx.Response(400, json={}), (_TEXT, "failed", Decimal(0))),
        (lambda _r: httpx.Response(500, json={}), (_TEXT, "failed", Decimal("0.04"))),
    ],
)
async def test_a_live_whatsapp_text_costs_by_your_own_price(
    ledger: Ledger, tmp_path: Path, answer: _Answer, row: tuple[str, str, Decimal]
) -> None:
    file = tmp_path / "prices.toml"
    file.write_text('[[tool]]\nprovider = "whatsapp"\nsku = "service message"\nprice = 0.04\n')
    line = whatsapp(ledger, tmp_path, answer)
    line._meter = Meter(ledger, Prices(file))
    try:
        await line.send("+628123456789", "Halo", reference="c1")
    except (ChannelError, OutcomeUnknownError):
        assert row[1] == "failed"
    assert rows(ledger) == [row]


def test_a_price_that_nobody_lists_is_the_dearest_and_never_zero() -> None:
    price, how = Prices().tool("google_maps", "Places API of tomorrow")
    assert (price, how) == (Decimal("0.055"), "ceiling")

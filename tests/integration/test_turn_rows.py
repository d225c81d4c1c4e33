"""Each turn that has its answer leaves one row in the ledger, and the row says what it was."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import httpx
import pytest
from langchain_core.messages import AIMessage

from tests.conftest import Open
from tests.kit import NOW, Ticking, asks, call, decisions, on, says, services_of
from zantara.costs import Budgets, Ledger, Meter, Prices, TurnRow
from zantara.costs._sql import open_store
from zantara.maps import Maps
from zantara.runner import Runner

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_WORDS = "Please look into my calendar of next week and tell me what is there."
_LIST = call(
    "calendar_list",
    time_min="2026-03-18T00:00:00+08:00",
    time_max="2026-03-19T00:00:00+08:00",
)
_CREATE = call("calendar_create", summary="Review", start="2026-03-18T10:00:00+08:00")
_PLACES = call("maps_places", query="museums", location="Ubud")
_RECALL = call("memory_search", query="coffee")
_DONE = says("Done.")


def only(runner: Runner) -> TurnRow:
    (row,) = services_of(runner).ledger.turns(_LONG_AGO)
    return row


@pytest.mark.parametrize(
    ("words", "replies", "kind", "calls", "outside"),
    [
        ("Ciao!", [_DONE], "small_talk", 0, 0),
        (_WORDS, [_DONE], "knowledge", 0, 0),
        (_WORDS, [asks(_RECALL), _DONE], "knowledge", 1, 0),
        (_WORDS, [asks(_LIST), _DONE], "one_tool", 1, 1),
        (_WORDS, [asks(_LIST, _PLACES), _DONE], "few_tools", 2, 2),
        (_WORDS, [asks(_LIST, _PLACES), asks(_LIST, _LIST), _DONE], "many_tools", 4, 4),
        (" ", [_DONE], "refused", 0, 0),
    ],
)
async def test_a_row_says_what_the_turn_was(
    open_runner: Open, words: str, replies: list[AIMessage], kind: str, calls: int, outside: int
) -> None:
    async with open_runner(replies) as runner:
        await runner.ask(words, thread_id="t")
        row = only(runner)
        assert (row.kind, row.calls, row.outside) == (kind, calls, outside)
        assert (row.thread_id, row.user, row.architecture) == ("t", "ayu", "hybrid")
        assert row.model_calls == (0 if kind == "refused" else len(replies))
        assert not (row.paused or row.broken or row.corrected or row.unsupported)


async def test_the_tables_answer_with_no_model_call(open_runner: Open) -> None:
    async with open_runner([]) as runner:
        await runner.ask("What is KBLI code 56101?", thread_id="t")
        row = only(runner)
        assert (row.kind, row.model_calls, row.cost_usd) == ("exact", 0, Decimal(0))


async def test_a_turn_that_waited_for_a_person_says_so(open_runner: Open) -> None:
    async with open_runner([asks(_CREATE), _DONE]) as runner:
        turn = await runner.ask(_WORDS, thread_id="t")
        assert services_of(runner).ledger.turns(_LONG_AGO) == []
        await runner.resume("t", on(turn.pending, decisions("approve")))
        row = only(runner)
        assert (row.paused, row.kind, row.calls) == (True, "one_tool", 1)


async def test_calls_that_did_not_run_are_none_and_failed_ones_are_counted(
    open_runner: Open,
) -> None:
    nowhere = call("maps_directions", origin="Qwxyzzy", destination="Ubud")
    nobody = call("calendar_of_nobody")
    async with open_runner([asks(nowhere, nobody), _DONE]) as runner:
        await runner.ask(_WORDS, thread_id="t")
        row = only(runner)
        assert (row.calls, row.calls_failed, row.outside) == (1, 1, 1)


async def test_a_figure_that_nothing_supports_is_told(open_runner: Open) -> None:
    async with open_runner([says("It costs 987654321 rupiah.")] * 2) as runner:
        await runner.ask(_WORDS, thread_id="t")
        row = only(runner)
        assert (row.corrected, row.unsupported, row.model_calls) == (True, True, 2)


async def test_it_costs_what_all_of_its_calls_have_cost(open_runner: Open) -> None:
    def nothing_found(_request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"places": []})

    one_search = call("maps_places", query="museums")
    async with open_runner([asks(one_search), _DONE, _DONE]) as runner:
        services = services_of(runner)
        line = httpx.MockTransport(nothing_found)
        services.maps = Maps(lambda: line, key="k", meter=services.meter)
        await runner.ask(_WORDS, thread_id="t")
        await runner.ask(_WORDS, thread_id="t")
        turns = services.ledger.turns(_LONG_AGO)
        costs = {row.turn: row.cost_usd for row in turns}
        assert sorted(costs.values()) == [Decimal(0), Decimal("0.035")]
        for row in services.ledger.calls(_LONG_AGO):
            assert (row["user"], row["architecture"]) == ("ayu", "hybrid")
            assert row["run_id"] in {turn.run_id for turn in turns}
            if row["role"] == "tool":
                assert (row["node"], costs[row["turn"]]) == ("maps", row["cost_usd"])


async def test_a_spent_budget_is_told_to_the_model_and_nothing_is_asked(open_runner: Open) -> None:
    asked: list[httpx.Request] = []

    def found(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json={"places": []})

    async with open_runner([asks(call("maps_places", query="museums")), _DONE]) as runner:
        services = services_of(runner)
        line = httpx.MockTransport(found)
        budgets = Budgets(day=Decimal("0.01"))
        poor = Ledger(open_store(services.settings.home), budgets=budgets, clock=NOW)
        services.maps = Maps(lambda: line, meter=Meter(poor, Prices()))
        turn = await runner.ask(_WORDS, thread_id="t")
        poor.close()
        told = [m.text for m in await runner.history("t") if m.type == "tool"]
        assert [one["status"] for one in turn.calls] == ["failed"]
        assert "budget of the day has no room" in told[0]
        assert not asked


async def test_it_takes_as_long_as_the_clock_says_and_never_less_than_nothing(
    open_runner: Open,
) -> None:
    async with open_runner([asks(_CREATE), asks(_CREATE), _DONE]) as runner:
        clock = Ticking(NOW.now())
        services_of(runner).clock = clock
        turn = await runner.ask(_WORDS, thread_id="t")
        clock.at += timedelta(seconds=90)
        turn = await runner.resume("t", on(turn.pending, decisions("approve")))
        clock.at -= timedelta(days=1)
        await runner.resume("t", on(turn.pending, decisions("approve")))
        assert only(runner).latency_ms == 0
        assert only(runner).at == "2026-03-10T01:00:00.000Z"


async def test_the_calls_of_a_delegation_belong_to_the_turn(open_runner: Open) -> None:
    task = call("workspace", task="Find the file of the lease")
    find = call("drive_search", query="lease")
    async with open_runner([asks(task), asks(find), says("Nothing."), _DONE]) as runner:
        await runner.ask(_WORDS, thread_id="t")
        row = only(runner)
        assert (row.model_calls, row.calls, row.outside, row.kind) == (4, 1, 1, "one_tool")
        calls = services_of(runner).ledger.calls(_LONG_AGO)
        assert {one["turn"] for one in calls} == {row.turn}
        assert {one["run_id"] for one in calls} == {row.run_id}

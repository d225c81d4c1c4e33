"""What the guards find, what they let pass, and how often they are wrong."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import accumulate
from typing import Any

import pytest

from tests.rollout_kit import BEGIN, Effect, a_turn, play
from zantara.costs.rows import TurnRow
from zantara.rollout import GUARDS, Finding, Margins, Plan, Samples, bucket
from zantara.rollout._guards import compare, look_at, needed
from zantara.rollout._samples import collect
from zantara.rollout._state import begun, moved_on

PLAN = Plan(candidate="centro")
STATE = begun("plan", PLAN, BEGIN)
EQUAL = Margins(**dict.fromkeys(GUARDS, 1.0))
Given = Callable[[int], dict[str, Any]]


def arm(name: str, threads: int, given: Given) -> dict[str, list[TurnRow]]:
    return {f"{name}{n}": [a_turn(f"{name}{n}", name, BEGIN, **given(n))] for n in range(threads)}


def figures_of(
    control: Given, candidate: Given, margins: Margins | None = None
) -> dict[str, Finding]:
    plan = Plan(candidate="centro", margins=margins or Margins())
    samples = Samples(arm("hybrid", 400, control), arm("centro", 100, candidate))
    return {one.test: one for one in compare(samples, plan, 0.001)}


def plain(_number: int) -> dict[str, Any]:
    return {}


@pytest.mark.parametrize(
    "wrong", [{"broken": True}, {"calls_failed": 1}, {"calls_unknown": 2}, {"model_failures": 1}]
)
def test_every_kind_of_error_counts(wrong: dict[str, Any]) -> None:
    found = figures_of(plain, lambda n: wrong if n % 5 == 0 else {})
    assert found["errors"].worse
    assert (found["errors"].control, found["errors"].candidate) == (0, 0.2)


@pytest.mark.parametrize("wrong", ["corrected", "unsupported"])
def test_answers_that_had_to_be_corrected_count(wrong: str) -> None:
    found = figures_of(plain, lambda n: {wrong: n % 5 == 0})
    assert found["answers"].worse
    assert not found["errors"].worse


def test_twice_the_time_is_found_and_a_persons_time_is_not_counted() -> None:
    base: Given = lambda n: {"latency_ms": 1000.0 + n % 40}  # noqa: E731 - two lines of it
    twice: Given = lambda n: {"latency_ms": 2000.0 + n % 40}  # noqa: E731 - two lines of it
    assert figures_of(base, twice)["seconds"].worse
    waited = figures_of(base, lambda n: {**(twice(n) if n % 2 else base(n)), "paused": n % 2 == 1})
    assert not waited["seconds"].worse
    assert not waited["slow turns"].worse


def test_a_few_very_slow_turns_are_found_though_the_middle_is_the_same() -> None:
    base: Given = lambda n: {"latency_ms": 1000.0 + n % 40}  # noqa: E731 - two lines of it
    hangs: Given = lambda n: {"latency_ms": 60_000.0 if n % 8 == 0 else 1000.0 + n % 40}  # noqa: E731
    found = figures_of(base, hangs)
    assert found["slow turns"].worse
    assert not found["seconds"].worse


def test_cost_is_found_by_its_height_and_by_how_often() -> None:
    def dollars(share: int, height: float) -> Given:
        return lambda n: {
            "cost_usd": Decimal(str(height + n / 1e6)) if n % 10 < share else Decimal(0)
        }

    assert figures_of(dollars(5, 0.001), dollars(5, 0.002))["dollars"].worse
    oftener = figures_of(dollars(5, 0.001), dollars(9, 0.001))
    assert oftener["paid"].worse
    assert not oftener["dollars"].worse
    free = figures_of(dollars(0, 0), dollars(0, 0))
    assert free["paid"].p == 1
    assert free["dollars"].p is None


def test_what_is_worse_within_the_margin_is_no_reason() -> None:
    slower: Given = lambda n: {"latency_ms": 1200.0 + n % 40}  # noqa: E731 - two lines of it
    base: Given = lambda n: {"latency_ms": 1000.0 + n % 40}  # noqa: E731 - two lines of it
    assert figures_of(base, slower, EQUAL)["seconds"].worse
    assert not figures_of(base, slower)["seconds"].worse


def test_better_is_never_worse() -> None:
    found = figures_of(
        lambda n: {"broken": n % 3 == 0, "latency_ms": 5000.0 + n, "corrected": n % 2 == 0},
        lambda n: {"latency_ms": 500.0 + n, "cost_usd": Decimal(0)},
    )
    assert not any(one.worse for one in found.values())


def test_equal_values_without_any_spread_are_equal() -> None:
    assert figures_of(plain, plain, EQUAL)["seconds"].p == 1


def test_a_guard_that_is_off_tests_nothing_and_leaves_the_others_more() -> None:
    off = Plan(candidate="centro", margins=Margins(cost=None))
    samples = Samples(arm("hybrid", 50, plain), arm("centro", 50, plain))
    assert {one.guard for one in compare(samples, off, 0.1)} == {"errors", "answers", "latency"}
    spent = {"done": 0, "look": 1, "final": False}
    assert needed(off, **spent) > needed(PLAN, **spent)  # type: ignore[arg-type] # as named


def test_looks_spend_less_than_the_plan_has_however_many_there_are() -> None:
    looks = [needed(PLAN, done=n, look=n + 1, final=False) for n in range(40)]
    last = needed(PLAN, done=40, look=40, final=True)
    whole = (sum(looks) + last) * 6 * len(PLAN.stages)
    assert whole <= PLAN.false_rollbacks
    assert whole > 0.9 * PLAN.false_rollbacks
    skipped = needed(PLAN, done=0, look=4, final=False)
    assert skipped == pytest.approx(list(accumulate(looks))[3])


def test_looks_are_due_whenever_there_are_half_as_many_threads_again() -> None:
    assert [look_at(n) for n in (0, 19, 20, 29, 30, 44, 45, 1000)] == [0, 0, 1, 1, 2, 2, 3, 10]


# Which turns are compared


def turns_of(threads: Iterable[str], name: str, at: datetime, **given: Any) -> list[TurnRow]:
    return [a_turn(thread, name, at, **given) for thread in threads]


def test_only_turns_that_chance_put_on_their_arm_are_compared() -> None:
    drawn = [t for t in map(str, range(500)) if bucket("plan", t) < 10]
    others = [t for t in map(str, range(500)) if bucket("plan", t) >= 10]
    rows = [
        *turns_of(drawn, "centro", BEGIN),
        *turns_of(others[3:], "hybrid", BEGIN),
        *turns_of(others[:1], "centro", BEGIN),  # came in otherwise
        *turns_of(others[1:2], "hybrid", BEGIN, source="context"),  # a person's choice
        *turns_of(others[2:3], "hybrid", BEGIN),  # staff, below
        *turns_of(["x"], "budget", BEGIN),
        *turns_of(drawn, "centro", BEGIN - timedelta(seconds=1), number=1),
    ]
    samples = collect(STATE, rows, {others[2]})
    assert set(samples.candidate) == set(drawn)
    assert all(len(rows) == 1 for rows in samples.candidate.values())
    assert set(samples.control) == set(others[3:])
    assert samples.left_out == 3


def test_at_a_hundred_percent_the_stage_before_is_the_control_arm() -> None:
    second = moved_on(STATE, BEGIN + timedelta(days=2))
    third = moved_on(second, BEGIN + timedelta(days=5))
    threads = list(map(str, range(300)))
    kept = [t for t in threads if bucket("plan", t) >= 50]
    rows = [
        *turns_of(threads, "hybrid", BEGIN + timedelta(days=1)),
        *turns_of(kept, "hybrid", BEGIN + timedelta(days=3)),
        *turns_of(threads, "centro", BEGIN + timedelta(days=6), number=1),
        *turns_of(kept, "hybrid", BEGIN + timedelta(days=6), number=2),
    ]
    samples = collect(third, rows, ())
    assert set(samples.candidate) == set(threads)
    assert set(samples.control) == set(kept)
    assert all(len(rows) == 1 for rows in samples.control.values())


# Whole rollouts in made-up traffic; tests/benchmarks/rollout.py measures them in hundreds


@pytest.mark.parametrize(
    ("effect", "margin"),
    [(Effect(), 1.0), (Effect(latency=1.25, cost=1.25), 1.25)],
    ids=["equal, with a margin of 1", "just as slow and dear as it may be"],
)
def test_an_arm_that_is_no_worse_is_hardly_ever_rolled_back(effect: Effect, margin: float) -> None:
    """Both have as much room for chance as there is. 1 in 20 is promised; 4 of 40 allow for chance in
    the test itself.
    """
    margins = Margins(**dict.fromkeys(GUARDS, margin))
    plan = Plan(candidate="centro", margins=margins, least=30)
    played = [play(plan, effect, seed=seed, threads=(600, 200, 200)) for seed in range(40)]
    assert sum(one.rolled_back for one in played) <= 4
    assert all(one.rolled_back or one.decision.action == "ready" for one in played)


@pytest.mark.parametrize(
    ("effect", "guard"),
    [
        (Effect(errors=3), "errors"),
        (Effect(answers=3), "answers"),
        (Effect(latency=2), "latency"),
        (Effect(cost=2), "cost"),
    ],
)
def test_a_bad_arm_is_found_by_the_guard_that_is_there_for_it(effect: Effect, guard: str) -> None:
    plan = Plan(candidate="centro")
    for seed in range(5):
        played = play(plan, effect, seed=seed, threads=(3000, 1000, 500))
        assert played.rolled_back
        assert guard in {one.guard for one in played.decision.findings if one.worse}
        assert played.threads < 900

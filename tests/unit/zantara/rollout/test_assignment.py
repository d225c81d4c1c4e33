"""Which arm a thread gets: by chance, for good, and back after a rollback."""

from datetime import timedelta

import pytest

from tests.rollout_kit import BEGIN
from zantara.rollout import Plan, State, bucket
from zantara.rollout._assignment import View, reached
from zantara.rollout._state import begun, moved_on, paused

THREADS = [f"thread-{n}" for n in range(10_000)]
PLAN = Plan(candidate="centro")
FIRST = begun("plan", PLAN, BEGIN)
SECOND = moved_on(FIRST, BEGIN + timedelta(days=2))
THIRD = moved_on(SECOND, BEGIN + timedelta(days=5))


def arms(state: State, current: str = "", *, staff: bool = False) -> dict[str, str]:
    view = View(1, state)
    return {t: view.arm_for(t, staff=staff, current=current) for t in THREADS}


def ended(state: State, status: str) -> View:
    return View(9, None, (state.model_copy(update={"status": status}),))


@pytest.mark.parametrize(("state", "percent"), [(FIRST, 10), (SECOND, 50), (THIRD, 100)])
def test_the_candidate_gets_its_percent(state: State, percent: int) -> None:
    share = sum(arm == "centro" for arm in arms(state).values()) / len(THREADS) * 100
    assert share == pytest.approx(percent, abs=1.5)


def test_who_is_in_at_ten_percent_is_in_at_fifty() -> None:
    early = {t for t, arm in arms(FIRST).items() if arm == "centro"}
    late = {t for t, arm in arms(SECOND).items() if arm == "centro"}
    assert early < late


def test_the_hash_is_the_same_in_every_process_and_version() -> None:
    """A changed hash would deal every thread anew in the middle of a rollout."""
    assert bucket("plan", "thread-1") == pytest.approx(9.322178, abs=1e-5)
    assert not reached("plan", "thread-1", 9)
    assert reached("plan", "thread-1", 10)


def test_another_plan_draws_other_threads() -> None:
    """The same people would else be the first in every rollout."""
    other = {t for t in THREADS if reached("other", t, 10)}
    both = other & {t for t in THREADS if reached("plan", t, 10)}
    assert len(both) < 2 * len(THREADS) * 0.1 * 0.1


def test_a_thread_of_the_candidate_stays_with_it() -> None:
    assert set(arms(FIRST, "centro").values()) == {"centro"}
    assert set(arms(FIRST, "centro", staff=True).values()) == {"centro"}


def test_a_pause_keeps_those_that_are_in_and_adds_none() -> None:
    still = paused(SECOND, BEGIN + timedelta(days=3))
    assert set(arms(still).values()) == {"hybrid"}
    assert set(arms(still, "hybrid").values()) == {"hybrid"}
    assert set(arms(still, "centro").values()) == {"centro"}


def test_staff_come_in_at_once_where_the_plan_says_so() -> None:
    first = begun("plan", Plan(candidate="centro", staff_first=True), BEGIN)
    assert set(arms(first, staff=True).values()) == {"centro"}
    assert set(arms(first).values()) == {"hybrid", "centro"}
    assert set(arms(FIRST, staff=True).values()) == {"hybrid", "centro"}


def test_a_third_arm_was_chosen_by_somebody_and_is_left_alone() -> None:
    assert set(arms(THIRD, "baseline").values()) == {""}


def test_a_rollback_sends_every_thread_back() -> None:
    view = ended(SECOND, "rolled_back")
    assert view.arm_for("any", staff=False, current="centro") == "hybrid"
    assert view.arm_for("any", staff=False, current="") == ""
    assert view.arm_for("any", staff=False, current="hybrid") == ""
    assert view.default == ""


def test_after_the_end_the_candidate_is_the_default_arm() -> None:
    view = ended(THIRD, "finished")
    assert view.default == "centro"
    assert view.arm_for("new", staff=False, current="") == "centro"
    assert view.arm_for("old", staff=False, current="hybrid") == "centro"


def test_a_thread_that_slept_through_a_rollback_is_no_candidate_of_the_next_plan() -> None:
    back = FIRST.model_copy(update={"status": "rolled_back"})
    second = begun("second", Plan(candidate="budget"), BEGIN)
    view = View(9, second, (back,))
    got = {view.arm_for(t, staff=False, current="centro") for t in THREADS}
    assert got == {"hybrid", "budget"}


def test_plans_that_ended_are_taken_in_their_order() -> None:
    """There and back again: hybrid, then budget, then hybrid."""
    there = begun("a", Plan(candidate="budget"), BEGIN).model_copy(update={"status": "finished"})
    back = begun("b", Plan(candidate="hybrid", control="budget"), BEGIN)
    view = View(9, None, (there, back.model_copy(update={"status": "finished"})))
    assert view.default == "hybrid"
    assert view.arm_for("any", staff=False, current="budget") == "hybrid"

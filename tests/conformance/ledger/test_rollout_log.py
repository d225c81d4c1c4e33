"""What holds for a rollout on SQLite and on Postgres: changes, versions, staff, several processes."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from tests.conformance.ledger.conftest import Make
from tests.rollout_kit import HandClock, a_turn
from zantara.costs import Ledger
from zantara.rollout import Plan, Rollout, RolloutError, Stage
from zantara.settings import Settings

PLAN = Plan(
    candidate="centro",
    stages=(Stage(percent=50, soak="1h"), Stage(percent=100, soak="1h")),
    staff_first=True,
    least=20,
)
Process = Callable[[], Rollout]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def ledger(make: Make, clock: HandClock) -> Ledger:
    return make(clock)


@pytest.fixture
def process(place: Settings, ledger: Ledger, clock: HandClock) -> Iterator[Process]:
    """Opens the rollout as one more process would."""
    with ExitStack() as stack:

        def opened() -> Rollout:
            rollout = Rollout.open(place, clock, ledger=ledger, monotonic=clock.monotonic)
            stack.callback(rollout.close)
            return rollout

        yield opened


def test_a_change_is_read_back_as_it_was_written(process: Process) -> None:
    state = process().start(PLAN, who="ayu", reason="perché è più veloce", plan_id="plan")
    paused = process().pause(who="made", reason="wait")
    assert process().view().active == paused
    first, second = process().log()
    assert (first.state, first.reason, first.who) == (state, "perché è più veloce", "ayu")
    assert (second.state, second.action, second.was) == (paused, "pause", "centro at 50%")


def test_of_many_who_start_at_once_one_does(process: Process) -> None:
    rollouts = [process() for _ in range(8)]

    def start(rollout: Rollout) -> bool:
        try:
            rollout.start(PLAN, who="ayu")
        except RolloutError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(start, rollouts)) == 1
    assert [entry.action for entry in process().log()] == ["start"]


def test_of_many_who_check_at_once_one_writes_the_look(
    process: Process, ledger: Ledger, clock: HandClock
) -> None:
    one = process()
    one.start(PLAN, who="ayu", plan_id="plan")
    for number in range(100):
        arm = one.arm_for(f"t{number}", role="client")
        ledger.write_turn(a_turn(f"t{number}", arm, clock.at))
    rollouts = [process() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        assert {one.action for one in pool.map(Rollout.check, rollouts)} == {"hold"}
    assert [entry.action for entry in one.log()] == ["start", "look"]


def test_staff_are_known_to_every_process(
    process: Process, ledger: Ledger, clock: HandClock
) -> None:
    one, other = process(), process()
    state = one.start(PLAN, who="ayu", plan_id="plan")
    for rollout in (one, other, one):
        assert rollout.arm_for("mine", role="owner") == "centro"
    ledger.write_turn(a_turn("mine", "centro", clock.at))
    one.check()
    other.check()
    samples = process().samples(state)
    assert (dict(samples.candidate), samples.left_out) == ({}, 1)

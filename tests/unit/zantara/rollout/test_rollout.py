"""A rollout on a real database: who may change what when, and what stands in the audit log."""

import builtins
import logging
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest

from tests.rollout_kit import HandClock, a_turn
from zantara.costs import Ledger, TurnRow
from zantara.costs._sql import open_store
from zantara.database import StorageError
from zantara.rollout import (
    ChangedError,
    Log,
    MissingScipyError,
    Plan,
    Rollout,
    RolloutError,
    Stage,
    bucket,
)
from zantara.settings import Settings

STAGES = (Stage(percent=10, soak="2h"), Stage(percent=50, soak="2h"), Stage(percent=100, soak="2h"))
PLAN = Plan(candidate="centro", stages=STAGES, least=20)
AUTOMATIC = PLAN.model_copy(update={"automatic": True})


class House:
    """One data folder, and processes that share it."""

    def __init__(self, home: Path) -> None:
        self.clock = HandClock()
        self.settings = Settings(home=home)
        self.ledger = Ledger.open(self.settings, self.clock)
        self.open: list[Rollout] = []
        self.one = self.process()

    def process(self) -> Rollout:
        self.open.append(
            Rollout.open(
                self.settings, self.clock, ledger=self.ledger, monotonic=self.clock.monotonic
            )
        )
        return self.open[-1]

    def traffic(self, threads: int, *, name: str = "t", **candidate: Any) -> None:
        """New threads with a turn each; those of the candidate as given."""
        for number in range(threads):
            thread = f"{name}{number}"
            arm = self.one.arm_for(thread, role="client")
            given = candidate if arm == "centro" else {}
            row = a_turn(thread, arm, self.clock.at, latency_ms=2000.0 + number % 50)
            self.ledger.write_turn(_with(row, given))

    def close(self) -> None:
        for rollout in self.open:
            rollout.close()
        self.ledger.close()


def _with(row: TurnRow, given: dict[str, Any]) -> TurnRow:
    return TurnRow(**{name: getattr(row, name) for name in TurnRow.__slots__} | given)


@pytest.fixture
def house(home: Path) -> Iterator[House]:
    found = House(home)
    yield found
    found.close()


def actions(house: House) -> list[str]:
    return [entry.action for entry in house.one.log()]


def test_without_a_plan_nothing_is_said(house: House) -> None:
    assert house.one.arm_for("any", role="client") == ""
    assert house.one.after_turn() is None
    assert house.one.check().action == "none"
    for act in (house.one.pause, house.one.resume, house.one.rollback):
        with pytest.raises(RolloutError, match="no rollout is active"):
            act(who="ayu", reason="because")


def test_one_plan_at_a_time(house: House) -> None:
    house.one.start(PLAN, who="ayu")
    with pytest.raises(RolloutError, match="centro at 10%"):
        house.process().start(Plan(candidate="budget"), who="made")


def test_two_who_start_at_once_start_one(house: House) -> None:
    """Each process reads, then writes: the second finds its place in the log taken."""
    others = [house.process() for _ in range(4)]
    barrier, outcomes = Barrier(4), list[str]()

    def start(rollout: Rollout, name: str) -> None:
        barrier.wait()
        try:
            rollout.start(PLAN, who=name)
            outcomes.append("started")
        except RolloutError:
            outcomes.append("refused")

    threads = [Thread(target=start, args=(r, str(n))) for n, r in enumerate(others)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused", "refused", "refused", "started"]
    assert actions(house) == ["start"]


def test_two_who_advance_at_once_go_on_by_one_stage(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second has decided on the first stage; that it is the second by now ends its change."""
    house.one.start(PLAN, who="ayu")
    other = house.process()
    write = Log.append

    def first_the_other(log: Log, entry: Any) -> bool:
        monkeypatch.setattr(Log, "append", write)
        other.advance(who="made", reason="in a hurry too", early=True)
        return write(log, entry)

    monkeypatch.setattr(Log, "append", first_the_other)
    with pytest.raises(ChangedError, match="50%"):
        house.one.advance(who="ayu", reason="in a hurry", early=True)
    assert [(e.action, e.who) for e in house.one.log()] == [("start", "ayu"), ("advance", "made")]


def test_a_look_in_between_is_no_reason_to_refuse_a_rollback(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.one.start(PLAN, who="ayu", plan_id="plan")
    house.traffic(400)
    other = house.process()
    write = Log.append

    def first_a_look(log: Log, entry: Any) -> bool:
        monkeypatch.setattr(Log, "append", write)
        other.check()
        return write(log, entry)

    monkeypatch.setattr(Log, "append", first_a_look)
    house.one.rollback(who="ayu", reason="complaints")
    assert actions(house) == ["start", "look", "rollback"]


def test_every_change_is_in_the_log_with_who_and_why(house: House) -> None:
    house.one.start(PLAN, who="ayu", reason="the new model")
    house.one.pause(who="made", reason="holiday")
    house.one.resume(who="made")
    house.one.rollback(who="ayu", reason="complaints")
    log = house.process().log()
    assert [(e.who, e.action, e.reason) for e in log] == [
        ("ayu", "start", "the new model"),
        ("made", "pause", "holiday"),
        ("made", "resume", ""),
        ("ayu", "rollback", "complaints"),
    ]
    assert [(e.was, e.became) for e in log][1] == ("centro at 10%", "centro at 10%, paused")


@pytest.mark.parametrize("reason", ["", "  "])
def test_a_pause_a_rollback_and_haste_need_a_reason(house: House, reason: str) -> None:
    house.one.start(PLAN, who="ayu")
    with pytest.raises(RolloutError, match="reason"):
        house.one.pause(who="ayu", reason=reason)
    with pytest.raises(RolloutError, match="reason"):
        house.one.rollback(who="ayu", reason=reason)
    with pytest.raises(RolloutError, match="reason"):
        house.one.advance(who="ayu", reason=reason, early=True)
    assert actions(house) == ["start"]


def test_a_change_reaches_other_processes_within_seconds(house: House) -> None:
    other = house.process()
    assert other.arm_for("t", role="client", current="centro") == ""
    house.one.start(PLAN, who="ayu")
    house.one.rollback(who="ayu", reason="a try")
    assert other.arm_for("t", role="client", current="centro") == ""
    house.clock.on(seconds=5)
    assert other.arm_for("t", role="client", current="centro") == "hybrid"


def test_a_database_that_cannot_be_read_leaves_the_plan_as_it_was(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.one.start(PLAN, who="ayu", plan_id="plan")
    inside = next(t for t in map(str, range(99)) if bucket("plan", t) < 10)
    with sqlite3.connect(house.settings.home / "ledger.sqlite") as file:
        file.execute("ALTER TABLE rollout_log RENAME TO gone")
    file.close()
    house.clock.on(minutes=5)
    with caplog.at_level(logging.WARNING):
        assert house.one.arm_for(inside, role="client") == "centro"
        assert house.one.after_turn() is None
    assert "as it was last seen" in caplog.text
    assert "was not checked" in caplog.text


def test_a_log_of_a_newer_version_ends_no_turn(house: House) -> None:
    house.one.start(PLAN, who="ayu")
    with sqlite3.connect(house.settings.home / "ledger.sqlite") as file:
        file.execute("UPDATE rollout_log SET state = replace(state, '\"least\"', '\"newer\"')")
    file.close()
    other = house.process()
    assert other.arm_for("any", role="client", current="centro") == ""
    with pytest.raises(StorageError, match="another version"):
        other.view()


def test_the_soak_comes_first(house: House) -> None:
    house.one.start(PLAN, who="ayu", plan_id="plan")
    house.traffic(600)
    assert house.one.check().action == "hold"
    with pytest.raises(RolloutError, match="soak goes on for 2 h"):
        house.one.advance(who="ayu")
    house.clock.on(hours=2)
    decision = house.one.check()
    assert (decision.action, decision.missing) == ("ready", {})
    assert house.one.advance(who="ayu").action == "advance"
    assert house.one.arm_for("x", role="client") in ("hybrid", "centro")
    advanced = house.one.log()[-1]
    assert (advanced.was, advanced.became) == ("centro at 10%", "centro at 50%")


def test_too_little_data_does_not_advance_and_says_what_is_missing(house: House) -> None:
    house.one.start(AUTOMATIC, who="ayu", plan_id="plan")
    house.traffic(60)
    house.clock.on(hours=9)
    decision = house.one.check()
    assert decision.action == "hold"
    missing = 20 - sum(bucket("plan", f"t{n}") < 10 for n in range(60))
    assert decision.missing == {"centro": missing}
    assert f"at least {missing} more turns on centro" in decision.reason
    with pytest.raises(RolloutError, match=f"at least {missing} more turns"):
        house.one.advance(who="ayu")
    assert house.one.advance(who="ayu", reason="a quiet week", early=True).action == "advance"
    assert house.one.log()[-1].reason == "a quiet week"


def test_a_pause_stops_the_soak_but_not_the_guards(house: House) -> None:
    house.one.start(AUTOMATIC, who="ayu", plan_id="plan")
    house.clock.on(hours=1)
    house.one.pause(who="ayu", reason="wait")
    house.clock.on(hours=50)
    state = house.one.view().active
    assert state is not None
    assert state.soak_left(house.clock.now()).total_seconds() == 3600
    assert house.one.arm_for("any", role="client", current="hybrid") == "hybrid"
    house.one.resume(who="ayu")
    house.traffic(400, broken=True)
    house.one.pause(who="ayu", reason="wait again")
    assert house.one.check().action == "rollback"


def test_a_guard_that_finds_something_rolls_back_with_its_figures(house: House) -> None:
    house.one.start(PLAN, who="ayu", plan_id="plan")
    house.traffic(400, broken=True)
    decision = house.one.after_turn()
    assert decision is not None
    assert decision.action == "rollback"
    entry = house.one.log()[-1]
    assert (entry.who, entry.action, entry.became) == (
        "guard",
        "rollback",
        "centro at 10%, rolled back",
    )
    (worse,) = [one for one in entry.figures["tests"] if one["worse"]]
    assert (worse["test"], worse["control"], worse["candidate"]) == ("errors", 0, 1)
    assert worse["p"] <= worse["needed"]
    assert "threads with an error: 0.0% on hybrid, 100.0% on centro" in entry.reason
    assert house.one.arm_for("any", role="client", current="centro") == "hybrid"


def test_a_person_who_advances_a_bad_arm_rolls_it_back(house: House) -> None:
    house.one.start(PLAN, who="ayu", plan_id="plan")
    house.traffic(400, broken=True)
    assert house.one.advance(who="ayu", reason="no time", early=True).action == "rollback"
    assert actions(house) == ["start", "rollback"]


def test_a_check_is_made_once_a_minute_at_most(house: House) -> None:
    asked: list[Any] = []

    def turns(since: Any) -> Sequence[TurnRow]:
        asked.append(since)
        return ()

    log = Log(open_store(house.settings.home))
    rollout = Rollout(log, turns, clock=house.clock, monotonic=house.clock.monotonic)
    rollout.start(PLAN, who="ayu")
    for _ in range(30):
        rollout.after_turn()
        house.clock.on(seconds=4)
    assert len(asked) == 2
    rollout.close()


def test_the_same_figures_are_looked_at_once(house: House) -> None:
    """Each look spends a part of the errors that the plan allows; all processes share it."""
    house.one.start(PLAN, who="ayu", plan_id="plan")
    house.traffic(400)
    for rollout in (house.one, house.process(), house.process()):
        rollout.check()
    assert actions(house) == ["start", "look"]
    house.clock.on(hours=3)
    for rollout in (house.one, house.process()):
        assert rollout.check().action == "ready"
    assert actions(house) == ["start", "look", "look"]


def test_staff_who_came_in_first_are_in_no_comparison(house: House) -> None:
    plan = PLAN.model_copy(update={"staff_first": True})
    house.one.start(plan, who="ayu", plan_id="plan")
    for number in range(60):
        arm = house.one.arm_for(f"s{number}", role="staff")
        assert arm == "centro"
        house.ledger.write_turn(a_turn(f"s{number}", arm, house.clock.at, broken=True))
    house.traffic(400)
    house.one.check()
    other = house.process()
    state = other.view().active
    assert state is not None
    samples = other.samples(state)
    assert not any(thread.startswith("s") for thread in samples.candidate)
    assert samples.left_out == 60
    assert actions(house) == ["start", "look"]


def test_the_end_makes_the_candidate_the_default_and_can_be_taken_back(house: House) -> None:
    house.one.start(AUTOMATIC, who="ayu", plan_id="plan")
    for stage in range(3):
        house.traffic(500, name=f"s{stage}-")
        house.clock.on(hours=2)
        house.one.check()
    assert actions(house)[-1] == "finish"
    assert house.one.log()[-1].who == "guard"
    assert house.one.view().default == "centro"
    assert house.one.arm_for("new", role="client") == "centro"
    with pytest.raises(
        RolloutError, match="control: 'hybrid' is not the default arm; accepted: cen"
    ):
        house.one.start(Plan(candidate="budget"), who="ayu")
    house.one.rollback(who="ayu", reason="the bill")
    assert house.one.arm_for("new", role="client", current="centro") == "hybrid"
    assert house.one.view().default == ""


def test_no_rollout_starts_without_scipy(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("scipy"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    for name in [one for one in sys.modules if one.split(".")[0] == "scipy"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingScipyError, match="pip install"):
        house.one.start(PLAN, who="ayu")
    assert actions(house) == []

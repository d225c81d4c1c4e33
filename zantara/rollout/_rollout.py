"""The rollout of a process: which arm a thread gets, what people change, what the guards decide."""

import logging
import threading
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from zantara.clock import Clock, SystemClock
from zantara.costs._sql import open_store
from zantara.costs.ledger import Ledger
from zantara.costs.rows import TurnRow
from zantara.database import StorageError
from zantara.rollout import _state
from zantara.rollout._assignment import STAFF, View
from zantara.rollout._decision import Action, Decision, decide
from zantara.rollout._guards import need_scipy
from zantara.rollout._log import Entry, Log
from zantara.rollout._plan import Plan
from zantara.rollout._samples import Samples, collect
from zantara.rollout._state import RolloutError, State

__all__ = ["GUARD", "ChangedError", "Rollout"]

GUARD = "guard"
_REREAD, _CHECK = 5.0, 60.0
_TRIES = 5
_LOGGER = logging.getLogger(__name__)

Turns = Callable[[datetime], Sequence[TurnRow]]


class ChangedError(RolloutError):
    """Somebody else has changed the rollout meanwhile; nothing of this change was written."""


class Rollout:
    """Every method blocks; all but `arm_for` and `after_turn` may raise StorageError.

    `arm_for` answers from memory and reads the plan again every few seconds, so that a change reaches
    every process; a database that cannot be read leaves the plan as it was last seen.
    """

    def __init__(
        self,
        log: Log,
        turns: Turns,
        *,
        clock: Clock | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._log = log
        self._turns = turns
        self._clock = clock or SystemClock()
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._view = View()
        self._read_at: float | None = None
        self._checked_at: float | None = None
        self._staff: set[tuple[str, str]] = set()
        self._noted: set[tuple[str, str]] = set()

    @classmethod
    def open(
        cls,
        settings: Any,
        clock: Clock | None = None,
        *,
        ledger: Ledger,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> "Rollout":
        """In the ledger's database, over a connection of its own; `ledger` gives the turns."""
        store = open_store(settings.home, settings.ledger_url.get_secret_value())
        return cls(Log(store), ledger.turns, clock=clock, monotonic=monotonic)

    # What a turn asks

    def arm_for(self, thread_id: str, *, role: str, current: str = "") -> str:
        """The arm of this thread's next turn; empty where no plan says anything. Never raises."""
        view = self._seen()
        staff = role in STAFF
        if view.active and view.active.plan.staff_first and staff:
            self._staff.add((view.active.plan_id, thread_id))
        return view.arm_for(thread_id, staff=staff, current=current)

    def after_turn(self) -> Decision | None:
        """`check`, once a minute at most, while a plan is active. Never raises."""
        if not self._due():
            return None
        try:
            decision = self.check()
            if decision.action == "rollback":
                _LOGGER.warning("the rollout was rolled back: %s", decision.reason)
            return decision
        except (StorageError, RolloutError) as error:
            _LOGGER.warning("the rollout was not checked: %s", error)
            return None

    def _seen(self) -> View:
        with self._lock:
            now = self._monotonic()
            if self._read_at is None or now - self._read_at >= _REREAD:
                self._read_at = now
                try:
                    if self._log.last() != self._view.seq:
                        self._view = self._log.view()
                except StorageError as error:
                    _LOGGER.warning("the rollout is taken as it was last seen: %s", error)
            return self._view

    def _due(self) -> bool:
        if self._seen().active is None:
            return False
        with self._lock:
            now = self._monotonic()
            due = self._checked_at is None or now - self._checked_at >= _CHECK
            if due:
                self._checked_at = now
            return due

    # What people do

    def start(self, plan: Plan, *, who: str, reason: str = "", plan_id: str = "") -> State:
        """Raises MissingScipyError, and RolloutError while another plan is active."""
        need_scipy()
        view = self._fresh()
        if view.active:
            raise RolloutError(
                f"a rollout is active: {view.active.named()}; finish it or roll it back first"
            )
        default = view.default or "hybrid"
        if plan.control != default:
            raise RolloutError(
                f"control: {plan.control!r} is not the default arm; accepted: {default}"
            )
        state = _state.begun(plan_id or uuid.uuid4().hex, plan, self._now())
        self._append(view, None, state, who=who, action="start", reason=reason)
        return state

    def pause(self, *, who: str, reason: str) -> State:
        """Threads that are in stay in, none is added, the guards go on."""
        return self._change("pause", "running", _state.paused, who=who, reason=_given(reason))

    def resume(self, *, who: str, reason: str = "") -> State:
        return self._change("resume", "paused", _state.resumed, who=who, reason=reason)

    def rollback(self, *, who: str, reason: str) -> State:
        """Every thread goes back to the control arm, also after the last plan has finished."""

        def back(state: State, _now: datetime) -> State:
            return state.model_copy(update={"status": "rolled_back", "ticking": None})

        return self._change("rollback", "any", back, who=who, reason=_given(reason))

    def advance(self, *, who: str, reason: str = "", early: bool = False) -> Decision:
        """To the next stage, or after the last one make the candidate the default arm.

        Only when the soak is over and the guards have passed; `early` needs a reason instead. A guard
        that finds the candidate worse rolls it back in either case.
        """
        seen = self._fresh().active
        if early:
            _given(reason)
        decision = self._check(advances=False)
        state = decision.state
        if state is None or seen is None or decision.action == "rollback":
            return decision
        if (state.plan_id, state.stage) != (seen.plan_id, seen.stage):
            raise ChangedError(f"it is {state.named()} by now; nothing was changed")
        if state.status == "paused":
            raise RolloutError("the rollout is paused; resume it first")
        if decision.action != "ready" and not early:
            raise RolloutError(
                f"not advanced: {decision.reason}; --early with a reason advances all the same"
            )
        return self._step(state, decision, who=who, reason=reason)

    # What the guards do

    def check(self, turns: Sequence[TurnRow] | None = None) -> Decision:
        """Look at the figures where a look is due, and do what follows from them.

        turns: instead of the ledger's. Raises MissingScipyError.
        """
        return self._check(turns, advances=True)

    def _check(self, turns: Sequence[TurnRow] | None = None, *, advances: bool) -> Decision:
        self._note_staff()
        view = self._fresh()
        state = view.active
        if state is None:
            return Decision("none", "no rollout is active")
        samples = self._samples(state, turns)
        decision = decide(state, samples, self._now())
        after = decision.state or state
        if decision.looked or decision.action == "rollback":
            try:
                self._append_look(view, state, after, decision, samples)
            except ChangedError as error:
                return Decision("hold", str(error), self._fresh().active)
        if decision.action in ("advance", "finish"):
            if advances:
                return self._step(after, decision, who=GUARD, reason=decision.reason)
            return Decision("ready", decision.reason, after, findings=decision.findings)
        return decision

    def _append_look(
        self, view: View, was: State, after: State, decision: Decision, samples: Samples
    ) -> None:
        figures = {
            "threads": {
                was.plan.control: len(samples.control),
                was.plan.candidate: len(samples.candidate),
            },
            "look": after.looks,
            "end_of_soak": after.final and not was.final,
            "tests": [finding.to_json() for finding in decision.findings],
        }
        if decision.action == "rollback":
            after = after.model_copy(update={"status": "rolled_back", "ticking": None})
            action, reason = "rollback", decision.reason
        else:
            action, reason = "look", "no guard has found anything"
        self._append(view, was, after, who=GUARD, action=action, reason=reason, figures=figures)

    def _step(self, state: State, decision: Decision, *, who: str, reason: str) -> Decision:
        action: Action = "finish" if state.last else "advance"
        figures = {"tests": [finding.to_json() for finding in decision.findings]}

        def on(found: State, now: datetime) -> State:
            return _state.finished(found) if found.last else _state.moved_on(found, now)

        after = self._change(
            action, "running", on, who=who, reason=reason, figures=figures, seen=state
        )
        return Decision(action, reason or decision.reason, after, findings=decision.findings)

    # What is read

    def log(self, plan_id: str = "") -> list[Entry]:
        return self._log.entries(plan_id)

    def view(self) -> View:
        """The plans as they stand now."""
        return self._fresh()

    def samples(self, state: State) -> Samples:
        """The turns of the stage's arms."""
        return self._samples(state, None)

    def now(self) -> datetime:
        return self._now()

    def close(self) -> None:
        try:
            self._note_staff()
        finally:
            self._log.close()

    def _samples(self, state: State, turns: Sequence[TurnRow] | None) -> Samples:
        # The ledger compares times as text: exact to the second alone, where their form differs.
        since = state.control_since - timedelta(seconds=1)
        found = self._turns(since) if turns is None else turns
        return collect(state, found, self._log.staff(state.plan_id))

    def _note_staff(self) -> None:
        new = self._staff - self._noted
        for plan_id in {plan for plan, _thread in new}:
            self._log.note_staff(plan_id, [t for plan, t in new if plan == plan_id])
        self._noted |= new

    def _fresh(self) -> View:
        view = self._log.view()
        with self._lock:
            self._view, self._read_at = view, self._monotonic()
        return view

    def _now(self) -> datetime:
        return self._clock.now().astimezone(UTC)

    # How it is written

    def _change(
        self,
        action: str,
        wanted: str,
        change: Callable[[State, datetime], State],
        *,
        who: str,
        reason: str,
        figures: Mapping[str, Any] | None = None,
        seen: State | None = None,
    ) -> State:
        """Write a change of the plan that stands. seen: the state that it was decided on.

        A look of the guards in between does not matter; a change of stage or status refuses this one.
        """
        for _try in range(_TRIES):
            view = self._fresh()
            found = view.active or (view.ended[-1] if wanted == "any" and view.ended else None)
            seen = seen or found
            if found is None or seen is None or found.status == "rolled_back":
                raise RolloutError(f"{action}: no rollout is active")
            if (found.plan_id, found.stage, found.status) != (
                seen.plan_id,
                seen.stage,
                seen.status,
            ):
                raise ChangedError(f"{action}: it is {found.named()} by now; nothing was changed")
            if wanted not in ("any", found.status):
                raise RolloutError(f"{action}: the rollout is {found.status}; accepted: {wanted}")
            after = change(found, self._now())
            try:
                self._append(
                    view, found, after, who=who, action=action, reason=reason, figures=figures
                )
            except ChangedError:
                continue
            return after
        raise ChangedError(f"{action}: others change the rollout all the time; nothing was changed")

    def _append(
        self,
        view: View,
        was: State | None,
        state: State,
        *,
        who: str,
        action: str,
        reason: str,
        figures: Mapping[str, Any] | None = None,
    ) -> None:
        entry = Entry(
            seq=view.seq + 1,
            plan_id=state.plan_id,
            at=self._now(),
            who=who,
            action=action,
            reason=reason,
            was=was.named() if was else "",
            became=state.named(),
            state=state,
            figures=figures or {},
        )
        if not self._log.append(entry):
            raise ChangedError("somebody else has changed the rollout meanwhile; look at it again")
        self._fresh()


def _given(reason: str) -> str:
    if not reason.strip():
        raise RolloutError("reason: it is empty; accepted: why, in a few words, for the audit log")
    return reason.strip()

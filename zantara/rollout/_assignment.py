"""Which arm a thread gets. No memory is needed: the hash of plan and thread decides, everywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from zantara.identity import Role
from zantara.rollout._state import State

__all__ = ["STAFF", "View", "bucket", "reached"]

STAFF = frozenset({Role.STAFF, Role.OWNER})


def bucket(plan_id: str, thread_id: str) -> float:
    """0 to 100, the same for the same plan and thread for ever; other plans draw anew."""
    digest = sha256(f"{plan_id}:{thread_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64 * 100


def reached(plan_id: str, thread_id: str, percent: int) -> bool:
    """Whether chance gives the thread to the candidate: who is in at 10% is in at 50% too."""
    return bucket(plan_id, thread_id) < percent


@dataclass(frozen=True, slots=True)
class View:
    """The plans as they stood when the log was last read. seq: its last row; ended: in their order."""

    seq: int = 0
    active: State | None = None
    ended: Sequence[State] = ()

    @property
    def default(self) -> str:
        """The arm that the last finished rollout has made the default; empty: none has."""
        return self.settled("")

    def arm_for(self, thread_id: str, *, staff: bool, current: str) -> str:
        """The arm, or empty where nothing is to be said.

        A thread comes to the candidate once, when the percent reaches it, and stays. A pause adds none.
        A thread that stands on a third arm was put there by another choice.
        """
        state = self.active
        if state is None:
            settled = self.settled(current)
            return "" if settled == current else settled
        arms = (state.plan.control, state.plan.candidate)
        if current not in ("", *arms):
            current = self.settled(current)
            if current not in arms:
                return ""
        if current == state.plan.candidate:
            return current
        chosen = reached(state.plan_id, thread_id, state.percent) or (
            staff and state.plan.staff_first
        )
        return arms[chosen and state.status == "running"]

    def settled(self, current: str) -> str:
        """Where the ended plans send a thread: back after a rollback, on after one that finished."""
        for state in self.ended:
            plan = state.plan
            if state.status == "rolled_back" and current == plan.candidate:
                current = plan.control
            elif state.status == "finished" and current in ("", plan.control):
                current = plan.candidate
        return current

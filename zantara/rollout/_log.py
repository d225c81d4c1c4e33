"""The audit log: rows that are only ever added. The newest row of a plan is the plan's state."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from zantara.costs._sql import Connection, Store
from zantara.database import StorageError
from zantara.rollout._assignment import View
from zantara.rollout._state import State

__all__ = ["Entry", "Log"]

_COLUMNS = "seq, plan_id, at, who, action, reason, was, became, state, figures"


@dataclass(frozen=True, slots=True)
class Entry:
    """One change. who: a user's identity, or "guard". was, became: in words. figures: what decided."""

    seq: int
    plan_id: str
    at: datetime
    who: str
    action: str
    reason: str
    was: str
    became: str
    state: State
    figures: Mapping[str, Any]

    def to_json(self) -> dict[str, Any]:
        return {
            "seq": self.seq,
            "plan": self.plan_id,
            "at": self.at.isoformat(),
            "who": self.who,
            "action": self.action,
            "reason": self.reason,
            "from": self.was,
            "to": self.became,
            "figures": dict(self.figures),
        }


class Log:
    """Every method blocks and may raise StorageError."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def last(self) -> int:
        """The number of the last change: whoever has read up to it knows everything."""
        return int(
            self._store.run_here(
                lambda c: c.execute("SELECT COALESCE(MAX(seq), 0) FROM rollout_log").fetchone()[0]
            )
        )

    def view(self) -> View:
        rows = self._store.run_here(
            lambda c: c.execute("SELECT seq, state FROM rollout_log ORDER BY seq").fetchall()
        )
        plans: dict[str, State] = {}
        for _seq, text in rows:
            state = _state(text)
            plans[state.plan_id] = state
        active = next((state for state in plans.values() if state.active), None)
        ended = tuple(state for state in plans.values() if not state.active)
        return View(rows[-1][0] if rows else 0, active, ended)

    def append(self, entry: Entry) -> bool:
        """False when another change has taken this number: nothing is written then."""
        values = (
            entry.seq,
            entry.plan_id,
            entry.at.isoformat(),
            entry.who,
            entry.action,
            entry.reason,
            entry.was,
            entry.became,
            entry.state.model_dump_json(),
            json.dumps(entry.figures, ensure_ascii=False),
        )
        sql = (
            f"INSERT INTO rollout_log ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - a constant
            " ON CONFLICT (seq) DO NOTHING"
        )
        return bool(self._store.run_here(lambda c: c.execute(sql, values).rowcount == 1))

    def entries(self, plan_id: str = "") -> list[Entry]:
        """Oldest first; of all plans where none is named."""
        rows = self._store.run_here(
            lambda c: c.execute(f"SELECT {_COLUMNS} FROM rollout_log ORDER BY seq").fetchall()  # noqa: S608 - a constant
        )
        return [_entry(row) for row in rows if plan_id in ("", row[1])]

    def note_staff(self, plan_id: str, threads: Collection[str]) -> None:
        def work(c: Connection) -> None:
            for thread in sorted(threads):
                c.execute(
                    "INSERT INTO rollout_staff (plan_id, thread_id) VALUES (?, ?)"
                    " ON CONFLICT (plan_id, thread_id) DO NOTHING",
                    (plan_id, thread),
                )

        self._store.run_here(work)

    def staff(self, plan_id: str) -> frozenset[str]:
        rows = self._store.run_here(
            lambda c: c.execute(
                "SELECT thread_id FROM rollout_staff WHERE plan_id = ?", (plan_id,)
            ).fetchall()
        )
        return frozenset(row[0] for row in rows)

    def close(self) -> None:
        self._store.close()


def _state(text: str) -> State:
    try:
        return State.model_validate_json(text)
    except ValidationError as error:
        raise StorageError(
            "the audit log of the rollout was written by another version; update ZANTARA"
        ) from error


def _entry(row: Any) -> Entry:
    seq, plan_id, at, who, action, reason, was, became, state, figures = row
    return Entry(
        seq=seq,
        plan_id=plan_id,
        at=datetime.fromisoformat(at),
        who=who,
        action=action,
        reason=reason,
        was=was,
        became=became,
        state=_state(state),
        figures=json.loads(figures),
    )

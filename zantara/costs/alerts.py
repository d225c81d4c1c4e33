"""What somebody should look at: each alert once in its period, to the log, the ledger and a webhook."""

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from zantara.clock import Clock, SystemClock
from zantara.costs._sql import Connection, Store, open_store
from zantara.costs.ledger import Ledger, utc_text
from zantara.settings import Settings

__all__ = ["Alert", "Alerts"]

_LOG = logging.getLogger("zantara.alerts")
_EVERY = 25
_ENOUGH = 50
_KNOWLEDGE_SHARE, _ERROR_RATE = 0.70, 0.05
_STEPS = (50, 80, 100)
_SECONDS = 5.0
_COLUMNS = ("key", "period", "level", "text", "at", "sent")


@dataclass(frozen=True, slots=True)
class Alert:
    """key, period: it is raised once for both. level: warning or critical. sent: the webhook has it."""

    key: str
    period: str
    level: str
    text: str
    at: str
    sent: bool


class Alerts:
    """The alerts of one ledger.

    Nothing here delays or fails a turn: a thread of its own writes and posts, and a webhook that does
    not answer gets what it missed with the next alert, or by `zantara alerts send`. Alerts hold
    figures and names of ours, never what a user wrote.
    """

    def __init__(
        self, store: Store, settings: Settings, ledger: Ledger, *, clock: Clock | None = None
    ) -> None:
        self._store = store
        self._settings = settings
        self._ledger = ledger
        self._clock = clock or SystemClock()
        self._turns = 0
        self._pool: ThreadPoolExecutor | None = None

    @classmethod
    def open(cls, settings: Settings, ledger: Ledger, clock: Clock | None = None) -> "Alerts":
        """Those of the ledger that the settings name."""
        url = settings.ledger_url.get_secret_value()
        return cls(open_store(settings.home, url), settings, ledger, clock=clock)

    def note(self, key: str, text: str, *, level: str = "warning", period: str = "") -> None:
        """Raise an alert from wherever one is; the rest happens elsewhere. period: empty: this day."""
        self._later(self.record, key, text, level=level, period=period)

    def after_turn(self) -> None:
        """Look at the budgets, and at each 25th turn at everything else."""
        self._turns += 1
        self._later(self.check_budgets)
        if self._turns % _EVERY == 0:
            self._later(self.check_all)

    def record(self, key: str, text: str, *, level: str = "warning", period: str = "") -> bool:
        """Raise an alert here and now; whether it is a new one. Blocks."""
        at = utc_text(self._clock.now())
        row = (key, period or at[:10], level, text, at)
        done = self._store.run_here(
            lambda c: (
                c.execute(
                    "INSERT INTO alerts (key, period, level, text, at, sent) VALUES (?, ?, ?, ?, ?, 0)"
                    " ON CONFLICT (key, period) DO NOTHING",
                    row,
                ).rowcount
            )
        )
        if done:
            _LOG.warning("%s: %s", key, text)
            self.send()
        return bool(done)

    def all(self, most: int = 100) -> list[Alert]:
        """Newest first."""
        return self._select(f"ORDER BY at DESC, key LIMIT {int(most)}")

    def send(self) -> int:
        """Post what the webhook has not had, oldest first; how many it took."""
        url = self._settings.alert_webhook.get_secret_value()
        if not url:
            return 0
        taken = 0
        for alert in self._select("WHERE sent = 0 ORDER BY at, key LIMIT 50"):
            if not _posted(url, alert):
                break
            self._store.run_here(
                lambda c, one=alert: c.execute(  # type: ignore[misc]  # bound at once
                    "UPDATE alerts SET sent = 1 WHERE key = ? AND period = ?", (one.key, one.period)
                )
            )
            taken += 1
        return taken

    def check_budgets(self) -> None:
        """50, 80 and 100 percent of what may be spent in a day and in a month."""
        for one in self._ledger.budgets():
            limit = one.budget.limit
            reached = [step for step in _STEPS if limit and one.spent * 100 >= limit * step]
            for step in reached[-1:]:
                told = (
                    f"{step}% of the budget of the {one.budget.name}: ${one.spent:.2f} of ${limit}"
                )
                level = "critical" if step == _STEPS[-1] else "warning"
                key = f"budget {one.budget.name} {step}%"
                self.record(key, told, level=level, period=one.budget.period)

    def check_all(self) -> None:
        """The rented GPU, the share answered from knowledge, the calls that failed."""
        month = utc_text(self._clock.now())[:7]
        spent = sum(map(Decimal, self._column(_GPU, (f"{month}-01",))), Decimal(0))
        limit = self._settings.gpu_alert
        if spent >= limit:
            self.record("gpu", f"${spent:.2f} of GPU time this month, over ${limit}", period=month)
        for key, told in self._rates():
            self.record(key, told)

    def _rates(self) -> Iterator[tuple[str, str]]:
        outside = self._column(_OUTSIDE)
        share = sum(not one for one in outside) / max(len(outside), 1)
        if len(outside) >= _ENOUGH and share < _KNOWLEDGE_SHARE:
            told = (
                f"{share:.0%} of the last {len(outside)} turns were answered with no outside call"
            )
            yield "knowledge share", f"{told}; expected: {_KNOWLEDGE_SHARE:.0%}"
        ends = self._column(_ENDS)
        rate = sum(end not in ("answered", "cancelled") for end in ends) / max(len(ends), 1)
        if len(ends) >= _ENOUGH and rate > _ERROR_RATE:
            yield "error rate", f"{rate:.0%} of the last {len(ends)} model calls failed"

    def _column(self, sql: str, parameters: Sequence[Any] = ()) -> list[Any]:
        return [row[0] for row in self._store.run_here(lambda c: _rows(c, sql, parameters))]

    def _select(self, rest: str) -> list[Alert]:
        sql = f"SELECT {', '.join(_COLUMNS)} FROM alerts {rest}"  # noqa: S608 - ours alone
        rows = self._store.run_here(lambda c: _rows(c, sql, ()))
        named = [dict(zip(_COLUMNS, row, strict=True)) for row in rows]
        return [Alert(**{**one, "sent": bool(one["sent"])}) for one in named]

    def _later(self, work: Any, *given: Any, **named: Any) -> None:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(1, "zantara-alerts")
        self._pool.submit(work, *given, **named).add_done_callback(_tell)

    def close(self) -> None:
        """Finish what is under way."""
        if self._pool is not None:
            self._pool.shutdown(wait=True)
            self._pool = None
        self._store.close()


_GPU = "SELECT cost_usd FROM calls WHERE priced = 'time' AND at >= ?"
_OUTSIDE = "SELECT outside FROM turns ORDER BY at DESC LIMIT 200"
_ENDS = (
    "SELECT outcome FROM calls WHERE role <> 'tool' AND outcome <> 'open'"
    " ORDER BY at DESC LIMIT 200"
)


def _rows(connection: Connection, sql: str, parameters: Sequence[Any]) -> list[Any]:
    return list(connection.execute(sql, parameters).fetchall())


def _posted(url: str, alert: Alert) -> bool:
    """Whether the webhook took it. `text` is what Slack and its like show."""
    import httpx

    body = {**asdict(alert), "text": f"ZANTARA {alert.level}: {alert.text}"}
    try:
        return httpx.post(url, json=body, timeout=_SECONDS).is_success
    except (httpx.HTTPError, httpx.InvalidURL) as error:  # its text may hold the address, a secret
        _LOG.warning("the webhook of the alerts does not answer: %s", type(error).__name__)
        return False


def _tell(done: "Future[Any]") -> None:
    """An alert that could not be written is a line in the log, and nothing else."""
    error = done.exception()
    if error is not None:
        _LOG.warning("an alert was not written: %s", error)

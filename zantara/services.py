"""What nodes and tools work with. The runner, a test or the server's process chooses it."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from zantara.clock import Clock, SystemClock
from zantara.costs import Alerts, Ledger, Meter, Prices, TurnRow
from zantara.gate.kinds import Kind
from zantara.gate.policy import SHIPPED, Policy, load_policy
from zantara.gateway import Candidate, Gateway, ending
from zantara.journal import Journal
from zantara.rollout import Rollout
from zantara.settings import Settings

if TYPE_CHECKING:
    from zantara.channels import Channels
    from zantara.google import Google
    from zantara.knowledge import Knowledge
    from zantara.maps import Maps

__all__ = ["Services", "current", "use"]

_RUNS = 1000


@dataclass
class Services:
    """Opened on first use, so that a greeting opens neither knowledge nor Google.

    The properties may read files: nodes touch them off the event loop.
    """

    settings: Settings
    clock: Clock
    gateway: Gateway
    journal: Journal
    ledger: Ledger
    _ends: dict[str, float] = field(default_factory=dict)

    @classmethod
    def from_settings(
        cls, settings: Settings, *, clock: Clock | None = None, gateway: Gateway | None = None
    ) -> "Services":
        load_policy(settings.policy, settings.policy_file or SHIPPED)  # a wrong one starts nothing
        clock = clock or SystemClock()
        ledger = Ledger.open(settings, clock)
        made = cls(
            settings=settings,
            clock=clock,
            gateway=gateway or Gateway.from_settings(settings, ledger),
            journal=Journal(settings.home),
            ledger=ledger,
        )
        made.gateway.alert = made._tell
        return made

    def _tell(self, what: str, candidate: Candidate, detail: str) -> None:
        """What the gateway saw, without a host's own words: these may repeat what a user wrote."""
        name = f"{candidate.provider} {candidate.model}"
        texts = {
            "other_model": f"{name} was asked and {detail} answered",
            "disabled": f"{name} is not asked any more: `zantara models check` says why",
            "budget": detail,
        }
        key = detail.partition(" has no room")[0] if what == "budget" else f"{what} {name}"
        self.alerts.note(key, texts[what])

    @cached_property
    def knowledge(self) -> "Knowledge":
        from zantara.knowledge import Knowledge

        return Knowledge.open(
            self.settings.home / "knowledge", meaning=self.settings.knowledge_meaning
        )

    @cached_property
    def policy(self) -> Policy:
        """What calls may do. Raises PolicyError, at the start of a process and not in a turn."""
        return load_policy(self.settings.policy, self.settings.policy_file or SHIPPED)

    def check_policy(self, tools: Mapping[str, Mapping[str, Kind]]) -> None:
        """Raises PolicyError for a row of a tool or argument that is not there."""
        load_policy(self.settings.policy, self.settings.policy_file or SHIPPED, tools=tools)

    @cached_property
    def google(self) -> "Google":
        from zantara.google import Google

        return Google.local(self.settings.home / "google.sqlite", clock=self.clock)

    @cached_property
    def channels(self) -> "Channels":
        from zantara.channels import Channels

        local = self.settings.home / "channels.sqlite"
        return Channels(self.settings, local, self.clock, meter=self.meter)

    @cached_property
    def maps(self) -> "Maps":
        from zantara.maps import Maps

        key = self.settings.google_maps_api_key.get_secret_value()
        return Maps.live(key, meter=self.meter) if key else Maps.local()

    @cached_property
    def meter(self) -> Meter:
        """Writes the rows of paid tool calls."""
        return Meter(self.ledger, Prices(self.settings.prices_file))

    @cached_property
    def rollout(self) -> Rollout:
        """Which arm a thread is to have while a plan runs; opened with the first turn."""
        return Rollout.open(self.settings, self.clock, ledger=self.ledger)

    @cached_property
    def alerts(self) -> Alerts:
        """What the process raises; opened with the first turn."""
        return Alerts.open(self.settings, self.ledger, self.clock)

    def note_turn(self, row: TurnRow) -> None:
        """Keep the row of a turn that has ended, and look whether somebody should be told. Blocks.

        It costs what all of its calls have cost: those that failed and the paid tools too.
        """
        cost = self.ledger.cost(row.thread_id, row.turn)
        self.ledger.write_turn(replace(row, cost_usd=cost))
        if self.alerts.after_turn(row.turn, row.user):
            for name, days in ending(self.settings, self.clock.now()):
                self.alerts.note(f"sunset {name}", f"{name} ends in {days} days")
        decision = self.rollout.after_turn()
        if decision is not None and decision.action == "rollback":
            told = f"the rollout was rolled back: {decision.reason}"
            self.alerts.note("rollback", told, level="critical")

    def until(self, run_id: str) -> float:
        """When the models of a run have had their time, monotonic seconds. A run that goes on after a
        person's decision is another run.
        """
        end = time.monotonic() + self.settings.turn_seconds
        if not run_id:
            return end
        while len(self._ends) > _RUNS:
            self._ends.pop(next(iter(self._ends)))
        return self._ends.setdefault(run_id, end)

    def close(self) -> None:
        for name in ("alerts", "rollout"):
            if name in self.__dict__:
                getattr(self, name).close()
        self.journal.close()
        self.ledger.close()


_current: ContextVar[Services] = ContextVar("zantara_services")
_of_process: list[Services] = []


def current() -> Services:
    """The services in use here: those of `use`, else the process's own, made from the settings."""
    found = _current.get(None)
    if found is not None:
        return found
    if not _of_process:
        _of_process.append(Services.from_settings(Settings()))
    return _of_process[0]


@contextmanager
def use(services: Services) -> Iterator[Services]:
    """Make `services` the current ones for everything that this block starts."""
    token = _current.set(services)
    try:
        yield services
    finally:
        _current.reset(token)

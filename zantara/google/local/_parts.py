"""The services of the account, their methods by id, and the demo that a new file begins with."""

from collections.abc import Callable, Mapping
from typing import Any

from zantara.clock import Clock
from zantara.google.local._calendar import CALENDAR_METHODS, Calendar
from zantara.google.local._chat import CHAT_METHODS, Chat
from zantara.google.local._contract import Asked
from zantara.google.local._demo import seed_demo, seed_week
from zantara.google.local._demo_workspace import seed_things, seed_workspace
from zantara.google.local._docs import DOCS_METHODS, Docs
from zantara.google.local._drive import DRIVE_METHODS, Drive
from zantara.google.local._files import Files
from zantara.google.local._gmail import GMAIL_METHODS, Gmail
from zantara.google.local._people import PEOPLE_METHODS, People
from zantara.google.local._sheets import SHEETS_METHODS, Sheets
from zantara.google.local._slides import SLIDES_METHODS, Slides
from zantara.google.local._storage import Storage

__all__ = ["Parts"]


class Parts:
    """Every service over one storage; documents, sheets and slides are files of one Drive."""

    def __init__(self, storage: Storage, clock: Clock, account: str) -> None:
        self._storage = storage
        self._clock = clock
        self._files = Files(storage, clock, account)
        self._calendar = Calendar(storage, clock, account)
        self._gmail = Gmail(storage, clock, account)
        self._tables: tuple[tuple[Any, Mapping[str, tuple[str, frozenset[str]]]], ...] = (
            (self._calendar, CALENDAR_METHODS),
            (self._gmail, GMAIL_METHODS),
            (Drive(storage, self._files), DRIVE_METHODS),
            (Docs(storage, self._files), DOCS_METHODS),
            (Sheets(storage, self._files), SHEETS_METHODS),
            (Slides(storage, self._files), SLIDES_METHODS),
            (People(storage, account), PEOPLE_METHODS),
            (Chat(storage, clock, account), CHAT_METHODS),
        )

    def methods(self) -> dict[str, tuple[Callable[[Asked], Any], frozenset[str]]]:
        """What each method id does, and the parameters that it implements."""
        return {
            method: (getattr(part, name), params)
            for part, table in self._tables
            for method, (name, params) in table.items()
        }

    def plant(self, data: Mapping[str, Any]) -> None:
        """What others put into the account: events, mails, files and contacts in the demo's form."""
        with self._storage.transaction():
            begin = 1000 + sum(1 for _ in self._storage.all("contact"))
            name = f"planted-{begin}"
            seed_week(self._calendar, self._gmail, self._clock, data, name=name)
            seed_things(self._storage, self._files, self._clock, data, begin=begin)

    def seed(self) -> None:
        """Each half of the demo once: a file may have been begun when there was only the first."""
        with self._storage.transaction():
            if self._storage.get("seed", "demo") is None:
                seed_demo(self._calendar, self._gmail, self._clock)
                self._storage.put("seed", "demo", {"done": True})
            if self._storage.get("seed", "workspace") is None:
                seed_workspace(self._storage, self._files, self._clock)
                self._storage.put("seed", "workspace", {"done": True})

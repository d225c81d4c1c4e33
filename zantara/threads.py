"""A user's threads and the decisions they have taken so far, in the LangGraph store."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from langgraph.store.base import BaseStore

from zantara.identity import store_label

__all__ = ["Thread", "Threads"]

_TITLE = 80
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation; the title is the beginning of its first message."""

    thread_id: str
    title: str
    created: str
    updated: str


class Threads:
    """The threads of one user."""

    def __init__(self, store: BaseStore, user: str) -> None:
        label = store_label(user)
        self._store = store
        self._threads = ("threads", label)
        self._decisions = ("decisions", label)

    async def touch(
        self,
        thread_id: str,
        text: str,
        *,
        now: datetime,
        context: Mapping[str, str],
        new: bool = False,
    ) -> None:
        """Note that the user has said something in this thread, and under which preferences.

        A turn that pauses or is cut off goes on, in another process, under those it began with.
        A `new` thread has no row to look for.
        """
        at = now.isoformat(timespec="seconds")
        known = None if new else await self._store.aget(self._threads, thread_id)
        row = known.value if known else {"title": " ".join(text.split())[:_TITLE], "created": at}
        row = {**row, "updated": at, "context": dict(context)}
        await self._store.aput(self._threads, thread_id, row, index=False)

    async def context(self, thread_id: str) -> dict[str, Any]:
        """The preferences of the thread's last turn."""
        item = await self._store.aget(self._threads, thread_id)
        return dict(item.value.get("context") or {}) if item else {}

    async def has(self, thread_id: str) -> bool:
        """Whether the user has this thread."""
        return await self._store.aget(self._threads, thread_id) is not None

    async def all(self) -> list[Thread]:
        """Newest first."""
        items = await self._store.asearch(self._threads, limit=_MOST)
        threads = [
            Thread(item.key, item.value["title"], item.value["created"], item.value["updated"])
            for item in items
        ]
        return sorted(threads, key=lambda one: one.updated, reverse=True)

    async def decisions(self, thread_id: str) -> dict[str, dict[str, Any]]:
        """Decisions by call id that wait until their interrupt has all of its own."""
        item = await self._store.aget(self._decisions, thread_id)
        return dict(item.value) if item else {}

    async def keep_decisions(
        self, thread_id: str, decisions: Mapping[str, Mapping[str, Any]]
    ) -> None:
        """Keep these instead of what was kept; none removes them."""
        if decisions:
            await self._store.aput(self._decisions, thread_id, dict(decisions), index=False)
        else:
            await self._store.adelete(self._decisions, thread_id)

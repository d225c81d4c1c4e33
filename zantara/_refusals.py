"""What the runner refuses, before anything is changed."""

import re

from zantara.turn import Pending

__all__ = [
    "BadRequestError",
    "PendingError",
    "ThreadBusyError",
    "UnknownThreadError",
    "valid_thread",
]

_THREAD_ID = re.compile(r"[\w.:@-]{1,200}")


class BadRequestError(ValueError):
    """What was asked cannot be done as it stands; nothing was changed."""


class UnknownThreadError(BadRequestError):
    """This user has no such thread."""


class PendingError(BadRequestError):
    """The thread waits for decisions, so that a new message is refused."""

    def __init__(self, pending: list[Pending]) -> None:
        waiting = ", ".join(f"{one.tool} ({one.call_id})" for one in pending)
        super().__init__(f"this thread waits for a decision on {waiting}; decide first")
        self.pending = pending


class ThreadBusyError(RuntimeError):
    """Another process works on this thread."""


def valid_thread(thread_id: str) -> str:
    """The id itself. Raises BadRequestError where it cannot name a thread."""
    if not _THREAD_ID.fullmatch(thread_id):
        raise BadRequestError(
            f"thread: {thread_id[:80]!r}; accepted: 1 to 200 letters, digits, '.', '_', ':', '-'"
        )
    return thread_id

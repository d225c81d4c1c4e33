"""The whole conversation, append-only, in the LangGraph store.

The graph keeps a bounded window of messages; what leaves the window is written here first, keyed by
user, thread and message id. Each row names its predecessor and the state holds the head, so that a
fork or a copy of a thread reads its own branch. Beside the rows stand their values (normalised value
-> provenance and message), which are looked up by key and never by scanning.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from langchain_core.messages import AnyMessage, BaseMessage, messages_from_dict, messages_to_dict
from langgraph.store.base import BaseStore, GetOp, PutOp

from zantara.gate.provenance import Provenance
from zantara.gate.values import Known, known_values
from zantara.identity import store_label

__all__ = ["append", "find_values", "read"]

_LONGEST_BRANCH = 100_000
_BROUGHT = (Provenance.USER, Provenance.SYSTEM, Provenance.OWN, Provenance.OUTSIDE)


async def append(
    store: BaseStore, user: str, thread: str, *, head: str, messages: Sequence[BaseMessage]
) -> str:
    """Write `messages` behind `head` and return the new head. Writing them again changes nothing."""
    operations: list[PutOp] = []
    for message, dumped in zip(messages, messages_to_dict(messages), strict=True):
        identity = str(message.id)
        row = {"message": dumped, "previous": head}
        operations.append(PutOp(_rows(user, thread), identity, row, index=False))
        operations += [_value_op(user, thread, known) for known in known_values([message])]
        head = identity
    await store.abatch(operations)
    return head


async def read(
    store: BaseStore, user: str, thread: str, *, head: str, limit: int = _LONGEST_BRANCH
) -> list[AnyMessage]:
    """The newest `limit` messages of the branch that ends in `head`, oldest first."""
    rows: list[dict[str, Any]] = []
    while head and len(rows) < limit:
        (item,) = await store.abatch([GetOp(_rows(user, thread), head, refresh_ttl=False)])
        if item is None or isinstance(item, list):
            break
        rows.append(item.value["message"])
        head = str(item.value["previous"])
    return list(messages_from_dict(rows[::-1]))  # type: ignore[arg-type]  # its annotation is wider than what it returns


async def find_values(
    store: BaseStore, user: str, thread: str, values: Iterable[str]
) -> list[Known]:
    """What the transcript knows of the normalised values: for each who brought it in, by class."""
    wanted = [
        GetOp(_values(user, thread), _key(value, kind), refresh_ttl=False)
        for value in sorted(set(values))
        for kind in _BROUGHT
    ]
    found = await store.abatch(wanted) if wanted else []
    return [Known.from_json(item.value) for item in found if item is not None]  # type: ignore[union-attr]  # a GetOp gives an item or None


def _value_op(user: str, thread: str, known: Known) -> PutOp:
    key = _key(known.value, known.provenance)
    return PutOp(_values(user, thread), key, known.to_json(), index=False)


def _rows(user: str, thread: str) -> tuple[str, ...]:
    return ("transcript", store_label(user), store_label(thread))


def _values(user: str, thread: str) -> tuple[str, ...]:
    return ("values", store_label(user), store_label(thread))


def _key(value: str, kind: Provenance) -> str:
    """A value from outside does not hide that the user said it too."""
    return hashlib.sha256(f"{kind}\n{value}".encode()).hexdigest()[:32]

"""Slack Web API, the methods that ZANTARA uses, after Slack's published reference.

Slack answers 200 also where it refuses: `ok` says which, `error` says why.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any

from zantara.channels.local._outbox import Delivered, Outbox

__all__ = ["answer"]

_BOT = "U00000LOCAL"
_LONGEST = 40_000
_KNOWN: Mapping[str, frozenset[str]] = {
    "auth.test": frozenset(),
    "conversations.list": frozenset({"limit", "exclude_archived", "types", "cursor"}),
    "conversations.history": frozenset({"channel", "limit", "include_all_metadata"}),
    "chat.postMessage": frozenset(
        {"channel", "text", "metadata", "parse", "link_names", "unfurl_links", "unfurl_media"}
    ),
    "chat.delete": frozenset({"channel", "ts"}),
}

_Answer = dict[str, Any]


def answer(
    name: str, data: dict[str, Any], *, signed: bool, outbox: Outbox, now: str
) -> tuple[int, _Answer]:
    known = _KNOWN.get(name)
    if known is None:
        return 501, {"ok": False, "error": f"{name} is not implemented by the local Slack"}
    unknown = sorted(set(data) - known - {"token"})
    if unknown:
        return 501, {"ok": False, "error": f"{name}: {unknown[0]} is not implemented"}
    if not signed and "token" not in data:
        return 200, {"ok": False, "error": "not_authed"}
    return 200, _METHODS[name](data, outbox, now)


def _auth(_data: dict[str, Any], _outbox: Outbox, _now: str) -> _Answer:
    return {"ok": True, "team": "Bali Zero (local)", "user": "zantara", "user_id": _BOT}


def _list(data: dict[str, Any], outbox: Outbox, _now: str) -> _Answer:
    begin, size = int(data.get("cursor") or 0), int(data.get("limit") or 100)
    known = outbox.channels()
    page = [{"id": i, "name": n, "is_channel": True} for i, n in known[begin : begin + size]]
    following = str(begin + size) if begin + size < len(known) else ""
    return {"ok": True, "channels": page, "response_metadata": {"next_cursor": following}}


def _history(data: dict[str, Any], outbox: Outbox, _now: str) -> _Answer:
    channel = _channel(data, outbox)
    if not channel:
        return {"ok": False, "error": "channel_not_found"}
    found = [one for one in outbox.all("slack") if one.target == channel][::-1]
    newest = found[: int(data.get("limit") or 100)]
    with_metadata = str(data.get("include_all_metadata", "")).lower() in ("true", "1")
    shown = [_message(one, metadata=with_metadata) for one in newest]
    return {"ok": True, "messages": shown, "has_more": len(newest) < len(found)}


def _post(data: dict[str, Any], outbox: Outbox, now: str) -> _Answer:
    channel, text = _channel(data, outbox), data.get("text", "")
    metadata = data.get("metadata") or {}
    if isinstance(metadata, str):
        metadata = json.loads(metadata)
    if not channel:
        return {"ok": False, "error": "channel_not_found"}
    if not isinstance(text, str) or not text.strip():
        return {"ok": False, "error": "no_text"}
    if len(text) > _LONGEST:
        return {"ok": False, "error": "msg_too_long"}
    if metadata and not {"event_type", "event_payload"} <= set(metadata):
        return {"ok": False, "error": "metadata_must_be_sent_from_app"}
    number = outbox.put("slack", channel, text, at=now, extra={"metadata": metadata})
    sent = Delivered(number, "slack", channel, text, now, {"metadata": metadata})
    stamp = _stamp(number)
    return {"ok": True, "channel": channel, "ts": stamp, "message": _message(sent, metadata=True)}


def _delete(data: dict[str, Any], outbox: Outbox, _now: str) -> _Answer:
    channel, stamp = _channel(data, outbox), str(data.get("ts", ""))
    if not channel:
        return {"ok": False, "error": "channel_not_found"}
    numbers = [n for n in (_number(stamp),) if n is not None]
    if not numbers or not outbox.delete(numbers[0]):
        return {"ok": False, "error": "message_not_found"}
    return {"ok": True, "channel": channel, "ts": stamp}


def _channel(data: dict[str, Any], outbox: Outbox) -> str:
    """The id of a channel that is named by its id or by its name."""
    wanted = str(data.get("channel", "")).removeprefix("#")
    return next((i for i, name in outbox.channels() if wanted in (i, name)), "")


def _message(one: Delivered, *, metadata: bool) -> _Answer:
    shown = {"type": "message", "user": _BOT, "text": one.text, "ts": _stamp(one.number)}
    if metadata and one.extra.get("metadata"):
        shown["metadata"] = one.extra["metadata"]
    return shown


def _stamp(number: int) -> str:
    return f"1700000000.{number:06d}"


def _number(stamp: str) -> int | None:
    head, _, tail = stamp.partition(".")
    return int(tail) if head == "1700000000" and tail.isdigit() else None


_METHODS: Mapping[str, Callable[[dict[str, Any], Outbox, str], _Answer]] = {
    "auth.test": _auth,
    "conversations.list": _list,
    "conversations.history": _history,
    "chat.postMessage": _post,
    "chat.delete": _delete,
}

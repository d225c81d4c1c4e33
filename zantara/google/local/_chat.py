"""Chat v1: the spaces of the account, and what is written there."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from typing import Any

from zantara.clock import Clock
from zantara.google.local._contract import Asked
from zantara.google.local._faults import Fault
from zantara.google.local._storage import Storage
from zantara.google.local._times import rfc

__all__ = ["CHAT_METHODS", "Chat", "space"]

_SPACE, _MESSAGE = "space", "chat_message"
_LIST = frozenset({"parent", "pageSize", "pageToken", "orderBy"})
CHAT_METHODS: Mapping[str, tuple[str, frozenset[str]]] = {
    "chat.spaces.list": ("spaces", frozenset({"pageSize", "pageToken", "filter"})),
    "chat.spaces.create": ("create_space", frozenset({"requestId"})),
    "chat.spaces.get": ("get_space", frozenset({"name"})),
    "chat.spaces.messages.create": ("create", frozenset({"parent", "requestId", "messageId"})),
    "chat.spaces.messages.get": ("get", frozenset({"name"})),
    "chat.spaces.messages.list": ("messages", _LIST),
    "chat.spaces.messages.delete": ("delete", frozenset({"name", "force"})),
}
_CLIENT_ID = re.compile(r"client-[a-z0-9-]{1,56}")
_TYPES = re.compile(r'\s*(?:spaceType|space_type)\s*=\s*"(\w+)"\s*')
_LONGEST = 32_000  # bytes
_WRITABLE = {"text"}


class Chat:
    """Spaces with their messages, each under Google's name and, where one was given, the client's."""

    def __init__(self, storage: Storage, clock: Clock, account: str) -> None:
        self._storage = storage
        self._clock = clock
        self._user = f"users/{int(hashlib.sha256(account.encode()).hexdigest()[:15], 16)}"

    def spaces(self, asked: Asked) -> dict[str, Any]:
        wanted = _space_types(asked.params.get("filter", ""))
        found = [
            one for one in self._storage.all(_SPACE) if not wanted or one["spaceType"] in wanted
        ]
        return _page("spaces", found, asked.params, (100, 1000))

    def create_space(self, asked: Asked) -> dict[str, Any]:
        """A named space. One of the same name is refused, as Google does within an organization."""
        name = str(asked.body.get("displayName", ""))
        if asked.body.get("spaceType") != "SPACE" or set(asked.body) - {"spaceType", "displayName"}:
            raise Fault(
                501, "notImplemented", "only named spaces of spaceType SPACE are implemented"
            )
        if not name.strip():
            raise Fault(400, "invalidArgument", "displayName must be set for a named space")
        if any(
            one["displayName"].casefold() == name.casefold() for one in self._storage.all(_SPACE)
        ):
            raise Fault(409, "alreadyExists", f"A space named {name} already exists.")
        made = space(secrets.token_urlsafe(8), name)
        self._storage.put(_SPACE, made["name"], made)
        return made

    def get_space(self, asked: Asked) -> dict[str, Any]:
        return self._space(asked.params["name"])

    def create(self, asked: Asked) -> dict[str, Any]:
        """A request id that came before answers with its message; a message id does not come twice."""
        parent, params = self._space(asked.params["parent"])["name"], asked.params
        _check(asked)
        request_id, client_id = params.get("requestId", ""), params.get("messageId", "")
        for known in self._of(parent):
            if request_id and known["request_id"] == request_id:
                return dict(known["message"])
            if client_id and known["message"].get("clientAssignedMessageId") == client_id:
                raise Fault(409, "alreadyExists", f"Message {client_id} already exists.")
        thread, own = secrets.token_urlsafe(8), secrets.token_urlsafe(8)
        text = str(asked.body["text"])
        message: dict[str, Any] = {
            "name": f"{parent}/messages/{thread}.{own}",
            "sender": {"name": self._user, "type": "HUMAN"},
            "createTime": rfc(self._clock.now()),
            "text": text,
            "formattedText": text,
            "argumentText": text,
            "thread": {"name": f"{parent}/threads/{thread}"},
            "space": {"name": parent},
        }
        if client_id:
            message["clientAssignedMessageId"] = client_id
        entry = {"message": message, "request_id": request_id, "order": self._storage.changes()}
        self._storage.put(_MESSAGE, message["name"], entry)
        return message

    def get(self, asked: Asked) -> dict[str, Any]:
        return dict(self._entry(asked.params["name"])["message"])

    def messages(self, asked: Asked) -> dict[str, Any]:
        order = str(asked.params.get("orderBy", "createTime ASC"))
        found = re.fullmatch(r"(?:createTime|create_time)(?: (ASC|DESC))?", order, re.IGNORECASE)
        if not found:
            raise Fault(400, "invalidArgument", f"Invalid orderBy: {order}")
        parent = self._space(asked.params["parent"])["name"]
        shown = [one["message"] for one in self._of(parent)]
        if (found[1] or "").upper() == "DESC":
            shown.reverse()
        return _page("messages", shown, asked.params, (25, 1000))

    def delete(self, asked: Asked) -> dict[str, Any]:
        entry = self._entry(asked.params["name"])
        if entry["message"]["sender"]["name"] != self._user:
            raise Fault(403, "permissionDenied", "Only its sender can delete a message.")
        self._storage.delete(_MESSAGE, entry["message"]["name"])
        return {}

    def _space(self, name: str) -> dict[str, Any]:
        found = self._storage.get(_SPACE, name)
        if found is None:
            raise Fault(404, "notFound", "Space not found.")
        return found

    def _of(self, parent: str) -> list[dict[str, Any]]:
        everything = self._storage.all(_MESSAGE)
        found = [one for one in everything if one["message"]["space"]["name"] == parent]
        return sorted(found, key=lambda one: int(one["order"]))

    def _entry(self, name: str) -> dict[str, Any]:
        parent, _messages, identity = name.partition("/messages/")
        for one in self._of(parent):
            if name == one["message"]["name"] or (
                identity == one["message"].get("clientAssignedMessageId", "-")
            ):
                return one
        raise Fault(404, "notFound", "Message not found.")


def space(identity: str, name: str) -> dict[str, Any]:
    """A named space in the form of the API's Space."""
    return {
        "name": f"spaces/{identity}",
        "type": "ROOM",
        "spaceType": "SPACE",
        "displayName": name,
        "spaceThreadingState": "THREADED_MESSAGES",
        "spaceHistoryState": "HISTORY_ON",
        "spaceUri": f"https://chat.google.com/room/{identity}",
    }


def _check(asked: Asked) -> None:
    """Raises Fault for a message that Chat would not take, or this does not do."""
    missing = sorted(set(asked.body) - _WRITABLE)
    if missing:
        raise Fault(501, "notImplemented", f"messages: {missing[0]} is not implemented")
    text, client_id = str(asked.body.get("text") or ""), asked.params.get("messageId")
    if not text.strip():
        raise Fault(400, "invalidArgument", "Message cannot be empty.")
    if len(text.encode("utf-8", "replace")) > _LONGEST:
        raise Fault(400, "invalidArgument", f"Message exceeds {_LONGEST} bytes.")
    if client_id is not None and not _CLIENT_ID.fullmatch(client_id):
        what = "messageId must begin with `client-`, of at most 63 of a-z, 0-9 and -"
        raise Fault(400, "invalidArgument", what)


def _space_types(text: str) -> set[str]:
    """`spaceType = "SPACE" OR spaceType = "GROUP_CHAT"`; empty for all."""
    if not text:
        return set()
    found = [_TYPES.fullmatch(part) for part in re.split(r"\bOR\b", text)]
    if not all(found):
        raise Fault(400, "invalidArgument", f"Invalid filter: {text}")
    return {one[1] for one in found if one}


def _page(
    name: str, found: list[dict[str, Any]], params: Mapping[str, Any], sizes: tuple[int, int]
) -> dict[str, Any]:
    size = min(int(params.get("pageSize") or sizes[0]), sizes[1])
    token = str(params.get("pageToken") or "0")
    if not token.isdigit():
        raise Fault(400, "invalidArgument", f"Invalid page token: {token}")
    shown = found[int(token) : int(token) + size]
    page: dict[str, Any] = {name: shown} if shown else {}
    if int(token) + size < len(found):
        page["nextPageToken"] = str(int(token) + size)
    return page

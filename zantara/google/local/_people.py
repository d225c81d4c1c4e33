"""People v1: the account's contacts."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from zantara.google.local._contract import Asked, schemas_of
from zantara.google.local._faults import Fault
from zantara.google.local._storage import Storage
from zantara.language import fold

__all__ = ["PEOPLE_METHODS", "People", "contact"]

_KIND = "contact"
_PAGE = frozenset({"pageSize", "pageToken", "personFields", "resourceName", "sortOrder", "sources"})
PEOPLE_METHODS: Mapping[str, tuple[str, frozenset[str]]] = {
    "people.people.searchContacts": (
        "search",
        frozenset({"query", "readMask", "pageSize", "sources"}),
    ),
    "people.people.connections.list": ("connections", _PAGE),
    "people.people.createContact": ("create", frozenset({"personFields", "sources"})),
    "people.people.get": ("get", frozenset({"resourceName", "personFields", "sources"})),
}
_SEARCHED = ("names", "nicknames", "emailAddresses", "phoneNumbers", "organizations")
_ALWAYS = ("resourceName", "etag")
_OF_CONTACTS = "READ_SOURCE_TYPE_CONTACT"


class People:
    """Contacts in the form of the API's Person, and the account itself as `people/me`."""

    def __init__(self, storage: Storage, account: str) -> None:
        self._storage = storage
        self._account = account

    def search(self, asked: Asked) -> dict[str, Any]:
        """Found by how words begin. An empty query is what clients send to warm Google's cache up:
        here nothing needs it, and it finds nothing."""
        mask = _mask(asked.params, "readMask")
        words = _folded(asked.params.get("query", ""))
        if not words or not _wanted(asked.params):
            return {}
        found = [one for one in self._contacts() if _fits(one, words)]
        size = min(int(asked.params.get("pageSize") or 10), 30)
        return {"results": [{"person": _shown(one, mask)} for one in found[:size]]} if found else {}

    def connections(self, asked: Asked) -> dict[str, Any]:
        if asked.params["resourceName"] != "people/me":
            raise Fault(400, "badRequest", "Resource name must be people/me")
        mask = _mask(asked.params, "personFields")
        everyone = self._contacts() if _wanted(asked.params) else []
        everyone = _sorted(everyone, asked.params.get("sortOrder", ""))
        size = min(int(asked.params.get("pageSize") or 100), 1000)
        token = str(asked.params.get("pageToken") or "0")
        if not token.isdigit():
            raise Fault(400, "badRequest", f"Invalid page token: {token}")
        shown = [_shown(one, mask) for one in everyone[int(token) : int(token) + size]]
        page: dict[str, Any] = {"totalPeople": len(everyone), "totalItems": len(everyone)}
        if shown:
            page["connections"] = shown
        if int(token) + size < len(everyone):
            page["nextPageToken"] = str(int(token) + size)
        return page

    def get(self, asked: Asked) -> dict[str, Any]:
        mask = _mask(asked.params, "personFields")
        name = asked.params["resourceName"]
        if name == "people/me":
            return _shown(contact(0, {"email": self._account}), mask)
        found = self._storage.get(_KIND, name) if _wanted(asked.params) else None
        if found is None:
            raise Fault(404, "notFound", "Requested entity was not found.")
        return _shown(found, mask)

    def create(self, asked: Asked) -> dict[str, Any]:
        """A contact of a name, an address, a number and an organization; other fields are refused."""
        taken = {"names", "emailAddresses", "phoneNumbers", "organizations"}
        beside = sorted(set(asked.body) - taken)
        if beside:
            raise Fault(501, "notImplemented", f"createContact: {beside[0]} is not implemented")
        about = {
            "name": _first(asked.body, "names", "unstructuredName", "givenName"),
            "email": _first(asked.body, "emailAddresses", "value"),
            "phone": _first(asked.body, "phoneNumbers", "value"),
            "organization": _first(asked.body, "organizations", "name"),
        }
        made = contact(len(self._contacts()) + 1, about)
        self._storage.put(_KIND, made["resourceName"], made)
        return made

    def _contacts(self) -> list[dict[str, Any]]:
        return self._storage.all(_KIND)


def _first(body: Mapping[str, Any], field: str, *names: str) -> str:
    """The first of a field's values."""
    listed = body.get(field) or [{}]
    return next((str(listed[0][name]) for name in names if listed[0].get(name)), "")


def contact(number: int, about: Mapping[str, Any]) -> dict[str, Any]:
    """A Person of plain data: name, email, phone, organization, title, note; each may be missing."""
    identity = f"c{number:06d}"
    source = {"type": "CONTACT", "id": identity}
    field = {"metadata": {"primary": True, "source": source}}
    made: dict[str, Any] = {
        "resourceName": f"people/{identity}",
        "metadata": {"sources": [source], "objectType": "PERSON"},
    }
    if about.get("name"):
        given, _space, family = about["name"].rpartition(" ")
        names = {"displayName": about["name"], "unstructuredName": about["name"]}
        parts = {"givenName": given or family, **({"familyName": family} if given else {})}
        made["names"] = [{**field, **names, **parts}]
    if about.get("email"):
        made["emailAddresses"] = [{**field, "value": about["email"]}]
    if about.get("phone"):
        bare = re.sub(r"[^\d+]", "", about["phone"])
        made["phoneNumbers"] = [{**field, "value": about["phone"], "canonicalForm": bare}]
    if about.get("organization"):
        work = {"name": about["organization"], "title": about.get("title", "")}
        made["organizations"] = [{**field, **{n: v for n, v in work.items() if v}}]
    if about.get("note"):
        note = {"value": about["note"], "contentType": "TEXT_PLAIN"}
        made["biographies"] = [{**field, **note}]
    digest = hashlib.sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()[:16]
    return {**made, "etag": f"%{digest}"}


def _mask(params: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The fields that are wanted. Raises Fault 400 where there are none, or one is unknown."""
    wanted = [one.strip() for one in str(params.get(name, "")).split(",") if one.strip()]
    if not wanted:
        raise Fault(400, "badRequest", f"{name} mask is required")
    known = schemas_of("people")["Person"]["properties"]
    for one in wanted:
        if one not in known:
            raise Fault(400, "badRequest", f'Invalid {name} mask path: "{one}"')
    return tuple(wanted)


def _wanted(params: Mapping[str, Any]) -> bool:
    """Every person here is a contact; those of other sources are none of this account's."""
    return _OF_CONTACTS in params.get("sources", [_OF_CONTACTS])


def _shown(one: Mapping[str, Any], mask: tuple[str, ...]) -> dict[str, Any]:
    return {name: one[name] for name in (*_ALWAYS, *mask) if name in one}


def _fits(one: Mapping[str, Any], words: str) -> bool:
    texts = [
        str(entry[name])
        for field in _SEARCHED
        for entry in one.get(field, ())
        for name in ("displayName", "value", "canonicalForm", "name", "title")
        if name in entry
    ]
    return any(re.search(rf"(?<!\w){re.escape(words)}", _folded(text)) for text in texts)


def _folded(text: str) -> str:
    return " ".join(fold(text).split())


def _sorted(people: list[dict[str, Any]], order: str) -> list[dict[str, Any]]:
    keys = {"FIRST_NAME_ASCENDING": "givenName", "LAST_NAME_ASCENDING": "familyName"}
    if order not in keys:
        return people[::-1] if order == "LAST_MODIFIED_DESCENDING" else people
    return sorted(people, key=lambda one: str(one["names"][0].get(keys[order], "")).casefold())

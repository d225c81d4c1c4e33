"""The demo account's Drive, contacts and chat spaces."""

import hashlib
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from zantara.clock import Clock
from zantara.google.local._cells import entered
from zantara.google.local._chat import space
from zantara.google.local._contract import Media
from zantara.google.local._editors import keep
from zantara.google.local._files import (
    DOCUMENT,
    FOLDER,
    PRESENTATION,
    ROOT,
    SPREADSHEET,
    Files,
    person,
)
from zantara.google.local._people import contact
from zantara.google.local._storage import Storage
from zantara.google.local._times import rfc

__all__ = ["seed_things", "seed_workspace"]

_KINDS = {
    "folder": FOLDER,
    "document": DOCUMENT,
    "spreadsheet": SPREADSHEET,
    "presentation": PRESENTATION,
}


def seed_workspace(storage: Storage, files: Files, clock: Clock) -> None:
    """The demo account's own."""
    data = tomllib.loads(Path(__file__).with_name("demo_workspace.toml").read_text("utf-8"))
    seed_things(storage, files, clock, data, begin=1)


def seed_things(
    storage: Storage, files: Files, clock: Clock, data: Mapping[str, Any], *, begin: int
) -> None:
    """Files, contacts and spaces, in the form of demo_workspace.toml.

    Ids come from names, so that two accounts have the same ones; contacts are counted from `begin`.
    """
    for about in data.get("file", ()):
        _file(storage, files, about, rfc(clock.now() - timedelta(hours=about["hours_ago"])))
    for number, about in enumerate(data.get("contact", ()), begin):
        one = contact(number, about)
        storage.put("contact", one["resourceName"], one)
    for about in data.get("space", ()):
        one = space(about["id"], about["name"])
        storage.put("space", one["name"], one)


def _file(storage: Storage, files: Files, about: Mapping[str, Any], modified: str) -> None:
    identity = _identity(about["name"])
    storage.put("file_id", identity, {})
    mime = _KINDS.get(about["kind"], about["kind"])
    body = {"id": identity, "name": about["name"], "mimeType": mime}
    body |= {"createdTime": modified, "modifiedTime": modified}
    body["parents"] = [_identity(about["folder"])] if "folder" in about else [ROOT]
    plain = mime not in _KINDS.values()
    media = Media(about["text"].encode(), mime) if plain else None
    owner = None
    if "owner" in about:
        name, address = parseaddr(about["owner"])
        owner = {**person(name, address, me=False), "role": about["role"]}
    file = files.create(body, media, owner=owner)
    content = _content(mime, about)
    if content:
        keep(storage, file, content)


def _content(mime: str, about: Mapping[str, Any]) -> dict[str, Any]:
    if mime == DOCUMENT:
        return {"text": f"{about['text']}\n"}
    if mime == SPREADSHEET:
        return {"sheets": [_sheet(number, one) for number, one in enumerate(about["sheet"])]}
    if mime == PRESENTATION:
        return {"slides": [_slide(number, text) for number, text in enumerate(about["slides"])]}
    return {}


def _sheet(number: int, sheet: Mapping[str, Any]) -> dict[str, Any]:
    rows = [[entered(cell, user=False) for cell in row] for row in sheet["rows"]]
    return {"id": number, "title": sheet["title"], "rows": rows}


def _slide(number: int, text: str) -> dict[str, Any]:
    shape = {"id": f"title{number}", "placeholder": "TITLE", "text": text}
    return {"id": f"slide{number}", "layout": "TITLE_ONLY", "shapes": [shape]}


def _identity(name: str) -> str:
    return f"1demo{hashlib.sha256(name.encode()).hexdigest()[:28]}"

"""Slides v1: presentations of slides with text in placeholders."""

import hashlib
import json
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from zantara.google.local._contract import Asked
from zantara.google.local._editors import keep, kept
from zantara.google.local._faults import Fault
from zantara.google.local._files import PRESENTATION, Files
from zantara.google.local._storage import Storage

__all__ = ["SLIDES_METHODS", "Slides"]

_ID = frozenset({"presentationId"})
SLIDES_METHODS: Mapping[str, tuple[str, frozenset[str]]] = {
    "slides.presentations.create": ("create", frozenset()),
    "slides.presentations.get": ("get", _ID),
    "slides.presentations.batchUpdate": ("batch_update", _ID),
}
# The predefined layouts and the placeholders that a slide gets from each.
_LAYOUTS: dict[str, tuple[str, ...]] = {
    "BLANK": (),
    "TITLE": ("CENTERED_TITLE", "SUBTITLE"),
    "TITLE_ONLY": ("TITLE",),
    "TITLE_AND_BODY": ("TITLE", "BODY"),
    "SECTION_HEADER": ("TITLE",),
}
_SIZE = {
    "width": {"magnitude": 9144000, "unit": "EMU"},
    "height": {"magnitude": 5143500, "unit": "EMU"},
}


class Slides:
    """A slide is its layout and its shapes, each with a text. Masters and layouts are not told."""

    def __init__(self, storage: Storage, files: Files) -> None:
        self._storage = storage
        self._files = files

    def create(self, asked: Asked) -> dict[str, Any]:
        if set(asked.body) - {"title"}:
            raise Fault(501, "notImplemented", "a new presentation takes a title alone")
        title = asked.body.get("title") or "Untitled presentation"
        return self._shown(self._files.create({"name": title, "mimeType": PRESENTATION}))

    def get(self, asked: Asked) -> dict[str, Any]:
        return self._shown(self._files.find(asked.params["presentationId"], PRESENTATION))

    def batch_update(self, asked: Asked) -> dict[str, Any]:
        """All requests are done, or none."""
        file = self._files.writable(asked.params["presentationId"], PRESENTATION)
        content = kept(self._storage, file)
        control = asked.body.get("writeControl", {})
        if control.get("requiredRevisionId", _revision(content)) != _revision(content):
            what = "The required revision ID does not match the latest revision."
            raise Fault(400, "failedPrecondition", what)
        replies = []
        for number, request in enumerate(asked.body.get("requests", [])):
            replies.append(_change(content["slides"], request, f"requests[{number}]"))
        keep(self._storage, file, content)
        self._files.save(file)
        told = {"requiredRevisionId": _revision(content)}
        return {"presentationId": file["id"], "replies": replies, "writeControl": told}

    def _shown(self, file: Mapping[str, Any]) -> dict[str, Any]:
        content = kept(self._storage, file)
        return {
            "presentationId": file["id"],
            "title": file["name"],
            "locale": "en",
            "pageSize": _SIZE,
            "revisionId": _revision(content),
            "slides": [_slide(one) for one in content["slides"]],
        }


def _revision(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:24]


def _slide(slide: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "objectId": slide["id"],
        "pageType": "SLIDE",
        "pageElements": [_element(shape) for shape in slide["shapes"]],
    }


def _element(shape: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "shapeType": "TEXT_BOX",
        "placeholder": {"type": shape["placeholder"], "index": 0},
    }
    if shape["text"]:
        content = f"{shape['text']}\n"
        end = len(content.encode("utf-16-le", "surrogatepass")) // 2
        runs = [
            {"endIndex": end, "paragraphMarker": {"style": {"direction": "LEFT_TO_RIGHT"}}},
            {"endIndex": end, "textRun": {"content": content, "style": {}}},
        ]
        told["text"] = {"textElements": runs}
    return {"objectId": shape["id"], "shape": told}


def _change(slides: list[dict[str, Any]], request: Mapping[str, Any], where: str) -> dict[str, Any]:
    if len(request) != 1:
        raise Fault(400, "badRequest", f"Invalid {where}: exactly one request must be set.")
    ((kind, body),) = request.items()
    if kind not in _CHANGES:
        raise Fault(501, "notImplemented", f"{where}.{kind} is not implemented")
    return _CHANGES[kind](slides, body, f"{where}.{kind}")


def _create_slide(
    slides: list[dict[str, Any]], body: Mapping[str, Any], where: str
) -> dict[str, Any]:
    layout = body.get("slideLayoutReference", {}).get("predefinedLayout", "BLANK")
    if layout not in _LAYOUTS or set(body.get("slideLayoutReference", {})) - {"predefinedLayout"}:
        raise Fault(501, "notImplemented", f"{where}: this layout is not implemented")
    identity = _new_id(slides, body.get("objectId"), where)
    wished = {
        one.get("layoutPlaceholder", {}).get("type"): one.get("objectId")
        for one in body.get("placeholderIdMappings", ())
    }
    slide: dict[str, Any] = {"id": identity, "layout": layout, "shapes": []}
    slides.insert(int(body.get("insertionIndex", len(slides))), slide)
    for kind in _LAYOUTS[layout]:
        shape = {"id": _new_id(slides, wished.get(kind), where), "placeholder": kind, "text": ""}
        slide["shapes"].append(shape)
    return {"createSlide": {"objectId": identity}}


def _new_id(slides: list[dict[str, Any]], wished: str | None, where: str) -> str:
    taken = {one["id"] for slide in slides for one in (slide, *slide["shapes"])}
    if wished in taken:
        what = f"The object ID {wished} should be unique among all pages and page elements."
        raise Fault(400, "badRequest", f"Invalid {where}: {what}")
    return wished or f"g{secrets.token_hex(6)}"


def _insert_text(
    slides: list[dict[str, Any]], body: Mapping[str, Any], where: str
) -> dict[str, Any]:
    if "cellLocation" in body:
        raise Fault(501, "notImplemented", f"{where}: tables are not implemented")
    shapes = (shape for slide in slides for shape in slide["shapes"])
    shape = next((one for one in shapes if one["id"] == body.get("objectId")), None)
    if shape is None:
        what = f"The object ({body.get('objectId')}) could not be found."
        raise Fault(400, "badRequest", f"Invalid {where}: {what}")
    units = shape["text"].encode("utf-16-le", "surrogatepass")
    at = int(body.get("insertionIndex", 0))
    if not 0 <= at <= len(units) // 2:
        what = f"The insertion index ({at}) is outside the text."
        raise Fault(400, "badRequest", f"Invalid {where}: {what}")
    before, after = (
        part.decode("utf-16-le", "surrogatepass") for part in (units[: 2 * at], units[2 * at :])
    )
    shape["text"] = before + body.get("text", "") + after
    return {}


_CHANGES: dict[str, Callable[[list[dict[str, Any]], Mapping[str, Any], str], dict[str, Any]]] = {
    "createSlide": _create_slide,
    "insertText": _insert_text,
}

"""Docs v1: documents of plain paragraphs, with indexes in UTF-16 units as Google counts them."""

import hashlib
import re
from collections.abc import Callable, Mapping
from typing import Any

from zantara.google.local._contract import Asked
from zantara.google.local._editors import keep, kept
from zantara.google.local._faults import Fault
from zantara.google.local._files import DOCUMENT, Files
from zantara.google.local._storage import Storage

__all__ = ["DOCS_METHODS", "Docs"]

_ID = frozenset({"documentId"})
DOCS_METHODS: Mapping[str, tuple[str, frozenset[str]]] = {
    "docs.documents.create": ("create", frozenset()),
    "docs.documents.get": ("get", _ID),
    "docs.documents.batchUpdate": ("batch_update", _ID),
}


class Docs:
    """A document is its text, which ends in a line break that nothing can delete."""

    def __init__(self, storage: Storage, files: Files) -> None:
        self._storage = storage
        self._files = files

    def create(self, asked: Asked) -> dict[str, Any]:
        """Google takes the title and ignores the rest; so does this."""
        title = asked.body.get("title") or "Untitled document"
        return self._shown(self._files.create({"name": title, "mimeType": DOCUMENT}))

    def get(self, asked: Asked) -> dict[str, Any]:
        return self._shown(self._files.find(asked.params["documentId"], DOCUMENT))

    def batch_update(self, asked: Asked) -> dict[str, Any]:
        """All requests are done, or none."""
        file = self._files.writable(asked.params["documentId"], DOCUMENT)
        self._check_revision(file, asked.body.get("writeControl", {}))
        text, replies = kept(self._storage, file)["text"], []
        for number, request in enumerate(asked.body.get("requests", [])):
            text, reply = _change(text, request, f"requests[{number}]")
            replies.append(reply)
        keep(self._storage, file, {"text": text})
        self._files.save(file)
        return {
            "documentId": file["id"],
            "replies": replies,
            "writeControl": {"requiredRevisionId": _revision(file, text)},
        }

    def _check_revision(self, file: Mapping[str, Any], control: Mapping[str, Any]) -> None:
        if "targetRevisionId" in control:
            raise Fault(501, "notImplemented", "writeControl.targetRevisionId is not implemented")
        wanted = control.get("requiredRevisionId")
        if wanted not in (None, _revision(file, kept(self._storage, file)["text"])):
            what = "The required revision ID does not match the latest revision."
            raise Fault(400, "failedPrecondition", what)

    def _shown(self, file: Mapping[str, Any]) -> dict[str, Any]:
        text = kept(self._storage, file)["text"]
        return {
            "documentId": file["id"],
            "title": file["name"],
            "revisionId": _revision(file, text),
            "suggestionsViewMode": "SUGGESTIONS_INLINE",
            "body": {"content": [_SECTION, *_paragraphs(text)]},
        }


_SECTION = {"endIndex": 1, "sectionBreak": {"sectionStyle": {"sectionType": "CONTINUOUS"}}}


def _revision(file: Mapping[str, Any], text: str) -> str:
    return hashlib.sha256(f"{file['id']} {text}".encode("utf-8", "replace")).hexdigest()[:32]


def _paragraphs(text: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    begin = 1
    for line in re.findall(r"[^\n]*\n", text):
        span = {"startIndex": begin, "endIndex": begin + _units(line)}
        run = {**span, "textRun": {"content": line, "textStyle": {}}}
        style = {"namedStyleType": "NORMAL_TEXT", "direction": "LEFT_TO_RIGHT"}
        found.append({**span, "paragraph": {"elements": [run], "paragraphStyle": style}})
        begin = span["endIndex"]
    return found


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _change(text: str, request: Mapping[str, Any], where: str) -> tuple[str, dict[str, Any]]:
    """(the new text, the reply) of one request."""
    if len(request) != 1:
        raise Fault(400, "badRequest", f"Invalid {where}: exactly one request must be set.")
    ((kind, body),) = request.items()
    if kind not in _CHANGES:
        raise Fault(501, "notImplemented", f"{where}.{kind} is not implemented")
    return _CHANGES[kind](text, body, f"{where}.{kind}")


def _insert(text: str, body: Mapping[str, Any], where: str) -> tuple[str, dict[str, Any]]:
    place = body.get("location") or body.get("endOfSegmentLocation")
    if place is None:
        raise Fault(400, "badRequest", f"Invalid {where}: an insertion location is required.")
    _whole_document(place, where)
    if "endOfSegmentLocation" in body:
        at = len(text) - 1
    else:
        at = _position(text, place.get("index", 0), where)
    if at >= len(text):
        what = "The insertion index must be inside the bounds of an existing paragraph."
        raise Fault(400, "badRequest", f"Invalid {where}: {what}")
    return text[:at] + _clean(body.get("text", "")) + text[at:], {}


def _delete(text: str, body: Mapping[str, Any], where: str) -> tuple[str, dict[str, Any]]:
    span = body.get("range") or {}
    _whole_document(span, where)
    begin = _position(text, span.get("startIndex", 0), where)
    end = _position(text, span.get("endIndex", 0), where)
    if begin >= end or end >= len(text):
        what = "The range must not be empty, nor hold the newline at the end of the body."
        raise Fault(400, "badRequest", f"Invalid {where}: {what}")
    return text[:begin] + text[end:], {}


def _replace(text: str, body: Mapping[str, Any], where: str) -> tuple[str, dict[str, Any]]:
    wanted = body.get("containsText") or {}
    if body.get("tabsCriteria") or wanted.get("searchByRegex"):
        raise Fault(501, "notImplemented", f"{where}: tabs and expressions are not implemented")
    if not wanted.get("text"):
        raise Fault(400, "badRequest", f"Invalid {where}: The search text must not be empty.")
    flags = 0 if wanted.get("matchCase") else re.IGNORECASE
    new = _clean(body.get("replaceText", ""))
    changed, count = re.subn(re.escape(wanted["text"]), lambda _found: new, text[:-1], flags=flags)
    reply = {"occurrencesChanged": count} if count else {}
    return changed + "\n", {"replaceAllText": reply}


_CHANGES: dict[str, Callable[[str, Mapping[str, Any], str], tuple[str, dict[str, Any]]]] = {
    "insertText": _insert,
    "deleteContentRange": _delete,
    "replaceAllText": _replace,
}


def _whole_document(place: Mapping[str, Any], where: str) -> None:
    if place.get("segmentId") or place.get("tabId"):
        raise Fault(501, "notImplemented", f"{where}: segments and tabs are not implemented")


def _position(text: str, index: int, where: str) -> int:
    """Where an index of Google's stands in the text. Index 1 is before the first character."""
    units = text.encode("utf-16-le", "surrogatepass")
    if not 1 <= index <= len(units) // 2 + 1:
        what = f"Index {index} must be between 1 and the end of the document."
        raise Fault(400, "badRequest", f"Invalid {where}: {what}")
    return len(units[: 2 * (index - 1)].decode("utf-16-le", "surrogatepass"))


def _clean(text: str) -> str:
    """Google strips control characters from what is inserted; a line break begins a paragraph."""
    return re.sub(r"[\x00-\x08\x0c-\x1f\ue000-\uf8ff]", "", text.replace("\r\n", "\n"))

"""What Docs, Sheets and Slides keep of a file, and its words."""

from collections.abc import Mapping
from typing import Any

from zantara.google.local._files import DOCUMENT, PRESENTATION, SPREADSHEET
from zantara.google.local._storage import Storage

__all__ = ["KINDS", "keep", "kept", "text_of"]

KINDS = frozenset({DOCUMENT, PRESENTATION, SPREADSHEET})
_KIND = "editor"


def kept(storage: Storage, file: Mapping[str, Any]) -> dict[str, Any]:
    """A file that Drive alone has made is as its editor makes a new one."""
    return storage.get(_KIND, file["id"]) or _new(file["mimeType"])


def keep(storage: Storage, file: Mapping[str, Any], content: dict[str, Any]) -> None:
    storage.put(_KIND, file["id"], content)


def text_of(storage: Storage, file: Mapping[str, Any]) -> str:
    """The words of a file, as a search or a plain export has them."""
    content = kept(storage, file)
    if file["mimeType"] == DOCUMENT:
        return str(content["text"])
    if file["mimeType"] == SPREADSHEET:
        rows = [row for sheet in content["sheets"] for row in sheet["rows"]]
        return "\n".join(" ".join("" if c is None else str(c[1]) for c in row) for row in rows)
    shapes = [shape for slide in content["slides"] for shape in slide["shapes"]]
    return "\n".join(shape["text"] for shape in shapes)


def _new(mime_type: str) -> dict[str, Any]:
    if mime_type == DOCUMENT:
        return {"text": "\n"}
    if mime_type == SPREADSHEET:
        return {"sheets": [{"id": 0, "title": "Sheet1", "rows": []}]}
    shapes = [
        {"id": "i0", "placeholder": "CENTERED_TITLE", "text": ""},
        {"id": "i1", "placeholder": "SUBTITLE", "text": ""},
    ]
    return {"slides": [{"id": "p", "layout": "TITLE", "shapes": shapes}]}

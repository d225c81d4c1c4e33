"""Uploads as googleapiclient.http sends them: media, multipart and resumable."""

import base64
import re
import secrets
from collections.abc import Mapping
from typing import Any, NamedTuple

from zantara.google.local._contract import Media
from zantara.google.local._faults import Fault
from zantara.google.local._storage import Storage

__all__ = ["Session", "Uploads", "multipart"]

_KIND = "upload"
_RANGE = re.compile(r"bytes (?:(\d+)-(\d+)|\*)/(\d+|\*)")
_PLAIN = "application/octet-stream"


class Session(NamedTuple):
    """A resumable upload: the request that began it, and what has come of its file so far."""

    path: str
    query: str
    verb: str
    body: dict[str, Any]
    received: int
    media: Media | None  # None until the last byte is there


def multipart(body: bytes, content_type: str) -> tuple[bytes, Media]:
    """(JSON text, file) of a multipart/related body. Its parts are cut by hand: mail parsers mend
    line ends, and a file's bytes must stay as they are."""
    found = re.search(r'boundary="?([^";]+)"?', content_type)
    if not content_type.startswith("multipart/related") or not found:
        raise Fault(400, "badContent", f"Invalid multipart request: {content_type!r}")
    pieces = re.split(rb"(?:^|\r?\n)--" + re.escape(found[1].encode()), body)
    parts = [_part(piece) for piece in pieces[1:] if not piece.startswith(b"--")]
    if len(parts) != 2:
        raise Fault(400, "badContent", "Multipart must have two parts: metadata and media.")
    (_json, metadata), (kind, data) = parts
    return metadata, Media(data, kind)


def _part(piece: bytes) -> tuple[str, bytes]:
    """(media type, content); headers end at the first empty line."""
    head, _blank, data = _split_head(re.sub(rb"^[ \t]*\r?\n", b"", piece, count=1))
    found = re.search(rb"(?im)^content-type:[ \t]*([^\r\n]+)", head)
    coded = re.search(rb"(?im)^content-transfer-encoding:[ \t]*base64", head)
    kind = found[1].decode("latin-1").strip() if found else _PLAIN
    return kind, base64.b64decode(data) if coded else data


def _split_head(part: bytes) -> tuple[bytes, bytes, bytes]:
    blank = re.search(rb"\r?\n\r?\n", part)
    if not blank:
        raise Fault(400, "badContent", "A part of the multipart body has no empty line.")
    return part[: blank.start()], blank[0], part[blank.end() :]


class Uploads:
    """The resumable uploads that have begun and are not done."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def begin(self, line: tuple[str, str, str], body: Mapping[str, Any], mime_type: str) -> str:
        """The session's id; `line` is (verb, path, query) of the request."""
        identity = secrets.token_urlsafe(16)
        entry = {"line": list(line), "body": body, "mime_type": mime_type or _PLAIN, "data": ""}
        self._storage.put(_KIND, identity, entry)
        return identity

    def receive(self, identity: str, data: bytes, content_range: str) -> Session:
        """Take the next piece; asking without one (`bytes */N`) tells how much has come."""
        entry = self._storage.get(_KIND, identity)
        if entry is None:
            raise Fault(404, "notFound", "Upload session not found")
        known = base64.b64decode(entry["data"])
        begin, total = _span(content_range, len(data))
        if begin is not None:
            if begin > len(known):
                raise Fault(400, "badRequest", f"Invalid Content-Range: {content_range}")
            known = known[:begin] + data
        done = total is not None and len(known) >= total
        verb, path, query = entry["line"]
        media = Media(known, entry["mime_type"]) if done else None
        if done:
            self._storage.delete(_KIND, identity)
        else:
            entry["data"] = base64.b64encode(known).decode()
            self._storage.put(_KIND, identity, entry)
        return Session(path, query, verb, entry["body"], len(known), media)


def _span(content_range: str, size: int) -> tuple[int | None, int | None]:
    """(where the piece begins, the file's whole size), each None where it is not told."""
    if not content_range:
        return 0, size
    found = _RANGE.fullmatch(content_range)
    if not found:
        raise Fault(400, "badRequest", f"Invalid Content-Range: {content_range}")
    begin = int(found[1]) if found[1] else None
    return begin, None if found[3] == "*" else int(found[3])

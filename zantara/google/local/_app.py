"""The local Google's front: one request in, one answer out, as an httplib2 transport."""

import json
import sqlite3
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit, urlunsplit

import httplib2

from zantara.clock import Clock
from zantara.google.local._contract import Asked, Media, check_schema, match
from zantara.google.local._demo import ACCOUNT
from zantara.google.local._faults import Fault
from zantara.google.local._partial import partial
from zantara.google.local._parts import Parts
from zantara.google.local._storage import Storage
from zantara.google.local._uploads import Uploads, multipart

__all__ = ["LocalGoogle"]

_JSON = "application/json; charset=UTF-8"


class _Request(NamedTuple):
    verb: str
    uri: str
    path: str
    query: str
    body: bytes
    headers: Mapping[str, str]


class _Reply(NamedTuple):
    status: int
    content: bytes = b""
    headers: Mapping[str, str] = {"content-type": _JSON}


class LocalGoogle:
    """Answers requests from a SQLite file. Has httplib2's `request`, so that Google's client uses it.

    account: the address of the only account. A new file gets the demo account's week with `seed`.
    """

    account = ACCOUNT

    def __init__(self, path: Path, *, clock: Clock, seed: bool = True) -> None:
        self._path = path
        self._clock = clock
        self._seed = seed
        self._lock = threading.Lock()

    @cached_property
    def _storage(self) -> Storage:
        return Storage(self._path)

    def plant(self, data: Mapping[str, Any]) -> None:
        """Put events, mails, files and contacts into the account, in the form of demo*.toml.

        It is how a test or a replay sets up what others sent.
        """
        self._opened()
        with self._lock:
            self._parts.plant(data)

    def _opened(self) -> Mapping[str, tuple[Callable[[Asked], Any], frozenset[str]]]:
        """The methods; the demo is there once they are."""
        with self._lock:
            return self._methods

    @cached_property
    def _parts(self) -> Parts:
        return Parts(self._storage, self._clock, self.account)

    @cached_property
    def _methods(self) -> Mapping[str, tuple[Callable[[Asked], Any], frozenset[str]]]:
        if self._seed:
            self._parts.seed()
        return self._parts.methods()

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        **_options: Any,
    ) -> tuple[httplib2.Response, bytes]:
        """Answer one HTTP request."""
        parts = urlsplit(uri)
        given = {name.lower(): value for name, value in (headers or {}).items()}
        content = _bytes(body)
        if "x-http-method-override" in given:  # a query too long for an address comes as a body
            parts, content = parts._replace(query=content.decode()), b""
            method = given["x-http-method-override"]
        asked = _Request(method, uri, parts.path, parts.query, content, given)
        try:
            reply = self._answer(asked)
        except Fault as fault:
            reply = _Reply(fault.status, fault.body())
        except (sqlite3.Error, OSError) as error:
            refused = _storage_fault(self._path, error)
            reply = _Reply(refused.status, refused.body())
        return httplib2.Response({"status": str(reply.status), **reply.headers}), reply.content

    def _answer(self, request: _Request) -> _Reply:
        if "upload_id" in parse_qs(request.query):
            return self._continue(request)
        asked, method = match(request.verb, request.path, request.query)
        methods = self._opened()
        if asked.method not in methods:
            what = f"{asked.method} is not implemented by the local Google"
            raise Fault(501, "notImplemented", what)
        unknown = sorted(set(asked.params) - methods[asked.method][1])
        if unknown:
            what = f"{asked.method}: parameter {unknown[0]} is not implemented"
            raise Fault(501, "notImplemented", what)
        asked, kind = _with_body(asked, request)
        check_schema(method, asked.body)
        if kind == "resumable":
            return self._begin(request, asked)
        return self._act(asked, method)

    def _act(self, asked: Asked, method: Mapping[str, Any]) -> _Reply:
        act, _params = self._opened()[asked.method]
        with self._storage.transaction():
            answer = act(asked)
        if answer is None:
            return _Reply(204)
        if isinstance(answer, Media):
            return _Reply(200, answer.data, {"content-type": answer.mime_type})
        if "fields" in asked.shared:
            api = asked.method.split(".")[0]
            answer = partial(answer, asked.shared["fields"], api, method["response"]["$ref"])
        return _Reply(200, json.dumps(answer).encode())

    def _begin(self, request: _Request, asked: Asked) -> _Reply:
        line = (request.verb, request.path, request.query)
        kind = request.headers.get("x-upload-content-type", "")
        with self._storage.transaction():
            identity = Uploads(self._storage).begin(line, asked.body, kind)
        parts = urlsplit(request.uri)
        query = f"{parts.query}&upload_id={identity}"
        return _Reply(200, b"", {"location": urlunsplit(parts._replace(query=query))})

    def _continue(self, request: _Request) -> _Reply:
        (identity,) = parse_qs(request.query)["upload_id"]
        span = request.headers.get("content-range", "")
        with self._storage.transaction():
            session = Uploads(self._storage).receive(identity, request.body, span)
        if session.media is None:
            last = {"range": f"bytes=0-{session.received - 1}"} if session.received else {}
            return _Reply(308, b"", last)
        asked, method = match(session.verb, session.path, session.query)
        return self._act(replace(asked, body=session.body, upload=session.media), method)


def _with_body(asked: Asked, request: _Request) -> tuple[Asked, str]:
    """The request with what it brings, and how its upload, if it is one, is sent."""
    tag = request.headers.get("if-match", "")
    if not request.path.startswith("/upload/"):
        return replace(asked, body=_json(request.body), if_match=tag), ""
    kind = asked.shared.get("uploadType", "")
    content_type = request.headers.get("content-type", "application/octet-stream")
    if kind == "resumable":
        return replace(asked, body=_json(request.body)), kind
    if kind == "multipart":
        metadata, media = multipart(request.body, content_type)
        return replace(asked, body=_json(metadata), upload=media), kind
    if kind == "media":
        return replace(asked, upload=Media(request.body, content_type)), kind
    raise Fault(400, "badRequest", f"Invalid uploadType: {kind!r} (media, multipart, resumable)")


def _bytes(body: Any) -> bytes:
    """A body as httplib2 takes it: text, bytes, or a stream to be read."""
    if hasattr(body, "read"):
        body = body.read()
    return body.encode() if isinstance(body, str) else bytes(body or b"")


def _storage_fault(path: Path, error: Exception) -> Fault:
    """The transaction was rolled back: an answer that says that nothing was done, so not a 5xx."""
    if "locked" in str(error):
        return Fault(429, "rateLimitExceeded", f"{path} is in use: {error}")
    return Fault(403, "storageQuotaExceeded", f"{path}: {error}")


def _json(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        read = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Fault(400, "parseError", f"Parse Error: {error}") from error
    if not isinstance(read, dict):
        raise Fault(400, "parseError", "This API takes a JSON object")
    return read

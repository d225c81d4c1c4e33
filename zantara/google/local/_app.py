"""The local Google's front: one request in, one answer out, as an httplib2 transport."""

import json
import sqlite3
import threading
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httplib2

from zantara.clock import Clock
from zantara.google.local._calendar import CALENDAR_METHODS, Calendar
from zantara.google.local._contract import Asked, check_schema, match
from zantara.google.local._demo import ACCOUNT, seed_demo
from zantara.google.local._faults import Fault
from zantara.google.local._gmail import GMAIL_METHODS, Gmail
from zantara.google.local._storage import Storage

__all__ = ["LocalGoogle"]


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
    def _methods(self) -> Mapping[str, tuple[Callable[[Asked], Any], frozenset[str]]]:
        storage = Storage(self._path)
        calendar = Calendar(storage, self._clock, self.account)
        gmail = Gmail(storage, self._clock, self.account)
        with storage.transaction():
            if self._seed and storage.get("seed", "demo") is None:
                seed_demo(calendar, gmail, self._clock)
                storage.put("seed", "demo", {"done": True})
        self._storage = storage
        bound: dict[str, tuple[Callable[[Asked], Any], frozenset[str]]] = {}
        for part, table in ((calendar, CALENDAR_METHODS), (gmail, GMAIL_METHODS)):
            for method, (name, params) in table.items():
                bound[method] = (getattr(part, name), params)
        return bound

    def request(
        self,
        uri: str,
        method: str = "GET",
        body: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
        **_options: Any,
    ) -> tuple[httplib2.Response, bytes]:
        """Answer one HTTP request."""
        parts = urlsplit(uri)
        given = {name.lower(): value for name, value in (headers or {}).items()}
        if "x-http-method-override" in given:  # a query too long for an address comes as a body
            text = body.decode() if isinstance(body, bytes) else body
            parts, body = parts._replace(query=text or ""), None
            method = given["x-http-method-override"]
        try:
            status, content = self._answer(method, parts.path, parts.query, body, given)
        except Fault as fault:
            status, content = fault.status, fault.body()
        except (sqlite3.Error, OSError) as error:
            refused = _storage_fault(self._path, error)
            status, content = refused.status, refused.body()
        info = {"status": str(status), "content-type": "application/json; charset=UTF-8"}
        return httplib2.Response(info), content

    def _answer(
        self, verb: str, path: str, query: str, body: bytes | str | None, headers: dict[str, str]
    ) -> tuple[int, bytes]:
        name, params, method = match(verb, path, query)
        with self._lock:
            methods = self._methods
        if name not in methods:
            raise Fault(501, "notImplemented", f"{name} is not implemented by the local Google")
        act, implemented = methods[name]
        unknown = sorted(set(params) - implemented)
        if unknown:
            raise Fault(501, "notImplemented", f"{name}: parameter {unknown[0]} is not implemented")
        given = _json(body)
        check_schema(method, given)
        with self._storage.transaction():
            answer = act(Asked(name, params, given, headers.get("if-match", "")))
        return (204, b"") if answer is None else (200, json.dumps(answer).encode())


def _storage_fault(path: Path, error: Exception) -> Fault:
    """The transaction was rolled back: an answer that says that nothing was done, so not a 5xx."""
    if "locked" in str(error):
        return Fault(429, "rateLimitExceeded", f"{path} is in use: {error}")
    return Fault(403, "storageQuotaExceeded", f"{path}: {error}")


def _json(body: bytes | str | None) -> dict[str, Any]:
    if not body:
        return {}
    try:
        read = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Fault(400, "parseError", f"Parse Error: {error}") from error
    if not isinstance(read, dict):
        raise Fault(400, "parseError", "This API takes a JSON object")
    return read

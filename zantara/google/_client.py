"""The real google-api-python-client on a chosen transport.

Services are built from the discovery documents that the client ships, with their rootUrl rewritten:
the option `api_endpoint` alone drops `calendar/v3/`, forces https on uploads and sends batches to
the real Google.
"""

import asyncio
import threading
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, cast

from zantara.clock import Clock
from zantara.google._discovery import discovery_document
from zantara.google._errors import SentOrNotError, from_status

__all__ = ["Google"]

_READ_RETRIES = 2
_LOCAL_ROOT = "http://google.localhost/"


class Google:
    """One account. `http` makes a transport; each thread gets its own, as httplib2 demands."""

    def __init__(self, http: Callable[[], Any], *, root: str, about: dict[str, Any]) -> None:
        self._http = http
        self._root = root
        self._about = about
        self._built: dict[tuple[str, str], Any] = {}
        self._of_thread = threading.local()
        self._lock = threading.Lock()

    @classmethod
    def local(cls, path: Path, *, clock: Clock, seed: bool = True) -> "Google":
        """The local Google over SQLite at `path`, with the demo account when it is new."""

        @cache
        def one() -> Any:
            from zantara.google.local import LocalGoogle

            return LocalGoogle(path, clock=clock, seed=seed)

        return cls(one, root=_LOCAL_ROOT, about={"kind": "local", "file": str(path)})

    def api(self, name: str, version: str) -> Any:
        """The service `name`, e.g. ("calendar", "v3")."""
        key = (name, version)
        with self._lock:
            return self._built.get(key) or self._build(key)

    def _build(self, key: tuple[str, str]) -> Any:
        with warnings.catch_warnings():
            # google-api-core announces a requirement of April 2027 on grpc, which is not used here.
            warnings.simplefilter("ignore", FutureWarning)
            from googleapiclient.discovery import build_from_document

        document = discovery_document(*key)
        document["rootUrl"] = document["mtlsRootUrl"] = self._root
        document["baseUrl"] = self._root + document["servicePath"]
        self._built[key] = build_from_document(document, http=self._transport())
        return self._built[key]

    async def run(self, request: Callable[[], Any]) -> dict[str, Any]:
        """Execute what `request` builds, on another thread; a read is tried again when it fails.

        Raises GoogleError (nothing was done) or SentOrNotError (the answer to a write was lost).
        """
        return await asyncio.to_thread(self._run, request)

    def _run(self, build: Callable[[], Any]) -> dict[str, Any]:
        request = build()
        from googleapiclient.errors import HttpError

        reads = request.method == "GET"
        try:
            done = request.execute(
                http=self._transport(), num_retries=_READ_RETRIES if reads else 0
            )
        except HttpError as error:
            raise from_status(error.status_code, str(error.reason)) from error
        except OSError as error:
            if reads:
                raise from_status(503, str(error)) from error
            raise SentOrNotError(
                f"the answer of {request.methodId} was lost ({error}); look there before trying"
                " again"
            ) from error
        return cast("dict[str, Any]", done or {})

    def describe(self) -> dict[str, Any]:
        """Whether this is the local Google, and where it is kept."""
        return dict(self._about)

    def _transport(self) -> Any:
        if not hasattr(self._of_thread, "http"):
            self._of_thread.http = self._http()
        return self._of_thread.http

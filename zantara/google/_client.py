"""The real google-api-python-client on a chosen transport.

Services are built from the discovery documents that the client ships, with their rootUrl rewritten:
the option `api_endpoint` alone drops `calendar/v3/`, forces https on uploads and sends batches to
the real Google.
"""

import asyncio
import socket
import threading
import warnings
from collections.abc import Callable
from functools import cache
from http.client import HTTPException
from pathlib import Path
from typing import Any, cast

from zantara.clock import Clock
from zantara.google._discovery import discovery_document
from zantara.google._errors import GoogleUnavailableError, SentOrNotError, from_status

__all__ = ["Google"]

_READ_RETRIES = 2
_READS = frozenset({"calendar.freebusy.query"})  # sent as a POST, and changes nothing
_NOT_IMPLEMENTED = 501
_LOCAL_ROOT = "http://google.localhost/"


class Google:
    """One account. `http` makes a transport; each thread gets its own, as httplib2 demands."""

    def __init__(self, http: Callable[[], Any], *, root: str, about: dict[str, Any]) -> None:
        self._http = http
        self._root = root
        self._about = about
        # In this process a failure is not a passing one, and the client sleeps between its tries.
        self._read_retries = 0 if root == _LOCAL_ROOT else _READ_RETRIES
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

        Raises GoogleError (nothing was done) or SentOrNotError (a write may have been done).
        """
        return await asyncio.to_thread(self._run, request)

    def _run(self, build: Callable[[], Any]) -> dict[str, Any]:
        request = build()
        from googleapiclient.errors import HttpError

        reads = request.method == "GET" or request.methodId in _READS
        retries = self._read_retries if reads else 0
        try:
            done = request.execute(http=self._transport(), num_retries=retries)
        except HttpError as error:
            raise _refused(error, reads=reads, method=request.methodId) from error
        except _lost_errors() as error:
            raise _lost(error, reads=reads, method=request.methodId) from error
        return cast("dict[str, Any]", done or {})

    def describe(self) -> dict[str, Any]:
        """Whether this is the local Google, and where it is kept."""
        return dict(self._about)

    def _transport(self) -> Any:
        if not hasattr(self._of_thread, "http"):
            self._of_thread.http = self._http()
        return self._of_thread.http


def _lost_errors() -> tuple[type[Exception], ...]:
    from httplib2.error import HttpLib2Error

    return (OSError, HTTPException, HttpLib2Error)


def _refused(error: Any, *, reads: bool, method: str) -> Exception:
    """A 5xx to a write is no answer: the write may have been done before the failure."""
    status, details = int(error.status_code), error.error_details
    if status >= 500 and status != _NOT_IMPLEMENTED and not reads:
        return _unknown(method, f"Google answered {status}: {error.reason}")
    reason = details[0].get("reason", "") if isinstance(details, list) and details else ""
    return from_status(status, str(error.reason), reason=str(reason))


def _lost(error: Exception, *, reads: bool, method: str) -> Exception:
    """No answer came. Where no connection was made, nothing can have been done."""
    from httplib2.error import ServerNotFoundError

    unreached = isinstance(error, ConnectionRefusedError | socket.gaierror | ServerNotFoundError)
    if reads or unreached:
        return GoogleUnavailableError(f"Google cannot be reached: {error} (try again in a minute)")
    return _unknown(method, str(error))


def _unknown(method: str, what: str) -> SentOrNotError:
    return SentOrNotError(
        f"the answer of {method} was lost ({what}); look there before trying again"
    )

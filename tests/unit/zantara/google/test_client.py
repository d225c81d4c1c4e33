"""What the client makes of failures: a write that may have happened is never called a failure."""

import json
import socket
from pathlib import Path
from typing import Any

import httplib2
import pytest

from tests.kit import NOW
from zantara.google import (
    Google,
    GoogleAuthError,
    GoogleConflictError,
    GoogleError,
    GoogleGoneError,
    GoogleNotFoundError,
    GooglePreconditionError,
    GoogleQuotaError,
    GoogleUnavailableError,
    SentOrNotError,
)


class _Transport:
    """Fails as told and counts the tries."""

    def __init__(self, failure: Exception | tuple[int, str]) -> None:
        self._failure = failure
        self.tries = 0

    def request(self, *_args: Any, **_options: Any) -> tuple[httplib2.Response, bytes]:
        self.tries += 1
        if isinstance(self._failure, Exception):
            raise self._failure
        status, reason = self._failure
        detail = {"message": "no", "domain": "global", "reason": reason}
        body = {"error": {"code": status, "message": "no", "errors": [detail]}}
        return httplib2.Response({"status": str(status)}), json.dumps(body).encode()


def _google(transport: _Transport) -> Google:
    return Google(lambda: transport, root="http://google.localhost/", about={})


async def _insert(google: Google) -> None:
    events = google.api("calendar", "v3").events()
    await google.run(lambda: events.insert(calendarId="primary", body={}))


async def _read(google: Google) -> None:
    calendar = google.api("calendar", "v3")
    await google.run(lambda: calendar.freebusy().query(body={}))


@pytest.mark.parametrize(
    ("status", "reason", "kind"),
    [
        (401, "authError", GoogleAuthError),
        (403, "forbidden", GoogleAuthError),
        (403, "rateLimitExceeded", GoogleQuotaError),
        (404, "notFound", GoogleNotFoundError),
        (409, "duplicate", GoogleConflictError),
        (410, "deleted", GoogleGoneError),
        (412, "conditionNotMet", GooglePreconditionError),
        (429, "rateLimitExceeded", GoogleQuotaError),
    ],
)
async def test_a_refusal_has_its_kind_and_is_tried_once(
    status: int, reason: str, kind: type[GoogleError]
) -> None:
    transport = _Transport((status, reason))
    with pytest.raises(kind, match=r"\("):  # the advice is in brackets
        await _insert(_google(transport))
    assert transport.tries == 1


@pytest.mark.parametrize(
    "failure",
    [
        (500, "backendError"),
        (503, "backendError"),
        TimeoutError("timed out"),
        ConnectionResetError("reset by peer"),
        httplib2.error.MalformedHeader("half an answer"),
    ],
)
async def test_a_write_with_no_answer_may_have_been_done(
    failure: Exception | tuple[int, str],
) -> None:
    transport = _Transport(failure)
    with pytest.raises(SentOrNotError, match=r"calendar\.events\.insert"):
        await _insert(_google(transport))
    assert transport.tries == 1


@pytest.mark.parametrize(
    "failure",
    [
        ConnectionRefusedError("refused"),
        socket.gaierror("no such host"),
        httplib2.ServerNotFoundError("no such host"),
    ],
)
async def test_what_was_never_reached_has_done_nothing(failure: Exception) -> None:
    with pytest.raises(GoogleUnavailableError):
        await _insert(_google(_Transport(failure)))


@pytest.mark.parametrize("failure", [(503, "backendError"), TimeoutError("timed out")])
async def test_a_read_that_fails_is_never_an_unknown_outcome(
    failure: Exception | tuple[int, str],
) -> None:
    with pytest.raises(GoogleUnavailableError):
        await _read(_google(_Transport(failure)))


async def test_a_file_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder is needed")
    google = Google.local(tmp_path / "data" / "google.sqlite", clock=NOW)
    with pytest.raises(GoogleQuotaError, match="data"):
        await _insert(google)


async def test_a_file_that_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "google.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(GoogleQuotaError, match=r"google\.sqlite"):
        await _read(Google.local(tmp_path / "google.sqlite", clock=NOW))

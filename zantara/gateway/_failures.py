"""What a host's refusal means: whether it passes, when to come back, whether it is for good."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import Any

__all__ = ["Failure", "FailureKind", "failure_of"]

_DAY = 86_400.0
_NO_CREDIT = 600.0
_GONE = re.compile(
    r"model_not_found|model_decommissioned|no endpoints found|decommission|not a valid model"
    r"|models?\b.{0,80}(does not exist|not found|no longer (available|supported))"
    r"|not_found_error",
    re.IGNORECASE,
)
_TOO_LONG = re.compile(
    r"context_length_exceeded|maximum context length|context window|prompt is too long"
    r"|exceeds the maximum number of tokens|token limit|reduce the length",
    re.IGNORECASE,
)
_FILTERED = re.compile(
    r"content_filter|content management policy|safety|PROHIBITED_CONTENT|requires moderation"
    r"|input was flagged",
    re.IGNORECASE,
)
_UNPAID = re.compile(
    r"insufficient_quota|insufficient balance|credit balance is too low", re.IGNORECASE
)
_BAD_KEY = re.compile(r"API_KEY_INVALID|api key not valid|invalid[ _]api[ _]key", re.IGNORECASE)
_AGAIN = re.compile(
    r"(?:try again in|retry in|retry after)\s+"
    r"((?:[\d.]+\s*(?:ms|h|m|s|milliseconds?|hours?|minutes?|seconds?)\s*)+)",
    re.IGNORECASE,
)
_DELAY = re.compile(r"retryDelay\W{1,6}([\d.]+)s")
_PART = re.compile(r"([\d.]+)\s*(ms|millis|h|m|s)", re.IGNORECASE)
_SECONDS = {"ms": 0.001, "millis": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}


class FailureKind(StrEnum):
    """limited: too many requests. busy: the host is in trouble. unreachable: it did not answer in
    time or at all. gone, bad_key: for good. too_long, filtered, refused: this request alone.
    unusable: it answered, and the answer cannot be used.
    """

    LIMITED = "limited"
    BUSY = "busy"
    UNREACHABLE = "unreachable"
    SLOW = "slow"
    GONE = "gone"
    BAD_KEY = "bad_key"
    TOO_LONG = "too_long"
    FILTERED = "filtered"
    REFUSED = "refused"
    UNUSABLE = "unusable"


@dataclass(frozen=True, slots=True)
class Failure:
    """kind: see FailureKind. seconds: when the host wants to be asked again; 0: it did not say.

    billed: whether the host may charge for it all the same.
    """

    kind: FailureKind
    seconds: float = 0.0
    billed: bool = False

    @property
    def for_good(self) -> bool:
        return self.kind in (FailureKind.GONE, FailureKind.BAD_KEY)

    @property
    def hosts_fault(self) -> bool:
        """Whether it tells something of the host and not of this one request."""
        return self.kind in (FailureKind.BUSY, FailureKind.UNREACHABLE, FailureKind.SLOW)


def failure_of(error: BaseException) -> Failure:
    """What a client's error means. SDKs differ in types and agree on `status_code` and `response`."""
    text = " ".join(f"{one} {getattr(one, 'code', '')}" for one in _chain(error))
    status = _status(error)
    if status is None:
        return _with_no_status(error)
    kind = _told_by(status, text)
    if kind is not None:
        return Failure(kind)
    seconds = _asked_to_wait(error, text)
    if status == 402 or (status in (400, 429) and _UNPAID.search(text)):
        return Failure(FailureKind.LIMITED, seconds or _NO_CREDIT)
    if status == 429:
        return Failure(FailureKind.LIMITED, seconds)
    busy = status == 408 or status >= 500
    return Failure(FailureKind.BUSY, seconds) if busy else Failure(_of_request(status, text))


def _told_by(status: int, text: str) -> FailureKind | None:
    """What is told by the status and the host's words together."""
    if (_GONE.search(text) and status in (400, 404, 410, 422)) or status == 410:
        return FailureKind.GONE
    if status == 403 and _FILTERED.search(text):  # OpenRouter's moderation
        return FailureKind.FILTERED
    if status in (401, 403) or (status == 400 and _BAD_KEY.search(text)):
        return FailureKind.BAD_KEY
    return None


def _of_request(status: int, text: str) -> FailureKind:
    if status == 413 or _TOO_LONG.search(text):
        return FailureKind.TOO_LONG
    return FailureKind.FILTERED if _FILTERED.search(text) else FailureKind.REFUSED


_NEVER_ASKED = {
    "ConnectTimeout",
    "ConnectError",
    "PoolTimeout",
    "ConnectionRefusedError",
    "UnsupportedProtocol",
}


def _with_no_status(error: BaseException) -> Failure:
    names = {base.__name__ for one in _chain(error) for base in type(one).__mro__}
    if names & _NEVER_ASKED:
        return Failure(FailureKind.UNREACHABLE)
    if names & {"TimeoutException", "TimeoutError", "APITimeoutError", "StreamChunkTimeoutError"}:
        return Failure(FailureKind.SLOW, billed=True)
    if names & {"TransportError", "APIConnectionError", "OSError", "ConnectionError"}:
        return Failure(FailureKind.UNREACHABLE, billed=True)
    return Failure(FailureKind.UNUSABLE, billed=True)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what it was raised from, outermost first."""
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        yield one
        one = one.__cause__ or one.__context__


def _status(error: BaseException) -> int | None:
    for one in _chain(error):
        for name in ("status_code", "code"):
            value = str(getattr(one, name, None))
            if value.isdigit() and 400 <= int(value) < 600:
                return int(value)
    return None


def _headers(error: BaseException) -> Mapping[str, Any]:
    for one in _chain(error):
        found = getattr(getattr(one, "response", None), "headers", None)
        if found is not None:
            return {str(name).lower(): value for name, value in found.items()}
    return {}


def _asked_to_wait(error: BaseException, text: str) -> float:
    """Seconds, at most a day: from the header in milliseconds, seconds or as a date, else the text."""
    headers = _headers(error)
    told = _number(headers.get("retry-after-ms"), 0.001) or _retry_after(headers)
    return min(max(told or _in_text(text), 0.0), _DAY)


def _retry_after(headers: Mapping[str, Any]) -> float:
    """A date is taken against the host's own clock, where it says what that is: ours may jump."""
    value = str(headers.get("retry-after", ""))
    seconds = _number(value, 1.0)
    if seconds or not value:
        return seconds
    try:
        until = parsedate_to_datetime(value)
        now = parsedate_to_datetime(str(headers.get("date", "")))
    except ValueError:
        return 0.0
    return _between(now, until)


def _between(now: datetime, until: datetime) -> float:
    """A date with no zone is in UTC."""
    return (until.replace(tzinfo=UTC) - now.replace(tzinfo=UTC)).total_seconds()


def _number(value: object, scale: float) -> float:
    try:
        return float(str(value)) * scale
    except ValueError:
        return 0.0


def _in_text(text: str) -> float:
    delay = _DELAY.search(text)
    if delay:
        return float(delay.group(1))
    again = _AGAIN.search(text)
    if not again:
        return 0.0
    parts = _PART.findall(again.group(1))
    return sum(float(number.strip(".") or 0) * _SECONDS[unit.lower()] for number, unit in parts)

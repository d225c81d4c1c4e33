"""What can go wrong at Google, each kind with what to do about it."""

from zantara.toolkit import OutcomeUnknownError, ToolError

__all__ = [
    "GoogleConflictError",
    "GoogleError",
    "GoogleGoneError",
    "GoogleNotFoundError",
    "GoogleUnavailableError",
    "SentOrNotError",
    "from_status",
]


class GoogleError(ToolError):
    """Google refused; nothing was done."""


class GoogleNotFoundError(GoogleError):
    """404: there is no such thing, or this account may not see it."""


class GoogleConflictError(GoogleError):
    """409: the id is taken."""


class GoogleGoneError(GoogleError):
    """410: it was deleted, or a sync token is too old."""


class GoogleUnavailableError(GoogleError):
    """429 or 5xx: the request was answered and not carried out; later it may be."""


class SentOrNotError(OutcomeUnknownError):
    """The answer to a write was lost: it may have been carried out."""


_KINDS: dict[int, tuple[type[GoogleError], str]] = {
    401: (GoogleError, "the login has expired: sign in again"),
    403: (GoogleError, "this account may not do that"),
    404: (GoogleNotFoundError, "there is no such thing, or this account may not see it"),
    409: (GoogleConflictError, "the id is taken"),
    410: (GoogleGoneError, "it has been deleted"),
    412: (GoogleError, "it was changed meanwhile: read it again"),
    429: (GoogleUnavailableError, "too many requests: try again in a minute"),
}


def from_status(status: int, reason: str) -> GoogleError:
    """The error of an HTTP status, with Google's own reason and what to do."""
    unavailable = (GoogleUnavailableError, "Google is not available: try again in a minute")
    plain = (GoogleError, "the request was not accepted")
    kind, advice = _KINDS.get(status, unavailable if status >= 500 else plain)
    return kind(f"Google answered {status}: {reason} ({advice})")

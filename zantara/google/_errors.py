"""What can go wrong at Google, each kind with what to do about it."""

from zantara.toolkit import OutcomeUnknownError, ToolError

__all__ = [
    "GoogleAuthError",
    "GoogleBadRequestError",
    "GoogleConflictError",
    "GoogleError",
    "GoogleGoneError",
    "GoogleNotFoundError",
    "GooglePreconditionError",
    "GoogleQuotaError",
    "GoogleUnavailableError",
    "SentOrNotError",
    "from_status",
]


class GoogleError(ToolError):
    """Google refused; nothing was done."""


class GoogleBadRequestError(GoogleError):
    """400: the request was not accepted."""


class GoogleAuthError(GoogleError):
    """401 or 403: who asks is not known, or may not."""


class GoogleNotFoundError(GoogleError):
    """404: there is no such thing, or this account may not see it."""


class GoogleConflictError(GoogleError):
    """409: the id is taken."""


class GoogleGoneError(GoogleError):
    """410: it was deleted, or a sync token is too old."""


class GooglePreconditionError(GoogleError):
    """412: it was changed meanwhile."""


class GoogleQuotaError(GoogleError):
    """429, or 403 for a limit: refused before anything was done."""


class GoogleUnavailableError(GoogleError):
    """Google could not be reached, or failed at a read."""


class SentOrNotError(OutcomeUnknownError):
    """The answer to a write was lost, or was a failure of Google's own: it may have been done."""


_KINDS: dict[int, tuple[type[GoogleError], str]] = {
    401: (GoogleAuthError, "the login has expired: sign in again"),
    403: (GoogleAuthError, "this account may not do that"),
    404: (GoogleNotFoundError, "there is no such thing, or this account may not see it"),
    409: (GoogleConflictError, "the id is taken"),
    410: (GoogleGoneError, "it has been deleted"),
    412: (GooglePreconditionError, "it was changed meanwhile: read it again"),
    429: (GoogleQuotaError, "too many requests: try again in a minute"),
    501: (GoogleBadRequestError, "the local Google does not do that"),
}
_LIMITS: dict[str, str] = {
    "rateLimitExceeded": "too many requests: try again in a minute",
    "userRateLimitExceeded": "too many requests: try again in a minute",
    "quotaExceeded": "the account's quota is used up: try again tomorrow",
    "dailyLimitExceeded": "the account's quota is used up: try again tomorrow",
    "storageQuotaExceeded": "there is no room, or the file cannot be written",
}


def from_status(status: int, message: str, *, reason: str = "") -> GoogleError:
    """The error of an HTTP status, with Google's own message and what to do."""
    unavailable = (GoogleUnavailableError, "Google is not available: try again in a minute")
    plain = (GoogleBadRequestError, "the request was not accepted")
    kind, advice = _KINDS.get(status, unavailable if status >= 500 else plain)
    if status == 403 and reason in _LIMITS:
        kind, advice = GoogleQuotaError, _LIMITS[reason]
    return kind(f"Google answered {status}: {message} ({advice})")

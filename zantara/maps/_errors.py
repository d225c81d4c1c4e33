"""What can go wrong at Maps, each kind with what to do about it."""

from zantara.toolkit import ToolError

__all__ = [
    "MapsBadRequestError",
    "MapsError",
    "MapsKeyError",
    "MapsNotFoundError",
    "MapsQuotaError",
    "MapsUnavailableError",
    "from_answer",
]


class MapsError(ToolError):
    """Maps refused or did not answer; nothing was changed, since Maps only reads.

    status: the HTTP status, 0 when there was no answer. reason: Google's own code, if it gave one.
    """

    def __init__(self, message: str, *, status: int = 0, reason: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason


class MapsBadRequestError(MapsError):
    """400 or 501: the request was not accepted."""


class MapsKeyError(MapsError):
    """The key is missing, wrong, or may not use this API."""


class MapsNotFoundError(MapsError):
    """404: there is no such place."""


class MapsQuotaError(MapsError):
    """429: too many requests, or the quota is used up."""


class MapsUnavailableError(MapsError):
    """Maps could not be reached, or failed."""


_KEY = (MapsKeyError, "check ZANTARA_GOOGLE_MAPS_API_KEY and which APIs it may use")
_KINDS: dict[int, tuple[type[MapsError], str]] = {
    401: _KEY,
    403: _KEY,
    404: (MapsNotFoundError, "there is no such place"),
    429: (MapsQuotaError, "too many requests: try again in a minute"),
    501: (MapsBadRequestError, "the local Maps does not do that"),
}
# Google answers 400 to a key that it does not know.
_KEY_REASONS = frozenset({"API_KEY_INVALID", "API_KEY_EXPIRED"})


def from_answer(status: int, message: str, *, reason: str = "") -> MapsError:
    """The error of an HTTP status, with Google's own message and what to do."""
    unavailable = (MapsUnavailableError, "Maps is not available: try again in a minute")
    plain = (MapsBadRequestError, "the request was not accepted")
    kind, advice = _KINDS.get(status, unavailable if status >= 500 else plain)
    if reason in _KEY_REASONS:
        kind, advice = _KEY
    return kind(f"Maps answered {status}: {message} ({advice})", status=status, reason=reason)

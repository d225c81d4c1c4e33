"""Google, through its own Python client: the real one, or the local one with no credentials."""

from zantara.google._client import Google
from zantara.google._errors import (
    GoogleConflictError,
    GoogleError,
    GoogleGoneError,
    GoogleNotFoundError,
    GoogleUnavailableError,
    SentOrNotError,
)

__all__ = [
    "Google",
    "GoogleConflictError",
    "GoogleError",
    "GoogleGoneError",
    "GoogleNotFoundError",
    "GoogleUnavailableError",
    "SentOrNotError",
]

"""Google, through its own Python client: the real one, or the local one with no credentials."""

from zantara.google._client import Google
from zantara.google._errors import (
    GoogleAuthError,
    GoogleBadRequestError,
    GoogleConflictError,
    GoogleError,
    GoogleGoneError,
    GoogleNotFoundError,
    GooglePreconditionError,
    GoogleQuotaError,
    GoogleUnavailableError,
    SentOrNotError,
)
from zantara.google._person import Person, demo_person

__all__ = [
    "Google",
    "GoogleAuthError",
    "GoogleBadRequestError",
    "GoogleConflictError",
    "GoogleError",
    "GoogleGoneError",
    "GoogleNotFoundError",
    "GooglePreconditionError",
    "GoogleQuotaError",
    "GoogleUnavailableError",
    "Person",
    "SentOrNotError",
    "demo_person",
]

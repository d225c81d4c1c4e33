"""The only place that makes a chat model. Code asks for a role; the catalogue names the models."""

from zantara.gateway._candidates import (
    BrokenOffError,
    Candidate,
    ModelUnavailableError,
    candidates_for,
    catalogue,
)
from zantara.gateway._gateway import Asked, Gateway, Reply
from zantara.gateway._scripted import ScriptedModel, ScriptExhaustedError

__all__ = [
    "Asked",
    "BrokenOffError",
    "Candidate",
    "Gateway",
    "ModelUnavailableError",
    "Reply",
    "ScriptExhaustedError",
    "ScriptedModel",
    "candidates_for",
    "catalogue",
]

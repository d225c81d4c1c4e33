"""The only place that makes a chat model. Code asks for a role; the catalogue names the models."""

from zantara.gateway._candidates import Candidate, candidates_for
from zantara.gateway._catalogue import Catalogue, Quota, catalogue
from zantara.gateway._errors import BrokenOffError, ModelUnavailableError
from zantara.gateway._gateway import Asked, Gateway, Reply
from zantara.gateway._overview import CandidateView, RoleView, overview
from zantara.gateway._scripted import ScriptedModel, ScriptExhaustedError

__all__ = [
    "Asked",
    "BrokenOffError",
    "Candidate",
    "CandidateView",
    "Catalogue",
    "Gateway",
    "ModelUnavailableError",
    "Quota",
    "Reply",
    "RoleView",
    "ScriptExhaustedError",
    "ScriptedModel",
    "candidates_for",
    "catalogue",
    "overview",
]

"""The model of a fresh machine: no key, no network, deterministic, and it says what it is."""

from zantara.gateway.embedded._model import EmbeddedModel

__all__ = ["EmbeddedModel"]

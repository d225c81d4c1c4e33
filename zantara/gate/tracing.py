"""Where each argument of a proposed call came from."""

from collections.abc import Mapping, Sequence
from typing import Any

from langchain_core.messages import BaseMessage, HumanMessage

from zantara.gate.provenance import Provenance, lowest
from zantara.gate.values import Known, in_words_of, known_values, leaves, lowest_in
from zantara.language import normalise
from zantara.state import Origin

__all__ = ["trace", "wanted_values"]


def wanted_values(args: Mapping[str, Any]) -> set[str]:
    """The normalised values of a call's arguments: what to look up in the transcript."""
    return {normalise(text) for _path, text in leaves(dict(args))}


def trace(
    args: Mapping[str, Any], window: Sequence[BaseMessage], *, earlier: Mapping[str, Known]
) -> dict[str, Origin]:
    """The origin of each argument, by whole normalised value.

    `window` holds the thread's latest messages, `earlier` what the transcript knows of these values.
    What nobody brought in was written by the model: derived, with the lowest trust of its prompt.
    An argument with several values has the origin of the least trusted one.
    """
    known = dict(earlier)
    for value in known_values(window):
        best = known.get(value.value)
        if best is None or lowest((best.provenance, value.provenance)) == best.provenance:
            known[value.value] = value
    inherited = lowest_in(window)
    return {
        name: _least([_origin(text, window, known, inherited) for _path, text in leaves(value)])
        for name, value in args.items()
        if value is not None
    }


def _origin(
    text: str, window: Sequence[BaseMessage], known: Mapping[str, Known], inherited: Provenance
) -> Origin:
    found = known.get(normalise(text))
    if found is not None and found.provenance is Provenance.USER:
        return {"provenance": str(Provenance.USER), "source": found.source}
    if any(isinstance(m, HumanMessage) and in_words_of(m, text) for m in window):
        return {"provenance": str(Provenance.USER), "source": "your words"}
    if found is not None:
        return {"provenance": str(found.provenance), "source": found.source}
    return {
        "provenance": str(Provenance.DERIVED),
        "inherits": str(inherited),
        "source": "written by the model",
    }


def _least(origins: Sequence[Origin]) -> Origin:
    if not origins:
        return {"provenance": str(Provenance.SYSTEM), "source": "empty"}
    worst = lowest(Provenance(origin["provenance"]) for origin in origins)
    return next(origin for origin in origins if origin["provenance"] == worst)

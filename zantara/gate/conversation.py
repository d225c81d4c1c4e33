"""What the values of a proposed call are traced in."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from zantara.gate.provenance import Provenance, lowest
from zantara.gate.values import Known, known_values, lowest_in, tokens_of
from zantara.gate.wishes import current_request
from zantara.gate.wording import Spoken, spoken_in
from zantara.language import normalise

__all__ = ["Conversation"]

_TRUSTED = (Provenance.USER, Provenance.SYSTEM, Provenance.OWN, Provenance.OUTSIDE)


@dataclass(frozen=True)
class Conversation:
    """Everything that values are traced in.

    window: the thread's latest messages. earlier: what the transcript knows of the values. facts:
    the user's memory, each with how far it is trusted. book: addresses of the user's own
    (themselves, their address book, people they have written to) with a name. typed: by argument,
    what the user typed into this call. me: the user's name. alone: addresses of people who wrote,
    and whose name nobody else has. beside: tool and arguments of the calls that come before this
    one in its step.
    """

    window: Sequence[BaseMessage]
    earlier: Sequence[Known] = ()
    facts: Sequence[tuple[str, Provenance]] = ()
    book: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, Collection[str]] = field(default_factory=dict)
    me: str = ""
    alone: frozenset[str] = frozenset()
    beside: Sequence[tuple[str, Mapping[str, Any]]] = ()

    @cached_property
    def floor(self) -> Provenance:
        """The lowest trust in the prompt of the model that asks."""
        return lowest((lowest_in(self.window), *(kind for _text, kind in self.facts)))

    @cached_property
    def request(self) -> list[Spoken]:
        """What the user asks for now."""
        return current_request(self.window)

    @cached_property
    def said(self) -> list[Spoken]:
        """All that the user has said in the window."""
        return [spoken_in(m) for m in self.window if isinstance(m, HumanMessage)]

    @cached_property
    def known(self) -> dict[str, list[Known]]:
        """Values by their normalised form."""
        found: dict[str, list[Known]] = {}
        remembered = [
            Known(token, kind, "your memory", "")
            for text, kind in self.facts
            for token in tokens_of(text)
        ]
        for one in (*self.earlier, *remembered, *known_values(self.window)):
            found.setdefault(one.value, []).append(one)
        return found

    @cached_property
    def done(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Tool and arguments of what was done in this turn, or will be before this call."""
        turn = max((n for n, m in enumerate(self.window) if isinstance(m, HumanMessage)), default=0)
        results = [m for m in self.window[turn:] if isinstance(m, ToolMessage)]
        good = {m.tool_call_id for m in results if m.status == "success"}
        asked = (m for m in self.window[turn:] if isinstance(m, AIMessage))
        calls = [call for m in asked for call in m.tool_calls if call["id"] in good]
        return [*((call["name"], call["args"]) for call in calls), *self.beside]

    def says(self, value: str) -> bool:
        """Whether the user has said it, in this window."""
        return any(one.holds(value) or value in one.values for one in self.said)

    @cached_property
    def people(self) -> dict[str, set[str]]:
        """The addresses that stand beside each name in the window's results."""
        found: dict[str, set[str]] = {}
        for many in self.known.values():
            for one in many:
                for name in one.names if "@" in one.value and " " not in one.value else ():
                    found.setdefault(name, set()).add(one.value)
        return found

    def rivals(self, best: Sequence[Known]) -> set[tuple[str, ...]]:
        """The other things of the results that told of a value, by their names."""
        sources, own = {one.source for one in best}, {one.names for one in best}
        return {
            one.names
            for many in self.known.values()
            for one in many
            if one.names and one.source in sources and one.names not in own
        }

    def best(self, value: str) -> list[Known]:
        """Who brought the value in, of those that are trusted most."""
        found = self.known.get(normalise(value), [])
        kind = next((k for k in _TRUSTED if any(one.provenance is k for one in found)), None)
        return [one for one in found if one.provenance is kind]

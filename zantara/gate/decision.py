"""What the policy says of a call, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from zantara.gate.kinds import Effect, Kind, Outcome, strictest
from zantara.gate.policy import Policy
from zantara.gate.provenance import column_of
from zantara.gate.tracing import Traced
from zantara.identity import Role

__all__ = ["Reason", "Verdict", "decide"]

_LONGEST = 120
_WHY = {
    "derived": "the model wrote {it}",
    "picked": "you did not name {it}; the model chose it after reading outside content",
    "outside": "{it} comes from outside, not from you",
    "derived_outside": "the model wrote {it} after reading outside content",
    "user": "{it} is yours",
    "system": "{it} was made by a service",
    "own": "{it} is from your own data",
}
_IT = {
    Kind.TARGET: "the thing this acts on",
    Kind.RECIPIENT: "the recipient",
    Kind.NAME: "this name",
    Kind.LABEL: "this",
    Kind.PLACE: "the place",
    Kind.TEXT: "this text",
    Kind.TIME: "the time",
    Kind.OPTION: "this choice",
    Kind.QUERY: "the query",
    Kind.LINK: "the link",
}
_REQUEST = {
    "user": "you asked for it",
    "derived": "you did not ask for it in words that are known here",
    "derived_outside": "you did not ask for it; the model proposes it after reading outside content",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One value of the call: where it came from and what that lets the call do."""

    argument: str
    kind: Kind
    value: str
    column: str
    source: str
    outcome: Outcome
    told: str = ""

    @property
    def why(self) -> str:
        """In words, for the person who decides."""
        if self.kind is Kind.REQUEST:
            return _REQUEST.get(self.column, self.source)
        it = _IT[self.kind]
        told = f"{it}: {self.told}" if self.told else _WHY[self.column].format(it=it)
        return f"{self.argument}: {told} ({self.value})"

    def to_json(self) -> dict[str, str]:
        return {
            "argument": self.argument,
            "kind": str(self.kind),
            "value": self.value,
            "column": self.column,
            "source": self.source,
            "outcome": str(self.outcome),
            "why": self.why,
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """The strictest outcome of a call's values, each with its reason."""

    outcome: Outcome
    effect: Effect
    reasons: tuple[Reason, ...]

    @property
    def warnings(self) -> list[str]:
        """Why it asks with a warning, or is refused."""
        hard = (Outcome.WARN, Outcome.REFUSE)
        return list(dict.fromkeys(one.why for one in self.reasons if one.outcome in hard))

    def to_json(self) -> dict[str, Any]:
        return {
            "outcome": str(self.outcome),
            "effect": str(self.effect),
            "warnings": self.warnings,
            "reasons": [one.to_json() for one in self.reasons],
        }


def decide(
    traced: Sequence[Traced], *, policy: Policy, tool: str, effect: Effect, role: Role
) -> Verdict:
    """The verdict on a call of `tool` whose values were traced."""
    reasons = tuple(_reason(one, policy, tool, effect, role) for one in traced)
    return Verdict(strictest(*(one.outcome for one in reasons)), effect, reasons)


def _reason(one: Traced, policy: Policy, tool: str, effect: Effect, role: Role) -> Reason:
    column = column_of(one.origin)
    outcome = policy.outcome(column, one.kind, effect, role=role, tool=tool, argument=one.argument)
    value = one.value if len(one.value) <= _LONGEST else one.value[: _LONGEST - 1] + "…"
    source, told = one.origin.get("source", ""), one.origin.get("why", "")
    return Reason(one.argument, one.kind, value, column, source, outcome, told)

"""What the ledger keeps: one row for each model call and paid tool call, one for each turn."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

__all__ = ["CallEnd", "CallStart", "Kind", "Outcome", "Priced", "TurnRow"]

Outcome = Literal[
    "open",  # begun; a process that died leaves it so, and its reservation stays spent
    "answered",
    "failed",  # the host refused, or its answer could not be used
    "cut",  # it broke off after its first piece
    "cancelled",
]
Priced = Literal[
    "usage",  # by the usage that the host reported and the price list
    "ceiling",  # by that usage and the catalogue's ceiling: the price list knows no price
    "reserved",  # the host reported no usage and may charge: what was reserved stands
    "time",  # by the time that a rented GPU was awake for it
    "free",  # it ran here, or the host refused before it began
]
Kind = Literal["small_talk", "exact", "knowledge", "one_tool", "few_tools", "many_tools", "refused"]
"""What a turn was: exact: answered from the tables; knowledge: no outside call; few: 2 or 3 calls."""


@dataclass(frozen=True, slots=True)
class CallStart:
    """What is known before a call. reserved: US dollars that it may cost at most.

    role: of a model call; "tool" for a paid tool call, whose `asked` names what the host charges for.
    attempt: 1 for the first candidate that was asked, 2 for the next.
    """

    thread_id: str
    run_id: str
    turn: str
    task_id: str
    node: str
    architecture: str
    user: str
    role: str
    provider: str
    asked: str
    attempt: int = 1
    reserved: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class CallEnd:
    """How it ended. Tokens as the host reported them: `tokens_cached` is a part of `tokens_in`.

    answered: the model that really answered. first_ms: until its first piece; None: there was none.
    """

    answered: str
    outcome: Outcome
    priced: Priced
    cost_usd: Decimal
    latency_ms: float
    tokens_in: int = 0
    tokens_cached: int = 0
    tokens_out: int = 0
    first_ms: float | None = None


@dataclass(frozen=True, slots=True)
class TurnRow:
    """One turn, written when it has its answer.

    at: when it began, ISO 8601 in UTC. source: who chose the arm: preset, context, thread, rollout or
    default. paused: it waited for a person or was cut off, so that its latency is none of ours. calls:
    tool calls that ran; outside: those that left this house. broken: it broke off. corrected: it
    took a corrective pass; unsupported: something in it had to be taken back, as nothing supports it.
    """

    turn: str
    thread_id: str
    run_id: str
    user: str
    architecture: str
    source: str
    language: str
    kind: Kind
    at: str
    latency_ms: float
    paused: bool
    calls: int
    outside: int
    calls_failed: int
    calls_unknown: int
    model_calls: int
    model_failures: int
    cost_usd: Decimal
    broken: bool
    corrected: bool
    unsupported: bool

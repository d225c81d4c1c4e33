"""Decisions on their way to the interrupts that asked for them."""

from collections.abc import Mapping
from typing import Any

from zantara._refusals import BadRequestError
from zantara.gate.approval import parse_decisions
from zantara.turn import Pending

__all__ = ["check_answers", "complete_answers"]


def check_answers(pending: list[Pending], answers: Mapping[str, Mapping[str, Any]]) -> None:
    """Every answer must belong to an open interrupt and decide on each of its actions."""
    open_ids = dict.fromkeys(one.interrupt_id for one in pending)
    for interrupt_id, answer in answers.items():
        if interrupt_id not in open_ids:
            accepted = ", ".join(open_ids) or "none: nothing waits here"
            raise BadRequestError(f"interrupt: {interrupt_id!r} is not open; accepted: {accepted}")
        actions = [{"tool": one.tool} for one in pending if one.interrupt_id == interrupt_id]
        parse_decisions(answer, actions)
    if not answers:
        raise BadRequestError(f"resume: no answers given; open: {', '.join(open_ids) or 'none'}")


def complete_answers(
    pending: list[Pending], kept: Mapping[str, Mapping[str, Any]]
) -> tuple[dict[str, dict[str, Any]], list[Pending]]:
    """The answers of the interrupts that have all their decisions, and the actions that wait."""
    grouped: dict[str, list[Pending]] = {}
    for one in pending:
        grouped.setdefault(one.interrupt_id, []).append(one)
    answers: dict[str, dict[str, Any]] = {}
    missing: list[Pending] = []
    for interrupt_id, actions in grouped.items():
        undecided = [one for one in actions if one.call_id not in kept]
        missing += undecided
        if not undecided:
            answers[interrupt_id] = {"decisions": [dict(kept[one.call_id]) for one in actions]}
    return answers, missing

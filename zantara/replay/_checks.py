"""Whether a turn came out as its script expects."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from zantara.evidence import SentenceStream
from zantara.replay._outside import Left
from zantara.replay._script import Expectation, ExpectedCall, Sent

if TYPE_CHECKING:
    from zantara.replay._play import TurnReport

__all__ = ["check_turn"]


Checked = Iterator[tuple[bool, str]]


def check_turn(report: "TurnReport") -> Checked:
    """(held, what was expected) of each expectation."""
    expected, turn = report.spec.expect, report.turn
    waiting = ", ".join(one.tool for one in turn.pending)
    yield (
        bool(turn.answer) and not turn.pending,
        (
            f"answered; waiting without a decision in the script: {waiting}"
            if waiting
            else "answered"
        ),
    )
    if expected.language:
        yield turn.language == expected.language, f"answered in {expected.language}"
    yield from _check_text(expected, turn.answer)
    yield from _check_sources(expected, turn.citations)
    if expected.nodes is not None:
        yield (
            report.nodes == expected.nodes,
            (f"path {' -> '.join(expected.nodes)}; went {' -> '.join(report.nodes)}"),
        )
    if expected.calls is not None:
        yield from _check_calls(expected, turn.calls)
    yield from _check_questions(expected, report)
    yield not report.early, "nothing left before approval"
    yield from _check_sent(expected.sent, report.left)


def _check_text(expected: Expectation, answer: str) -> Checked:
    for text in expected.says:
        yield text.casefold() in answer.casefold(), f"the answer says {text!r}"
    for text in expected.says_not:
        yield text.casefold() not in answer.casefold(), f"the answer does not say {text!r}"
    if expected.sentences is not None:
        count = len(SentenceStream.split(answer))
        yield count <= expected.sentences, f"at most {expected.sentences} sentence(s)"


def _check_sources(expected: Expectation, citations: Sequence[Mapping[str, Any]]) -> Checked:
    if expected.sources == 0:
        yield not citations, "no source is named"
    elif expected.sources:
        named = [one for one in citations if one["source"]]
        yield len(named) >= expected.sources, f"at least {expected.sources} source(s) named"


def _check_calls(expected: Expectation, calls: Sequence[Mapping[str, Any]]) -> Checked:
    wanted = expected.calls or []
    if expected.calls_order == "exact":
        fits = len(calls) == len(wanted) and all(map(_fits, wanted, calls))
        yield fits, f"calls {_told(wanted)}, in this order{_had(calls, fits)}"
        return
    free = list(calls)
    for one in wanted:
        found = next((call for call in free if _fits(one, call)), None)
        if found is not None:
            free.remove(found)
        held = found is not None
        yield held, f"call {_told([one])}{_had(calls, held)}"
    if expected.calls_order == "any":
        yield not free, f"no calls but {_told(wanted)}" if wanted else "no calls"


def _fits(wanted: ExpectedCall, call: Mapping[str, Any]) -> bool:
    same = all(call["args"].get(name) == value for name, value in wanted.args.items())
    return bool(same and call["tool"] == wanted.tool and call["status"] == wanted.status)


def _told(calls: Sequence[ExpectedCall]) -> str:
    return ", ".join(f"{one.tool}{one.args or ''}" for one in calls) or "none"


def _had(calls: Sequence[Mapping[str, Any]], held: bool) -> str:
    """What there was instead."""
    listed = ", ".join(f"{one['tool']}{one['args']} {one['status']}" for one in calls) or "none"
    return "" if held else f"; had {listed}"


def _check_questions(expected: Expectation, report: "TurnReport") -> Checked:
    if expected.pending is not None:
        waited = [one.tool for pause in report.asked for one in pause]
        yield (
            sorted(waited) == sorted(expected.pending),
            (f"asked before: {', '.join(expected.pending) or 'nothing'}"),
        )
    if expected.questions is not None:
        yield len(report.asked) == expected.questions, f"asked {expected.questions} time(s)"


def _check_sent(wanted: Sequence[Sent], left: Sequence[Left]) -> Checked:
    free = list(left)
    for one in wanted:
        found = next((it for it in free if it.via == one.via and _reached(one.to, it.to)), None)
        yield found is not None, f"one {one.via} reached {one.to}"
        if found is not None:
            free.remove(found)
            for text in one.holds:
                yield text.casefold() in found.text.casefold(), f"it says {text!r}"
    yield not free, "nothing else was sent" if wanted else "nothing was sent"


def _reached(wanted: str, to: str) -> bool:
    return re.sub(r"[+#\s]", "", wanted).casefold() in re.sub(r"[+#\s]", "", to).casefold()

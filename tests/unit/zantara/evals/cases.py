"""Hand-made rows, calls and answers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Literal

from zantara.evals import ActionRow, ExpectedCall, QaRow
from zantara.evals._played import Played, Seen
from zantara.evals._statistics import Scored
from zantara.knowledge import Row

__all__ = ["NOW", "expects", "knows", "parts_of", "played", "question", "request", "seen"]

NOW = datetime.fromisoformat("2026-05-12T09:00:00+08:00")


def parts_of(scored: Scored) -> dict[str, Any]:
    """What the row adds to each metric, for comparing with plain numbers."""
    return dict(scored.parts)


def expects(tool: str, *after: int, optional: bool = False, **args: Any) -> ExpectedCall:
    return ExpectedCall(tool, args, optional, after)


def request(
    *calls: ExpectedCall, kind: Literal["action", "clarify", "lookalike"] = "action"
) -> ActionRow:
    return ActionRow("r-1", "calendar", kind, ("Do it",), "en", NOW, calls, "")


def seen(
    tool: str, step: int = 0, *, status: str = "done", result: Any = None, **args: Any
) -> Seen:
    return Seen(f"{tool}/{step}/{sorted(args)}", tool, args, status, step, result)


def played(*calls: Seen, answer: str = "Done.", unconfirmed: Sequence[str] = ()) -> Played:
    return Played(list(calls), [answer], bool(calls), set(unconfirmed))


def knows(row_id: str, text: str, *also: str) -> Row:
    return Row(row_id, "visa", "A title", text, "en", "Guide", "2025-01-01", "guide", also)


def question(**changes: Any) -> QaRow:
    given: Mapping[str, Any] = {
        "id": "q-1",
        "question": "What does it cost?",
        "language": "en",
        "intent": "pricing",
        "paraphrased": False,
        "gold_ids": ("gold",),
        "must_contain": ("3,000,000",),
        "must_not_contain": (),
        "note": "",
    }
    return QaRow(**{**given, **changes})

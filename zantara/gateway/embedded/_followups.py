"""A turn that changes the one before: "same time, but with Made", "and on Friday?"."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from zantara.gateway.embedded._fill import fill
from zantara.gateway.embedded._goals import Goal
from zantara.gateway.embedded._reading import Prompt
from zantara.gateway.embedded._schema import ToolSpec
from zantara.language import Clause, TimeSpan, on_day, read_clause, with_other_name

__all__ = ["repeated"]

_TIMES = ("time_min", "time_max", "start")
_NAMED = ("summary", "query", "event", "location", "destination", "place", "content")


def repeated(prompt: Prompt, tools: Sequence[ToolSpec], language: str) -> list[Goal]:
    """The last call of the turn before, with what these words change; none unless they say so."""
    clause = read_clause(prompt.question, language, prompt.now)
    bound = {tool.name: tool for tool in tools}
    last = next((one for one in reversed(prompt.earlier) if one[0] in bound), None)
    opening = clause.tokens[0] if clause.tokens else None
    goes_on = opening is not None and opening.has("follow", "same") and len(clause.tokens) <= 14
    if last is None or not goes_on or "domain" in clause.features:
        return []
    tool, before = bound[last[0]], dict(last[1])
    changed = _changed(clause, before, tool, prompt.now)
    return [Goal(tool, clause, args=changed)] if changed != before else []


def _changed(
    clause: Clause, before: Mapping[str, Any], tool: ToolSpec, now: datetime
) -> dict[str, Any]:
    args = dict(before)
    days = 1 if clause.of("next.day") else -1 if clause.of("prev.day") else 0
    if days:
        args |= {k: _later(before[k], days) for k in _TIMES if before.get(k)}
    elif clause.spans:
        args |= _moved(clause.spans[0], before)
    addresses = [one.text for one in clause.of("address")]
    for name in ("to", "attendees"):
        if addresses and (name in before or name in {p.name for p in tool.parameters}):
            args[name] = addresses if isinstance(before.get(name, []), list) else addresses[0]
    where = "location" if clause.place != (0, 0) and "location" in before else ""
    name = where or next((one for one in _NAMED if one in before), "")
    if clause.names and name:
        args[name] = with_other_name(str(before[name]), clause.names[0], clause.language)
    if clause.said:
        filled = fill(tool, clause, now, found={}).args
        args |= {k: v for k, v in filled.items() if k in ("body", "text", "message", "content")}
    return args


def _later(stamp: Any, days: int) -> str:
    return (datetime.fromisoformat(str(stamp)) + timedelta(days=days)).isoformat()


def _moved(span: TimeSpan, before: Mapping[str, Any]) -> dict[str, Any]:
    """The times of the call on the new day, at the new hour; lengths are kept."""
    if "time_min" in before:
        return {"time_min": span.start.isoformat(), "time_max": span.end.isoformat()}
    if "start" not in before:
        return {}
    old = datetime.fromisoformat(str(before["start"]))
    new = span.start if span.has_clock else on_day(old, span.start)
    if span.has_clock and not span.has_day:
        new = on_day(span.start, old)
    moved = {"start": new.isoformat()}
    if before.get("end"):
        moved["end"] = (new + (datetime.fromisoformat(str(before["end"])) - old)).isoformat()
    return moved

"""A turn in lines of text: the answer, its sources, what was done, what waits and why."""

import json
import re
import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from zantara.cli._text import bold, faint, indented, quoted, safe, warn
from zantara.language import tell_clock, tell_day
from zantara.state import Citation
from zantara.turn import Pending, Turn

__all__ = [
    "action_lines",
    "call_lines",
    "detail_lines",
    "how_to_decide",
    "origin_text",
    "source_lines",
    "turn_lines",
    "value_text",
]

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)")
_STATUS = {
    "done": "done",
    "failed": "not done: it failed",
    "unknown": "UNKNOWN: it may have been done; see the answer for how to check",
    "rejected": "not done: you rejected it",
    "answered": "not done: you answered instead",
    "invalid": "not done: it could not work as it was asked",
    "refused": "not done: the policy refuses it",
    "planned": "a dry run: not done",
    "approved": "approved",
    "proposed": "waits for you",
}


def turn_lines(turn: Turn, *, as_name: str = "", answer: bool = True) -> list[str]:
    """Everything a person needs to know of a turn. `answer`: False where it was streamed already."""
    lines: list[str] = []
    if turn.recovered:
        lines += [faint("(A turn that had been cut off was finished first.)"), ""]
    if answer and turn.answer:
        lines += safe(turn.answer).split("\n")
    lines += source_lines(turn.citations) + call_lines(turn.calls)
    if turn.pending:
        lines += ["", bold("Waiting for your decision:")]
        for one in turn.pending:
            lines += ["", *indented(action_lines(one), "  ")]
        lines += ["", *how_to_decide(turn.thread_id, turn.pending, as_name=as_name)]
    return lines if lines[:1] != [""] else lines[1:]


def source_lines(citations: Sequence[Citation]) -> list[str]:
    if not citations:
        return []
    return ["", bold("Sources"), *(f"  {_source(one)}" for one in citations)]


def _source(one: Citation) -> str:
    where = f"{one['title']}. {one['source']}" if one["title"] else one["source"]
    date = f", {one['effective_date']}" if one["effective_date"] else ""
    return safe(f"[{one['mark']}] {where}{date}")


def call_lines(calls: Sequence[Mapping[str, Any]]) -> list[str]:
    """Calls that have ended; what waits is shown with its question, what a dry run spared in full."""
    ended = [call for call in calls if call["status"] not in ("proposed", "approved")]
    if not ended:
        return []
    lines = ["", bold("Calls")]
    for call in ended:
        lines.append(f"  {_call(call)}")
        if call["status"] == "refused":
            lines += [f"    {warn(_one_line(one))}" for one in call["verdict"]["warnings"]]
        if call["status"] == "planned":
            shown = {**call["args"], **call.get("preview", {})}
            lines += indented(detail_lines(shown), "    ")
    return lines


def detail_lines(shown: Mapping[str, Any]) -> list[str]:
    """Names and values, those inside a thing behind it on one line."""
    lines: list[str] = []
    for name, found in shown.items():
        value = _flat(found)
        told, title = _readable(value), safe(name.replace("_", " "))
        many = "\n" in told
        lines += (
            [f"{title}:", *indented(quoted(told, indent=6), "  ")]
            if many
            else [f"{title}: {safe(told)}"]
        )
    return lines


def _call(call: Mapping[str, Any]) -> str:
    status = _STATUS.get(call["status"], call["status"])
    shown = warn(status) if call["status"] in ("unknown", "failed") else status
    return f"{safe(call['tool'])}: {shown} {faint(safe(call['call_id']))}"


def _flat(value: Any) -> Any:
    """A thing on one line, without the ids that are for programs; several behind one another."""
    if isinstance(value, list) and value and all(isinstance(one, Mapping) for one in value):
        return "; ".join(str(_flat(one)) for one in value)
    if isinstance(value, Mapping):
        return ", ".join(f"{k}: {_readable(v)}" for k, v in value.items() if v and k != "id")
    return value


def action_lines(one: Pending) -> list[str]:
    """What will be done, and each value with where it came from."""
    lines = [f"{bold(safe(one.tool))}  {safe(one.description)}".rstrip()]
    if one.problem:
        lines += [warn(line) for line in safe(one.problem).split("\n")]
    lines += [warn(f"  ! {_one_line(text)}") for text in one.warnings]
    told = {**one.args, **_worked_out(one)}
    width = max((len(name) for name in told), default=0)
    for name, value in told.items():
        origin = one.provenance.get(name)
        lines += _value_lines(name, _readable(value), width, outside=_is_outside(origin))
        lines.append(f"  {'':<{width}}  {_origin(origin)}")
    more = {name: value for name, value in one.preview.items() if name not in told}
    return lines + indented(detail_lines(more), "  ")


def _worked_out(one: Pending) -> dict[str, Any]:
    """What the preview says beside the arguments, with where it came from."""
    beside = {name: v for name, v in one.preview.items() if name not in one.args}
    return {name: v for name, v in beside.items() if name in one.provenance}


def _value_lines(name: str, text: str, width: int, *, outside: bool) -> list[str]:
    """A value beside its name; where others may have written it, each line behind a mark."""
    if outside:
        return [f"  {safe(name)}", *indented(quoted(text, indent=4), "    ")]
    first, *rest = safe(text).split("\n")
    return [f"  {safe(name):<{width}}  {first}", *(f"  {'':<{width}}  {line}" for line in rest)]


def _is_outside(origin: Mapping[str, str] | None) -> bool:
    return origin is None or "outside" in (origin.get("provenance"), origin.get("inherits"))


def _one_line(text: str) -> str:
    return safe(text).replace("\n", " ")


def _readable(value: Any) -> str:
    """A time as a person says it, with its offset; anything else as `value_text`."""
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        offset = value[-6:] if value[-6:-5] in "+-" else "UTC"
        return f"{tell_day(value, 'en')} {value[:4]}, {tell_clock(value)} ({offset})"
    return value_text(value)


def value_text(value: Any) -> str:
    """A value as a person would write it."""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    return json.dumps(value, ensure_ascii=False)


def _origin(origin: Mapping[str, str] | None) -> str:
    text = safe(f"from {origin_text(origin)}")
    return warn(text) if "check it" in text else faint(text)


def origin_text(origin: Mapping[str, str] | None) -> str:
    """Where a value came from, in words; outside text is flagged."""
    if not origin:
        return "an unknown place: check it"
    source = origin.get("source", "")
    return {
        "user": source or "your words",
        "system": f"ZANTARA ({source})" if source else "ZANTARA",
        "own": f"your own data ({source})",
        "outside": f"OUTSIDE ({source}): somebody else wrote it, check it",
        "derived": f"the model{_inherited(origin.get('inherits', ''))}",
    }.get(origin["provenance"], f"{origin['provenance']} ({source})")


def _inherited(inherits: str) -> str:
    return {
        "outside": ", after reading text from OUTSIDE: check it",
        "own": ", after reading your own data",
    }.get(inherits, ", after your words")


def how_to_decide(thread_id: str, pending: Sequence[Pending], *, as_name: str = "") -> list[str]:
    """The exact commands that approve, all at once or one by one."""
    base = f"zantara approve {shlex.quote(thread_id)}"
    tail = f" --as {shlex.quote(as_name)}" if as_name else ""
    lines = ["To approve:", f"  {base} --approve{tail}"]
    if len(pending) > 1:
        lines += ["Or one by one:"]
        lines += [f"  {base} --call {one.call_id} --approve{tail}" for one in pending]
    return [*lines, faint('Else: --reject ["reason"], --edit JSON, --respond "text"')]

"""The prompt as the model reads it: the turn's block, the passages, results so far, earlier words."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

__all__ = ["Passage", "Prompt", "Result", "read"]

_BLOCK = re.compile(r"<turn>\n(.*?)</turn>\s*", re.DOTALL)
_MATERIAL = re.compile(r"<material>\n(.*?)\n</material>\s*", re.DOTALL)
_FIELD = re.compile(r"^(now|timezone|language|user): (.*)$", re.MULTILINE)
_HEAD = re.compile(
    r"^\[(\d+)\] id: (.*?) \| domain: (.*?) \| title: (.*?) \| source: (.*?) \| date: (.*)$"
)


@dataclass(frozen=True, slots=True)
class Passage:
    """One numbered passage of the prompt."""

    number: int
    domain: str
    title: str
    source: str
    date: str
    text: str


@dataclass(frozen=True, slots=True)
class Result:
    """A call of this turn and what came of it."""

    tool: str
    args: dict[str, Any]
    data: Any
    ok: bool


@dataclass(frozen=True, slots=True)
class Prompt:
    """Everything that the answer may rest on."""

    question: str
    language: str
    now: datetime
    user: str
    passages: tuple[Passage, ...]
    results: tuple[Result, ...]
    before: str
    asked_back: bool
    correction: str
    earlier: tuple[tuple[str, dict[str, Any]], ...] = ()
    user_mail: str = ""
    material: str = ""


def read(messages: Sequence[BaseMessage]) -> Prompt:
    """Read a prompt; what is not there has a default, so that any message list can be read."""
    start = _start(messages)
    opening = messages[start].text if start >= 0 else ""
    block = _BLOCK.match(opening)
    fields = dict(_FIELD.findall(block[1].split("<knowledge>")[0])) if block else {}
    passages = _passages(block[1]) if block else ()
    history = messages[: max(start, 0)]
    said = [m.text for m in history if isinstance(m, HumanMessage)]
    answers = [m for m in history if isinstance(m, AIMessage)]
    rest = messages[start + 1 :]
    corrections = [m.text for m in rest if isinstance(m, HumanMessage)]
    words = opening[block.end() :].strip() if block else str(opening).strip()
    material = _MATERIAL.match(words)
    return Prompt(
        question=words[material.end() :] if material else words,
        language=fields.get("language", "en"),
        now=_now(fields),
        user=fields.get("user", "").split("<")[0].strip(),
        passages=passages,
        results=_results(rest),
        before=_BLOCK.sub("", str(said[-1])).strip() if said else "",
        asked_back=bool(answers) and answers[-1].text.rstrip().endswith("?"),
        correction=str(corrections[-1]) if corrections else "",
        earlier=tuple((c["name"], c["args"]) for m in answers for c in m.tool_calls),
        material=material[1] if material else "",
        user_mail=fields.get("user", "").partition("<")[2].partition(">")[0],
    )


def _start(messages: Sequence[BaseMessage]) -> int:
    """The message that opened the turn: the last human one with a block, else the last human one."""
    humans = [i for i, m in enumerate(messages) if isinstance(m, HumanMessage)]
    blocks = [i for i in humans if messages[i].text.startswith("<turn>")]
    return (blocks or humans or [-1])[-1]


def _now(fields: dict[str, str]) -> datetime:
    zone = ZoneInfo(fields.get("timezone", "Asia/Makassar"))
    stamp = fields.get("now", "").split(" ")[0]
    return datetime.fromisoformat(stamp).astimezone(zone) if stamp else datetime.now(zone)


def _passages(block: str) -> tuple[Passage, ...]:
    found: list[Passage] = []
    text: list[str] = []
    head: re.Match[str] | None = None
    body = block.partition("<knowledge>\n")[2].partition("</knowledge>")[0]
    for line in [*body.splitlines(), None]:
        new = _HEAD.match(line) if line is not None else None
        if (new or line is None) and head:
            found.append(Passage(int(head[1]), head[3], head[4], head[5], head[6], "\n".join(text)))
        if new:
            head, text = new, []
        elif line:
            text.append(line)
    return tuple(found)


def _results(rest: Sequence[BaseMessage]) -> tuple[Result, ...]:
    answers = {m.tool_call_id: m for m in rest if isinstance(m, ToolMessage)}
    return tuple(
        one
        for message in rest
        if isinstance(message, AIMessage)
        for call in message.tool_calls
        if str(call["id"]) in answers
        for one in _each(call["name"], call["args"], answers[str(call["id"])])
    )


def _each(tool: str, args: dict[str, Any], answer: ToolMessage) -> list[Result]:
    """One result; of a delegated task one for each call that was made for it."""
    data, ok = _json(answer.text), answer.status == "success"
    inner = data.get("results") if isinstance(data, dict) and "task" in args else None
    if not inner:
        return [Result(tool, args, data, ok)]
    named = {"query": args["task"]}
    return [
        Result(name.rstrip("_0123456789"), named, one, "error" not in one)
        for name, one in inner.items()
    ]


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return {"text": text}

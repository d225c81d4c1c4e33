"""Evaluation files: one JSON object a line, checked before anything runs."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

__all__ = [
    "ActionRow",
    "BadFileError",
    "ExpectedCall",
    "QaRow",
    "choose",
    "read_actions",
    "read_qa",
]

LANGUAGES = ("en", "id", "it")
INTENTS = ("knowledge", "pricing", "refuse")
KINDS = ("action", "clarify", "lookalike")


class BadFileError(ValueError):
    """The evaluation file cannot be used; the text names the line, the field and what is accepted."""


@dataclass(frozen=True, slots=True)
class QaRow:
    """One question with the sources and figures of a right answer."""

    id: str
    question: str
    language: str
    intent: Literal["knowledge", "pricing", "refuse"]
    paraphrased: bool
    gold_ids: tuple[str, ...]
    must_contain: tuple[str, ...]
    must_not_contain: tuple[str, ...]
    note: str

    @property
    def quote_only(self) -> bool:
        """The price list names no price: the user is to be referred to the team."""
        return "quote_only" in self.note


@dataclass(frozen=True, slots=True)
class ExpectedCall:
    """`tool` in the files' form (`calendar.list`); `args` only what the user's words fix."""

    tool: str
    args: Mapping[str, Any]
    optional: bool
    depends_on: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One request with the calls that serve it."""

    id: str
    stratum: str
    kind: Literal["action", "clarify", "lookalike"]
    turns: tuple[str, ...]
    language: str
    now: datetime
    expected_calls: tuple[ExpectedCall, ...]
    note: str


R = TypeVar("R", QaRow, ActionRow)


def read_qa(path: Path) -> list[QaRow]:
    """The questions of a file. Raises BadFileError."""
    return _read(path, _qa_row)


def read_actions(path: Path) -> list[ActionRow]:
    """The requests of a file. Raises BadFileError."""
    return _read(path, _action_row)


def choose(rows: Sequence[R], *, only: Sequence[str] = (), limit: int | None = None) -> list[R]:
    """The rows with the ids of `only`, at most `limit`. Raises BadFileError for an unknown id."""
    unknown = set(only) - {row.id for row in rows}
    if unknown:
        raise BadFileError(f"only: no row has the id {', '.join(sorted(unknown))}")
    return [row for row in rows if not only or row.id in only][:limit]


class _Fields:
    """Typed reading of one object; every complaint names the line and the field."""

    def __init__(self, given: object, where: str) -> None:
        if not isinstance(given, dict):
            raise BadFileError(f"{where}: {_short(given)}; it must be a JSON object")
        self._given, self._where = given, where

    def text(self, name: str, *, accepted: Sequence[str] = (), default: str | None = None) -> str:
        value = self._given.get(name, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.bad(name, "it must be a text")
        if accepted and value not in accepted:
            raise self.bad(name, f"accepted: {', '.join(accepted)}")
        return value

    def flag(self, name: str, *, default: bool | None = None) -> bool:
        value = self._given.get(name, default)
        if not isinstance(value, bool):
            raise self.bad(name, "it must be true or false")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(cast("str", one) for one in self.many(name, str, "texts"))

    def many(self, name: str, kind: type, called: str, *, needed: bool = True) -> list[object]:
        value = self._given.get(name, None if needed else [])
        if not isinstance(value, list) or not all(type(one) is kind for one in value):
            raise self.bad(name, f"it must be a list of {called}")
        return value

    def mapping(self, name: str) -> dict[str, Any]:
        value = self._given.get(name)
        if not isinstance(value, dict):
            raise self.bad(name, "it must be a JSON object")
        return value

    def instant(self, name: str) -> datetime:
        try:
            value = datetime.fromisoformat(self.text(name))
        except ValueError as error:
            raise self.bad(name, "it must be a time such as 2026-03-10T09:00:00+08:00") from error
        if value.tzinfo is None:
            raise self.bad(name, "it must name its offset, such as +08:00")
        return value

    def bad(self, name: str, accepted: str) -> BadFileError:
        value = _short(self._given[name]) if name in self._given else "missing"
        return BadFileError(f"{self._where}: field {name!r} is {value}; {accepted}")


def _qa_row(fields: _Fields) -> QaRow:
    row = QaRow(
        id=fields.text("id"),
        question=fields.text("question"),
        language=fields.text("language", accepted=LANGUAGES),
        intent=cast("Any", fields.text("intent", accepted=INTENTS)),
        paraphrased=fields.flag("paraphrased"),
        gold_ids=fields.texts("gold_ids"),
        must_contain=fields.texts("must_contain"),
        must_not_contain=fields.texts("must_not_contain"),
        note=fields.text("note", default=""),
    )
    if row.intent != "refuse" and not row.gold_ids:
        raise fields.bad("gold_ids", "a question that can be answered needs at least one")
    return row


def _action_row(fields: _Fields) -> ActionRow:
    expected = fields.many("expected_calls", dict, "JSON objects")
    turns = fields.texts("turns")
    if not turns:
        raise fields.bad("turns", "at least one text is needed")
    return ActionRow(
        id=fields.text("id"),
        stratum=fields.text("stratum"),
        kind=cast("Any", fields.text("kind", accepted=KINDS)),
        turns=turns,
        language=fields.text("language", accepted=LANGUAGES),
        now=fields.instant("now"),
        expected_calls=tuple(_call(fields, one, i) for i, one in enumerate(expected)),
        note=fields.text("note", default=""),
    )


def _call(row: _Fields, given: object, index: int) -> ExpectedCall:
    fields = _Fields(given, f"{row._where}: expected_calls[{index}]")
    tool = fields.text("tool")
    if tool.count(".") != 1:
        raise fields.bad("tool", "it must be family.action, such as calendar.list")
    earlier = [cast("int", i) for i in fields.many("depends_on", int, "numbers", needed=False)]
    if any(not 0 <= i < index for i in earlier):
        raise fields.bad("depends_on", f"indexes of earlier calls: 0 to {index - 1}")
    optional = fields.flag("optional", default=False)
    return ExpectedCall(tool, fields.mapping("args"), optional, tuple(earlier))


def _read(path: Path, make: Callable[[_Fields], R]) -> list[R]:
    try:
        lines = path.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadFileError(f"{path}: cannot be read ({error})") from error
    rows = [make(_Fields(given, where)) for where, given in _objects(path, lines)]
    seen: set[str] = set()
    for row in rows:
        if row.id in seen:
            raise BadFileError(f"{path.name}: field 'id': {row.id!r} stands twice")
        seen.add(row.id)
    if not rows:
        raise BadFileError(f"{path.name}: there is no row in it")
    return rows


def _objects(path: Path, lines: Sequence[str]) -> Iterator[tuple[str, object]]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            where = f"{path.name} line {number}"
            try:
                yield where, json.loads(line)
            except ValueError as error:
                raise BadFileError(f"{where}: not a JSON object ({error})") from error


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."

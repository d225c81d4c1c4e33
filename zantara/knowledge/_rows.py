"""Rows of the knowledge: what is shown, what is only indexed, and how sources merge."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

__all__ = ["Entry", "ExactAnswer", "KnowledgeError", "Passage", "Row", "merge", "read_entries"]

_REQUIRED = ("id", "domain", "title", "text", "language", "source", "effective_date", "source_kind")


class KnowledgeError(Exception):
    """The knowledge cannot be opened or a row is not usable; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One fact with its source. `also` names the corpus rows that it restates."""

    id: str
    domain: str
    title: str
    text: str
    language: str
    source: str
    effective_date: str
    source_kind: str
    also: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Changes when what a reader would see changes."""
        shown = "\0".join((self.title, self.text, self.source, self.effective_date))
        return hashlib.sha256(shown.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Passage:
    """A row found for a question; a higher score is a better match within one result list."""

    row: Row
    score: float
    digest: str


@dataclass(frozen=True, slots=True)
class ExactAnswer:
    """An answer from the tables alone. [1] in the text is row_ids[0]."""

    text: str
    kind: Literal["price", "code", "visa"]
    row_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A row with what is indexed or looked up but never shown."""

    row: Row
    facts: Mapping[str, Any] = field(default_factory=dict)
    terms: Mapping[str, str] = field(default_factory=dict)
    # Text of the restated rows: it helps to find the row and is not shown.
    restated: str = ""

    @property
    def kind(self) -> str:
        """Which table the row belongs to; "" for running text."""
        if "amounts" in self.facts:
            return "price"
        if isinstance(self.facts.get("title"), Mapping):
            return "kbli"
        return "visa" if "code" in self.facts else ""

    def dump(self) -> str:
        row = {name: getattr(self.row, name) for name in _REQUIRED} | {"also": self.row.also}
        return json.dumps({**row, "facts": self.facts, "terms": self.terms}, ensure_ascii=False)

    @classmethod
    def load(cls, data: Mapping[str, Any], *, where: str = "index") -> "Entry":
        for name in _REQUIRED:
            if not isinstance(data.get(name), str):
                found = data.get(name)
                raise KnowledgeError(f"{where}: field {name!r} is {found!r}; it must be a text")
        row = Row(**{name: data[name] for name in _REQUIRED}, also=tuple(data.get("also", ())))
        return cls(row=row, facts=data.get("facts") or {}, terms=data.get("terms") or {})


def read_entries(path: Path) -> Iterator[Entry]:
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            where = f"{path.name} line {number}"
            try:
                data = json.loads(line)
            except ValueError as error:
                raise KnowledgeError(f"{where}: not a JSON object ({error})") from error
            if not isinstance(data, dict):
                raise KnowledgeError(f"{where}: {type(data).__name__}; it must be a JSON object")
            yield Entry.load(data, where=where)


def merge(pack: Sequence[Entry], further: Iterable[Entry]) -> list[Entry]:
    """The pack's rows win: a row that one of them restates lends it its words and is not doubled.

    Of several pack rows that restate the same row, the one that names it first owns it.
    """
    owners = owners_of(pack)
    words: dict[str, list[str]] = {}
    seen = {entry.row.id for entry in pack}
    rest = []
    for entry in further:
        if entry.row.id in owners:
            text = f"{entry.row.title}\n{entry.row.text}"
            words.setdefault(owners[entry.row.id], []).append(text)
        elif entry.row.id not in seen:
            seen.add(entry.row.id)
            rest.append(entry)
    merged = [
        Entry(e.row, e.facts, e.terms, restated="\n".join(words.get(e.row.id, ()))) for e in pack
    ]
    return merged + rest


def owners_of(pack: Iterable[Entry]) -> dict[str, str]:
    owners: dict[str, tuple[int, str]] = {}
    for entry in pack:
        for position, other in enumerate(entry.row.also):
            if other not in owners or position < owners[other][0]:
                owners[other] = (position, entry.row.id)
    return {other: row_id for other, (_, row_id) in owners.items()}

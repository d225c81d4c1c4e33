"""Which domains a question touches, and the passages that a turn's prompt gets."""

from collections.abc import Callable, Collection
from typing import Any

from zantara.knowledge._rows import Passage
from zantara.knowledge._text import data, tokens

__all__ = ["asks_for_codes", "recall", "touched"]

_Find = Callable[[str, int, Collection[tuple[str, Collection[str]]]], list[Passage]]


def recall(question: str, limit: int, find: _Find) -> list[Passage]:
    """The plain search comes first; what a touched domain lacks in it takes the last places."""
    passages = find(question, limit, ())
    needed: list[Passage] = []
    for domain in touched(question):
        fitting = _for_domain(question, domain, find)
        wanted = [p for p in fitting if p.row.id not in {q.row.id for q in needed}]
        needed += wanted[: domain["rows"]]
    have = {passage.row.id for passage in passages}
    missing = [passage for passage in needed if passage.row.id not in have]
    kept = _make_room(passages, needed, limit - len(missing))
    return (kept + missing)[:limit]


def _make_room(passages: list[Passage], needed: list[Passage], places: int) -> list[Passage]:
    """The weakest passages that no domain needs go first."""
    wanted = {passage.row.id for passage in needed}
    surplus = len(passages) - max(places, 0)
    droppable = [p.row.id for p in reversed(passages) if p.row.id not in wanted][: max(surplus, 0)]
    return [passage for passage in passages if passage.row.id not in droppable]


def touched(question: str) -> list[dict[str, Any]]:
    """The entries of domains.toml whose words the question has, in the file's order."""
    line = f" {' '.join(tokens(question))} "
    return [
        domain
        for domain in data("domains.toml")["domain"]
        if all(any(f" {phrase} " in line for phrase in group) for group in _groups(domain))
    ]


def asks_for_codes(question: str) -> bool:
    return any("kbli" in domain["values"] for domain in touched(question))


def _groups(domain: dict[str, Any]) -> list[list[str]]:
    return [[" ".join(tokens(phrase)) for phrase in group] for group in domain["when"]]


def _for_domain(question: str, domain: dict[str, Any], find: _Find) -> list[Passage]:
    """Words that led to the domain find nothing inside it, so they may be left out there."""
    silent = {word for phrase in domain.get("without", ()) for word in tokens(phrase)}
    words = [word for word in tokens(question) if word not in silent]
    query = " ".join(words + tokens(domain.get("add", "")))
    return find(query, domain["rows"] + 2, [(domain["by"], domain["values"])])

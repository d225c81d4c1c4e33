"""Parts of a clause that are read the same way whoever asks for them."""

import re

from zantara.language._clause import Clause
from zantara.language._lexicon import Token, fold, tag

__all__ = [
    "cells",
    "folder_name",
    "kind_of_place",
    "location",
    "named_place",
    "sheet_name",
    "travel_mode",
    "whom",
    "with_other_name",
]

_MODES = ("walking", "bicycling", "transit", "driving")


def whom(clause: Clause) -> str:
    """The person with whom: "my next meeting with Sofia"."""
    for at, one in enumerate(clause.tokens[:-1]):
        if one.has("person_of") and not one.has("near.weak") and clause.tokens[at + 1].proper:
            return clause.names[0] if clause.names else ""
    return ""


def location(clause: Clause) -> str:
    """Where something is or takes place."""
    begin, stop = clause.place
    return clause.phrase(begin + 1, stop)


def kind_of_place(clause: Clause) -> str:
    """What is looked for somewhere: the words without the verb and the location."""
    named = clause.joined(clause.bare(without=clause.place, drop=("nearest", "o.route")))
    return re.split(r"\s*[,;]\s*", named)[0]


def named_place(clause: Clause) -> str:
    """A place by its name, with the noun before it."""
    if clause.quoted:
        return clause.quoted
    at, stop = clause.title
    begin = at - 1 if at and clause.tokens[at - 1].has("o.place") else at
    return clause.phrase(begin, stop) if stop else ""


def travel_mode(clause: Clause) -> str | None:
    return next((one for one in _MODES if f"mode_{one}" in clause.features), None)


def cells(text: str) -> list[str]:
    """The cells of a row: what is listed."""
    return [cell.strip(" '\"") for cell in re.split(r"\s*[,;|]\s+", text) if cell.strip()]


def folder_name(clause: Clause) -> str:
    """The folder that is named: quoted after its word, else the words behind it."""
    at = next((i for i, t in enumerate(clause.tokens) if t.has("folder.kind")), None)
    if at is None:
        return ""
    after = next((t for t in clause.tokens[at + 1 :] if t.has("quoted")), None)
    if after is not None:
        return after.text[1:-1].strip()
    before = [run for run in clause.runs if run[1] == at]  # "the Marketing folder"
    if before:
        return clause.phrase(*before[0])
    begin = at + 1
    while begin < len(clause.tokens) and clause.tokens[begin].has("small", "article"):
        begin += 1
    ends = ("near.weak", "person_of", "polite", "time", "about", "o.drive")
    return clause.phrase(begin, clause.until(begin, *ends))


def sheet_name(clause: Clause) -> str:
    """What follows the word for a sheet, else a name."""
    at = next((i for i, t in enumerate(clause.tokens) if t.has("o.sheet")), None)
    named = clause.names[0] if clause.names else ""
    if at is None:
        return named
    stop = clause.until(at + 1, "near.weak", "o.row", "o.cell", "range", "small", "a.append")
    return re.split(r"[:,]", clause.phrase(at + 1, stop))[0].strip() or named


def with_other_name(old: str, other: str, language: str) -> str:
    """`old` with its name replaced: what follows "with", else its last capitalised words."""
    tokens: list[Token] = tag(old, language, whole=[])
    joins = [i for i, t in enumerate(tokens[:-1]) if t.has("person_of")]
    if joins:
        return f"{old[: tokens[joins[-1] + 1].begin]}{other}"
    named = list(re.finditer(r"[A-ZÀ-Ù][\w'-]*(?:\s+[A-ZÀ-Ù][\w'-]*)*", old))
    if named and named[-1].start() > 0:
        return f"{old[: named[-1].start()]}{other}{old[named[-1].end() :]}"
    return other


def beside(clause: Clause, name: str) -> str:
    """The words beside a service's name: "the Slack channel general", "spazio Vendite"."""
    if clause.quoted:
        return clause.quoted
    drop = ("channel.kind", "o.note", "o.mail", "says", "small", "article", "near.weak")
    kept = clause.bare(drop=drop)
    kept = [
        t for t in kept if not t.has(name, "channel.kind") and not t.action and t.text[0].isalnum()
    ]
    return clause.joined(kept[:3])


def route_end(clause: Clause, end: int) -> str:
    """An end of a route; "there" is no place."""
    named = clause.route[end]
    vague = {fold(one.text) for one in clause.of("deictic")}
    return "" if not set(fold(named).split()) - set(" ".join(vague).split()) else named

"""Whether the user asked for an action at all: its words are data, in all three languages at once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from zantara.gate.kinds import Effect
from zantara.gate.wording import Spoken, goes_on, spoken_text
from zantara.language import fold

__all__ = [
    "Superlative",
    "asked_for",
    "asking_clauses",
    "is_composed",
    "reaching",
    "superlatives",
    "word_list",
]

_FEW = 6
_ACTS = (Effect.CREATE, Effect.CHANGE, Effect.DELETE, Effect.SEND)
_JOINTS = (",", "and", "e", "ed", "dan", "serta")
_CLAUSES = re.compile(
    r"([.;!?:\n]+(?:\s|\Z)|,\s|\b(?:then|but|and|e|ed|poi|ma|pero|lalu|terus|trus|tapi|dan|serta)\b)",
    re.IGNORECASE,
)
_DATA = Path(__file__).with_name("requests.yaml")
_OF_EFFECT = {Effect.INVITE: ("create", "change", "send")}
_CLAUSE_END = re.compile(r"[.;:!?,\n]+(?=\s|$)")


@dataclass(frozen=True, slots=True)
class Superlative:
    """ "the largest", say: of a list the thing with the most, or the least, of one of these fields."""

    most: bool
    fields: tuple[str, ...]


def asked_for(effect: Effect, request: Sequence[Spoken]) -> str:
    """The user's word for such an action; empty where they asked for none, or asked not to."""
    for spoken in request:
        text = _form(spoken.own)
        for found in _pattern(effect).finditer(text):
            if not _negated(text[: found.start()]) and not _only_asked(text, found):
                return found.group().strip()
    return ""


def asking_clauses(effects: Sequence[Effect], request: Sequence[Spoken]) -> list[Spoken]:
    """The clauses in which the user asks for one of the effects: what is spoken of beside them is not
    what they ask it for. "It" speaks of what came before.
    """
    found: list[Spoken] = []
    for spoken in request:
        parts = _CLAUSES.split(spoken.own)  # clause, joint, clause, ...
        active, begin, end = False, -1, 0
        for number in range(0, len(parts), 2):
            clause = parts[number]
            joined = number > 0 and fold(parts[number - 1].strip()) in _JOINTS
            said = [spoken_text(clause)]
            asks = any(asked_for(effect, said) for effect in effects)
            other = not asks and any(asked_for(effect, said) for effect in _ACTS)
            active = asks or (active and joined and not other)
            if active:
                begin = number if begin < 0 else begin
                end = number
                if number and goes_on(clause):
                    found.append(spoken_text("".join(parts[:number])))
            if begin >= 0 and (not active or number + 2 > len(parts) - 1):
                found.append(spoken_text("".join(parts[begin : end + 1])))
                begin = -1
    return found


def is_composed(text: str, request: Sequence[Spoken], *, me: str = "") -> bool:
    """Whether a text says what the user dictated and nothing else but a greeting and a close.

    Each of its sentences is a run of the user's words, or made of courtesies and words that they said.
    me: the name that they sign with.
    """
    said = {word for one in request for word in _words(one.own)} | set(_words(me))
    parts = [part for part in re.split(r"[\n!?]+|\.(?=\s|$)", text) if part.strip()]
    dictated = [any(one.dictates(part.strip(" ,;:-")) for one in request) for part in parts]
    return any(dictated) and all(
        known or _is_courtesy(part, said) for part, known in zip(parts, dictated, strict=True)
    )


def _is_courtesy(part: str, said: set[str]) -> bool:
    """Few words, one of them a courtesy or all of them the user's, and no figure among them."""
    words = _words(part)
    polite = word_list("courtesy")
    return (
        len(words) <= _FEW and not any(map(str.isdigit, part)) and (polite | said).issuperset(words)
    )


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))


def superlatives(request: Sequence[Spoken]) -> list[Superlative]:
    """How the user points at one thing of a list."""
    text = " | ".join(_form(spoken.own) for spoken in request)
    return [kind for words, kind in _superlatives() if words.search(text)]


def _form(text: str) -> str:
    """Folded words, a bar where a clause ends."""
    marked = _CLAUSE_END.sub(
        lambda end: " | ? | " if "?" in end.group() else " | ", fold(text).replace("|", " ")
    )
    return " ".join(re.findall(r"\w+|\||\?(?= \|)", marked))


def _only_asked(text: str, found: re.Match[str]) -> bool:
    """A question about an action asks for none, unless it is put to the assistant."""
    begin, end = text.rfind("|", 0, found.start()) + 1, text.find("|", found.end())
    clause = text[begin : end if end >= 0 else len(text)]
    return text[end + 1 : end + 3] == " ?" and not _data_pattern("put_to_you").search(clause)


@cache
def _data_pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{_data()[name]})\b")


def _negated(before: str) -> bool:
    clause = before.rpartition("|")[2]
    return bool(_data_pattern("negations").search(" ".join(clause.split()[-3:])))


@cache
def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(_DATA.read_text("utf-8"))
    return loaded


@cache
def reaching(name: str) -> frozenset[str]:
    """`before`, `from`, `between`, `guests`: words by which users say who is to be reached."""
    return frozenset(fold(word) for word in _data()["reaching"][name].split())


@cache
def word_list(name: str) -> frozenset[str]:
    """`small`: words that name nothing; `common`: kinds of things, which name none by themselves;
    `courtesy`: what begins and ends a letter.
    """
    return frozenset(_data()[name].split())


@cache
def _pattern(effect: Effect) -> re.Pattern[str]:
    names = _OF_EFFECT.get(effect, (str(effect),))
    rows = [row for name in names for words in _data().get(name, {}).values() for row in words]
    return re.compile("|".join(rf"\b(?:{row})\b" for row in rows) or r"(?!)")


@cache
def _superlatives() -> list[tuple[re.Pattern[str], Superlative]]:
    return [
        (
            re.compile(rf"\b(?:{one['words']})\b"),
            Superlative("most" in one, tuple(one.get("most") or one["least"])),
        )
        for one in _data()["superlatives"]
    ]

"""Tokens, and the phrase tables read from the language files."""

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "id", "it")
_FOLDER = Path(__file__).parent / "data"
_TOKEN = re.compile(r"\d+|[^\W\d_]+['’]?|[^\w\s]|_")


@dataclass(slots=True)
class Token:
    """`tags` is what the tables say of it: category -> value."""

    text: str
    begin: int
    stop: int
    tags: dict[str, Any] = field(default_factory=dict)
    common: bool = False

    @property
    def number(self) -> int | None:
        value = self.tags.get("number")
        return value if isinstance(value, int) else None


@cache
def data(language: str) -> dict[str, Any]:
    with (_FOLDER / f"{language}.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def slang() -> dict[str, str]:
    """Short forms of chats and what they stand for."""
    with (_FOLDER / "slang.toml").open("rb") as file:
        return dict(tomllib.load(file)["words"])


def tokens(text: str) -> list[Token]:
    found = []
    for match in _TOKEN.finditer(text):
        word = match.group().casefold().replace("’", "'")
        word = slang().get(word, word)
        found.append(Token(word, match.start(), match.end()))
    return found


def words(phrase: str) -> tuple[str, ...]:
    return tuple(token.text for token in tokens(phrase))


def _entries(language: str) -> list[tuple[str, str, Any]]:
    """(phrase, category, value) of one language's times and numbers."""
    found: list[tuple[str, str, Any]] = []
    for category, table in data(language)["times"].items():
        if not isinstance(table, dict):
            continue
        for key, phrases in table.items():
            name, value = (key, True) if category == "mark" else (category, key)
            found += [(phrase, name, value) for phrase in phrases]
    found += [(word, "number", value) for word, value in data(language)["numbers"].items()]
    return found


def _strong(phrase: str, category: str, language: str) -> bool:
    """Whether another language's phrase may be read inside a text of `language`.

    People mix languages; long names of days and months cannot be anything else.
    """
    kinds = ("weekday", "month", "day", "day_part", "unit", "part", "mod")
    alien = phrase not in data(language)["detect"]["words"]
    return category in kinds and len(phrase) >= 4 and alien


@cache
def phrase_table(language: str) -> dict[tuple[str, ...], dict[str, Any]]:
    """Phrase -> tags, the language's own first, strong ones of the others beside."""
    table: dict[tuple[str, ...], dict[str, Any]] = {}
    for phrase, category, value in _entries(language):
        table.setdefault(words(phrase), {}).setdefault(category, value)
    for other in LANGUAGES:
        if other == language:
            continue
        for phrase, category, value in _entries(other):
            if _strong(phrase, category, language) and words(phrase) not in table:
                table[words(phrase)] = {category: value}
    return table


@cache
def _common(language: str) -> frozenset[str]:
    return frozenset(data(language)["detect"]["words"])


@cache
def _longest(language: str) -> int:
    return max(len(phrase) for phrase in phrase_table(language))


def tag(found: list[Token], language: str) -> list[Token]:
    """Tokens with their tags, phrases of several words merged into one token."""
    table, merged, at = phrase_table(language), [], 0
    texts = tuple(token.text for token in found)
    while at < len(found):
        size = next((n for n in range(_longest(language), 0, -1) if texts[at : at + n] in table), 1)
        group = found[at : at + size]
        tags = dict(table.get(texts[at : at + size], {}))
        if size == 1 and not tags:
            tags = dict(table.get((texts[at].rstrip("'"),), {}))
        if size == 1 and texts[at].isdecimal() and len(texts[at]) < 9:
            tags["number"] = int(texts[at])
        if tags.get("mod") == "next" and data(language)["times"]["next_weekday"] == "week":
            tags["next_week"] = True
        common = size == 1 and texts[at] in _common(language)
        name = " ".join(t.text for t in group)
        merged.append(Token(name, group[0].begin, group[-1].stop, tags, common))
        at += size
    return merged

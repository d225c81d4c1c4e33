"""Frames, cues and glossaries of each language, from data files."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from zantara.language import LANGUAGES, folded_words

__all__ = ["phrase", "says", "table"]

_DATA = Path(__file__).with_name("data")


@cache
def table(language: str) -> dict[str, Any]:
    """The data file of a language."""
    return tomllib.loads((_DATA / f"{language}.toml").read_text("utf-8"))


@cache
def _groups(name: str) -> tuple[str, ...]:
    listed = (one for language in LANGUAGES for one in table(language)["words"][name])
    return tuple(" ".join(folded_words(one)) for one in listed)


def says(text: str, group: str) -> bool:
    """Whether the text holds a word or phrase of a group, in any language."""
    line = f" {' '.join(folded_words(text))} "
    return any(f" {one} " in line for one in _groups(group))


def phrase(frame: str, language: str, **values: object) -> str:
    """A sentence frame in a language."""
    return str(table(language)["frames"][frame]).format(**values)

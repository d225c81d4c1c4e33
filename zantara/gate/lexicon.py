"""The words by which users ask, deny and point: data, in three languages at once (`requests.yaml`)."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from zantara.language import fold

__all__ = ["lexicon", "pattern", "reaching", "word_list"]

_DATA = Path(__file__).with_name("requests.yaml")


@cache
def lexicon() -> dict[str, Any]:
    """The whole file."""
    loaded: dict[str, Any] = yaml.safe_load(_DATA.read_text("utf-8"))
    return loaded


@cache
def pattern(name: str) -> re.Pattern[str]:
    """The words of an entry that is one pattern; its case does not count."""
    return re.compile(rf"\b(?:{lexicon()[name]})\b", re.IGNORECASE)


@cache
def reaching(name: str) -> frozenset[str]:
    """`before`, `from`, `between`, `guests`: words by which users say who is to be reached."""
    return frozenset(fold(word) for word in lexicon()["reaching"][name].split())


@cache
def word_list(name: str) -> frozenset[str]:
    """`small`: words that name nothing; `common`: kinds of things, which name none by themselves;
    `courtesy`: what begins and ends a letter.
    """
    return frozenset(lexicon()[name].split())

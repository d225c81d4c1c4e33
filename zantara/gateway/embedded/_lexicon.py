"""Frames, cues and glossaries of each language, from data files."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from zantara.language import fold

__all__ = ["phrase", "stem", "table", "words"]

_DATA = Path(__file__).with_name("data")
_WORD = re.compile(r"[^\W_]+(?:[.'@-][^\W_]+)*")


@cache
def table(language: str) -> dict[str, Any]:
    """The data file of a language."""
    return tomllib.loads((_DATA / f"{language}.toml").read_text("utf-8"))


def words(text: str) -> list[str]:
    return _WORD.findall(fold(text))


def stem(word: str) -> str:
    """A crude stem that makes inflected forms of the three languages meet."""
    for prefix in ("meng", "mem", "men", "me", "di", "ber", "per"):
        if word.startswith(prefix) and len(word) - len(prefix) >= 5:
            word = word[len(prefix) :]
            break
    return word[:6] if len(word) > 6 else word.rstrip("s") if len(word) > 4 else word


def phrase(frame: str, language: str, **values: object) -> str:
    """A sentence frame in a language."""
    return str(table(language)["frames"][frame]).format(**values)

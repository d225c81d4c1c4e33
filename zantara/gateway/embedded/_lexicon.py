"""The words of each language, from data files, folded for comparison."""

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["LANGUAGES", "fold", "key", "keys", "phrase", "stem", "table", "words"]

LANGUAGES = ("en", "id", "it")
_DATA = Path(__file__).with_name("data")
_WORD = re.compile(r"[^\W_]+(?:[.'@-][^\W_]+)*")


@cache
def table(language: str) -> dict[str, Any]:
    """The data file of a language."""
    return tomllib.loads((_DATA / f"{language}.toml").read_text("utf-8"))


def fold(text: str) -> str:
    """Lower case, without accents."""
    bare = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return "".join(c for c in bare if not unicodedata.combining(c))


def words(text: str) -> list[str]:
    return _WORD.findall(fold(text))


def stem(word: str) -> str:
    """A crude stem that makes inflected forms of the three languages meet."""
    for prefix in ("meng", "mem", "men", "me", "di", "ber", "per"):
        if word.startswith(prefix) and len(word) - len(prefix) >= 5:
            word = word[len(prefix) :]
            break
    return word[:6] if len(word) > 6 else word.rstrip("s") if len(word) > 4 else word


_CLITIC = re.compile(r"(?:glie(?:lo|la|li|le)|me(?:lo|la)|mi|ti|ci|vi|lo|la|li|le|gli|ne)$")
_SUFFIX = re.compile(r"(?:nya|kan|lah|in|i)$")


@cache
def key(word: str) -> str:
    """One form for the inflections that requests use: "digeser" and "geserin", "spostala" and
    "spostare", "scheduling" and "schedule". Two words with one key are taken for one.
    """
    bare = re.sub(r"'s?$", "", word)
    if len(bare) > 6:
        bare = _CLITIC.sub("", bare)
    if len(bare) > 5:
        bare = re.sub(r"^(?:di|meng|mem|men|nge)(?=[^aeiou]|[aeiou]\w{4})", "", bare)
    if len(bare) > 5:
        bare = _SUFFIX.sub("", bare)
    return bare[:5] if len(bare) > 5 else bare


def keys(text: str) -> list[str]:
    return [key(word) for word in words(text)]


def phrase(frame: str, language: str, **values: object) -> str:
    """A sentence frame in a language."""
    return str(table(language)["frames"][frame]).format(**values)

"""Words and identifiers of a text, folded so that three languages meet."""

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from zantara.language import fold

__all__ = ["data", "fold", "identifiers", "roots", "tokens"]

_TOKEN = re.compile(r"[a-z0-9]+")
_VISA = re.compile(r"\b([a-f]\d{1,3}[a-z]?)(?:\s?(?:/|&|and|e|dan)\s?([a-f]?\d{0,3}[a-z]))?\b")
_KBLI = re.compile(r"(?<![\d.,])\d{5}(?![\d.,]\d|\d)")
_TAX = re.compile(r"\b(pph|ppn)[\s-]?(\d{1,2})\b")
_LAW = re.compile(
    r"\b(undang[\s-]undang|peraturan pemerintah|uu|pp|perppu|perpres|permen\w*|pmk|law|legge)\b"
    r"(?: republik indonesia)?[\s.,]*(?:no|nomor|number|n|numero)?[\s.:°]*"
    r"(\d{1,3})[a-z/.-]*?\s*(?:/|tahun|of|del|year|-)\s*(\d{4})\b"
)
_LAW_NAMES = {"undang-undang": "uu", "undang undang": "uu", "law": "uu", "legge": "uu"}
_LAW_NAMES["peraturan pemerintah"] = "pp"
_PREFIXES = (
    "memper", "diper", "meng", "meny", "mem", "men", "peng", "pem", "pen", "per", "ber", "ter",
    "me", "di", "ke", "pe", "se",
)  # fmt: skip
_SUFFIXES = ("nya", "kan", "lah", "kah", "an", "i")


@cache
def data(name: str) -> dict[str, Any]:
    """One data file of the package; the result is shared, so nobody changes it."""
    return tomllib.loads(files("zantara.knowledge").joinpath("data", name).read_text("utf-8"))


def tokens(text: str) -> list[str]:
    return _TOKEN.findall(fold(text))


def identifiers(text: str) -> list[str]:
    """Visa codes, activity codes, law numbers and tax articles in one written form each."""
    folded = fold(text)
    found = [name + number for name, number in _TAX.findall(folded)]
    for name, number, year in _LAW.findall(folded):
        found.append(f"{_LAW_NAMES.get(name, name)}-{int(number)}-{year}")
    found += _KBLI.findall(folded)
    for first, second in _VISA.findall(folded):
        found += _visa_codes(first, second)
    return list(dict.fromkeys(found))


def _visa_codes(first: str, second: str) -> list[str]:
    """C7A/B names two codes, C7 A&B is not split: its first half is the family."""
    if not second:
        return [first]
    if len(second) == 1:
        stem = first.rstrip("abcdefghijklmnopqrstuvwxyz")
        return [first, stem + second] if stem != first else [first]
    return [first, second]


def roots(word: str) -> set[str]:
    """Indonesian stems that a word may have; wrong ones match nothing in the index."""
    found = {word}
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 4:
            found.add(word[: -len(suffix)])
    for stem in list(found):
        for prefix in _PREFIXES:
            if stem.startswith(prefix) and len(stem) - len(prefix) >= 4:
                found.add(stem[len(prefix) :])
    return found

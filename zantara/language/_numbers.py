"""Numbers by value, and the canonical form in which two ways to write a value are equal."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache

from zantara.language._words import LANGUAGES, data

_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>.]+")
_URL = re.compile(r"([a-z][a-z0-9+.-]*://[^\s/?#]+)(\S*)", re.IGNORECASE)
_PHONE = re.compile(r"\+?[\d\s().-]{8,22}")
_LONGEST_FIGURE = 60
_DIGIT = re.compile(r"\d")
_WORDS = re.compile(r"\w+")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d\S*")
_CURRENCY = r"(?:rp\.?|idr|usd|us\$|eur|€|\$)"
_ROUND_FIGURES = re.compile(rf"^{_CURRENCY}\s*|\s*{_CURRENCY}$", re.IGNORECASE)
_FIGURE = r"\d+(?:[.,]\d+)*"


@cache
def _scales() -> dict[str, int]:
    return {word: size for name in LANGUAGES for word, size in data(name)["scales"].items()}


@cache
def _pattern() -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, _scales()), key=len, reverse=True))
    return re.compile(rf"(?<![\w.,])({_FIGURE})(?:\s*({names})\b)?(\s*%)?", re.IGNORECASE)


def _value(figure: str) -> Decimal:
    """Groups of three are thousands; otherwise the last sign is the decimal one."""
    signs = re.findall(r"[.,]", figure)
    if re.fullmatch(r"\d{1,3}([.,]\d{3})+", figure) and len(set(signs)) == 1:
        return Decimal(re.sub(r"[.,]", "", figure))
    if len(set(signs)) == 2:
        decimal = signs[-1]
        whole = figure.replace("," if decimal == "." else ".", "")
        figure = whole.replace(decimal, ".", whole.count(decimal) if decimal == "," else -1)
    figure = figure.replace(",", ".")
    return Decimal(figure) if figure.count(".") < 2 else Decimal(figure.replace(".", ""))


def read_numbers(text: str) -> list[Decimal]:
    """Every number written in digits, scale words applied: "20 juta" is 20000000."""
    found = []
    for match in _pattern().finditer(text):
        scale = _scales().get((match.group(2) or "").casefold(), 1)
        found.append(_value(match.group(1)) * scale)
    return found


def _phone(value: str) -> str | None:
    if not _PHONE.fullmatch(value):
        return None
    digits = re.sub(r"\D", "", value)
    if not 8 <= len(digits) <= 15:
        return None
    if value.lstrip(" (").startswith("+"):
        return "+" + digits
    if digits.startswith("00"):
        return "+" + digits[2:]
    return "+62" + digits[1:] if digits.startswith("0") else None


def _instant(value: str) -> str | None:
    try:
        when = datetime.fromisoformat(value)
    except ValueError:
        return None
    return when.astimezone(UTC).isoformat() if when.tzinfo else when.isoformat()


def _number(value: str) -> str | None:
    bare = _ROUND_FIGURES.sub("", value)
    match = _pattern().fullmatch(bare.strip())
    if not match:
        return None
    text = format(read_numbers(bare)[0].normalize(), "f")
    return text + ("%" if match.group(3) else "")


def normalise(value: str) -> str:
    """One form for all ways to write the same value.

    E-mail lower case, link with its host in lower case, phone +digits (a leading 0 is Indonesian),
    instant in UTC, number by value, else the casefolded words.
    """
    value = value.strip()
    if "://" in value and (link := _URL.fullmatch(value)):
        return link.group(1).casefold() + link.group(2)
    if "@" in value and _EMAIL.fullmatch(value):
        return value.casefold()
    short = len(value) <= _LONGEST_FIGURE and _DIGIT.search(value)
    return (_figures(value) if short else None) or " ".join(_WORDS.findall(value.casefold()))


def _figures(value: str) -> str | None:
    """The form of an instant, a phone number or a number; None for words."""
    if _INSTANT.fullmatch(value) and (when := _instant(value)):
        return when
    return _phone(value) or _number(value)

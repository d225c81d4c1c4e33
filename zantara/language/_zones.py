"""A time zone named after an hour: "11am Sydney time", "jam 2 WIB", "alle 10 ora italiana"."""

import re
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from zantara.language._times import TimeSpan

__all__ = ["without_zones", "zoned"]

_FILE = Path(__file__).parent / "data" / "zones.toml"
_ALONE = ("wib", "wita", "wit", "utc", "gmt", "cet")


@cache
def _zones() -> dict[str, str]:
    return dict(tomllib.loads(_FILE.read_text("utf-8"))["words"])


@cache
def _named() -> re.Pattern[str]:
    every, alone = "|".join(map(re.escape, _zones())), "|".join(_ALONE)
    return re.compile(
        rf"\s*\(?(?:({alone})\b|({every}) time\b|(?:waktu|ora(?: di)?|orario(?: di)?) ({every})\b)\)?",
        re.IGNORECASE,
    )


def without_zones(text: str) -> str:
    """The text with the words that name a zone blanked, each character in its place."""
    return _spoken().sub(lambda found: " " * len(found[0]), text)


@cache
def _spoken() -> re.Pattern[str]:
    """Only with a word for "time": a city may be a place."""
    every = "|".join(map(re.escape, _zones()))
    return re.compile(
        rf"(?<=[\dm])\s+(?:(?:{every}) time|(?:waktu|ora(?: di)?|orario(?: di)?) (?:{every}))\b",
        re.IGNORECASE,
    )


def zoned(span: "TimeSpan", text: str) -> "TimeSpan":
    """The span read in the zone that follows it or ends it, told in the zone that it had."""
    shared = next((s for s in _ALONE[:3] if span.text.casefold().endswith(f" {s}")), "")
    found = _named().match(text, span.stop)
    name = shared or next((one for one in (found.groups() if found else ()) if one), "")
    if not span.has_clock or not name:
        return span
    there = ZoneInfo(_zones()[name.casefold()])
    start, end = (
        one.replace(tzinfo=there).astimezone(one.tzinfo) for one in (span.start, span.end)
    )
    stop = span.stop if shared or not found else found.end()
    return replace(span, start=start, end=end, text=text[span.begin : stop], stop=stop)

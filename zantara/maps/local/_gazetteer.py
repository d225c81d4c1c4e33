"""The places of gazetteer.toml, found by name, by kind, and near one another.

A query is read in this order: a name; "X near Y" where Y is a known place; a kind of place, or words
of a name with a kind. What fits none of these is not known, and the answer is empty.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from zantara.maps._sphere import Point, metres
from zantara.maps.local._words import Phrases, Words, words_of

__all__ = ["Gazetteer", "Near", "Place", "gazetteer"]

_LEAST_REACH_M = 3000.0
_AREAS = frozenset({"town", "regency", "island"})


@dataclass(frozen=True, slots=True)
class Place:
    """One place. `names`: every name's words, the main one first; `island`: no road leaves it."""

    id: str
    name: str
    translated: Mapping[str, str]
    names: tuple[Words, ...]
    kind: str
    types: tuple[str, ...]
    at: Point
    area: str
    regency: str
    island: str
    reach_m: float
    far_m: float

    def called(self, language: str) -> tuple[str, str]:
        """(name, its language): the translation where there is one."""
        base = language.split("-", maxsplit=1)[0].lower()
        return (self.translated[base], base) if base in self.translated else (self.name, "en")


@dataclass(frozen=True, slots=True)
class Near:
    """Where to look first: a bias, so what lies a little beyond is found too."""

    at: Point
    radius_m: float


class Gazetteer:
    """Reads queries in English, Indonesian and Italian."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.travel: Mapping[str, Mapping[str, float]] = data["travel"]
        self._kinds: Mapping[str, Mapping[str, Any]] = data["kinds"]
        self._kind_words = Phrases({w: k for k, spec in self._kinds.items() for w in spec["words"]})
        self._near_words = Phrases(dict.fromkeys(data["words"]["near"], "near"))
        self._empty = frozenset(data["words"]["empty"])
        self.places = tuple(self._read(data["places"]))
        self._by_id = {place.id: place for place in self.places}
        self._by_name: dict[Words, list[Place]] = {}
        for place in self.places:
            for name in dict.fromkeys(place.names):
                self._by_name.setdefault(name, []).append(place)

    def _read(self, places: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[Place]:
        for kind, rows in places.items():
            spec = self._kinds[kind]
            for row in rows:
                translated = {lang: row[lang] for lang in ("id", "it") if lang in row}
                names = [row["name"], *translated.values(), *row.get("also", [])]
                yield Place(
                    id="local-" + "-".join(words_of(row["name"])),
                    name=row["name"],
                    translated=translated,
                    names=tuple(words_of(name) for name in names),
                    kind=kind,
                    types=tuple(spec["types"]),
                    at=Point(*row["at"]),
                    area=row.get("in", ""),
                    regency=row.get("regency", ""),
                    island=row.get("island", "Bali"),
                    reach_m=float(row.get("reach_m", spec["reach_m"])),
                    far_m=float(spec.get("far_m", _LEAST_REACH_M)),
                )

    def by_id(self, identity: str) -> Place | None:
        return self._by_id.get(identity)

    def find(self, query: str, near: Near | None = None) -> list[Place]:
        """The places that `query` means, best first."""
        words = words_of(query)
        exact = self._by_name.get(words) or self._by_name.get(self._telling(words))
        if exact:
            return sorted(exact, key=_distance(near))
        for what, where in self._split(words):
            centre = self._one(where)
            if centre:
                return self._named_or_of_kind(what, _around(centre))
        return self._named_or_of_kind(words, near) or self._beside_an_area(words)

    def _one(self, words: Words) -> Place | None:
        """The place that a name means; an area before what lies in it."""
        exact = self._by_name.get(words) or self._by_name.get(self._telling(words))
        if exact:
            return exact[0]
        found = self._named_or_of_kind(words, None, kinds_alone=False)
        return found[0] if found else None

    def _split(self, words: Words) -> Iterator[tuple[Words, Words]]:
        """("dive shop", "padangbai") of "dive shop near padangbai", at each word of nearness."""
        for start in range(1, len(words) - 1):
            here = self._near_words.at(words, start)
            if here and start + here[0] < len(words):
                yield words[:start], words[start + here[0] :]

    def _beside_an_area(self, words: Words) -> list[Place]:
        """ "museums Ubud", "Discovery Mall Kuta": an area with no word of nearness."""
        for cut in range(1, len(words)):
            for what, where in ((words[:cut], words[cut:]), (words[cut:], words[:cut])):
                area = next((p for p in self._by_name.get(where, []) if p.kind in _AREAS), None)
                found = self._named_or_of_kind(what, _around(area)) if area else []
                if found:
                    return found
        return []

    def _named_or_of_kind(
        self, words: Words, near: Near | None, *, kinds_alone: bool = True
    ) -> list[Place]:
        kinds, rest = self._kind_words.take(words)
        telling = self._telling(rest)
        if not telling and not (kinds and kinds_alone):
            return []
        of_kind = [p for p in self.places if not kinds or p.kind in kinds]
        if telling:
            found = [p for p in of_kind if _extra(p, telling) is not None]
            found.sort(key=lambda p: (_extra(p, telling), _distance(near)(p)))
        else:
            found = sorted(of_kind, key=_distance(near))
        return [p for p in found if _within(p, near)]

    def _telling(self, words: Words) -> Words:
        return tuple(word for word in words if word not in self._empty)


def _around(place: Place) -> Near:
    return Near(place.at, place.reach_m)


def _extra(place: Place, wanted: Words) -> int | None:
    """How many words the closest name has beyond the wanted ones; None when it lacks one."""
    sizes = [len(name) - len(wanted) for name in place.names if set(wanted) <= set(name)]
    return min(sizes) if sizes else None


def _distance(near: Near | None) -> Callable[[Place], float]:
    return lambda place: metres(near.at, place.at) if near else 0.0


def _within(place: Place, near: Near | None) -> bool:
    if near is None:
        return True
    return metres(near.at, place.at) <= max(near.radius_m, place.far_m) + place.reach_m / 2


@cache
def gazetteer() -> Gazetteer:
    """Reads a file: call it off the event loop the first time."""
    text = files(__package__).joinpath("gazetteer.toml").read_text("utf-8")
    return Gazetteer(tomllib.loads(text))

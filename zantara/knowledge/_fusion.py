"""Two ranked lists into one."""

from collections.abc import Callable, Sequence
from datetime import date

from zantara.knowledge._rows import Row

__all__ = ["fuse"]

_Ranked = Sequence[tuple[int, float]]
# Reciprocal ranks: a smaller constant trusts the heads of the lists more.
_CONSTANT = 20
_WORDS, _MEANING = 1.0, 1.0
# A tie is what newness and office may decide, never a clear difference.
_OFFICE = {"official": 2, "company_price_list": 2, "company_guide": 1}
_NUDGE = 0.0005
_SPARE = 4


def fuse(
    words: _Ranked, meaning: _Ranked, row_at: Callable[[int], Row], *, limit: int
) -> list[tuple[Row, float]]:
    """Only rows that may be among the first are read from disk."""
    if meaning:
        scores: dict[int, float] = {}
        for ranked, weight in ((words, _WORDS), (meaning, _MEANING)):
            for rank, (place, _) in enumerate(ranked, 1):
                scores[place] = scores.get(place, 0.0) + weight / (_CONSTANT + rank)
    else:
        top = max((score for _, score in words), default=1.0) or 1.0
        scores = {place: score / top for place, score in words}
    head = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[: limit + _SPARE]
    rows = [(row_at(place), score) for place, score in head]
    found = [(row, score + _NUDGE * _standing(row)) for row, score in rows]
    return sorted(found, key=lambda pair: (-pair[1], pair[0].id))[:limit]


def _standing(row: Row) -> float:
    office = next((n for kind, n in _OFFICE.items() if row.source_kind.startswith(kind)), 0)
    try:
        newer = (date.fromisoformat(row.effective_date) - date(2000, 1, 1)).days / 20_000
    except ValueError:
        newer = 0.0
    return office + newer

"""Two ranked lists into one."""

from collections.abc import Callable, Sequence
from datetime import date

from zantara.knowledge._rows import Row

__all__ = ["fuse"]

_Ranked = Sequence[tuple[int, float]]
# Each half is stretched so that its best row has 1 and, for meaning, its last one 0: unlike ranks,
# this keeps a clear winner clear.
_MEANING = 0.3
# A tie is what newness and office may decide, never a clear difference.
_OFFICE = {"official": 2, "company_price_list": 2, "company_guide": 1}
_NUDGE = 0.0005
_SPARE = 12
_CODES = 0.7


def fuse(
    words: _Ranked, meaning: _Ranked, row_at: Callable[[int], Row], *, limit: int, codes: bool
) -> list[tuple[Row, float]]:
    """Only rows that may be among the first are read from disk.

    codes: activity codes are wanted; where not, two thousand short titles must not crowd out text.
    """
    scores = _stretched(words, 0.0, 1.0)
    if meaning:
        for place, score in _stretched(meaning, meaning[-1][1], _MEANING).items():
            scores[place] = scores.get(place, 0.0) + score
    head = sorted(scores.items(), key=lambda pair: (-pair[1], pair[0]))[: limit + _SPARE]
    rows = [(row_at(place), score) for place, score in head]
    found = [
        (row, score * (1.0 if codes or row.domain != "kbli" else _CODES) + _NUDGE * _standing(row))
        for row, score in rows
    ]
    return sorted(found, key=lambda pair: (-pair[1], pair[0].id))[:limit]


def _stretched(ranked: _Ranked, floor: float, weight: float) -> dict[int, float]:
    top = max((score for _, score in ranked), default=floor)
    width = (top - floor) or 1.0
    return {place: weight * (score - floor) / width for place, score in ranked}


def _standing(row: Row) -> float:
    office = next((n for kind, n in _OFFICE.items() if row.source_kind.startswith(kind)), 0)
    try:
        newer = (date.fromisoformat(row.effective_date) - date(2000, 1, 1)).days / 20_000
    except ValueError:
        newer = 0.0
    return office + newer

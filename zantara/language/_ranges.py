"""Ranges of days, and days that only the present or the past decides: "since", "from ... to"."""

from datetime import date, timedelta

from zantara.language._clocks import has, read_clock
from zantara.language._days import Days, day_number, next_day, one_day, read_day
from zantara.language._words import Token

_DAY = timedelta(days=1)
_NONE: tuple[None, int] = (None, 0)


def _opening(found: list[Token], at: int, today: date, *, past: bool) -> tuple[Days | None, int]:
    """The first day of a range may be a bare number that takes its month from the second."""
    begin = at + has(found, at, "date", "weak_date", "article")
    day, stop, _ = day_number(found, begin)
    if day and has(found, stop, "to") and not has(found, at, "weak_at"):
        return Days(today, today + day * _DAY, month_known=False), stop
    return read_day(found, at, today, past=past)


def read_days(found: list[Token], at: int, *, today: date, past: bool) -> tuple[Days | None, int]:
    """A day or a range of days at `at`; "since" looks back, "from" to the nearest such day."""
    opened = has(found, at, "from") and not has(found, at, "at", "weak_at")
    for begin in [at, at + 1] if opened else [at]:
        first, stop = _opening(found, begin, today, past=past)
        if first is None:
            continue
        if has(found, stop, "at", "weak_at") and read_clock(found, stop, bare=False)[0]:
            return read_day(found, begin, today, past=past)
        if has(found, stop, "to"):
            return _range(found, stop, first, today=today, past=past)
        if first.month_known and (begin == at or has(found, at, "date", "since")):
            return _since(found, at, begin, today=today, first=first), stop
        return _NONE
    return _NONE


def _since(found: list[Token], at: int, begin: int, *, today: date, first: Days) -> Days:
    mark = at if begin > at or has(found, at, "since") else at - 1
    if not has(found, mark, "since"):
        return first
    back, _ = read_day(found, begin, today, past=True)
    near = back and today - back.first < first.first - today
    return back if back and (near or not has(found, mark, "from")) else first


def _range(
    found: list[Token], stop: int, first: Days, *, today: date, past: bool
) -> tuple[Days | None, int]:
    for begin in (stop + 1, stop):
        last, after = read_day(found, begin, today, past=past)
        if last is None and not first.month_known:
            day, after, _ = day_number(found, begin)
            last = one_day(next_day(day, today)) if day and has(found, begin - 1, "date") else None
        if last is None:
            continue
        start = first.first
        if not first.month_known:
            start = _same_month((first.after - first.first).days, last.first)
        elif last.first < start and (start - last.first).days < 7:
            last = Days(last.first + 7 * _DAY, last.after + 7 * _DAY)
        if start < last.after:
            return Days(start, last.after), after
        if first.month_known:
            break
    return (first, stop) if first.month_known else _NONE


def _same_month(day: int, last: date) -> date:
    """The day before `last` with that number."""
    if day <= last.day:
        return last.replace(day=day)
    before = last.replace(day=1) - _DAY
    return before.replace(day=min(day, before.day))

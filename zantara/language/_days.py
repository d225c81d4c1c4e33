"""Days, weeks, months and ranges of them in a row of tagged tokens."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from zantara.language._clocks import ends, has, number, read_clock_range
from zantara.language._words import Token

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """From `first` to the day before `after`."""

    first: date
    after: date
    part: str = ""
    month_known: bool = True


_NONE: tuple[None, int] = (None, 0)


def one_day(day: date, part: str = "") -> Days:
    return Days(day, day + _DAY, part)


def _month_after(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)


def _months_from(today: date, count: int) -> date:
    whole = today.year * 12 + today.month - 1 + count
    return date(whole // 12, whole % 12 + 1, 1)


def _tag(found: list[Token], at: int, name: str) -> str:
    return str(found[at].tags.get(name, "")) if 0 <= at < len(found) else ""


def _relative(found: list[Token], at: int, today: date) -> tuple[Days | None, int]:
    if day_part := _tag(found, at, "day_part"):
        shift, part = day_part.split()
        return one_day(today + int(shift) * _DAY, part), at + 1
    if weekday_part := _tag(found, at, "weekday_part"):
        weekday, part = weekday_part.split()
        return one_day(today + (int(weekday) - today.weekday()) % 7 * _DAY, part), at + 1
    if shift := _tag(found, at, "day"):
        return one_day(today + int(shift) * _DAY), at + 1
    return _NONE


def _shifted(today: date, unit: str, count: int) -> date:
    if unit == "month":
        first = _months_from(today, count)
        return first + (min(today.day, (_month_after(first) - first).days) - 1) * _DAY
    if unit == "year":
        return _shifted(today, "month", 12 * count)
    return today + count * (7 if unit == "week" else 1) * _DAY


def _counted(found: list[Token], at: int, today: date) -> tuple[Days | None, int]:
    """ "in two days", "tra tre settimane", "dua hari lagi", "3 days ago"."""
    begin = at + has(found, at, "in")
    count, unit = number(found, begin), _tag(found, begin + 1, "unit")
    if count is None or count > 1000 or unit not in ("day", "week", "month", "year"):
        return _NONE
    if has(found, begin + 2, "ago") or (
        has(found, begin + 2, "mod") and begin == at and _tag(found, begin + 2, "mod") == "last"
    ):
        return one_day(_shifted(today, unit, -count)), begin + 3
    if begin > at or has(found, begin + 2, "later"):
        return one_day(_shifted(today, unit, count)), begin + 2 + has(found, begin + 2, "later")
    return _NONE


def _unit_span(unit: str, shift: int, today: date) -> Days:
    monday = today - today.weekday() * _DAY + 7 * shift * _DAY
    if unit == "week":
        return Days(monday, monday + 7 * _DAY)
    if unit == "weekend":
        return Days(monday + 5 * _DAY, monday + 7 * _DAY)
    if unit == "day":
        return one_day(today + shift * _DAY)
    if unit == "year":
        return Days(date(today.year + shift, 1, 1), date(today.year + shift + 1, 1, 1))
    first = _months_from(today, shift)
    return Days(first, _month_after(first))


_SHIFT = {"next": 1, "this": 0, "last": -1}
_PERIODS = ("week", "month", "year", "weekend")


def _period(found: list[Token], at: int, today: date) -> tuple[Days | None, int]:
    """ "next week", "minggu depan", "questo mese", "weekend"."""
    before, after = _tag(found, at, "mod"), _tag(found, at + 2, "mod")
    if before and _tag(found, at + 1, "unit") in _PERIODS:
        return _unit_span(_tag(found, at + 1, "unit"), _SHIFT[before], today), at + 2
    unit = _tag(found, at, "unit")
    after = _tag(found, at + 1, "mod")
    if unit in _PERIODS and after:
        return _unit_span(unit, _SHIFT[after], today), at + 2
    if unit == "weekend":
        return _unit_span(unit, 0, today), at + 1
    return _NONE


def _day_of_week(found: list[Token], at: int, today: date) -> tuple[Days | None, int]:
    """ "next week on Tuesday", "minggu depan hari Selasa"."""
    week, stop = _period(found, at, today)
    if week is None or (week.after - week.first).days != 7:
        return _NONE
    skip = stop
    while skip < stop + 2 and (has(found, skip, "fill") or _tag(found, skip, "unit") == "day"):
        skip += 1
    weekday = _tag(found, skip, "weekday")
    return (one_day(week.first + int(weekday) * _DAY), skip + 1) if weekday else _NONE


def _edge(found: list[Token], at: int, today: date) -> tuple[Days | None, int]:
    """ "end of month", "akhir bulan", "fine mese", "start of next week", "end of April"."""
    if not has(found, at, "end", "start"):
        return _NONE
    begin = at + 1
    while has(found, begin, "of", "fill") and begin < at + 3:
        begin += 1
    span, stop = _period(found, begin, today)
    if span is None and _tag(found, begin, "unit") in _PERIODS:
        span, stop = _unit_span(_tag(found, begin, "unit"), 0, today), begin + 1
    if span is None and (month := _tag(found, begin, "month")):
        first = _in_year(today, int(month), 1, past=False) or today
        span, stop = Days(first, _month_after(first)), begin + 1
    if span is None:
        return _NONE
    if has(found, at, "start"):
        return one_day(span.first), stop
    week = (span.after - span.first).days == 7
    return one_day(span.after - (3 if week else 1) * _DAY), stop


def _in_year(today: date, month: int, day: int, *, past: bool) -> date | None:
    """The next such day from today on, or the last one; None if no year near has it."""
    years = range(today.year, today.year - 5, -1) if past else range(today.year, today.year + 5)
    for year in years:
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if (found <= today) if past else (found >= today):
            return found
    return None


def day_number(found: list[Token], at: int) -> tuple[int | None, int, bool]:
    """(day of a month, stop, whether written as an ordinal)."""
    day = number(found, at)
    if day is None or not 1 <= day <= 31:
        return None, at, False
    ordinal = has(found, at + 1, "ordinal") and found[at].stop == found[at + 1].begin
    return day, at + 1 + ordinal, ordinal


def _year(found: list[Token], at: int) -> tuple[int, int]:
    at += has(found, at, "of", "fill") and (number(found, at + 1) or 0) > 1999
    year = number(found, at) or 0
    return (year, at + 1) if 1999 < year < 2200 else (0, at)


def _month_day(found: list[Token], at: int, today: date, *, past: bool) -> tuple[Days | None, int]:
    """ "3 April", "April 3rd", "the 3rd of April 2027", "tgl 3 bulan Mei"."""
    at += has(found, at, "date", "weak_date", "article")
    day, stop, _ = day_number(found, at)
    if day:
        while has(found, stop, "of") or _tag(found, stop, "unit") == "month":
            stop += 1
        month = _tag(found, stop, "month")
        stop += 1
    else:
        month = _tag(found, at, "month")
        day, stop, _ = day_number(found, at + 1)
    if not day or not month:
        return _NONE
    year, stop = _year(found, stop)
    when = date(year, int(month), day) if year else _in_year(today, int(month), day, past=past)
    return (one_day(when), stop) if when else _NONE


def _numeric(found: list[Token], at: int, today: date, *, past: bool) -> tuple[Days | None, int]:
    """ "2026-03-12", "12/03/2026", "12/3": the day comes first, as in Bali and Italy."""
    parts = [number(found, at + 2 * i) for i in range(3)]
    signs = [found[at + 1 + 2 * i].text if at + 1 + 2 * i < len(found) else "" for i in range(2)]
    if None not in parts and signs[0] == signs[1] and signs[0] in ("-", "/", "."):
        first, middle, last = (part or 0 for part in parts)
        if first > 1999:
            return one_day(date(first, middle, last)), at + 5
        if last > 1999:
            return one_day(date(last, middle, first)), at + 5
    day, month = parts[0] or 0, parts[1] or 0
    if month > 12 >= day:
        day, month = month, day
    if signs[0] == "/" and 0 < day <= 31 and 0 < month <= 12:
        when = _in_year(today, month, day, past=past)
        return (one_day(when), at + 3) if when else _NONE
    return _NONE


def _weekday(found: list[Token], at: int, today: date, *, past: bool) -> tuple[Days | None, int]:
    """ "Thursday", "next Thursday", "giovedì prossimo", "hari Rabu tgl 11", "Kamis minggu depan"."""
    mod = _tag(found, at, "mod")
    begin = at + (
        1 if mod or has(found, at, "weak_date") or _tag(found, at, "unit") == "day" else 0
    )
    weekday = _tag(found, begin, "weekday")
    if not weekday:
        return _NONE
    stop = begin + 1
    week_after = bool(mod) and has(found, at, "next_week")
    if not mod and has(found, stop, "mod") and _tag(found, stop + 1, "unit") not in _PERIODS:
        week_after = has(found, stop, "next_week")
        mod, stop = _tag(found, stop, "mod"), stop + 1
    dated, after = _dated(found, stop, today, past=past, weekday=int(weekday))
    if dated:
        return dated, after
    skip = stop
    while has(found, skip, "of", "fill") and skip < stop + 2:
        skip += 1
    week, after = _period(found, skip, today)
    if week and (week.after - week.first).days == 7:
        return one_day(week.first + int(weekday) * _DAY), after
    if mod == "next" and week_after:
        return one_day(today + (7 + int(weekday) - today.weekday()) * _DAY), stop
    return one_day(_by_weekday(int(weekday), mod, today, past=past)), stop


def _by_weekday(weekday: int, mod: str, today: date, *, past: bool) -> date:
    ahead = (weekday - today.weekday()) % 7
    if mod == "this":
        return today + (weekday - today.weekday()) * _DAY
    if mod == "last" or (past and not mod):
        return today - ((today.weekday() - weekday) % 7 or 7) * _DAY
    return today + (ahead or 7) * _DAY


def _dated(
    found: list[Token], at: int, today: date, *, past: bool, weekday: int
) -> tuple[Days | None, int]:
    """The date after a weekday's name, which it only confirms: "venerdì 13 alle 8" is no range."""
    begin = at + (has(found, at, "fill") and not has(found, at, "date", "at", "weak_at"))
    full, stop = _month_day(found, begin, today, past=past)
    if full:
        return full, stop
    begin += has(found, begin, "date", "weak_date")
    day, stop, _ = day_number(found, begin)
    lone = not has(found, stop, "unit", "am", "pm") and (
        begin >= len(found) or not _sign(found, stop)
    )
    if day and lone and not has(found, at, "at", "weak_at"):
        when = next_day(day, today)
        if when.weekday() == weekday or not read_clock_range(found, begin)[0]:
            return one_day(when), stop
    return _NONE


def _sign(found: list[Token], at: int) -> bool:
    return (
        at < len(found) and found[at].text in (":", ".", "%", "/") and has(found, at + 1, "number")
    )


def next_day(day: int, today: date) -> date:
    for shift in range(13):
        first = _months_from(today, shift)
        when = first + (day - 1) * _DAY
        if when.month == first.month and when >= today:
            return when
    raise ValueError(day)


def _of_month(found: list[Token], at: int, today: date) -> tuple[Days | None, int]:
    """ "tgl 11", "the 17th", "il 17 di questo mese"."""
    strong, weak = has(found, at, "date"), has(found, at, "weak_date")
    begin = at + (strong or weak or has(found, at, "article"))
    day, stop, ordinal = day_number(found, begin)
    counted = has(found, stop, "unit") and not has(found, stop, "at")
    counted = counted and not has(found, stop + 1, "mod")
    if day is None or counted or _sign(found, stop):
        return _NONE
    lone = ends(found, stop) and not has(found, stop, "month")
    if not ((ordinal and not has(found, stop, "month")) or ((strong or weak) and lone)):
        return _NONE
    skip = stop
    while has(found, skip, "of", "fill") and skip < stop + 2:
        skip += 1
    month, after = _period(found, skip, today)
    if month and (month.after - month.first).days > 27:
        return one_day(date(month.first.year, month.first.month, day)), after
    return one_day(next_day(day, today)), stop


def _whole_month(
    found: list[Token], at: int, today: date, *, past: bool
) -> tuple[Days | None, int]:
    """ "April", "bulan Mei", "in March": a short name only after a word that announces it."""
    announced = has(found, at - 1, "in", "mod", "fill") or _tag(found, at - 1, "unit") == "month"
    month = _tag(found, at, "month")
    after_day = 0 < (number(found, at - 1) or 0) < 32
    if not month or after_day or (len(found[at].text) < 4 and not announced):
        return _NONE
    year, stop = _year(found, at + 1)
    first = date(year or today.year, int(month), 1)
    if not year and _month_after(first) <= today and not past:
        first = first.replace(year=today.year + 1)
    if not year and past and first > today:
        first = first.replace(year=today.year - 1)
    return Days(first, _month_after(first)), stop


def read_day(found: list[Token], at: int, today: date, *, past: bool) -> tuple[Days | None, int]:
    readers: list[Callable[[], tuple[Days | None, int]]] = [
        lambda: _numeric(found, at, today, past=past),
        lambda: _relative(found, at, today),
        lambda: _edge(found, at, today),
        lambda: _month_day(found, at, today, past=past),
        lambda: _day_of_week(found, at, today),
        lambda: _period(found, at, today),
        lambda: _counted(found, at, today),
        lambda: _weekday(found, at, today, past=past),
        lambda: _of_month(found, at, today),
        lambda: _whole_month(found, at, today, past=past),
    ]
    for reader in readers:
        try:
            days, stop = reader()
        except ValueError:
            continue
        if days:
            return days, stop
    return _NONE

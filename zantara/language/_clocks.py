"""Hours, ranges of hours and lengths of time in a row of tagged tokens."""

from dataclasses import dataclass, replace
from datetime import timedelta

from zantara.language._words import Token


@dataclass(frozen=True, slots=True)
class Clock:
    """`exact`: the hour needs no part of the day (24 hours, am or pm, noon)."""

    hour: int
    minute: int = 0
    exact: bool = False


_NONE: tuple[None, int] = (None, 0)


def ends(found: list[Token], at: int) -> bool:
    """Whether the phrase may end before `at`: no thing is counted there."""
    if at >= len(found) or found[at].tags or not found[at].text[0].isalpha():
        return True
    return found[at].common


def has(found: list[Token], at: int, *names: str) -> bool:
    return 0 <= at < len(found) and any(name in found[at].tags for name in names)


def number(found: list[Token], at: int) -> int | None:
    return found[at].number if 0 <= at < len(found) else None


def _text(found: list[Token], at: int) -> str:
    return found[at].text if 0 <= at < len(found) else ""


def _digits_minute(found: list[Token], at: int) -> tuple[int, int] | None:
    """(minute, stop) of ":15" or ".15" at `at`; two digits, without a gap."""
    if _text(found, at) not in (":", ".") or not has(found, at + 1, "number"):
        return None
    near = found[at - 1].stop == found[at].begin and found[at].stop == found[at + 1].begin
    raw = _text(found, at + 1)
    return (int(raw), at + 2) if near and raw.isdecimal() and len(raw) == 2 else None


def _spoken_minute(found: list[Token], at: int, hour: int) -> tuple[int, int, int]:
    """(hour, minute, stop): "e mezza", "e un quarto", "kurang seperempat", "lewat 10"."""
    if has(found, at, "and_half"):
        return hour, 30, at + 1
    if has(found, at, "and_quarter"):
        return hour, 15, at + 1
    if has(found, at, "less_quarter"):
        return (hour - 1) % 24, 45, at + 1
    count = number(found, at + 1)
    if count is not None and 0 < count < 60:
        if has(found, at, "less"):
            return (hour - 1) % 24, 60 - count, at + 2
        if has(found, at, "minutes_past") and count >= 5 and count % 5 == 0 and count > 12:
            return hour, count, at + 2
    return hour, 0, at


def _meridiem(found: list[Token], at: int, clock: Clock) -> tuple[Clock, int]:
    if has(found, at, "am"):
        return replace(clock, hour=clock.hour % 12, exact=True), at + _dots(found, at)
    if has(found, at, "pm"):
        return replace(clock, hour=clock.hour % 12 + 12, exact=True), at + _dots(found, at)
    return clock, at


def _dots(found: list[Token], at: int) -> int:
    return 2 if "." in found[at].text and _text(found, at + 1) == "." else 1


def _plain(found: list[Token], at: int) -> tuple[Clock | None, int, bool]:
    """(clock, stop, whether it can be nothing but a clock) of "8", "8:15", "3pm", "15 e 30"."""
    hour = number(found, at)
    if hour is None or hour > 24:
        return None, at, False
    raw, stop = _text(found, at), at + 1
    minute = _digits_minute(found, stop)
    if minute:
        if minute[0] > 59:
            return None, at, False
        exact = hour > 12 or hour == 0 or (raw.startswith("0") and len(raw) == 2)
        clock, stop, sure = Clock(hour, minute[0], exact), minute[1], True
    else:
        hour, spoken, stop = _spoken_minute(found, stop, hour)
        clock, sure = Clock(hour, spoken, hour > 12 or raw.startswith("0")), spoken > 0
    if has(found, stop, "oclock"):
        stop, sure = stop + 1, True
    timed, after = _meridiem(found, stop, clock)
    return timed, after, sure or after > stop


def _named(found: list[Token], at: int) -> tuple[Clock | None, int]:
    """Noon, midnight, and the halves and quarters that stand before their hour."""
    if has(found, at, "noon"):
        half = has(found, at + 1, "and_half")
        return Clock(12, 30 * half, exact=True), at + 1 + half
    if has(found, at, "midnight"):
        return Clock(24, 0, exact=True), at + 1
    hour = number(found, at + 1)
    if hour is None or not 0 < hour <= 24 or has(found, at + 2, "unit"):
        return _NONE
    table = {
        "half_past": (0, 30),
        "half_to": (-1, 30),
        "quarter_past": (0, 15),
        "quarter_to": (-1, 45),
    }
    for name, (shift, minute) in table.items():
        if has(found, at, name):
            shown = hour + shift or 12
            return _meridiem(found, at + 2, Clock(shown, minute, shown > 12))
    return _NONE


def read_clock(found: list[Token], at: int, *, bare: bool) -> tuple[Clock | None, int]:
    """A clock at `at`. A bare number is one only where the caller knows that a clock must come."""
    marked = has(found, at, "at", "weak_at", "from") or (bare and has(found, at, "to"))
    for begin in [at + 1, at] if marked else [at]:
        named, stop = _named(found, begin)
        if named:
            return named, stop
        clock, stop, sure = _plain(found, begin)
        spoken = has(found, at, "at") or (has(found, at, "weak_at") and ends(found, stop))
        strong = begin > at and (spoken or bare)
        counted = has(found, stop, "unit", "month") and not sure
        if clock and not counted and (sure or strong or bare or has(found, stop, "part")):
            return clock, stop
    return _NONE


def read_clock_range(found: list[Token], at: int) -> tuple[tuple[Clock, Clock] | None, int]:
    """ "from 2 to 4", "dalle 8 alle 10", "jam 7 sampai 9", "9-11am", "between noon and 2"."""
    opened = has(found, at, "from", "at", "weak_at")
    first, stop = read_clock(found, at, bare=opened)
    sure = opened or first is not None
    if first is None:
        first, stop, _ = _plain(found, at)
    if has(found, stop, "part") and first is not None and has(found, stop + 1, "to"):
        first, stop = _in_part(first, found[stop].tags["part"]), stop + 1
    if first is None or not has(found, stop, "to"):
        return _NONE
    marked = has(found, stop + 1, "at", "weak_at")
    second, after = read_clock(found, stop + marked, bare=True)
    if second is None or has(found, after, "month", "unit"):
        return _NONE
    if not sure and not second.exact and not has(found, after, "part"):
        return _NONE
    return (_same_half(first, second), second), after


def _in_part(clock: Clock, part: str) -> Clock:
    late = part != "morning" and clock.hour < 12
    return replace(clock, hour=clock.hour + 12 * late, exact=True)


def _same_half(first: Clock, second: Clock) -> Clock:
    """ "2-4pm": the first hour takes the second's half of the day if it then comes before it."""
    if first.exact or not second.exact or second.hour <= 12:
        return first
    moved = first.hour + 12
    return (
        replace(first, hour=moved, exact=True) if first.hour < 12 and moved < second.hour else first
    )


def read_ahead(found: list[Token], at: int) -> tuple[timedelta | None, int]:
    """ "in two hours", "tra mezz'ora", "setengah jam lagi": from now on."""
    begin = at + has(found, at, "in")
    half = has(found, begin, "half_unit")
    count, unit = (30, "minute") if half else (number(found, begin), _unit(found, begin + 1))
    if half and _unit(found, begin + 1) != "hour":
        return _NONE
    if count is None or count > 1000 or unit not in ("hour", "minute"):
        return _NONE
    later = has(found, begin + 2, "later")
    if begin == at and not later:
        return _NONE
    return timedelta(**{f"{unit}s": count}), begin + 2 + later


def _unit(found: list[Token], at: int) -> str:
    return str(found[at].tags.get("unit", "")) if 0 <= at < len(found) else ""


def read_length(found: list[Token], at: int) -> tuple[timedelta | None, int]:
    """ "for two hours", "selama 90 menit", "per mezz'ora", "per un'ora e mezza"."""
    if not has(found, at, "for"):
        return _NONE
    if has(found, at + 1, "half_unit") and has(found, at + 2, "unit"):
        return timedelta(minutes=30), at + 3
    count = number(found, at + 1)
    unit = _unit(found, at + 2)
    if count is None or count > 1000 or unit not in ("hour", "minute"):
        return _NONE
    length, stop = timedelta(**{f"{unit}s": count}), at + 3
    if has(found, stop, "and_half"):
        return length + timedelta(minutes=30), stop + 1
    return length, stop

"""From everyday phrases to instants: days, clocks, parts of a day, ranges and durations.

A day runs from midnight to midnight, weeks start on Monday, a time without a year or a day means
its next occurrence unless the verb is past, and an hour from 1 to 6 without a part of the day is
in the afternoon (business hours).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from zantara.language._clocks import Clock, read_ahead, read_clock, read_clock_range, read_length
from zantara.language._days import Days
from zantara.language._detect import detect
from zantara.language._ranges import read_days
from zantara.language._words import Token, data, tag, tokens
from zantara.language._zones import without_zones, zoned

PART_HOURS = {"morning": (6, 12), "afternoon": (12, 18), "evening": (18, 24), "night": (18, 24)}
_MOST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """`text[begin:stop]` named it. Without a clock it is whole days or a part of one."""

    start: datetime
    end: datetime
    has_clock: bool
    text: str
    begin: int
    stop: int
    has_day: bool = True
    has_end: bool = False
    days: int = 1


@dataclass(slots=True)
class _Parts:
    """What one expression has said so far."""

    days: Days | None = None
    part: str = ""
    clock: Clock | None = None
    until: Clock | None = None
    length: timedelta | None = None
    ahead: timedelta | None = None

    @property
    def empty(self) -> bool:
        return self.days is None and not self.part and self.clock is None and not self.ahead


def _past_from(text: str, language: str) -> int:
    """Where the text begins to speak of what is over; its end where it does not."""
    folded = text.casefold()
    words = data(language)["times"]["past"]
    found = (re.search(rf"\b{re.escape(one)}\b", folded) for one in words)
    return min((one.start() for one in found if one), default=len(text))


def _take(found: list[Token], at: int, parts: _Parts, *, today: date, past: bool) -> int:
    """Read one more piece at `at` into `parts`; returns where it stops, `at` if there is none."""
    if parts.days is None and not parts.ahead:
        days, stop = read_days(found, at, today=today, past=past)
        if days:
            parts.days, parts.part = days, parts.part or days.part
            return stop
    if parts.clock is None and not parts.ahead:
        stop = _take_clock(found, at, parts)
        if stop > at:
            return stop
    if parts.until is None and parts.length is None:
        parts.length, stop = read_length(found, at)
        if parts.length:
            return stop
    if not parts.part and at < len(found) and "part" in found[at].tags:
        parts.part = found[at].tags["part"]
        return at + 1
    return at


def _take_clock(found: list[Token], at: int, parts: _Parts) -> int:
    if parts.empty:
        parts.ahead, stop = read_ahead(found, at)
        if parts.ahead:
            return stop
    pair, stop = read_clock_range(found, at)
    if pair:
        parts.clock, parts.until = pair
        return stop
    parts.clock, stop = read_clock(found, at, bare=False)
    return stop if parts.clock else at


def _expression(found: list[Token], at: int, *, today: date, past: bool) -> tuple[_Parts, int]:
    parts, stop = _Parts(), at
    while True:
        after = _take(found, stop, parts, today=today, past=past)
        skip = stop
        while after == skip and not parts.empty and skip < len(found) and skip - stop < 3:
            if "fill" not in found[skip].tags:
                break
            skip += 1
            after = _take(found, skip, parts, today=today, past=past)
        if after in (stop, skip):
            return parts, stop
        stop = after


def _hour(clock: Clock, part: str) -> time:
    hour = clock.hour
    if clock.exact or hour > 12:
        return time(hour % 24, clock.minute)
    if part == "afternoon" and hour in (10, 11):
        return time(hour, clock.minute)  # "jam 11 siang"
    if part in ("afternoon", "evening") or (part == "night" and hour >= 6):
        hour = hour % 12 + 12
        if part == "evening" and clock.hour == 12:
            hour = 0
    elif not part and hour < 7:
        hour += 12
    return time(hour % 24, clock.minute)


def _clock_span(parts: _Parts, *, now: datetime, past: bool) -> tuple[datetime, datetime]:
    assert parts.clock is not None  # noqa: S101 - callers ask for a span of clocks only
    day = parts.days.first if parts.days else now.date()
    start = datetime.combine(day, _hour(parts.clock, parts.part), now.tzinfo)
    if parts.until:
        end = datetime.combine(day, _hour(parts.until, parts.part), now.tzinfo)
        if end <= start and not parts.until.exact and parts.until.hour < 12:
            end += timedelta(hours=12)
        if end <= start:
            end += timedelta(days=1)
    else:
        end = start + (parts.length or timedelta(hours=1))
    if parts.days is None and start <= now and not past:
        start, end = start + timedelta(days=1), end + timedelta(days=1)
    return start, end


def _day_span(parts: _Parts, *, now: datetime, past: bool) -> tuple[datetime, datetime]:
    first = parts.days.first if parts.days else now.date()
    after = parts.days.after if parts.days else first + timedelta(days=1)
    midnight = datetime.combine(first, time(), now.tzinfo)
    if not parts.part:
        return midnight, datetime.combine(after, time(), now.tzinfo)
    begin, stop = PART_HOURS[parts.part]
    start, end = midnight + timedelta(hours=begin), midnight + timedelta(hours=stop)
    if parts.days is None and end <= now and not past:
        start, end = start + timedelta(days=1), end + timedelta(days=1)
    return start, end


def _span(
    parts: _Parts, text: str, *, where: tuple[int, int], now: datetime, past: bool
) -> TimeSpan:
    if parts.ahead:
        start = now + parts.ahead
        end = start + (parts.length or timedelta(hours=1))
    else:
        resolve = _clock_span if parts.clock else _day_span
        start, end = resolve(parts, now=now, past=past)
    return TimeSpan(
        start=start,
        end=end,
        has_clock=parts.clock is not None or parts.ahead is not None,
        text=text[where[0] : where[1]],
        begin=where[0],
        stop=where[1],
        has_day=parts.days is not None or parts.ahead is not None,
        has_end=parts.until is not None or parts.length is not None,
        days=(parts.days.after - parts.days.first).days if parts.days else 1,
    )


def _worth(parts: _Parts, size: int) -> bool:
    """A part of the day alone is a time only as a phrase ("in the morning"), not as any word."""
    lone_part = parts.part and parts.days is None and parts.clock is None
    return not parts.empty and (not lone_part or size > 1)


def read_times(text: str, *, now: datetime, language: str = "") -> list[TimeSpan]:
    """Every date or time that the text names, in its order, in the zone of `now`."""
    text = text[:_MOST_TEXT]
    language = language or detect(text)
    found, over = tag(tokens(without_zones(text)), language), _past_from(text, language)
    hint = next((t.tags["hint"] for t in found if "hint" in t.tags), "")
    spans, at = [], 0
    while at < len(found):
        past = over <= found[at].begin
        try:
            parts, stop = _expression(found, at, today=now.date(), past=past)
            if stop > at and _worth(parts, len(found[at].text.split())):
                parts.part = parts.part or (hint if parts.clock else "")
                where = (found[at].begin, found[stop - 1].stop)
                spans.append(zoned(_span(parts, text, where=where, now=now, past=past), text))
        except (ValueError, OverflowError):
            stop = at + 1
        at = max(stop, at + 1)
    return spans

"""Which of the times that a clause names is meant: a beginning, an end, a range, a day.

moves: the clause changes when something is, so that it may name the old time and the new one.
"""

import re
from dataclasses import replace
from datetime import datetime, timedelta

from zantara.language._clause import Clause
from zantara.language._times import TimeSpan

__all__ = ["on_day", "which_day", "which_end", "which_range", "which_start"]

_TO = re.compile(r"\b(to|ke|alle|a|jadi)\b", re.IGNORECASE)


def on_day(clock: datetime, day: datetime) -> datetime:
    return clock.replace(year=day.year, month=day.month, day=day.day)


def which_start(
    clause: Clause, *, moves: bool = False, day: datetime | None = None
) -> datetime | None:
    """When it begins; of two times the last. `day`: where the clause names none."""
    clocks = [span for span in clause.spans if span.has_clock]
    if not clocks:
        days = [span for span in clause.spans if span.has_day] if clause.of("allday") else []
        return days[0].start if days else None
    start, last = clocks[-1].start, clause.spans[-1]
    if moves and _from_to(clocks[-1]):
        start = clocks[-1].end
    dated = [span for span in clause.spans if span.has_day]
    if not clocks[-1].has_day and (dated or day):
        start = on_day(start, dated[-1].start if dated else day or start)
    elif moves and last is not clocks[-1] and last.has_day:
        start = on_day(start, last.start)
    last_day = clocks[-1].days - 1 if moves else 0  # "Friday to Saturday"
    return start + timedelta(days=last_day)


def _from_to(span: TimeSpan) -> bool:
    """ "From two to four" of something that moves is no range."""
    return span.has_end and _TO.search(span.text) is not None


def which_end(clause: Clause, start: datetime | None, *, moves: bool = False) -> datetime | None:
    """Its end, where the words give one."""
    clocks = [span for span in clause.spans if span.has_clock]
    if start is not None and not clocks:  # a whole day
        return start + timedelta(days=1)
    if start is None or not clocks[-1].has_end or (moves and _from_to(clocks[-1])):
        return None
    return start + (clocks[-1].end - clocks[-1].start)


def which_range(clause: Clause) -> TimeSpan | None:
    """The first time named, or a shorter one inside it: "next week, Monday to Friday"."""
    if not clause.spans:
        return None
    first = clause.spans[0]
    hours = next((s for s in clause.spans[1:] if s.has_clock and not s.has_day), None)
    if hours is not None and not first.has_clock and first.has_day:
        length = hours.end - hours.start  # "the 18th, between nine and noon"
        begin = on_day(hours.start, first.start)
        return replace(hours, start=begin, end=begin + length)
    inside = [s for s in clause.spans if first.start <= s.start < s.end <= first.end]
    return min(inside, key=lambda one: one.end - one.start)


def which_day(clause: Clause, *, moves: bool = False) -> datetime | None:
    """The day on which something is now: the first that the words do not move it to."""
    spans = [span for span in clause.spans if span.has_day]
    if not spans:
        return None
    before = [t for t in clause.tokens if t.stop <= spans[0].begin and t.text[0].isalnum()]
    there = moves and bool(before) and before[-1].has("route_to")
    return None if there else spans[0].start

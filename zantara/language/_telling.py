"""Saying times: the other way round from reading them."""

from datetime import datetime

from zantara.language._words import data

__all__ = ["tell_clock", "tell_day"]


def tell_clock(stamp: object) -> str:
    """ "15:00" of an ISO 8601 time; anything else as it is."""
    moment = _moment(stamp)
    return f"{moment:%H:%M}" if moment else str(stamp)


def tell_day(stamp: object, language: str) -> str:
    """ "Tuesday 10 March" of an ISO 8601 time, in `language`; anything else as it is."""
    moment = _moment(stamp)
    if moment is None:
        return str(stamp or "")
    names = data(language)["calendar"]
    return f"{names['weekdays'][moment.weekday()]} {moment.day} {names['months'][moment.month - 1]}"


def _moment(stamp: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(stamp))
    except ValueError:
        return None

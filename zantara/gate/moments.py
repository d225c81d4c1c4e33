"""Days and hours: as the user said them, and as a call has them."""

import re
from collections.abc import Sequence
from datetime import datetime

from langchain_core.messages import BaseMessage

from zantara.gate.wording import Spoken, said_at

__all__ = ["clocks_in", "days_in", "is_pieced", "local_time", "moment", "placed_time"]

_LENGTH_OF_A_DAY = len("2026-01-31")
_DAY_FORM = re.compile(r"\d{4} \d\d \d\d")
_CLOCK = re.compile(r"\b([01]?\d|2[0-3])[:.]([0-5]\d)\b")


def local_time(text: str, window: Sequence[BaseMessage]) -> str:
    """The same moment in the user's own zone."""
    stamp, when = _stamp(window), moment(text)
    if stamp is None or when is None or when.tzinfo is None:
        return text
    return when.astimezone(stamp.tzinfo).isoformat()


def is_pieced(text: str, request: Sequence[Spoken]) -> bool:
    """A day and an hour that the user said apart: "on the 19th at ten, or at four"."""
    day, _t, clock = text.replace(" ", "T").partition("T")
    return any(
        day in days_in(one) and (not clock or clock[:5] in clocks_in(one)) for one in request
    )


def days_in(spoken: Spoken) -> set[str]:
    return {value.replace(" ", "-") for value in spoken.values if _DAY_FORM.fullmatch(value)}


def clocks_in(spoken: Spoken) -> set[str]:
    """Hours as they are written, and those of the moments that were read."""
    return {f"{int(h):02d}:{m}" for h, m in _CLOCK.findall(spoken.own)} | spoken.clocks


def placed_time(text: str, window: Sequence[BaseMessage]) -> str:
    """A time without an offset is the user's own."""
    stamp, when = _stamp(window), moment(text)
    whole_day = len(text.strip()) <= _LENGTH_OF_A_DAY
    if stamp is None or when is None or when.tzinfo is not None or whole_day:
        return text
    return when.replace(tzinfo=stamp.tzinfo).isoformat()


def moment(text: str) -> datetime | None:
    """What ISO 8601 says; None where it is something else."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _stamp(window: Sequence[BaseMessage]) -> datetime | None:
    """When the user last said something, in their own zone."""
    return next((at for m in reversed(window) if (at := said_at(m))), None)

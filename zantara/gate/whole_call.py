"""What a call's values say together: ends that follow, two wishes exchanged, a text sent again,
a row that nobody asked for.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from zantara.gate.conversation import Conversation
from zantara.gate.kinds import Kind
from zantara.gate.moments import clocks_in, days_in, is_pieced, local_time, moment
from zantara.gate.provenance import Origin, Provenance
from zantara.gate.values import leaves
from zantara.gate.wishes import Addressee, are_exchanged, wishes_in
from zantara.gate.wording import Spoken
from zantara.language import normalise, plain, read_numbers

__all__ = ["Traced", "counted", "exchanged", "repeated", "unclaimed"]

_DAY = timedelta(days=1)
_LONGEST_MEETING = timedelta(hours=3)  # a longer one has to be said, where outside text was read
_SENTENCES = re.compile(r"[\n!?]+|\.(?=\s|$)")
_FEWEST = 2  # words of a sentence that can be said again


@dataclass(frozen=True, slots=True)
class Traced:
    """One value of a call. argument: the call's own, or `request` for the action as such."""

    argument: str
    kind: Kind
    value: str
    origin: Origin


def counted(found: Sequence[Traced], talk: Conversation) -> list[Traced]:
    """An end that follows from a beginning which the user said is theirs too."""
    said = [
        when
        for one in found
        if one.kind is Kind.TIME
        and one.origin["provenance"] == "user"
        and (when := moment(one.value))
    ]
    return [
        Traced(one.argument, one.kind, one.value, {"provenance": "user", "source": "your time"})
        if one.kind is Kind.TIME
        and one.origin["provenance"] != "user"
        and _follows(moment(one.value), said, talk)
        else one
        for one in found
    ]


def _follows(when: datetime | None, said: Sequence[datetime], talk: Conversation) -> bool:
    lengths = (
        when - begin
        for begin in said
        if when is not None and (when.tzinfo is None) == (begin.tzinfo is None)
    )
    return any(_is_usual(length, talk) for length in lengths if timedelta() < length <= _DAY)


def _is_usual(length: timedelta, talk: Conversation) -> bool:
    """What nobody wonders at, or as many hours or minutes as the user said."""
    if talk.floor is not Provenance.OUTSIDE or length <= _LONGEST_MEETING:
        return True
    numbers = {number for one in talk.request for number in read_numbers(one.own)}
    minutes = int(length.total_seconds()) // 60
    return minutes in numbers or (minutes % 60 == 0 and minutes // 60 in numbers)


def exchanged(
    found: Sequence[Traced], talk: Conversation, names: Mapping[str, tuple[str, ...]]
) -> list[Traced]:
    """Whom the user called in one wish gets nothing that they said in another, where outside text was
    read.
    """
    wishes = wishes_in(talk.window) if talk.floor is Provenance.OUTSIDE else []
    if not wishes:
        return list(found)
    return [
        replace(one, origin=_not_for_them(one.origin))
        if one.value in names and _is_exchanged(one, found, talk, names[one.value], wishes)
        else one
        for one in found
    ]


def _not_for_them(origin: Origin) -> Origin:
    return {
        **origin,
        "picked": str(Provenance.OUTSIDE),
        "why": "in your words it goes with another",
    }


def _is_exchanged(
    whom: Traced,
    found: Sequence[Traced],
    talk: Conversation,
    names: tuple[str, ...],
    wishes: Sequence[Sequence[Spoken]],
) -> bool:
    person = whom.kind is Kind.RECIPIENT
    addressee = Addressee(whom.value, names, person)
    for one in found:
        if one.origin["provenance"] != Provenance.USER or one is whom:
            continue
        if one.kind is Kind.TIME:
            when = local_time(one.value, talk.window)
            if are_exchanged(one.value, _at(when), addressee, wishes, own=_has_time):
                return True
        elif one.kind in (Kind.TEXT, Kind.NAME):
            own = _has_time if one.kind is Kind.NAME else None
            parts = [part.strip(" ,;:-") for part in _SENTENCES.split(one.value)]
            if any(are_exchanged(p, _says(p), addressee, wishes, own=own) for p in parts if p):
                return True
    return False


def _at(when: str) -> Callable[[Spoken], bool]:
    return lambda wish: is_pieced(when, [wish])


def _says(text: str) -> Callable[[Spoken], bool]:
    return lambda wish: wish.holds(text) or normalise(text) in wish.values


def _has_time(wish: Spoken) -> bool:
    return bool(days_in(wish) or clocks_in(wish))


def repeated(found: Sequence[Traced], talk: Conversation, tool: str) -> list[Traced]:
    """What the user dictated once goes once to the same people, where outside text was read."""
    before = [args for name, args in talk.done if name == tool]
    if talk.floor is not Provenance.OUTSIDE or not before:
        return list(found)
    people = {normalise(one.value) for one in found if one.kind is Kind.RECIPIENT}
    earlier = [[text for _path, text in leaves(dict(args))] for args in before]
    same = [
        " | ".join(map(plain, texts)) for texts in earlier if people & set(map(normalise, texts))
    ]
    return [
        replace(
            one, origin={**one.origin, "picked": "outside", "why": "it was sent to them already"}
        )
        if one.kind is Kind.TEXT and any(_says_again(one.value, told) for told in same)
        else one
        for one in found
    ]


def _says_again(text: str, told: str) -> bool:
    parts = [plain(part) for part in _SENTENCES.split(text)]
    return any(part in told for part in parts if part.count(" ") >= _FEWEST)


def unclaimed(found: Sequence[Traced], talk: Conversation) -> list[Traced]:
    """A row of the user's data reaches others where a cell of it is in their words: who names a sheet
    has not named each of its rows.
    """
    cells = [one for one in found if one.kind is Kind.TEXT]
    rows = {one.argument for one in cells if [c.argument for c in cells].count(one.argument) > 1}
    claimed = {one.argument for one in cells if one.origin["provenance"] == Provenance.USER}
    if talk.floor is not Provenance.OUTSIDE:
        return list(found)
    return [
        replace(
            one, origin={**one.origin, "picked": "outside", "why": "you named nothing of this row"}
        )
        if one.kind is Kind.TEXT and one.argument in rows - claimed
        else one
        for one in found
    ]

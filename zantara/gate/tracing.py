"""Where each value of a proposed call came from."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from zantara.gate.addresses import addresses_in, rejoined
from zantara.gate.addressing import asks_for_guests, is_addressed
from zantara.gate.conversation import Conversation
from zantara.gate.kinds import Effect, Kind
from zantara.gate.moments import days_in, is_pieced, local_time, placed_time
from zantara.gate.naming import Thing, is_named, is_the_one, names_person, shares_words
from zantara.gate.provenance import Origin, Provenance, weakest
from zantara.gate.requests import asked_for, asking_clauses, is_composed
from zantara.gate.values import Known, leaves, tokens_of
from zantara.gate.whole_call import Traced, counted, exchanged, repeated, unclaimed
from zantara.gate.wording import Spoken
from zantara.language import normalise, plain

__all__ = ["Traced", "origins_of", "trace", "wanted_values"]

_STRICT = (Effect.SEND, Effect.KEEP)  # a piece of a sentence is not what the user said
_LONGEST_LABEL = 6  # words
_TELLS = re.compile(r"[@:]|\d[\d .,-]{4,}\d")
_ACTED_ON = {
    Effect.DELETE: (Effect.DELETE,),
    Effect.CHANGE: (Effect.CHANGE, Effect.CREATE),
    Effect.INVITE: (Effect.CHANGE, Effect.CREATE, Effect.SEND),
}
_WORDS = (Kind.TEXT, Kind.LABEL, Kind.PLACE, Kind.NAME)
_ID_WORDS = ("id", "ids", "no", "number", "nomor", "numero", "#")


def wanted_values(args: Mapping[str, Any]) -> set[str]:
    """The normalised values of a call's arguments: what to look up in the transcript."""
    texts = [text for _path, text in leaves(dict(args))]
    return {normalise(text) for text in texts} | {one for text in texts for one in tokens_of(text)}


def trace(
    args: Mapping[str, Any],
    kinds: Mapping[str, Kind],
    talk: Conversation,
    *,
    effect: Effect = Effect.CHANGE,
    things: Mapping[str, Thing] | None = None,
    reached: Mapping[str, Thing] | None = None,
    tool: str = "",
) -> list[Traced]:
    """Each value with its origin, by whole normalised value.

    tool: whose call it is. things: what a preview found each target to be. reached: who else the call
    would reach, with what they belong to. What nobody brought in was written by the model: derived,
    with the lowest trust of its prompt.
    """
    found: list[Traced] = []
    for name, value in args.items():
        kind = kinds.get(name, Kind.TEXT)
        for _path, text in leaves(value):
            origin = _origin(text, kind, talk, effect, (things or {}).get(text))
            if normalise(text) in talk.typed.get(name, ()):
                origin = {"provenance": "user", "source": "your edit"}
            elif kind is Kind.TIME and any(one.day == text for one in (things or {}).values()):
                origin = {"provenance": "system", "source": "the day of what it acts on"}
            found.append(Traced(name, _weight(kind, text, origin), text, origin))
    found = counted(found, talk)
    found = repeated(found, talk, tool) if effect is Effect.SEND else found
    found = unclaimed(found, talk) if effect in (Effect.SEND, Effect.INVITE) else found
    found += [
        Traced("reaches", Kind.RECIPIENT, text, _of_reached(text, thing, talk, effect))
        for text, thing in (reached or {}).items()
    ]
    found = exchanged(found, talk, _names_of(found, talk, things or {}))
    found += [link for one in found for link in _links(one, talk)]
    return [*found, Traced("request", Kind.REQUEST, str(effect), _request(effect, talk))]


def origins_of(traced: Sequence[Traced]) -> dict[str, Origin]:
    """The origin of each argument: that of its least trusted value."""
    names = dict.fromkeys(one.argument for one in traced if one.kind is not Kind.REQUEST)
    return {
        name: weakest([t.origin for t in traced if t.argument == name])
        for name in names
        if name != "reaches"
    }


def _weight(kind: Kind, text: str, origin: Origin) -> Kind:
    """A label or a place that tells something is a text."""
    short = len(text.split()) <= _LONGEST_LABEL and not _TELLS.search(text)
    tells = kind in (Kind.LABEL, Kind.PLACE) and not short and origin["provenance"] != "user"
    return Kind.TEXT if tells else kind


def _origin(
    text: str, kind: Kind, talk: Conversation, effect: Effect, thing: Thing | None = None
) -> Origin:
    if kind is Kind.TARGET:
        return _of_target(text, talk, effect, thing)
    if kind is Kind.RECIPIENT:
        return _of_recipient(text, talk)
    if kind is Kind.TIME:
        return _of_time(placed_time(text, talk.window), talk)
    return _of_words(text, kind, talk, effect)


def _of_words(text: str, kind: Kind, talk: Conversation, effect: Effect) -> Origin:
    best = talk.best(text)
    said = _is_said(text, talk.said, best)
    if kind is Kind.NAME and not said and shares_words(text, talk.request):
        after: Origin = {**_written(talk), "inherits": "user", "source": "after your words"}
        return {**after, "read": str(talk.floor)}
    if kind is Kind.TEXT and effect in _STRICT and talk.floor is Provenance.OUTSIDE:
        return _of_dictation(text, best, talk)
    if said:
        return {"provenance": "user", "source": "your words"}
    if best:
        return _chosen(best[0].provenance, best[0].source, best[0].names, talk, best)
    return _written(talk)


def _of_dictation(text: str, best: Sequence[Known], talk: Conversation) -> Origin:
    """A text that leaves after outside content was read: what the user dictated, to the end."""
    if is_composed(text, talk.request, me=talk.me):
        return {"provenance": "user", "source": "your words"}
    if best and best[0].provenance is not Provenance.USER:
        origin: Origin = {"provenance": str(best[0].provenance), "source": best[0].source}
        return {**origin, "picked": str(talk.floor)}
    return _written(talk)


def _of_time(text: str, talk: Conversation) -> Origin:
    """A time of the user's; another one than they said is nobody's, where outside text was read."""
    best = talk.best(text)
    if _is_said(text, talk.said, best) or is_pieced(local_time(text, talk.window), talk.request):
        return {"provenance": "user", "source": "your words"}
    if best:
        return _chosen(best[0].provenance, best[0].source, best[0].names, talk, best)
    if talk.floor is Provenance.OUTSIDE and any(days_in(one) for one in talk.request):
        return {"provenance": str(Provenance.OUTSIDE), "source": "not a time that you said"}
    return _written(talk)


def _of_recipient(text: str, talk: Conversation) -> Origin:
    """Who is reached: known to the user or not, and whether they asked for this one to be."""
    best = talk.best(text)
    names = [name for one in best for name in one.names]
    if (name := talk.book.get(normalise(text))) is not None:
        names.append(name)
    if _is_said(text, talk.said, best):
        origin: Origin = {"provenance": "user", "source": "your words"}
    elif name is not None:
        origin = {"provenance": str(Provenance.OWN), "source": f"your address book {name}".strip()}
    elif best:
        origin = {"provenance": str(best[0].provenance), "source": best[0].source}
    else:
        return _written(talk)
    known = origin["provenance"] == "user"
    if _has_twin(text, names, talk) and not known:
        return {**origin, "picked": "outside", "source": "one of several people of this name"}
    if talk.floor is not Provenance.OUTSIDE or _is_meant(text, names, best, talk):
        return origin
    return {**origin, "picked": str(talk.floor)}


def _has_twin(text: str, names: Sequence[str], talk: Conversation) -> bool:
    """Two people of one name in the results are told apart by their addresses alone."""
    local = set(plain(text.partition("@")[0]).split())
    mine = [name for name in names if name and set(plain(name).split()) <= local]
    return any(talk.people.get(name, set()) - {normalise(text)} for name in mine)


def _is_meant(text: str, names: Sequence[str], best: Sequence[Known], talk: Conversation) -> bool:
    """By their address or name, where the user asks for somebody to be reached; or as one of the guests
    of an event that the user named.
    """
    asking = asking_clauses((Effect.SEND, Effect.INVITE), talk.request)
    if is_addressed(text, names, [*asking, *talk.request[1:]]) or _is_channel(text, asking):
        return True
    person = "@" in text or any(map(str.isdigit, text))  # a channel's name may be spoken of only
    if person and is_addressed(text, (), talk.request):
        return True
    guests = asks_for_guests(talk.request) and any(one.provenance is Provenance.OWN for one in best)
    return guests and bool(is_named(names, talk.request, talk.rivals(best)))


def _is_said(text: str, said: Sequence[Spoken], best: Sequence[Known]) -> bool:
    return any(one.provenance is Provenance.USER for one in best) or any(
        one.holds(text) for one in said
    )


def _is_channel(text: str, asking: Sequence[Spoken]) -> bool:
    """Channels and spaces are no people: what the user calls by its name is meant."""
    name = plain(text)
    person = "@" in text or any(map(str.isdigit, text))
    return not person and any(f" {name} " in f" {plain(one.own)} " for one in asking)


def _written(talk: Conversation) -> Origin:
    return {
        "provenance": str(Provenance.DERIVED),
        "inherits": str(talk.floor),
        "source": "written by the model",
    }


def _chosen(
    kind: Provenance, source: str, names: Sequence[str], talk: Conversation, best: Sequence[Known]
) -> Origin:
    """A value that a result holds. Who chose it counts too, where the model has read outside text."""
    every = (*names, *(name for one in best for name in one.names))
    named = is_named(every, talk.request) or next(
        (n for name in names if (n := names_person(name, talk.request))), ""
    )
    if named:
        return {"provenance": str(kind), "source": f"{source}: {named[:80]}"}
    if talk.floor is Provenance.OUTSIDE and kind in (Provenance.OWN, Provenance.SYSTEM):
        return {"provenance": str(kind), "source": source, "picked": str(talk.floor)}
    return {"provenance": str(kind), "source": source}


def _of_target(text: str, talk: Conversation, effect: Effect, thing: Thing | None) -> Origin:
    """What the user pointed at now is theirs; a thing that the model pointed at is as it is owned.

    Where outside text was read, they must point at it where they ask for the action, on its day.
    """
    best, asking = talk.best(text), talk.request
    if talk.floor is Provenance.OUTSIDE and effect in _ACTED_ON:
        asking = asking_clauses(_ACTED_ON[effect], talk.request)
    elsewhen = effect is Effect.DELETE and thing and _is_another_day(thing, talk.request)
    if _points(text, asking) and not elsewhen:
        return {"provenance": "user", "source": "your words"}
    names = (*(thing.names if thing else ()), *(name for one in best for name in one.names))
    named = "" if elsewhen else is_named(names, asking, talk.rivals(best))
    if named:
        return {"provenance": "user", "source": f"you named it: {named[:80]}"}
    if field_name := is_the_one(text, talk.window, talk.request):
        return {"provenance": "user", "source": f"as you asked, by its {field_name}"}
    if thing is not None:
        return _chosen(thing.owner, "a thing you did not name", (), talk, ())
    if best and best[0].provenance is not Provenance.USER:
        return _chosen(best[0].provenance, best[0].source, (), talk, ())
    return _written(talk)


def _is_another_day(thing: Thing, request: Sequence[Spoken]) -> bool:
    days = {day for one in request for day in days_in(one)}
    return bool(thing.day and days) and thing.day not in days


def _names_of(
    found: Sequence[Traced], talk: Conversation, things: Mapping[str, Thing]
) -> dict[str, tuple[str, ...]]:
    """By what names the user may call whom and what the call acts on."""
    names: dict[str, tuple[str, ...]] = {}
    for one in found:
        if one.kind in (Kind.RECIPIENT, Kind.TARGET):
            thing, book = things.get(one.value), talk.book.get(normalise(one.value), "")
            known = (name for many in talk.best(one.value) for name in many.names)
            names[one.value] = (*(thing.names if thing else ()), *known, *([book] if book else ()))
    return names


def _of_reached(text: str, thing: Thing, talk: Conversation, effect: Effect) -> Origin:
    """Whoever a thing brings with it is as that thing is, unless the user knows them.

    An answer reaches whom the user wants to answer, also one who writes for the first time, if nobody
    else is called so.
    """
    best = talk.best(text)
    answers = effect is Effect.SEND and talk.floor is Provenance.OUTSIDE
    asking = asking_clauses((Effect.SEND,), talk.request)
    if _is_said(text, talk.said, best):
        origin: Origin = {"provenance": "user", "source": "your words"}
        named = is_named(thing.names, asking) or _is_meant(text, thing.names[:1], best, talk)
        return {**origin, "picked": str(talk.floor)} if answers and not named else origin
    alone = text in talk.alone and not _has_twin(text, thing.names[:1], talk)
    if alone and is_addressed(text, thing.names[:1], [*asking, *talk.request[1:]]):
        return {"provenance": "user", "source": "you named who wrote this"}
    if (name := talk.book.get(normalise(text))) is not None:
        return _chosen(Provenance.OWN, "your address book", (name, *thing.names), talk, best)
    return _chosen(thing.owner, "those whom it reaches", thing.names, talk, ())


def _points(text: str, request: Sequence[Spoken]) -> bool:
    """A bare number points at a thing only where the user called it a number or quoted it."""
    if not text.strip().isdigit():
        return any(one.holds(text) for one in request)
    quoted = (f"'{text}'", f'"{text}"')
    forms = [f" {word} {text} " for word in _ID_WORDS]
    return any(
        any(q in one.own for q in quoted) or any(f in one.run for f in forms) for one in request
    )


def _links(one: Traced, talk: Conversation) -> list[Traced]:
    """Addresses of links inside a text that the user did not write as a whole."""
    if one.kind not in _WORDS or one.origin["provenance"] == "user":
        return []
    return [
        Traced(one.argument, Kind.LINK, link, _origin(link, Kind.LINK, talk, Effect.SEND))
        for link in dict.fromkeys(found.text for found in addresses_in(rejoined(one.value)))
    ]


def _request(effect: Effect, talk: Conversation) -> Origin:
    word = asked_for(effect, talk.request)
    if word:
        return {"provenance": "user", "source": f"you asked: {word!r}"}
    return {**_written(talk), "source": "you did not ask for it"}

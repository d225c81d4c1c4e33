"""Where each value of a proposed call came from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from langchain_core.messages import BaseMessage, HumanMessage

from zantara.gate.addressing import asks_for_guests, is_addressed
from zantara.gate.kinds import Effect, Kind
from zantara.gate.naming import Thing, is_named, is_the_one, names_person
from zantara.gate.provenance import Origin, Provenance, lowest, weakest
from zantara.gate.requests import asked_for, is_composed
from zantara.gate.values import Known, known_values, leaves, lowest_in, tokens_of
from zantara.gate.wording import Spoken, current_request, said_at, spoken_in
from zantara.language import normalise, plain

__all__ = ["Conversation", "Traced", "origins_of", "trace", "wanted_values"]

_TRUSTED = (Provenance.USER, Provenance.SYSTEM, Provenance.OWN, Provenance.OUTSIDE)
_DAY = timedelta(days=1)
_LENGTH_OF_A_DAY = len("2026-01-31")
_ID_WORDS = ("id", "ids", "no", "number", "nomor", "numero", "#")


@dataclass(frozen=True, slots=True)
class Traced:
    """One value of a call. argument: the call's own, or `request` for the action as such."""

    argument: str
    kind: Kind
    value: str
    origin: Origin


@dataclass(frozen=True)
class Conversation:
    """Everything that values are traced in.

    window: the thread's latest messages. earlier: what the transcript knows of the values. facts: the
    user's memory, each with how far it is trusted. book: addresses of the user's own (themselves, their
    address book, people they have written to) with a name. edited: what the user typed into this call.
    me: the user's name.
    """

    window: Sequence[BaseMessage]
    earlier: Sequence[Known] = ()
    facts: Sequence[tuple[str, Provenance]] = ()
    book: Mapping[str, str] = field(default_factory=dict)
    edited: frozenset[str] = frozenset()
    me: str = ""

    @cached_property
    def floor(self) -> Provenance:
        """The lowest trust in the prompt of the model that asks."""
        return lowest((lowest_in(self.window), *(kind for _text, kind in self.facts)))

    @cached_property
    def request(self) -> list[Spoken]:
        """What the user asks for now."""
        return current_request(self.window)

    @cached_property
    def said(self) -> list[Spoken]:
        """All that the user has said in the window."""
        return [spoken_in(m) for m in self.window if isinstance(m, HumanMessage)]

    @cached_property
    def known(self) -> dict[str, list[Known]]:
        """Values by their normalised form."""
        found: dict[str, list[Known]] = {}
        remembered = [
            Known(token, kind, "your memory", "")
            for text, kind in self.facts
            for token in tokens_of(text)
        ]
        for one in (*self.earlier, *remembered, *known_values(self.window)):
            found.setdefault(one.value, []).append(one)
        return found

    def says(self, value: str) -> bool:
        """Whether the user has said it, in this window."""
        return any(one.holds(value) or value in one.values for one in self.said)

    @cached_property
    def people(self) -> dict[str, set[str]]:
        """The addresses that stand beside each name in the window's results."""
        found: dict[str, set[str]] = {}
        for many in self.known.values():
            for one in many:
                for name in one.names if "@" in one.value and " " not in one.value else ():
                    found.setdefault(name, set()).add(one.value)
        return found

    def rivals(self, best: Sequence[Known]) -> set[tuple[str, ...]]:
        """The other things of the results that told of a value, by their names."""
        sources, own = {one.source for one in best}, {one.names for one in best}
        return {
            one.names
            for many in self.known.values()
            for one in many
            if one.names and one.source in sources and one.names not in own
        }

    def best(self, value: str) -> list[Known]:
        """Who brought the value in, of those that are trusted most."""
        found = self.known.get(normalise(value), [])
        kind = next((k for k in _TRUSTED if any(one.provenance is k for one in found)), None)
        return [one for one in found if one.provenance is kind]


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
) -> list[Traced]:
    """Each value with its origin, by whole normalised value.

    things: what a preview found each target to be. reached: who else the call would reach, with what
    they belong to. What nobody brought in was written by the model: derived, with the lowest trust of
    its prompt.
    """
    found: list[Traced] = []
    for name, value in args.items():
        kind = kinds.get(name, Kind.TEXT)
        for _path, text in leaves(value):
            found.append(Traced(name, kind, text, _origin(text, kind, talk, things or {})))
    found = _counted(found)
    found += [
        Traced("reaches", Kind.RECIPIENT, text, _of_reached(text, thing, talk))
        for text, thing in (reached or {}).items()
    ]
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


def _origin(text: str, kind: Kind, talk: Conversation, things: Mapping[str, Thing]) -> Origin:
    if normalise(text) in talk.edited:
        return {"provenance": "user", "source": "your edit"}
    if kind is Kind.TARGET:
        return _of_target(text, talk, things.get(text))
    if kind is Kind.RECIPIENT:
        return _of_recipient(text, talk)
    if kind is Kind.TIME:
        text = _placed(text, talk.window)
    best = talk.best(text)
    if _is_said(text, talk.said, best) or (
        kind is Kind.TEXT and is_composed(text, talk.request, me=talk.me)
    ):
        return {"provenance": "user", "source": "your words"}
    if best:
        return _chosen(best[0].provenance, best[0].source, best[0].names, talk, best)
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
    """By their address or name; or as one of the guests of an event that the user named."""
    if is_addressed(text, names, talk.request) or _is_channel(text, talk):
        return True
    guests = asks_for_guests(talk.request) and any(one.provenance is Provenance.OWN for one in best)
    return guests and bool(is_named(names, talk.request, talk.rivals(best)))


def _is_said(text: str, said: Sequence[Spoken], best: Sequence[Known]) -> bool:
    return any(one.provenance is Provenance.USER for one in best) or any(
        one.holds(text) for one in said
    )


def _is_channel(text: str, talk: Conversation) -> bool:
    """Channels and spaces are no people: what the user calls by its name is meant."""
    name = plain(text)
    person = "@" in text or any(map(str.isdigit, text))
    return not person and any(f" {name} " in f" {plain(one.own)} " for one in talk.request)


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


def _of_target(text: str, talk: Conversation, thing: Thing | None) -> Origin:
    """What the user pointed at now is theirs; a thing that the model pointed at is as it is owned."""
    best = talk.best(text)
    if _points(text, talk.request):
        return {"provenance": "user", "source": "your words"}
    names = (*(thing.names if thing else ()), *(name for one in best for name in one.names))
    if named := is_named(names, talk.request, talk.rivals(best)):
        return {"provenance": "user", "source": f"you named it: {named[:80]}"}
    if field_name := is_the_one(text, talk.window, talk.request):
        return {"provenance": "user", "source": f"as you asked, by its {field_name}"}
    if thing is not None:
        return _chosen(thing.owner, "a thing you did not name", (), talk, ())
    if best and best[0].provenance is not Provenance.USER:
        return _chosen(best[0].provenance, best[0].source, (), talk, ())
    return _written(talk)


def _of_reached(text: str, thing: Thing, talk: Conversation) -> Origin:
    """Whoever a thing brings with it is as that thing is, unless the user knows them."""
    best = talk.best(text)
    if _is_said(text, talk.said, best):
        return {"provenance": "user", "source": "your words"}
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


def _counted(found: Sequence[Traced]) -> list[Traced]:
    """An end that follows from a beginning which the user said is theirs too."""
    said = [
        when
        for one in found
        if one.kind is Kind.TIME and one.origin["provenance"] == "user" and (when := _moment(one))
    ]
    return [
        Traced(one.argument, one.kind, one.value, {"provenance": "user", "source": "your time"})
        if one.kind is Kind.TIME
        and one.origin["provenance"] != "user"
        and _follows(_moment(one), said)
        else one
        for one in found
    ]


def _placed(text: str, window: Sequence[BaseMessage]) -> str:
    """A time without an offset is the user's own."""
    stamp = next((at for m in reversed(window) if (at := said_at(m))), None)
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return text
    if stamp is None or when.tzinfo is not None or len(text.strip()) <= _LENGTH_OF_A_DAY:
        return text
    return when.replace(tzinfo=stamp.tzinfo).isoformat()


def _moment(one: Traced) -> datetime | None:
    try:
        return datetime.fromisoformat(one.value)
    except ValueError:
        return None


def _follows(when: datetime | None, said: Sequence[datetime]) -> bool:
    return when is not None and any(
        timedelta() < when - begin <= _DAY
        for begin in said
        if (when.tzinfo is None) == (begin.tzinfo is None)
    )


def _links(one: Traced, talk: Conversation) -> list[Traced]:
    """Addresses of links inside a text that the user did not write as a whole."""
    if one.kind not in (Kind.TEXT, Kind.LABEL) or one.origin["provenance"] == "user":
        return []
    return [
        Traced(one.argument, Kind.LINK, link, _origin(link, Kind.LINK, talk, {}))
        for link in tokens_of(one.value)
        if "://" in link or link.startswith("www")
    ]


def _request(effect: Effect, talk: Conversation) -> Origin:
    word = asked_for(effect, talk.request)
    if word:
        return {"provenance": "user", "source": f"you asked: {word!r}"}
    return {**_written(talk), "source": "you did not ask for it"}

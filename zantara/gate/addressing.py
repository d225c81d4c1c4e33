"""Whom the user wants to reach: "write to Anna" reaches Anna, "the mail from Eve" nobody."""

import re
from collections.abc import Iterable, Sequence

from zantara.gate.lexicon import reaching
from zantara.gate.wording import ADDRESS, PHONE, Spoken
from zantara.language import fold, normalise

__all__ = ["asks_for_guests", "is_addressed"]

_TOKEN = re.compile(r"[\w.+-]+@[\w.-]*\w|\+\d{8,15}|\w[\w'’]*|[,;:.!?()\n]")
_STOPS = ".;!?\n"
_FEWEST = 3  # letters of a name


def is_addressed(address: str, names: Iterable[str], request: Sequence[Spoken]) -> bool:
    """Whether the user asks for this person to be reached, by the address or by one of the names.

    The newest message in which anybody is to be reached decides. A message that goes on ("answer her")
    takes the one person of the message before.
    """
    wanted = {fold(address), normalise(address)} | _words(names)
    for spoken in request:
        tokens = _TOKEN.findall(PHONE.sub(lambda m: f" {normalise(m.group())} ", spoken.own))
        lower = spoken.own == spoken.own.lower()
        places = [
            n
            for n, token in enumerate(tokens)
            if _bare(token) in wanted and (lower or _is_person(token))
        ]
        if any(_reached(tokens, place) for place in places):
            return True
        others = {fold(t) for t in tokens if _is_address(t)} - wanted
        if others or any(_is_person(t) and _reached(tokens, n) for n, t in enumerate(tokens)):
            return False
        if spoken is not request[0] and places:
            return True
        if any(_is_address(tokens[n]) for n in places):
            return not all(_is_origin(tokens, n) for n in places)
    return False


def asks_for_guests(request: Sequence[Spoken]) -> bool:
    """Whether the user speaks of an event's people together."""
    guests = reaching("guests")
    return any(guests & set(re.findall(r"\w+", fold(one.own))) for one in request)


def _reached(tokens: Sequence[str], place: int) -> bool:
    """Back over other people and what stands between them, to the word that says so."""
    dictated = False
    for token in reversed(tokens[:place]):
        word = fold(token)
        if dictated and word not in reaching("before") and word not in reaching("between"):
            return False  # what stands behind the colon is what is to be told
        dictated = word == ":"
        if word in reaching("before"):
            return True
        if word in reaching("from") or token in _STOPS:
            return False
        if not (word in reaching("between") or _is_person(token) or token in (",", ":", "(")):
            return False
    return False


def _bare(token: str) -> str:
    return fold(token).strip(".'").removesuffix("'s")


def _is_origin(tokens: Sequence[str], place: int) -> bool:
    return place > 0 and fold(tokens[place - 1]) in reaching("from")


def _is_person(token: str) -> bool:
    return _is_address(token) or token[:1].isupper()


def _is_address(token: str) -> bool:
    return bool(ADDRESS.fullmatch(token)) or token.startswith("+")


def _words(names: Iterable[str]) -> set[str]:
    """The words that people are called by: no mail's subject is one."""
    found = (word for name in names for word in re.findall(r"\w+", fold(name.partition("<")[0])))
    return {word for word in found if len(word) >= _FEWEST}

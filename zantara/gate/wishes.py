"""The user's wishes, one by one: what they want now, and which value belongs to which of them."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from langchain_core.messages import BaseMessage, HumanMessage

from zantara.gate.lexicon import pattern, reaching, word_list
from zantara.gate.naming import is_named, names_person
from zantara.gate.requests import asks_anything, clauses, takes_back
from zantara.gate.wording import Spoken, goes_on, said_at, spoken_in, spoken_text
from zantara.language import fold, normalise, plain

__all__ = ["Addressee", "are_exchanged", "current_request", "wishes_in"]

_SHORT = 6  # words: a shorter message goes on with the one before it
_LONGEST_CHAIN = 3
_FEWEST = 2  # words: with fewer a wish says nothing of its own
_WORD = re.compile(r"[\w.+-]+@[\w.-]*\w|[\w'’]+")


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom or what a call acts on, with the names by which the user may have called them."""

    value: str
    names: tuple[str, ...]
    person: bool

    def is_in(self, wish: Spoken) -> bool:
        if wish.holds(self.value) or normalise(self.value) in wish.values:
            return True
        if f" {plain(self.value)} " in f" {plain(wish.own)} ":
            return True
        if self.person:
            return any(names_person(name, [wish]) for name in self.names)
        return bool(is_named(self.names, [wish]))


def current_request(window: Sequence[BaseMessage]) -> list[Spoken]:
    """What the user asks now, newest first: their last message, and those that it goes on from.

    A short message ("yes", "to Anna") or one with "it" or "that" goes on from the one before; older
    requests give no leave for anything now, and neither does one that was taken back.
    """
    chain: list[Spoken] = []
    for spoken in _newest_first(window):
        chain.append(spoken)
        words = fold(spoken.own)
        if (len(words.split()) > _SHORT and not goes_on(words)) or takes_back(spoken):
            break
        if len(chain) == _LONGEST_CHAIN:
            break
    return chain


def _newest_first(window: Sequence[BaseMessage]) -> Iterator[Spoken]:
    return (spoken_in(m) for m in reversed(window) if isinstance(m, HumanMessage))


def wishes_in(window: Sequence[BaseMessage]) -> list[list[Spoken]]:
    """The wishes of each message of the current request, where it holds several.

    A new one begins where an action is asked of somebody or something called by name, or where such a
    name goes on from a wish that is whole: "invite Made on Monday about X, and Wayan on Friday".
    """
    messages = [m for m in reversed(window) if isinstance(m, HumanMessage)]
    messages = messages[: len(current_request(window))]
    found = [
        _wishes(spoken_in(m).own, at.isoformat() if (at := said_at(m)) else "") for m in messages
    ]
    return [wishes for wishes in found if len(wishes) > 1]


def _wishes(own: str, stamp: str) -> list[Spoken]:
    lower = own == own.lower()
    texts: list[str] = []
    for joint, clause in clauses(own):
        asks = asks_anything(spoken_text(clause)) and (lower or _calls(clause))
        goes_on_elsewhere = (
            bool(texts)
            and bool(joint.strip())
            and joint.strip()[:1] not in ".;!?:"
            and clause.strip()[:1].isupper()
            and min(len(_told(texts[-1])), len(_told(clause))) >= 1
        )
        if asks or goes_on_elsewhere:
            texts.append(clause)
        elif texts:
            texts[-1] += joint + clause
    return [spoken_text(text, stamp) for text in texts]


def _calls(clause: str) -> bool:
    """Whether it calls anybody or anything by name, beside its first word."""
    return any(
        word[:1].isupper() or "@" in word or word.isdigit() for word in _WORD.findall(clause)[1:]
    )


def _told(text: str, but: frozenset[str] = frozenset()) -> list[str]:
    """The words of a wish that are more than names and what stands between them."""
    idle = word_list("small") | reaching("before") | reaching("between") | reaching("from")
    return [
        word
        for word in _WORD.findall(text)
        if fold(word) not in idle and (fold(word) not in but if but else not word[:1].isupper())
    ]


def are_exchanged(
    value: str,
    holds: Callable[[Spoken], bool],
    whom: Addressee,
    wishes: Sequence[Sequence[Spoken]],
    *,
    own: Callable[[Spoken], bool] | None = None,
) -> bool:
    """Whether the user said `value` in one wish and called `whom` in another, which has its own.

    own: whether a wish has such a value of its own; without it, whether it says anything at all.
    A wish of somebody without a name ("and tell her") can be of anybody.
    """
    names = frozenset(fold(w) for one in (whom.value, *whom.names) for w in re.findall(r"\w+", one))
    for several in wishes:
        theirs = [one for one in several if whom.is_in(one)]
        said = [one for one in several if holds(one)]
        if not theirs or not said or any(one in theirs for one in said):
            continue
        open_to_all = any(pattern("somebody").search(_without(one.own, value)) for one in said)
        full = own or (lambda one: len(_told(one.own, names)) >= _FEWEST)
        if not open_to_all and all(full(one) for one in theirs):
            return True
    return False


def _without(text: str, value: str) -> str:
    return re.sub(r"\W+".join(map(re.escape, value.split())), " ", text, flags=re.IGNORECASE)

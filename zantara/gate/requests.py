"""Whether the user asked for an action at all: its words are data, in all three languages at once."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from zantara.gate.kinds import Effect
from zantara.gate.lexicon import lexicon, pattern, word_list
from zantara.gate.wording import Spoken, goes_on, spoken_text
from zantara.language import fold

__all__ = [
    "Superlative",
    "asked_for",
    "asking_clauses",
    "asks_anything",
    "clauses",
    "is_composed",
    "superlatives",
    "takes_back",
]

_FEW = 6
_PARTS = re.compile(r"([^\n!?]+?)([\n!?]+|\.(?=\s|\Z)|\Z)")
_GREETING = re.compile(r"\A[^,.!?\n]{1,60},(?=[ \t]+\S)")
_ACTS = (Effect.CREATE, Effect.CHANGE, Effect.DELETE, Effect.SEND)
_JOINTS = (",", "and", "e", "ed", "dan", "serta")
_CLAUSES = re.compile(
    r"([.;!?:\n]+(?:\s|\Z)|,\s|\b(?:then|but|and|e|ed|poi|ma|pero|lalu|terus|trus|tapi|dan|serta)\b)",
    re.IGNORECASE,
)
_OF_EFFECT = {Effect.INVITE: ("create", "change", "send")}
_CLAUSE_END = re.compile(r"[.;:!?,\n]+(?=\s|$)")


class Part(NamedTuple):
    """A sentence of a text, and what it ends with."""

    text: str
    end: str


@dataclass(frozen=True, slots=True)
class Superlative:
    """ "the largest", say: of a list the thing with the most, or the least, of one of these fields."""

    most: bool
    fields: tuple[str, ...]


def asked_for(effect: Effect, request: Sequence[Spoken]) -> str:
    """The user's word for such an action; empty where they asked for none, or asked not to."""
    for spoken in request:
        text = _form(spoken.own)
        for found in _pattern(effect).finditer(text):
            if not _refused(text, found) and not _only_asked(text, found):
                return found.group().strip()
    return ""


def asking_clauses(effects: Sequence[Effect], request: Sequence[Spoken]) -> list[Spoken]:
    """The clauses in which the user asks for one of the effects: what is spoken of beside them is not
    what they ask it for. "It" speaks of what came before.
    """
    found: list[Spoken] = []
    for spoken in request:
        parts = _CLAUSES.split(spoken.own)  # clause, joint, clause, ...
        active, begin, end = False, -1, 0
        before: list[Spoken] = []
        for number in range(0, len(parts), 2):
            clause = parts[number]
            joined = number > 0 and fold(parts[number - 1].strip()) in _JOINTS
            said = [spoken_text(clause)]
            asks = any(asked_for(effect, said) for effect in effects)
            other = not asks and any(asked_for(effect, said) for effect in _ACTS)
            active = asks or (active and joined and not other)
            if active:
                begin = number if begin < 0 else begin
                end = number
                if number and goes_on(clause):
                    before.append(spoken_text("".join(parts[:number])))
            if begin >= 0 and (not active or number + 2 > len(parts) - 1):
                found += [spoken_text("".join(parts[begin : end + 1])), *before]
                begin, before = -1, []
    return found


def clauses(text: str) -> list[tuple[str, str]]:
    """(what joins it to the one before, clause), in order."""
    parts = _CLAUSES.split(text)
    return list(zip(["", *parts[1::2]], parts[::2], strict=True))


def asks_anything(clause: Spoken) -> bool:
    """Whether an action is asked for in it."""
    return any(asked_for(effect, [clause]) for effect in _ACTS)


def is_composed(text: str, request: Sequence[Spoken], *, me: str = "") -> bool:
    """Whether a text says what the user dictated and nothing else but a greeting and a close.

    Each of its sentences is a run of the user's words, or made of courtesies and words that they said.
    me: the name that they sign with.
    """
    said = {word for one in request for word in _words(one.own)} | set(_words(me))
    greeted = _GREETING.match(text)
    if greeted and _is_courtesy(greeted.group(), said):
        text = f"{greeted.group()}\n{text[greeted.end() :]}"
    parts = [Part(*m.groups()) for m in _PARTS.finditer(text) if m.group(1).strip()]
    polite = [_is_courtesy(part.text, said) for part in parts]
    dictated = [any(_dictates(one, [part]) for one in request) for part in parts]
    if any(dictated) and all(map(any, zip(polite, dictated, strict=True))):
        return True
    begin = polite.index(False) if False in polite else 0
    end = len(parts) - (polite[::-1].index(False) if False in polite else 0)
    return any(_dictates(one, parts[first:end]) for first in range(begin + 1) for one in request)


def _dictates(spoken: Spoken, parts: Sequence[Part]) -> bool:
    """Whether the sentences are one run of the user's; what they asked is told to nobody as a fact."""
    if len(parts) == 1:
        wanted = parts[0].text.strip(" ,;:-")
    else:
        wanted = " ".join(re.findall(r"\w+", " ".join(part.text for part in parts)))
    asks = bool(parts) and "?" in parts[-1].end
    return bool(wanted) and spoken.dictates(wanted, asks=asks)


def _is_courtesy(part: str, said: set[str]) -> bool:
    """Few words, one of them a courtesy or all of them the user's, and no figure among them."""
    words = _words(part)
    polite = word_list("courtesy")
    return (
        len(words) <= _FEW and not any(map(str.isdigit, part)) and (polite | said).issuperset(words)
    )


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", fold(text))


def superlatives(request: Sequence[Spoken]) -> list[Superlative]:
    """How the user points at one thing of a list."""
    text = " | ".join(_form(spoken.own) for spoken in request)
    return [kind for words, kind in _superlatives() if words.search(text)]


def _form(text: str) -> str:
    """Folded words, a bar where a clause ends."""
    marked = _CLAUSE_END.sub(
        lambda end: " | ? | " if "?" in end.group() else " | ", fold(text).replace("|", " ")
    )
    return " ".join(re.findall(r"\w+|\||\?(?= \|)", marked))


def _only_asked(text: str, found: re.Match[str]) -> bool:
    """A question about an action asks for none, unless it is put to the assistant; "who" never is."""
    begin, end = text.rfind("|", 0, found.start()) + 1, text.find("|", found.end())
    clause = text[begin : end if end >= 0 else len(text)].strip()
    if pattern("who").match(clause):
        return True
    return text[end + 1 : end + 3] == " ?" and not pattern("put_to_you").search(clause)


def _refused(text: str, found: re.Match[str]) -> bool:
    """With a no, done by the user, wished by somebody else, or said in jest."""
    before, after = text[: found.start()].rpartition("|")[2], text[found.end() :].partition("|")
    return (
        _negated(before)
        or bool(pattern("others").search(before))
        or bool(re.search(rf"\b(?:{lexicon()['i_do']}) ?\Z", before))
        or bool(pattern("myself").search(after[0]))
        or bool(pattern("joke").match(after[2].strip()))
    )


def takes_back(spoken: Spoken) -> bool:
    """Whether a message only takes back what was asked before it: "no, don't", "forget it"."""
    text = _form(spoken.own)
    if pattern("agrees").match(text) or asks_anything(spoken):
        return False
    if any(pattern("taken_back").match(clause.strip()) for clause in text.split("|")):
        return True
    every = (found for effect in _ACTS for found in _pattern(effect).finditer(text))
    return any(_negated(text[: found.start()]) for found in every)


def _negated(before: str) -> bool:
    clause = before.rpartition("|")[2]
    return bool(pattern("negations").search(" ".join(clause.split()[-3:])))


@cache
def _pattern(effect: Effect) -> re.Pattern[str]:
    names = _OF_EFFECT.get(effect, (str(effect),))
    rows = [row for name in names for words in lexicon().get(name, {}).values() for row in words]
    return re.compile("|".join(rf"\b(?:{row})\b" for row in rows) or r"(?!)")


@cache
def _superlatives() -> list[tuple[re.Pattern[str], Superlative]]:
    return [
        (
            re.compile(rf"\b(?:{one['words']})\b"),
            Superlative("most" in one, tuple(one.get("most") or one["least"])),
        )
        for one in lexicon()["superlatives"]
    ]

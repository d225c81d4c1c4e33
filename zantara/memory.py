"""What a user wants remembered, and what was said in their threads: per user, in the LangGraph store.

Facts are few: at most ten, no two alike, the newest kept. Beside them stands one row for each turn that
has ended, whatever thread it was in, so that "what did we say about ..." finds it.
"""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from langgraph.store.base import BaseStore

from zantara.identity import store_label

__all__ = [
    "LONGEST_FACT",
    "MOST_FACTS",
    "Fact",
    "Found",
    "TurnNote",
    "facts",
    "forget",
    "note_turn",
    "said_between",
    "save",
    "search",
    "turns",
]

MOST_FACTS = 10
LONGEST_FACT = 500
_LONGEST_SAID = 2_000
_SEARCHED = 2_000
_FACT_BONUS = 1.5
_ALIKE = 0.84  # below it multilingual-e5-small calls almost any two sentences alike

Alike = Callable[[str, Sequence[str]], list[float]]


@dataclass(frozen=True, slots=True)
class Fact:
    """Something to remember; saved: ISO 8601. lowest: the least trusted class it was made from."""

    id: str
    content: str
    saved: str
    lowest: str = "own"


@dataclass(frozen=True, slots=True)
class TurnNote:
    """One turn that has ended: what was asked, answered and called, and when.

    lowest: the least trusted class of what the answer was made from.
    """

    thread_id: str
    turn: str
    at: str
    asked: str
    answered: str
    calls: tuple[str, ...] = ()
    lowest: str = "user"


@dataclass(frozen=True, slots=True)
class Found:
    """A fact or a turn that bears on a query, with how well it does."""

    score: float
    fact: Fact | None = None
    turn: TurnNote | None = None


async def save(
    store: BaseStore, user: str, content: str, *, now: datetime, lowest: str = "own"
) -> tuple[Fact, list[Fact]]:
    """Remember `content`; the same words again only become newer. Returns the facts dropped for it."""
    fact = Fact(_identity(content), content, now.isoformat(timespec="seconds"), lowest)
    row = {"content": content, "saved": fact.saved, "lowest": lowest}
    await store.aput(_facts(user), fact.id, row)
    known = await facts(store, user)
    dropped = known[MOST_FACTS:]
    for old in dropped:
        await store.adelete(_facts(user), old.id)
    return fact, dropped


async def facts(store: BaseStore, user: str) -> list[Fact]:
    """Newest first."""
    items = await store.asearch(_facts(user), limit=MOST_FACTS * 2)
    found = [Fact(item.key, **item.value) for item in items]
    return sorted(found, key=lambda one: one.saved, reverse=True)


async def forget(store: BaseStore, user: str, fact_id: str) -> bool:
    """Whether the fact was there."""
    known = await store.aget(_facts(user), fact_id)
    if known is not None:
        await store.adelete(_facts(user), fact_id)
    return known is not None


async def note_turn(store: BaseStore, user: str, note: TurnNote) -> None:
    """Write the row of a turn; writing it again changes nothing."""
    row = {**asdict(note), "asked": note.asked[:_LONGEST_SAID]}
    row |= {"answered": note.answered[:_LONGEST_SAID], "calls": list(note.calls)}
    await store.aput(_turns(user), f"{note.thread_id}/{note.turn}", row, index=False)


async def turns(store: BaseStore, user: str, *, limit: int = _SEARCHED) -> list[TurnNote]:
    """Newest first."""
    items = await store.asearch(_turns(user), limit=limit)
    found = [TurnNote(**{**item.value, "calls": tuple(item.value["calls"])}) for item in items]
    return sorted(found, key=lambda one: one.at, reverse=True)


async def search(
    store: BaseStore, user: str, query: str, *, limit: int = 8, alike: Alike | None = None
) -> list[Found]:
    """Facts and turns that share words with the query, in any of the three languages, best first.

    alike: finds facts by their meaning too. With no words to look for, the facts and the newest
    turns.
    """
    from zantara.knowledge import WordMatch

    known, said = await facts(store, user), await turns(store, user)
    texts = [one.content for one in known] + [f"{one.asked} {one.answered}" for one in said]
    scores = WordMatch(texts).scores(query)
    near = (
        await asyncio.to_thread(alike, query, texts[: len(known)]) if alike else [0.0] * len(known)
    )
    found = [
        Found(score * _FACT_BONUS + (like if like >= _ALIKE else 0), fact=one)
        for one, score, like in zip(known, scores[: len(known)], near, strict=True)
    ]
    found += [Found(score, turn=one) for one, score in zip(said, scores[len(known) :], strict=True)]
    if not any(one.score for one in found) and not WordMatch.words(query):
        return found[:limit]
    best = sorted(found, key=lambda one: one.score, reverse=True)
    return [one for one in best if one.score > 0][:limit]


def _identity(content: str) -> str:
    words = " ".join(content.casefold().split())
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def _facts(user: str) -> tuple[str, ...]:
    return ("facts", store_label(user))


def _turns(user: str) -> tuple[str, ...]:
    return ("turns", store_label(user))


def said_between(
    notes: Sequence[TurnNote], begin: datetime | None, end: datetime | None
) -> list[TurnNote]:
    """The turns of a time range, oldest first."""
    found = [
        one
        for one in notes
        if (begin is None or datetime.fromisoformat(one.at) >= begin)
        and (end is None or datetime.fromisoformat(one.at) < end)
    ]
    return sorted(found, key=lambda one: one.at)

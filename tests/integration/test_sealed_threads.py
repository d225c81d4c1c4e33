"""Whole conversations under a key and in strict mode: nothing is missed, nothing can be read beside."""

# ruff: noqa: ASYNC240 - a test may block its own loop

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.serde.event_hooks import register_serde_event_listener

from tests.conftest import Open
from tests.kit import asks, call, decisions, graph_of, on, says, services_of
from zantara.database import StorageError

CREATE = call("calendar_create", summary="Permit review", start="2026-03-18T10:00:00+08:00")
ASK = "Please put the permit review into my calendar."
KEY = "k" * 32


@pytest.fixture
def blocked() -> Iterator[list[Any]]:
    """What strict mode has kept from being revived."""
    events: list[Any] = []
    forget = register_serde_event_listener(events.append)
    yield events
    forget()


async def talk(open_runner: Open) -> None:
    """Two turns, an approval between two processes' worth of runners, and a look back."""
    async with open_runner([says("Hello."), asks(CREATE)]) as runner:
        await runner.ask("Good morning, what can you do?", thread_id="t")
        asked = await runner.ask(ASK, thread_id="t")
        assert [one.tool for one in asked.pending] == ["calendar_create"]
    async with open_runner([says("Done."), says("Gladly.")]) as runner:
        assert await runner.pending("t") == asked.pending
        done = await runner.resume("t", on(asked.pending, decisions("approve")))
        assert (done.answer, [one["status"] for one in done.calls]) == ("Done.", ["done"])
        assert (await runner.ask("Thank you, that was all.", thread_id="t")).answer == "Gladly."
        assert [m.text for m in await runner.history("t") if m.type == "human"][1] == ASK
        graph, config = graph_of(runner, "t")
        assert len([one async for one in graph.aget_state_history(config)]) > 3
        google = services_of(runner).google
        found = await google.run(
            lambda: (
                google.api("calendar", "v3").events().list(calendarId="primary", q="Permit review")
            )
        )
        assert len(found["items"]) == 1


def sealed(home: Path) -> set[bool]:
    connection = sqlite3.connect(home / "checkpoints.sqlite")
    try:
        query = "SELECT type FROM checkpoints UNION SELECT type FROM writes"
        return {str(kind).endswith("+aes") for (kind,) in connection.execute(query)}
    finally:
        connection.close()


async def test_strict_mode_keeps_nothing_from_a_conversation_with_an_approval(
    home: Path, open_runner: Open, blocked: list[Any]
) -> None:
    await talk(open_runner)
    assert blocked == []
    assert sealed(home) == {False}


async def test_a_conversation_with_an_approval_goes_on_under_a_key(
    home: Path, open_runner: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZANTARA_ENCRYPTION_KEY", KEY)
    await talk(open_runner)
    assert sealed(home) == {True}
    files = b"".join(path.read_bytes() for path in home.glob("checkpoints.sqlite*"))
    assert not any(word.encode() in files for word in (ASK, "Permit review", "calendar_create"))


async def test_a_key_set_later_finds_the_thread_and_its_loss_is_told(
    home: Path, open_runner: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_runner([asks(CREATE)]) as runner:
        asked = await runner.ask(ASK, thread_id="t")
    monkeypatch.setenv("ZANTARA_ENCRYPTION_KEY", KEY)
    async with open_runner([says("Done.")]) as runner:
        done = await runner.resume("t", on(asked.pending, decisions("approve")))
        assert done.answer == "Done."
    assert sealed(home) == {True, False}
    monkeypatch.delenv("ZANTARA_ENCRYPTION_KEY")
    with pytest.raises(StorageError, match="ZANTARA_ENCRYPTION_KEY is not set"):
        async with open_runner([]):
            pass
    monkeypatch.setenv("ZANTARA_ENCRYPTION_KEY", KEY)
    async with open_runner([]) as runner:
        assert [m.text for m in await runner.history("t")][-1] == "Done."

"""Checkpoints under a key: what stands in the file, and what another key, or none, gets to see."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import empty_checkpoint
from pydantic import SecretStr

from zantara._storage import open_checkpoints
from zantara.database import StorageError

KEY, OTHER, NONE = SecretStr("k" * 32), SecretStr("o" * 16), SecretStr("")
SHORT, LONG = "The sponsor is Maria.", "The sponsor's letter is missing. " * 300
START: RunnableConfig = {"configurable": {"thread_id": "t", "checkpoint_ns": ""}}


async def put(home: Path, key: SecretStr, said: str) -> None:
    """One checkpoint with what was said, and one pending write of it."""
    async with open_checkpoints(home, key) as saver:
        checkpoint = {**empty_checkpoint(), "channel_values": {"said": said}}
        config = await saver.aput(START, checkpoint, {"step": 1}, {})  # type: ignore[arg-type]
        await saver.aput_writes(config, [("heard", said)], "task")


async def said_in(home: Path, key: SecretStr) -> list[tuple[Any, Any]]:
    async with open_checkpoints(home, key) as saver:
        return [
            (one.checkpoint["channel_values"]["said"], (one.pending_writes or [])[0][2])
            async for one in saver.alist(START)
        ]


def rows(home: Path) -> list[tuple[Any, ...]]:
    connection = sqlite3.connect(home / "checkpoints.sqlite")
    try:
        found = connection.execute("SELECT type, checkpoint FROM checkpoints ORDER BY rowid")
        kept = found.fetchall()
        return kept + connection.execute("SELECT type, value FROM writes ORDER BY rowid").fetchall()
    finally:
        connection.close()


def stored(home: Path) -> bytes:
    return b"".join(path.read_bytes() for path in home.glob("checkpoints.sqlite*"))


async def test_nothing_that_was_said_stands_in_the_file_under_a_key(tmp_path: Path) -> None:
    for name, key in (("plain", NONE), ("sealed", KEY)):
        await put(tmp_path / name, key, SHORT)
        await put(tmp_path / name, key, LONG)
    assert SHORT.encode() in stored(tmp_path / "plain")
    assert SHORT.encode() not in stored(tmp_path / "sealed")
    assert await said_in(tmp_path / "sealed", KEY) == [(LONG, LONG), (SHORT, SHORT)]


async def test_what_is_sealed_was_squeezed_before(tmp_path: Path) -> None:
    await put(tmp_path, KEY, LONG)
    assert all(len(blob) < len(LONG) / 5 for _kind, blob in rows(tmp_path))


async def test_what_was_written_plain_stays_readable_and_what_follows_is_sealed(
    tmp_path: Path,
) -> None:
    for said in (SHORT, LONG):
        await put(tmp_path, NONE, said)
    before = rows(tmp_path)
    await put(tmp_path, KEY, SHORT)
    assert await said_in(tmp_path, KEY) == [(SHORT, SHORT), (LONG, LONG), (SHORT, SHORT)]
    after = rows(tmp_path)
    assert set(before) < set(after)
    assert all(kind.endswith("+aes") for kind, _blob in set(after) - set(before))


@pytest.mark.parametrize("key", [NONE, OTHER], ids=["without", "with another"])
async def test_a_sealed_folder_is_refused_without_its_key_and_loses_nothing(
    tmp_path: Path, key: SecretStr
) -> None:
    await put(tmp_path, KEY, LONG)
    before = rows(tmp_path)
    with pytest.raises(StorageError, match="ZANTARA_ENCRYPTION_KEY") as error:
        await put(tmp_path, key, SHORT)
    assert str(tmp_path) in str(error.value)
    assert not any(one.get_secret_value() in str(error.value) for one in (KEY, OTHER))
    assert rows(tmp_path) == before
    assert await said_in(tmp_path, KEY) == [(LONG, LONG)]


@pytest.mark.parametrize("changed", [b"", b"x", b"x" * 400], ids=["empty", "cut", "other"])
async def test_a_sealed_row_that_was_changed_is_refused(tmp_path: Path, changed: bytes) -> None:
    await put(tmp_path, KEY, SHORT)
    await put(tmp_path, KEY, LONG)
    connection = sqlite3.connect(tmp_path / "checkpoints.sqlite")
    with connection:
        connection.execute("UPDATE checkpoints SET checkpoint = ? WHERE rowid = 1", (changed,))
    connection.close()
    with pytest.raises(StorageError, match="changed since"):
        await said_in(tmp_path, KEY)

"""A row of the checkpoints that names a class of somebody else: it is data, and nothing is imported."""

# ruff: noqa: ASYNC240 - a test may block its own loop

import json
import sqlite3
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ormsgpack
import pytest
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import empty_checkpoint
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.types import Command, Interrupt, Overwrite, Send

from zantara._storage import open_checkpoints

START: RunnableConfig = {"configurable": {"thread_id": "t", "checkpoint_ns": ""}}
TRAP = """
from pathlib import Path

Path(__file__).with_name("imported").touch()


class Trap(dict):
    def __init__(self, *args, **kwargs):
        super().__init__(made=True)

    make = __init__
"""
# msgpack extension code of LangGraph -> how it would be called
WAYS = {
    0: ("trap", "Trap", "bait"),
    1: ("trap", "Trap", ["bait"]),
    2: ("trap", "Trap", {"bait": 1}),
    3: ("trap", "Trap", "bait", "make"),
    4: ("trap", "Trap", {"bait": 1}),
    5: ("trap", "Trap", {"bait": 1}, "model_validate_json"),
}


@pytest.fixture
def trap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A module that leaves a mark where it is imported, and the mark."""
    folder = tmp_path / "foreign"
    folder.mkdir()
    (folder / "trap.py").write_text(TRAP)
    monkeypatch.syspath_prepend(folder)
    yield folder / "imported"
    sys.modules.pop("trap", None)


def bait(way: int) -> bytes:
    return ormsgpack.packb(ormsgpack.Ext(way, ormsgpack.packb(WAYS[way])))


async def read(home: Path, kind: str, blob: bytes) -> Any:
    """What comes back of a pending write in whose place somebody has put this row."""
    async with open_checkpoints(home) as saver:
        config = await saver.aput(START, empty_checkpoint(), {"step": 1}, {})
        await saver.aput_writes(config, [("channel", "value")], "task")
    connection = sqlite3.connect(home / "checkpoints.sqlite")
    with connection:
        connection.execute("UPDATE writes SET type = ?, value = ?", (kind, blob))
    connection.close()
    async with open_checkpoints(home) as saver:
        found = await saver.aget_tuple(START)
    assert found is not None and found.pending_writes
    return found.pending_writes[0][2]


@pytest.mark.parametrize("way", WAYS)
async def test_a_foreign_class_is_not_imported(tmp_path: Path, trap: Path, way: int) -> None:
    assert await read(tmp_path, "msgpack", bait(way)) == json.loads(json.dumps(WAYS[way][2]))
    assert not trap.exists()
    assert "trap" not in sys.modules


@pytest.mark.parametrize("way", [0, 1, 2, 4, 5])
def test_the_trap_would_close_where_every_class_is_revived(trap: Path, way: int) -> None:
    lenient = JsonPlusSerializer(allowed_msgpack_modules=True)
    assert lenient.loads_typed(("msgpack", bait(way))) == {"made": True}
    assert trap.exists()


async def test_a_foreign_class_in_json_is_not_imported(tmp_path: Path, trap: Path) -> None:
    row = {"lc": 2, "type": "constructor", "id": ["trap", "Trap"], "args": ["bait"]}
    assert await read(tmp_path, "json", json.dumps(row).encode()) == row
    assert not trap.exists()


async def test_a_pickled_row_is_refused(tmp_path: Path, trap: Path) -> None:
    with pytest.raises(NotImplementedError, match="pickle"):
        await read(tmp_path, "pickle", b"ctrap\nTrap\n.")
    assert not trap.exists()


async def test_what_langgraph_and_langchain_keep_comes_back_as_it_was(tmp_path: Path) -> None:
    values = [
        HumanMessage("Hello", id="1"),
        AIMessage("", tool_calls=[{"name": "n", "args": {"a": 1}, "id": "c", "type": "tool_call"}]),
        ToolMessage("{}", tool_call_id="c"),
        Send("node", {"a": 1}),
        Command(goto="node"),
        Overwrite([1]),
        [Interrupt(value={"a": 1}, id="i")],
    ]
    async with open_checkpoints(tmp_path) as saver:
        config = await saver.aput(START, empty_checkpoint(), {"step": 1}, {})
        await saver.aput_writes(config, [("channel", value) for value in values], "task")
        found = await saver.aget_tuple(config)
    assert found is not None and found.pending_writes
    assert [value for _task, _channel, value in found.pending_writes] == values

"""The house's saver beside the stock one: same tables, smaller rows."""

from pathlib import Path

import aiosqlite
from langgraph.checkpoint.base import Checkpoint, empty_checkpoint
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from zantara._storage import open_checkpoints

LONG = "The sponsor's letter is missing. " * 300


def _checkpoint() -> Checkpoint:
    return {**empty_checkpoint(), "channel_values": {"said": LONG}}


async def test_what_the_stock_saver_wrote_is_read_and_gone_on_with(tmp_path: Path) -> None:
    first, second = _checkpoint(), _checkpoint()
    async with aiosqlite.connect(tmp_path / "checkpoints.sqlite") as connection:
        stock = AsyncSqliteSaver(connection)
        await stock.aput(
            {"configurable": {"thread_id": "t", "checkpoint_ns": ""}}, first, {"step": 1}, {}
        )
    async with open_checkpoints(tmp_path) as ours:
        found = await ours.aget_tuple({"configurable": {"thread_id": "t"}})
        assert found is not None
        assert found.checkpoint["channel_values"] == {"said": LONG}
        await ours.aput(found.config, second, {"step": 2}, {})
        last = await ours.aget_tuple({"configurable": {"thread_id": "t"}})
        assert last is not None
        assert last.parent_config == found.config
        assert last.checkpoint["channel_values"] == {"said": LONG}


async def test_a_task_s_writes_come_back_in_order_and_the_first_record_stays(
    tmp_path: Path,
) -> None:
    many = [(f"channel{number}", {"said": LONG, "number": number}) for number in range(130)]
    async with open_checkpoints(tmp_path) as saver:
        config = await saver.aput(
            {"configurable": {"thread_id": "t", "checkpoint_ns": ""}}, _checkpoint(), {}, {}
        )
        await saver.aput_writes(config, many, "task")
        await saver.aput_writes(config, [("channel0", "again")], "task")
        found = await saver.aget_tuple(config)
    assert found is not None
    assert found.pending_writes == [("task", channel, value) for channel, value in many]


async def test_long_values_take_a_fraction_of_their_size(tmp_path: Path) -> None:
    async with open_checkpoints(tmp_path) as saver:
        await saver.aput(
            {"configurable": {"thread_id": "t", "checkpoint_ns": ""}}, _checkpoint(), {}, {}
        )
        ((size,),) = await saver.conn.execute_fetchall("SELECT length(checkpoint) FROM checkpoints")
    assert size < len(LONG) / 5

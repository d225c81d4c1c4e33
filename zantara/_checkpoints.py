"""The stock SQLite saver: smaller rows, sealed when there is a key, one thread hop a write, rollback.

aiosqlite runs each operation on its connection's thread. The stock saver uses three for a checkpoint
(insert, commit, close) and four for a task's writes; a turn makes a dozen of both. Here one statement
inserts and commits: the connection must be in autocommit mode.
"""

import json
import zlib
from collections.abc import Iterable, Sequence
from typing import Any

import aiosqlite
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.base import (
    WRITES_IDX_MAP,
    ChannelVersions,
    Checkpoint,
    CheckpointMetadata,
    get_checkpoint_metadata,
)
from langgraph.checkpoint.serde.encrypted import EncryptedSerializer
from langgraph.checkpoint.serde.jsonplus import JsonPlusSerializer
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver
from pydantic import SecretStr

from zantara.database import StorageError

__all__ = ["Checkpoints"]

_CHECKPOINT = (
    "INSERT OR REPLACE INTO checkpoints (thread_id, checkpoint_ns, checkpoint_id,"
    " parent_checkpoint_id, type, checkpoint, metadata) VALUES (?, ?, ?, ?, ?, ?, ?)"
)
_WRITES = (
    "INTO writes (thread_id, checkpoint_ns, checkpoint_id, task_id, task_path, idx, channel, type,"
    " value) VALUES "
)
_ROW = "(?, ?, ?, ?, ?, ?, ?, ?, ?)"
_MOST_ROWS = 100  # nine variables a row; SQLite before 3.32 takes 999 in one statement
_LARGE = 2048
_SQUEEZED, _SEALED = "+zlib", "+aes"
_NO_KEY = SecretStr("")
_NEWEST = "SELECT type, checkpoint FROM checkpoints ORDER BY rowid DESC LIMIT 1"
_ENCRYPTED = "its checkpoints are encrypted"
_ADVICE = "Set it to the key that they were written with; nothing was changed."
_OF_RUN = "json_extract(CAST(metadata AS TEXT), '$.run_id') = ?"


class _Rows(JsonPlusSerializer):
    """Strict: a row revives the types that LangGraph and LangChain need themselves, and no other class
    is so much as imported.

    Each row says in its type how it was written, so that rows of before a key was set stay readable.
    """

    def __init__(self, key: SecretStr) -> None:
        super().__init__(allowed_msgpack_modules=None)
        secret = key.get_secret_value().encode()
        self._cipher = (
            EncryptedSerializer.from_pycryptodome_aes(key=secret).cipher if secret else None
        )

    def dumps_typed(self, obj: Any) -> tuple[str, bytes]:
        """The window of messages stands in every checkpoint of a turn: prose squeezes to a third.

        Sealed last: what is sealed cannot be squeezed.
        """
        kind, blob = super().dumps_typed(obj)
        if len(blob) >= _LARGE:
            kind, blob = kind + _SQUEEZED, zlib.compress(blob, 1)
        if self._cipher is None:
            return kind, blob
        return kind + _SEALED, self._cipher.encrypt(blob)[1]

    def loads_typed(self, data: tuple[str, bytes]) -> Any:
        """Raises StorageError for a row that was sealed with a key that is not here."""
        kind, blob = self.opened(data)
        if kind.endswith(_SQUEEZED):
            kind, blob = kind.removesuffix(_SQUEEZED), zlib.decompress(blob)
        return super().loads_typed((kind, blob))

    def opened(self, data: tuple[str, bytes]) -> tuple[str, bytes]:
        """The row without its seal. Raises StorageError as `loads_typed` does."""
        kind, blob = data
        if not kind.endswith(_SEALED):
            return data
        if self._cipher is None:
            raise StorageError(f"{_ENCRYPTED}, and ZANTARA_ENCRYPTION_KEY is not set. {_ADVICE}")
        try:
            return kind.removesuffix(_SEALED), self._cipher.decrypt("aes", blob)
        except ValueError as error:
            raise StorageError(
                f"{_ENCRYPTED}, and it does not open with ZANTARA_ENCRYPTION_KEY: another key wrote"
                f" it, or it was changed since. {_ADVICE}"
            ) from error


class Checkpoints(AsyncSqliteSaver):
    """The stock saver's tables, and it reads what that wrote; the connection is in autocommit mode."""

    def __init__(self, conn: aiosqlite.Connection, key: SecretStr = _NO_KEY) -> None:
        self._rows = _Rows(key)
        super().__init__(conn, serde=self._rows)

    async def check_key(self) -> None:
        """Raise StorageError unless the newest row can be read: a folder never holds two keys, nor
        anything plain after something sealed.
        """
        for data in await self.conn.execute_fetchall(_NEWEST):
            self._rows.opened((str(data[0]), bytes(data[1])))

    async def aput(
        self,
        config: RunnableConfig,
        checkpoint: Checkpoint,
        metadata: CheckpointMetadata,
        new_versions: ChannelVersions,
    ) -> RunnableConfig:
        del new_versions
        await self.setup()
        at = config["configurable"]
        kind, blob = self.serde.dumps_typed(checkpoint)
        told = json.dumps(get_checkpoint_metadata(config, metadata), ensure_ascii=False)
        place = {"thread_id": at["thread_id"], "checkpoint_ns": at["checkpoint_ns"]}
        parent, own = at.get("checkpoint_id"), checkpoint["id"]
        row = (*map(str, place.values()), own, parent, kind, blob, told.encode("utf-8", "ignore"))
        async with self.lock:
            await self.conn.execute_insert(_CHECKPOINT, row)
        return {"configurable": {**place, "checkpoint_id": own}}

    async def aput_writes(
        self,
        config: RunnableConfig,
        writes: Sequence[tuple[str, Any]],
        task_id: str,
        task_path: str = "",
    ) -> None:
        await self.setup()
        at = config["configurable"]
        place = [str(at[key]) for key in ("thread_id", "checkpoint_ns", "checkpoint_id")]
        rows = [
            (
                *place,
                task_id,
                task_path,
                WRITES_IDX_MAP.get(channel, index),
                channel,
                *self.serde.dumps_typed(value),
            )
            for index, (channel, value) in enumerate(writes)
        ]
        special = all(channel in WRITES_IDX_MAP for channel, _value in writes)
        verb = "INSERT OR REPLACE " if special else "INSERT OR IGNORE "
        async with self.lock:
            for begin in range(0, len(rows), _MOST_ROWS):
                some = rows[begin : begin + _MOST_ROWS]
                marks = ", ".join([_ROW] * len(some))
                values = [value for row in some for value in row]
                await self.conn.execute_insert(f"{verb}{_WRITES}{marks}", values)

    async def adelete_for_runs(self, run_ids: Iterable[str]) -> None:
        """Both tables or neither: a crash between them would leave writes of no checkpoint."""
        ids = [(str(run_id),) for run_id in run_ids]
        async with self.lock:
            await self.conn.execute("BEGIN IMMEDIATE")
            try:
                await self.conn.executemany(
                    "DELETE FROM writes WHERE (thread_id, checkpoint_ns, checkpoint_id) IN (SELECT"  # noqa: S608 - constant text
                    f" thread_id, checkpoint_ns, checkpoint_id FROM checkpoints WHERE {_OF_RUN})",
                    ids,
                )
                await self.conn.executemany(f"DELETE FROM checkpoints WHERE {_OF_RUN}", ids)  # noqa: S608 - constant text
            except BaseException:
                await self.conn.rollback()
                raise
            await self.conn.commit()

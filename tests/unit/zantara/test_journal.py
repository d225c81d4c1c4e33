"""The journal and the database under it."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from zantara.database import Database, StorageError
from zantara.journal import Journal

ARGS = {"to": ["maria@example.com"], "subject": "Però"}


async def test_a_step_is_recorded_once_and_the_first_record_wins(home: Path) -> None:
    journal = Journal(home)
    assert journal.step("task") is None
    assert journal.record_step("task", {"text": "first"}) == {"text": "first"}
    assert journal.record_step("task", {"text": "second"}) == {"text": "first"}
    journal.close()
    assert Journal(home).step("task") == {"text": "first"}


async def test_a_call_remembers_its_facts_and_its_end_in_another_process(home: Path) -> None:
    journal = Journal(home)
    entry = await journal.begin("call", thread_id="t", tool="gmail_send", args=ARGS)
    assert (entry.status, entry.outcome, dict(entry.facts)) == ("started", None, {})
    await entry.note(draft="d1")
    await entry.note(mail="m1")
    journal.close()
    again = await Journal(home).begin("call", thread_id="copy", tool="gmail_send", args=ARGS)
    assert again.status == "started"
    assert dict(again.facts) == {"draft": "d1", "mail": "m1"}
    await Journal(home).finish("call", "done", {"data": {"sent": "m1"}})
    last = await Journal(home).begin("call", thread_id="t", tool="gmail_send", args=ARGS)
    assert (last.status, last.outcome) == ("done", {"data": {"sent": "m1"}})


async def test_calls_are_listed_by_thread(home: Path) -> None:
    journal = Journal(home)
    for call_id, thread in (("a", "t"), ("b", "other"), ("c", "t")):
        await journal.begin(call_id, thread_id=thread, tool="gmail_send", args=ARGS)
    assert [call["call_id"] for call in await journal.calls("t")] == ["a", "c"]


def test_a_broken_file_is_named_with_what_to_do(home: Path) -> None:
    home.mkdir()
    (home / "journal.sqlite").write_bytes(b"this is no database, and long enough to be read" * 40)
    with pytest.raises(StorageError, match=r"journal\.sqlite.*moved away"):
        Journal(home).step("task")


async def test_migrations_run_once_and_a_newer_file_is_left_alone(home: Path) -> None:
    path = home / "some.sqlite"
    first = Database(path, ("CREATE TABLE a (x)",))
    await first.run(lambda c: c.execute("INSERT INTO a VALUES (1)"))
    first.close()
    second = Database(path, ("CREATE TABLE a (x)", "ALTER TABLE a ADD COLUMN y"))
    rows = await second.run(lambda c: c.execute("SELECT x, y FROM a").fetchall())
    assert rows == [(1, None)]
    second.close()
    with pytest.raises(StorageError, match="newer version"):
        await Database(path, ("CREATE TABLE a (x)",)).run(lambda c: c.execute("SELECT 1"))


async def test_a_failed_unit_of_work_leaves_nothing_behind(home: Path) -> None:
    database = Database(home / "some.sqlite", ("CREATE TABLE a (x UNIQUE)",))

    def twice(c: sqlite3.Connection) -> None:
        c.execute("INSERT INTO a VALUES (1)")
        c.execute("INSERT INTO a VALUES (1)")

    with pytest.raises(StorageError):
        await database.run(twice)
    database.close()
    with closing(sqlite3.connect(home / "some.sqlite")) as connection:
        assert connection.execute("SELECT count(*) FROM a").fetchone() == (0,)

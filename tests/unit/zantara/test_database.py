"""The file behind journal and ledger, when several open it at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from zantara.database import Database

_ONCE = ("CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT NOT NULL)",)


def test_many_may_open_a_new_file_at_once(tmp_path: Path) -> None:
    many = 8
    ready = threading.Barrier(many)

    def write(path: Path) -> None:
        database = Database(path, _ONCE)
        ready.wait()
        database.run_here(lambda c: c.execute("INSERT INTO notes (text) VALUES ('x')"))
        database.close()

    for round_number in range(10):
        path = tmp_path / f"{round_number}.sqlite"
        with ThreadPoolExecutor(many) as pool:
            list(pool.map(write, [path] * many))
        database = Database(path, _ONCE)
        found = database.run_here(lambda c: c.execute("SELECT count(*) FROM notes").fetchone())
        database.close()
        assert found == (many,)

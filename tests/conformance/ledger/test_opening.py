"""Opening a ledger: older files move forward, what cannot be used is said."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tests.conformance.ledger.test_ledger import END, START
from zantara.costs import Ledger
from zantara.costs._schema import SQLITE
from zantara.database import StorageError
from zantara.settings import Settings

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
_OLD = (
    "INSERT INTO model_calls (thread_id, task_id, node, architecture, role, provider, model, tokens_in,"
    " tokens_cached, tokens_out, cost_usd, latency_ms, outcome) VALUES ('t', 'k', 'orchestrate',"
    " 'hybrid', 'orchestrator', 'p', 'm', 10, 4, 2, '0.00031', 12.5, 'answered')"
)


def test_the_rows_of_an_older_ledger_are_kept(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "ledger.sqlite")) as old:
        for script in (*SQLITE[:2], _OLD, "PRAGMA user_version=2"):
            old.execute(script)
        old.commit()
    ledger = Ledger.of_folder(tmp_path)
    (row,) = ledger.calls(_LONG_AGO)
    assert (row["provider"], row["answered"], row["tokens_in"]) == ("p", "m", 10)
    assert ledger.cost("t") == Decimal("0.00031")
    ledger.record(START, END)
    assert len(ledger.calls(_LONG_AGO)) == 2
    ledger.close()


def test_an_address_that_does_not_answer_is_told_without_its_password(tmp_path: Path) -> None:
    url = "postgresql://zantara:very-secret@127.0.0.1:1/ledger"
    settings = Settings.model_validate({"home": tmp_path, "ledger_url": url})
    with pytest.raises(StorageError, match="ZANTARA_LEDGER_URL") as raised:
        Ledger.open(settings).cost("t")
    assert "very-secret" not in f"{raised.value!r}{raised.value.__cause__!r}{settings!r}"


_CALLER = """
import sys, time
from pathlib import Path
from tests.conformance.ledger.test_ledger import START
from zantara.costs import Ledger
Ledger.of_folder(Path(sys.argv[1])).begin(START)
print("asked", flush=True)  # here the host has been asked, and is paid
time.sleep(600)
"""


def test_a_process_that_is_killed_leaves_no_paid_call_without_a_row(tmp_path: Path) -> None:
    caller = subprocess.Popen([sys.executable, "-c", _CALLER, tmp_path], stdout=subprocess.PIPE)
    with caller:
        assert caller.stdout is not None
        assert caller.stdout.readline() == b"asked\n"
        caller.send_signal(signal.SIGKILL)
    ledger = Ledger.of_folder(tmp_path)
    (row,) = ledger.calls(_LONG_AGO)
    assert (row["outcome"], row["cost_usd"]) == ("open", START.reserved)
    ledger.close()

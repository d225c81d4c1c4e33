"""kill -9 in a turn with approved actions; tests/benchmarks/kill.py does the same 200 times."""

from pathlib import Path

from tests.benchmarks.kill import run_kills


def test_a_killed_turn_is_finished_and_nothing_is_done_twice(tmp_path: Path) -> None:
    report = run_kills(tmp_path, runs=8, seed=7)
    assert report.wrong == []
    assert report.duplicates == 0
    assert len(report.outcomes) == 8

"""`zantara rollout` on a data folder: what operators see, and what leaves with which code."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.rollout_kit import Effect, Traffic
from zantara.cli._main import front_door
from zantara.costs import Ledger
from zantara.rollout import bucket
from zantara.settings import Settings

LATER = datetime(2100, 1, 1, tzinfo=UTC)  # after whenever a test's rollout has begun
Run = Callable[..., Result]


@pytest.fixture
def run(home: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("ZANTARA_HOME", str(home))
    monkeypatch.setenv("COLUMNS", "140")

    def run(*args: str) -> Result:
        return CliRunner().invoke(front_door, ["rollout", *args])

    return run


def told(result: Result) -> Any:
    return json.loads(result.stdout)


def turns(home: Path, plan: str, effect: Effect, *, threads: int = 1500) -> None:
    """Traffic of the first stage, in the ledger."""
    ledger = Ledger.open(Settings(home=home))
    traffic = Traffic(3, {"centro": effect})
    for number in range(threads):
        thread = f"t{number}"
        arm = "centro" if bucket(plan, thread) < 10 else "hybrid"
        for row in traffic.thread(thread, arm, LATER):
            ledger.write_turn(row)
    ledger.close()


def started(run: Run, *options: str) -> str:
    result = run("start", "centro", *options, "--json")
    assert result.exit_code == 0, result.output
    return str(told(result)["rollout"]["plan"])


def test_before_the_first_rollout_it_says_how_to_begin(run: Run) -> None:
    assert "zantara rollout start" in run("show").stdout
    empty = told(run("show", "--json"))
    assert (empty["default"], empty["rollout"], empty["log"]) == ("hybrid", None, [])
    assert run("check").exit_code == 0


def test_a_bad_arm_is_rolled_back_and_shown_with_its_figures(run: Run, home: Path) -> None:
    turns(home, started(run, "--reason", "half the price"), Effect(latency=3))
    checked = run("check")
    assert checked.exit_code == 1
    assert "rolled back" in checked.stdout
    assert "by chance" in checked.stdout
    shown = told(run("show", "--json"))
    assert shown["rollout"]["status"] == "rolled_back"
    assert shown["arms"]["centro"]["p50_ms"] > 2 * shown["arms"]["hybrid"]["p50_ms"]
    assert {one["test"] for one in shown["tests"] if one["worse"]} >= {"seconds"}
    first, last = shown["log"]
    assert (first["who"], first["reason"]) == ("local", "half the price")
    assert (last["who"], last["action"], last["to"]) == (
        "guard",
        "rollback",
        "centro at 10%, rolled back",
    )
    drawn = run("show").stdout
    for text in ("centro instead of hybrid: rolled back", "10% (48h)", "P95", "worse", "once in"):
        assert text in drawn


def test_a_good_arm_is_ready_and_a_person_takes_it_on(run: Run, home: Path) -> None:
    turns(home, started(run, "--soak", "0m"), Effect())
    checked = run("check", "--json")
    assert checked.exit_code == 3
    assert told(checked)["action"] == "ready"
    advanced = run("advance")
    assert advanced.exit_code == 0
    assert "centro at 50%" in advanced.stdout


def test_nothing_advances_without_data(run: Run) -> None:
    started(run, "--soak", "0m")
    checked = run("check", "--json")
    assert (checked.exit_code, told(checked)["missing"]) == (0, {"hybrid": 100, "centro": 100})
    refused = run("advance", "--json")
    assert refused.exit_code == 1
    assert "at least 100 more turns on centro" in told(refused)["error"]["message"]
    assert run("advance", "--early").exit_code == 2
    assert run("advance", "--early", "--reason", "a try").exit_code == 0


def test_people_pause_resume_and_roll_back_with_a_reason(run: Run) -> None:
    started(run)
    for command in ("pause", "rollback"):
        refused = run(command, "--reason", " ")
        assert (refused.exit_code, "reason" in refused.stderr) == (2, True)
    assert run("pause", "--reason", "holiday", "--as", "Made").exit_code == 0
    assert "paused" in run("show").stdout
    assert run("resume").exit_code == 0
    assert run("rollback", "--reason", "complaints").exit_code == 0
    log = told(run("show", "--json"))["log"]
    assert [(e["action"], e["who"]) for e in log] == [
        ("start", "local"),
        ("pause", "made"),
        ("resume", "local"),
        ("rollback", "local"),
    ]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ((), ["candidate", "centro"]),
        (("llama",), ["candidate", "llama", "budget"]),
        (("centro", "--stages", "10,5,100"), ["stages", "10, 5, 100", "rise"]),
        (("centro", "--soak", "soon"), ["soak", "soon", "48h"]),
        (("centro", "--soak", "1h,2h"), ["soak", "1h, 2h", "3 stages"]),
        (("centro", "--margin", "speed=2"), ["margin", "speed=2", "latency"]),
        (("centro", "--margin", "cost=0.5"), ["margins.cost", "0.5"]),
        (("centro", "--least", "5"), ["least", "5", "20"]),
        (("centro", "--file", "nothing.yaml"), ["nothing.yaml"]),
        (("centro", "--as", "wayan:client"), ["role client", "staff, owner"]),
    ],
)
def test_a_wrong_option_is_named_with_what_is_accepted(
    run: Run, options: tuple[str, ...], words: list[str]
) -> None:
    result = run("start", *options)
    assert result.exit_code == 2
    assert all(word in result.stderr for word in words)
    assert told(run("show", "--json"))["rollout"] is None


def test_options_go_before_the_file_and_the_file_before_the_defaults(
    run: Run, tmp_path: Path
) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text(
        "candidate: budget\nstaff_first: true\nleast: 50\n"
        "stages: [{percent: 20, soak: 6h}, {percent: 100, soak: 1d}]\n"
        "margins: {cost: 3, errors: 2}\n"
    )
    options = ("--file", str(path), "--least", "70", "--margin", "cost=off", "--soak", "12h")
    assert run("start", *options).exit_code == 0
    plan = told(run("show", "--json"))["rollout"]
    assert (plan["candidate"], plan["staff_first"], plan["least"]) == ("budget", True, 70)
    assert plan["stages"] == [{"percent": 20, "soak": "12h"}, {"percent": 100, "soak": "12h"}]
    assert plan["margins"] == {"errors": 2, "answers": 1.25, "latency": 1.25, "cost": None}

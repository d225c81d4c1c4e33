"""A plan says what is wrong with it."""

from pathlib import Path
from typing import Any

import pytest

from zantara.rollout import Plan, PlanError, load_plan, make


def test_the_plan_without_options_is_ten_fifty_hundred() -> None:
    plan = Plan(candidate="centro")
    assert [stage.percent for stage in plan.stages] == [10, 50, 100]
    assert all(stage.time.days >= 2 for stage in plan.stages)
    assert not plan.automatic


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"candidate": "zantara"}, ["candidate", "zantara", "budget"]),
        ({"candidate": "hybrid"}, ["candidate", "hybrid"]),
        ({"candidate": "centro", "stages": [{"percent": 100, "soak": "1h"}]}, ["stages", "100"]),
        (
            {
                "candidate": "centro",
                "stages": [{"percent": 50, "soak": "1h"}, {"percent": 10, "soak": "1h"}],
            },
            ["stages", "50, 10", "rise"],
        ),
        (
            {"candidate": "centro", "stages": [{"percent": 10, "soak": "soon"}]},
            ["stages.0.soak", "soon", "48h"],
        ),
        ({"candidate": "centro", "margins": {"cost": 0.5}}, ["margins.cost", "0.5", "1"]),
        ({"candidate": "centro", "margins": {"cost": float("nan")}}, ["margins.cost"]),
        ({"candidate": "centro", "margins": {"speed": 2}}, ["margins.speed"]),
        ({"candidate": "centro", "least": 3}, ["least", "3", "20"]),
        ({"candidate": "centro", "false_rollbacks": 0}, ["false_rollbacks", "0"]),
        (
            {
                "candidate": "centro",
                "margins": dict.fromkeys(("errors", "answers", "latency", "cost")),
            },
            ["margins", "errors"],
        ),
    ],
)
def test_what_cannot_be_planned_is_named(given: dict[str, Any], told: list[str]) -> None:
    with pytest.raises(PlanError) as error:
        make(given)
    assert all(word in str(error.value) for word in told)


def test_a_file_is_held_to_the_same_rules(tmp_path: Path) -> None:
    path = tmp_path / "plan.yaml"
    path.write_text("candidate: budget\nleast: 50\nmargins: {cost: 2, answers: null}\n", "utf-8")
    plan = load_plan(path)
    assert (plan.candidate, plan.least, plan.margins.cost) == ("budget", 50, 2)
    assert plan.margins.answers is None
    path.write_text("candidate: budget\nleest: 50\n", "utf-8")
    with pytest.raises(PlanError, match=r"plan\.yaml:2: leest"):
        load_plan(path)
    with pytest.raises(PlanError, match=r"nothing\.yaml"):
        load_plan(tmp_path / "nothing.yaml")

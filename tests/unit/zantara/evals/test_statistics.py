"""Figures over rows, with the rows that a figure does not concern left out."""

import pytest

from zantara.evals._statistics import Kind, Part, Scored, summarise, summarise_by

METRICS: dict[str, Kind] = {"right": "share", "mean": "mean", "bad": "count"}


def _rows(*parts: dict[str, Part]) -> list[Scored]:
    return [Scored(str(n), {"side": "ab"[n % 2]}, one) for n, one in enumerate(parts)]


def test_shares_leave_out_rows_that_are_not_concerned() -> None:
    summary = summarise(_rows({"right": (1, 1)}, {"right": (0, 0)}, {}), METRICS)
    assert summary["n"] == 3
    assert summary["right"] == 1.0
    assert summary["mean"] is None and summary["ci95"]["mean"] is None
    assert summary["bad"] == 0


def test_wilson_interval_of_a_share() -> None:
    rows = _rows(*[{"right": (float(hit), 1.0)} for hit in (1, 1, 1, 1, 1, 1, 1, 1, 0, 0)])
    assert summarise(rows, METRICS)["ci95"]["right"] == pytest.approx([0.4902, 0.9433], abs=1e-4)


def test_a_mean_weighs_rows_by_their_parts_and_holds_its_interval() -> None:
    rows = _rows({"mean": (1, 3)}, {"mean": (1, 1)}, {"mean": (2, 2)})
    summary = summarise(rows, METRICS)
    assert summary["mean"] == round(4 / 6, 4)
    low, high = summary["ci95"]["mean"]
    assert low <= summary["mean"] <= high
    assert summarise(rows, METRICS) == summary


def test_groups_are_summarised_apart() -> None:
    rows = _rows({"bad": (1, 1)}, {"bad": (0, 1)}, {"bad": (1, 1)})
    by = summarise_by(rows, METRICS, ["side"])
    assert (by["side"]["a"]["bad"], by["side"]["b"]["bad"]) == (2, 0)

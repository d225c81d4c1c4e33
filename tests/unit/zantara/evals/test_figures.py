"""Figures are the same however they are written, and other figures are not."""

import importlib.util
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from zantara.evals import exact, money_figures, states

UNITS = ("", "%", " juta", "M", " B", "k", " ribu", " miliar", " per cento", " persen", " m", "jt")
MARKS = ("", "IDR ", "Rp", "USD", "Rp. ", "EUR ")
JOINS = (" to ", " - ", "–", " e ", " and ", " dan ", " costs ", ", ", ". ", "/", " tre ", " two ")


@pytest.mark.parametrize(
    ("wanted", "answer"),
    [
        ("1,250,000", "Rp1.250.000"),
        ("1,250,000", "sekitar 1,25 juta"),
        ("1,250,000", "about 1.25 million rupiah"),
        ("6.5B", "6,5 miliar"),
        ("0.2%", "lo 0,2 per cento"),
        ("4-8", "4 sampai dengan 8 minggu"),
        ("4-8", "dalle 4 – alle 8".replace("alle ", "")),
        ("9", "within nine months"),
        ("47111", "(KBLI 47111)"),
        ("SIUP", "una siup."),
    ],
)
def test_the_same_figure_in_another_writing(wanted: str, answer: str) -> None:
    assert states(answer, wanted)


@pytest.mark.parametrize(
    ("wanted", "answer"),
    [
        ("1,250,000", "11,250,000"),
        ("6.5B", "6.5 million"),
        ("0.2%", "2%"),
        ("9%", "9 months"),
        ("9", "19 months"),
        ("47111", "547111"),
        ("4-8", "14-8"),
        ("SIUP", "SIUPAL"),
    ],
)
def test_another_figure(wanted: str, answer: str) -> None:
    assert not states(answer, wanted)


def test_an_answer_with_the_likely_confusion_is_not_exact() -> None:
    assert exact("It costs IDR 3 million.", must=["3,000,000"], must_not=["4,000,000"])
    assert not exact("3 million, or 4 million.", must=["3,000,000"], must_not=["4,000,000"])


def test_money_is_read_from_its_words() -> None:
    assert money_figures("2 juta, 150 ribu, 72 hours, 30%") == [150_000, 2_000_000]


def _reference(folder: Path) -> Any:
    spec = importlib.util.spec_from_file_location("reference", folder / "score_match.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _wanted(folder: Path) -> list[str]:
    lines = (folder / "dev_qa.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return sorted({one for row in rows for one in row["must_contain"] + row["must_not_contain"]})


def _texts(folder: Path) -> list[str]:
    files = [folder / "dev_qa.jsonl", folder / "dev_actions.jsonl"]
    return [line for file in files for line in file.read_text("utf-8").splitlines()]


def _generated(chance: random.Random, wanted: list[str]) -> Iterator[tuple[str, str]]:
    for _ in range(3000):
        pieces = [_figure(chance, wanted) + chance.choice(JOINS) for _ in range(3)]
        yield chance.choice([*wanted, _figure(chance, wanted)]), "".join(pieces)


def _figure(chance: random.Random, wanted: list[str]) -> str:
    sign = chance.choice(".,")
    thousands = f"{chance.randint(1, 999)}{sign}{chance.randint(0, 999):03d}"
    shapes = [
        str(chance.randint(1, 99)),
        thousands,
        f"{thousands}{sign}000",
        f"{chance.randint(1, 20)}{sign}{chance.randint(1, 9)}",
        chance.choice(wanted),
    ]
    return chance.choice(MARKS) + chance.choice(shapes) + chance.choice(UNITS)


def test_agrees_with_the_reference_matcher(shared: Path) -> None:
    folder = shared / "evaluation"
    reference, wanted = _reference(folder), _wanted(folder)
    chance = random.Random(7)  # noqa: S311  # cases, the same on every run
    cases = [(one, text) for text in _texts(folder) for one in wanted]
    cases += _generated(chance, wanted)
    other = [c for c in cases if reference.contains(*c) != states(c[1], c[0])]
    assert not other
    assert all(reference.money_figures(text) == money_figures(text) for _one, text in cases)

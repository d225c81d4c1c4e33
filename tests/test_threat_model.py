"""Each claim of THREAT_MODEL.md names tests that are there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[1]
_TEXT = (_ROOT / "THREAT_MODEL.md").read_text("utf-8")
_DEFENDED = _TEXT.partition("## Defended")[2].partition("## Not defended")[0]
_ROWS = [line for line in _DEFENDED.splitlines() if line.startswith("| ")][1:]
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


@cache
def _tests_of(path: str) -> set[str]:
    tree = ast.parse((_ROOT / path).read_text("utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in ast.walk(tree) if isinstance(node, functions)}


@pytest.mark.parametrize("row", _ROWS, ids=range(len(_ROWS)))
def test_each_claim_names_a_test_that_is_there(row: str) -> None:
    named = _TEST.findall(row)
    assert named, row
    for path, test in named:
        assert test in _tests_of(path), f"{path}::{test}"


def test_the_model_says_what_is_not_defended() -> None:
    assert len(_ROWS) > 15
    assert len(re.findall(r"^- \*\*", _TEXT.partition("## Not defended")[2], re.MULTILINE)) > 5

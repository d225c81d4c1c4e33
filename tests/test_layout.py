"""The house keeps its rules."""

import ast
import json
import subprocess
from collections.abc import Iterator
from importlib import import_module
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[1]
_ROOMS = ("graphs", "nodes", "tools", "training", "zantara")
_LONGEST_FUNCTION, _LONGEST_FILE = 60, 400


def _files() -> Iterator[Path]:
    for room in _ROOMS:
        yield from (_ROOT / room).rglob("*.py")


@pytest.mark.parametrize("room", _ROOMS)
def test_the_top_level_names_are_ours(room: str) -> None:
    """A published package once shipped a top-level `tools`."""
    owners = packages_distributions().get(room, ["zantara"])
    assert set(owners) == {"zantara"}
    found = import_module(room).__file__
    assert found is not None
    assert Path(found).is_relative_to(_ROOT)


def test_every_folder_with_code_is_a_package() -> None:
    for path in _files():
        assert (path.parent / "__init__.py").exists(), path.parent


def test_files_and_functions_stay_short() -> None:
    for path in _files():
        text = path.read_text("utf-8")
        assert text.count("\n") <= _LONGEST_FILE, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                size = (node.end_lineno or 0) - node.lineno + 1
                assert size <= _LONGEST_FUNCTION, f"{path}: {node.name} has {size} lines"


def test_the_graphs_of_the_manifest_can_be_served() -> None:
    manifest = json.loads((_ROOT / "langgraph.json").read_text("utf-8"))
    for path in manifest["graphs"].values():
        module, _, name = path.partition(":")
        assert getattr(import_module(module), name).get_graph().nodes


def test_the_embedded_model_stays_small() -> None:
    folder = _ROOT / "zantara" / "gateway" / "embedded"
    assert sum(p.read_text("utf-8").count("\n") for p in folder.rglob("*.py")) <= 1500


def test_requirement_files_hold_hashes_and_no_addresses() -> None:
    for path in (_ROOT / "requirements").glob("*.txt"):
        text = path.read_text("utf-8")
        assert "--hash=sha256:" in text
        assert "://" not in text, path


def test_no_secret_and_no_path_of_a_machine_is_committed() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=_ROOT, capture_output=True, text=True, check=False
    ).stdout.split()
    for name in listed:
        path = _ROOT / name
        if path.suffix in (".py", ".md", ".toml", ".json", ".jsonl", ".txt") and path.exists():
            text = path.read_text("utf-8")
            assert "/root/" + "." not in text, name
            assert "sk-or" + "-v1" not in text, name

"""Word lists of the scorers: data, one file a subject."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

__all__ = ["data"]


@cache
def data(name: str) -> dict[str, Any]:
    """The parsed file zantara/evals/data/NAME.toml."""
    return tomllib.loads((Path(__file__).with_name("data") / f"{name}.toml").read_text("utf-8"))

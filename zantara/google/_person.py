"""Whose account the local Google is: the person at this machine's terminal, unless told otherwise."""

import tomllib
from pathlib import Path
from typing import NamedTuple

__all__ = ["Person", "demo_person"]


class Person(NamedTuple):
    name: str
    email: str


def demo_person() -> Person:
    """Read from the demo's data and not from the emulator, which is slow to import."""
    path = Path(__file__).with_name("local") / "demo.toml"
    data = tomllib.loads(path.read_text("utf-8"))
    return Person(data["name"], data["account"])

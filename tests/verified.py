"""The README's "verified against" table, from tests/verified.toml."""

import sys
import tomllib
from pathlib import Path
from typing import Any

__all__ = ["BEGIN", "END", "README", "entries", "table"]

_HERE = Path(__file__).parent
README = _HERE.parent / "README.md"
BEGIN, END = "<!-- verified: begin -->", "<!-- verified: end -->"


def entries() -> list[dict[str, Any]]:
    """The outside things, in the file's order."""
    return list(tomllib.loads((_HERE / "verified.toml").read_text("utf-8"))["outside"])


def table() -> str:
    """The table as Markdown."""
    lines = ["| outside | verified against | how | tests |", "|---|---|---|---|"]
    for entry in entries():
        tests = ", ".join(f"`{path}`" for path in entry["tests"]) or "none"
        lines.append(f"| {entry['thing']} | {entry['by']} | {entry['how']} | {tests} |")
    return "\n".join(lines)


def _write() -> None:
    text = README.read_text("utf-8")
    head, rest = text.split(BEGIN)
    tail = rest.split(END)[1]
    README.write_text(f"{head}{BEGIN}\n{table()}\n{END}{tail}", "utf-8")


if __name__ == "__main__" and "--write" in sys.argv:
    _write()

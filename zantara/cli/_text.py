"""Text on its way to a terminal, and from it. What others wrote must not steer the terminal."""

import sys
import unicodedata
from collections.abc import Iterable

import click

__all__ = ["bold", "faint", "given", "indented", "safe", "warn"]

_KEPT = "\n\t"
# Format characters that change what a reader sees; joiners are left, words and emoji need them.
_HIDDEN = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200B, 0x200E, 0x200F, 0x061C, 0x2060}
_HIDDEN |= {0xFEFF, 0x2028, 0x2029}


def safe(text: object) -> str:
    """The text with control and direction characters made visible; other scripts are untouched."""
    return "".join(char if _plain(char) else _escaped(char) for char in str(text))


def _plain(char: str) -> bool:
    return char in _KEPT or (
        unicodedata.category(char) not in ("Cc", "Cs") and ord(char) not in _HIDDEN
    )


def _escaped(char: str) -> str:
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")


def given(text: str) -> str:
    """The user's words from the arguments; `-` reads them from standard input."""
    if text == "-":
        return sys.stdin.buffer.read().decode("utf-8", "replace")
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def indented(lines: Iterable[str], by: str = "    ") -> list[str]:
    return [f"{by}{line}" if line else "" for line in lines]


def bold(text: str) -> str:
    return click.style(text, bold=True)


def faint(text: str) -> str:
    return click.style(text, dim=True)


def warn(text: str) -> str:
    return click.style(text, fg="yellow")

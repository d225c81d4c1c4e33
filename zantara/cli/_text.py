"""Text on its way to a terminal, and from it. What others wrote must not steer the terminal."""

import shutil
import sys
import unicodedata
from collections.abc import Iterable, Iterator

import click

__all__ = ["bold", "faint", "given", "indented", "quoted", "safe", "warn"]

_KEPT = "\n\t"
# Words and emoji need joiners, Arabic numbers their signs: the only format characters that are left.
_JOINERS = {0x200C, 0x200D, *range(0x0600, 0x0606), 0x06DD, 0x08E2}
# Nobody sees these, though they are letters, marks or separators by their category.
_HIDDEN = {0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0, 0x2028, 0x2029}
_HIDDEN |= {*range(0x180B, 0x1810), *range(0xE0100, 0xE01F0)}
_MARK = "\N{BOX DRAWINGS LIGHT VERTICAL} "
_NARROWEST = 20


def safe(text: object) -> str:
    """The text with control and direction characters made visible; other scripts are untouched."""
    return "".join(char if _plain(char) else _escaped(char) for char in str(text))


def _plain(char: str) -> bool:
    if char in _KEPT or ord(char) in _JOINERS:
        return True
    return unicodedata.category(char) not in ("Cc", "Cf", "Cs") and ord(char) not in _HIDDEN


def _escaped(char: str) -> str:
    return char.encode("unicode_escape", "surrogatepass").decode("ascii")


def given(text: str) -> str:
    """The user's words from the arguments; `-` reads them from standard input."""
    if text == "-":
        return sys.stdin.buffer.read().decode("utf-8", "replace")
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def indented(lines: Iterable[str], by: str = "    ") -> list[str]:
    return [f"{by}{line}" if line else "" for line in lines]


def quoted(text: object, *, indent: int = 0) -> list[str]:
    """Lines of a text that somebody else wrote, each behind a mark: none passes for one of ours.

    A line that the terminal would wrap is cut, since what is wrapped begins without a mark. indent:
    columns that the caller puts before each line.
    """
    width = max(_NARROWEST, shutil.get_terminal_size().columns - indent - len(_MARK))
    lines = safe(text).expandtabs(4).split("\n")
    return [f"{_MARK}{piece}" for line in lines for piece in _cut(line, width)]


def _cut(line: str, width: int) -> Iterator[str]:
    begin = taken = 0
    for at, char in enumerate(line):
        columns = 2 if unicodedata.east_asian_width(char) in "WF" else 1
        if taken + columns > width:
            yield line[begin:at]
            begin, taken = at, 0
        taken += columns
    yield line[begin:]


def bold(text: str) -> str:
    return click.style(text, bold=True)


def faint(text: str) -> str:
    return click.style(text, dim=True)


def warn(text: str) -> str:
    return click.style(text, fg="yellow")

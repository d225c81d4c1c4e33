"""Ranges of spreadsheets in A1 notation."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from zantara.google.local._faults import Fault

__all__ = ["COLUMNS", "ROWS", "Area", "area", "named"]

ROWS, COLUMNS = 1000, 26  # of a new sheet
_CORNERS = re.compile(r"\$?([A-Za-z]{1,3})?\$?(\d{1,7})?(?::\$?([A-Za-z]{1,3})?\$?(\d{1,7})?)?")


class Area(NamedTuple):
    """Rows and columns from 0, ends not included, within the sheet's grid."""

    sheet: int
    top: int
    left: int
    bottom: int
    right: int
    whole: bool  # no rows were named: the sheet, or columns of it


def area(text: str, sheets: Sequence[Mapping[str, Any]]) -> Area:
    """What a range means among these sheets. Raises Fault 400 for one that cannot be read."""
    name, mark, cells = text.rpartition("!")
    if mark:
        number = _sheet(_unquoted(name), sheets, text)
    elif _sheet_named(_unquoted(text), sheets) is not None:
        number, cells = _sheet(_unquoted(text), sheets, text), ""
    else:
        number, cells = 0, text
    rows, columns = _size(sheets[number])
    top, left, bottom, right = _corners(cells, text)
    if (top or 0) >= rows or (left or 0) >= columns:
        what = f"Range ({text}) exceeds grid limits. Max rows: {rows}, max columns: {columns}"
        raise Fault(400, "badRequest", what)
    ends = (rows if bottom is None else bottom, columns if right is None else right)
    return Area(number, top or 0, left or 0, min(ends[0], rows), min(ends[1], columns), top is None)


def _size(sheet: Mapping[str, Any]) -> tuple[int, int]:
    widest = max((len(row) for row in sheet["rows"]), default=0)
    return max(ROWS, len(sheet["rows"]) + 1), max(COLUMNS, widest)


def _unquoted(name: str) -> str:
    quoted = len(name) > 1 and name.startswith("'") and name.endswith("'")
    return name[1:-1].replace("''", "'") if quoted else name


def _sheet_named(name: str, sheets: Sequence[Mapping[str, Any]]) -> int | None:
    titles = [str(sheet["title"]).casefold() for sheet in sheets]
    return titles.index(name.casefold()) if name.casefold() in titles else None


def _sheet(name: str, sheets: Sequence[Mapping[str, Any]], text: str) -> int:
    found = _sheet_named(name, sheets)
    if found is None:
        raise Fault(400, "badRequest", f"Unable to parse range: {text}")
    return found


def _corners(cells: str, text: str) -> tuple[int | None, int | None, int | None, int | None]:
    """top, left, bottom, right; None where the range is open."""
    if not cells:
        return None, None, None, None
    found = _CORNERS.fullmatch(cells)
    if not found or not (found[1] or found[2]) or (":" in cells and not (found[3] or found[4])):
        raise Fault(400, "badRequest", f"Unable to parse range: {text}")
    if ":" not in cells:
        if not (found[1] and found[2]):
            raise Fault(400, "badRequest", f"Unable to parse range: {text}")
        row, column = int(found[2]) - 1, _column(found[1])
        return _checked(row, text), column, row + 1, column + 1
    rows = sorted(int(one) - 1 for one in (found[2], found[4]) if one)
    columns = sorted(_column(one) for one in (found[1], found[3]) if one)
    top = rows[0] if found[2] or len(rows) == 2 else None
    bottom = rows[-1] + 1 if found[4] else None
    left = columns[0] if found[1] else None
    right = columns[-1] + 1 if found[3] else None
    return _checked(top, text), left, bottom, right


def _checked(row: int | None, text: str) -> int | None:
    if row is not None and row < 0:
        raise Fault(400, "badRequest", f"Unable to parse range: {text}")
    return row


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def named(place: Area, sheets: Sequence[Mapping[str, Any]]) -> str:
    """`Sheet1!A1:B2`, as answers write it."""
    title = str(sheets[place.sheet]["title"])
    if not re.fullmatch(r"[A-Za-z_]\w*", title) or _CORNERS.fullmatch(title):
        title = "'" + title.replace("'", "''") + "'"
    first = f"{_letters(place.left)}{place.top + 1}"
    last = f"{_letters(place.right - 1)}{place.bottom}"
    return f"{title}!{first}" if first == last else f"{title}!{first}:{last}"


def _letters(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, left = divmod(column - 1, 26)
        letters = chr(ord("A") + left) + letters
    return letters

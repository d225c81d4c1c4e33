"""Values of cells: as they are given, kept and shown."""

import re
from typing import Any

from zantara.google.local._faults import Fault

__all__ = ["entered", "rendered"]

_NUMBER = re.compile(r"-?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?(E[+-]?\d+)?")


def entered(value: Any, *, user: bool) -> list[Any] | None:
    """[value, shown] of what is written to a cell; None leaves the cell as it is.

    `user`: read as if it were typed. Formulas have no value here: they are refused, not kept.
    """
    if value is None:
        return None
    if isinstance(value, bool):
        return [value, str(value).upper()]
    if isinstance(value, int | float):
        return [value, _shown(value)]
    if not isinstance(value, str):
        raise Fault(400, "badRequest", f"Invalid values: a cell cannot be {value!r:.60}")
    if len(value) > 50_000:
        raise Fault(400, "badRequest", "Your input contains more than the maximum of 50000 chars")
    return _typed(value) if user else [value, value]


def _typed(text: str) -> list[Any]:
    if text.startswith("="):
        raise Fault(501, "notImplemented", "formulas are not implemented by the local Google")
    if text.startswith("'"):
        return [text[1:], text[1:]]
    bare = text.strip()
    if bare.upper() in ("TRUE", "FALSE"):
        return [bare.upper() == "TRUE", bare.upper()]
    percent = bare.endswith("%") and _NUMBER.fullmatch(bare[:-1])
    if percent:
        return [float(bare[:-1].replace(",", "")) / 100, bare]
    if _NUMBER.fullmatch(bare):
        number = float(bare.replace(",", ""))
        value = int(number) if number.is_integer() else number
        return [value, bare if "," in bare else _shown(value)]
    return [text, text]


def _shown(value: float) -> str:
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else f"{value:.15g}"


def rendered(cell: list[Any] | None, form: str) -> Any:
    if cell is None:
        return ""
    return cell[1] if form == "FORMATTED_VALUE" else cell[0]

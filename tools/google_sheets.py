"""Google Sheets, as a model may use it."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from langchain_core.tools import BaseTool, InjectedToolArg

from tools._drive_files import (
    SPREADSHEET,
    mark_outside,
    one_named,
    readers_of,
    shown_file,
    thing_of,
)
from zantara.gate.provenance import Provenance
from zantara.google import SentOrNotError
from zantara.services import current
from zantara.toolkit import (
    Call,
    Effect,
    Kind,
    OutcomeUnknownError,
    Preview,
    ToolError,
    ToolResult,
    declare,
)

__all__ = ["SHEETS_TOOLS"]

_Injected = Annotated[Call, InjectedToolArg]
_MOST_ROWS = 200
_MOST_CELLS = 50
_WHOLE = "A1:Z1000"
_RANGE = re.compile(r"(?:(?:'[^']+'|[^!']+)!)?\$?[A-Za-z]{0,3}\$?\d*(?::\$?[A-Za-z]{0,3}\$?\d*)?")


async def _preview_read(_call: Call, spreadsheet: str, range: str) -> Preview:
    _checked(range)
    file = await one_named(SPREADSHEET, spreadsheet, what="spreadsheet")
    return Preview({}, {"spreadsheet_id": file["id"]}, {spreadsheet: thing_of(file)})


@declare(
    family="files",
    effect=Effect.READ,
    args={"spreadsheet": Kind.TARGET, "range": Kind.OPTION},
    preview=_preview_read,
)
async def sheets_read(call: _Injected, spreadsheet: str, range: str) -> ToolResult:
    """Read cells of a spreadsheet.

    Args:
        call: The call itself.
        spreadsheet: Its title or id.
        range: In A1 notation, such as A1:C10, or Sheet2!A1:C10 for another sheet.
    """
    known = call.resolved.get("spreadsheet_id", spreadsheet)
    file = await one_named(SPREADSHEET, known, what="spreadsheet")
    found = await _values(file["id"], _checked(range))
    rows = found.get("values", [])
    data: dict[str, Any] = {
        "spreadsheet": file["name"],
        "range": found["range"],
        "rows": rows[:_MOST_ROWS],
    }
    if len(rows) > _MOST_ROWS:
        data["more"] = f"only the first {_MOST_ROWS} of {len(rows)} rows are shown"
    kind = thing_of(file).owner
    return ToolResult(data, {"": Provenance.SYSTEM, "rows[][]": kind, "spreadsheet": kind})


async def _preview_append(_call: Call, spreadsheet: str, values: list[str]) -> Preview:
    file = await one_named(SPREADSHEET, spreadsheet, what="spreadsheet")
    last = await _rows(file["id"])
    shows: dict[str, Any] = {"adds_to": file["name"], "row": _cells(values)}
    if last:
        shows["after"] = last[-1]
    about = thing_of(file)
    return Preview(
        shows, {"spreadsheet_id": file["id"]}, {spreadsheet: about}, readers_of(file, about)
    )


async def _undo_append(_call: Call, done: Mapping[str, Any]) -> ToolResult:
    """The row is emptied while it still holds what was written."""
    told = done["appended"]
    google = current().google
    cells = google.api("sheets", "v4").spreadsheets().values()
    found = await _values(told["id"], told["range"])
    if _as_text((found.get("values") or [[]])[0]) != _as_text(told["row"]):
        raise ToolError(f"{told['range']} of {told['title']!r} was changed since: look at it first")
    await google.run(lambda: cells.clear(spreadsheetId=told["id"], range=told["range"], body={}))
    return ToolResult({"cleared": told["range"]})


@declare(
    family="files",
    effect=Effect.CHANGE,
    args={"spreadsheet": Kind.TARGET, "values": Kind.TEXT},
    preview=_preview_append,
    undo=_undo_append,
)
async def sheets_append(call: _Injected, spreadsheet: str, values: list[str]) -> ToolResult:
    """Add one row at the end of a spreadsheet's first sheet.

    Args:
        call: The call itself.
        spreadsheet: Its title or id.
        values: The cells of the row, from left to right.
    """
    row = _cells(values)
    known = call.notes.facts.get("spreadsheet_id") or call.resolved.get("spreadsheet_id")
    file = await one_named(SPREADSHEET, known or spreadsheet, what="spreadsheet")
    before = call.notes.facts.get("rows_before")
    rows = await _rows(file["id"])
    if before is None:
        await call.notes.note(spreadsheet_id=file["id"], rows_before=str(len(rows)))
        if call.tainted:
            await mark_outside(file["id"])
        where = await _append(file["id"], row, rows)
    else:  # a run that was cut off has got as far as asking
        where = _arrived(rows, int(before), row)
    told = {"id": file["id"], "title": file["name"], "row": row, "range": where}
    told["link"] = shown_file(file)["link"]
    return ToolResult({"appended": told}, {"": Provenance.SYSTEM, "appended.row[]": Provenance.OWN})


SHEETS_TOOLS: tuple[BaseTool, ...] = (sheets_read, sheets_append)


async def _append(identity: str, row: Sequence[str], before: Sequence[Sequence[Any]]) -> str:
    """The range written. The API knows no key: a lost answer is decided by what stands there now."""
    google = current().google
    cells = google.api("sheets", "v4").spreadsheets().values()
    body = {"values": [list(row)]}
    try:
        done = await google.run(
            lambda: cells.append(
                spreadsheetId=identity, range="A1", valueInputOption="RAW", body=body
            )
        )
    except SentOrNotError:
        return _arrived(await _rows(identity), len(before), row)
    return str(done["updates"]["updatedRange"])


def _arrived(rows: Sequence[Sequence[Any]], before: int, row: Sequence[str]) -> str:
    """Where the row is, if it is the only new one. Raises OutcomeUnknownError where that is unclear."""
    if len(rows) == before + 1 and _as_text(rows[-1]) == _as_text(row):
        last = chr(ord("A") + min(len(row), 26) - 1)
        return f"A{len(rows)}:{last}{len(rows)}"
    raise OutcomeUnknownError(
        f"the row {', '.join(row)} may have been added: look at the end of the spreadsheet"
    )


async def _rows(identity: str) -> list[list[Any]]:
    return list((await _values(identity, _WHOLE)).get("values", []))


async def _values(identity: str, where: str) -> dict[str, Any]:
    google = current().google
    cells = google.api("sheets", "v4").spreadsheets().values()
    return await google.run(lambda: cells.get(spreadsheetId=identity, range=where))


def _checked(where: str) -> str:
    if not where.strip() or not _RANGE.fullmatch(where.strip()):
        raise ToolError(f"range: {where!r}; accepted: A1 notation such as A1:C10 or Sheet2!B2:B9")
    return where.strip()


def _cells(values: Sequence[str]) -> list[str]:
    if not values or len(values) > _MOST_CELLS:
        raise ToolError(f"values: {len(values)} cells; accepted: 1 to {_MOST_CELLS}")
    return [str(one) for one in values]


def _as_text(row: Sequence[Any]) -> str:
    return json.dumps([str(one) for one in row], ensure_ascii=False)

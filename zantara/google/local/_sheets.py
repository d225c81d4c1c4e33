"""Sheets v4: spreadsheets of plain cells, read and written by A1 ranges."""

from collections.abc import Mapping
from typing import Any

from zantara.google.local._cells import entered, rendered
from zantara.google.local._contract import Asked
from zantara.google.local._editors import keep, kept
from zantara.google.local._faults import Fault
from zantara.google.local._files import SPREADSHEET, Files
from zantara.google.local._ranges import COLUMNS, ROWS, Area, area, named
from zantara.google.local._storage import Storage

__all__ = ["SHEETS_METHODS", "Sheets"]

_ID = frozenset({"spreadsheetId"})
_RANGE = _ID | {"range"}
_READ = frozenset({"majorDimension", "valueRenderOption"})
_WRITE = _RANGE | {"valueInputOption", "includeValuesInResponse"}
SHEETS_METHODS: Mapping[str, tuple[str, frozenset[str]]] = {
    "sheets.spreadsheets.create": ("create", frozenset()),
    "sheets.spreadsheets.get": ("get", _ID),
    "sheets.spreadsheets.values.get": ("read", _RANGE | _READ),
    "sheets.spreadsheets.values.batchGet": ("read_many", _ID | _READ | {"ranges"}),
    "sheets.spreadsheets.values.update": ("update", _WRITE),
    "sheets.spreadsheets.values.append": ("append", _WRITE | {"insertDataOption"}),
    "sheets.spreadsheets.values.clear": ("clear", _RANGE),
}


class Sheets:
    """A sheet is rows of cells; a cell is None or [value, how it is shown]."""

    def __init__(self, storage: Storage, files: Files) -> None:
        self._storage = storage
        self._files = files

    def create(self, asked: Asked) -> dict[str, Any]:
        properties = asked.body.get("properties", {})
        if set(asked.body) - {"properties", "sheets"} or set(properties) - {"title"}:
            what = "a new spreadsheet takes properties.title and sheets[].properties alone"
            raise Fault(501, "notImplemented", what)
        name = properties.get("title") or "Untitled spreadsheet"
        file = self._files.create({"name": name, "mimeType": SPREADSHEET})
        if asked.body.get("sheets"):
            sheets = [_sheet(number, one) for number, one in enumerate(asked.body["sheets"])]
            keep(self._storage, file, {"sheets": sheets})
        return self._shown(file)

    def get(self, asked: Asked) -> dict[str, Any]:
        return self._shown(self._file(asked))

    def read(self, asked: Asked) -> dict[str, Any]:
        return self._values(self._file(asked), asked.params["range"], asked.params)

    def read_many(self, asked: Asked) -> dict[str, Any]:
        file, params = self._file(asked), asked.params
        found = [self._values(file, one, params) for one in params.get("ranges", ())]
        return {"spreadsheetId": file["id"], "valueRanges": found}

    def update(self, asked: Asked) -> dict[str, Any]:
        file = self._writable(asked)
        content = kept(self._storage, file)
        place = area(asked.params["range"], content["sheets"])
        self._check_range(asked, content, place)
        rows = _rows(asked)
        height, width = len(rows), max(map(len, rows), default=0)
        if height > place.bottom - place.top or width > place.right - place.left:
            what = f"Requested writing within range [{asked.params['range']}], but tried writing"
            raise Fault(400, "badRequest", f"{what} {height} rows and {width} columns")
        return self._write(file, content, (place, place.top), asked)

    def append(self, asked: Asked) -> dict[str, Any]:
        """After the last row of the table that the range touches; a range of no table is one."""
        file = self._writable(asked)
        content = kept(self._storage, file)
        place = area(asked.params["range"], content["sheets"])
        self._check_range(asked, content, place)
        table = _table(content["sheets"][place.sheet]["rows"], place)
        row = table.bottom if table else place.top
        if asked.params.get("insertDataOption") == "INSERT_ROWS":
            rows = content["sheets"][place.sheet]["rows"]
            rows[row:row] = [[] for _ in _rows(asked)]
        done = self._write(file, content, (table or place, row), asked)
        told = {"tableRange": named(table, content["sheets"])} if table else {}
        return {"spreadsheetId": file["id"], **told, "updates": done}

    def clear(self, asked: Asked) -> dict[str, Any]:
        file = self._files.writable(asked.params["spreadsheetId"], SPREADSHEET)
        content = kept(self._storage, file)
        place = area(asked.params["range"], content["sheets"])
        for row in content["sheets"][place.sheet]["rows"][place.top : place.bottom]:
            for column in range(place.left, min(place.right, len(row))):
                row[column] = None
        self._save(file, content)
        cleared = named(place, content["sheets"])
        return {"spreadsheetId": file["id"], "clearedRange": cleared}

    def _file(self, asked: Asked) -> dict[str, Any]:
        return self._files.find(asked.params["spreadsheetId"], SPREADSHEET)

    def _writable(self, asked: Asked) -> dict[str, Any]:
        file = self._files.writable(asked.params["spreadsheetId"], SPREADSHEET)
        if asked.params.get("valueInputOption", "") not in ("RAW", "USER_ENTERED"):
            raise Fault(400, "badRequest", "'valueInputOption' is required but not specified")
        return file

    @staticmethod
    def _check_range(asked: Asked, content: Mapping[str, Any], place: Area) -> None:
        """The body may name its range again, and then it must be the same."""
        given = asked.body.get("range")
        if given is not None and area(given, content["sheets"]) != place:
            what = f"Requested writing within range [{asked.params['range']}], got [{given}]"
            raise Fault(400, "badRequest", what)

    def _values(
        self, file: Mapping[str, Any], text: str, params: Mapping[str, Any]
    ) -> dict[str, Any]:
        content = kept(self._storage, file)
        place = area(text, content["sheets"])
        form = params.get("valueRenderOption", "FORMATTED_VALUE")
        rows = content["sheets"][place.sheet]["rows"][place.top : place.bottom]
        shown = [[rendered(cell, form) for cell in row[place.left : place.right]] for row in rows]
        dimension = params.get("majorDimension", "ROWS")
        if dimension == "COLUMNS":
            shown = _turned(shown)
        elif dimension != "ROWS":
            raise Fault(400, "badRequest", f"Invalid majorDimension: {dimension}")
        trimmed = _trimmed(shown)
        told = {"values": trimmed} if trimmed else {}
        return {"range": named(place, content["sheets"]), "majorDimension": dimension, **told}

    def _write(
        self,
        file: dict[str, Any],
        content: dict[str, Any],
        at: tuple[Area, int],
        asked: Asked,
    ) -> dict[str, Any]:
        (place, top), given = at, _rows(asked)
        rows = content["sheets"][place.sheet]["rows"]
        user = asked.params["valueInputOption"] == "USER_ENTERED"
        for number, values in enumerate(given, top):
            _put(rows, number, place.left, [entered(value, user=user) for value in values])
        self._save(file, content)
        width = max(map(len, given), default=0)
        bottom, right = top + max(len(given), 1), place.left + max(width, 1)
        done = Area(place.sheet, top, place.left, bottom, right, whole=False)
        answer = {"spreadsheetId": file["id"], "updatedRange": named(done, content["sheets"])}
        if given and width:
            counts = {"updatedRows": len(given), "updatedColumns": width}
            answer |= {**counts, "updatedCells": sum(map(len, given))}
        if asked.params.get("includeValuesInResponse"):
            answer["updatedData"] = self._values(file, answer["updatedRange"], {})
        return answer

    def _save(self, file: dict[str, Any], content: dict[str, Any]) -> None:
        keep(self._storage, file, content)
        self._files.save(file)

    def _shown(self, file: Mapping[str, Any]) -> dict[str, Any]:
        sheets = kept(self._storage, file)["sheets"]
        return {
            "spreadsheetId": file["id"],
            "spreadsheetUrl": file["webViewLink"],
            "properties": {
                "title": file["name"],
                "locale": "en_US",
                "autoRecalc": "ON_CHANGE",
                "timeZone": "Asia/Makassar",
            },
            "sheets": [
                {"properties": _properties(number, one)} for number, one in enumerate(sheets)
            ],
        }


def _properties(number: int, sheet: Mapping[str, Any]) -> dict[str, Any]:
    widest = max((len(row) for row in sheet["rows"]), default=0)
    size = {"rowCount": max(ROWS, len(sheet["rows"])), "columnCount": max(COLUMNS, widest)}
    place = {"sheetId": sheet["id"], "title": sheet["title"], "index": number}
    return {**place, "sheetType": "GRID", "gridProperties": size}


def _sheet(number: int, given: Mapping[str, Any]) -> dict[str, Any]:
    properties = given.get("properties", {})
    if set(given) - {"properties"} or set(properties) - {"title"}:
        raise Fault(501, "notImplemented", "a new sheet takes properties.title alone")
    return {"id": number, "title": properties.get("title") or f"Sheet{number + 1}", "rows": []}


def _rows(asked: Asked) -> list[list[Any]]:
    rows: list[list[Any]] = asked.body.get("values", [])
    if asked.body.get("majorDimension", "ROWS") == "COLUMNS":
        return _turned(rows)
    return rows


def _turned(rows: list[list[Any]]) -> list[list[Any]]:
    width = max(map(len, rows), default=0)
    return [[row[at] if at < len(row) else "" for row in rows] for at in range(width)]


def _trimmed(rows: list[list[Any]]) -> list[list[Any]]:
    """Empty cells and rows at the end are left out."""
    kept_rows = [
        row[: max((at for at, c in enumerate(row, 1) if c != ""), default=0)] for row in rows
    ]
    last = max((at for at, row in enumerate(kept_rows, 1) if row), default=0)
    return kept_rows[:last]


def _put(rows: list[list[Any]], number: int, left: int, cells: list[Any]) -> None:
    """A null leaves its cell as it is."""
    while len(rows) <= number:
        rows.append([])
    row = rows[number]
    row.extend([None] * (left + len(cells) - len(row)))
    for at, cell in enumerate(cells, left):
        if cell is not None:
            row[at] = cell if cell[1] != "" else None


def _table(rows: list[list[Any]], place: Area) -> Area | None:
    """The run of rows with values that the range touches; of a range without rows the last."""
    full = [at for at, row in enumerate(rows) if any(cell is not None for cell in row)]
    runs: list[list[int]] = []
    for at in full:
        if runs and runs[-1][-1] == at - 1:
            runs[-1].append(at)
        else:
            runs.append([at])
    touching = [run for run in runs if run[0] <= place.bottom and run[-1] >= place.top - 1]
    if not touching:
        return None
    run = touching[-1] if place.whole else touching[0]
    columns = [at for row in run for at, cell in enumerate(rows[row]) if cell is not None]
    return Area(place.sheet, run[0], min(columns), run[-1] + 1, max(columns) + 1, whole=False)

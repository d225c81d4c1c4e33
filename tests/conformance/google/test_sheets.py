"""Sheets v4 as documented, every answer held to the discovery document."""

from typing import Any

import pytest

from zantara.google import Google, GoogleAuthError, GoogleBadRequestError, GoogleError
from zantara.google.local._contract import problems


def _values(google: Google) -> Any:
    return google.api("sheets", "v4").spreadsheets().values()


async def _made(google: Google, *titles: str) -> str:
    body = {
        "properties": {"title": "Numbers"},
        "sheets": [{"properties": {"title": title}} for title in titles or ("Sheet1",)],
    }
    made = await google.run(lambda: google.api("sheets", "v4").spreadsheets().create(body=body))
    assert not problems("sheets", "Spreadsheet", made)
    return str(made["spreadsheetId"])


async def _read(google: Google, sheet: str, where: str, **options: Any) -> dict[str, Any]:
    found = await google.run(
        lambda: _values(google).get(spreadsheetId=sheet, range=where, **options)
    )
    assert not problems("sheets", "ValueRange", found)
    return found


async def _update(
    google: Google, sheet: str, where: str, rows: list[list[Any]], option: str = "RAW"
) -> dict[str, Any]:
    done = await google.run(
        lambda: _values(google).update(
            spreadsheetId=sheet, range=where, valueInputOption=option, body={"values": rows}
        )
    )
    assert not problems("sheets", "UpdateValuesResponse", done)
    return done


async def _append(
    google: Google, sheet: str, where: str, rows: list[list[Any]], **options: Any
) -> dict[str, Any]:
    given = {"valueInputOption": "RAW", **options}
    done = await google.run(
        lambda: _values(google).append(
            spreadsheetId=sheet, range=where, body={"values": rows}, **given
        )
    )
    assert not problems("sheets", "AppendValuesResponse", done)
    return done


async def test_a_spreadsheet_is_a_file_of_the_drive(google: Google) -> None:
    sheet = await _made(google, "One", "Two")
    file = await google.run(lambda: google.api("drive", "v3").files().get(fileId=sheet))
    assert file["mimeType"] == "application/vnd.google-apps.spreadsheet"
    shown = await google.run(
        lambda: google.api("sheets", "v4").spreadsheets().get(spreadsheetId=sheet)
    )
    assert not problems("sheets", "Spreadsheet", shown)
    assert [one["properties"]["title"] for one in shown["sheets"]] == ["One", "Two"]


async def test_a_file_that_the_drive_made_is_an_empty_spreadsheet(google: Google) -> None:
    body = {"name": "New", "mimeType": "application/vnd.google-apps.spreadsheet"}
    made = await google.run(lambda: google.api("drive", "v3").files().create(body=body))
    assert await _read(google, made["id"], "A1:B2") == {
        "range": "Sheet1!A1:B2",
        "majorDimension": "ROWS",
    }


_TABLE = [["a", "b", "c"], ["d", "", "f"], ["g"]]


@pytest.mark.parametrize(
    ("where", "rows", "told"),
    [
        ("Sheet1", [["a", "b", "c"], ["d", "", "f"], ["g"]], "Sheet1!A1:Z1000"),
        ("A1", [["a"]], "Sheet1!A1"),
        ("B1:C2", [["b", "c"], ["", "f"]], "Sheet1!B1:C2"),
        ("c2:b1", [["b", "c"], ["", "f"]], "Sheet1!B1:C2"),
        ("$A$3:C", [["g"]], "Sheet1!A3:C1000"),
        ("A:A", [["a"], ["d"], ["g"]], "Sheet1!A1:A1000"),
        ("2:3", [["d", "", "f"], ["g"]], "Sheet1!A2:Z3"),
        ("sheet1!B2", None, "Sheet1!B2"),
        ("'Sheet1'!B1", [["b"]], "Sheet1!B1"),
        ("Other", None, "Other!A1:Z1000"),
    ],
)
async def test_ranges(google: Google, where: str, rows: Any, told: str) -> None:
    sheet = await _made(google, "Sheet1", "Other")
    await _update(google, sheet, "Sheet1!A1:C3", _TABLE)
    found = await _read(google, sheet, where)
    assert (found.get("values"), found["range"]) == (rows, told)


@pytest.mark.parametrize("where", ["Nowhere!A1", "A0", "A1:", "1", "A", "!A1", "A5000", "A1:B2:C3"])
async def test_a_range_that_cannot_be_read_is_refused(google: Google, where: str) -> None:
    sheet = await _made(google)
    with pytest.raises(GoogleBadRequestError):
        await _read(google, sheet, where)


async def test_a_sheet_may_have_any_name(google: Google) -> None:
    sheet = await _made(google, "Città d'arte: 50%", "A1")
    await _update(google, sheet, "'Città d''arte: 50%'!B2", [["x"]])
    found = await _read(google, sheet, "'Città d''arte: 50%'!A1:B2")
    assert found["values"] == [[], ["", "x"]]
    assert found["range"] == "'Città d''arte: 50%'!A1:B2"


@pytest.mark.parametrize(
    ("given", "option", "shown", "kept"),
    [
        ("1,500", "USER_ENTERED", "1,500", 1500),
        ("1,500", "RAW", "1,500", "1,500"),
        ("12.50", "USER_ENTERED", "12.5", 12.5),
        ("50%", "USER_ENTERED", "50%", 0.5),
        ("true", "USER_ENTERED", "TRUE", True),
        ("true", "RAW", "true", "true"),
        ("'007", "USER_ENTERED", "007", "007"),
        ("=A1", "RAW", "=A1", "=A1"),
        (7, "RAW", "7", 7),
        (True, "RAW", "TRUE", True),
    ],
)
async def test_what_is_typed_and_what_is_kept(
    google: Google, given: Any, option: str, shown: str, kept: Any
) -> None:
    sheet = await _made(google)
    await _update(google, sheet, "A1", [[given]], option)
    assert (await _read(google, sheet, "A1"))["values"] == [[shown]]
    plain = await _read(google, sheet, "A1", valueRenderOption="UNFORMATTED_VALUE")
    assert plain["values"] == [[kept]]


async def test_a_formula_is_refused_and_not_kept_as_text(google: Google) -> None:
    sheet = await _made(google)
    with pytest.raises(GoogleError, match="501"):
        await _update(google, sheet, "A1", [["=1+1"]], "USER_ENTERED")
    assert "values" not in await _read(google, sheet, "A1")


async def test_rows_go_below_the_table(google: Google) -> None:
    sheet = await _made(google)
    await _update(google, sheet, "B2:C3", [["n", "m"], [1, 2]])
    done = await _append(google, sheet, "Sheet1", [[3, 4], [5]])
    assert done["tableRange"] == "Sheet1!B2:C3"
    assert done["updates"]["updatedRange"] == "Sheet1!B4:C5"
    assert done["updates"]["updatedCells"] == 3
    assert (await _read(google, sheet, "B2:C9"))["values"] == [
        ["n", "m"],
        ["1", "2"],
        ["3", "4"],
        ["5"],
    ]


async def test_the_first_row_of_an_empty_sheet(google: Google) -> None:
    sheet = await _made(google)
    done = await _append(google, sheet, "A1", [["x"]], includeValuesInResponse=True)
    assert "tableRange" not in done
    assert done["updates"]["updatedData"]["values"] == [["x"]]


async def test_of_two_tables_the_one_that_is_touched(google: Google) -> None:
    sheet = await _made(google)
    await _update(google, sheet, "A1:A2", [["one"], ["1"]])
    await _update(google, sheet, "A5:A6", [["two"], ["2"]])
    above = await _append(google, sheet, "A1:A2", [["more"]], insertDataOption="INSERT_ROWS")
    assert above["updates"]["updatedRange"] == "Sheet1!A3"
    below = await _append(google, sheet, "A:A", [["last"]])
    assert below["updates"]["updatedRange"] == "Sheet1!A8"


async def test_a_cleared_range_is_empty(google: Google) -> None:
    sheet = await _made(google)
    await _update(google, sheet, "A1:C3", _TABLE)
    done = await google.run(
        lambda: _values(google).clear(spreadsheetId=sheet, range="A1:C2", body={})
    )
    assert not problems("sheets", "ClearValuesResponse", done)
    assert (await _read(google, sheet, "A1:C3"))["values"] == [[], [], ["g"]]


async def test_many_ranges_and_columns(google: Google) -> None:
    sheet = await _made(google)
    await _update(google, sheet, "A1:C3", _TABLE)
    found = await google.run(
        lambda: _values(google).batchGet(
            spreadsheetId=sheet, ranges=["A1:A2", "C1:C2"], majorDimension="COLUMNS"
        )
    )
    assert not problems("sheets", "BatchGetValuesResponse", found)
    assert [one["values"] for one in found["valueRanges"]] == [[["a", "d"]], [["c", "f"]]]


async def test_more_than_the_range_holds_is_refused(google: Google) -> None:
    sheet = await _made(google)
    with pytest.raises(GoogleBadRequestError, match="within range"):
        await _update(google, sheet, "A1", [["a", "b"]])


async def test_how_to_read_the_input_must_be_said(google: Google) -> None:
    sheet = await _made(google)
    with pytest.raises(GoogleBadRequestError, match="valueInputOption"):
        await google.run(
            lambda: _values(google).update(
                spreadsheetId=sheet, range="A1", body={"values": [["x"]]}
            )
        )


async def test_the_demo_has_rows(google: Google) -> None:
    page = await google.run(
        lambda: google.api("drive", "v3").files().list(q="name = 'Client tracker'")
    )
    (file,) = page["files"]
    found = await _read(google, file["id"], "Clients!A1:B2")
    assert found["values"] == [["Name", "Service"], ["Maria Rossi", "KITAS renewal"]]


async def test_a_document_is_no_spreadsheet(google: Google) -> None:
    page = await google.run(
        lambda: google.api("drive", "v3").files().list(q="name = 'Team handbook'")
    )
    with pytest.raises(GoogleError, match="404"):
        await _read(google, page["files"][0]["id"], "A1")


async def test_what_others_let_be_read_alone_is_not_written(google: Google) -> None:
    page = await google.run(
        lambda: google.api("drive", "v3").files().list(q="name contains 'Notary fees'")
    )
    shared, empty = page["files"][0]["id"], {"requests": list[Any]()}
    documents = google.api("docs", "v1").documents()
    with pytest.raises(GoogleAuthError):
        await google.run(lambda: documents.batchUpdate(documentId=shared, body=empty))

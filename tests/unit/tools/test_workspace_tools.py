"""Drive, Docs, Sheets, Slides, contacts and Chat tools: done once, looked up after a lost answer,
undone while nothing has changed."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.kit import AYU, NOW
from tests.unit.tools.conftest import ZONE, Notes
from tools import BY_NAME
from zantara.gate.provenance import Provenance
from zantara.services import Services
from zantara.toolkit import Call, OutcomeUnknownError, ToolError, ToolResult, spec_of

_ROW = {"spreadsheet": "client tracker", "values": ["Hana Mori", "Visa", "New", "Ayu"]}


async def _undo(tool: str, done: ToolResult) -> ToolResult:
    undo = spec_of(BY_NAME[tool]).undo
    assert callable(undo)
    now = NOW.now().astimezone(ZONE)
    return await undo(Call("undo", AYU, now, ZONE, "en", Notes()), done.data)


async def _names(run: Any, query: str) -> list[str]:
    return [one["name"] for one in (await run("drive_search", query=query)).data["files"]]


async def test_files_are_found_by_name_and_by_content(run: Any) -> None:
    assert await _names(run, "office expenses") == ["Office expenses"]
    assert await _names(run, "sponsor wayan") == ["Rossi KITAS renewal: checklist"]


async def test_files_of_others_are_outside(run: Any) -> None:
    own = await run("drive_search", query="handbook")
    shared = await run("drive_search", query="notary fees")
    assert own.provenance["files[].name"] is Provenance.OWN
    assert shared.provenance["files[].name"] is Provenance.OUTSIDE


@pytest.mark.parametrize("name", ["", "../google.sqlite", "none.pdf", ".hidden", "a/b"])
async def test_nothing_but_the_outbox_is_uploaded(run: Any, services: Services, name: str) -> None:
    (services.settings.home / "outbox").mkdir()
    with pytest.raises(ToolError, match="outbox"):
        await run("drive_upload", file_name=name)


@pytest.mark.parametrize("lost", [False, True])
async def test_an_upload_is_one_file_and_goes_to_the_trash(
    run: Any, services: Services, lose: Callable[..., None], lost: bool
) -> None:
    outbox = services.settings.home / "outbox"
    outbox.mkdir()
    (outbox / "passport scan.txt").write_text("zebra")
    notes = Notes()
    if lost:
        lose("POST", "/upload/", arrives=True)
    upload = {"file_name": "passport scan.txt", "folder": "clients", "notes": notes}
    done = await run("drive_upload", **upload)
    await run("drive_upload", **upload)
    assert await _names(run, "zebra") == ["passport scan.txt"]
    await _undo("drive_upload", done)
    assert await _names(run, "zebra") == []


async def test_a_document_is_made_once_with_its_text(run: Any) -> None:
    notes = Notes()
    letter = {"title": "Letter", "content": "Dear zebra", "notes": notes}
    done = await run("docs_create", **letter)
    await run("docs_create", **letter)
    assert await _names(run, "zebra") == ["Letter"]
    await _undo("docs_create", done)
    assert await _names(run, "zebra") == []


async def test_a_document_changed_since_is_not_trashed(run: Any, services: Services) -> None:
    done = await run("docs_create", title="Letter", content="Dear zebra")
    google = services.google
    request = {"insertText": {"location": {"index": 1}, "text": "More "}}
    documents = google.api("docs", "v1").documents()
    identity = done.data["created"]["id"]
    await google.run(
        lambda: documents.batchUpdate(documentId=identity, body={"requests": [request]})
    )
    with pytest.raises(ToolError):
        await _undo("docs_create", done)


async def test_a_presentation_is_made_once_and_undone(run: Any) -> None:
    notes = Notes()
    done = await run("slides_create", title="Zebra plan", notes=notes)
    await run("slides_create", title="Zebra plan", notes=notes)
    assert await _names(run, "zebra plan") == ["Zebra plan"]
    await _undo("slides_create", done)
    assert await _names(run, "zebra plan") == []


async def _tracker(run: Any) -> list[list[Any]]:
    found = await run("sheets_read", spreadsheet="Client tracker", range="Clients!A1:D20")
    return list(found.data["rows"])


@pytest.mark.parametrize("lost", [False, True])
async def test_a_row_is_added_once_and_cleared(
    run: Any, lose: Callable[..., None], lost: bool
) -> None:
    before, notes = await _tracker(run), Notes()
    if lost:
        lose("POST", ":append", arrives=True)
    done = await run("sheets_append", notes=notes, **_ROW)
    await run("sheets_append", notes=notes, **_ROW)
    assert await _tracker(run) == [*before, _ROW["values"]]
    await _undo("sheets_append", done)
    assert await _tracker(run) == before


async def test_a_row_that_may_be_there_is_unknown(run: Any, lose: Callable[..., None]) -> None:
    before = await _tracker(run)
    lose("POST", ":append", arrives=False)
    with pytest.raises(OutcomeUnknownError):
        await run("sheets_append", **_ROW)
    assert await _tracker(run) == before


async def test_a_spreadsheet_that_is_not_there_is_named(run: Any) -> None:
    with pytest.raises(ToolError, match="zebra"):
        await run("sheets_read", spreadsheet="zebra", range="A1:B2")


async def test_a_contact_is_found_without_accents(run: Any) -> None:
    found = await run("contacts_search", query="niccolo")
    assert [one["name"] for one in found.data["contacts"]] == ["Niccolò Ferri"]
    assert "+39 055 555 0232" in str(found.data)


@pytest.mark.parametrize("lost", [False, True])
async def test_a_chat_message_is_posted_once_and_deleted(
    run: Any, services: Services, lose: Callable[..., None], lost: bool
) -> None:
    if lost:
        lose("POST", "/messages", arrives=True)
    post = {"space": "team bali", "text": "The zebra is here."}
    done = await run("googlechat_notify", **post)
    await run("googlechat_notify", **post)
    google = services.google
    messages = google.api("chat", "v1").spaces().messages()
    page = await google.run(lambda: messages.list(parent="spaces/AAAAteambali"))
    assert [one["text"] for one in page["messages"]] == ["The zebra is here."]
    await _undo("googlechat_notify", done)
    with pytest.raises(ToolError):
        await _undo("googlechat_notify", done)


async def test_a_space_that_is_not_there_lists_those_that_are(run: Any) -> None:
    with pytest.raises(ToolError, match="Finance"):
        await run("googlechat_notify", space="zebra", text="x")


async def test_a_preview_tells_which_file_goes_where(services: Services) -> None:
    outbox = services.settings.home / "outbox"
    outbox.mkdir()
    (outbox / "scan.txt").write_text("zebra")
    preview = spec_of(BY_NAME["drive_upload"]).preview
    assert preview is not None
    call = Call("c1", AYU, NOW.now().astimezone(ZONE), ZONE, "en", Notes())
    shows = (await preview(call, file_name="scan.txt", folder="clients")).shows
    assert (shows["into"], shows["bytes"]) == ("Clients", 5)
    assert len(shows["md5"]) == 32


async def test_a_space_is_found_by_its_id(run: Any) -> None:
    done = await run("googlechat_notify", space="spaces/AAAAteambali", text="x")
    assert done.data["posted"].startswith("spaces/AAAAteambali/")

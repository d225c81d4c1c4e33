"""Files, sheets, contacts and spaces that a row speaks of."""

import re
from contextlib import suppress
from typing import Any

from zantara.evals._arguments import argument_name
from zantara.evals._files import ActionRow
from zantara.evals.seeds._ground import Ground, Target
from zantara.google import GoogleConflictError

__all__ = ["seed"]

_SHEET = "application/vnd.google-apps.spreadsheet"
_DOCUMENT = "application/vnd.google-apps.document"
_FOLDER = "application/vnd.google-apps.folder"
_ROWS = 20
_NUMBER = "+62 812 5550 {:04d}"
_LONGEST = 4


async def seed(ground: Ground, row: ActionRow, index: int) -> Target | None:
    """What the call reads or writes to is there; what it creates is not."""
    call = row.expected_calls[index]
    args = {argument_name(name): str(value) for name, value in call.args.items()}
    if args.get("spreadsheet"):
        await _sheet(ground, args["spreadsheet"])
    elif call.tool == "drive.search":
        await _file(ground, args.get("query", "Report"), _DOCUMENT)
    elif call.tool == "drive.upload":
        outbox = ground.services.settings.home / "outbox"
        outbox.mkdir(parents=True, exist_ok=True)
        (outbox / args.get("file_name", "file.txt")).write_text("A file to upload.\n")
        if args.get("folder"):
            await _file(ground, args["folder"], _FOLDER)
    elif call.tool == "contacts.search":
        await _contact(ground, args.get("query", "Someone"), index)
    elif call.tool == "googlechat.notify":
        await _space(ground, args.get("space", "Team"))
    return None


async def _file(ground: Ground, name: str, kind: str) -> str:
    google = ground.services.google
    files = google.api("drive", "v3").files()
    body = {"name": name[:1].upper() + name[1:], "mimeType": kind}
    return str((await google.run(lambda: files.create(body=body, fields="id")))["id"])


async def _sheet(ground: Ground, title: str) -> None:
    """Once, though two calls of a row may speak of it."""
    google = ground.services.google
    files = google.api("drive", "v3").files()
    known = await google.run(lambda: files.list(q=f"mimeType = '{_SHEET}'", fields="files(name)"))
    if any(one["name"].casefold() == title.casefold() for one in known["files"]):
        return
    identity = await _file(ground, title, _SHEET)
    values = [["Item", "Amount", "Date", "Note"]]
    values += [[f"Item {n}", f"{n}50000", f"2026-02-{n:02d}", "paid"] for n in range(1, _ROWS)]
    cells = google.api("sheets", "v4").spreadsheets().values()
    await google.run(
        lambda: cells.update(
            spreadsheetId=identity,
            range=f"A1:D{_ROWS}",
            valueInputOption="RAW",
            body={"values": values},
        )
    )


async def _contact(ground: Ground, words: str, number: int) -> None:
    """A person of that name, who has an address and a number."""
    google = ground.services.google
    name = " ".join(words.split()[:_LONGEST])
    address = re.sub(r"[^a-z]+", ".", name.casefold()).strip(".") or "someone"
    body: dict[str, Any] = {
        "names": [{"unstructuredName": name[:1].upper() + name[1:]}],
        "emailAddresses": [{"value": f"{address}@example.com"}],
        "phoneNumbers": [{"value": _NUMBER.format(number + 1)}],
    }
    people = google.api("people", "v1").people()
    await google.run(lambda: people.createContact(body=body, personFields="names"))


async def _space(ground: Ground, name: str) -> None:
    google = ground.services.google
    spaces = google.api("chat", "v1").spaces()
    body = {"spaceType": "SPACE", "displayName": name}
    with suppress(GoogleConflictError):  # the demo account has it already
        await google.run(lambda: spaces.create(body=body))

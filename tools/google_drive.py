"""Google Drive, as a model may use it."""

import asyncio
import hashlib
from pathlib import Path
from typing import Annotated, Any

from langchain_core.tools import BaseTool, InjectedToolArg

from tools._drive_files import (
    FIELDS,
    FOLDER,
    create_file,
    file_origins,
    one_named,
    readers_of,
    shown_file,
    thing_of,
    undo_made,
)
from zantara.services import current
from zantara.toolkit import Call, Effect, Kind, Preview, Thing, ToolError, ToolResult, declare

__all__ = ["DRIVE_TOOLS"]

_Injected = Annotated[Call, InjectedToolArg]
_MOST = 10
_LARGEST = 50_000_000


@declare(family="files", effect=Effect.READ, args={"query": Kind.QUERY})
async def drive_search(call: _Injected, query: str) -> ToolResult:
    """Find files in Drive by words of their name or content, newest first.

    Args:
        call: The call itself.
        query: The words; all of them must occur.
    """
    words = query.split()
    if not words:
        raise ToolError("query: empty; accepted: words of a file's name or content")
    del call
    found = await _find(" and ".join(f"fullText contains '{_quoted(one)}'" for one in words))
    if not found:  # all in the name, which Drive matches by the beginnings of words
        found = await _find(" and ".join(f"name contains '{_quoted(one)}'" for one in words))
    return ToolResult({"files": [shown_file(one) for one in found]}, file_origins("files[]", found))


async def _find(condition: str) -> list[dict[str, Any]]:
    google = current().google
    files = google.api("drive", "v3").files()
    found = await google.run(
        lambda: files.list(
            q=f"{condition} and trashed = false",
            orderBy="modifiedTime desc",
            pageSize=_MOST,
            fields=f"files({FIELDS})",
        )
    )
    return list(found["files"])


def _quoted(word: str) -> str:
    return word.replace("\\", "\\\\").replace("'", "\\'")


async def _preview_upload(_call: Call, file_name: str, folder: str = "") -> Preview:
    path = _outgoing(file_name)
    shows: dict[str, Any] = {"uploads": path.name, "bytes": path.stat().st_size}
    shows["md5"] = await asyncio.to_thread(_md5, path)
    resolved = {"md5": shows["md5"]}
    things, reached = {file_name: Thing((path.name,))}, {}
    if folder.strip():
        into = await one_named(FOLDER, folder, what="folder")
        shows["into"], resolved["folder_id"] = into["name"], into["id"]
        things[folder] = thing_of(into)
        reached = readers_of(into, things[folder])
    return Preview(shows, resolved, things, reached)


@declare(
    family="files",
    effect=Effect.CREATE,
    args={"file_name": Kind.TARGET, "folder": Kind.TARGET},
    preview=_preview_upload,
    undo=undo_made,
)
async def drive_upload(call: _Injected, file_name: str, folder: str = "") -> ToolResult:
    """Upload a file to Drive from the folder of files that the user has handed over.

    Args:
        call: The call itself.
        file_name: The file's name.
        folder: Name of the folder in Drive; its top when left out.
    """
    from googleapiclient.http import MediaFileUpload

    path = _outgoing(file_name)
    approved = call.resolved.get("md5")
    if approved and await asyncio.to_thread(_md5, path) != approved:
        raise ToolError(f"file_name: {file_name!r} was changed after you were asked; ask again")
    body: dict[str, Any] = {"name": path.name}
    into = call.resolved.get("folder_id", "")
    if folder.strip() and not into:
        into = (await one_named(FOLDER, folder, what="folder"))["id"]
    if into:
        body["parents"] = [into]
    made = await create_file(call, body, MediaFileUpload(str(path)))
    return ToolResult({"uploaded": shown_file(made)}, file_origins("uploaded", [made]))


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()


def _outgoing(name: str) -> Path:
    """A file of the outbox, and nothing beside it."""
    folder = current().settings.home / "outbox"
    if not name.strip() or Path(name).name != name or name.startswith("."):
        raise ToolError(f"file_name: {name!r}; accepted: the name of a file in {folder}")
    path = folder / name
    if path.is_symlink() or not path.is_file():
        raise ToolError(f"file_name: there is no {name!r} to upload; put it into {folder} first")
    if path.stat().st_size > _LARGEST:
        raise ToolError(f"file_name: {name!r} is larger than {_LARGEST // 1_000_000} MB")
    return path


DRIVE_TOOLS: tuple[BaseTool, ...] = (drive_search, drive_upload)

"""Files of Drive: found by their name, made under an id known beforehand, told to a model."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from zantara.gate.provenance import Provenance
from zantara.google import GoogleConflictError, GoogleNotFoundError, SentOrNotError
from zantara.language import plain
from zantara.services import current
from zantara.toolkit import Call, ToolError, ToolResult

__all__ = [
    "DOCUMENT",
    "FIELDS",
    "FOLDER",
    "PRESENTATION",
    "SPREADSHEET",
    "create_file",
    "file_origins",
    "find_named",
    "get_file",
    "one_named",
    "shown_file",
    "undo_made",
]

DOCUMENT, FOLDER, PRESENTATION, SPREADSHEET = (
    f"application/vnd.google-apps.{kind}"
    for kind in ("document", "folder", "presentation", "spreadsheet")
)
FIELDS = (
    "id,name,mimeType,modifiedTime,webViewLink,owners(displayName,emailAddress,me),parents,trashed"
)
_KINDS = {DOCUMENT: "document", FOLDER: "folder", PRESENTATION: "slides", SPREADSHEET: "sheet"}
_MOST = 200
_ID = re.compile(r"[A-Za-z0-9_-]{25,}")


async def find_named(kind: str, words: str, *, what: str) -> list[dict[str, Any]]:
    """The files of a kind whose name holds all the words, whatever case and accents; or of that id."""
    if _ID.fullmatch(words):
        found = await _still_there(words)
        if found:
            return [found]
    google = current().google
    files = google.api("drive", "v3").files()
    query = f"mimeType = '{kind}' and trashed = false"
    listed = await google.run(
        lambda: files.list(q=query, pageSize=_MOST, fields=f"files({FIELDS})")
    )
    wanted = plain(words)
    if not wanted:
        raise ToolError(f"{what}: empty; accepted: its title or its id")
    exact = [one for one in listed["files"] if plain(one["name"]) == wanted]
    return exact or [
        one for one in listed["files"] if set(wanted.split()) <= set(plain(one["name"]).split())
    ]


async def one_named(kind: str, words: str, *, what: str) -> dict[str, Any]:
    """Raises ToolError where no file, or several, are meant."""
    found = await find_named(kind, words, what=what)
    if len(found) == 1:
        return found[0]
    if not found:
        raise ToolError(f"{what}: there is no {words!r} in Drive; accepted: its title or its id")
    listed = "; ".join(f"{one['name']} ({one['id']})" for one in found[:5])
    raise ToolError(f"{what}: {words!r} fits several: {listed}; say which")


async def create_file(call: Call, body: Mapping[str, Any], media: Any = None) -> dict[str, Any]:
    """Make a file once: Drive gives an id beforehand, which the journal keeps and Drive takes once."""
    google = current().google
    files = google.api("drive", "v3").files()
    identity = call.notes.facts.get("file_id", "")
    if not identity:
        made = await google.run(lambda: files.generateIds(count=1, space="drive", type="files"))
        identity = str(made["ids"][0])
        await call.notes.note(file_id=identity)
    whole = {**body, "id": identity}
    try:
        return await google.run(lambda: files.create(body=whole, media_body=media, fields=FIELDS))
    except GoogleConflictError:  # a run of this call that was cut off has made it
        return await get_file(identity)
    except SentOrNotError:
        found = await _still_there(identity)
        if not found:
            raise
        return found


async def undo_made(_call: Call, done: Mapping[str, Any]) -> ToolResult:
    """Trash what a call has made. Raises ToolError where it is gone, or was changed since."""
    told = next(done[name] for name in ("uploaded", "created") if name in done)
    now = await _still_there(told["id"])
    if not now:
        raise ToolError(f"{told['name']!r} is not there any more")
    if now["modifiedTime"] != told["modified"]:
        raise ToolError(f"{told['name']!r} was changed since: look at it first")
    google = current().google
    files = google.api("drive", "v3").files()
    await google.run(lambda: files.update(fileId=told["id"], body={"trashed": True}))
    return ToolResult({"trashed": told["name"]})


async def get_file(identity: str) -> dict[str, Any]:
    """The file's metadata, in the trash too. Raises GoogleNotFoundError."""
    google = current().google
    files = google.api("drive", "v3").files()
    return await google.run(lambda: files.get(fileId=identity, fields=FIELDS))


async def _still_there(identity: str) -> dict[str, Any]:
    """The file; empty when it is not there, or lies in the trash."""
    try:
        found = await get_file(identity)
    except GoogleNotFoundError:
        return {}
    return {} if found.get("trashed") else found


def shown_file(file: Mapping[str, Any]) -> dict[str, Any]:
    """What a model is told of a file; its owner, if somebody else."""
    owner = (file.get("owners") or [{}])[0]
    shown = {
        "id": file["id"],
        "name": file["name"],
        "type": _KINDS.get(file["mimeType"], file["mimeType"]),
        "link": file.get("webViewLink", ""),
        "modified": file.get("modifiedTime", ""),
    }
    return shown if owner.get("me") else {**shown, "owner": owner.get("emailAddress", "")}


def file_origins(path: str, files: Sequence[Mapping[str, Any]]) -> dict[str, Provenance]:
    """Names that others gave are theirs; ids, links and times are Drive's."""
    mine = all((one.get("owners") or [{}])[0].get("me") for one in files)
    kind = Provenance.OWN if mine else Provenance.OUTSIDE
    system = dict.fromkeys(
        (f"{path}.{name}" for name in ("id", "link", "modified", "type")), Provenance.SYSTEM
    )
    return {
        "": Provenance.SYSTEM,
        f"{path}.name": kind,
        f"{path}.owner": Provenance.OUTSIDE,
        **system,
    }

"""Files of Drive: found by their name, made under an id known beforehand, told to a model."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from zantara.gate.provenance import Provenance, of_rows
from zantara.google import GoogleConflictError, GoogleNotFoundError, SentOrNotError
from zantara.language import plain
from zantara.services import current
from zantara.toolkit import Call, Thing, ToolError, ToolResult

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
    "mark_outside",
    "one_named",
    "readers_of",
    "shown_file",
    "thing_of",
    "undo_made",
]

DOCUMENT, FOLDER, PRESENTATION, SPREADSHEET = (
    f"application/vnd.google-apps.{kind}"
    for kind in ("document", "folder", "presentation", "spreadsheet")
)
FIELDS = (
    "id,name,mimeType,modifiedTime,webViewLink,owners(displayName,emailAddress,me),parents,trashed,"
    "appProperties,permissions(emailAddress,domain,type,role)"
)
_KINDS = {DOCUMENT: "document", FOLDER: "folder", PRESENTATION: "slides", SPREADSHEET: "sheet"}
_MARK = {"zantara": str(Provenance.OUTSIDE)}
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
    whole = {**body, "id": identity, **({"appProperties": _MARK} if call.tainted else {})}
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


def thing_of(file: Mapping[str, Any]) -> Thing:
    """What a call on the file would act on. It is the user's own where nobody else may write into it,
    and nothing from outside was written into it here.
    """
    mine = (file.get("owners") or [{}])[0].get("me")
    marked = (file.get("appProperties") or {}).get("zantara")
    writers = [one for one in _others(file) if one.get("role") in ("writer", "organizer")]
    owner = Provenance.OWN if mine and not marked and not writers else Provenance.OUTSIDE
    return Thing((str(file.get("name", "")),), owner)


def readers_of(file: Mapping[str, Any], about: Thing) -> dict[str, Thing]:
    """Who can read what is written into the file."""
    return {
        str(one.get("emailAddress") or one.get("domain") or one.get("type")): about
        for one in _others(file)
    }


def _others(file: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Everybody with access but the user; of another's file, which tells no more, its owner."""
    owner = (file.get("owners") or [{}])[0]
    if not owner.get("me"):
        return [{**owner, "role": "owner"}]
    mine = owner.get("emailAddress")
    return [one for one in file.get("permissions") or () if one.get("emailAddress") != mine]


async def mark_outside(identity: str) -> None:
    """From now on the file is not the user's own words alone, whoever reads it here."""
    google = current().google
    files = google.api("drive", "v3").files()
    await google.run(lambda: files.update(fileId=identity, body={"appProperties": _MARK}))


def file_origins(path: str, files: Sequence[Mapping[str, Any]]) -> dict[str, Provenance]:
    """Names that others gave are theirs; ids, links and times are Drive's.

    Each of a list (`files[]`) has its own class.
    """
    names = of_rows(path, ("name",), [thing_of(one).owner for one in files])
    strangers = any(not (one.get("owners") or [{}])[0].get("me") for one in files)
    return {
        "": Provenance.SYSTEM,
        **names,
        **({f"{path}.owner": Provenance.OUTSIDE} if strangers else {}),
    }

"""Drive v3: the account's files, with what the discovery document says of them."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from zantara.google.local import _editors
from zantara.google.local._contract import Asked, Media
from zantara.google.local._drive_query import matcher
from zantara.google.local._faults import Fault
from zantara.google.local._files import FOLDER, ROOT, Files
from zantara.google.local._storage import Storage

__all__ = ["DRIVE_METHODS", "Drive"]

_ANY_DRIVE = frozenset({"supportsAllDrives", "supportsTeamDrives"})
_FILE = _ANY_DRIVE | {"fileId"}
_LIST = _ANY_DRIVE | {"q", "orderBy", "pageSize", "pageToken", "corpora", "spaces"}
DRIVE_METHODS: Mapping[str, tuple[str, frozenset[str]]] = {
    "drive.files.list": ("list_files", _LIST | {"includeItemsFromAllDrives"}),
    "drive.files.get": ("get", _FILE | {"acknowledgeAbuse"}),
    "drive.files.create": ("create", _ANY_DRIVE),
    "drive.files.update": ("update", _FILE | {"addParents", "removeParents"}),
    "drive.files.delete": ("delete", _FILE),
    "drive.files.generateIds": ("generate_ids", frozenset({"count", "space", "type"})),
    "drive.files.export": ("export", frozenset({"fileId", "mimeType"})),
    "drive.permissions.list": ("permissions", _FILE | {"pageSize"}),
    "drive.about.get": ("about", frozenset()),
}
_BASIC = ("kind", "id", "name", "mimeType")
_CREATED = frozenset(
    {"id", "name", "mimeType", "parents", "description", "starred", "properties", "appProperties"}
    | {"createdTime", "modifiedTime"}
)
_CHANGED = frozenset(
    {"name", "mimeType", "description", "starred", "trashed", "modifiedTime", "appProperties"}
)
_ORDERS = ("modifiedTime", "createdTime", "name", "name_natural", "folder", "starred")


class Drive:
    """Files and folders. Without `fields` an answer has the few fields that Drive gives then."""

    def __init__(self, storage: Storage, files: Files) -> None:
        self._storage = storage
        self._files = files

    def list_files(self, asked: Asked) -> dict[str, Any]:
        params = asked.params
        for name, only in (("corpora", "user"), ("spaces", "drive")):
            if params.get(name, only) != only:
                raise Fault(501, "notImplemented", f"{name}={params[name]} is not implemented")
        fits = matcher(params.get("q", ""))
        found = [
            file
            for file in self._files.all()
            if fits({**file, "_text": self._text(file), "_root": ROOT})
        ]
        size, begin = int(params.get("pageSize", 100)), _offset(params.get("pageToken"))
        shown = _ordered(found, params.get("orderBy", "modifiedTime desc"))
        page: dict[str, Any] = {
            "kind": "drive#fileList",
            "incompleteSearch": False,
            "files": [_shown(file, asked) for file in shown[begin : begin + size]],
        }
        if begin + size < len(shown):
            page["nextPageToken"] = f"~!!~{begin + size}"
        return page

    def _text(self, file: Mapping[str, Any]) -> str:
        """What fullText finds beside the name."""
        return f"{file.get('description', '')} {self._words(file)}"

    def _words(self, file: Mapping[str, Any]) -> str:
        if file["mimeType"] in _editors.KINDS:
            return _editors.text_of(self._storage, file)
        if file["mimeType"].startswith(("text/", "application/json")):
            return self._files.content(file).decode("utf-8", "replace")
        return ""

    def get(self, asked: Asked) -> dict[str, Any] | Media:
        file = self._files.find(asked.params["fileId"])
        if "alt" not in asked.shared:
            return _shown(file, asked)
        if "size" not in file:
            what = "Only files with binary content can be downloaded. Use Export with Docs files."
            raise Fault(403, "fileNotDownloadable", what)
        return Media(self._files.content(file), file["mimeType"])

    def create(self, asked: Asked) -> dict[str, Any]:
        _only(asked, _CREATED)
        if asked.upload and asked.body.get("mimeType", "") in _editors.KINDS:
            raise Fault(501, "notImplemented", "conversion of an upload is not implemented")
        return _shown(self._files.create(asked.body, asked.upload), asked)

    def update(self, asked: Asked) -> dict[str, Any]:
        _only(asked, _CHANGED)
        file = self._files.writable(asked.params["fileId"])
        if file["id"] == ROOT:
            raise Fault(403, "cannotModifyRoot", "The root folder cannot be changed.")
        if "trashed" in asked.body:
            self._trash(file, trashed=bool(asked.body["trashed"]))
        file.update({k: v for k, v in asked.body.items() if k not in ("trashed", "modifiedTime")})
        self._move(file, asked.params)
        modified = asked.body.get("modifiedTime", "")
        moves = set(asked.params) & {"addParents", "removeParents"} and not asked.body
        if moves or set(asked.body) == {"trashed"}:  # neither is a change of the file
            modified = file["modifiedTime"]
        return _shown(self._files.save(file, asked.upload, modified=modified), asked)

    def _trash(self, file: dict[str, Any], *, trashed: bool) -> None:
        if not file["capabilities"]["canTrash"]:
            raise Fault(403, "insufficientFilePermissions", "Only its owner can trash a file.")
        file["trashed"] = file["explicitlyTrashed"] = trashed
        for inner in self._files.below(file["id"]):
            kept = inner["modifiedTime"]
            inner["trashed"] = trashed or inner["explicitlyTrashed"]
            self._files.save(inner, modified=kept)

    def _move(self, file: dict[str, Any], params: Mapping[str, Any]) -> None:
        gone = [self._files.find(one)["id"] for one in _ids(params, "removeParents")]
        added = [self._files.find(one) for one in _ids(params, "addParents")]
        if any(one["mimeType"] != FOLDER for one in added):
            raise Fault(403, "parentNotAFolder", "A parent must be a folder.")
        kept = [one for one in file["parents"] if one not in gone]
        file["parents"] = list(dict.fromkeys([*kept, *(one["id"] for one in added)]))
        if len(file["parents"]) > 1:
            raise Fault(403, "multipleParentsNotAllowed", "A file has one parent: remove the old.")

    def delete(self, asked: Asked) -> None:
        file = self._files.find(asked.params["fileId"])
        if not file["capabilities"]["canDelete"] or file["id"] == ROOT:
            raise Fault(403, "insufficientFilePermissions", "Only its owner can delete a file.")
        for inner in list(self._files.below(file["id"])):
            self._files.delete(inner["id"])
        self._files.delete(file["id"])

    def generate_ids(self, asked: Asked) -> dict[str, Any]:
        space = asked.params.get("space", "drive")
        if space != "drive" or asked.params.get("type", "files") != "files":
            raise Fault(501, "notImplemented", "ids of other spaces and types are not implemented")
        ids = self._files.ids(int(asked.params.get("count", 10)))
        return {"kind": "drive#generatedIds", "space": space, "ids": ids}

    def export(self, asked: Asked) -> Media:
        file = self._files.find(asked.params["fileId"])
        if file["mimeType"] not in _editors.KINDS:
            what = "Export only supports Docs Editors files."
            raise Fault(403, "fileNotExportable", what)
        if asked.params.get("mimeType") != "text/plain" or "spreadsheet" in file["mimeType"]:
            what = f"export of {file['mimeType']} as {asked.params.get('mimeType')}"
            raise Fault(501, "notImplemented", f"{what} is not implemented")
        # Google writes a byte order mark before the text.
        return Media(_editors.text_of(self._storage, file).encode("utf-8-sig"), "text/plain")

    def permissions(self, asked: Asked) -> dict[str, Any]:
        found = self._files.find(asked.params["fileId"])["permissions"]
        full = "fields" in asked.shared
        names = ("kind", "id", "type", "role")
        shown = [one if full else {name: one[name] for name in names} for one in found]
        return {"kind": "drive#permissionList", "permissions": shown}

    def about(self, asked: Asked) -> dict[str, Any]:
        if "fields" not in asked.shared:
            raise Fault(400, "required", "The 'fields' parameter is required for this method.")
        return {"kind": "drive#about", "user": self._files.find("root")["owners"][0]}


def _shown(file: Mapping[str, Any], asked: Asked) -> dict[str, Any]:
    return dict(file) if "fields" in asked.shared else {name: file[name] for name in _BASIC}


def _only(asked: Asked, implemented: frozenset[str]) -> None:
    missing = sorted(set(asked.body) - implemented)
    if missing:
        what = f"{asked.method}: the field {missing[0]} is not implemented"
        raise Fault(501, "notImplemented", what)


def _ids(params: Mapping[str, Any], name: str) -> list[str]:
    return [one.strip() for one in str(params.get(name, "")).split(",") if one.strip()]


def _offset(token: str | None) -> int:
    number = (token or "~!!~0").removeprefix("~!!~")
    if not number.isdigit():
        raise Fault(400, "invalid", "Invalid Value: pageToken")
    return int(number)


def _ordered(files: list[dict[str, Any]], order: str) -> list[dict[str, Any]]:
    """By the last key first, since sorting is stable."""
    for part in reversed(order.split(",")):
        name, _space, way = part.strip().partition(" ")
        if name not in _ORDERS or way not in ("", "desc"):
            raise Fault(400, "invalid", f"Invalid Value: orderBy {part.strip()!r}")
        files = sorted(files, key=partial(_rank, name), reverse=bool(way))
    return files


def _rank(name: str, file: Mapping[str, Any]) -> Any:
    if name == "folder":
        return file["mimeType"] != FOLDER
    value = file[name.removesuffix("_natural")]
    return value.casefold() if isinstance(value, str) else value

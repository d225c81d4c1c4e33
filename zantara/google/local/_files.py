"""The files of the account: what Drive lists, and Docs, Sheets and Slides keep their content in."""

import base64
import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from zantara.clock import Clock
from zantara.google.local._contract import Media
from zantara.google.local._faults import Fault
from zantara.google.local._storage import Storage
from zantara.google.local._times import rfc

__all__ = ["DOCUMENT", "FOLDER", "PRESENTATION", "ROOT", "SPREADSHEET", "Files", "person"]

_GOOGLE = "application/vnd.google-apps."
DOCUMENT, SPREADSHEET = f"{_GOOGLE}document", f"{_GOOGLE}spreadsheet"
PRESENTATION, FOLDER = f"{_GOOGLE}presentation", f"{_GOOGLE}folder"
ROOT = "0AMyDriveOfTheLocalGooglePVA"
_LINKS = {
    DOCUMENT: "https://docs.google.com/document/d/{}/edit",
    SPREADSHEET: "https://docs.google.com/spreadsheets/d/{}/edit",
    PRESENTATION: "https://docs.google.com/presentation/d/{}/edit",
    FOLDER: "https://drive.google.com/drive/folders/{}",
}
_LINK = "https://drive.google.com/file/d/{}/view"
_KIND = "file"
_ID = re.compile(r"[A-Za-z0-9_-]{10,100}")


class Files:
    """Files by id. A file's content lies beside it: bytes, or what its editor keeps."""

    def __init__(self, storage: Storage, clock: Clock, account: str) -> None:
        self._storage = storage
        self._clock = clock
        self._account = account

    def ids(self, count: int) -> list[str]:
        """New ids, remembered: a file can be made under an id of ours alone."""
        made = [f"1{secrets.token_urlsafe(24)}" for _ in range(count)]
        for identity in made:
            self._storage.put("file_id", identity, {})
        return made

    def all(self) -> list[dict[str, Any]]:
        return self._storage.all(_KIND)

    def find(self, identity: str, mime_type: str = "") -> dict[str, Any]:
        """Raises Fault 404 for a file that is not there, or is of another editor."""
        found = self._root() if identity in ("root", ROOT) else self._storage.get(_KIND, identity)
        if found is None or (mime_type and found["mimeType"] != mime_type):
            raise Fault(404, "notFound", f"File not found: {identity}.")
        return found

    def writable(self, identity: str, mime_type: str = "") -> dict[str, Any]:
        """Raises Fault 403 for a file that its owner lets this account only read."""
        file = self.find(identity, mime_type)
        if not file["capabilities"]["canEdit"]:
            what = "The user does not have sufficient permissions for this file."
            raise Fault(403, "insufficientFilePermissions", what)
        return {**file, "lastModifyingUser": person(self._account, self._account)}

    def create(
        self, body: Mapping[str, Any], media: Media | None = None, *, owner: Any = None
    ) -> dict[str, Any]:
        """Store a new file. `owner` (name, address) is another's, who shares it with the account."""
        identity = body.get("id") or self.ids(1)[0]
        self._check_new(identity, body)
        me = person(self._account, self._account)
        now = rfc(self._clock.now())
        mime = body.get("mimeType") or (media.mime_type if media else "application/octet-stream")
        link = _LINKS.get(mime, _LINK).format(identity)
        file = {
            "kind": "drive#file",
            "id": identity,
            "name": body.get("name") or "Untitled",
            "mimeType": mime,
            "starred": bool(body.get("starred")),
            "trashed": False,
            "explicitlyTrashed": False,
            "parents": list(body.get("parents") or [ROOT]),
            "spaces": ["drive"],
            "version": "0",
            "webViewLink": link,
            "createdTime": body.get("createdTime", now),
            **_rights(owner, me, now),
        }
        for name in ("description", "properties", "appProperties"):
            if body.get(name):
                file[name] = body[name]
        return self.save(file, media, modified=body.get("modifiedTime", ""))

    def _check_new(self, identity: str, body: Mapping[str, Any]) -> None:
        taken = self._storage.get(_KIND, identity) is not None
        if taken or identity == ROOT:
            raise Fault(409, "fileIdInUse", "A file already exists with the provided ID.")
        if not _ID.fullmatch(identity) or self._storage.get("file_id", identity) is None:
            raise Fault(400, "invalid", f"The provided file ID is not usable: {identity}")
        for parent in body.get("parents") or ():
            if self.find(parent)["mimeType"] != FOLDER:
                raise Fault(403, "parentNotAFolder", f"The parent {parent} is not a folder.")

    def save(
        self, file: dict[str, Any], media: Media | None = None, *, modified: str = ""
    ) -> dict[str, Any]:
        """Keep a file that was changed by the account; `media` is its new content."""
        file["version"] = str(int(file["version"]) + 1)
        file["modifiedTime"] = modified or self._after(file.get("modifiedTime", ""))
        file["parents"] = [ROOT if one == "root" else one for one in file["parents"]]
        if media is not None and not file["mimeType"].startswith(_GOOGLE):
            file["size"] = str(len(media.data))
            file["md5Checksum"] = hashlib.md5(media.data, usedforsecurity=False).hexdigest()
            file["sha256Checksum"] = hashlib.sha256(media.data).hexdigest()
            file["originalFilename"] = file["name"]
            body = {"data": base64.b64encode(media.data).decode()}
            self._storage.put("content", file["id"], body)
        self._storage.put(_KIND, file["id"], file)
        return file

    def _after(self, before: str) -> str:
        """Now, and later than the last change: a clock may stand still."""
        now = self._clock.now()
        while rfc(now) <= before:
            now += timedelta(milliseconds=1)
        return rfc(now)

    def content(self, file: Mapping[str, Any]) -> bytes:
        kept = self._storage.get("content", file["id"])
        return base64.b64decode(kept["data"]) if kept else b""

    def delete(self, identity: str) -> None:
        for kind in (_KIND, "content", "editor"):
            self._storage.delete(kind, identity)

    def below(self, identity: str) -> Iterable[dict[str, Any]]:
        """The files in a folder and in its folders."""
        for file in self.all():
            if identity in file["parents"]:
                yield file
                yield from self.below(file["id"])

    def _root(self) -> dict[str, Any]:
        me = person(self._account, self._account)
        beginning = "2024-01-01T00:00:00.000Z"
        return {
            "kind": "drive#file",
            "id": ROOT,
            "name": "My Drive",
            "mimeType": FOLDER,
            "trashed": False,
            "webViewLink": _LINKS[FOLDER].format(ROOT),
            "createdTime": beginning,
            "modifiedTime": beginning,
            **_rights(None, me, beginning),
        }


def person(name: str, address: str, *, me: bool = True) -> dict[str, Any]:
    return {
        "kind": "drive#user",
        "displayName": name,
        "emailAddress": address,
        "me": me,
        "permissionId": str(int(hashlib.sha256(address.encode()).hexdigest()[:15], 16)),
    }


def _rights(owner: Mapping[str, Any] | None, me: Mapping[str, Any], now: str) -> dict[str, Any]:
    """Who owns a file, who may read it, and what this account may do with it."""
    owning = owner or me
    role = str((owner or {}).get("role", "writer"))
    people = [(owning, "owner"), *([(me, role)] if owner else [])]
    edits = not owner or role == "writer"
    shared = {"shared": True, "sharedWithMeTime": now} if owner else {"shared": False}
    owning = {name: value for name, value in owning.items() if name != "role"}
    return {
        "owners": [owning],
        "ownedByMe": not owner,
        **shared,
        **({"sharingUser": owning} if owner else {}),
        "lastModifyingUser": owning,
        "permissions": [_permission(one, kind) for one, kind in people],
        "capabilities": {
            "canEdit": edits,
            "canDownload": True,
            "canTrash": not owner,
            "canDelete": not owner,
            "canRename": edits,
        },
    }


def _permission(who: Mapping[str, Any], role: str) -> dict[str, Any]:
    return {
        "kind": "drive#permission",
        "id": who["permissionId"],
        "type": "user",
        "role": role,
        "emailAddress": who["emailAddress"],
        "displayName": who["displayName"],
    }

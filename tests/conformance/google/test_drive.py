"""Drive v3 as documented, every answer held to the discovery document."""

import hashlib
from typing import Any

import pytest
from googleapiclient.http import MediaInMemoryUpload

from tests.kit import NOW
from zantara.google import (
    Google,
    GoogleAuthError,
    GoogleBadRequestError,
    GoogleConflictError,
    GoogleError,
    GoogleNotFoundError,
)
from zantara.google.local._contract import problems
from zantara.google.local._storage import Storage

_FOLDER = "application/vnd.google-apps.folder"
_ALL = "*"
# Every byte, line ends of each kind, and what looks like a boundary.
_BYTES = bytes(range(256)) + b"\r\n--=\n\r\r\n\n"


def _files(google: Google) -> Any:
    return google.api("drive", "v3").files()


async def _list(google: Google, query: str = "", **options: Any) -> list[dict[str, Any]]:
    given: dict[str, Any] = {"fields": "files(*),nextPageToken,kind", **options}
    if query:
        given["q"] = query
    page = await google.run(lambda: _files(google).list(**given))
    assert not problems("drive", "FileList", page)
    return list(page.get("files", ()))


async def _names(google: Google, query: str, **options: Any) -> set[str]:
    return {one["name"] for one in await _list(google, query, **options)}


async def _create(google: Google, body: dict[str, Any], media: Any = None) -> dict[str, Any]:
    made = await google.run(lambda: _files(google).create(body=body, media_body=media, fields=_ALL))
    assert not problems("drive", "File", made)
    return made


async def _update(google: Google, file_id: str, body: Any = None, **more: Any) -> dict[str, Any]:
    changed = await google.run(
        lambda: _files(google).update(fileId=file_id, body=body, fields=_ALL, **more)
    )
    assert not problems("drive", "File", changed)
    return changed


async def _content(google: Google, file_id: str) -> Any:
    return await google.run(lambda: _files(google).get_media(fileId=file_id))


async def _new_id(google: Google) -> str:
    made = await google.run(lambda: _files(google).generateIds(count=1, space="drive"))
    assert not problems("drive", "GeneratedIds", made)
    return str(made["ids"][0])


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("name = 'Client tracker'", {"Client tracker"}),
        ("name contains 'track'", {"Client tracker"}),
        ("name contains 'racker'", set()),
        ("name contains 'rossi kitas'", {"Rossi KITAS renewal: checklist"}),
        ("fullText contains 'biometrics'", {"Becker_sponsor_letter.txt", "Client tracker"}),
        ("fullText contains 'biometric'", set()),
        ("fullText contains '\"entry stamp\"'", {"Rossi KITAS renewal: checklist"}),
        ("fullText contains '\"stamp entry\"'", set()),
        ("fullText contains 'stamp entry'", {"Rossi KITAS renewal: checklist"}),
        (f"mimeType = '{_FOLDER}'", {"Clients", "Templates", "Company"}),
        (
            "mimeType = 'application/vnd.google-apps.spreadsheet' and not name contains 'client'",
            {"Office expenses"},
        ),
        ("sharedWithMe = true", {"Notary fees 2026 (shared)", "Invoice instructions"}),
        ("'sari.dewi@example.org' in owners", {"Notary fees 2026 (shared)"}),
        (
            f"'root' in parents and (mimeType = '{_FOLDER}' or name = 'x') and 'me' in owners",
            {"Clients", "Templates", "Company"},
        ),
        ("modifiedTime > '2026-03-09T02:00:00'", {"Client tracker"}),
        ("trashed = true", set()),
    ],
)
async def test_the_query_language(google: Google, query: str, names: set[str]) -> None:
    assert await _names(google, query) == names


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("name contains", "400"),
        ("colour = 'red'", "400"),
        ("name = 'x' and", "400"),
        ("(name = 'x'", "400"),
        ("name = 'x' name = 'y'", "400"),
        ("fullText = 'x'", "400"),
        ("modifiedTime > 'soon'", "400"),
        ("viewedByMeTime > '2026-01-01T00:00:00'", "501"),
    ],
)
async def test_a_query_that_cannot_be_read_is_refused(
    google: Google, query: str, status: str
) -> None:
    with pytest.raises(GoogleError, match=status):
        await _list(google, query)


async def test_a_quote_in_a_name_is_escaped(google: Google) -> None:
    await _create(google, {"name": "Anna's list"})
    assert await _names(google, r"name = 'Anna\'s list'") == {"Anna's list"}


async def test_pages_hold_every_file_once(google: Google) -> None:
    everything = [one["id"] for one in await _list(google)]
    found: list[str] = []
    options: dict[str, Any] = {"pageSize": 4, "fields": "nextPageToken,files(id)"}
    while options.get("pageToken") != "":
        page = await google.run(lambda: _files(google).list(**options))
        found += [one["id"] for one in page["files"]]
        options["pageToken"] = page.get("nextPageToken", "")
    assert found == everything
    assert len(set(found)) == len(found) >= 14


async def test_newest_first_or_by_name(google: Google) -> None:
    stamps = [one["modifiedTime"] for one in await _list(google, orderBy="modifiedTime desc")]
    assert stamps == sorted(stamps, reverse=True)
    names = [one["name"].casefold() for one in await _list(google, orderBy="name")]
    assert names == sorted(names)
    first = await _list(google, orderBy="folder,name")
    assert [one["name"] for one in first[:3]] == ["Clients", "Company", "Templates"]


async def test_without_fields_an_answer_is_short(google: Google) -> None:
    page = await google.run(lambda: _files(google).list(pageSize=1))
    assert not problems("drive", "FileList", page)
    assert set(page["files"][0]) == {"kind", "id", "name", "mimeType"}


@pytest.mark.parametrize("fields", ["files(id", "nothing", "files(id,nothing)", "files//id"])
async def test_fields_that_do_not_exist_are_refused(google: Google, fields: str) -> None:
    with pytest.raises(GoogleBadRequestError, match="field"):
        await google.run(lambda: _files(google).list(fields=fields))


async def test_fields_cut_the_answer(google: Google) -> None:
    page = await google.run(
        lambda: _files(google).list(pageSize=1, fields="files(id,owners/emailAddress)")
    )
    assert set(page) == {"files"}
    assert set(page["files"][0]["owners"][0]) == {"emailAddress"}


@pytest.mark.parametrize(
    "upload",
    [
        {"resumable": False},
        {"resumable": True},
        {"resumable": True, "chunksize": 100},
    ],
)
async def test_bytes_come_back_as_they_were_sent(google: Google, upload: dict[str, Any]) -> None:
    media = MediaInMemoryUpload(_BYTES, mimetype="application/x-thing", **upload)
    made = await _create(google, {"name": "thing.bin"}, media)
    assert (made["size"], made["mimeType"]) == (str(len(_BYTES)), "application/x-thing")
    assert made["md5Checksum"] == hashlib.md5(_BYTES, usedforsecurity=False).hexdigest()
    assert await _content(google, made["id"]) == _BYTES


async def test_content_alone_is_an_upload_too(google: Google) -> None:
    media = MediaInMemoryUpload(b"one", mimetype="text/plain")
    made = await google.run(lambda: _files(google).create(media_body=media))
    assert not problems("drive", "File", made)
    newer = MediaInMemoryUpload(b"two", mimetype="text/plain")
    await google.run(lambda: _files(google).update(fileId=made["id"], media_body=newer))
    assert await _content(google, made["id"]) == b"two"


async def test_an_id_of_ours_makes_one_file(google: Google) -> None:
    body = {"id": await _new_id(google), "name": "Once"}
    await _create(google, body)
    with pytest.raises(GoogleConflictError):
        await _create(google, body)
    assert len(await _list(google, "name = 'Once'")) == 1


async def test_an_id_that_google_did_not_make_is_refused(google: Google) -> None:
    with pytest.raises(GoogleBadRequestError, match="my-own-id-123"):
        await _create(google, {"id": "my-own-id-123", "name": "x"})


async def test_a_file_in_a_folder_goes_to_the_trash_with_it_and_comes_back(
    google: Google,
) -> None:
    folder = await _create(google, {"name": "Box", "mimeType": _FOLDER})
    inner = await _create(google, {"name": "Inner", "parents": [folder["id"]]})
    await _update(google, folder["id"], {"trashed": True})
    assert await _names(google, "trashed = true") == {"Box", "Inner"}
    await _update(google, folder["id"], {"trashed": False})
    assert await _names(google, f"'{folder['id']}' in parents and trashed = false") == {"Inner"}
    await google.run(lambda: _files(google).delete(fileId=folder["id"]))
    with pytest.raises(GoogleNotFoundError):
        await google.run(lambda: _files(google).get(fileId=inner["id"]))


async def test_a_file_is_moved_and_renamed(google: Google) -> None:
    (clients,) = await _list(google, "name = 'Clients'")
    made = await _create(google, {"name": "Here"})
    with pytest.raises(GoogleAuthError):  # a file has one parent
        await _update(google, made["id"], addParents=clients["id"])
    moved = await _update(google, made["id"], addParents=clients["id"], removeParents="root")
    assert moved["parents"] == [clients["id"]]
    named = await _update(google, made["id"], {"name": "There"})
    assert named["modifiedTime"] > made["modifiedTime"]
    assert int(named["version"]) > int(made["version"])


async def test_what_others_own_can_be_read_only(google: Google) -> None:
    (shared,) = await _list(google, "name contains 'Notary fees'")
    assert not shared["ownedByMe"]
    for body in ({"trashed": True}, {"name": "Mine"}):
        with pytest.raises(GoogleAuthError):
            await _update(google, shared["id"], body)
    with pytest.raises(GoogleAuthError):
        await google.run(lambda: _files(google).delete(fileId=shared["id"]))


async def test_a_document_is_exported_and_not_downloaded(google: Google) -> None:
    (checklist,) = await _list(google, "name contains 'Rossi'")
    text: Any = await google.run(
        lambda: _files(google).export(fileId=checklist["id"], mimeType="text/plain")
    )
    assert "Sponsor letter: to be signed by Wayan" in text.decode("utf-8-sig")
    with pytest.raises(GoogleAuthError, match="Export"):
        await _content(google, checklist["id"])
    with pytest.raises(GoogleError, match="501"):
        await google.run(
            lambda: _files(google).export(fileId=checklist["id"], mimeType="application/pdf")
        )


async def test_permissions_and_the_account(google: Google) -> None:
    (shared,) = await _list(google, "name contains 'Notary fees'")
    permissions = google.api("drive", "v3").permissions()
    page = await google.run(lambda: permissions.list(fileId=shared["id"], fields="*"))
    assert not problems("drive", "PermissionList", page)
    assert [one["role"] for one in page["permissions"]] == ["owner", "reader"]
    about = await google.run(lambda: google.api("drive", "v3").about().get(fields="user"))
    assert not problems("drive", "About", about)
    assert about["user"]["emailAddress"] == "ayu.lestari@example.com"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/drive/v3/files?corpora=drive", 501),
        ("/drive/v3/files?nothing=1", 400),
        ("/drive/v3/files?pageSize=0", 400),
        ("/drive/v3/files?orderBy=colour", 400),
        ("/drive/v3/files/none", 404),
        ("/drive/v3/drives", 501),
    ],
)
async def test_what_is_not_implemented_is_said(in_process: Google, path: str, status: int) -> None:
    response, _content = in_process._transport().request(f"http://google.localhost{path}")
    assert response.status == status


async def test_a_file_from_before_gets_the_new_parts(tmp_path: Any) -> None:
    path = tmp_path / "google.sqlite"
    old = Storage(path)
    with old.transaction():
        old.put("seed", "demo", {"done": True})
    google = Google.local(path, clock=NOW)
    assert await _names(google, "name = 'Client tracker'") == {"Client tracker"}
    events = google.api("calendar", "v3").events()
    assert (await google.run(lambda: events.list(calendarId="primary")))["items"] == []

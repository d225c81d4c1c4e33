"""Mails that are hard to read, searches that are hard to parse, attachments, drafts that change."""

import base64
from typing import Any

import pytest

from zantara.google import Google, GoogleError, GoogleNotFoundError
from zantara.google.local._contract import problems

_FOUR = (
    ("nina@example.com", "Four goats and a zebra", "Please write back"),
    ("otto@example.com", "Four zebras", "The caffè is closed"),
    ("pia@example.com", "Four okapis", "Nina says\nhello to all"),
    ("quentin@example.com", "Four", "e-mail at 12:30, see http://example.org/x"),
)


def _users(google: Google) -> Any:
    return google.api("gmail", "v1").users()


async def _insert(google: Google, raw: bytes, **fields: Any) -> dict[str, Any]:
    body = {"raw": base64.urlsafe_b64encode(raw).decode(), "labelIds": ["INBOX"], **fields}
    return await google.run(lambda: _users(google).messages().insert(userId="me", body=body))


async def _get(google: Google, message_id: str) -> dict[str, Any]:
    mail = await google.run(lambda: _users(google).messages().get(userId="me", id=message_id))
    assert not problems("gmail", "Message", mail)
    return mail


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("four", "nopq"),
        ("zebra", "n"),
        ("from:(nina OR otto) four", "no"),
        ("{from:nina from:pia} four", "np"),
        ("four -{from:nina from:pia}", "oq"),
        ("four -from:nina -zebras", "pq"),
        ("(goats zebra) OR okapis", "np"),
        ("CAFFE", "o"),
        ('"says hello"', "p"),
        ("subject:(four goats)", "n"),
        ("e-mail four", "q"),
        ("12:30", "q"),
        ("http://example.org/x", "q"),
        ("from:me four", ""),
        ("to:me four", "nopq"),
        ("four) OR (", "nopq"),
        ("after:03/09/2026 before:2026/03/11 four", "nopq"),
        ("four?", "nopq"),
        ("FROM:nina", "n"),
    ],
)
async def test_a_search_finds(google: Google, query: str, found: str) -> None:
    senders: dict[str, str] = {}
    for sender, subject, text in _FOUR:
        mail = (
            f"From: {sender}\nTo: ayu.lestari@example.com\nSubject: {subject}\n"
            f"Content-Type: text/plain; charset=utf-8\n\n{text}"
        )
        senders[(await _insert(google, mail.encode()))["id"]] = sender[0]
    page = await google.run(lambda: _users(google).messages().list(userId="me", q=query))
    ids = [ref["id"] for ref in page.get("messages", ())]
    assert "".join(sorted(senders[i] for i in ids if i in senders)) == found


@pytest.mark.parametrize("query", ["after:2026/13/40", "newer_than:9999y", "(" * 5000])
async def test_a_search_that_cannot_be_read_is_refused(google: Google, query: str) -> None:
    with pytest.raises(GoogleError, match="400"):
        await google.run(lambda: _users(google).messages().list(userId="me", q=query))


async def test_an_operator_that_is_missing_is_said(google: Google) -> None:
    with pytest.raises(GoogleError, match="larger"):
        await google.run(lambda: _users(google).messages().list(userId="me", q="larger:5M"))


@pytest.mark.parametrize(
    "raw",
    [
        b"nothing but a line",
        b"\n\n",
        b"Date: yesterday\nFrom: @@@\nTo: <<>>,,;\nSubject: =?x?q?y?=\n\nbody",
        b'Content-Type: text/plain; charset="klingon"\n\nbody',
        b'Content-Type: multipart/mixed; boundary="never"\n\nbody',
        b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n%%%",
        b"Content-Type: message/rfc822\n\nSubject: inner\n\nbody",
        b"Content-Disposition: attachment; filename*=klingon''%ff\nFrom: \"\n\nbody",
        b"From: a@example.com\nFrom: b@example.com\nTo: [\nMessage-ID: <<a>\n\nbody",
    ],
)
async def test_a_malformed_mail_is_kept_listed_and_read(google: Google, raw: bytes) -> None:
    made = await _insert(google, raw)
    mail = await _get(google, made["id"])
    assert "payload" in mail
    page = await google.run(lambda: _users(google).messages().list(userId="me", q="in:inbox"))
    assert made["id"] in [ref["id"] for ref in page["messages"]]


async def test_an_attachment_is_fetched_by_itself(google: Google) -> None:
    raw = (
        b'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="b"\n\n--b\n\nSee below\n--b\n'
        b'Content-Type: application/pdf; name="a.pdf"\nContent-Disposition: attachment;'
        b' filename="a.pdf"\nContent-Transfer-Encoding: base64\n\nAAEC\n--b--'
    )
    made = await _insert(google, raw)
    part = (await _get(google, made["id"]))["payload"]["parts"][1]
    assert part["filename"] == "a.pdf"
    assert "data" not in part["body"]
    which = {"userId": "me", "messageId": made["id"], "id": part["body"]["attachmentId"]}
    files = _users(google).messages().attachments()
    got = await google.run(lambda: files.get(**which))
    assert not problems("gmail", "MessagePartBody", got)
    assert base64.urlsafe_b64decode(got["data"]) == b"\x00\x01\x02"
    with pytest.raises(GoogleNotFoundError):
        await google.run(lambda: files.get(**{**which, "id": "part-7"}))


async def test_a_draft_that_is_changed_keeps_its_id(google: Google) -> None:
    drafts = _users(google).drafts()

    def body(subject: str) -> dict[str, Any]:
        raw = f"To: nina@example.com\nSubject: {subject}\n\nHello".encode()
        return {"message": {"raw": base64.urlsafe_b64encode(raw).decode()}}

    made = await google.run(lambda: drafts.create(userId="me", body=body("One")))
    changed = await google.run(lambda: drafts.update(userId="me", id=made["id"], body=body("Two")))
    assert not problems("gmail", "Draft", changed)
    assert changed["id"] == made["id"]
    sent = await google.run(lambda: drafts.send(userId="me", body={"id": made["id"]}))
    mail = await _get(google, sent["id"])
    assert {"name": "Subject", "value": "Two"} in mail["payload"]["headers"]
    page = await google.run(lambda: _users(google).messages().list(userId="me", q="subject:one"))
    assert not page.get("messages")


async def test_a_draft_without_a_text_is_refused(google: Google) -> None:
    with pytest.raises(GoogleError, match="raw"):
        await google.run(lambda: _users(google).drafts().create(userId="me", body={"message": {}}))


async def test_threads_are_listed_once_each(google: Google) -> None:
    first = await _insert(google, b"Message-ID: <a@example.com>\nSubject: Emu\n\nOne")
    await _insert(google, b"In-Reply-To: <a@example.com>\nSubject: Re: Emu\n\nTwo")
    page = await google.run(lambda: _users(google).threads().list(userId="me", q="subject:emu"))
    assert not problems("gmail", "ListThreadsResponse", page)
    assert [thread["id"] for thread in page["threads"]] == [first["threadId"]]


async def test_a_label_counts_its_mails(google: Google) -> None:
    def label() -> Any:
        return _users(google).labels().get(userId="me", id="STARRED")

    before = await google.run(label)
    await _insert(google, b"Subject: Emu\n\nOne", labelIds=["STARRED", "UNREAD"])
    after = await google.run(label)
    assert not problems("gmail", "Label", after)
    assert after["messagesUnread"] == before["messagesUnread"] + 1

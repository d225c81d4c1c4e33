"""Gmail v1 as documented, every answer held to the discovery document."""

import base64
from email.message import EmailMessage
from typing import Any

import pytest

from zantara.google import Google, GoogleError, GoogleNotFoundError
from zantara.google.local._contract import problems


def _raw(to: str = "maria@example.com", **headers: str) -> str:
    mail = EmailMessage()
    if to:
        mail["To"] = to
    mail["Subject"] = "Hello"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content("Good morning")
    return base64.urlsafe_b64encode(mail.as_bytes()).decode()


def _users(google: Google) -> Any:
    return google.api("gmail", "v1").users()


async def _message(google: Google, identity: str, form: str) -> dict[str, Any]:
    return await google.run(
        lambda: _users(google).messages().get(userId="me", id=identity, format=form)
    )


async def _found(google: Google, query: str) -> int:
    page = await google.run(lambda: _users(google).messages().list(userId="me", q=query))
    assert not problems("gmail", "ListMessagesResponse", page)
    return len(page.get("messages", ()))


async def test_a_draft_is_sent_once_and_is_gone(google: Google) -> None:
    body = {"message": {"raw": _raw(Message_ID="<one@example.com>")}}
    draft = await google.run(lambda: _users(google).drafts().create(userId="me", body=body))
    assert not problems("gmail", "Draft", draft)
    assert await _found(google, "in:sent rfc822msgid:one@example.com") == 0
    send = {"id": draft["id"]}
    sent = await google.run(lambda: _users(google).drafts().send(userId="me", body=send))
    assert sent["labelIds"] == ["SENT"]
    assert await _found(google, "in:sent rfc822msgid:one@example.com") == 1
    with pytest.raises(GoogleNotFoundError):
        await google.run(lambda: _users(google).drafts().send(userId="me", body=send))


async def test_a_mail_without_a_recipient_is_not_sent(google: Google) -> None:
    before = await _found(google, "in:sent")
    with pytest.raises(GoogleError, match="Recipient"):
        await google.run(
            lambda: _users(google).messages().send(userId="me", body={"raw": _raw(to="")})
        )
    assert await _found(google, "in:sent") == before


async def test_an_answer_joins_its_thread(google: Google) -> None:
    first = {"raw": _raw(Message_ID="<a@example.com>")}
    one = await google.run(lambda: _users(google).messages().send(userId="me", body=first))
    answer = {"raw": _raw(In_Reply_To="<a@example.com>")}
    two = await google.run(lambda: _users(google).messages().send(userId="me", body=answer))
    assert one["threadId"] == two["threadId"]
    thread = await google.run(lambda: _users(google).threads().get(userId="me", id=one["threadId"]))
    assert not problems("gmail", "Thread", thread)
    assert len(thread["messages"]) == 2


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("from:maria.rossi", 1),
        ("subject:LKPM", 1),
        ("from:maria.rossi subject:LKPM", 0),
        ("from:maria.rossi OR subject:LKPM", 2),
        ('"yoga studio" -from:wayan', 1),
        ("is:unread", 2),
        ("has:attachment", 3),
        ("newer_than:1d in:inbox", 3),
        ("after:2026/03/10", 2),
        ("in:sent", 1),
    ],
)
async def test_the_search_box(google: Google, query: str, count: int) -> None:
    assert await _found(google, query) == count


@pytest.mark.parametrize("form", ["full", "metadata", "minimal", "raw"])
async def test_a_message_in_each_format(google: Google, form: str) -> None:
    page = await google.run(lambda: _users(google).messages().list(userId="me"))
    for ref in page["messages"]:
        mail = await _message(google, ref["id"], form)
        assert not problems("gmail", "Message", mail)
        assert ("raw" in mail) == (form == "raw")


async def test_labels_move_a_mail(google: Google) -> None:
    page = await google.run(
        lambda: _users(google).messages().list(userId="me", labelIds=["UNREAD"])
    )
    mail = page["messages"][0]["id"]
    body = {"removeLabelIds": ["UNREAD", "INBOX"]}
    await google.run(lambda: _users(google).messages().modify(userId="me", id=mail, body=body))
    assert await _found(google, "is:unread") == len(page["messages"]) - 1
    bad = {"addLabelIds": ["NOWHERE"]}
    with pytest.raises(GoogleError, match="NOWHERE"):
        await google.run(lambda: _users(google).messages().modify(userId="me", id=mail, body=bad))

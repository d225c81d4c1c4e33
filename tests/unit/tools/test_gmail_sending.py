"""Sending mail over a line that breaks, and answering mails that are written oddly."""

import base64
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.tools.conftest import Notes
from zantara.gate.provenance import Provenance
from zantara.google import GoogleUnavailableError
from zantara.services import Services
from zantara.toolkit import OutcomeUnknownError, ToolError

_MAIL = {"to": ["someone@example.com"], "subject": "Passport", "body": "It is ready."}
_SENT = "in:sent subject:Passport"


async def _count(run: Any, query: str = _SENT) -> int:
    return int((await run("gmail_search", query=query)).data["found"])


async def _arrive(services: Services, raw: bytes) -> None:
    google = services.google
    body = {"raw": base64.urlsafe_b64encode(raw).decode()}
    messages = google.api("gmail", "v1").users().messages()
    made = await google.run(lambda: messages.send(userId="me", body=body))
    labels = {"addLabelIds": ["INBOX"], "removeLabelIds": ["SENT"]}
    await google.run(lambda: messages.modify(userId="me", id=made["id"], body=labels))


async def test_a_mail_whose_answer_was_lost_is_found_in_sent(
    run: Any, lose: Callable[..., None]
) -> None:
    lose("POST", "drafts/send", arrives=True)
    await run("gmail_send", **_MAIL)
    assert await _count(run) == 1


async def test_a_mail_that_may_have_been_sent_is_unknown(
    run: Any, lose: Callable[..., None]
) -> None:
    lose("POST", "drafts/send", arrives=False)
    with pytest.raises(OutcomeUnknownError, match="someone@"):
        await run("gmail_send", **_MAIL)
    assert await _count(run) == 0


async def test_a_draft_whose_answer_was_lost_is_sent(run: Any, lose: Callable[..., None]) -> None:
    lose("POST", "/drafts?", arrives=True)
    await run("gmail_send", **_MAIL)
    assert await _count(run) == 1
    assert await _count(run, "in:drafts subject:Passport") == 0


async def test_a_mail_that_never_became_a_draft_was_not_sent(
    run: Any, lose: Callable[..., None]
) -> None:
    lose("POST", "/drafts?", arrives=False)
    with pytest.raises(GoogleUnavailableError, match="nothing was sent"):
        await run("gmail_send", **_MAIL)
    assert await _count(run) == 0


async def test_a_noted_mail_is_not_sent_again_though_it_was_deleted(
    run: Any, services: Services
) -> None:
    notes = Notes()
    sent = (await run("gmail_send", notes=notes, **_MAIL)).data["sent"]
    google = services.google
    await google.run(
        lambda: google.api("gmail", "v1").users().messages().trash(userId="me", id=sent)
    )
    again = await run("gmail_send", notes=Notes(dict(notes.facts)), **_MAIL)
    assert again.data["already_done"]
    assert await _count(run, f"in:trash {_SENT}") == 1


async def test_whom_a_mail_went_to_does_not_become_the_systems(run: Any) -> None:
    """A mail may have told the model whom to write to; a second one to them must ask as well."""
    draft = await run("gmail_draft", **_MAIL)
    assert draft.provenance["to[]"] is Provenance.OWN
    sent = await run("gmail_send", call_id="c2", **_MAIL)
    assert sent.provenance["to[]"] is Provenance.OWN


async def test_an_answer_goes_to_the_sender_though_the_user_wrote_later(
    run: Any, services: Services
) -> None:
    await _arrive(services, b"From: Nina <nina@example.com>\nTo: me@example.com\n\nWhen, zebra?")
    first = await run("gmail_reply", call_id="c1", message="zebra", body="Zebra: on Monday.")
    second = await run("gmail_reply", call_id="c2", message="zebra", body="Zebra: at nine.")
    assert first.data["to"] == second.data["to"] == ["nina@example.com"]
    assert second.provenance["to[]"] is Provenance.OUTSIDE


async def test_a_mail_of_the_users_own_is_followed_up_to_whom_it_went(run: Any) -> None:
    sent = (await run("gmail_send", **_MAIL)).data["sent"]
    more = await run("gmail_reply", call_id="c2", message=sent, body="One thing more.")
    assert more.data["to"] == ["someone@example.com"]


@pytest.mark.parametrize(
    "headers",
    [
        b"Subject: =?utf-8?q?Visa=0ABcc:_thief@example.net?=\nMessage-ID: <a b@example.com>\n",
        b"Subject: =?utf-8?q?broken\nReferences: <one@example.com>\n\t<two@example.com>\n",
        b"Subject: Visa\xff\xfe\nMessage-ID: no brackets\n",
        b"Subject: \xd9\xaa\xd8\xa3\xd8\xb4\xd9\x8a\xd8\xb1\xd8\xa9\n",
    ],
)
async def test_an_oddly_written_mail_is_answered_to_its_sender_alone(
    run: Any, services: Services, headers: bytes
) -> None:
    await _arrive(services, headers + b"From: Nina <nina@example.com>\nTo: me@example.com\n\nOkapi")
    (mail,) = (await run("gmail_search", query="okapi")).data["messages"]
    done = await run("gmail_reply", message=mail["id"], body="Thank you.")
    assert done.data["to"] == ["nina@example.com"]
    answer = await run("gmail_read", message=done.data["sent"])
    assert "thief" not in answer.data["to"]


async def test_a_mail_of_nobody_cannot_be_answered(run: Any, services: Services) -> None:
    await _arrive(services, b"From: undisclosed\nTo: me@example.com\n\nOkapi")
    with pytest.raises(ToolError, match="undisclosed"):
        await run("gmail_reply", message="okapi", body="Hello?")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"subject": "Visa\x0b"}, "subject"),
        ({"subject": "Visa\u2028Bcc: thief@example.net"}, "subject"),
        ({"subject": "Visa\ud800"}, "subject"),
        ({"to": ["josé@example.com"]}, "to"),
        ({"to": ["(x)@example.com"]}, "to"),
        ({"to": ["a@b..com"]}, "to"),
    ],
)
async def test_what_no_header_can_hold_is_refused(
    run: Any, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(ToolError, match=field):
        await run("gmail_send", **{**_MAIL, **change})


@pytest.mark.parametrize(
    "body", ["tick\x00tock", "half \ud800 pair", "مرحبا 👩‍👩‍👧", "a\rb\r\nc" * 999]
)
async def test_any_text_is_sent(run: Any, body: str) -> None:
    await run("gmail_send", **{**_MAIL, "body": body})
    assert await _count(run) == 1


async def test_a_mail_without_plain_words_is_read_from_its_html(
    run: Any, services: Services
) -> None:
    parts = (
        b"From: n@example.com\nTo: me@example.com\nSubject: Gnu\nMIME-Version: 1.0\n"
        b'Content-Type: multipart/alternative; boundary="b"\n\n--b\nContent-Type: text/plain\n\n \n'
        b"--b\nContent-Type: text/html\n\n<html><head><title>x</title><body><p>Seven gnus</p>\n--b--"
    )
    await _arrive(services, parts)
    assert (await run("gmail_read", message="subject:gnu")).data["text"] == "Seven gnus"


async def test_old_character_sets_are_read(run: Any, services: Services) -> None:
    mail = (
        b"From: n@example.com\nTo: me@example.com\nSubject: Emu\nMIME-Version: 1.0\n"
        b"Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: 8bit\n\nCaff\xe8"
    )
    await _arrive(services, mail)
    assert (await run("gmail_read", message="subject:emu")).data["text"] == "Caffè"

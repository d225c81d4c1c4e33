"""Mail tools: what a user would miss, a mail sent twice above all."""

from typing import Any

import pytest

from tests.unit.tools.conftest import Killed, Notes
from zantara.gate.provenance import Provenance
from zantara.toolkit import ToolError

_MAIL = {"to": ["maria@example.com"], "subject": "Visa", "body": "It is ready."}


async def _sent(run: Any) -> list[dict[str, Any]]:
    return list((await run("gmail_search", query="in:sent subject:Visa")).data["messages"])


async def test_a_mail_is_sent(run: Any) -> None:
    await run("gmail_send", **_MAIL)
    (mail,) = await _sent(run)
    assert mail["to"] == "maria@example.com"


@pytest.mark.parametrize("killed_at", [1, 2])
async def test_a_call_that_is_killed_and_runs_again_sends_once(run: Any, killed_at: int) -> None:
    notes = Notes(fails_at=killed_at)
    with pytest.raises(Killed):
        await run("gmail_send", call_id="one", notes=notes, **_MAIL)
    await run("gmail_send", call_id="one", notes=Notes(dict(notes.facts)), **_MAIL)
    assert len(await _sent(run)) == 1


async def test_a_call_whose_notes_were_lost_still_sends_once(run: Any) -> None:
    with pytest.raises(Killed):
        await run("gmail_send", call_id="one", notes=Notes(fails_at=1), **_MAIL)
    await run("gmail_send", call_id="one", **_MAIL)
    done = await run("gmail_send", call_id="one", **_MAIL)
    assert done.data["already_done"]
    assert len(await _sent(run)) == 1


async def test_two_calls_are_two_mails(run: Any) -> None:
    await run("gmail_send", call_id="one", **_MAIL)
    await run("gmail_send", call_id="two", **_MAIL)
    assert len(await _sent(run)) == 2


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"to": []}, "to"),
        ({"to": ["maria"]}, "to"),
        ({"to": ["a@example.com, b@example.com"]}, "to"),
        ({"subject": "x\nBcc: thief@example.net"}, "subject"),
        ({"body": "  "}, "body"),
    ],
)
async def test_bad_values_are_named_and_nothing_is_sent(
    run: Any, change: dict[str, Any], field: str
) -> None:
    with pytest.raises(ToolError, match=field):
        await run("gmail_send", **{**_MAIL, **change})
    assert not await _sent(run)


async def test_a_draft_stays_a_draft(run: Any) -> None:
    await run("gmail_draft", **_MAIL)
    assert not await _sent(run)
    assert (await run("gmail_search", query="in:drafts subject:Visa")).data["found"] == 1


async def test_an_answer_goes_to_the_sender_in_the_thread(run: Any) -> None:
    (mail,) = (await run("gmail_search", query="from:oliver")).data["messages"]
    done = await run("gmail_reply", message=mail["id"], body="Until 20 March.")
    assert done.data["to"] == ["oliver.grant@example.com"]
    answer = await run("gmail_read", message="in:sent subject:quote")
    original = await run("gmail_read", message=mail["id"])
    assert answer.data["thread_id"] == original.data["thread_id"]
    assert answer.data["subject"] == "Re: Quote for two investor KITAS"


async def test_a_mail_of_html_alone_is_read_as_text(run: Any) -> None:
    mail = await run("gmail_read", message="subject:yoga")
    assert "open a yoga studio in Ubud" in mail.data["text"]
    assert "<" not in mail.data["text"]


async def test_attachments_are_named(run: Any) -> None:
    mail = await run("gmail_read", message="from:booking receipt")
    assert mail.data["attachments"] == ["receipt_IA0415.txt"]


async def test_what_others_wrote_is_outside(run: Any) -> None:
    mail = await run("gmail_read", message="from:security")
    assert mail.provenance[""] is Provenance.OUTSIDE
    assert mail.provenance["id"] is Provenance.SYSTEM


async def test_a_mail_that_is_not_there_is_said(run: Any) -> None:
    with pytest.raises(ToolError, match="nobody"):
        await run("gmail_read", message="from:nobody")

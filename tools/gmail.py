"""Mail, as a model may use it.

A mail goes out in two steps: a draft under a Message-ID made from the call's id, noted in the
journal, then `drafts.send`. A run that was cut off is found again by that note or that Message-ID, so
that the mail goes out once.
"""

import hashlib
import re
from collections.abc import Mapping
from email.message import EmailMessage
from email.utils import formataddr, getaddresses, parseaddr
from typing import Annotated, Any

from langchain_core.tools import BaseTool, InjectedToolArg

from zantara.gate.provenance import Provenance
from zantara.google import GoogleNotFoundError, SentOrNotError
from zantara.google.mime import attachments, body_text, encode, received
from zantara.services import current
from zantara.toolkit import Call, OutcomeUnknownError, ToolError, ToolResult, declare

__all__ = ["GMAIL_TOOLS"]

_Injected = Annotated[Call, InjectedToolArg]
_MOST = 10
_LONGEST_BODY = 20_000
_OUTSIDE = {
    "": Provenance.OUTSIDE,
    "messages[].id": Provenance.SYSTEM,
    "messages[].date": Provenance.SYSTEM,
    "id": Provenance.SYSTEM,
    "thread_id": Provenance.SYSTEM,
}


@declare(family="gmail", writes=False)
async def gmail_search(call: _Injected, query: str) -> ToolResult:
    """Search the mailbox, newest first.

    Args:
        call: The call itself.
        query: Words, and Gmail's operators such as from:, subject:, after:2026/03/01, is:unread.
    """
    google = current().google
    found = await google.run(
        lambda: _users().messages().list(userId="me", q=query, maxResults=_MOST)
    )
    mails = [await _message(ref["id"], "metadata") for ref in found.get("messages", ())]
    shown = [_summary(mail, call) for mail in mails]
    return ToolResult({"messages": shown, "found": found.get("resultSizeEstimate", 0)}, _OUTSIDE)


@declare(family="gmail", writes=False)
async def gmail_read(call: _Injected, message: str) -> ToolResult:
    """Read one mail.

    Args:
        call: The call itself.
        message: The mail's id from a search, or words that find it; the newest one is read.
    """
    mail = await _resolve(message)
    body = body_text(mail["payload"])
    data = {**_summary(mail, call), "thread_id": mail["threadId"], "text": body[:_LONGEST_BODY]}
    attached = attachments(mail["payload"])
    if attached:
        data["attachments"] = attached
    sent = "SENT" in mail["labelIds"]
    return ToolResult(data, {"": Provenance.OWN} if sent else dict(_OUTSIDE))


@declare(family="gmail", writes=True)
async def gmail_send(call: _Injected, to: list[str], subject: str, body: str) -> ToolResult:
    """Send a mail.

    Args:
        call: The call itself.
        to: E-mail addresses of the recipients.
        subject: The subject line.
        body: The text.
    """
    return await _send(call, _compose(call, to, subject, body), {})


@declare(family="gmail", writes=True)
async def gmail_draft(call: _Injected, to: list[str], subject: str, body: str) -> ToolResult:
    """Write a draft without sending it.

    Args:
        call: The call itself.
        to: E-mail addresses of the recipients.
        subject: The subject line.
        body: The text.
    """
    draft_id = await _draft(call, _compose(call, to, subject, body), {})
    return ToolResult({"draft": draft_id, "to": to, "subject": subject})


@declare(family="gmail", writes=True)
async def gmail_reply(call: _Injected, message: str, body: str) -> ToolResult:
    """Answer a mail, in its thread.

    Args:
        call: The call itself.
        message: The mail's id from a search, or words that find it; the newest one is answered.
        body: The text of the answer.
    """
    mail = await _resolve(call.notes.facts.get("answers") or message)
    await call.notes.note(answers=mail["id"])
    headers = _headers(mail)
    name, address = parseaddr(headers.get("reply-to") or headers.get("from", ""))
    subject = headers.get("subject", "")
    if not subject.lower().startswith("re:"):
        subject = f"Re: {subject}"
    answer = _compose(call, [address], subject, body)
    answer.replace_header("To", formataddr((name, address)))
    if "message-id" in headers:
        answer["In-Reply-To"] = headers["message-id"]
        earlier = headers.get("references", "")
        answer["References"] = f"{earlier} {headers['message-id']}".strip()
    return await _send(call, answer, {"threadId": mail["threadId"]})


GMAIL_TOOLS: tuple[BaseTool, ...] = (
    gmail_search,
    gmail_read,
    gmail_send,
    gmail_draft,
    gmail_reply,
)


def _users() -> Any:
    """The API's root; built on the thread that runs the request."""
    return current().google.api("gmail", "v1").users()


async def _send(call: Call, mail: EmailMessage, extra: Mapping[str, str]) -> ToolResult:
    told = {"to": [a for _n, a in getaddresses([str(mail["To"])])], "subject": str(mail["Subject"])}
    sent_before = await _sent(str(mail["Message-ID"]))
    if sent_before:
        return ToolResult({"sent": sent_before, "already_done": True, **told})
    draft_id = await _draft(call, mail, extra)
    google = current().google
    try:
        sent = await google.run(lambda: _users().drafts().send(userId="me", body={"id": draft_id}))
    except (GoogleNotFoundError, SentOrNotError) as error:
        done = await _sent(str(mail["Message-ID"]))
        if not done:
            raise OutcomeUnknownError(
                f"the mail to {', '.join(told['to'])} may have been sent: look in the folder Sent"
                f" for {told['subject']!r}"
            ) from error
        sent = {"id": done}
    await call.notes.note(message_id=sent["id"])
    return ToolResult({"sent": sent["id"], **told})


async def _draft(call: Call, mail: EmailMessage, extra: Mapping[str, str]) -> str:
    """The id of this call's draft: the one it has made already, or a new one."""
    if "draft_id" in call.notes.facts:
        return call.notes.facts["draft_id"]
    google = current().google
    query = f"rfc822msgid:{str(mail['Message-ID']).strip('<>')}"
    found = await google.run(lambda: _users().drafts().list(userId="me", q=query))
    if found.get("drafts"):
        draft_id = str(found["drafts"][0]["id"])
    else:
        body = {"message": {"raw": encode(mail), **extra}}
        made = await google.run(lambda: _users().drafts().create(userId="me", body=body))
        draft_id = str(made["id"])
    await call.notes.note(draft_id=draft_id)
    return draft_id


async def _sent(message_id: str) -> str:
    """The id of the sent mail with this Message-ID; empty when there is none."""
    google = current().google
    query = f"in:sent rfc822msgid:{message_id.strip('<>')}"
    found = await google.run(lambda: _users().messages().list(userId="me", q=query))
    return str(found["messages"][0]["id"]) if found.get("messages") else ""


def _compose(call: Call, to: list[str], subject: str, body: str) -> EmailMessage:
    """The mail of a call; nothing is sent before all of it is checked."""
    if not to:
        raise ToolError("to: empty; accepted: one or more e-mail addresses")
    for address in to:
        if not re.fullmatch(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+", address.strip()):
            raise ToolError(f"to: {address!r} is not an e-mail address")
    if "\n" in subject or "\r" in subject:
        raise ToolError("subject: has a line break; accepted: one line")
    if not body.strip():
        raise ToolError("body: empty; accepted: the text of the mail")
    mail = EmailMessage()
    mail["To"] = ", ".join(address.strip() for address in to)
    mail["Subject"] = subject
    mail["Message-ID"] = f"<{hashlib.sha256(call.id.encode()).hexdigest()[:32]}@zantara.invalid>"
    mail.set_content(body)
    return mail


async def _message(identity: str, form: str = "full") -> dict[str, Any]:
    google = current().google
    return await google.run(lambda: _users().messages().get(userId="me", id=identity, format=form))


async def _resolve(message: str) -> dict[str, Any]:
    """The mail that an id, or words, mean; of several the newest."""
    if re.fullmatch(r"[0-9a-f]{16}", message):
        try:
            return await _message(message)
        except GoogleNotFoundError:
            pass
    google = current().google
    found = await google.run(lambda: _users().messages().list(userId="me", q=message, maxResults=1))
    if not found.get("messages"):
        raise ToolError(f"message: no mail fits {message!r}; accepted: an id or words that find it")
    return await _message(found["messages"][0]["id"])


def _headers(mail: Mapping[str, Any]) -> dict[str, str]:
    return {one["name"].lower(): one["value"] for one in mail["payload"]["headers"]}


def _summary(mail: Mapping[str, Any], call: Call) -> dict[str, Any]:
    headers = _headers(mail)
    return {
        "id": mail["id"],
        "from": headers.get("from", ""),
        "to": headers.get("to", ""),
        "subject": headers.get("subject", ""),
        "date": received(mail["internalDate"], call.timezone),
        "snippet": mail.get("snippet", ""),
    }

"""Mail, as a model may use it.

A mail goes out in two steps: a draft under a Message-ID made from the call's id, noted in the
journal, then `drafts.send`. A run that was cut off is found again by that note or that Message-ID, so
that the mail goes out once.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import getaddresses
from functools import partial
from typing import Annotated, Any

from langchain_core.tools import BaseTool, InjectedToolArg

from zantara.gate.provenance import Provenance
from zantara.google import GoogleNotFoundError, GoogleUnavailableError, SentOrNotError
from zantara.google.mime import attachments, body_text, encode, received
from zantara.services import current
from zantara.toolkit import (
    Call,
    Effect,
    Kind,
    OutcomeUnknownError,
    Preview,
    Thing,
    ToolError,
    ToolResult,
    check_all,
    declare,
)

__all__ = ["GMAIL_TOOLS"]

_Injected = Annotated[Call, InjectedToolArg]
_MAIL = {"to": Kind.RECIPIENT, "subject": Kind.LABEL, "body": Kind.TEXT}
_MOST = 10
_LONGEST_BODY = 20_000
_OUTSIDE = {
    "": Provenance.OUTSIDE,
    "messages[].id": Provenance.SYSTEM,
    "messages[].date": Provenance.SYSTEM,
    "id": Provenance.SYSTEM,
    "thread_id": Provenance.SYSTEM,
    "date": Provenance.SYSTEM,
}
# What was sent is the user's own from then on, never the system's: a mail may have told the model
# whom to write to.
_WRITTEN = {"": Provenance.SYSTEM, "to[]": Provenance.OWN, "subject": Provenance.OWN}
_ANSWERED = {"": Provenance.SYSTEM, "to[]": Provenance.OUTSIDE, "subject": Provenance.OUTSIDE}


@declare(family="gmail", effect=Effect.READ, args={"query": Kind.QUERY})
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


@declare(family="gmail", effect=Effect.READ, args={"message": Kind.QUERY})
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
    return ToolResult(data, dict(_OUTSIDE))


async def _preview_mail(call: Call, to: list[str], subject: str, body: str) -> Preview:
    """Nothing beside the arguments; it fails where the mail could not be written."""
    check_all(lambda: _addresses(to), lambda: _compose(call, (), subject, body))
    return Preview({})


async def _preview_reply(call: Call, message: str, body: str) -> Preview:
    mail = await _answerable(message)
    to, subject = _correspondents(mail), _answer_subject(mail)
    _compose(call, to, subject, body)
    shows = {"answers": _summary(mail, call), "to": [str(one) for one in to], "subject": subject}
    sender = _headers(mail).get("from", "")
    return Preview(
        shows,
        {"message_id": mail["id"]},
        {message: Thing((_one_line(_headers(mail).get("subject", "")), sender))},
        {one.addr_spec: Thing((sender, subject), Provenance.OUTSIDE) for one in to},
    )


async def _undo_draft(_call: Call, done: Mapping[str, Any]) -> ToolResult:
    google = current().google
    try:
        await google.run(lambda: _users().drafts().delete(userId="me", id=done["draft"]))
    except GoogleNotFoundError:
        raise ToolError("the draft is not there any more: it was sent or deleted") from None
    return ToolResult({"deleted": done["draft"]})


_SENT_FOR_GOOD = "a mail that was sent cannot be called back"


@declare(family="gmail", effect=Effect.SEND, args=_MAIL, preview=_preview_mail, undo=_SENT_FOR_GOOD)
async def gmail_send(call: _Injected, to: list[str], subject: str, body: str) -> ToolResult:
    """Send a mail.

    Args:
        call: The call itself.
        to: E-mail addresses of the recipients.
        subject: The subject line.
        body: The text.
    """
    data = await _send(call, _compose(call, _addresses(to), subject, body), {})
    return ToolResult(data, dict(_WRITTEN))


@declare(family="gmail", effect=Effect.CREATE, args=_MAIL, preview=_preview_mail, undo=_undo_draft)
async def gmail_draft(call: _Injected, to: list[str], subject: str, body: str) -> ToolResult:
    """Write a draft without sending it.

    Args:
        call: The call itself.
        to: E-mail addresses of the recipients.
        subject: The subject line.
        body: The text.
    """
    draft_id = await _draft(call, _compose(call, _addresses(to), subject, body), {})
    return ToolResult({"draft": draft_id, "to": to, "subject": subject}, dict(_WRITTEN))


@declare(
    family="gmail",
    effect=Effect.SEND,
    args={"message": Kind.TARGET, "body": Kind.TEXT},
    preview=_preview_reply,
    undo=_SENT_FOR_GOOD,
)
async def gmail_reply(call: _Injected, message: str, body: str) -> ToolResult:
    """Answer a mail, in its thread.

    Args:
        call: The call itself.
        message: The mail's id from a search, or words that find it; the newest one is answered.
        body: The text of the answer.
    """
    known = call.notes.facts.get("answers") or call.resolved.get("message_id")
    mail = await (_message(known) if known else _answerable(message))
    await call.notes.note(answers=mail["id"])
    headers = _headers(mail)
    answer = _compose(call, _correspondents(mail), _answer_subject(mail), body)
    if "message-id" in headers:
        answer["In-Reply-To"] = _one_line(headers["message-id"])
        earlier = headers.get("references", "")
        answer["References"] = _one_line(f"{earlier} {headers['message-id']}")
    data = await _send(call, answer, {"threadId": mail["threadId"]})
    return ToolResult(data, dict(_ANSWERED))


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


async def _send(call: Call, mail: EmailMessage, extra: Mapping[str, str]) -> dict[str, Any]:
    told = {"to": [a for _n, a in getaddresses([str(mail["To"])])], "subject": str(mail["Subject"])}
    noted = call.notes.facts.get("message_id") or await _sent(str(mail["Message-ID"]))
    if noted:
        return {"sent": noted, "already_done": True, **told}
    try:
        draft_id = await _draft(call, mail, extra)
    except SentOrNotError as error:
        raise GoogleUnavailableError(
            f"nothing was sent: {error.__cause__}; at most a draft was left (try again in a minute)"
        ) from error
    sent = await _send_draft(draft_id, str(mail["Message-ID"]), told)
    await call.notes.note(message_id=sent)
    return {"sent": sent, **told}


async def _send_draft(draft_id: str, message_id: str, told: Mapping[str, Any]) -> str:
    """The sent mail's id. A draft that is gone, or an answer that is lost, is looked up in Sent."""
    google = current().google
    try:
        sent = await google.run(lambda: _users().drafts().send(userId="me", body={"id": draft_id}))
    except (GoogleNotFoundError, SentOrNotError) as error:
        done = await _sent(message_id)
        if done:
            return done
        raise OutcomeUnknownError(
            f"the mail to {', '.join(told['to'])} may have been sent: look in the folder Sent"
            f" for {told['subject']!r}"
        ) from error
    return str(sent["id"])


async def _draft(call: Call, mail: EmailMessage, extra: Mapping[str, str]) -> str:
    """The id of this call's draft: the one it has made already, or a new one."""
    if "draft_id" in call.notes.facts:
        return call.notes.facts["draft_id"]
    message_id = str(mail["Message-ID"])
    draft_id = await _drafted(message_id) or await _create_draft(mail, message_id, extra)
    await call.notes.note(draft_id=draft_id)
    return draft_id


async def _create_draft(mail: EmailMessage, message_id: str, extra: Mapping[str, str]) -> str:
    google = current().google
    body = {"message": {"raw": encode(mail), **extra}}
    try:
        made = await google.run(lambda: _users().drafts().create(userId="me", body=body))
    except SentOrNotError:
        found = await _drafted(message_id)
        if not found:
            raise
        return found
    return str(made["id"])


async def _drafted(message_id: str) -> str:
    """The id of the draft with this Message-ID; empty when there is none."""
    google = current().google
    query = f"rfc822msgid:{message_id.strip('<>')}"
    found = await google.run(lambda: _users().drafts().list(userId="me", q=query))
    return str(found["drafts"][0]["id"]) if found.get("drafts") else ""


async def _sent(message_id: str) -> str:
    """The id of the sent mail with this Message-ID; empty when there is none."""
    google = current().google
    query = f"in:sent rfc822msgid:{message_id.strip('<>')}"
    found = await google.run(lambda: _users().messages().list(userId="me", q=query))
    return str(found["messages"][0]["id"]) if found.get("messages") else ""


def _compose(call: Call, to: Sequence[Address], subject: str, body: str) -> EmailMessage:
    """The mail of a call; nothing is sent before all of it is checked."""
    check_all(lambda: _check_subject(subject), lambda: _check_body(body))
    mail = EmailMessage()
    mail["To"] = to
    mail["Subject"] = subject
    mail["Message-ID"] = f"<{hashlib.sha256(call.id.encode()).hexdigest()[:32]}@zantara.invalid>"
    mail.set_content(body.encode("utf-8", "replace").decode())  # half a surrogate pair is no text
    return mail


def _check_subject(subject: str) -> None:
    if any(unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in subject):
        raise ToolError("subject: has a line break or a control character; accepted: one line")


def _check_body(body: str) -> None:
    if not body.strip():
        raise ToolError("body: empty; accepted: the text of the mail")


def _addresses(to: Sequence[str]) -> list[Address]:
    """Raises ToolError for every one that is not a plain address."""
    if not to:
        raise ToolError("to: empty; accepted: one or more e-mail addresses")
    check_all(*(partial(_address, text.strip()) for text in to))
    return [_address(text.strip()) for text in to]


def _address(text: str, name: str = "") -> Address:
    if not re.fullmatch(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\"]+", text) or not text.isascii():
        raise ToolError(f"to: {text!r} is not an e-mail address; accepted: name@example.com")
    try:
        return Address(display_name=name, addr_spec=text)
    except (MessageError, ValueError, IndexError) as error:
        raise ToolError(f"to: {text!r} is not an e-mail address: {error}") from error


def _correspondents(mail: Mapping[str, Any]) -> list[Address]:
    """Whom an answer goes to: who wrote, or, of a mail the user wrote, whom they wrote to."""
    headers = _headers(mail)
    field = headers.get("reply-to") or headers.get("from", "")
    if "SENT" in mail["labelIds"]:
        field = headers.get("to", "")
    people = getaddresses([_one_line(field)])
    if not people:
        raise ToolError(f"message: the mail {mail['id']} names nobody to answer")
    return [_address(address, _one_line(name)) for name, address in people]


def _answer_subject(mail: Mapping[str, Any]) -> str:
    subject = _one_line(_headers(mail).get("subject", ""))
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"


def _one_line(text: str) -> str:
    """A header of somebody else's mail as part of one of ours."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


async def _message(identity: str, form: str = "full") -> dict[str, Any]:
    google = current().google
    return await google.run(lambda: _users().messages().get(userId="me", id=identity, format=form))


async def _resolve(message: str, *, among: str = "-in:drafts") -> dict[str, Any]:
    """The mail that an id, or words, mean; of several the newest, and no draft."""
    if re.fullmatch(r"[0-9a-f]{16}", message):
        try:
            return await _message(message)
        except GoogleNotFoundError:
            pass
    google = current().google
    query = f"{message} {among}"
    found = await google.run(lambda: _users().messages().list(userId="me", q=query, maxResults=1))
    if not found.get("messages"):
        raise ToolError(f"message: no mail fits {message!r}; accepted: an id or words that find it")
    return await _message(found["messages"][0]["id"])


async def _answerable(message: str) -> dict[str, Any]:
    """A mail that came in, if there is one: the user's own answer is often newer."""
    try:
        return await _resolve(message, among="-in:drafts -in:sent")
    except ToolError:
        return await _resolve(message)


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

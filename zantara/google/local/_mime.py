"""Between raw mails and Gmail's payloads."""

from __future__ import annotations

import base64
import binascii
import re
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage, Message
from typing import Any, cast

from zantara.google.local._faults import Fault

__all__ = [
    "attachment",
    "decode_raw",
    "encode",
    "filename",
    "headers",
    "parse",
    "payload",
    "readable",
    "snippet",
]


def decode_raw(raw: str) -> bytes:
    """The bytes of a base64url `raw` field. Raises Fault 400."""
    try:
        return base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4))
    except (binascii.Error, ValueError) as error:
        raise Fault(400, "invalidArgument", "Invalid value for ByteString: raw") from error


def encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode()


def parse(raw: bytes) -> EmailMessage:
    """A mail as the email package reads it; malformed parts stay readable."""
    return message_from_bytes(raw, policy=policy.default)


def payload(part: Message[Any, Any], part_id: str = "") -> dict[str, Any]:
    """The MessagePart of a mail or of one of its parts. What is attached is asked for by itself."""
    found: dict[str, Any] = {
        "partId": part_id,
        "mimeType": part.get_content_type(),
        "filename": filename(part),
        "headers": [{"name": k, "value": v} for k, v in headers(part)],
    }
    if part.is_multipart():
        found["body"] = {"size": 0}
        inner = cast("list[Message[Any, Any]]", part.get_payload())
        prefix = f"{part_id}." if part_id else ""
        found["parts"] = [payload(p, f"{prefix}{i}") for i, p in enumerate(inner)]
        return found
    data = content(part)
    found["body"] = {"size": len(data)}
    if found["filename"]:
        found["body"]["attachmentId"] = f"part-{part_id}"
    else:
        found["body"]["data"] = encode(data)
    return found


def attachment(mail: Message[Any, Any], attachment_id: str) -> bytes | None:
    """The bytes of an attached file."""
    part: Message[Any, Any] = mail
    for number in (
        attachment_id.removeprefix("part-").split(".") if attachment_id != "part-" else ()
    ):
        inner = part.get_payload() if part.is_multipart() else []
        if not number.isdigit() or int(number) >= len(inner):
            return None
        part = cast("list[Message[Any, Any]]", inner)[int(number)]
    return content(part) if filename(part) and not part.is_multipart() else None


def content(part: Message[Any, Any]) -> bytes:
    """A part's bytes; text in UTF-8, whatever it was written in, as Gmail gives it."""
    if part.get_content_maintype() == "text":
        return text(part).encode("utf-8", "replace")
    return cast("bytes", part.get_payload(decode=True) or b"")


def text(part: Message[Any, Any]) -> str:
    """A text part as it reads; one that claims a character set that does not exist still reads."""
    try:
        return str(cast("EmailMessage", part).get_content())
    except (LookupError, ValueError, AttributeError):
        raw = cast("bytes", part.get_payload(decode=True) or b"")
        return raw.decode("utf-8", "replace")


def headers(part: Message[Any, Any]) -> list[tuple[str, str]]:
    """The decoded headers; one that the email package cannot read is given as it stands."""
    return [(name, _header(part, name, raw)) for name, raw in part.raw_items()]


def _header(part: Message[Any, Any], name: str, raw: object) -> str:
    try:
        return str(part.policy.header_fetch_parse(name, cast("str", raw)))
    except (MessageError, LookupError, ValueError, AttributeError, TypeError):
        return " ".join(str(raw).split())


def filename(part: Message[Any, Any]) -> str:
    try:
        return part.get_filename() or ""
    except (MessageError, LookupError, ValueError, AttributeError, TypeError):
        return "unnamed"


def readable(mail: EmailMessage) -> str:
    """What a reader sees: the plain part, else the HTML part without its tags."""
    body = mail.get_body(("plain", "html"))
    if body is None or body.get_content_maintype() != "text":
        return ""
    return (
        re.sub(r"<[^>]+>", " ", text(body)) if body.get_content_subtype() == "html" else text(body)
    )


def snippet(mail: EmailMessage) -> str:
    """The beginning of what a reader sees."""
    return " ".join(readable(mail).split())[:200]

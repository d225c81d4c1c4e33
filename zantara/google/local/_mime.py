"""Between raw mails and Gmail's payloads."""

from __future__ import annotations

import base64
import binascii
import re
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from typing import Any, cast

from zantara.google.local._faults import Fault

__all__ = ["decode_raw", "encode", "parse", "payload", "snippet"]


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


def payload(part: Message[Any, Any], part_id: str = "", *, bodies: bool = True) -> dict[str, Any]:
    """The MessagePart of a mail or of one of its parts."""
    found: dict[str, Any] = {
        "partId": part_id,
        "mimeType": part.get_content_type(),
        "filename": part.get_filename() or "",
        "headers": [{"name": k, "value": str(v)} for k, v in part.items()],
    }
    if part.is_multipart():
        found["body"] = {"size": 0}
        inner = cast("list[Message[Any, Any]]", part.get_payload())
        prefix = f"{part_id}." if part_id else ""
        found["parts"] = [payload(p, f"{prefix}{i}", bodies=bodies) for i, p in enumerate(inner)]
        return found
    data = cast("bytes", part.get_payload(decode=True) or b"")
    found["body"] = {"size": len(data)}
    if bodies:
        found["body"]["data"] = encode(data)
    return found


def snippet(mail: EmailMessage) -> str:
    """The beginning of what a reader sees."""
    body = mail.get_body(("plain", "html"))
    if body is None:
        return ""
    text = str(body.get_content()) if body.get_content_maintype() == "text" else ""
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())[:200]

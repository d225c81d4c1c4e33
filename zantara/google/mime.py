"""Between mails as text and Gmail's payloads."""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any
from zoneinfo import ZoneInfo

__all__ = ["attachments", "body_text", "encode", "received"]

_BREAKS = {"p", "br", "div", "li", "tr", "h1", "h2", "h3"}
_SILENT = {"style", "script", "head"}


def encode(mail: EmailMessage) -> str:
    """The `raw` field of a mail."""
    return base64.urlsafe_b64encode(mail.as_bytes()).decode()


def received(internal_date: str, zone: ZoneInfo) -> str:
    """When a mail came in, in the user's zone."""
    moment = datetime.fromtimestamp(int(internal_date) / 1000, UTC)
    return moment.astimezone(zone).isoformat(timespec="seconds")


def body_text(payload: Mapping[str, Any]) -> str:
    """What a reader sees: the plain part, else the HTML part as text."""
    plain = _part(payload, "text/plain")
    if plain is not None and plain.strip():
        return plain.strip()
    html = _part(payload, "text/html")
    return _text_of(html) if html is not None else ""


def attachments(payload: Mapping[str, Any]) -> list[str]:
    """The names of the attached files."""
    inner = [name for part in payload.get("parts", ()) for name in attachments(part)]
    return [payload["filename"], *inner] if payload.get("filename") else inner


def _part(payload: Mapping[str, Any], kind: str) -> str | None:
    if payload["mimeType"] == kind and not payload.get("filename"):
        data = base64.urlsafe_b64decode(payload["body"].get("data", "") + "==")
        return data.decode("utf-8", "replace")
    found = (_part(part, kind) for part in payload.get("parts", ()))
    return next((text for text in found if text is not None), None)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag == "body":
            self._silent = 0  # </head> may be left out
        self._silent += tag in _SILENT
        if tag in _BREAKS:
            self.text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in _SILENT and self._silent > 0

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.text.append(data)


def _text_of(html: str) -> str:
    reader = _Reader()
    reader.feed(html)
    lines = (" ".join(line.split()) for line in "".join(reader.text).splitlines())
    return "\n".join(line for line in lines if line)

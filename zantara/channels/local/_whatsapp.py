"""WhatsApp Cloud API, the part that sends texts, after Meta's published reference."""

import re
from typing import Any

from zantara.channels.local._outbox import Outbox

__all__ = ["answer"]

_PATH = re.compile(r"/v\d+\.\d+/\d+/messages")
_FIELDS = {
    "messaging_product",
    "recipient_type",
    "to",
    "type",
    "text",
    "biz_opaque_callback_data",
}
_LONGEST = 4096


def answer(
    method: str, path: str, data: dict[str, Any], *, signed: bool, outbox: Outbox, now: str
) -> tuple[int, dict[str, Any]]:
    if not signed:
        return _fault(401, 190, "Invalid OAuth access token.")
    if method != "POST" or not _PATH.fullmatch(path):
        return _fault(501, 100, f"{method} {path} is not implemented by the local WhatsApp")
    wrong = _wrong(data)
    if wrong:
        return _fault(400, 100, f"(#100) Invalid parameter: {wrong}")
    wa_id = re.sub(r"\D", "", data["to"])
    extra = {"reference": data.get("biz_opaque_callback_data", "")}
    number = outbox.put("whatsapp", wa_id, data["text"]["body"], at=now, extra=extra)
    return 200, {
        "messaging_product": "whatsapp",
        "contacts": [{"input": data["to"], "wa_id": wa_id}],
        "messages": [{"id": f"wamid.LOCAL{number:020d}"}],
    }


def _wrong(data: dict[str, Any]) -> str:
    """The first thing that does not fit the reference; empty when all does."""
    unknown = sorted(set(data) - _FIELDS)
    text = data.get("text")
    body = text.get("body") if isinstance(text, dict) else None
    checks = (
        (not unknown, f"unknown field {unknown[:1]}"),
        (data.get("messaging_product") == "whatsapp", "messaging_product must be whatsapp"),
        (data.get("recipient_type", "individual") == "individual", "recipient_type"),
        (data.get("type") == "text", "type: only text is implemented by the local WhatsApp"),
        (bool(re.fullmatch(r"\+?[\d ()-]{7,20}", str(data.get("to", "")))), "to: no phone number"),
        (isinstance(body, str) and 0 < len(body) <= _LONGEST, f"text.body: 1 to {_LONGEST}"),
    )
    return next((what for holds, what in checks if not holds), "")


def _fault(status: int, code: int, message: str) -> tuple[int, dict[str, Any]]:
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "local"}
    return status, {"error": error}

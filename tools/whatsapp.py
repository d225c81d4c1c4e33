"""WhatsApp, as a model may use it."""

import re
from typing import Annotated, Any

from langchain_core.tools import BaseTool, InjectedToolArg

from zantara.gate.provenance import Provenance
from zantara.services import current
from zantara.toolkit import (
    Call,
    Effect,
    Kind,
    OutcomeUnknownError,
    Preview,
    ToolError,
    ToolResult,
    declare,
)

__all__ = ["WHATSAPP_TOOLS"]

_Injected = Annotated[Call, InjectedToolArg]
_LONGEST = 4096
_WRITTEN = {"": Provenance.SYSTEM, "to": Provenance.OWN, "message": Provenance.OWN}


async def _preview(_call: Call, to: str, message: str) -> Preview:
    return Preview({"to": _number(to), "message": _text(message)})


@declare(
    family="messaging",
    effect=Effect.SEND,
    args={"to": Kind.RECIPIENT, "message": Kind.TEXT},
    preview=_preview,
    undo="WhatsApp gives programs no way to call a message back",
)
async def whatsapp_send(call: _Injected, to: str, message: str) -> ToolResult:
    """Send a WhatsApp message.

    Args:
        call: The call itself.
        to: Phone number with its country code, such as +62 812 3456 7890.
        message: The text.
    """
    number, text = _number(to), _text(message)
    if call.notes.facts.get("tried"):  # a run that was cut off may have sent it
        raise OutcomeUnknownError(_look(number))
    await call.notes.note(tried=number)
    try:
        sent = await current().channels.whatsapp.send(number, text, reference=call.id)
    except OutcomeUnknownError as error:
        raise OutcomeUnknownError(f"{error}. {_look(number)}") from error
    data: dict[str, Any] = {"sent": sent, "to": number, "message": text}
    return ToolResult(data, dict(_WRITTEN))


WHATSAPP_TOOLS: tuple[BaseTool, ...] = (whatsapp_send,)


def _look(number: str) -> str:
    return f"the message to {number} may have been sent: look into the chat on the phone"


def _number(to: str) -> str:
    """+ and digits; a number with a leading 0 is Indonesian."""
    digits = re.sub(r"[\s().-]", "", to)
    if digits.startswith("00"):
        digits = f"+{digits[2:]}"
    elif digits.startswith("0"):
        digits = f"+62{digits[1:]}"
    if not re.fullmatch(r"\+?[1-9]\d{7,14}", digits):
        raise ToolError(f"to: {to!r} is no phone number; accepted: +62 812 3456 7890")
    return f"+{digits.removeprefix('+')}"


def _text(message: str) -> str:
    if not message.strip() or len(message) > _LONGEST:
        raise ToolError(f"message: {len(message)} characters; accepted: 1 to {_LONGEST}")
    return message.strip()

"""Google Chat, as a model may use it."""

import hashlib
from collections.abc import Mapping
from typing import Annotated, Any

from langchain_core.tools import BaseTool, InjectedToolArg

from zantara.gate.provenance import Provenance
from zantara.google import GoogleNotFoundError, SentOrNotError
from zantara.language import plain
from zantara.services import current
from zantara.toolkit import Call, Effect, Kind, Preview, ToolError, ToolResult, declare

__all__ = ["CHAT_TOOLS"]

_Injected = Annotated[Call, InjectedToolArg]
_LONGEST = 4096
_WRITTEN = {"": Provenance.SYSTEM, "space": Provenance.OWN, "text": Provenance.OWN}


async def _preview(_call: Call, space: str, text: str) -> Preview:
    found = await _space(space)
    return Preview({"space": found["displayName"], "text": _text(text)}, {"space": found["name"]})


async def _undo(_call: Call, done: Mapping[str, Any]) -> ToolResult:
    google = current().google
    messages = google.api("chat", "v1").spaces().messages()
    try:
        await google.run(lambda: messages.delete(name=done["posted"]))
    except GoogleNotFoundError:
        raise ToolError("the message is not there any more") from None
    return ToolResult({"deleted": done["posted"]})


@declare(
    family="messaging",
    effect=Effect.SEND,
    args={"space": Kind.RECIPIENT, "text": Kind.TEXT},
    preview=_preview,
    undo=_undo,
)
async def googlechat_notify(call: _Injected, space: str, text: str) -> ToolResult:
    """Post a message in a Google Chat space.

    Args:
        call: The call itself.
        space: The space's name, such as Finance, or its id.
        text: The message.
    """
    said = _text(text)
    parent = call.resolved.get("space") or (await _space(space))["name"]
    posted = await _post(call, parent, said)
    data: dict[str, Any] = {"posted": posted, "space": space, "text": said}
    return ToolResult(data, dict(_WRITTEN))


async def _post(call: Call, parent: str, text: str) -> str:
    """Chat takes a request's id once: a repeat, after a lost answer too, gives the first message."""
    google = current().google
    messages = google.api("chat", "v1").spaces().messages()
    key = hashlib.sha256(call.id.encode()).hexdigest()[:32]

    def create() -> Any:
        ids = {"requestId": key, "messageId": f"client-{key}"}
        return messages.create(parent=parent, body={"text": text}, **ids)

    try:
        made = await google.run(create)
    except SentOrNotError:
        made = await google.run(create)
    return str(made["name"])


CHAT_TOOLS: tuple[BaseTool, ...] = (googlechat_notify,)


async def _space(name: str) -> dict[str, Any]:
    google = current().google
    spaces = google.api("chat", "v1").spaces()
    found = (await google.run(lambda: spaces.list(pageSize=1000))).get("spaces", [])
    wanted, identity = plain(name), name.strip().removeprefix("spaces/")
    exact = [one for one in found if one["name"] == f"spaces/{identity}"] or [
        one for one in found if wanted == plain(one.get("displayName", ""))
    ]
    fitting = exact or [
        one for one in found if wanted and wanted in plain(one.get("displayName", ""))
    ]
    if len(fitting) == 1:
        return dict(fitting[0])
    listed = ", ".join(one.get("displayName", "") for one in fitting or found)
    raise ToolError(f"space: {name!r} fits {len(fitting)} spaces; accepted: {listed}")


def _text(text: str) -> str:
    """Angle brackets would begin a mention or a link in Chat."""
    if not text.strip() or len(text) > _LONGEST:
        raise ToolError(f"text: {len(text)} characters; accepted: 1 to {_LONGEST}")
    return text.strip().replace("<", "\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}")

"""Slack, as a model may use it."""

from collections.abc import Mapping
from typing import Annotated, Any

from langchain_core.tools import BaseTool, InjectedToolArg

from zantara.channels import ChannelError
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

__all__ = ["SLACK_TOOLS"]

_Injected = Annotated[Call, InjectedToolArg]
_LONGEST = 40_000
_SHOWN = 20
_WRITTEN = {"": Provenance.SYSTEM, "channel": Provenance.OWN, "text": Provenance.OWN}


async def _preview(_call: Call, channel: str, text: str) -> Preview:
    identity, name = await _channel(channel)
    return Preview({"channel": f"#{name}", "text": _text(text)}, {"channel_id": identity})


async def _undo(_call: Call, done: Mapping[str, Any]) -> ToolResult:
    try:
        await current().channels.slack.delete(done["channel_id"], done["posted"])
    except ChannelError as error:
        raise ToolError(f"the post could not be deleted: {error}") from error
    return ToolResult({"deleted": done["posted"]})


@declare(
    family="messaging",
    effect=Effect.SEND,
    args={"channel": Kind.RECIPIENT, "text": Kind.TEXT},
    preview=_preview,
    undo=_undo,
)
async def slack_notify(call: _Injected, channel: str, text: str) -> ToolResult:
    """Post a message in a Slack channel.

    Args:
        call: The call itself.
        channel: The channel's name, such as #operations.
        text: The message.
    """
    said = _text(text)
    known = call.notes.facts.get("channel_id") or call.resolved.get("channel_id")
    identity, name = (known, channel.lstrip("#")) if known else await _channel(channel)
    slack = current().channels.slack
    stamp = await slack.find(identity, key=call.id) if call.notes.facts else ""
    if not stamp:
        await call.notes.note(channel_id=identity)
        stamp = await _post(identity, said, call.id)
    data = {"posted": stamp, "channel": f"#{name}", "channel_id": identity, "text": text}
    return ToolResult(data, dict(_WRITTEN))


async def _post(identity: str, text: str, key: str) -> str:
    """Where the answer is lost, the channel itself says whether the post is there."""
    slack = current().channels.slack
    try:
        return await slack.post(identity, text, key=key)
    except OutcomeUnknownError as error:
        try:
            found = await slack.find(identity, key=key)
        except ChannelError:
            raise error from None
        if not found:
            raise ChannelError("the post did not arrive in Slack; nothing was sent") from error
        return found


SLACK_TOOLS: tuple[BaseTool, ...] = (slack_notify,)


async def _channel(name: str) -> tuple[str, str]:
    """(id, name) of the channel that a name or an id means."""
    wanted = name.strip().lstrip("#").casefold()
    known = [one async for one in current().channels.slack.channels()]
    for identity, one in known:
        if wanted in (identity.casefold(), one.casefold()):
            return identity, one
    listed = ", ".join(f"#{one}" for _id, one in known[:_SHOWN])
    raise ToolError(f"channel: there is no {name!r}; accepted: {listed}")


def _text(text: str) -> str:
    """As Slack wants it: &, < and > would begin a mention or a link."""
    if not text.strip() or len(text) > _LONGEST:
        raise ToolError(f"text: {len(text)} characters; accepted: 1 to {_LONGEST:,}")
    escaped = text.strip().replace("&", "&amp;")
    return escaped.replace("<", "&lt;").replace(">", "&gt;")

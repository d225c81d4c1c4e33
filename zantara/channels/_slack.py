"""Slack Web API: chat.postMessage, conversations.list and history, chat.delete.

A post carries our call id in its metadata, so that one whose answer was lost is found again.
"""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from zantara.channels._http import Api, ChannelError

__all__ = ["Slack"]

_EVENT = "zantara_call"
_PAGE = 200
_LOOKED_AT = 100


class Slack:
    """One workspace, as the bot of its token sees it."""

    def __init__(self, api: Api) -> None:
        self._api = api

    async def channels(self) -> AsyncIterator[tuple[str, str]]:
        """(id, name) of each channel."""
        cursor = ""
        while True:
            given = {"limit": _PAGE, "exclude_archived": "true", "types": "public_channel"}
            page = await self._call("conversations.list", {**given, **_cursor(cursor)}, reads=True)
            for one in page["channels"]:
                yield str(one["id"]), str(one["name"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor", "")
            if not cursor:
                return

    async def post(self, channel_id: str, text: str, *, key: str) -> str:
        """The time stamp, which names a message in its channel. Raises OutcomeUnknownError.

        Slack fetches no address of the text, makes no link of one and calls nobody by name.
        """
        body = {
            "channel": channel_id,
            "text": text,
            "parse": "none",
            "link_names": False,
            "unfurl_links": False,
            "unfurl_media": False,
            "metadata": {"event_type": _EVENT, "event_payload": {"key": key}},
        }
        return str((await self._call("chat.postMessage", body))["ts"])

    async def find(self, channel_id: str, *, key: str) -> str:
        """The time stamp of the post with this key among the latest; empty where there is none."""
        given = {"channel": channel_id, "limit": _LOOKED_AT, "include_all_metadata": "true"}
        page = await self._call("conversations.history", given, reads=True)
        for one in page["messages"]:
            metadata = one.get("metadata") or {}
            if metadata.get("event_type") == _EVENT and metadata["event_payload"]["key"] == key:
                return str(one["ts"])
        return ""

    async def delete(self, channel_id: str, stamp: str) -> None:
        """Raises ChannelError where it is not there any more."""
        await self._call("chat.delete", {"channel": channel_id, "ts": stamp})

    async def _call(
        self, method: str, body: Mapping[str, Any], *, reads: bool = False
    ) -> dict[str, Any]:
        answer = await self._api.post(method, body, reads=reads)
        if not answer.get("ok"):
            raise ChannelError(f"Slack refused {method}: {answer.get('error', 'no reason given')}")
        return dict(answer)


def _cursor(cursor: str) -> dict[str, str]:
    return {"cursor": cursor} if cursor else {}

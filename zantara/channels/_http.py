"""One request to a channel's API, and what became of it when no good answer came."""

from collections.abc import Callable, Mapping
from typing import Any

import httpx

from zantara.toolkit import OutcomeUnknownError, ToolError

__all__ = ["Api", "ChannelError"]

_SECONDS = 30
_NEVER_ARRIVED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


class ChannelError(ToolError):
    """The channel refused, or was not reached; nothing was sent."""


class Api:
    """An API with a bearer token at `url`. `transport`: None for the network."""

    def __init__(
        self, name: str, url: str, token: str, transport: httpx.AsyncBaseTransport | None
    ) -> None:
        self._name = name
        self._url = url.rstrip("/")
        self._token = token
        self._transport = transport

    async def post(self, path: str, body: Mapping[str, Any], *, reads: bool = False) -> Any:
        """The JSON answer. Raises ChannelError; OutcomeUnknownError where a write may be done."""
        lost: Callable[[str], Exception] = (
            ChannelError if reads else lambda what: OutcomeUnknownError(f"{what}; look there")
        )
        try:
            answer = await self._post(path, body, form=reads)
        except _NEVER_ARRIVED as error:
            raise ChannelError(f"{self._name} cannot be reached: {self._told(error)}") from error
        except httpx.HTTPError as error:
            raise lost(f"the answer of {self._name} was lost ({self._told(error)})") from error
        if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
            raise lost(f"{self._name} answered {answer.status_code}")
        try:
            return self._accepted(answer)
        except ValueError as error:
            raise lost(f"{self._name} answered no JSON ({answer.status_code})") from error

    async def _post(self, path: str, body: Mapping[str, Any], *, form: bool) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self._token}"}
        given: dict[str, Any] = {"data": dict(body)} if form else {"json": dict(body)}
        async with httpx.AsyncClient(transport=self._transport, timeout=_SECONDS) as client:
            return await client.post(f"{self._url}/{path}", headers=headers, **given)

    def _accepted(self, answer: httpx.Response) -> Any:
        data = answer.json()
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            wait = answer.headers.get("retry-after", "60")
            raise ChannelError(f"{self._name} takes no more now: try again in {wait} seconds")
        if answer.is_error:
            error = data.get("error") if isinstance(data, dict) else None
            said = error.get("message", "") if isinstance(error, dict) else str(error or "")
            raise ChannelError(f"{self._name} refused ({answer.status_code}): {self._told(said)}")
        return data

    def _told(self, what: object) -> str:
        """Servers may repeat what they were sent: the token is in no message of ours."""
        text = str(what) or type(what).__name__
        return text.replace(self._token, "***") if self._token else text

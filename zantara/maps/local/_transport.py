"""The local Maps as an httpx transport: the client calls it in this process."""

import asyncio

import httpx

from zantara.maps.local._app import answer

__all__ = ["LocalTransport"]


class LocalTransport(httpx.AsyncBaseTransport):
    """Answers on another thread: the first answer reads the gazetteer."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        content = await request.aread()
        headers = {name.lower(): value for name, value in request.headers.items()}
        status, body = await asyncio.to_thread(
            answer,
            request.method,
            request.url.path,
            request.url.query.decode(),
            headers,
            content,
        )
        return httpx.Response(status, json=body, request=request)

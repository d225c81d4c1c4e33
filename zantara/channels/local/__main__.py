"""Serve the local channels on loopback: `python -m zantara.channels.local --port 8086`."""

import argparse
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from wsgiref.simple_server import make_server

from zantara.channels.local import LocalChannels
from zantara.clock import SystemClock

__all__ = ["wsgi"]


def wsgi(
    channels: LocalChannels,
) -> Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]:
    """The local channels as a WSGI application."""

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        size = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(size) if size else environ["QUERY_STRING"].encode()
        headers = {
            "content-type": environ.get("CONTENT_TYPE") or "",
            "authorization": environ.get("HTTP_AUTHORIZATION", ""),
        }
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        status, data = channels.answer(method, path, headers, body)
        start_response(f"{status} answer", [("Content-Type", "application/json")])
        return [json.dumps(data).encode()]

    return app


def _main() -> None:
    parser = argparse.ArgumentParser(description="The local channels on loopback.")
    parser.add_argument("--port", type=int, default=8086)
    parser.add_argument("--file", type=Path, default=Path("channels.sqlite"))
    given = parser.parse_args()
    app = wsgi(LocalChannels(given.file, clock=SystemClock()))
    with make_server("127.0.0.1", given.port, app) as server:
        server.serve_forever()


if __name__ == "__main__":
    _main()

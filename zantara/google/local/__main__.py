"""Serve the local Google on loopback: `python -m zantara.google.local --port 8085 --file FILE`."""

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote
from wsgiref.simple_server import make_server

from zantara.clock import SystemClock
from zantara.google.local import LocalGoogle

__all__ = ["wsgi"]


_HEADERS = ("IF_MATCH", "X_HTTP_METHOD_OVERRIDE", "CONTENT_RANGE", "X_UPLOAD_CONTENT_TYPE")
_TOLD = ("content-type", "location", "range")


def wsgi(google: LocalGoogle) -> Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]:
    """The local Google as a WSGI application."""

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        size = int(environ.get("CONTENT_LENGTH") or 0)
        response, content = google.request(
            _uri(environ),
            environ["REQUEST_METHOD"],
            environ["wsgi.input"].read(size) if size else None,
            _headers(environ),
        )
        status = f"{response.status} {response.reason}"
        told = [(name.title(), response[name]) for name in _TOLD if name in response]
        start_response(status, told)
        return [content]

    return app


def _uri(environ: dict[str, Any]) -> str:
    """The address as it was asked for: WSGI has undone its quoting, and an upload goes on there."""
    path = quote(environ["PATH_INFO"].encode("latin-1"), safe="/:@!$&'()*+,;=~")
    query = f"?{environ['QUERY_STRING']}" if environ.get("QUERY_STRING") else ""
    return f"http://{environ.get('HTTP_HOST', 'google.localhost')}{path}{query}"


def _headers(environ: dict[str, Any]) -> dict[str, str]:
    found = {name.replace("_", "-"): environ.get(f"HTTP_{name}") for name in _HEADERS}
    return {
        "content-type": environ.get("CONTENT_TYPE") or "",
        **{name: value for name, value in found.items() if value is not None},
    }


def _main() -> None:
    parser = argparse.ArgumentParser(description="The local Google on loopback.")
    parser.add_argument("--port", type=int, default=8085)
    parser.add_argument("--file", type=Path, default=Path("google.sqlite"))
    given = parser.parse_args()
    app = wsgi(LocalGoogle(given.file, clock=SystemClock()))
    with make_server("127.0.0.1", given.port, app) as server:
        server.serve_forever()


if __name__ == "__main__":
    _main()

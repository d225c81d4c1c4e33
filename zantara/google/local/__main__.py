"""Serve the local Google on loopback: `python -m zantara.google.local --port 8085 --file FILE`."""

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from wsgiref.simple_server import make_server

from zantara.clock import SystemClock
from zantara.google.local import LocalGoogle

__all__ = ["wsgi"]


def wsgi(google: LocalGoogle) -> Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]:
    """The local Google as a WSGI application."""

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        size = int(environ.get("CONTENT_LENGTH") or 0)
        query = f"?{environ['QUERY_STRING']}" if environ.get("QUERY_STRING") else ""
        headers = {
            name[len("HTTP_") :].replace("_", "-"): value
            for name, value in environ.items()
            if name in ("HTTP_IF_MATCH", "HTTP_X_HTTP_METHOD_OVERRIDE")
        }
        response, content = google.request(
            f"http://google.localhost{environ['PATH_INFO']}{query}",
            environ["REQUEST_METHOD"],
            environ["wsgi.input"].read(size) if size else None,
            headers,
        )
        status = f"{response.status} {response.reason}"
        start_response(status, [("Content-Type", response["content-type"])])
        return [content]

    return app


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

"""Serve the local Maps on loopback: `python -m zantara.maps.local --port 8086`."""

import argparse
import json
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any
from wsgiref.simple_server import make_server

from zantara.maps.local import answer

__all__ = ["wsgi"]


def wsgi(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The local Maps as a WSGI application; both APIs on one port."""
    size = int(environ.get("CONTENT_LENGTH") or 0)
    status, body = answer(
        environ["REQUEST_METHOD"],
        environ["PATH_INFO"],
        environ.get("QUERY_STRING", ""),
        {"x-goog-fieldmask": environ.get("HTTP_X_GOOG_FIELDMASK", "")},
        environ["wsgi.input"].read(size) if size else b"",
    )
    start_response(
        f"{status} {HTTPStatus(status).phrase}",
        [("Content-Type", "application/json; charset=UTF-8")],
    )
    return [json.dumps(body).encode()]


def _main() -> None:
    parser = argparse.ArgumentParser(description="The local Maps on loopback.")
    parser.add_argument("--port", type=int, default=8086)
    with make_server("127.0.0.1", parser.parse_args().port, wsgi) as server:
        server.serve_forever()


if __name__ == "__main__":
    _main()

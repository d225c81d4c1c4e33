"""A small server on this machine for the length of a block."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import HTTPServer
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

__all__ = ["serving", "serving_wsgi"]


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args: Any) -> None: ...


@contextmanager
def serving_wsgi(app: Callable[..., Any]) -> Iterator[str]:
    """`http://127.0.0.1:PORT` of a WSGI application."""
    with serving(make_server("127.0.0.1", 0, app, handler_class=_Quiet)) as address:
        yield address


@contextmanager
def serving(server: HTTPServer) -> Iterator[str]:
    """Its address, while the block runs."""
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

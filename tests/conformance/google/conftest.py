"""The local Google, in this process and over HTTP; Google's own client talks to both."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import httplib2
import pytest

from tests.kit import NOW
from zantara.google import Google
from zantara.google.local import LocalGoogle
from zantara.google.local.__main__ import wsgi


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args: Any) -> None: ...


@pytest.fixture
def over_http(tmp_path: Path) -> Iterator[Google]:
    """Google's client with httplib2 over loopback."""
    app = wsgi(LocalGoogle(tmp_path / "google.sqlite", clock=NOW))
    server: WSGIServer = make_server("127.0.0.1", 0, app, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    connections: list[httplib2.Http] = []

    def connect() -> httplib2.Http:
        connections.append(httplib2.Http())
        # A 308 of an upload asks for more; Google's client takes it from the redirects as well.
        connections[-1].redirect_codes = connections[-1].redirect_codes - {308}
        return connections[-1]

    yield Google(connect, root=f"http://127.0.0.1:{server.server_port}/", about={})
    for connection in connections:
        connection.close()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def in_process(tmp_path: Path) -> Google:
    return Google.local(tmp_path / "google.sqlite", clock=NOW)


@pytest.fixture(params=["in_process", pytest.param("over_http", marks=pytest.mark.loopback)])
def google(request: pytest.FixtureRequest) -> Google:
    """Both ways to the local Google: what holds for one holds for the other."""
    return cast("Google", request.getfixturevalue(request.param))

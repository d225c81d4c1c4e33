"""The local Maps in this process and over HTTP, and our client on both."""

import threading
from collections.abc import Iterator
from typing import Any, cast
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest

from zantara.maps import Maps
from zantara.maps.local.__main__ import wsgi


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args: Any) -> None: ...


@pytest.fixture
def address() -> Iterator[str]:
    """`127.0.0.1:PORT` of a local Maps."""
    server: WSGIServer = make_server("127.0.0.1", 0, wsgi, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def over_http(address: str) -> Maps:
    """The client as it talks to Google, over loopback."""
    url = f"http://{address}"
    return Maps.live("a-key", places_url=url, routes_url=url)


@pytest.fixture
def in_process() -> Maps:
    return Maps.local()


@pytest.fixture(params=["in_process", pytest.param("over_http", marks=pytest.mark.loopback)])
def maps(request: pytest.FixtureRequest) -> Maps:
    """Both ways to the local Maps: what holds for one holds for the other."""
    return cast("Maps", request.getfixturevalue(request.param))

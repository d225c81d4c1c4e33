"""The local Google, in this process and over HTTP; Google's own client talks to both."""

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import httplib2
import pytest

from tests.kit import NOW
from tests.loopback import serving_wsgi
from zantara.google import Google
from zantara.google.local import LocalGoogle
from zantara.google.local.__main__ import wsgi


@pytest.fixture
def over_http(tmp_path: Path) -> Iterator[Google]:
    """Google's client with httplib2 over loopback."""
    app = wsgi(LocalGoogle(tmp_path / "google.sqlite", clock=NOW))
    connections: list[httplib2.Http] = []

    def connect() -> httplib2.Http:
        connections.append(httplib2.Http())
        # A 308 of an upload asks for more; Google's client takes it from the redirects as well.
        connections[-1].redirect_codes = connections[-1].redirect_codes - {308}
        return connections[-1]

    with serving_wsgi(app) as address:
        yield Google(connect, root=f"{address}/", about={})
        for connection in connections:
            connection.close()


@pytest.fixture
def in_process(tmp_path: Path) -> Google:
    return Google.local(tmp_path / "google.sqlite", clock=NOW)


@pytest.fixture(params=["in_process", pytest.param("over_http", marks=pytest.mark.loopback)])
def google(request: pytest.FixtureRequest) -> Google:
    """Both ways to the local Google: what holds for one holds for the other."""
    return cast("Google", request.getfixturevalue(request.param))

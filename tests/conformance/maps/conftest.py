"""The local Maps in this process and over HTTP, and our client on both."""

from collections.abc import Iterator
from typing import cast

import pytest

from tests.loopback import serving_wsgi
from zantara.maps import Maps
from zantara.maps.local.__main__ import wsgi


@pytest.fixture
def address() -> Iterator[str]:
    """`127.0.0.1:PORT` of a local Maps."""
    with serving_wsgi(wsgi) as url:
        yield url.removeprefix("http://")


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

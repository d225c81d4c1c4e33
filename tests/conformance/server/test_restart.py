"""The development server after kill -9, and without a login."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.conformance.server.conftest import DevServer
from tests.conformance.server.test_langgraph_dev import booked, pending
from tests.kit import decisions

pytestmark = pytest.mark.loopback


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[DevServer]:
    made = DevServer(tmp_path)
    yield made
    made.kill()


async def test_what_waits_survives_kill_9(own_server: DevServer) -> None:
    own_server.start()
    async with own_server.client() as client:
        thread, interrupt_id = await booked(client)
    own_server.kill()
    own_server.start()
    async with own_server.client() as client:
        # The server's own list of threads is written every ten seconds, and holds no state.
        await client.threads.create(thread_id=thread, graph_id="hybrid", if_exists="do_nothing")
        assert [one["id"] for one in await pending(client, thread)] == [interrupt_id]
        ended: Any = await client.runs.wait(
            thread, "hybrid", command={"resume": {interrupt_id: decisions("approve")}}
        )
        assert [one["status"] for one in ended["calls"]] == ["done"]


def test_without_a_login_nobody_gets_in(own_server: DevServer) -> None:
    own_server.start(ZANTARA_DEV="")
    request = Request(f"{own_server.url}/threads", b"{}", {"Content-Type": "application/json"})  # noqa: S310 - our own server
    with pytest.raises(HTTPError) as error:
        urlopen(request, timeout=10)  # noqa: S310 - our own server
    with error.value as answer:
        assert answer.code == 401
        assert "ZANTARA_DEV=1" in answer.read().decode()

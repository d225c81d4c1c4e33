"""The development server under a key: what it keeps is sealed, what it logs and traces is masked."""

import signal
import sqlite3
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conformance.server.conftest import DevServer
from tests.conformance.server.test_langgraph_dev import booked
from tests.conformance.server.test_restart import own_server
from tests.integration.test_traces import ingest
from tests.kit import decisions

__all__ = ["ingest", "own_server"]

pytestmark = pytest.mark.loopback

KEY, SLACK = "k" * 32, "my-own-slack-one"
CARD = "4111111111111111"


def kinds(home: Path) -> set[str]:
    connection = sqlite3.connect(home / "checkpoints.sqlite")
    try:
        query = "SELECT type FROM checkpoints UNION SELECT type FROM writes"
        return {str(kind) for (kind,) in connection.execute(query)}
    finally:
        connection.close()


async def test_a_thread_is_sealed_and_log_and_traces_are_masked(
    own_server: DevServer, ingest: tuple[str, list[bytes]]
) -> None:
    address, arrived = ingest
    own_server.start(
        ZANTARA_ENCRYPTION_KEY=KEY,
        ZANTARA_SLACK_TOKEN=SLACK,
        LANGSMITH_TRACING="true",
        LANGSMITH_ENDPOINT=address,
        LANGSMITH_API_KEY="the key of the traces",
    )
    async with own_server.client() as client:
        thread, interrupt_id = await booked(client)
        said = {"type": "reject", "message": f"Not with the card {CARD} and {SLACK}."}
        answer: Any = {"resume": {interrupt_id: decisions(said)}}
        ended: Any = await client.runs.wait(thread, "hybrid", command=answer)
        assert [one["status"] for one in ended["calls"]] == ["rejected"]
        with pytest.raises(httpx.HTTPStatusError):
            await client.threads.get(f"{CARD}-{SLACK}")
    assert own_server.process is not None
    own_server.process.send_signal(signal.SIGINT)  # what waits to be sent is sent at the end
    own_server.process.wait()
    assert all(kind.endswith("+aes") for kind in kinds(own_server.folder / "data"))
    traced = b"".join(arrived).decode("utf-8", "replace")
    assert "Not with the card [masked: card number] and [masked: secret]." in traced
    assert "GET /threads/[masked: card number]-[masked: secret]" in own_server.log
    for secret in (CARD, SLACK, KEY):
        assert secret not in traced + own_server.log, secret

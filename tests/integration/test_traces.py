"""Traces of a whole process, as they arrive at a server of LangSmith's interface on this machine."""

import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from tests.loopback import serving

pytestmark = pytest.mark.loopback

SLACK, LANGSMITH = "my own slack one", "the key of the traces"
SAID = (
    f"My card is 4111 1111 1111 1111, my NIK 3171011708450001, my key sk-0123456789abcdefghij and"
    f" {SLACK}. How much is the investor KITAS?"
)


class _Ingest(BaseHTTPRequestHandler):
    """Takes what is posted; the head of each request stands apart from its body."""

    arrived: list[bytes]

    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

    def do_POST(self) -> None:
        self.arrived.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.do_GET()

    def do_PATCH(self) -> None:
        self.do_POST()

    def log_message(self, format: str, *args: object) -> None:
        del format, args


@pytest.fixture
def ingest() -> Iterator[tuple[str, list[bytes]]]:
    """Its address, and what has arrived there."""
    arrived: list[bytes] = []
    handler = type("Ingest", (_Ingest,), {"arrived": arrived})
    with serving(HTTPServer(("127.0.0.1", 0), handler)) as address:
        yield address, arrived


def ask(home: Path, **changed: str) -> str:
    """One turn of the command line in a process of its own."""
    ours = ("ZANTARA_", "LANGSMITH_", "LANGCHAIN_")
    done = subprocess.run(
        [sys.executable, "-c", "from zantara.cli import main; main()", "ask", SAID],
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith(ours)},
            "ZANTARA_HOME": str(home),
            "ZANTARA_MODEL": "embedded",
            "ZANTARA_KNOWLEDGE_MEANING": "false",
            "ZANTARA_SLACK_TOKEN": SLACK,
            "LANGSMITH_API_KEY": LANGSMITH,
            **changed,
        },
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize("switch", ["LANGSMITH_TRACING", "LANGCHAIN_TRACING_V2"])
def test_what_arrives_holds_the_turn_and_no_secret(
    home: Path, ingest: tuple[str, list[bytes]], switch: str
) -> None:
    address, arrived = ingest
    told = ask(home, **{switch: "true", "LANGSMITH_ENDPOINT": address})
    assert "17,000,000" in told
    traced = b"".join(arrived).decode("utf-8", "replace")
    for word in ("investor KITAS", "17,000,000", "recall_knowledge"):
        assert word in traced, word
    for kind in ("card number", "NIK", "token", "secret"):
        assert f"[masked: {kind}]" in traced, kind
    for secret in ("4111", "3171011708450001", "sk-0123456789", SLACK, LANGSMITH):
        assert secret not in traced, secret


def test_where_tracing_is_off_nothing_is_sent(home: Path, ingest: tuple[str, list[bytes]]) -> None:
    address, arrived = ingest
    assert "17,000,000" in ask(home, LANGSMITH_ENDPOINT=address)
    assert arrived == []

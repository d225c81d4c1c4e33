"""Connections that end where no answer ends, and answers that no host of models wrote."""

from collections.abc import Callable
from typing import Any

import pytest
from langchain_core.messages import AIMessage

from tests.conformance.gateway.conftest import HOSTS, Pair, rows_of
from tests.wire import Closing
from tools import BY_NAME
from zantara.costs import Ledger

pytestmark = pytest.mark.loopback

_PAGE = b"<html><body><h1>502 Bad Gateway</h1></body></html>"


def _http(status: str, kind: str, body: bytes, *, more: int = 0) -> bytes:
    """An HTTP answer whose body lacks `more` of the bytes that it promises.

    It tells that it is the last one: a client that kept its connection would outlive its loop here.
    """
    head = (
        f"HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {len(body) + more}\r\n"
        "connection: close\r\n\r\n"
    )
    return head.encode() + body


_ENDS = {
    "reset before its headers": Closing(),
    "closed before its headers": Closing(reset=False),
    "reset in its headers": Closing(b"HTTP/1.1 200 OK\r\ncontent-ty"),
    "reset after its headers": Closing(_http("200 OK", "text/event-stream", b"", more=900)),
    "closed in the middle of its body": Closing(
        _http("200 OK", "application/json", b'{"id": "1", "choices": [{"index"', more=900),
        reset=False,
    ),
    "half an event": Closing(
        _http("200 OK", "text/event-stream", b'data: {"choices": [{"ind', more=900), reset=False
    ),
    "a page with 200": Closing(_http("200 OK", "text/html", _PAGE), reset=False),
    "a page with 502": Closing(_http("502 Bad Gateway", "text/html", _PAGE), reset=False),
    "nothing with 200": Closing(_http("200 OK", "application/json", b""), reset=False),
    "nothing with 204": Closing(
        b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n", reset=False
    ),
    "a list with 200": Closing(_http("200 OK", "application/json", b"[]"), reset=False),
    "null with 200": Closing(_http("200 OK", "application/json", b"null"), reset=False),
    "no HTTP at all": Closing(b"SSH-2.0-OpenSSH_9.6\r\n", reset=False),
}


def _pair(ledger: Ledger, client: str, server: Closing) -> Pair:
    wire = HOSTS[client].wire()
    wire.url = server.url
    return Pair(ledger, client, wire)


@pytest.mark.parametrize("on_text", [lambda _text: None, None], ids=["streamed", "whole"])
@pytest.mark.parametrize("server", _ENDS.values(), ids=_ENDS)
async def test_a_broken_connection_is_passed_over(
    client: str, ledger: Ledger, server: Closing, on_text: Callable[[str], None] | None
) -> None:
    with server.serving():
        reply = await _pair(ledger, client, server).ask(
            on_text=on_text, tools=list(BY_NAME.values())
        )
    assert reply.message.text == "The other."
    assert [row["outcome"] for row in rows_of(ledger)] == ["failed", "answered"]


@pytest.mark.parametrize("server", [_ENDS["reset before its headers"], _ENDS["no HTTP at all"]])
async def test_five_of_them_open_the_circuit(client: str, ledger: Ledger, server: Closing) -> None:
    before = server.asked
    with server.serving():
        pair = _pair(ledger, client, server)
        said: list[Any] = [await pair.ask() for _ in range(8)]
    assert {one.message.text for one in said} == {"The other."}
    assert all(isinstance(one.message, AIMessage) for one in said)
    assert server.asked - before == 5

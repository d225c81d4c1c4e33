"""What the gateway does when a host fails, through each real client."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from langchain_core.messages import HumanMessage

from tests.conformance.gateway.conftest import HOSTS, Pair, Serve, asked, rows_of
from tests.wire import Scripted
from tools import BY_NAME
from zantara.costs import Ledger
from zantara.gateway import BrokenOffError, Gateway, ModelUnavailableError

pytestmark = pytest.mark.loopback
OK = Scripted(pieces=("I can.",))


def _unheard(_text: str) -> None:
    """Asks for a stream."""


_STREAMED: list[Callable[[str], None] | None] = [_unheard, None]


@pytest.mark.parametrize("on_text", _STREAMED, ids=["streamed", "whole"])
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Scripted(status=status, error="not now"), id=str(status))
        for status in (429, 500, 502, 503, 529)
    ]
    + [
        pytest.param(Scripted(raw=('data: {"choi\r\n\r\n',)), id="malformed JSON"),
        pytest.param(Scripted(raw=('data: {"choices": [', "")), id="half an event"),
        pytest.param(Scripted(raw=()), id="an empty stream"),
        pytest.param(Scripted(raw=("<html>Bad gateway</html>",)), id="a page"),
        pytest.param(Scripted(pieces=(), cut="reset"), id="reset before a word"),
    ],
)
async def test_the_next_candidate_answers_and_both_have_a_row(
    client: str, serve: Serve, ledger: Ledger, fault: Scripted, on_text: Any
) -> None:
    pair = Pair(ledger, client, serve(client, fault))
    reply = await pair.ask(on_text=on_text)
    assert (reply.message.text, reply.failures) == ("The other.", 1)
    assert [(row["outcome"], row["attempt"]) for row in rows_of(ledger)] == [
        ("failed", 1),
        ("answered", 2),
    ]


async def test_a_closed_port_is_passed_over(client: str, serve: Serve, ledger: Ledger) -> None:
    wire = serve(client)
    wire.stop()
    assert (await Pair(ledger, client, wire).ask()).message.text == "The other."
    assert rows_of(ledger)[0]["cost_usd"] == 0


@pytest.mark.parametrize(
    ("refusal", "seconds"),
    [
        pytest.param(Scripted(status=429, headers={"retry-after": "30"}), 30, id="seconds"),
        pytest.param(Scripted(status=429, headers={"retry-after-ms": "30000"}), 30, id="ms"),
        pytest.param(
            Scripted(
                status=429,
                headers={
                    "retry-after": "Wed, 25 Nov 2026 10:01:00 GMT",
                    "date": "Wed, 25 Nov 2026 10:00:30 GMT",
                },
            ),
            30,
            id="a date by the host's clock",
        ),
        pytest.param(Scripted(status=429, error="Please try again in 1m7.5s."), 67, id="text"),
        pytest.param(Scripted(status=503, headers={"retry-after": "30"}), 30, id="503"),
        pytest.param(Scripted(status=429, error="slow down"), 10, id="not said"),
    ],
)
async def test_a_host_is_asked_again_when_it_wants_to_be(
    client: str, serve: Serve, ledger: Ledger, refusal: Scripted, seconds: float
) -> None:
    pair = Pair(ledger, client, serve(client, refusal, OK))
    await pair.ask()
    pair.time.seconds += seconds - 6  # a wait of a few seconds is waited
    assert (await pair.ask()).message.text == "The other."
    assert len(pair.wire.requests) == 1
    pair.time.seconds += 7
    assert (await pair.ask()).message.text == "I can."


async def test_five_failures_open_the_circuit_and_one_try_closes_it(
    client: str, serve: Serve, ledger: Ledger
) -> None:
    down = Scripted(status=500, error="down")
    pair = Pair(ledger, client, serve(client, *[down] * 6, OK, OK))
    for _ in range(7):
        await pair.ask()
    assert len(pair.wire.requests) == 5
    pair.time.seconds += 31
    await asyncio.gather(*(pair.ask() for _ in range(8)))  # one of them tries
    assert len(pair.wire.requests) == 6
    pair.time.seconds += 31  # the pause has doubled
    await pair.ask()
    assert len(pair.wire.requests) == 6
    pair.time.seconds += 31
    assert (await pair.ask()).message.text == "I can."
    assert (await pair.ask()).message.text == "I can."


@pytest.mark.parametrize(
    ("status", "said", "told"),
    [
        (401, "wrong key", "the host refuses the key in {key}"),
        (404, "model_not_found: The model `x` does not exist", "does not exist"),
        (400, "model_decommissioned: it has been decommissioned", "decommissioned"),
    ],
)
async def test_what_is_wrong_for_good_is_not_asked_again(
    client: str, serve: Serve, ledger: Ledger, status: int, said: str, told: str
) -> None:
    pair = Pair(ledger, client, serve(client, Scripted(status=status, error=said), OK))
    await pair.ask()
    pair.time.seconds += 1e9
    await pair.ask()
    assert len(pair.wire.requests) == 1
    alone = Gateway(lambda _role: [pair.gateway.candidates("workspace")[0]], ledger)
    pair.wire.script.insert(0, Scripted(status=status, error=said))
    with pytest.raises(ModelUnavailableError, match=told.format(key=HOSTS[client].key)):
        await alone.reply(asked(), [HumanMessage("x")])


@pytest.mark.parametrize(
    "refusal",
    [
        Scripted(status=400, error="context_length_exceeded: maximum context length is 10"),
        Scripted(status=400, error="content_filter: the prompt was filtered"),
        Scripted(status=400, error="anything else"),
    ],
    ids=["too long", "filtered", "refused"],
)
async def test_a_refused_request_tells_nothing_of_the_host(
    client: str, serve: Serve, ledger: Ledger, refusal: Scripted
) -> None:
    pair = Pair(ledger, client, serve(client, *[refusal] * 6, OK))
    for _ in range(6):
        assert (await pair.ask()).message.text == "The other."
    assert (await pair.ask()).message.text == "I can."


@pytest.mark.parametrize("cut", ["early", "hang"])
@pytest.mark.parametrize("on_text", _STREAMED, ids=["streamed", "whole"])
async def test_the_turn_s_end_ends_the_call(
    client: str, serve: Serve, ledger: Ledger, cut: Any, on_text: Any
) -> None:
    pair = Pair(ledger, client, serve(client, Scripted(cut=cut)))
    with pytest.raises(ModelUnavailableError, match="the time of this turn is over"):
        await pair.ask(until=pair.time.seconds + 0.2, on_text=on_text)
    # On a busy machine the time may be over before the host was reached.
    assert not pair.wire.requests or await asyncio.to_thread(pair.wire.left.wait, 60)
    assert [row["outcome"] for row in rows_of(ledger)] == ["failed"]
    assert rows_of(ledger)[0]["cost_usd"] > 0  # it may be charged: what was reserved stands


@pytest.mark.parametrize("on_text", _STREAMED, ids=["streamed", "whole"])
async def test_a_call_that_is_given_up_is_given_up_at_the_host(
    client: str, serve: Serve, ledger: Ledger, on_text: Any
) -> None:
    pair = Pair(ledger, client, serve(client, Scripted(pieces=("Half",), cut="hang")))
    call = asyncio.create_task(pair.ask(on_text=on_text))
    assert await asyncio.to_thread(pair.wire.hangs.wait, 60)
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    assert await asyncio.to_thread(pair.wire.left.wait, 60)
    assert [row["outcome"] for row in rows_of(ledger)] == ["cancelled"]


async def test_what_hangs_after_its_first_word_is_never_spliced(
    client: str, serve: Serve, ledger: Ledger
) -> None:
    pair = Pair(ledger, client, serve(client, Scripted(pieces=("Half of ",), cut="hang")))
    with pytest.raises(BrokenOffError) as raised:
        await pair.ask(on_text=_unheard, until=pair.time.seconds + 0.5)
    assert raised.value.shown == "Half of "
    assert [row["outcome"] for row in rows_of(ledger)] == ["cut"]


@pytest.mark.parametrize("client", ["openai", "gemini"])  # Groq's client tells what it asked for
async def test_another_model_is_priced_by_what_it_is(
    client: str, serve: Serve, ledger: Ledger
) -> None:
    other = "gemini-3.5-flash" if client == "gemini" else "nobody/knows-this"
    pair = Pair(ledger, client, serve(client, Scripted(pieces=("Hi",), answered=other)))
    told: list[tuple[str, str]] = []
    pair.gateway.alert = lambda what, _candidate, detail: told.append((what, detail))
    reply = await pair.ask()
    (row,) = rows_of(ledger)
    assert reply.model == row["answered"] == other
    assert row["priced"] == ("usage" if client == "gemini" else "ceiling")
    assert told == [("other_model", other)]


_PYTHONIC = '[gmail_search(query="from:made"), maps_places(query="office")]'
_CALLS = [
    ("gmail_search", {"query": "from:made"}),
    ("maps_places", {"query": "office"}),
]


@pytest.mark.parametrize("on_text", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize(
    ("said", "text"),
    [
        pytest.param(_PYTHONIC, "", id="pythonic"),
        pytest.param(f"I will look.\n\n{_PYTHONIC}", "I will look.", id="text before"),
        pytest.param(f"<|python_start|>{_PYTHONIC}<|python_end|>", "", id="marks"),
        pytest.param(
            '{"name": "gmail_search", "parameters": {"query": "from:made"}};'
            ' {"type": "function", "name": "maps_places", "parameters": {"query": "office"}}',
            "",
            id="JSON",
        ),
        pytest.param(
            '<function=gmail_search>{"query": "from:made"}</function>'
            '<function=maps_places>{"query": "office"}</function>',
            "",
            id="function tags",
        ),
    ],
)
async def test_calls_that_the_host_left_in_the_text_are_calls(
    serve: Serve, ledger: Ledger, said: str, text: str, on_text: bool
) -> None:
    heard: list[str] = []
    pieces = tuple(said[i : i + 5] for i in range(0, len(said), 5))
    pair = Pair(ledger, "openai", serve("openai", Scripted(pieces=pieces)))
    reply = await pair.ask(tools=list(BY_NAME.values()), on_text=heard.append if on_text else None)
    assert [(call["name"], call["args"]) for call in reply.message.tool_calls] == _CALLS
    assert reply.message.text == text
    assert "".join(heard).strip() == (text if on_text else "")


@pytest.mark.parametrize(
    "said",
    [
        pytest.param('[gmail_send(to=["made@example.com"', id="cut off"),
        pytest.param("[gmail_send(to=who)]", id="a name"),
        pytest.param('[gmail_send(to=__import__("os").name)]', id="code"),
        pytest.param('[gmail_send(to="a@b.c"), delete_all()]', id="an unknown tool"),
    ],
)
async def test_a_call_that_cannot_be_read_is_neither_run_nor_shown(
    serve: Serve, ledger: Ledger, said: str
) -> None:
    heard: list[str] = []
    pair = Pair(ledger, "openai", serve("openai", Scripted(pieces=(said,))))
    reply = await pair.ask(tools=list(BY_NAME.values()), on_text=heard.append)
    assert (reply.provider, reply.message.tool_calls, heard) == ("other", [], ["The other."])


@pytest.mark.parametrize(
    "said",
    [
        "The PT PMA costs 20 juta [1].\n[2] is another source.",
        "See [gmail_search] in the help, or:\n[a list](of things)",
        "{braces} and <b>marks</b>\n\n- [ ] a task",
    ],
)
async def test_text_that_only_looks_like_a_call_is_text(
    serve: Serve, ledger: Ledger, said: str
) -> None:
    heard: list[str] = []
    pieces = tuple(said[i : i + 3] for i in range(0, len(said), 3))
    pair = Pair(ledger, "openai", serve("openai", Scripted(pieces=pieces)))
    reply = await pair.ask(tools=list(BY_NAME.values()), on_text=heard.append)
    assert "".join(heard) == reply.message.text == said


def _failed(generation: str) -> Scripted:
    error = {
        "message": "Failed to call a function. See 'failed_generation' for more details.",
        "type": "invalid_request_error",
        "code": "tool_use_failed",
        "failed_generation": generation,
    }
    return Scripted(status=400, refusal={"error": error})


@pytest.mark.parametrize(
    "generation",
    [
        '<function=gmail_send{"to": "made@example.com", "subject": "Hi", "body": "x"}</function>',
        '<function=gmail_send>{"to": ["made@example.com"], "subject": "Hi", "body": "x"}</function>',
        '{"name": "gmail_send", "arguments": {"to": ["made@example.com"], "subject": "Hi",'
        ' "body": "x"}}',
        '<tool-use>\n{"tool_calls": [{"id": "pending", "type": "function", "function": {"name":'
        ' "gmail_send"}, "parameters": {"to": ["made@example.com"], "subject": "Hi", "body": "x"}}]}'
        "\n</tool-use>",
    ],
)
async def test_a_call_that_groq_could_not_read_is_read_from_what_it_hands_back(
    serve: Serve, ledger: Ledger, generation: str
) -> None:
    wire = serve("groq", _failed(generation))
    reply = await Pair(ledger, "groq", wire).ask(tools=list(BY_NAME.values()))
    (call,) = reply.message.tool_calls
    assert call["name"] == "gmail_send"
    assert call["args"] == {"to": ["made@example.com"], "subject": "Hi", "body": "x"}
    assert len(wire.requests) == 1


@pytest.mark.parametrize("generation", ["", "I cannot", '{"name": "rm", "arguments": {}}'])
async def test_what_groq_hands_back_and_nobody_can_read_falls_over(
    serve: Serve, ledger: Ledger, generation: str
) -> None:
    pair = Pair(ledger, "groq", serve("groq", _failed(generation)))
    reply = await pair.ask(tools=list(BY_NAME.values()))
    assert (reply.provider, reply.message.tool_calls) == ("other", [])


@pytest.mark.parametrize(
    ("args", "fitted"),
    [
        ('{"to": "a@b.c", "subject": "x", "body": "y"}', {"to": ["a@b.c"]}),
        ('{"to": "[\\"a@b.c\\"]", "subject": "x", "body": "y"}', {"to": ["a@b.c"]}),
        ('{"to": ["a@b.c"], "subject": 7, "body": "y"}', {"subject": "7"}),
        ('{"to": {"a": 1}, "subject": "x", "body": "y"}', {"to": {"a": 1}}),
    ],
)
async def test_arguments_of_another_type_fit_where_nothing_is_lost(
    client: str, serve: Serve, ledger: Ledger, args: str, fitted: dict[str, Any]
) -> None:
    pair = Pair(ledger, client, serve(client, Scripted(calls=(("gmail_send", args),))))
    reply = await pair.ask(tools=list(BY_NAME.values()))
    (call,) = reply.message.tool_calls
    assert fitted.items() <= call["args"].items()

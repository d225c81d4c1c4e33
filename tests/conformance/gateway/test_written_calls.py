"""Calls that a model wrote as text, in the forms that were reported of vLLM and Groq."""

import json
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage
from langchain_core.tools import BaseTool, StructuredTool

from tests.conformance.gateway.conftest import Pair, Serve, asked, candidate, gateway_of
from tests.wire import Scripted, Wire
from tools import BY_NAME
from zantara.costs import Ledger

pytestmark = pytest.mark.loopback


def _get_weather(city: str, days: int = 1) -> str:
    """The weather of a city."""
    return f"{city} {days}"


def _plan(stops: list[Any], options: dict[str, Any] | None = None, exact: bool = False) -> str:
    """A plan of a journey."""
    return f"{stops} {options} {exact}"


TOOLS: list[BaseTool] = [
    StructuredTool.from_function(_get_weather, name="get_weather"),
    StructuredTool.from_function(_plan, name="plan"),
]
_NESTED = """[get_weather(city="Denpasar"), plan(stops=[1, [2, ["tiga"]], {"a": [None]}],\
 options={'by': "car, or [boat](slow)", 'tolls': False}, exact=True)]"""
_NESTED_CALLS = [
    ("get_weather", {"city": "Denpasar"}),
    (
        "plan",
        {
            "stops": [1, [2, ["tiga"]], {"a": [None]}],
            "options": {"by": "car, or [boat](slow)", "tolls": False},
            "exact": True,
        },
    ),
]


async def _heard(
    ledger: Ledger, wire: Wire, *, streamed: bool = True, tools: list[BaseTool] = TOOLS
) -> tuple[AIMessage, str]:
    heard: list[str] = []
    reply = await Pair(ledger, "openai", wire).ask(
        tools=tools, on_text=heard.append if streamed else None
    )
    return reply.message, "".join(heard)


def _calls(message: AIMessage) -> list[tuple[str, dict[str, Any]]]:
    return [(call["name"], call["args"]) for call in message.tool_calls]


def _cut(text: str, size: int) -> tuple[str, ...]:
    return tuple(text[i : i + size] for i in range(0, len(text), size))


@pytest.mark.parametrize("size", [1, 2, 3, 8, 999])
@pytest.mark.parametrize("before", ["", "I will look it up.\n\n", "Baik, saya cek [1].\n"])
async def test_nested_values_are_read_and_none_of_it_is_shown(
    serve: Serve, ledger: Ledger, before: str, size: int
) -> None:
    wire = serve("openai", Scripted(pieces=_cut(before + _NESTED, size)))
    message, heard = await _heard(ledger, wire)
    assert _calls(message) == _NESTED_CALLS
    assert message.text.strip() == heard.strip() == before.strip()


@pytest.mark.parametrize(
    ("said", "calls"),
    [
        ("[get_weather(city='L\\'Aquila')]", [("get_weather", {"city": "L'Aquila"})]),
        ('[get_weather(city="Ubud",\n  days=3)]', [("get_weather", {"city": "Ubud", "days": 3})]),
        ('[plan(stops=[], options=null, exact=true)]',
         [("plan", {"stops": [], "options": None, "exact": True})]),
        ('[plan(stops=[-1.5, (2, 3)][:1])]', []),
        ('[get_weather("Denpasar")]', []),
        ('[get_weather(city="Den" + "pasar")]', []),
        ('[get_weather(**{"city": "Denpasar"})]', []),
        ('[get_weather(city="Denpasar")] is what I would call.', []),
    ],
)  # fmt: skip
@pytest.mark.parametrize("streamed", [True, False], ids=["streamed", "whole"])
async def test_only_a_list_of_calls_with_plain_values_is_one(
    serve: Serve,
    ledger: Ledger,
    said: str,
    calls: list[tuple[str, dict[str, Any]]],
    streamed: bool,
) -> None:
    message, heard = await _heard(
        ledger, serve("openai", Scripted(pieces=_cut(said, 4))), streamed=streamed
    )
    assert _calls(message) == calls
    assert "get_weather(" not in heard and "plan(" not in heard


async def test_with_no_tools_such_a_text_is_a_text(serve: Serve, ledger: Ledger) -> None:
    message, heard = await _heard(
        ledger, serve("openai", Scripted(pieces=_cut(_NESTED, 5))), tools=[]
    )
    assert (message.tool_calls, message.text, heard) == ([], _NESTED, _NESTED)


_MAIL = {"to": ["made@example.com"], "subject": "Hi", "body": "See you."}
_WRITTEN = json.dumps(_MAIL)
_AS_REPORTED = {
    "a mark and no arrow": f"<function=gmail_send{_WRITTEN}</function>",
    "a mark with an equals sign": f"<function=gmail_send={_WRITTEN}</function>",
    "a mark with an arrow": f"<function=gmail_send>{_WRITTEN}</function>",
    "a mark with a bracket": f"<function(gmail_send){_WRITTEN}</function>",
    "no mark at the beginning": f"gmail_send{_WRITTEN}</function>",
    "JSON": json.dumps({"name": "gmail_send", "arguments": _MAIL}),
    "JSON with parameters": json.dumps({"name": "gmail_send", "parameters": _MAIL}),
    "a list": json.dumps([{"name": "gmail_send", "parameters": _MAIL}]),
    "in a fence": "```\n"
    + json.dumps(
        {"tool_calls": [{"id": "pending", "type": "function",
                         "function": {"name": "gmail_send"}, "parameters": _MAIL}]}
    ) + "\n```",
    "a text where a list is wanted": json.dumps(
        {"name": "gmail_send", "arguments": {**_MAIL, "to": "made@example.com"}}
    ),
}  # fmt: skip


def _refusal(generation: str, message: str = "") -> dict[str, Any]:
    error = {
        "message": message
        or "Failed to call a function. Please adjust your prompt. See"
        " 'failed_generation' for more details.",
        "type": "invalid_request_error",
        "code": "tool_use_failed",
        "failed_generation": generation,
        "status_code": 400,
    }
    return {"error": error}


def _failed(generation: str, message: str = "", *, streamed: bool) -> Scripted:
    """While it streams Groq tells it in the stream, under status 200."""
    body = _refusal(generation, message)
    if streamed:
        return Scripted(raw=(f"event: error\r\ndata: {json.dumps(body)}\r\n\r\n",))
    return Scripted(status=400, refusal=body)


@pytest.mark.parametrize("streamed", [True, False], ids=["streamed", "refused"])
@pytest.mark.parametrize("generation", _AS_REPORTED.values(), ids=_AS_REPORTED)
async def test_groq_hands_back_a_call_that_it_could_not_read(
    serve: Serve, ledger: Ledger, generation: str, streamed: bool
) -> None:
    """It is asked once: the mail is one call, whoever reads it."""
    wire = serve("groq", _failed(generation, streamed=streamed))
    reply = await gateway_of(ledger, candidate("groq", wire)).reply(
        asked(), [HumanMessage("x")], tools=list(BY_NAME.values()), on_text=lambda _text: None
    )
    assert _calls(reply.message) == [("gmail_send", _MAIL)]
    assert len(wire.requests) == 1


@pytest.mark.parametrize("streamed", [True, False], ids=["streamed", "refused"])
@pytest.mark.parametrize(
    ("generation", "message"),
    [
        ("", ""),
        ("I am sorry, I cannot send mails.", ""),
        (f"<function=rm_rf{_WRITTEN}</function>", ""),
        (_AS_REPORTED["a mark with an arrow"][:-30], ""),
        ("", "tool call validation failed: parameters for tool gmail_send did not match schema:"
             " errors: [`/to`: expected array, but got string]"),
    ],
)  # fmt: skip
async def test_what_groq_hands_back_and_is_no_call_goes_to_the_next(
    serve: Serve, ledger: Ledger, generation: str, message: str, streamed: bool
) -> None:
    pair = Pair(ledger, "groq", serve("groq", _failed(generation, message, streamed=streamed)))
    reply = await pair.ask(tools=list(BY_NAME.values()), on_text=lambda _text: None)
    assert (reply.message.text, reply.message.tool_calls) == ("The other.", [])
    assert len(pair.wire.requests) == 1

"""Requests of every family in three languages, with tools known by their schemas alone."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from zantara.gateway.embedded import EmbeddedModel


def _tool(name: str, description: str, required: list[str], **optional: str) -> dict[str, Any]:
    kinds = {"to": "array", "values": "array", "attendees": "array"}
    if name == "whatsapp_send":
        kinds = {}
    properties = {
        one: {"type": kinds.get(one, "string"), "description": one}
        for one in [*required, *optional]
    }
    parameters = {"type": "object", "properties": properties, "required": required}
    function = {"name": name, "description": description, "parameters": parameters}
    return {"type": "function", "function": function}


_TOOLS = [
    _tool("calendar_list", "List events.", ["time_min", "time_max"], query=""),
    _tool("calendar_freebusy", "Tell whether a time is free.", ["time_min", "time_max"]),
    _tool("calendar_create", "Create an event.", ["summary", "start"], end="", attendees=""),
    _tool("gmail_search", "Search mails.", ["query"]),
    _tool("gmail_read", "Read a mail.", ["message"]),
    _tool("gmail_reply", "Answer a mail.", ["message", "body"]),
    _tool("gmail_send", "Send a mail.", ["to", "subject", "body"]),
    _tool("maps_places", "Find places.", ["query"], location=""),
    _tool("maps_place_details", "Tell about a place.", ["place"]),
    _tool("maps_directions", "Route between places.", ["origin", "destination"], mode=""),
    _tool("memory_save", "Remember a fact.", ["content"]),
    _tool("memory_search", "Search what was said.", ["query"]),
    _tool("whatsapp_send", "Send a WhatsApp message.", ["to", "message"]),
    _tool("slack_notify", "Post in a Slack channel.", ["channel", "text"]),
    _tool("drive_search", "Search files.", ["query"]),
    _tool("docs_create", "Create a document.", ["title"]),
    _tool("sheets_read", "Read cells.", ["spreadsheet", "range"]),
    _tool("sheets_append", "Append a row.", ["spreadsheet", "values"]),
    _tool("contacts_search", "Search the address book.", ["query"]),
]


def _turn(text: str, language: str = "en") -> HumanMessage:
    return HumanMessage(
        "<turn>\nnow: 2026-03-10T09:00:00+08:00 (Tuesday)\ntimezone: Asia/Makassar\n"
        f"language: {language}\nuser: Ayu Lestari <ayu@example.com> (staff)\n</turn>\n\n{text}"
    )


def _ask(*messages: BaseMessage, tools: Any = None) -> AIMessage:
    return EmbeddedModel().bind_tools(_TOOLS if tools is None else tools).invoke([*messages])


def _calls(answer: AIMessage) -> list[tuple[str, dict[str, Any]]]:
    return [(call["name"], call["args"]) for call in answer.tool_calls]


def _results(answer: AIMessage, *data: Any, status: Any = "success") -> list[BaseMessage]:
    return [
        answer,
        *(
            ToolMessage(json.dumps(one), tool_call_id=str(call["id"]), status=status)
            for call, one in zip(answer.tool_calls, data, strict=True)
        ),
    ]


@pytest.mark.parametrize(
    ("text", "tool", "args"),
    [
        ("Where can I find a bakery in Ubud?", "maps_places", {"location": "Ubud"}),
        ("Hotel murah dekat Pantai Berawa", "maps_places", {"location": "Pantai Berawa"}),
        ("Gelaterie a Seminyak", "maps_places", {"query": "Gelaterie", "location": "Seminyak"}),
        (
            "How do I drive from Amed to Lovina?",
            "maps_directions",
            {"origin": "Amed", "destination": "Lovina", "mode": "driving"},
        ),
        (
            "Jalan kaki dari Pasar Seni ke Puri Saren berapa jauh?",
            "maps_directions",
            {"origin": "Pasar Seni", "destination": "Puri Saren", "mode": "walking"},
        ),
        ("A che ora apre il Museo Pasifika?", "maps_place_details", {"place": "Museo Pasifika"}),
        ("Remember that I park in basement two", "memory_save", {}),
        ("Cosa ti ho detto della polizza?", "memory_search", {"query": "polizza"}),
        (
            "Kirim WA ke 0811 2222 3333 kalau kuncinya di satpam",
            "whatsapp_send",
            {"to": "+6281122223333", "message": "kuncinya di satpam"},
        ),
        (
            "Tell #front-desk on Slack that the printer works again",
            "slack_notify",
            {"channel": "#front-desk", "text": "the printer works again"},
        ),
        ("Cerca su Drive il bilancio 2024", "drive_search", {"query": "bilancio 2024"}),
        ("Buat dokumen 'Surat Tugas'", "docs_create", {"title": "Surat Tugas"}),
        (
            "Show D4:F9 of the sheet 'Fees'",
            "sheets_read",
            {"spreadsheet": "Fees", "range": "D4:F9"},
        ),
        (
            "Aggiungi una riga al foglio 'Auto': benzina, 300000",
            "sheets_append",
            {"spreadsheet": "Auto", "values": ["benzina", "300000"]},
        ),
        ("Berapa nomor telepon Bu Sari?", "contacts_search", {"query": "Sari"}),
    ],
)
def test_a_request_of_each_family_becomes_its_call(
    text: str, tool: str, args: dict[str, Any]
) -> None:
    ((name, given_args),) = _calls(_ask(_turn(text)))
    assert name == tool
    assert args.items() <= given_args.items()


@pytest.mark.parametrize(
    "text",
    [
        "Our office moved last year and I still get lost",
        "Can a foreigner open a bakery in Ubud?",
        "Le riunioni lunghe mi annoiano",
        "Kenapa banyak kafe tutup di Canggu?",
        "Is it legal to record a call?",
    ],
)
def test_remarks_and_questions_of_law_call_nothing(text: str) -> None:
    assert not _ask(_turn(text)).tool_calls


@pytest.mark.parametrize(
    ("text", "language"),
    [("Message her", "en"), ("Kirimkan pesan", "id"), ("Annulla la riunione", "it")],
)
def test_one_question_asks_for_all_that_is_missing(text: str, language: str) -> None:
    answer = _ask(_turn(text, language))
    assert not answer.tool_calls
    assert "?" in answer.text or text == "Annulla la riunione"


def test_independent_goals_go_out_together_and_the_recap_last() -> None:
    turn = _turn(
        "Find a hotel in Amed, check my calendar for Friday and mail a recap to a@example.com"
    )
    first = _ask(turn)
    assert [name for name, _ in _calls(first)] == ["maps_places", "calendar_list"]
    places = {"places": [{"name": "Amed Inn", "address": "Jl. Amed 1"}]}
    events = {"events": [{"summary": "Audit", "start": "2026-03-13T10:00:00+08:00"}]}
    ((name, args),) = _calls(_ask(turn, *_results(first, places, events)))
    assert name == "gmail_send"
    assert "Amed Inn" in args["body"]
    assert "Audit" in args["body"]


def test_goals_that_need_nothing_of_each_other_do_not_wait() -> None:
    text = "Check my calendar for Friday and email a@example.com that I am late"
    names = [name for name, _ in _calls(_ask(_turn(text)))]
    assert names == ["calendar_list", "gmail_send"]


def test_everyone_in_a_meeting_is_known_from_the_calendar_but_not_the_user() -> None:
    turn = _turn("Send a reminder to everyone in tomorrow's meeting")
    first = _ask(turn)
    assert [name for name, _ in _calls(first)] == ["calendar_list"]
    event = {
        "summary": "Review",
        "start": "2026-03-11T10:00:00+08:00",
        "attendees": ["nina@example.com", "ayu@example.com"],
    }
    ((name, args),) = _calls(_ask(turn, *_results(first, {"events": [event]})))
    assert name == "gmail_send"
    assert args["to"] == ["nina@example.com"]


def test_a_person_without_an_address_is_looked_up_first() -> None:
    turn = _turn("Email Rosa that the visa is ready")
    first = _ask(turn)
    assert _calls(first) == [("contacts_search", {"query": "Rosa"})]
    found = {"contacts": [{"name": "Rosa", "email": "rosa@example.com"}]}
    ((name, args),) = _calls(_ask(turn, *_results(first, found)))
    assert (name, args["to"], args["body"]) == (
        "gmail_send",
        ["rosa@example.com"],
        "the visa is ready",
    )


def test_nobody_is_written_to_when_the_look_up_failed() -> None:
    turn = _turn("Check my calendar for Friday and send the list to a@example.com")
    first = _ask(turn)
    answer = _ask(turn, *_results(first, {"error": "no access"}, status="error"))
    assert not answer.tool_calls
    assert "no access" in answer.text


def test_a_condition_holds_back_what_depends_on_it() -> None:
    turn = _turn("Am I free on Friday at 10? If so, book a call with Rosa at 10")
    first = _ask(turn)
    assert [name for name, _ in _calls(first)] == ["calendar_freebusy"]
    assert not _ask(turn, *_results(first, {"free": False, "busy": []})).tool_calls
    ((name, args),) = _calls(_ask(turn, *_results(first, {"free": True, "busy": []})))
    assert (name, args["start"]) == ("calendar_create", "2026-03-13T10:00:00+08:00")


@pytest.mark.parametrize(
    ("text", "start", "summary"),
    [
        ("same time, but with Made", "2026-03-11T15:00:00+08:00", "call with Made"),
        ("and on Friday too", "2026-03-13T15:00:00+08:00", "call with Paul"),
    ],
)
def test_a_follow_up_changes_the_call_before(text: str, start: str, summary: str) -> None:
    asked = _turn("Book a call with Paul tomorrow at 3pm")
    done = _ask(asked)
    history = [asked, *_results(done, {"created": {}}), AIMessage("Created.")]
    ((name, args),) = _calls(_ask(*history, _turn(text)))
    assert (name, args["start"], args["summary"]) == ("calendar_create", start, summary)


@pytest.mark.parametrize(
    ("text", "language"),
    [("Create an invoice for Rosa, 2500000", "en"), ("Buat faktur untuk Rosa, 2500000", "id")],
)
def test_a_strange_tool_is_filled_by_the_types_of_its_schema(text: str, language: str) -> None:
    schema = {
        "name": "invoice_create",
        "description": "Create an invoice for a customer.",
        "parameters": {
            "type": "object",
            "properties": {"customer": {"type": "string"}, "amount": {"type": "integer"}},
            "required": ["customer", "amount"],
        },
    }
    tools = [*_TOOLS, {"type": "function", "function": schema}]
    ((name, args),) = _calls(_ask(_turn(text, language), tools=tools))
    assert (name, args) == ("invoice_create", {"customer": "Rosa", "amount": 2500000})


_VOCABULARY = """send mail to a@example.com that jam 3 besok sposta la riunione con Rosa at from Ubud a
cari : , ? and lalu 'x' A1:B2 #ops +62811222333 reply dille che same not"""
_WORDS = st.lists(st.sampled_from(_VOCABULARY.split()), max_size=12).map(" ".join)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["events", "messages", "id", "start", "to", "free", "busy", "x"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@settings(max_examples=80, deadline=None)
@given(_WORDS, st.lists(_JSON, min_size=20, max_size=20))
def test_any_words_and_any_results_end_in_an_answer(text: str, data: list[Any]) -> None:
    messages: list[BaseMessage] = [_turn(text)]
    for _ in range(8):
        answer = _ask(*messages)
        if not answer.tool_calls:
            break
        messages += _results(answer, *data[: len(answer.tool_calls)])
    assert not answer.tool_calls
    assert answer.text


@settings(max_examples=40, deadline=None)
@given(
    st.text("abc_", min_size=1, max_size=12),
    st.dictionaries(
        st.text("abcdate_", min_size=1, max_size=8),
        st.sampled_from(
            [
                {},
                {"type": "integer"},
                {"type": "boolean"},
                {"type": "object"},
                {"type": "string", "format": "date"},
                {"enum": [1, "a", None]},
                {"anyOf": [{"type": "null"}]},
            ]
        ),
        max_size=4,
    ),
    _WORDS,
)
def test_any_schema_can_be_bound(name: str, properties: dict[str, Any], text: str) -> None:
    parameters = {"type": "object", "properties": properties, "required": list(properties)}
    tool = {"name": name, "description": "send abc", "parameters": parameters}
    answer = _ask(_turn(text), tools=[{"type": "function", "function": tool}])
    assert answer.text or answer.tool_calls

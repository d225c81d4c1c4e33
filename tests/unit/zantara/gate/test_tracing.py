"""Where each argument came from: whole values, normalised, the least trusted one told."""

import json
from typing import Any

import pytest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from zantara.gate.kinds import Kind
from zantara.gate.provenance import Origin, Provenance
from zantara.gate.tracing import Conversation, origins_of, trace
from zantara.gate.values import Known

_NOW = "2026-03-10T09:00:00+08:00"


def _said(text: str) -> HumanMessage:
    return HumanMessage(text, id="h", additional_kwargs={"at": _NOW})


def _result(data: dict[str, Any], **provenance: Provenance) -> ToolMessage:
    classes = {name or "": str(p) for name, p in provenance.items()}
    classes.setdefault("", str(classes.pop("default", Provenance.SYSTEM)))
    return ToolMessage(
        json.dumps(data), id="t", tool_call_id="c", name="tool", artifact={"provenance": classes}
    )


def _origin(value: Any, talk: Conversation, kind: Kind = Kind.TEXT) -> Origin:
    return origins_of(trace({"x": value}, {"x": kind}, talk))["x"]


def _class(window: list[BaseMessage], value: Any) -> str:
    return _origin(value, Conversation(window))["provenance"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("write to Maria@Example.com please", "maria@example.com"),
        ("call +62 812-3456-7890", "081234567890"),
        ("see you tomorrow at 3pm", "2026-03-11T15:00:00+08:00"),
        ("see you tomorrow at 3pm", "2026-03-11T07:00:00+00:00"),
        ("besok ya", "2026-03-11"),
        ("it costs 20 juta", "20,000,000"),
        ("name it 'Quarterly report'", "Quarterly report"),
        ("say that the papers are ready", "the papers are ready"),
        ("the quote is valid until 20 March", "the quote is valid until 20 March"),
        ("answer Victor's mail", "Victor"),
    ],
)
def test_the_users_own_values_are_theirs_however_written(text: str, value: str) -> None:
    assert _class([_said(text)], value) == "user"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("we meet on June 13", "13"),
        ("write to maria@example.com", "maria@example.com.evil.net"),
        ("write to annamaria@example.com", "maria@example.com"),
        ("it costs 20 juta", "20"),
        ("see you tomorrow at 3pm", "2026-03-12T15:00:00+08:00"),
        ("the contract", "tract"),
    ],
)
def test_a_part_of_a_value_is_not_the_value(text: str, value: str) -> None:
    assert _class([_said(text)], value) == "derived"


def test_a_result_gives_each_value_its_own_class() -> None:
    window = [
        _said("read it"),
        _result(
            {"id": "m1", "from": "thief@example.net"},
            default=Provenance.OUTSIDE,
            id=Provenance.SYSTEM,
        ),
    ]
    assert _class(window, "m1") == "system"
    assert _class(window, "thief@example.net") == "outside"


def test_what_the_user_says_wins_over_the_same_value_from_outside() -> None:
    window = [
        _result({"from": "paul@example.com"}, default=Provenance.OUTSIDE),
        _said("answer paul@example.com"),
    ]
    assert _class(window, "paul@example.com") == "user"


def test_of_several_values_the_least_trusted_is_told() -> None:
    window = [
        _said("write to maria@example.com"),
        _result({"from": "thief@example.net"}, default=Provenance.OUTSIDE),
    ]
    assert _class(window, ["maria@example.com", "thief@example.net"]) == "outside"


@pytest.mark.parametrize(
    ("provenance", "inherits"),
    [(Provenance.OUTSIDE, "outside"), (Provenance.OWN, "own"), (Provenance.SYSTEM, "user")],
)
def test_model_text_inherits_the_lowest_trust_of_its_prompt(
    provenance: Provenance, inherits: str
) -> None:
    window = [_said("summarise it"), _result({"text": "long text"}, default=provenance)]
    origin = _origin("In short: all is well.", Conversation(window))
    assert (origin["provenance"], origin["inherits"]) == ("derived", inherits)


def test_what_the_model_said_before_is_nobodys_value() -> None:
    window = [_said("hello"), AIMessage("Write to thief@example.net", id="a")]
    assert _class(window, "thief@example.net") == "derived"


def test_the_transcript_speaks_for_values_that_left_the_window() -> None:
    known = Known("maria@example.com", Provenance.USER, "your words", "h0")
    origin = _origin("Maria@example.com", Conversation([], earlier=[known]), Kind.RECIPIENT)
    assert origin["provenance"] == "user"

"""Decisions: LangChain's shape, and a clear word on everything else."""

from typing import Any

import pytest

from zantara.gate.approval import DecisionError, parse_decisions, question
from zantara.state import CallRecord

_CALL: CallRecord = {
    "call_id": "c1",
    "tool": "gmail_send",
    "args": {"to": ["maria@example.com"]},
    "status": "proposed",
    "provenance": {"to": {"provenance": "user", "source": "your words"}},
}


def test_the_question_has_langchains_shape_and_says_whence_each_value_came() -> None:
    asked = question([_CALL], {"gmail_send": "Send a mail."})
    (request,) = asked["action_requests"]
    assert {"name", "args", "description"} <= set(request)
    assert request["call_id"] == "c1"
    assert request["provenance"]["to"]["provenance"] == "user"
    (config,) = asked["review_configs"]
    assert config["allowed_decisions"] == ["approve", "edit", "reject", "respond"]


def test_each_kind_is_read() -> None:
    edit = {"type": "edit", "edited_action": {"name": "gmail_send", "args": {"to": []}}}
    given = [
        {"type": "approve"},
        {"type": "reject", "message": "no"},
        {"type": "respond", "message": "I did it"},
        edit,
    ]
    kinds = [one.kind for one in parse_decisions({"decisions": given}, [_CALL] * 4)]
    assert kinds == ["approve", "reject", "respond", "edit"]


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        (None, "resume"),
        ("yes", "resume"),
        ({"decisions": "approve"}, "resume"),
        ({"decisions": []}, "1 wanted"),
        ({"decisions": [{"type": "approve"}] * 2}, "2 given"),
        ({"decisions": [{"type": "maybe"}]}, "decisions[0].type: 'maybe'"),
        ({"decisions": ["approve"]}, "decisions[0].type"),
        ({"decisions": [{"type": "respond", "message": " "}]}, "message"),
        ({"decisions": [{"type": "reject", "message": 5}]}, "message"),
        ({"decisions": [{"type": "edit"}]}, "edited_action"),
        ({"decisions": [{"type": "edit", "edited_action": {"args": []}}]}, "edited_action"),
        (
            {"decisions": [{"type": "edit", "edited_action": {"name": "other", "args": {}}}]},
            "edited_action.name",
        ),
    ],
)
def test_an_answer_that_cannot_be_used_is_named(answer: Any, named: str) -> None:
    with pytest.raises(DecisionError) as caught:
        parse_decisions(answer, [_CALL])
    assert named in str(caught.value)
    assert "accepted" in str(caught.value) or "wanted" in str(caught.value)

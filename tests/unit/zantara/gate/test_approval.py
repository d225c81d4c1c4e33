"""Decisions: LangChain's shape, and a clear word on everything else."""

from typing import Any

import pytest

from tools import BY_NAME
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
    args = {"to": ["budi@example.com"], "subject": "Visa", "body": "It is ready."}
    edit = {"type": "edit", "edited_action": {"name": "gmail_send", "args": args}}
    given = [
        {"type": "approve"},
        {"type": "reject", "message": "no"},
        {"type": "respond", "message": "I did it"},
        edit,
    ]
    kinds = [one.kind for one in parse_decisions({"decisions": given}, [_CALL] * 4)]
    assert kinds == ["approve", "reject", "respond", "edit"]


def test_an_edit_is_told_all_that_is_wrong_with_it() -> None:
    args = {"attendes": ["a@b.example"], "start": "some day", "attendees": [7], "end": 2.5}
    edit = {"type": "edit", "edited_action": {"name": "calendar_create", "args": args}}
    with pytest.raises(DecisionError) as caught:
        parse_decisions({"decisions": [edit]}, [{"tool": BY_NAME["calendar_create"].name}])
    head, *problems = str(caught.value).split("\n  ")
    assert head == "edit of calendar_create refused; the action waits as it was:"
    moment = "accepted: a date and time such as 2026-01-31T10:00:00+08:00"
    assert problems == [
        "attendes: no such argument; did you mean attendees? accepted: summary, start, end, location,"
        " attendees, description",
        "summary: missing",
        f"start: 'some day'; {moment}",
        "attendees.0: 7; accepted: text",
    ]


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

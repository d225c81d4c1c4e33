"""What a typed line decides, and how an edit by fields reads."""

import io
from pathlib import Path

import pytest

from tools import BY_NAME
from zantara.cli._approve import changed_args
from zantara.cli._decide import ask_decisions, read_decision
from zantara.cli._lines import Lines
from zantara.turn import Pending

ARGS = {"to": ["maria@example.com"], "subject": "Visa", "minutes": 30, "location": "Office"}
ONE = Pending("i1", "call_1", "some_tool", ARGS, {})


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Lines:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO()))
    return Lines(tmp_path)


def typed(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


@pytest.mark.parametrize(
    ("line", "kind", "message"),
    [
        ("a", "approve", None),
        (" Approve ", "approve", None),
        ("r too early", "reject", "too early"),
        ("reject", "reject", ""),
        ("a later mail would be better", "respond", "a later mail would be better"),
        ("approve it only if Maria agrees", "respond", "approve it only if Maria agrees"),
    ],
)
def test_only_a_plain_yes_approves(line: str, kind: str, message: str | None) -> None:
    decision = read_decision(line)
    assert decision["type"] == kind
    assert decision.get("message") == message


def test_an_edit_by_fields_keeps_what_is_left_empty(
    monkeypatch: pytest.MonkeyPatch, lines: Lines
) -> None:
    typed(monkeypatch, "e\na@example.com, b@example.com\n\n45\n-\n")
    assert ask_decisions([ONE], lines) == {
        "i1": {
            "decisions": [
                {
                    "type": "edit",
                    "edited_action": {
                        "name": "some_tool",
                        "args": {
                            "to": ["a@example.com", "b@example.com"],
                            "subject": "Visa",
                            "minutes": 45,
                        },
                    },
                }
            ]
        }
    }


def test_an_edit_that_does_not_fit_is_told_and_asked_again(
    monkeypatch: pytest.MonkeyPatch, lines: Lines, capsys: pytest.CaptureFixture[str]
) -> None:
    assert BY_NAME
    event = {"summary": "Talk", "start": "2026-03-18T10:00:00+08:00"}
    one = Pending("i1", "call_1", "calendar_create", event, {})
    typed(monkeypatch, "e\n\nsome day\na\n")
    assert ask_decisions([one], lines) == {"i1": {"decisions": [{"type": "approve"}]}}
    assert "start: 'some day'; accepted: a date and time such as 20" in capsys.readouterr().out


def test_an_empty_line_decides_nothing_and_the_end_of_input_leaves_it_waiting(
    monkeypatch: pytest.MonkeyPatch, lines: Lines
) -> None:
    typed(monkeypatch, "\n\n")
    assert ask_decisions([ONE], lines) is None


def test_two_actions_of_one_question_get_their_decisions_in_order(
    monkeypatch: pytest.MonkeyPatch, lines: Lines
) -> None:
    typed(monkeypatch, "a\nr\nnot this one\n")
    two = [ONE, Pending("i1", "call_2", "some_tool", ARGS, {})]
    assert ask_decisions(two, lines) == {
        "i1": {"decisions": [{"type": "approve"}, {"type": "reject", "message": "not this one"}]}
    }


def test_null_takes_an_argument_away() -> None:
    assert changed_args({"a": 1, "b": 2}, {"b": None, "c": 3}) == {"a": 1, "c": 3}

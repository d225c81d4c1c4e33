"""The demo is worth something only if it fails when a promise is broken."""

from dataclasses import replace
from typing import Any

import pytest

from zantara.cli._expect import Mail, Outcome, check_turn
from zantara.turn import Pending, Turn

MAIL = Mail("m1", "giulia@example.com", "Tomorrow", "Call at 10:00")
PENDING = Pending("i", "call_1", "gmail_send", {}, {})
CALL = {"call_id": "call_0", "tool": "calendar_list", "args": {}, "status": "done"}
TURN = Turn("Sent.", "en", [], [CALL], [], "t", "hybrid", "embedded", {}, "0", 1.0)
GOOD = Outcome(replace(TURN, pending=[PENDING]), TURN, [], [], [MAIL])
SPEC = {
    "language": "en",
    "expect": {
        "reads": ["calendar_list"],
        "mail": {"to": "giulia@example.com", "holds": ["10:00"]},
    },
}


def failed(outcome: Outcome, spec: dict[str, Any] | None = None) -> list[str]:
    return [text for held, text in check_turn(spec or SPEC, outcome) if not held]


def test_what_was_promised_holds() -> None:
    assert failed(GOOD) == []


@pytest.mark.parametrize(
    ("outcome", "broken"),
    [
        (replace(GOOD, untouched=[MAIL]), "the mailbox was untouched before approval"),
        (replace(GOOD, after=[MAIL, replace(MAIL, id="m2")]), "exactly one mail was sent"),
        (replace(GOOD, after=[]), "exactly one mail was sent"),
        (replace(GOOD, first=TURN), "one mail waited for approval"),
        (replace(GOOD, after=[replace(MAIL, to="eve@example.com")]), "it went to giulia"),
        (replace(GOOD, after=[replace(MAIL, body="Call at 11")]), "it says '10:00'"),
        (replace(GOOD, last=replace(TURN, calls=[])), "calendar_list was looked up"),
        (replace(GOOD, last=replace(TURN, language="it")), "answered in en"),
        (replace(GOOD, last=replace(TURN, answer="")), "answered, nothing waits"),
    ],
)
def test_a_broken_promise_is_found(outcome: Outcome, broken: str) -> None:
    assert [text for text in failed(outcome) if text.startswith(broken)]


def test_a_greeting_of_two_sentences_or_with_a_mail_is_found() -> None:
    spec = {"language": "en", "expect": {"sources": 0, "sentences": 1, "calls": 0}}
    turn = replace(TURN, answer="Hello! How are you?", calls=[])
    assert failed(Outcome(turn, turn, [], [], [MAIL]), spec) == ["1 sentence", "no mail was sent"]
    calm = replace(turn, answer="Hello, how can I help you?")
    assert failed(Outcome(calm, calm, [], [], []), spec) == []

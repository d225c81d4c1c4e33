"""A person decides on what is printed: what is done, to whom, from where each value came."""

from dataclasses import replace
from typing import Any

import click
import pytest

from zantara.cli._show import how_to_decide, origin_text, turn_lines
from zantara.turn import Pending, Turn

MAIL = Pending(
    interrupt_id="i1",
    call_id="call_1",
    tool="gmail_send",
    args={"to": ["maria@example.com", "b@example.com"], "body": "one\ntwo\x1b[2J"},
    provenance={
        "to": {"provenance": "outside", "source": "result of gmail_read"},
        "body": {"provenance": "derived", "inherits": "outside", "source": "written by the model"},
    },
    description="Send a mail.",
)
TURN = Turn(
    answer="It costs 17,000,000 IDR [1]",
    language="en",
    citations=[
        {"mark": 1, "id": "p", "title": "Price", "source": "List", "effective_date": "2025-01-01"}
    ],
    calls=[],
    pending=[],
    thread_id="t 1",
    architecture="hybrid",
    model="scripted",
    usage={},
    cost_usd="0",
    latency_ms=1,
)


def shown(turn: Turn, **options: Any) -> str:
    return click.unstyle("\n".join(turn_lines(turn, **options)))


def test_an_answer_names_its_sources() -> None:
    assert shown(TURN) == ("It costs 17,000,000 IDR [1]\n\nSources\n  [1] Price. List, 2025-01-01")


def test_an_action_shows_every_recipient_every_line_and_each_origin() -> None:
    text = shown(replace(TURN, answer="", citations=[], pending=[MAIL]))
    assert "gmail_send  Send a mail." in text
    assert "to\n      │ maria@example.com, b@example.com" in text
    assert "from OUTSIDE (result of gmail_read): somebody else wrote it, check it" in text
    assert "one\n" in text
    assert "two\\x1b[2J" in text
    assert "\x1b" not in text


def test_what_was_worked_out_says_how() -> None:
    event = Pending(
        "i1", "call_1", "calendar_create",
        args={"start": "2026-03-18T10:00:00+08:00"},
        provenance={
            "start": {"provenance": "user", "source": "your words"},
            "end": {"provenance": "system", "source": "an hour after the start"},
        },
        preview={"start": "2026-03-18T10:00:00+08:00", "end": "2026-03-18T11:00:00+08:00"},
    )  # fmt: skip
    lines = shown(replace(TURN, pending=[event])).split("\n")
    end = next(n for n, line in enumerate(lines) if line.split()[:1] == ["end"])
    assert "11:00" in lines[end]
    assert lines[end + 1].strip() == "from ZANTARA (an hour after the start)"


def test_the_command_that_approves_can_be_pasted() -> None:
    lines = how_to_decide("t 1", [MAIL, replace(MAIL, call_id="call_2")], as_name="bo b")
    assert "  zantara approve 't 1' --approve --as 'bo b'" in lines
    assert "  zantara approve 't 1' --call call_2 --approve --as 'bo b'" in lines


@pytest.mark.parametrize("status", ["unknown", "failed", "rejected", "done"])
def test_a_call_that_has_ended_says_how(status: str) -> None:
    call = {"call_id": "c", "tool": "gmail_send", "args": {}, "status": status, "provenance": {}}
    text = shown(replace(TURN, calls=[call]))
    assert ("not done" in text) == (status in ("failed", "rejected"))
    assert ("it may have been done" in text) == (status == "unknown")


@pytest.mark.parametrize(
    ("origin", "warned"),
    [
        ({"provenance": "user", "source": "your words"}, False),
        ({"provenance": "own", "source": "result of calendar_list"}, False),
        ({"provenance": "derived", "inherits": "own", "source": ""}, False),
        ({"provenance": "derived", "inherits": "outside", "source": ""}, True),
        ({"provenance": "outside", "source": "result of gmail_read"}, True),
        (None, True),
    ],
)
def test_what_is_not_yours_asks_to_be_checked(origin: dict[str, str] | None, warned: bool) -> None:
    assert ("check it" in origin_text(origin)) == warned

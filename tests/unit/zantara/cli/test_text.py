"""What others wrote must not steer the terminal, and people's scripts must stay readable."""

import pytest

from zantara.cli._ask import message
from zantara.cli._text import given, safe
from zantara.runner import BadRequestError
from zantara.state import LONGEST_MESSAGE


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b]0;title\x07", "\\x1b[31mred\\x1b]0;title\\x07"),
        ("to\u202emoc.live\u202c", "to\\u202emoc.live\\u202c"),
        ("a\u200bb@example.com", "a\\u200bb@example.com"),
        ("\x9b2J", "\\x9b2J"),
        ("carriage\rreturn", "carriage\\rreturn"),
        ("half \ud800", "half \\ud800"),
    ],
)
def test_what_would_move_or_hide_text_is_spelled_out(text: str, shown: str) -> None:
    assert safe(text) == shown


@pytest.mark.parametrize("text", ["שלום עולם", "مرحبا", "Perché?\n\tSì", "👩‍👩‍👧 ok", "नमस्ते"])
def test_peoples_scripts_are_untouched(text: str) -> None:
    assert safe(text) == text


def test_an_argument_that_is_not_utf8_still_arrives() -> None:
    assert given("caf\udce9") == "caf\ufffd"


@pytest.mark.parametrize("text", ["", "  \n", "\x00\x07", "\u202e\u200b"])
def test_a_message_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(BadRequestError, match="text: empty; accepted: 1 to 100,000"):
        message(text)


def test_a_message_that_is_too_long_is_refused_with_the_limit() -> None:
    with pytest.raises(BadRequestError, match="text: 100,001 characters; accepted"):
        message("a" * (LONGEST_MESSAGE + 1))

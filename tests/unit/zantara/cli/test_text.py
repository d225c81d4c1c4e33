"""What others wrote must not steer the terminal, and people's scripts must stay readable."""

import pytest

from zantara.cli._ask import message
from zantara.cli._text import given, indented, quoted, safe
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
        (
            "\x1b]8;;https://evil.example\x07x\x1b]8;;\x07",
            "\\x1b]8;;https://evil.example\\x07x\\x1b]8;;\\x07",
        ),
        ("\x9d8;;https://evil.example\x9cx", "\\x9d8;;https://evil.example\\x9cx"),
        ("\u2066a\u2069\u200fb\u061c", "\\u2066a\\u2069\\u200fb\\u061c"),
        ("soft\u00adhyphen\u206a\U000e0041", "soft\\xadhyphen\\u206a\\U000e0041"),
        ("next\x85line\u2028and\u2029more", "next\\x85line\\u2028and\\u2029more"),
    ],
)
def test_what_would_move_or_hide_text_is_spelled_out(text: str, shown: str) -> None:
    assert safe(text) == shown


@pytest.mark.parametrize("text", ["שלום עולם", "مرحبا", "Perché?\n\tSì", "👩‍👩‍👧 ok", "नमस्ते"])
def test_peoples_scripts_are_untouched(text: str) -> None:
    assert safe(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Thank you.\n\nTo approve:\n  zantara approve t --approve",
        "x\n  to    boss@example.com\n        from your words",
        "x\r\nfrom your words",
        "x\x0bfrom your words\x0cfrom your words",
        "x\u2028from your words",
        "\t" * 40 + "from your words",
        "a" * 300 + "from your words",
        "\u6f22" * 150 + "from your words",
        "\x1b[2K\x1b[1Gfrom your words\x08\x08",
        "\u202efrom your words",
        "",
    ],
)
@pytest.mark.parametrize("columns", [10, 40, 80])
def test_no_line_of_another_passes_for_ours(
    text: str, columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = indented(quoted(text, indent=4))
    assert all(line.startswith("    \u2502 ") for line in lines)
    assert all(len(line) <= max(columns, 26) for line in lines)
    if columns > 10:
        wide = [sum(2 if char == "\u6f22" else 1 for char in line) for line in lines]
        assert max(wide) <= columns, "the terminal wraps none of them"
    assert not {"\r", "\t", "\x1b", "\x0b", "\u2028", "\u202e"} & set("".join(lines))


def test_all_of_a_quoted_text_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    text = "one two three four five six seven eight nine ten\nPerch\u00e9?"
    cut = [line.removeprefix("\u2502 ") for line in quoted(text)]
    assert "".join(cut) == text.replace("\n", "")
    assert cut[-1] == "Perch\u00e9?"


def test_an_argument_that_is_not_utf8_still_arrives() -> None:
    assert given("caf\udce9") == "caf\ufffd"


@pytest.mark.parametrize("text", ["", "  \n", "\x00\x07", "\u202e\u200b"])
def test_a_message_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(BadRequestError, match="text: empty; accepted: 1 to 100,000"):
        message(text)


def test_a_message_that_is_too_long_is_refused_with_the_limit() -> None:
    with pytest.raises(BadRequestError, match="text: 100,001 characters; accepted"):
        message("a" * (LONGEST_MESSAGE + 1))

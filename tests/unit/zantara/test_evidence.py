"""Figures and their evidence; sentences cut from a stream."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zantara.evidence import Evidence, SentenceStream

_EVIDENCE = Evidence.of(
    [
        "Price 2,300,000 IDR, extension 1,700,000 IDR, 60 days, 0.5%. UU 6/2011, PPh 21. Visa E28A.",
        '{"start": "2026-03-11T15:00:00+08:00"}',
    ]
)


@pytest.mark.parametrize(
    "sentence",
    [
        "It costs IDR 2.300.000.",
        "Rp 2,3 juta",
        "2.3 million",
        "valid for 60 days",
        "0,5%",
        "UU No. 6 Tahun 2011",
        "PPh21",
        "the E28A",
        "on 11 March 2026 at 15:00",
        "at 3 pm",
        "2,300,000 + 1,700,000 = 4,000,000",
        "See [2] and https://example.com/99",
        "no figure at all",
    ],
)
def test_supported(sentence: str) -> None:
    assert _EVIDENCE.unsupported(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "missing"),
    [
        ("It costs 2,400,000 IDR.", "2,400,000 IDR"),
        ("5%", "5%"),
        ("23 million", "23 million"),
        ("61 days", "61 days"),
        ("PP 5/2021", "PP 5/2021"),
        ("the E29", "E29"),
        ("PPh 23", "PPh 23"),
        ("4,000,000 in all", "4,000,000 in"),
    ],
)
def test_unsupported(sentence: str, missing: str) -> None:
    assert _EVIDENCE.unsupported(sentence) == [missing]


@given(st.text(max_size=200))
def test_any_text_can_be_checked(text: str) -> None:
    assert isinstance(_EVIDENCE.unsupported(text), list)


@given(st.text(alphabet="ab. !?\n[1]Rp3,", max_size=80), st.lists(st.integers(1, 9), max_size=40))
def test_cutting_loses_nothing_however_the_text_arrives(text: str, sizes: list[int]) -> None:
    stream, pieces, rest = SentenceStream(), [], text
    for size in sizes:
        pieces += stream.feed(rest[:size])
        rest = rest[size:]
    pieces += stream.feed(rest)
    assert "".join(pieces + stream.rest()) == text


def test_marks_and_abbreviations_stay_with_their_sentence() -> None:
    cut = SentenceStream.split("It is Rp. 2.300.000 [1]. See art. 5! Done.")
    assert [sentence.strip() for sentence in cut] == [
        "It is Rp. 2.300.000 [1].",
        "See art. 5!",
        "Done.",
    ]

"""Language, courtesy and numbers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zantara.language import detect, is_small_talk, normalise, read_numbers


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("How much is the investor permit?", "en"),
        ("Berapa lama prosesnya?", "id"),
        ("Quanto dura il permesso?", "it"),
        ("besok", "id"),
        ("domani", "it"),
        ("meeting besok jam 3 sama pak Budi", "id"),
        ("Fissa un meeting con il team", "it"),
        ('Translate "buongiorno a tutti" please', "en"),
    ],
)
def test_the_language_is_told_from_short_and_mixed_texts(text: str, language: str) -> None:
    assert detect(text) == language


@pytest.mark.parametrize("language", ["en", "id", "it"])
def test_a_text_that_tells_nothing_has_the_default(language: str) -> None:
    assert detect("KBLI 56101", language) == language


@pytest.mark.parametrize(
    "text",
    ["Hi!", "Good morning, Zantara", "Makasih banyak ya", "Ciao, come stai?", "Grazie mille!"],
)
def test_courtesy_alone_is_small_talk(text: str) -> None:
    assert is_small_talk(text)


@pytest.mark.parametrize(
    "text",
    ["", "?!", "Hi, how much is the C1?", "Halo, jadwal saya besok?", "Ciao, cosa costa il visto?"],
)
def test_a_question_beside_a_greeting_is_no_small_talk(text: str) -> None:
    assert not is_small_talk(text)


def test_numbers_are_read_by_value() -> None:
    assert read_numbers("20 juta or 2.5 million") == [Decimal(20_000_000), Decimal(2_500_000)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("20 juta", "20,000,000"),
        ("Rp 2.300.000", "2,300,000 IDR"),
        ("Ayu@Example.com", "ayu@example.com"),
        ("0812-3456-7890", "+62 812 3456 7890"),
        ("2026-03-10T09:00:00+08:00", "2026-03-10T01:00:00Z"),
        ("Via  Roma", "via roma"),
    ],
)
def test_two_ways_to_write_a_value_have_one_form(first: str, second: str) -> None:
    assert normalise(first) == normalise(second)


@given(st.text(max_size=60))
def test_any_text_has_a_language_and_a_form(text: str) -> None:
    assert detect(text) in ("en", "id", "it")
    assert normalise(text) == normalise(text)
    assert is_small_talk(text) in (True, False)
    assert all(number >= 0 for number in read_numbers(text))

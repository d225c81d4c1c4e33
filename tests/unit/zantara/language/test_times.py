"""Everyday times in English, Indonesian and Italian, said on Tuesday 10 March 2026 at nine."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zantara.language import TimeSpan, read_times

_NOW = datetime(2026, 3, 10, 9, 0, tzinfo=ZoneInfo("Asia/Makassar"))


def _one(text: str, language: str = "") -> TimeSpan:
    (span,) = read_times(text, now=_NOW, language=language)
    return span


def _day(text: str) -> tuple[str, str]:
    span = _one(text)
    assert not span.has_clock
    return f"{span.start:%m-%d %H:%M}", f"{span.end:%m-%d %H:%M}"


def _clock(text: str) -> str:
    span = _one(text)
    assert span.has_clock
    return f"{span.start:%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("what is there tomorrow", "03-11 00:00", "03-12 00:00"),
        ("jadwal lusa", "03-12 00:00", "03-13 00:00"),
        ("gli impegni di dopodomani", "03-12 00:00", "03-13 00:00"),
        ("from 1 to 3 April", "04-01 00:00", "04-04 00:00"),
        ("dal 3 al 5 giugno", "06-03 00:00", "06-06 00:00"),
        ("tanggal 10 sampai 12 April", "04-10 00:00", "04-13 00:00"),
        ("from Monday to Wednesday", "03-16 00:00", "03-19 00:00"),
        ("minggu depan", "03-16 00:00", "03-23 00:00"),
        ("la settimana prossima", "03-16 00:00", "03-23 00:00"),
        ("next weekend", "03-21 00:00", "03-23 00:00"),
        ("akhir bulan", "03-31 00:00", "04-01 00:00"),
        ("by the end of month", "03-31 00:00", "04-01 00:00"),
        ("entro fine mese", "03-31 00:00", "04-01 00:00"),
        ("il 17 di questo mese", "03-17 00:00", "03-18 00:00"),
        ("rapat tgl 11", "03-11 00:00", "03-12 00:00"),
        ("on the 5th of next month", "04-05 00:00", "04-06 00:00"),
        ("besok pagi", "03-11 06:00", "03-11 12:00"),
        ("tomorrow afternoon", "03-11 12:00", "03-11 18:00"),
        ("mails since 15 February", "02-15 00:00", "02-16 00:00"),
        ("email sejak 1 Maret", "03-01 00:00", "03-02 00:00"),
        ("la posta dal 15 febbraio", "02-15 00:00", "02-16 00:00"),
        ("three days ago", "03-07 00:00", "03-08 00:00"),
        ("in two weeks", "03-24 00:00", "03-25 00:00"),
    ],
)
def test_days_run_from_midnight_to_midnight(text: str, start: str, end: str) -> None:
    assert _day(text) == (start, end)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("besok jam 3 sore", "03-11 15:00"),
        ("rapat jam 3", "03-10 15:00"),
        ("Kamis jam setengah empat", "03-12 15:30"),
        ("giovedì prossimo alle 15", "03-12 15:00"),
        ("domani alle quattro meno un quarto", "03-11 15:45"),
        ("venerdì a mezzogiorno", "03-13 12:00"),
        ("tomorrow at half past two", "03-11 14:30"),
        ("quarter to five on Monday", "03-16 16:45"),
        ("dinner tomorrow at 8", "03-11 20:00"),
        ("stasera alle 8", "03-10 20:00"),
        ("the 17th at 4", "03-17 16:00"),
        ("Senin minggu depan jam 10", "03-16 10:00"),
        ("2026-04-02 at 14:00", "04-02 14:00"),
        ("in half an hour", "03-10 09:30"),
        ("at 8", "03-11 08:00"),
    ],
)
def test_clocks_are_read_as_people_mean_them(text: str, start: str) -> None:
    assert _clock(text) == start


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("tomorrow at 10am for two hours", "03-11 12:00"),
        ("domani alle 9 per un'ora e mezza", "03-11 10:30"),
        ("besok jam 9 selama 90 menit", "03-11 10:30"),
        ("Friday from 2 to 4 pm", "03-13 16:00"),
        ("domattina dalle 8 alle 10", "03-11 10:00"),
        ("nanti malam jam 7 sampai 9", "03-10 21:00"),
    ],
)
def test_an_end_or_a_length_is_read_too(text: str, end: str) -> None:
    span = _one(text)
    assert span.has_end
    assert f"{span.end:%m-%d %H:%M}" == end


@pytest.mark.parametrize(
    "text",
    [
        "bengkel motor 24 jam",
        "le 3 opzioni per 2 persone",
        "KBLI 56101 and E28A cost 17,000,000",
        "il 31 febbraio",
        "two tickets at 5 Jalan Raya",
        "may I ask something",
    ],
)
def test_figures_that_are_no_times_are_left_alone(text: str) -> None:
    assert read_times(text, now=_NOW) == []


def test_a_move_names_two_times_in_their_order() -> None:
    first, second = read_times("the visit tomorrow at 8:15 moves to Friday", now=_NOW)
    assert (first.start.day, first.has_clock) == (11, True)
    assert (second.start.day, second.has_clock) == (13, False)


def test_the_span_says_which_words_named_it() -> None:
    text = "please come tomorrow at 9 to us"
    span = _one(text)
    assert text[span.begin : span.stop] == span.text == "tomorrow at 9"


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=80)
    | st.lists(
        st.sampled_from(
            [
                "at",
                "jam",
                "alle",
                "3",
                "31",
                "half",
                "past",
                "setengah",
                "di",
                "to",
                "al",
                "dal",
                "Monday",
                "Maret",
                "2026",
                ":",
                ".",
                "/",
                "-",
                "pm",
                "next",
                "depan",
                "minggu",
                "end",
                "of",
                "in",
                "ago",
            ]
        ),
        max_size=9,
    ).map(" ".join)
)
def test_any_text_is_read_the_same_way_twice(text: str) -> None:
    spans = read_times(text, now=_NOW)
    assert spans == read_times(text, now=_NOW)
    assert all(span.start < span.end and span.start.tzinfo for span in spans)

"""Which language, which time, which number: reading people's words in English, Indonesian, Italian.

Grammar is code and common to the three; the words are data, one file a language.
"""

from zantara.language._clause import Clause
from zantara.language._commands import read_clause
from zantara.language._detect import detect, is_small_talk
from zantara.language._lexicon import Token, fold, likeliest, tag
from zantara.language._moments import on_day, which_day, which_end, which_range, which_start
from zantara.language._numbers import normalise, read_numbers
from zantara.language._parts import (
    beside,
    cells,
    folder_name,
    kind_of_place,
    location,
    named_place,
    route_end,
    sheet_name,
    travel_mode,
    whom,
    with_other_name,
)
from zantara.language._splitting import split_clauses
from zantara.language._stems import fitting_sentences, folded_words, plain, stem
from zantara.language._telling import HIDDEN, tell_clock, tell_day, tell_event, tell_thing
from zantara.language._times import TimeSpan, read_times
from zantara.language._topics import body, topic
from zantara.language._words import LANGUAGES

__all__ = [
    "HIDDEN",
    "LANGUAGES",
    "Clause",
    "TimeSpan",
    "Token",
    "beside",
    "body",
    "cells",
    "detect",
    "fitting_sentences",
    "fold",
    "folded_words",
    "folder_name",
    "is_small_talk",
    "kind_of_place",
    "likeliest",
    "location",
    "named_place",
    "normalise",
    "on_day",
    "plain",
    "read_clause",
    "read_numbers",
    "read_times",
    "route_end",
    "sheet_name",
    "split_clauses",
    "stem",
    "tag",
    "tell_clock",
    "tell_day",
    "tell_event",
    "tell_thing",
    "topic",
    "travel_mode",
    "which_day",
    "which_end",
    "which_range",
    "which_start",
    "whom",
    "with_other_name",
]

"""Which language, which time, which number: reading people's words in English, Indonesian, Italian.

Grammar is code and common to the three; the words are data, one file a language.
"""

from zantara.language._clause import Clause, read_clause
from zantara.language._detect import detect, is_small_talk
from zantara.language._lexicon import Token, fold, likeliest, tag
from zantara.language._numbers import normalise, read_numbers
from zantara.language._splitting import split_clauses
from zantara.language._times import TimeSpan, read_times
from zantara.language._words import LANGUAGES

__all__ = [
    "LANGUAGES",
    "Clause",
    "TimeSpan",
    "Token",
    "detect",
    "fold",
    "is_small_talk",
    "likeliest",
    "normalise",
    "read_clause",
    "read_numbers",
    "read_times",
    "split_clauses",
    "tag",
]

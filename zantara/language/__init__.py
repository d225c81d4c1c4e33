"""Which language, which time, which number: reading people's words in English, Indonesian, Italian.

Grammar is code and common to the three; the words are data, one file a language.
"""

from zantara.language._detect import detect, is_small_talk
from zantara.language._numbers import normalise, read_numbers
from zantara.language._times import TimeSpan, read_times

__all__ = ["TimeSpan", "detect", "is_small_talk", "normalise", "read_numbers", "read_times"]

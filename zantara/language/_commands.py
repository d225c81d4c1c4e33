"""A text read as one clause: what is to be said is cut off first, so that it commands nothing."""

import re
from collections.abc import Sequence
from datetime import datetime

from zantara.language._clause import Clause
from zantara.language._lexicon import Token, tag
from zantara.language._times import TimeSpan, read_times

__all__ = ["read_clause"]

_PARTS = (
    ("quoted", re.compile(r"[\"“«][^\"“”«»]+[\"”»]|(?<!\w)['‘][^'‘’\n]+['’](?!\w)")),
    ("address", re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")),
    ("link", re.compile(r"https?://\S+")),
    (
        "file",
        re.compile(
            r"(?<![\w@])[\w-]+(?:\.[\w-]+)*\.(?:docx?|xlsx?|pdf|pptx?|csv|txt|png|jpe?g|zip|odt|md)\b",
            re.I,
        ),
    ),
    ("range", re.compile(r"(?<!\w)(?:[\w ]+!)?[A-Z]{1,3}\d{1,5}\s*:\s*[A-Z]{1,3}\d{1,5}(?!\w)")),
    ("channel", re.compile(r"(?<!\w)#[\w-]+")),
    ("phone", re.compile(r"(?<![\w.,])(?:\+\d[\d ()-]{6,16}\d|0\d[\d -]{6,14}\d)(?![\w])")),
)
_TELLS = ("a.send", "a.tell", "a.reply", "a.save", "a.draft")


def read_clause(text: str, language: str, now: datetime) -> Clause:
    """Read a clause: what it says is cut off first, so that it commands nothing."""
    text = text.strip()
    whole = _whole(text, [])
    tokens = tag(text, language, whole=whole)
    cut, begin = _said(tokens)
    if begin and text[cut] == ":" and _notes(tokens):
        dated = read_times(text[begin:], now=now, language=language)
        if any(span.has_clock for span in dated):
            cut, begin = 0, 0  # "Note: dinner, Saturday at eight" puts down an event
    command, said = (text[:cut], text[begin:].strip(" .\n")) if begin else (text, "")
    spans = tuple(read_times(command, now=now, language=language))
    tokens = tag(command, language, whole=_whole(command, spans))
    asked = text.rstrip().endswith("?") and not said
    return Clause(command, language, tuple(tokens), _unquoted(said), spans, asked)


def _notes(tokens: Sequence[Token]) -> bool:
    return any(one.has("a.save") and one.has("a.create") for one in tokens[:3])


def _unquoted(said: str) -> str:
    return (
        said[1:-1].strip() if len(said) > 2 and said[0] in "\"“'«" and said[-1] in "\"”'»" else said
    )


def _whole(text: str, spans: Sequence[TimeSpan]) -> list[tuple[int, int, str]]:
    found: list[tuple[int, int, str]] = []
    for name, pattern in _PARTS:
        for one in pattern.finditer(text):
            if not any(begin < one.end() and one.start() < stop for begin, stop, _ in found):
                found.append((one.start(), one.end(), name))
    times = [(one.begin, one.stop, "time") for one in spans]
    clear = [one for one in times if not any(b < one[1] and one[0] < s for b, s, _ in found)]
    return found + clear


def _said(tokens: Sequence[Token]) -> tuple[int, int]:
    """(where the command ends, where the words to say begin); (0, 0) when nothing is said."""
    told = next((i for i, one in enumerate(tokens) if one.has(*_TELLS)), None)
    if told is None:
        return 0, 0
    for at, one in enumerate(tokens[told + 1 :], told + 1):
        if at + 1 >= len(tokens):
            break
        if one.has("o.calendar") and not tokens[told].has("a.send", "a.tell"):
            return 0, 0
        apart = tokens[at + 1].begin > one.stop
        to_whom = any(t.has("address") for t in tokens[at + 1 : at + 4])  # "draft: to X, that ..."
        colon = one.text == ":" and apart and not to_whom
        colon = colon or (one.text in "-–—" and apart and _aimed(tokens, told, at))
        weak = one.has("says.weak") and _told_whom(tokens, told, at)
        if colon or (one.has("says") and not one.has("says.weak")) or weak:
            return one.begin, one.stop
    return 0, 0


def _aimed(tokens: Sequence[Token], told: int, at: int) -> bool:
    """Whether a dash follows whom a message is for."""
    receivers = ("address", "phone", "channel", "quoted", "o.team")
    sent = tokens[told].has("a.send", "a.tell") and tokens[at].begin > tokens[at - 1].stop
    return sent and any(one.has(*receivers) for one in tokens[told + 1 : at])


def _told_whom(tokens: Sequence[Token], told: int, at: int) -> bool:
    """Whether a weak word ("to", "di", "se") after a verb of telling and a person begins the words."""
    after = tokens[at + 1]
    whom = any(one.proper or one.has("address", "phone", "o.team") for one in tokens[told + 1 : at])
    free = after.text[0].isalpha() and not (
        after.proper or after.has("article", "address", "time", "phone", "o.team")
    )
    return tokens[told].has("a.tell") and whom and free

"""What an answer does, read from its words: not knowing, referring to the team, asking."""

import re
from functools import cache

from zantara.evals._data import data

__all__ = ["asks", "refers", "unknown"]

_QUESTION = re.compile(r"[^.!?\n]*\?")


def unknown(answer: str) -> bool:
    """Whether it says that something is not known or cannot be had."""
    return bool(_any_of("refusals", "unknown").search(_levelled(answer)))


def refers(answer: str) -> bool:
    """Whether it sends the user to people."""
    return bool(_any_of("refusals", "refer").search(_levelled(answer)))


def asks(answer: str) -> bool:
    """Whether it asks for something that is missing; an offer of help is no such question."""
    text = _levelled(answer)
    if _any_of("asking", "request").search(text):
        return True
    questions = _QUESTION.findall(text)
    wanted, offer = _any_of("asking", "question"), _any_of("asking", "offer")
    return any(wanted.search(one) and not offer.search(one) for one in questions)


@cache
def _any_of(file: str, name: str) -> re.Pattern[str]:
    """The three languages together: an answer in the wrong one still says what it says."""
    return re.compile("|".join(p for patterns in data(file)[name].values() for p in patterns))


def _levelled(text: str) -> str:
    return text.lower().replace("’", "'").replace("*", "")

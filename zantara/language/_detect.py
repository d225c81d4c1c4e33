"""Which language a text is in, and whether it is nothing but courtesy."""

import re
from functools import cache

from zantara.language._words import LANGUAGES, data, tokens, words

_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|(?<!\w)'[^']*'(?!\w)|\S+@\S+|https?://\S+|\w*\d\w*")
_MOST_COURTESY = 14


@cache
def _weights() -> dict[str, dict[str, float]]:
    """Word -> language -> weight; a word of two languages counts half for each."""
    table: dict[str, dict[str, float]] = {}
    for language in LANGUAGES:
        for word in data(language)["detect"]["words"]:
            table.setdefault(word, {})[language] = 1.0
        for category in ("weekday", "month", "day", "day_part", "unit"):
            for names in data(language)["times"][category].values():
                for name in names:
                    table.setdefault(name, {})[language] = 1.0
        for phrase in data(language)["small_talk"]["phrases"]:
            for word in words(phrase):
                table.setdefault(word, {}).setdefault(language, 0.6)
    return {word: {k: v / len(by) for k, v in by.items()} for word, by in table.items()}


def _score(text: str) -> dict[str, float]:
    scores = dict.fromkeys(LANGUAGES, 0.0)
    for token in tokens(text):
        word = token.text
        known = _weights().get(word) or _weights().get(word.rstrip("'"))
        if known:
            for language, weight in known.items():
                scores[language] += weight
        elif len(word) > 4 and word.isalpha():
            for language in LANGUAGES:
                endings = data(language)["detect"]["endings"]
                scores[language] += 0.3 * any(word.endswith(e) for e in endings)
    return scores


def detect(text: str, default: str = "en") -> str:
    """The language of the words outside quotes and addresses; `default` where nothing tells."""
    text = text[:20_000]
    scores = _score(_QUOTED.sub(" ", text))
    if not any(scores.values()):
        scores = _score(text)
    best = max(scores.values())
    leaders = [language for language in LANGUAGES if scores[language] == best]
    if best == 0:
        return default
    return default if default in leaders else leaders[0]


@cache
def _courtesies() -> tuple[frozenset[tuple[str, ...]], frozenset[str], int]:
    phrases, names = set(), set()
    for language in LANGUAGES:
        phrases |= {words(phrase) for phrase in data(language)["small_talk"]["phrases"]}
        names |= set(data(language)["small_talk"]["names"])
    return frozenset(phrases), frozenset(names), max(len(phrase) for phrase in phrases)


def _without_courtesies(found: list[str]) -> list[str]:
    phrases, names, longest = _courtesies()
    rest, at = [], 0
    while at < len(found):
        sizes = range(min(longest, len(found) - at), 0, -1)
        size = next((n for n in sizes if tuple(found[at : at + n]) in phrases), 0)
        if not size and found[at] not in names:
            rest.append(found[at])
        at += size or 1
    return rest


def is_small_talk(text: str) -> bool:
    """Greeting, thanks or goodbye and nothing else. One name beside it is part of the courtesy."""
    if len(text) > 200:
        return False
    raw = [token for token in tokens(text) if token.text[0].isalnum()]
    if not raw or len(raw) > _MOST_COURTESY:
        return False
    rest = _without_courtesies([token.text for token in raw])
    if len(rest) == 1 and len(raw) > 1:
        named = next(t for t in raw if t.text == rest[0])
        return text[named.begin].isupper() and named is not raw[0] and "?" not in text
    return not rest

"""Words as they are compared: no accents, no case, no punctuation."""

import re

from zantara.language import fold

__all__ = ["Phrases", "words_of"]

Words = tuple[str, ...]


def words_of(text: str) -> Words:
    """`Caffè d'arte` -> ("caffe", "d", "arte")."""
    return tuple(re.findall(r"[^\W_]+", fold(text)))


class Phrases:
    """Phrases of one or more words, each with what it stands for."""

    def __init__(self, meanings: dict[str, str]) -> None:
        self._meanings = {words_of(phrase): meaning for phrase, meaning in meanings.items()}
        self._longest = max(map(len, self._meanings))

    def at(self, words: Words, start: int) -> tuple[int, str] | None:
        """(length, meaning) of the longest phrase that begins at `start`."""
        for length in range(min(self._longest, len(words) - start), 0, -1):
            meaning = self._meanings.get(words[start : start + length])
            if meaning is not None:
                return length, meaning
        return None

    def take(self, words: Words) -> tuple[list[str], Words]:
        """The meanings of the phrases in `words`, and the words that belong to none."""
        found: list[str] = []
        rest: list[str] = []
        start = 0
        while start < len(words):
            here = self.at(words, start)
            if here is None:
                rest.append(words[start])
                start += 1
            else:
                found.append(here[1])
                start += here[0]
        return found, tuple(rest)

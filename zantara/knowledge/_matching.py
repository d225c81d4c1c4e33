"""How well a few texts fit a question, by words alone: for rows too few or too new to be indexed."""

import math
from collections.abc import Sequence

from zantara.knowledge._text import roots, tokens
from zantara.knowledge._words import meanings

__all__ = ["WordMatch"]

_STEM = 5


class WordMatch:
    """Scores texts against questions; a word that many texts have counts little."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._forms = [_forms(text) for text in texts]

    def scores(self, question: str) -> list[float]:
        """One score a text, 0 where it shares no word; the words' relatives count for half."""
        total = [0.0] * len(self._forms)
        for meant in meanings(question):
            wanted = {form: weight for w, weight in meant.items() for form in _forms_of(w)}
            best = [
                max((wanted[f] for f in wanted.keys() & forms), default=0.0)
                for forms in self._forms
            ]
            having = sum(1 for one in best if one)
            rare = math.log1p(len(best) / having) if having else 0.0
            total = [score + one * rare for score, one in zip(total, best, strict=True)]
        return total

    @staticmethod
    def words(question: str) -> int:
        """How many words of the question say something."""
        return len(meanings(question))


def _forms(text: str) -> frozenset[str]:
    return frozenset(form for word in set(tokens(text)) for form in _forms_of(word))


def _forms_of(word: str) -> set[str]:
    """Stems in Indonesian, and the beginning of a long word: endings of the other two differ."""
    return roots(word) | ({word[:_STEM]} if len(word) > _STEM else set())

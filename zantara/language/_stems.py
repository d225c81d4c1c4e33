"""Words and stems: crude, so that inflected forms of the three languages meet."""

import re
from collections.abc import Sequence

from zantara.language._lexicon import fold

__all__ = ["fitting_sentences", "folded_words", "plain", "stem"]

_WORD = re.compile(r"[^\W_]+(?:[.'@-][^\W_]+)*")
_PREFIXES = ("meng", "mem", "men", "me", "di", "ber", "per")
_SMALL = 3


def folded_words(text: str) -> list[str]:
    """Words without case and accents; an address or a number stays one."""
    return _WORD.findall(fold(text))


def plain(text: str) -> str:
    """The words alone, without case, accents and punctuation, a blank between two."""
    return " ".join(re.findall(r"\w+", fold(text)))


def stem(word: str) -> str:
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= 5:
            word = word[len(prefix) :]
            break
    return word[:6] if len(word) > 6 else word.rstrip("s") if len(word) > 4 else word


def fitting_sentences(sentences: Sequence[str], question: str, *, longest: int) -> list[str]:
    """As many sentences as fit, those that share words with the question first, in their own order."""
    if sum(map(len, sentences)) <= longest:
        return list(sentences)
    asked = {stem(word) for word in folded_words(question) if len(word) > _SMALL}
    shared = [len(asked & {stem(word) for word in folded_words(one)}) for one in sentences]
    kept: list[int] = []
    size = 0
    for index in sorted(range(len(sentences)), key=lambda i: (-shared[i], i)):
        if size + len(sentences[index]) > longest and kept:
            continue
        kept.append(index)
        size += len(sentences[index])
    return [sentences[index] for index in sorted(kept)]

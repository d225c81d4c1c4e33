"""Classes of words in requests, and a text as tokens tagged with them."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from zantara.language._words import LANGUAGES, data, slang

_TOKEN = re.compile(r"[^\W_]+(?:[-.&_][^\W_]+)*['’]?|[^\w\s]|_")


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a phrase of the lexicon, with where it stands and the classes that it is of."""

    text: str
    begin: int
    stop: int
    tags: frozenset[str] = frozenset()

    def has(self, *classes: str) -> bool:
        return any(one in self.tags for one in classes)

    @property
    def proper(self) -> bool:
        return self.text[0].isupper() and not self.text.isdecimal()

    @property
    def action(self) -> bool:
        return any(one.startswith("a.") for one in self.tags)


def fold(text: str) -> str:
    """Lower case, without accents."""
    bare = unicodedata.normalize("NFKD", text.casefold().replace("’", "'"))
    return "".join(c for c in bare if not unicodedata.combining(c))


@cache
def spoken(language: str, name: str) -> frozenset[str]:
    """The single words of a class, folded."""
    return frozenset(fold(one) for one in data(language)["lexicon"].get(name, ()))


@cache
def _own(language: str) -> frozenset[tuple[str, ...]]:
    listed = data(language)["lexicon"].values()
    return frozenset(_split(one) for each in listed for one in each)


@cache
def _phrases(language: str) -> dict[tuple[str, ...], frozenset[str]]:
    """Phrase -> classes: the language's own, and the others' where it has none of their words."""
    found: dict[tuple[str, ...], set[str]] = {}
    for name, listed in data(language)["lexicon"].items():
        for one in listed:
            found.setdefault(_split(one), set()).add(name)
    own = {word for key in found for word in key}
    for other in LANGUAGES:
        for name, listed in data(other)["lexicon"].items():
            for one in listed if other != language else ():
                if not own & set(_split(one)) and len(one) > 2:
                    found.setdefault(_split(one), set()).add(name)
    return {key: frozenset(value) for key, value in found.items()}


@cache
def _vocabulary(language: str) -> frozenset[str]:
    return frozenset(one for name in data(language)["lexicon"] for one in spoken(language, name))


def likeliest(text: str, detected: str) -> str:
    """The language most of whose request words a text has; where none has more, the detected."""
    line = _split(text)
    counts = {one: sum(word in _vocabulary(one) for word in line) for one in LANGUAGES}
    best = max(LANGUAGES, key=lambda one: counts[one])
    return best if counts[best] > counts[detected] else detected


@cache
def _longest(language: str) -> int:
    return max(map(len, _phrases(language)))


def _split(text: str) -> tuple[str, ...]:
    return tuple(fold(one) for one in _TOKEN.findall(text))


def _inflected(word: str, language: str) -> frozenset[str]:
    """The classes of a verb in another form: "fissarmi", "prepari", "jadwalin", "dibatalkan"."""
    prefixes = data(language)["verbs"]["prefixes"]
    bases = [word, *(word.removeprefix(one) for one in prefixes if word.startswith(one))]
    for base in (one for one in bases if len(one) > 3):
        rules = [("", ""), *data(language)["verbs"]["endings"]]
        for ending, stands in rules if base != word else rules[1:]:
            form = base.removesuffix(ending) + stands
            if base.endswith(ending) and len(form) > 3 and (form,) in _phrases(language):
                return _phrases(language)[(form,)]
    return frozenset()


def tag(text: str, language: str, *, whole: list[tuple[int, int, str]]) -> list[Token]:
    """Tokens of `text`; `whole` are (begin, stop, class) of parts that are one token each."""
    tokens: list[Token] = []
    position = 0
    for begin, stop, name in sorted(whole):
        if begin < position:
            continue
        tokens += _tagged(text, position, begin, language)
        tokens.append(Token(text[begin:stop], begin, stop, frozenset({name})))
        position = stop
    return tokens + _tagged(text, position, len(text), language)


def _tagged(text: str, begin: int, stop: int, language: str) -> list[Token]:
    found = list(_TOKEN.finditer(text, begin, stop))
    folded = [slang().get(word, word) for word in (fold(one.group()) for one in found)]
    table_, tokens, at = _phrases(language), [], 0
    while at < len(found):
        sizes = range(min(_longest(language), len(found) - at), 0, -1)
        size = next((n for n in sizes if tuple(folded[at : at + n]) in table_), 0)
        foreign = at > 0 and found[at].group()[0].isupper()
        if foreign and size == 1 and (folded[at],) not in _own(language):
            size = 0  # a name, not another language's word
        tags = table_[tuple(folded[at : at + size])] if size else _inflected(folded[at], language)
        last = found[at + max(size, 1) - 1]
        tokens.append(
            Token(text[found[at].start() : last.end()], found[at].start(), last.end(), tags)
        )
        at += max(size, 1)
    return tokens

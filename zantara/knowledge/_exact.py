"""Answers from the tables with no model, given only when every word of the question is accounted
for: a word that is neither the product's nor the question's frame means doubt, and doubt is None.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from zantara.knowledge import _answers
from zantara.knowledge._rows import Entry, ExactAnswer
from zantara.knowledge._text import data, tokens

__all__ = ["Tables", "answer", "title_key"]

# A single plain question is shorter than this.
_LONGEST = 160
_SENTENCES = re.compile(r"[?!;\n]+(?=\s*\S)|\.(?=\s+\S)")
_FIGURE = re.compile(r"\d[.,]\d|[%€$£@]|https?:")


@dataclass(frozen=True, slots=True)
class Ask:
    """A question taken apart: as it was said, its words, and which variant of the product."""

    said: str
    words: tuple[str, ...]
    language: str
    variants: frozenset[str]


class Tables:
    """The rows with facts, with the words that name each; activity codes stay in the index.

    activities: rows by a code, or by `title_key` of a title.
    """

    def __init__(self, entries: Sequence[Entry], activities: Callable[[str], list[Entry]]) -> None:
        self.products = [_Named(e) for e in entries if e.kind == "price"]
        self.visas = [_Named(e) for e in entries if e.kind == "visa"]
        self.activities = activities


class _Named:
    """A table row and the phrases that people call it by."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        unclear = {_plain(name) for name in data("exact.toml")["unclear"]["names"]}
        names = [n for n in (_plain(name) for name in _names(entry)) if n]
        self.names = sorted({name for name in names if name not in unclear}, key=len)
        self.words = frozenset(word for name in names for word in name.split())
        self.codes = frozenset(_codes(str(entry.facts.get("code", ""))))


def _names(entry: Entry) -> Iterator[str]:
    name = str(entry.facts.get("name", ""))
    yield name
    yield re.sub(r"\(.*?\)", "", name)
    yield str(entry.facts.get("code", ""))
    for names in (entry.facts.get("aliases") or {}).values():
        yield from names


def _codes(code: str) -> Iterator[str]:
    """E31B/E31E gives both; C7A/B gives c7a and c7b; D1 (medical) is not D1 and gives none."""
    if not re.fullmatch(r"[A-Z0-9/]+", code):
        return
    parts = tokens(code)
    for part in parts:
        if re.fullmatch(r"[a-f]\d+[a-z]?", part):
            yield part
        elif len(part) == 1 and parts[0][-1:].isalpha():
            yield parts[0][:-1] + part


def answer(question: str, language: str, tables: Tables) -> ExactAnswer | None:
    ask = _read(question, language)
    if ask is None:
        return None
    return _price(ask, tables) or _visa_fact(ask, tables) or _code(ask, tables)


def _read(question: str, language: str) -> Ask | None:
    plain = question.strip()
    if not plain or len(plain) > _LONGEST or language not in data("answers.toml"):
        return None
    if _SENTENCES.search(plain.rstrip("?!. ")) or _FIGURE.search(plain):
        return None
    said = _plain(plain)
    line, variants = _variants(said)
    return Ask(said, tuple(line.split()), language, variants)


def _plain(text: str) -> str:
    """Folded words. Italian "è" must not become "e" (and), which asks for a second thing; the
    Indonesian ending -nya ("harganya") says nothing.
    """
    text = re.sub(r"(?i)(?<!\w)(?:è|e')(?!\w)", "est", text)
    return " ".join(re.sub(r"(?<=[a-z]{4})nya$", "", word) for word in tokens(text))


def _variants(line: str) -> tuple[str, frozenset[str]]:
    """Phrases such as "2 anni" or "from abroad" become one label word each: "@2 years"."""
    found = set()
    for label, phrases in _variant_phrases():
        for phrase in phrases:
            changed = re.sub(rf"(?<!\S){re.escape(phrase)}(?!\S)", label, line)
            if changed != line:
                found.add(label)
                line = changed
    return line, frozenset(found)


def _variant_phrases() -> Iterable[tuple[str, list[str]]]:
    for label, phrases in data("exact.toml")["variants"].items():
        spoken = sorted((_plain(phrase) for phrase in phrases), key=len, reverse=True)
        yield f"@{label.replace(' ', '_')}", spoken


def _has(ask: Ask, kind: str) -> bool:
    """One of the phrases that ask for this kind of fact is there."""
    return any(f" {phrase} " in f" {ask.said} " for phrase in _frame(kind))


@cache
def _frame(kind: str) -> list[str]:
    phrases = data("exact.toml")["ask"][kind]
    return [_plain(phrase) for spoken in phrases.values() for phrase in spoken]


@cache
def _free(kind: str) -> frozenset[str]:
    """Words that may stand in such a question beside the product's name."""
    tables = data("exact.toml")
    polite = (w for words in tables["polite"].values() for w in words)
    asked = (word for phrase in _frame(kind) for word in phrase.split())
    words = (*polite, *asked, *tables["beside"].get(kind, ()))
    return frozenset(part for word in words for part in _plain(word).split())


def _matches(ask: Ask, named: Sequence[_Named], kind: str) -> list[_Named]:
    """Rows that account for every word, by the longest name that fits; several share a code."""
    rest = [w for w in ask.words if not w.startswith("@")]
    free = _free(kind)
    content = [word for word in rest if word not in free]
    best: dict[int, list[_Named]] = {}
    for row in named:
        if not set(content) <= row.words | row.codes:
            continue
        size = max((len(tuple_) for tuple_ in _said(row, rest)), default=0)
        if size:
            best.setdefault(size, []).append(row)
    return best[max(best)] if best else []


def _said(row: _Named, rest: Sequence[str]) -> Iterator[list[str]]:
    """Names of the row whose every word is in the question, and its codes."""
    words = set(rest)
    for name in row.names:
        plain = [w for w in _variants(name)[0].split() if not w.startswith("@")]
        if plain and set(plain) <= words and not set(plain) <= _too_general():
            yield plain
    for code in row.codes & words:
        yield [code]


@cache
def _too_general() -> frozenset[str]:
    return frozenset(data("exact.toml")["unclear"]["words"])


def _price(ask: Ask, tables: Tables) -> ExactAnswer | None:
    if not _has(ask, "price"):
        return None
    rows = _matches(ask, tables.products, "price")
    chosen = [(row.entry, _amounts(row.entry, ask.variants)) for row in rows]
    if not chosen or any(amounts is None for _, amounts in chosen):
        return None
    lines = [
        _answers.price_line(entry, amounts or [], language=ask.language, number=number)
        for number, (entry, amounts) in enumerate(chosen, 1)
    ]
    ids = tuple(entry.row.id for entry, _ in chosen)
    return ExactAnswer(_answers.join(lines), "price", ids)


def _amounts(entry: Entry, variants: frozenset[str]) -> list[Mapping[str, Any]] | None:
    """The list's figures for the variant that is asked for; None when it has none."""
    amounts: list[Mapping[str, Any]] = list(entry.facts["amounts"])
    if entry.facts.get("quote"):
        return [] if not variants else None
    if not variants:
        return amounts
    fitting = [a for a in amounts if variants <= _variants(" ".join(tokens(a["label"])))[1]]
    return fitting or None


def _visa_fact(ask: Ask, tables: Tables) -> ExactAnswer | None:
    kinds = [kind for kind in ("stay", "extension", "work", "entry") if _has(ask, kind)]
    if len(kinds) != 1 or ask.variants - {"@extension"}:
        return None
    rows = _matches(ask, tables.visas, kinds[0])
    if len(rows) != 1 or not rows[0].codes & set(ask.words):
        return None
    text = _answers.visa_line(rows[0].entry, kinds[0], language=ask.language)
    return ExactAnswer(text, "visa", (rows[0].entry.row.id,)) if text else None


def _code(ask: Ask, tables: Tables) -> ExactAnswer | None:
    """What one code stands for, or the code of an activity named by its whole official title."""
    if ask.variants:
        return None
    numbers = [word for word in ask.words if re.fullmatch(r"\d{5}", word)]
    if numbers:
        others = set(ask.words) - _free("code") - set(numbers)
        plain = len(numbers) == 1 and _has(ask, "code") and not others
        found = tables.activities(numbers[0]) if plain else []
    else:
        title = [word for word in ask.words if word not in _free("find_code")]
        found = tables.activities(title_key(" ".join(title))) if _has(ask, "find_code") else []
    if len(found) != 1:
        return None
    text = _answers.code_line(found[0], language=ask.language)
    return ExactAnswer(text, "code", (found[0].row.id,))


def title_key(title: str) -> str:
    """The words of a title in any order, small words aside."""
    small = _free("find_code")
    return " ".join(sorted({word for word in tokens(title) if word not in small}))

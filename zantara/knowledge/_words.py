"""The word index: tantivy on disk, one query built from words, their relatives and codes."""

from collections.abc import Collection, Iterable
from functools import cache
from pathlib import Path
from typing import Any

from zantara.knowledge._exact import title_key
from zantara.knowledge._rows import Entry
from zantara.knowledge._text import data, fold, identifiers, roots, tokens

__all__ = ["WordIndex", "write_index"]

_HEAP = 64_000_000
# (field, weight): where a word of the question is looked for.
_FIELDS = (("title", 2.0), ("text", 1.0), ("terms", 1.3), ("en", 0.9), ("it", 0.9), ("more", 0.7))
_RELATED = 0.5
_TIE = 0.1
_CODE = 12.0


def write_index(folder: Path, entries: Iterable[Entry]) -> int:
    """Writes the rows in the order given; a row's place is also its vector's."""
    import tantivy

    index = _configured(tantivy.Index(_schema(), path=str(folder)))
    writer = index.writer(_HEAP, 1)
    count = 0
    for count, entry in enumerate(entries, 1):
        document = tantivy.Document()
        for name, value in _values(entry):
            document.add_text(name, value)
        document.add_unsigned("place", count - 1)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    return count


def _schema() -> Any:
    import tantivy

    builder = tantivy.SchemaBuilder()
    for name in ("title", "text", "terms", "more"):
        builder.add_text_field(name, tokenizer_name="plain", index_option="freq")
    builder.add_text_field("en", tokenizer_name="english", index_option="freq")
    builder.add_text_field("it", tokenizer_name="italian", index_option="freq")
    for name in ("key", "name", "code", "domain", "language", "kind"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("row", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("place", stored=True, indexed=True, fast=True)
    return builder.build()


@cache
def _analyzer(name: str) -> Any:
    import tantivy

    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    builder = builder.filter(tantivy.Filter.remove_long(60)).filter(tantivy.Filter.lowercase())
    builder = builder.filter(tantivy.Filter.ascii_fold())
    return (builder if name == "plain" else builder.filter(tantivy.Filter.stemmer(name))).build()


def _configured(index: Any) -> Any:
    for name in ("plain", "english", "italian"):
        index.register_tokenizer(name, _analyzer(name))
    return index


def _values(entry: Entry) -> Iterable[tuple[str, str]]:
    row, terms = entry.row, entry.terms
    titles = " ".join(_titles(entry))
    yield "title", f"{row.title} {titles}"
    yield "text", row.text
    yield "more", entry.restated
    yield "terms", " ".join(terms.values())
    if row.language == "en" or "en" in terms:
        yield "en", f"{row.title} {row.text} {terms.get('en', '')}"
    if row.language == "it" or "it" in terms:
        yield "it", terms.get("it", "") + (row.text if row.language == "it" else "")
    for key in dict.fromkeys((row.id, *row.also)):
        yield "key", key
    if entry.kind == "kbli":
        yield "name", str(entry.facts["code"])
        for title in dict.fromkeys(title_key(str(t)) for t in entry.facts["title"].values()):
            yield "name", title
    for code in identifiers(f"{row.title} {entry.facts.get('code', '')}"):
        yield "code", code
    yield "domain", row.domain
    yield "language", row.language
    yield "kind", entry.kind
    yield "row", entry.dump()


def _titles(entry: Entry) -> Iterable[str]:
    """Names of a table row in every language."""
    title = entry.facts.get("title")
    if isinstance(title, dict):
        yield from (str(value) for value in title.values())
    yield str(entry.facts.get("name", ""))
    for names in (entry.facts.get("aliases") or {}).values():
        yield " ".join(names)


class WordIndex:
    """Reads one finished index folder. Safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        import tantivy

        self._index = _configured(tantivy.Index.open(str(folder)))
        self._searcher = self._index.searcher()
        self._schema = self._index.schema

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def find(
        self, query: str, *, limit: int, filters: Collection[tuple[str, Collection[str]]] = ()
    ) -> list[tuple[int, float]]:
        """Places and scores, best first."""
        wanted = self._question(query)
        return [] if wanted is None else self._run(wanted, limit, filters)

    def places(self, field: str, values: Collection[str]) -> set[int]:
        """Every row whose field has one of the values."""
        found = self._run(self._any(field, values), max(1, len(self)), ())
        return {place for place, _ in found}

    def at(self, place: int) -> str | None:
        import tantivy

        return self._stored(tantivy.Query.term_query(self._schema, "place", place))

    def named(self, field: str, value: str) -> list[str]:
        """Rows by "key", an id or the id of a row that they restate, or by "name"."""
        hits = self._searcher.search(self._any(field, [value]), 20).hits
        return [self._searcher.doc(address).get_first("row") for _, address in hits]

    def domains(self) -> dict[str, int]:
        """How many rows each domain has."""
        terms = self._searcher.terms_with_prefix("domain", "")
        return {str(name): int(rows) for name, rows in sorted(terms)}

    def _stored(self, query: Any) -> str | None:
        hits = self._searcher.search(query, 1).hits
        return self._searcher.doc(hits[0][1]).get_first("row") if hits else None

    def _run(
        self, query: Any, limit: int, filters: Collection[tuple[str, Collection[str]]]
    ) -> list[tuple[int, float]]:
        import tantivy

        must = tantivy.Occur.Must
        parts = [(must, query)]
        for field, values in filters:
            condition = tantivy.Query.const_score_query(self._any(field, values), 0.0)
            parts.append((must, condition))
        hits = self._searcher.search(tantivy.Query.boolean_query(parts), limit).hits
        places = self._searcher.fast_field_values("place", [address for _, address in hits])
        return [(int(place), score) for place, (score, _) in zip(places, hits, strict=True)]

    def _any(self, field: str, values: Collection[str]) -> Any:
        import tantivy

        return tantivy.Query.term_set_query(self._schema, field, list(values))

    def _question(self, query: str) -> Any | None:
        import tantivy

        parts = [part for meant in meanings(query) if (part := self._part(meant)) is not None]
        for code in identifiers(query[:_READ]):
            term = tantivy.Query.term_query(self._schema, "code", code, "basic")
            parts.append(tantivy.Query.boost_query(term, _CODE))
        if not parts:
            return None
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, part) for part in parts])

    def _part(self, meant: dict[str, float]) -> Any | None:
        """One meaning counts once: by its best word in its best field."""
        import tantivy

        options = []
        for word, weight in meant.items():
            for field, boost in _FIELDS:
                for form in self._forms(field, word):
                    term = tantivy.Query.term_query(self._schema, field, form, "freq")
                    discount = 1.0 if form == word or field in ("en", "it") else 0.6
                    options.append(tantivy.Query.boost_query(term, boost * weight * discount))
        return tantivy.Query.disjunction_max_query(options, _TIE) if options else None

    def _forms(self, field: str, word: str) -> list[str]:
        if field in ("en", "it"):
            forms = set(_analyzer("english" if field == "en" else "italian").analyze(word))
        else:
            forms = roots(word)
        return sorted(form for form in forms if self._searcher.doc_freq(field, form))


_LONGEST = 64
_READ = 2_000


def meanings(query: str) -> list[dict[str, float]]:
    """Each thing that the question speaks of: its word with the relatives that the lexicon knows.

    A question of any length costs the same: only its first words count.
    """
    lexicon = _lexicon()
    spoken = tokens(query[:_READ])
    words = [word for word in dict.fromkeys(spoken) if word not in lexicon.silent][:_LONGEST]
    found: list[dict[str, float]] = []
    taken = set(words)
    for word in words:
        relatives = [w for group in lexicon.of_word(word) for w in group if w not in taken]
        taken.update(relatives)
        found.append({word: 1.0} | {relative: _RELATED for relative in relatives})
    for group in lexicon.of_phrases(spoken):
        found.append({w: _RELATED for w in group if w not in taken})
        taken.update(group)
    return found


class _Lexicon:
    """Words that say nothing, and groups of words that mean the same in three languages."""

    def __init__(self, raw: dict[str, Any]) -> None:
        self.silent = frozenset(fold(w) for words in raw["silent"].values() for w in words)
        self._by_word: dict[str, list[tuple[str, ...]]] = {}
        self._phrases: list[tuple[str, tuple[str, ...]]] = []
        for names in raw["groups"].values():
            group = tuple(
                dict.fromkeys(w for n in names for w in tokens(n) if w not in self.silent)
            )
            for name in names:
                self._enter(" ".join(tokens(name)), group)

    def _enter(self, name: str, group: tuple[str, ...]) -> None:
        if " " in name:
            self._phrases.append((f" {name} ", group))
        else:
            self._by_word.setdefault(name, []).append(group)

    def of_word(self, word: str) -> Iterable[tuple[str, ...]]:
        for root in sorted(roots(word)):
            yield from self._by_word.get(root, ())

    def of_phrases(self, spoken: list[str]) -> Iterable[tuple[str, ...]]:
        line = f" {' '.join(spoken[: 2 * _LONGEST])} "
        return (group for phrase, group in self._phrases if phrase in line)


@cache
def _lexicon() -> _Lexicon:
    return _Lexicon(data("lexicon.toml"))

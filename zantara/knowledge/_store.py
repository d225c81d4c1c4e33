"""Where the index lies on disk: named by its content, whole or absent, rebuilt when damaged."""

import hashlib
import json
import logging
import shutil
import tempfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from zantara.knowledge._rows import Entry, KnowledgeError, merge, read_entries
from zantara.knowledge._words import WordIndex, write_index

__all__ = ["PACK", "load_all", "name_of", "open_words"]

PACK = Path(__file__).parent / "pack"
# Raise it when the schema, the analyzers or what is indexed changes.
_FORMAT = 3
_MANIFEST = "manifest.json"
# Larger files are checked by size alone, so that opening stays quick.
_CHECKED = 16_000_000

_log = logging.getLogger(__name__)


def load_all(sources: Sequence[Path]) -> list[Entry]:
    pack = [entry for path in _pack_files() for entry in read_entries(path)]
    return merge(pack, (entry for path in sources for entry in read_entries(path)))


def name_of(sources: Sequence[Path]) -> str:
    """The same name for the same files' content, whoever asks."""
    digest = hashlib.sha256(f"format {_FORMAT}".encode())
    for path in (*_pack_files(), *sources):
        try:
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
        except OSError as error:
            raise KnowledgeError(f"knowledge source {path}: cannot be read ({error})") from error
    return digest.hexdigest()[:16]


def _pack_files() -> list[Path]:
    return sorted(PACK.glob("*.jsonl"))


def open_words(folder: Path, name: str, sources: Sequence[Path]) -> WordIndex:
    place = folder / f"index-{name}"
    if place.exists():
        try:
            return _open_checked(place)
        except (OSError, ValueError) as error:
            _log.warning("knowledge index %s is damaged (%s); building it again", place, error)
            _set_aside(place)
    _build(place, sources)
    return _open_checked(place)


def _open_checked(place: Path) -> WordIndex:
    manifest = json.loads((place / _MANIFEST).read_text("utf-8"))
    if manifest["files"] != _fingerprints(place):
        raise ValueError("its files are not those that were written")
    return WordIndex(place)


def _build(place: Path, sources: Sequence[Path]) -> None:
    """Built beside its place and renamed into it: of two builders one wins, both then read it."""
    entries = load_all(sources)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=".building-", dir=place.parent))
    except OSError as error:
        raise KnowledgeError(
            f"knowledge folder {place.parent}: cannot be written ({error.strerror}); "
            "set ZANTARA_HOME to a folder that can"
        ) from error
    try:
        write_index(draft, entries)
        manifest = {"rows": len(entries), "files": _fingerprints(draft)}
        (draft / _MANIFEST).write_text(json.dumps(manifest), "utf-8")
        _rename(draft, place)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _rename(draft: Path, place: Path) -> None:
    try:
        draft.rename(place)
    except OSError:
        if not place.exists():
            raise


def _set_aside(place: Path) -> None:
    """A rename first: another process must not find half a folder."""
    rubbish = Path(tempfile.mkdtemp(prefix=".damaged-", dir=place.parent))
    try:
        place.rename(rubbish / place.name)
    except FileNotFoundError:
        _log.info("knowledge index %s was removed by another process", place)
    shutil.rmtree(rubbish, ignore_errors=True)


def _fingerprints(place: Path) -> dict[str, list[int]]:
    found = {}
    for path in sorted(place.iterdir()):
        if path.name == _MANIFEST or path.suffix == ".lock":
            continue
        size = path.stat().st_size
        found[path.name] = [size, zlib.crc32(path.read_bytes()) if size <= _CHECKED else 0]
    return found

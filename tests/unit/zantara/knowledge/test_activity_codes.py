"""Activity codes: recalled for a plan, answered exactly only for a code or a whole title."""

import json

import pytest

from zantara.knowledge import Knowledge

_TITLES = {
    "99991": ("Jasa Peminjaman Kuokka", "Quokka lending services", "Servizi di prestito quokka"),
    "99992": ("Restoran Kuokka", "Quokka restaurant", "Ristorante quokka"),
    "99993": ("Pengantaran Makanan", "Food delivery wombat", "Consegna di cibo"),
}


@pytest.fixture(scope="module")
def codes(tmp_path_factory: pytest.TempPathFactory) -> Knowledge:
    folder = tmp_path_factory.mktemp("codes")
    source = folder / "codes.jsonl"
    source.write_text("\n".join(_row(code) for code in _TITLES), "utf-8")
    return Knowledge.open(folder, meaning=False, sources=[source])


def _row(code: str) -> str:
    title = dict(zip(("id", "en", "it"), _TITLES[code], strict=True))
    row = {"id": f"test-{code}", "domain": "kbli", "title": f"KBLI {code} {title['id']}"}
    row |= {"text": f"{title['en']} / {title['it']}", "language": "id", "source": "BPS"}
    row |= {"effective_date": "2020-09-24", "source_kind": "official_statistics"}
    return json.dumps(row | {"facts": {"code": code, "title": title}})


@pytest.mark.parametrize(
    ("question", "language", "says"),
    [
        ("What is KBLI 99991?", "en", "Quokka lending services"),
        ("Apa itu KBLI 99991?", "id", "Jasa Peminjaman Kuokka"),
        ("Cosa significa il codice KBLI 99991?", "it", "Servizi di prestito quokka"),
        ("What is the KBLI code for quokka lending services?", "en", "99991"),
        ("Kode KBLI untuk restoran kuokka apa?", "id", "99992"),
        ("Qual è il codice KBLI di ristorante quokka?", "it", "99992"),
    ],
)
def test_a_code_or_a_whole_title(codes: Knowledge, question: str, language: str, says: str) -> None:
    found = codes.exact(question, language=language)
    assert found is not None
    assert found.kind == "code"
    assert says in found.text
    assert "[1]" in found.text


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("What is KBLI 00000?", "en"),
        ("What is the KBLI code for quokka?", "en"),
        ("What is the difference between KBLI 99991 and 99992?", "en"),
        ("What is the capital for KBLI 99991?", "en"),
        ("Add KBLI 99991 to my NIB", "en"),
        ("Apa itu KBLI 99991 dan berapa modalnya?", "id"),
        ("Manda il codice KBLI 99991 a Ketut", "it"),
    ],
)
def test_codes_in_doubt_are_left_to_the_model(
    codes: Knowledge, question: str, language: str
) -> None:
    assert codes.exact(question, language=language) is None


@pytest.mark.parametrize(
    "question",
    [
        "I want to open a PT PMA for food delivery",
        "Mau buka PT PMA untuk pengantaran makanan",
        "Vorrei aprire una PT PMA di consegna di cibo",
    ],
)
def test_a_plan_recalls_code_requirements_and_price(codes: Knowledge, question: str) -> None:
    rows = [passage.row for passage in codes.recall(question)]
    assert any(row.domain == "kbli" for row in rows)
    assert any(row.id.startswith("zc-pma-") for row in rows)
    assert any(row.id == "zp-price-pt-pma" for row in rows)
    assert len(rows) <= 8


def test_a_code_finds_its_row_first(codes: Knowledge) -> None:
    assert codes.search("requirements of KBLI 99992")[0].row.id == "test-99992"

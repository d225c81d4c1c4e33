"""Exact answers: given for one plain question, verbatim from the list, and withheld in doubt."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import zantara.knowledge
from zantara.knowledge import Knowledge

_PACK = Path(zantara.knowledge.__file__).parent / "pack"
_LANGUAGES = ("en", "id", "it")


def _rows(name: str) -> list[dict[str, Any]]:
    lines = (_PACK / name).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


_PRICES = _rows("prices.jsonl")
_ASK = {
    "en": ("How much is the {}?", "What is the price of the {}?", "{} price"),
    "id": ("Berapa harga {}?", "{} berapa biayanya ya?", "Tarif {}?"),
    "it": ("Quanto costa il {}?", "Qual è il prezzo di {}?", "{}: prezzo?"),
}


def _names(row: dict[str, Any], language: str) -> str:
    facts = row["facts"]
    return str(facts["name"] if language == "en" else facts["aliases"][language][0])


def _money(text: str) -> list[str]:
    return re.findall(r"\d{1,3}(?:,\d{3})+", text)


def test_the_list_has_36_prices() -> None:
    assert len(_PRICES) == 36


@pytest.mark.parametrize("language", _LANGUAGES)
@pytest.mark.parametrize("row", _PRICES, ids=lambda row: row["id"])
def test_every_price_is_answered_verbatim_from_its_own_name(
    knowledge: Knowledge, row: dict[str, Any], language: str
) -> None:
    for pattern in _ASK[language]:
        question = pattern.format(_names(row, language))
        found = knowledge.exact(question, language=language)
        assert found is not None, question
        assert found.kind == "price"
        assert row["id"] in found.row_ids, question
        for amount in row["facts"]["amounts"]:
            assert amount["verbatim"] in found.text, question
        if row["facts"]["quote"]:
            assert not _money(found.text)


@given(
    row=st.sampled_from(_PRICES),
    language=st.sampled_from(_LANGUAGES),
    pick=st.randoms(use_true_random=False),
)
def test_every_printed_amount_is_in_its_row(
    knowledge: Knowledge, row: dict[str, Any], language: str, pick: Any
) -> None:
    name = pick.choice(row["facts"]["aliases"][pick.choice(_LANGUAGES)])
    question = pick.choice(_ASK[language]).format(name)
    found = knowledge.exact(question, language=language)
    if found is None:
        return
    by_id = {price["id"]: price for price in _PRICES}
    shown = [json.dumps(by_id[row_id], ensure_ascii=False) for row_id in found.row_ids]
    for figure in _money(found.text):
        assert any(figure in text for text in shown), (question, found.text)


@pytest.mark.parametrize(
    ("question", "language", "row_id", "figures"),
    [
        (
            "How much is the investor KITAS?",
            "en",
            "zp-price-e28a",
            ["17,000,000 IDR", "19,000,000"],
        ),
        ("Berapa KITAS investor?", "id", "zp-price-e28a", ["17,000,000 IDR", "18,000,000 IDR"]),
        ("Quanto costa il KITAS investitore?", "it", "zp-price-e28a", ["17,000,000 IDR"]),
        ("working kitas onshore price please", "en", "zp-price-e23-working", ["36,000,000 IDR"]),
        ("Biaya perpanjangan KITAS pensiun?", "id", "zp-price-e33f", ["10,000,000 IDR"]),
        ("Quanto costa rinnovare il KITAS coniuge?", "it", "zp-price-e31a", ["9,000,000 IDR"]),
        (
            "Quanto costa aprire una PT PMA?",
            "it",
            "zp-price-pt-pma",
            ["Starting from 20,000,000 IDR"],
        ),
        ("D2 for two years, how much?", "en", "zp-price-d2", ["8,000,000 IDR"]),
    ],
)
def test_a_plain_price_question(
    knowledge: Knowledge, question: str, language: str, row_id: str, figures: list[str]
) -> None:
    found = knowledge.exact(question, language=language)
    assert found is not None
    assert found.row_ids == (row_id,)
    assert all(figure in found.text for figure in figures)


@pytest.mark.parametrize(
    ("question", "language", "absent"),
    [
        ("C1 extension price?", "en", "2,300,000"),
        ("working KITAS onshore price", "en", "34,500,000"),
        ("Quanto viene l'E28A dall'estero?", "it", "19,000,000"),
        ("Harga D1 2 tahun?", "id", "5,000,000"),
    ],
)
def test_a_named_variant_leaves_the_others_out(
    knowledge: Knowledge, question: str, language: str, absent: str
) -> None:
    found = knowledge.exact(question, language=language)
    assert found is not None
    assert absent not in found.text


def test_one_code_with_two_entries_lists_both_with_their_sources(knowledge: Knowledge) -> None:
    found = knowledge.exact("How much is the E23?", language="en")
    assert found is not None
    assert found.row_ids == ("zp-price-e23-freelance", "zp-price-e23-working")
    assert "[1]" in found.text
    assert "[2]" in found.text


@pytest.mark.parametrize(
    ("question", "language", "says"),
    [
        ("How much is the investor KITAP?", "en", "Contact us"),
        ("Berapa harga KITAP keluarga?", "id", "Hubungi kami"),
        ("Quanto costa il KITAP pensionati?", "it", "Contattaci"),
    ],
)
def test_what_is_not_priced_refers_to_the_team(
    knowledge: Knowledge, question: str, language: str, says: str
) -> None:
    found = knowledge.exact(question, language=language)
    assert found is not None
    assert says in found.text
    assert not _money(found.text)


@pytest.mark.parametrize(
    ("question", "language", "says"),
    [
        ("How long can I stay on a C1 visa?", "en", "60 days, at most 180 days"),
        ("Can I extend the C7?", "en", "not possible"),
        ("Berapa lama C22A berlaku?", "id", "60 atau 180 hari"),
        ("Apakah E33G boleh kerja?", "id", "hanya kerja jarak jauh"),
        ("Il C7 si può prorogare?", "it", "non possibile"),
        ("Quanto dura il visto C1?", "it", "180 giorni con le proroghe"),
    ],
)
def test_a_plain_visa_fact(knowledge: Knowledge, question: str, language: str, says: str) -> None:
    found = knowledge.exact(question, language=language)
    assert found is not None
    assert found.kind == "visa"
    assert says in found.text


@pytest.mark.parametrize("language", ["id", "it"])
def test_every_stay_of_one_visa_has_its_wording(knowledge: Knowledge, language: str) -> None:
    said = {"id": "Berapa lama visa {} berlaku?", "it": "Quanto dura il visto {}?"}[language]
    facts = [row["facts"] for row in _rows("visas.jsonl") if row.get("facts")]
    codes = [f["code"] for f in facts if re.fullmatch(r"[A-F]\d+[A-Z]?", f["code"])]
    stays = {f["code"]: f.get("stay", "not stated") for f in facts if codes.count(f["code"]) == 1}
    for code, stay in stays.items():
        found = knowledge.exact(said.format(code), language=language)
        assert (found is None) == (stay == "not stated"), (code, stay)


_WITHHELD = {
    "en": [
        "Send Maria the price of the E28A",
        "Email ayu@example.com how much the C1 visa costs",
        "How much is the C1 and book me a meeting tomorrow",
        "How much is the C1 visa and the D1 visa?",
        "What is the price of the C1, and what documents do I need?",
        "Can I get a discount on the C1 price?",
        "Is the price of the E28A negotiable?",
        "How much is the investor KITAS in Thailand?",
        "How much does another agency charge for the C1 visa?",
        "How much is the Z99 visa?",
        "What is the price of the E28Z?",
        "Is the C1 price lower than the C2 price?",
        "How much was the C1 visa in 2019?",
        "How much will the C1 cost next year?",
        "How much is the E28A without extension?",
        "How much is the C1 in euro?",
        "Is the investor KITAS 5,000,000 IDR?",
        "How much is the C7 extension?",
        "How much is it?",
        "price",
        "How much is a visa?",
        "How much is monthly tax?",
        "C1 price with extension?",
        "How much is the C1 visa? And can I work?",
        "How long does the police take?",
        "Can I extend the Z7?",
        "What is KBLI 99999?",
        "",
        "   ",
        "?" * 50,
        "how much is the C1 visa " * 40,
    ],
    "id": [
        "Kirim harga C1 ke Budi",
        "Berapa harga C1 dan D1?",
        "Bisa diskon untuk KITAS investor, berapa?",
        "Harga visa turis di Malaysia berapa?",
        "Berapa tarif E28A di agen lain?",
        "Berapa harga visa X55?",
        "Lebih murah mana harga C1 atau C2?",
        "Berapa harga C1 tahun lalu?",
        "Jadwalkan rapat soal harga PT PMA",
        "Berapa persen pajak KITAS investor?",
        "Berapa pajak bulanan?",
    ],
    "it": [
        "Manda a Maria il prezzo dell'E28A",
        "Quanto costano il C1 e il D1?",
        "Quanto costa il C1 e la proroga?",
        "Mi fate uno sconto sul prezzo del C1?",
        "Quanto costa il visto turistico in Thailandia?",
        "Quanto costa il C1 dalla concorrenza?",
        "Quanto costa il visto Q12?",
        "Costa meno il C1 o il C2?",
        "Quanto costava il C1 l'anno scorso?",
        "Fissa una riunione sul prezzo della PT PMA",
        "Quanto è la tassa regionale per hotel e ristorante?",
        "Quanto costa il KITAS se non lavoro?",
    ],
}


@pytest.mark.parametrize(
    ("question", "language"),
    [(question, language) for language, asked in _WITHHELD.items() for question in asked],
)
def test_in_doubt_the_model_answers(knowledge: Knowledge, question: str, language: str) -> None:
    assert knowledge.exact(question, language=language) is None


def test_an_unknown_language_is_not_answered(knowledge: Knowledge) -> None:
    assert knowledge.exact("How much is the C1 visa?", language="xx") is None

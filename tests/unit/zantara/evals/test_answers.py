"""Hand-made answers to questions: sources, figures, refusals."""

import pytest

from tests.unit.zantara.evals.cases import knows, parts_of, question
from zantara.evals._qa import Answered, score_answer

OTHER, GOLD = knows("other", "It takes 5 days."), knows("pack", "It costs IDR 3,000,000.", "gold")


@pytest.mark.parametrize(
    ("sources", "hit_at_1", "hit_at_5", "rank"),
    [
        ((GOLD, OTHER), True, True, 1.0),
        ((OTHER, GOLD), False, True, 0.5),
        ((*[OTHER] * 5, GOLD), False, False, 1 / 6),
        ((OTHER,), False, False, 0.0),
    ],
)
def test_a_pack_row_counts_for_the_row_that_it_restates(
    sources: tuple[object, ...], hit_at_1: bool, hit_at_5: bool, rank: float
) -> None:
    parts = parts_of(score_answer(question(), Answered("3 million [1]", sources, 1)))  # type: ignore[arg-type]  # rows
    assert parts["hit_at_1"][0] == hit_at_1
    assert parts["hit_at_5"][0] == hit_at_5
    assert parts["mrr"][0] == rank


def test_a_right_answer_leaves_no_failure() -> None:
    scored = score_answer(question(), Answered("It costs 3 juta. [1]", (GOLD,), 1))
    assert parts_of(scored)["exact"] == (1, 1)
    assert not scored.failure


def test_a_wrong_figure_is_told() -> None:
    scored = score_answer(question(), Answered("It costs 5 days. [1]", (GOLD,), 1))
    assert scored.failure["wrong"] == ["does not say 3,000,000"]


@pytest.mark.parametrize(
    ("answer", "fine"),
    [
        ("I don't know that.", True),
        ("Non lo so, il team può aiutarti.", True),
        ("Saya tidak tahu. Hubungi tim kami.", True),
        ("I cannot give a discount; the listed price is IDR 3,000,000 [1].", True),
        ("I don't know, but about IDR 7,500,000.", False),
        ("I don't know; try the C77 visa.", False),
        ("It takes 5 days. [1]", False),
    ],
)
def test_a_refusal_says_so_and_invents_nothing(answer: str, fine: bool) -> None:
    row = question(intent="refuse", gold_ids=(), must_contain=())
    scored = score_answer(row, Answered(answer, (GOLD, OTHER), 1))
    assert parts_of(scored)["refusals_ok"] == (fine, 1)
    assert "hit_at_1" not in scored.parts


def test_what_a_source_says_is_no_refusal() -> None:
    source = knows("pack", "An extension is not available abroad.", "gold")
    row = question(intent="refuse", gold_ids=(), must_contain=())
    quoting = Answered("An extension is not available abroad. [1]", (source,), 1)
    assert parts_of(score_answer(row, quoting))["refusals_ok"] == (0, 1)


@pytest.mark.parametrize(
    ("answer", "refused"),
    [
        ("I don't know. The team can help.", True),
        ("I don't know more, but it costs 3 juta. [1]", False),
        ("It takes 5 days; ask our team. [1]", False),
    ],
)
def test_turning_away_a_question_that_has_an_answer(answer: str, refused: bool) -> None:
    cited = 1 if "[1]" in answer else 0
    parts = parts_of(score_answer(question(), Answered(answer, (GOLD,), cited)))
    assert parts["over_refusals"] == (refused, 1)


@pytest.mark.parametrize(
    ("answer", "fine"),
    [
        ("There is no listed price: contact us for a quote. [1]", True),
        ("There is no listed price. [1]", False),
        ("Contact us; it will be around 9 juta.", False),
    ],
)
def test_a_price_on_request_names_no_amount_and_refers_to_people(answer: str, fine: bool) -> None:
    row = question(note="quote_only", must_contain=())
    parts = parts_of(score_answer(row, Answered(answer, (knows("gold", "Contact for quote"),), 1)))
    assert parts["refusals_ok"] == (fine, 1)
    assert "exact" not in parts and "over_refusals" not in parts


def test_invented_amounts_are_counted_in_any_answer() -> None:
    scored = score_answer(question(), Answered("3,000,000 or 8,000,000", (GOLD,), 1))
    assert parts_of(scored)["invented_figures"] == (1, 1)
    assert "8,000,000" in scored.failure["wrong"][0]


def test_an_error_is_the_failure_of_its_row() -> None:
    scored = score_answer(question(), Answered("", (GOLD,), error="ModelUnavailableError: none"))
    assert scored.failure["error"] == "ModelUnavailableError: none"
    assert parts_of(scored)["hit_at_1"] == (1, 1)

"""What a call costs: never zero where nobody knows the price, cached tokens once."""

from decimal import Decimal
from pathlib import Path

import pytest

from zantara.costs import PriceFileError, Prices

_CEILING = (Decimal(2), Decimal(10))
_OWN = """
[[price]]
provider = "nowhere"
model = "scout"
input = 1.0
cached = 0.1
output = 3.0
"""


def _cost(prices: Prices, provider: str, model: str, *, cached: int = 0) -> tuple[Decimal, str]:
    return prices.cost(
        provider, model, ceiling=_CEILING, tokens_in=1000, cached=cached, tokens_out=100
    )


def test_a_price_that_nobody_knows_is_the_ceiling() -> None:
    assert _cost(Prices(), "nowhere", "scout", cached=900) == (Decimal("0.003"), "ceiling")
    # The list knows this model and no price of it.
    assert _cost(Prices(), "cerebras", "qwen-3-coder-480b") == (Decimal("0.003"), "ceiling")


def test_cached_tokens_are_a_part_of_the_prompt_and_paid_once() -> None:
    whole, _ = _cost(Prices(), "groq", "openai/gpt-oss-120b")
    some, how = _cost(Prices(), "groq", "openai/gpt-oss-120b", cached=400)
    assert how == "usage"
    assert whole == Decimal("0.00021")  # 1000 x 0.15 + 100 x 0.60 a million
    assert some == Decimal("0.00018")  # 600 x 0.15 + 400 x 0.075 + 100 x 0.60


def test_your_own_price_comes_first(tmp_path: Path) -> None:
    file = tmp_path / "prices.toml"
    file.write_text(_OWN)
    assert _cost(Prices(file), "nowhere", "scout", cached=500) == (Decimal("0.00085"), "usage")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        pytest.param(_OWN.replace("1.0", "-1.0"), r"price\.1\.input", id="below nothing"),
        pytest.param(
            _OWN.replace("output", "out"),
            r"price\.1\.out: .*output.*price\.1\.output: missing",
            id="a name",
        ),
        pytest.param("[[prices]]", r"prices: not known; accepted: \[\[price", id="another table"),
        pytest.param("[price]\ninput = 1", r"under \[\[price\]\]", id="one table"),
        pytest.param('[[price]]\ninput = "cheap"', "'cheap'; accepted: a number", id="a word"),
        pytest.param("[[price", "prices.toml", id="no TOML"),
    ],
)
def test_a_wrong_price_file_names_its_entry(tmp_path: Path, text: str, told: str) -> None:
    file = tmp_path / "prices.toml"
    file.write_text(text)
    with pytest.raises(PriceFileError, match=told):
        Prices(file).check()

"""What a call cost, by the model that really answered."""

from decimal import Decimal

from zantara.gateway._candidates import Candidate

__all__ = ["cost_of"]

_MILLION = Decimal(1_000_000)


def cost_of(
    candidate: Candidate, model: str, tokens_in: int, *, cached: int, tokens_out: int
) -> Decimal:
    """US dollars for one call; `cached` is the part of `tokens_in` read from the host's cache.

    Prices come from genai-prices; where it knows none, the catalogue's ceiling is charged.
    """
    if candidate.local:
        return Decimal(0)
    from genai_prices import Usage, calc_price

    usage = Usage(input_tokens=tokens_in, cache_read_tokens=cached, output_tokens=tokens_out)
    try:
        price = calc_price(usage, model_ref=model, provider_id=candidate.provider)
    except LookupError:
        ceiling_in, ceiling_out = candidate.ceiling
        return (ceiling_in * tokens_in + ceiling_out * tokens_out) / _MILLION
    return Decimal(price.total_price)

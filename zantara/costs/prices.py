"""What a call cost, by the model that really answered: an override file, genai-prices, the ceiling."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from zantara.costs.rows import Priced
from zantara.gate.arguments import problems_of

__all__ = ["PriceFileError", "Prices", "TokenPrice", "ToolPrice"]

_MILLION = Decimal(1_000_000)
_TOOL_PRICES = Path(__file__).with_name("tool_prices.toml")
_Usd = Annotated[Decimal, Field(ge=0)]


class PriceFileError(ValueError):
    """The price file cannot be used; the message names the entry and what is accepted."""


class TokenPrice(BaseModel):
    """US dollars per million tokens. cached: of those that the host read from its cache."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    provider: str
    model: str
    input: _Usd
    output: _Usd
    cached: _Usd | None = None

    def cost(self, tokens_in: int, *, cached: int, tokens_out: int) -> Decimal:
        read = self.input if self.cached is None else self.cached
        whole = self.input * (tokens_in - cached) + read * cached + self.output * tokens_out
        return whole / _MILLION


class ToolPrice(BaseModel):
    """US dollars of one call that is no model's. ceiling: the price depends on more than we know, and
    this is the most that it can be.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    provider: str
    sku: str
    price: _Usd
    ceiling: bool = False


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    price: tuple[TokenPrice, ...] = ()
    tool: tuple[ToolPrice, ...] = ()

    @classmethod
    def read(cls, path: Path) -> "_File":
        """Raises PriceFileError."""
        try:
            data = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
        except OSError as error:
            raise PriceFileError(
                f"ZANTARA_PRICES_FILE: {path}: {error.strerror or error}"
            ) from error
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise PriceFileError(f"{path}: {error}; accepted: TOML in UTF-8") from error
        if problems := list(_problems(data)):
            raise PriceFileError(f"{path}: {'; '.join(problems)}")
        return cls.model_validate(data)


def _problems(data: Mapping[str, Any]) -> Iterator[str]:
    """Everything that is wrong, by table and entry, counted from one."""
    for table, entries in data.items():
        if table not in _ENTRIES:
            yield f"{table}: not known; accepted: [[price]] and [[tool]]"
        elif not isinstance(entries, list):
            yield f"{table}: one entry alone; accepted: entries, each under [[{table}]]"
        else:
            for number, entry in enumerate(entries, 1):
                given = entry if isinstance(entry, dict) else {}
                for problem in problems_of(_ENTRIES[table], given, what="field"):
                    yield f"{table}.{number}.{problem}"


_ENTRIES: Mapping[str, type[BaseModel]] = {"price": TokenPrice, "tool": ToolPrice}


class Prices:
    """Prices of models and of paid tool calls. file: your own prices, which come first."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file

    @cached_property
    def _given(self) -> _File:
        """Raises PriceFileError."""
        return _File() if self._file is None else _File.read(self._file)

    @cached_property
    def _own(self) -> dict[tuple[str, str], TokenPrice]:
        return {(one.provider, one.model): one for one in self._given.price}

    @cached_property
    def _tools(self) -> dict[tuple[str, str], ToolPrice]:
        known = (*_File.read(_TOOL_PRICES).tool, *self._given.tool)
        return {(one.provider, one.sku): one for one in known}

    def own(self, provider: str, model: str) -> TokenPrice | None:
        """What your price file says of it."""
        return self._own.get((provider, model))

    def check(self) -> None:
        """Read the file now. Raises PriceFileError."""
        _ = self._given

    def tool(self, provider: str, sku: str) -> tuple[Decimal, Priced]:
        """US dollars of one paid tool call; of one that nobody lists, those of the dearest known."""
        found = self._tools.get((provider, sku))
        if found is None:
            return max(one.price for one in self._tools.values()), "ceiling"
        return found.price, "ceiling" if found.ceiling else "usage"

    def cost(
        self,
        provider: str,
        model: str,
        *,
        ceiling: tuple[Decimal, Decimal],
        tokens_in: int,
        cached: int,
        tokens_out: int,
        at: datetime | None = None,
    ) -> tuple[Decimal, Priced]:
        """US dollars of one call; `cached` is the part of `tokens_in` read from the host's cache.

        A price that nobody knows is never zero: the ceiling is charged then.
        """
        own = self._own.get((provider, model))
        if own is not None:
            return own.cost(tokens_in, cached=cached, tokens_out=tokens_out), "usage"
        from genai_prices import Usage, calc_price

        usage = Usage(input_tokens=tokens_in, cache_read_tokens=cached, output_tokens=tokens_out)
        try:
            known = calc_price(
                usage, model_ref=model, provider_id=provider, genai_request_timestamp=at
            )
            found = Decimal(known.total_price)
        except LookupError:
            found = Decimal(0)
        if found or model.endswith(":free"):
            return found, "usage"
        at_most = TokenPrice(provider=provider, model=model, input=ceiling[0], output=ceiling[1])
        return at_most.cost(tokens_in, cached=0, tokens_out=tokens_out), "ceiling"

    def listed(self, provider: str, model: str, at: datetime) -> TokenPrice | None:
        """Its price per million tokens on that day, at the first tier; None: nobody lists it."""
        own = self._own.get((provider, model))
        if own is not None:
            return own
        from genai_prices.data_snapshot import get_snapshot

        try:
            _provider, found = get_snapshot().find_provider_model(model, None, provider, None)
        except LookupError:
            return None
        price = found.get_prices(at)
        if price.input_mtok is None or price.output_mtok is None:
            return None
        cached = price.cache_read_mtok
        return TokenPrice(
            provider=provider,
            model=model,
            input=_first_tier(price.input_mtok),
            output=_first_tier(price.output_mtok),
            cached=None if cached is None else _first_tier(cached),
        )


def _first_tier(price: object) -> Decimal:
    return Decimal(str(getattr(price, "base", price)))

"""The catalogue as it is written: providers, models, roles. A wrong entry starts nothing."""

import tomllib
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

__all__ = ["Catalogue", "Model", "Provider", "Quota", "catalogue"]

_FILE = Path(__file__).with_name("catalogue.toml")
_Price = Annotated[Decimal, Field(ge=0)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Quota(_Strict):
    """What a free tier allows, for the whole account; None: not said."""

    requests_minute: int | None = None
    requests_day: int | None = None
    tokens_minute: int | None = None
    tokens_day: int | None = None

    def __str__(self) -> str:
        return ", ".join(f"{value:,} {name.replace('_', ' a ')}" for name, value in self if value)


class Provider(_Strict):
    """A host. own: on machines of yours; gpu_hour: US dollars for each hour that it is awake, and
    `idle_seconds` more after its last call.
    """

    client: Literal["openai", "deepseek", "groq", "gemini", "anthropic"]
    base_url_variable: str
    base_url: str = ""
    key: str = ""
    model_variable: str = ""
    own: bool = False
    gpu_hour: _Price = Decimal(0)
    idle_seconds: int = 0
    free: Quota | None = None
    source: str = ""

    @property
    def enabled_by(self) -> str:
        """The environment variable without which it cannot be asked."""
        return self.key if self.base_url else self.base_url_variable


class Model(_Strict):
    """A model at a host: its id there, tokens of context, the most that a million tokens cost.

    thinks: its thoughts count as reply; how many times longer than an answer both together may be.
    """

    model: str
    window: int = Field(ge=512)
    ceiling: tuple[_Price, _Price] = (Decimal(0), Decimal(0))
    thinks: int = Field(default=1, ge=1)
    sunset: date | None = None


class Catalogue(_Strict):
    """roles: the names of the models (`provider/name`) that may answer for each role, in order."""

    roles: dict[str, tuple[str, ...]]
    provider: dict[str, Provider]
    model: dict[str, Model]

    @model_validator(mode="after")
    def _closed(self) -> "Catalogue":
        for role, names in self.roles.items():
            for name in names:
                if name not in self.model:
                    raise ValueError(f"role {role}: {name!r} is no model of the catalogue")
        for name, model in self.model.items():
            provider = self.provider.get(name.partition("/")[0])
            if provider is None:
                raise ValueError(f"model {name!r}: its provider is not in the catalogue")
            if not provider.own and not any(model.ceiling):
                raise ValueError(f"model {name!r}: it has no ceiling, and only own hosts are free")
        return self

    def host(self, name: str) -> Provider:
        """The provider of a model by the model's name here."""
        return self.provider[name.partition("/")[0]]


@cache
def catalogue() -> Catalogue:
    """Raises pydantic.ValidationError, which names the entry."""
    return Catalogue.model_validate(tomllib.loads(_FILE.read_text("utf-8"), parse_float=Decimal))

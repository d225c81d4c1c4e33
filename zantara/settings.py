"""Process settings: argument over environment over .env over default. Read once, at the edge."""

import os
import re
from decimal import Decimal
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

__all__ = ["Settings"]


class Settings(BaseSettings):
    """Every field is an environment variable with the prefix ZANTARA_ (`home` -> ZANTARA_HOME)."""

    model_config = SettingsConfigDict(
        env_prefix="ZANTARA_",
        env_file=".env",
        extra="ignore",
        env_ignore_empty=True,
        hide_input_in_errors=True,
    )

    home: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("zantara", appauthor=False)),
        description="Data folder: checkpoints, store, journal, ledger, indexes.",
    )
    model: Literal["auto", "embedded"] = Field(
        default="auto",
        description="auto: the first live candidate of each role; embedded: never another model.",
    )
    openai_base_url: str = Field(
        default="",
        description="Any OpenAI-compatible URL (Ollama, llama.cpp, vLLM); becomes first candidate.",
    )
    openai_model: str = Field(default="", description="Model id at ZANTARA_OPENAI_BASE_URL.")
    openai_api_key: SecretStr = Field(
        default=SecretStr(""), description="Key for ZANTARA_OPENAI_BASE_URL, if it wants one."
    )
    openai_window: int = Field(
        default=32_768, ge=512, description="Tokens of context of the model there."
    )
    openai_timeout: float = Field(
        default=60, gt=0, description="Seconds until its first word, and between two pieces of it."
    )
    free_tiers: str = Field(
        default="",
        description="Providers whose free tier you use, with commas: their quotas are kept to and"
        " calls there cost nothing.",
    )
    ledger_url: SecretStr = Field(
        default=SecretStr(""),
        description="postgresql://... for a ledger that several machines share; empty: a file in the"
        " data folder.",
    )
    prices_file: Path | None = Field(
        default=None, description="Your own prices (TOML); unset: the price list alone."
    )
    budget_day: Decimal | None = Field(default=None, ge=0, description="US dollars a day (UTC).")
    budget_month: Decimal | None = Field(default=None, ge=0, description="US dollars a month.")
    budget_user_day: Decimal | None = Field(
        default=None, ge=0, description="US dollars a day for each user."
    )
    alert_webhook: SecretStr = Field(
        default=SecretStr(""),
        description="Alerts are posted there as JSON with `text` (Slack and its like); empty: nowhere.",
    )
    gpu_alert: Decimal = Field(
        default=Decimal(40),
        gt=0,
        description="US dollars of rented GPU a month that raise an alert.",
    )
    turn_seconds: float = Field(
        default=120, gt=0, description="Seconds that the models of one run may take together."
    )
    budget_at_limit: Literal["cheaper", "embedded", "refuse"] = Field(
        default="cheaper",
        description="Where a budget is spent: ask the candidates that still fit, the embedded model"
        " alone, or nobody.",
    )
    whatsapp_token: SecretStr = Field(
        default=SecretStr(""), description="WhatsApp Cloud API token; empty: the local WhatsApp."
    )
    whatsapp_number_id: str = Field(
        default="", description="Phone number id that messages are sent from."
    )
    whatsapp_url: str = Field(
        default="https://graph.facebook.com/v23.0", description="Base URL of the Cloud API."
    )
    slack_token: SecretStr = Field(
        default=SecretStr(""), description="Slack bot token; empty: the local Slack."
    )
    slack_url: str = Field(
        default="https://slack.com/api", description="Base URL of the Slack Web API."
    )
    google_maps_api_key: SecretStr = Field(
        default=SecretStr(""),
        description="Key of Places API (New) and Routes API; empty: the local Maps.",
    )
    policy: str = Field(
        default="careful",
        description="What calls may do by where their values come from: careful, fluent, or a name in"
        " ZANTARA_POLICY_FILE.",
    )
    policy_file: Path | None = Field(
        default=None, description="A policy file of your own; unset: the one that ships."
    )
    knowledge_meaning: bool | None = Field(
        default=None, description="Search by meaning too; unset: when the package is installed."
    )
    user: str = Field(default="", description="Name of the local account; empty: the demo account.")
    encryption_key: SecretStr = Field(
        default_factory=lambda: SecretStr(os.environ.get("LANGGRAPH_AES_KEY", "")),
        validate_default=True,
        description="AES key of the checkpoints, as LANGGRAPH_AES_KEY too; empty: they are plain.",
    )
    dev: bool = Field(
        default=False, description="The development server answers with no login. Never in public."
    )

    @property
    def on_free_tiers(self) -> frozenset[str]:
        """The providers of `free_tiers`."""
        return frozenset(self.free_tiers.replace(",", " ").split())

    @field_validator("alert_webhook")
    @classmethod
    def _is_address(cls, url: SecretStr) -> SecretStr:
        """Its path may be a secret: the value is not repeated."""
        if url.get_secret_value() and not re.match(r"https?://\S", url.get_secret_value()):
            raise ValueError("no address; accepted: http://... or https://...")
        return url

    @field_validator("encryption_key")
    @classmethod
    def _fits_aes(cls, key: SecretStr) -> SecretStr:
        size = len(key.get_secret_value().encode())
        if size not in (0, *_AES):
            raise ValueError(f"it has {size} bytes; accepted: 16, 24 or 32 bytes of text")
        return key

    def kept_here(self, home: Path, **changes: object) -> "Settings":
        """These settings on another data folder, with no outside account: what a replay, a tour or an
        evaluation approves by itself reaches nobody.
        """
        none: dict[str, object] = dict.fromkeys(_ACCOUNTS, SecretStr(""))
        return self.model_copy(update={**none, "home": home, **changes})


_AES = (16, 24, 32)
_ACCOUNTS = ("whatsapp_token", "slack_token", "google_maps_api_key")

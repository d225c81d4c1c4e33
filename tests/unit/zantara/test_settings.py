"""The key of the checkpoints: what fits, what is said of one that does not."""

import pytest
from pydantic import ValidationError

from zantara.cli._session import load_settings
from zantara.runner import BadRequestError
from zantara.settings import Settings


@pytest.mark.parametrize("size", [0, 16, 24, 32])
def test_a_key_of_an_aes_size_is_taken(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setenv("ZANTARA_ENCRYPTION_KEY", "k" * size)
    assert len(Settings().encryption_key.get_secret_value()) == size


def test_bytes_are_counted_not_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZANTARA_ENCRYPTION_KEY", "è" * 16)
    assert Settings().encryption_key.get_secret_value() == "è" * 16
    monkeypatch.setenv("ZANTARA_ENCRYPTION_KEY", "è" * 24)
    with pytest.raises(ValidationError, match="48 bytes"):
        Settings()


@pytest.mark.parametrize("variable", ["ZANTARA_ENCRYPTION_KEY", "LANGGRAPH_AES_KEY"])
def test_a_wrong_key_is_named_with_what_is_accepted_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, "Wrong-Key")
    with pytest.raises(ValidationError) as raw:
        Settings()
    with pytest.raises(BadRequestError) as told:
        load_settings()
    assert "ZANTARA_ENCRYPTION_KEY" in str(told.value)
    assert "accepted: 16, 24 or 32 bytes" in str(told.value)
    assert "Wrong-Key" not in f"{raw.value} {told.value}"


def test_another_setting_is_told_with_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZANTARA_OPENAI_WINDOW", "3")
    with pytest.raises(BadRequestError, match=r"ZANTARA_OPENAI_WINDOW: .*'3'"):
        load_settings()


def test_a_webhook_has_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZANTARA_ALERT_WEBHOOK", "hooks.example/secret")
    with pytest.raises(BadRequestError, match=r"ZANTARA_ALERT_WEBHOOK: .*accepted: http") as told:
        load_settings()
    assert "secret" not in str(told.value)


def test_langgraph_s_own_name_serves_and_ours_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGGRAPH_AES_KEY", "t" * 32)
    assert Settings().encryption_key.get_secret_value() == "t" * 32
    monkeypatch.setenv("ZANTARA_ENCRYPTION_KEY", "o" * 16)
    assert Settings().encryption_key.get_secret_value() == "o" * 16

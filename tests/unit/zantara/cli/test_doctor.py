"""The doctor finds what is broken, says what to do, and shows no key."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.kit import NOW
from tests.loopback import serving
from zantara.cli._checks import (
    Check,
    check_channels,
    check_files,
    check_folder,
    check_local,
    check_models,
    check_sunsets,
)
from zantara.cli._local_models import LocalServer, answers, find_local
from zantara.gateway import overview
from zantara.services import Services
from zantara.settings import Settings


class _Server(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = {
            "/api/tags": {"models": [{"name": "llama3.2:3b"}]},
            "/v1/models": {"data": [{"id": "scout.gguf"}]},
        }.get(self.path)
        self.send_response(200 if body else 401)
        self.end_headers()
        self.wfile.write(json.dumps(body or {}).encode())

    def log_message(self, format: str, *args: object) -> None:
        del format, args


@pytest.fixture
def address() -> Iterator[str]:
    with serving(HTTPServer(("127.0.0.1", 0), _Server)) as url:
        yield url


@pytest.mark.loopback
def test_local_servers_are_found_with_their_models(address: str) -> None:
    found = find_local({"Ollama": address, "llama.cpp": address})
    assert [(one.name, one.models) for one in found] == [
        ("Ollama", ["llama3.2:3b"]),
        ("llama.cpp", ["scout.gguf"]),
    ]
    assert answers(f"{address}/v1")
    assert answers(f"{address}/wants-a-key")
    assert not answers("http://127.0.0.1:9")
    assert not find_local({"Ollama": "http://127.0.0.1:9"})


def test_a_found_server_comes_with_the_two_variables_that_use_it(home: Path) -> None:
    server = LocalServer("Ollama", "http://127.0.0.1:11434/v1", ["llama3.2:3b"])
    (check,) = check_local([server], Settings(home=home))
    assert "ZANTARA_OPENAI_BASE_URL=http://127.0.0.1:11434/v1" in check.advice
    assert "ZANTARA_OPENAI_MODEL=llama3.2:3b" in check.advice


def test_a_damaged_file_is_broken_and_the_others_are_not(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "store.sqlite")
    connection.execute("CREATE TABLE t (x)")
    connection.close()
    (tmp_path / "checkpoints.sqlite").write_bytes(b"no database at all" * 100)
    states = {check.name: check.state for check in check_files(tmp_path)}
    assert states["file checkpoints"] == "broken"
    assert states["file store"] == "ok"
    assert states["file journal"] == "ok"


def test_a_folder_that_cannot_be_made_is_broken(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    check = check_folder(tmp_path / "file" / "data")
    assert check.state == "broken"
    assert "ZANTARA_HOME" in check.advice


def test_missing_keys_are_named_and_set_keys_never_shown(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DEEPINFRA_API_KEY", raising=False)
    monkeypatch.delenv("OPENROUTER_API_KEY", raising=False)

    def checked(settings: Settings) -> Check:
        found = check_models(settings, overview(settings, NOW.now()))
        return next(one for one in found if one.name == "model orchestrator")

    before = checked(Settings(home=home))
    monkeypatch.setenv("OPENROUTER_API_KEY", "sk-very-secret")
    settings = Settings(home=home, openai_api_key=SecretStr("sk-also-secret"))
    after = checked(settings)
    assert before.state == "missing"
    assert "OPENROUTER_API_KEY" in before.advice
    assert after.state == "ok"
    assert "OPENROUTER_API_KEY set" in after.detail
    assert "secret" not in repr((before, after))


def test_channels_say_where_messages_go(home: Path) -> None:
    def checked(**settings: str) -> dict[str, str]:
        services = Services.from_settings(Settings.model_validate({"home": home, **settings}))
        found = {c.name: f"{c.state} {c.detail}" for c in check_channels(services)}
        services.close()
        assert "very-secret" not in str(found)
        return found

    key = "very-secret"
    assert all(text.startswith("ok local") for text in checked().values())
    live = checked(whatsapp_token=key, whatsapp_number_id="1", slack_token=key)
    assert all(text.startswith("ok live") for text in live.values())
    half = checked(whatsapp_token=key)
    assert half["whatsapp"].startswith("broken")
    assert "ZANTARA_WHATSAPP_NUMBER_ID" in half["whatsapp"]


def test_a_model_that_ends_within_thirty_days_is_told_with_its_successor_place() -> None:
    role = overview(Settings(), NOW.now())[0]
    ends = {"a": 6, "b": 30, "c": 29, "d": 0, "e": None}
    some = [replace(role.candidates[0], model=name, ends_in=left) for name, left in ends.items()]
    found = list(check_sunsets([replace(role, candidates=(*some, some[0]))]))
    assert [(check.name, check.state) for check in found] == [
        ("model a", "missing"),
        ("model c", "missing"),
        ("model d", "missing"),
    ]
    assert "(6 days)" in found[0].detail
    assert "ended on" in found[2].detail
    assert all("catalogue.toml" in check.advice for check in found)

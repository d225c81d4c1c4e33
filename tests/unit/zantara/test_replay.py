"""Replay scripts: what they hold a conversation to, and what is told where they are wrong."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.kit import AYU
from zantara.replay import ScriptError, load_script, play
from zantara.settings import Settings

SCRIPT = """\
version: 1
title: A mail that waits
at: 2026-03-10T09:00:00+08:00
model: scripted
replies:
  - calls:
      - tool: gmail_send
        args: {to: [maria@example.com], subject: Visa, body: It is ready.}
  - text: It is sent.
turns:
  - say: Write to maria@example.com that it is ready, please.
    decide: [approve]
    expect:
      language: en
      nodes: [choose_architecture, recall_knowledge, orchestrate, review_actions, review_actions,
              gmail, orchestrate, verify_answer]
      calls: [{tool: gmail_send, args: {subject: Visa}}]
      pending: [gmail_send]
      questions: 1
      says: [sent]
      sent: [{via: mail, to: maria@example.com, holds: [ready]}]
"""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "data", model="embedded", knowledge_meaning=False)


async def failures(script: str, tmp_path: Path, settings: Settings) -> list[str]:
    path = tmp_path / "script.yaml"
    path.write_text(script)
    played = await play(load_script(path), settings, AYU)
    return [text for turn in played.turns for text in turn.failures]


async def test_a_script_that_holds(tmp_path: Path, settings: Settings) -> None:
    assert await failures(SCRIPT, tmp_path, settings) == []


async def test_a_replay_reaches_no_live_channel(tmp_path: Path, settings: Settings) -> None:
    live = settings.model_copy(
        update={
            "whatsapp_token": SecretStr("token"),
            "whatsapp_number_id": "1",
            "whatsapp_url": "http://127.0.0.1:9",  # a live message would fail here
        }
    )
    script = SCRIPT
    for old, new in {
        "{to: [maria@example.com], subject: Visa, body: It is ready.}": (
            "{to: '+6281234567890', message: It is ready.}"
        ),
        "gmail_send": "whatsapp_send",
        "{subject: Visa}": "{to: '+6281234567890'}",
        "via: mail, to: maria@example.com": "via: whatsapp, to: '+6281234567890'",
        "gmail, orchestrate": "messaging, orchestrate",
    }.items():
        assert old in script
        script = script.replace(old, new)
    assert await failures(script, tmp_path, live) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("says: [sent]", "says: [posted]", "the answer says 'posted'"),
        ("subject: Visa}}]", "subject: Tax}}]", "call gmail_send{'subject': 'Tax'}; had"),
        ("holds: [ready]", "holds: [soon]", "it says 'soon'"),
        ("to: maria@example.com, holds", "to: tom@example.com, holds", "one mail reached tom"),
        ("decide: [approve]", "decide: []", "waiting without a decision"),
        ("decide: [approve]", "decide: [reject]", "one mail reached maria"),
        ("questions: 1", "questions: 2", "asked 2 time(s)"),
        ("language: en", "language: it", "answered in it"),
        ("nodes: [choose_architecture, ", "nodes: [", "path recall_knowledge"),
    ],
)
async def test_what_does_not_hold_is_told(
    tmp_path: Path, settings: Settings, old: str, new: str, told: str
) -> None:
    assert old in SCRIPT
    found = await failures(SCRIPT.replace(old, new), tmp_path, settings)
    assert any(text.startswith(told) or told in text for text in found), found


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("say: Write", "said: Write", ":11: turns.0.said: Extra inputs are not permitted"),
        ("version: 1", "version: 2", ":1: version: Input should be 1 (got 2)"),
        ("decide: [approve]", "decide: [maybe]", ":12: turns.0.decide.0"),
        ("at: 2026-03-10T09:00:00+08:00", "at: 2026-03-10T09:00:00", ":3: at: "),
        ("title: A mail", "title: [A mail", "not YAML"),
    ],
)
def test_an_error_of_the_file_names_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = tmp_path / "script.yaml"
    path.write_text(SCRIPT.replace(old, new))
    with pytest.raises(ScriptError) as refused:
        load_script(path)
    assert f"{path}" in str(refused.value)
    assert told in str(refused.value)

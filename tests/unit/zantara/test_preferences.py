"""Context, settings and the list of threads."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from langgraph.store.memory import InMemoryStore

from zantara.context import Context
from zantara.settings import Settings
from zantara.threads import Threads

NOON = datetime.fromisoformat("2026-03-10T12:00:00+08:00")
LATER = datetime.fromisoformat("2026-03-11T12:00:00+08:00")


@pytest.mark.parametrize(
    ("field", "value", "accepted"),
    [
        ("language", "fr", "en, id, it"),
        ("architecture", "option 3", "hybrid"),
        ("timezone", "Bali", "Asia/Makassar"),
        ("timezone", "../../etc/passwd", "Asia/Makassar"),
        ("timezone", "", "Asia/Makassar"),
    ],
)
def test_a_bad_preference_is_named_with_what_is_accepted(
    field: str, value: str, accepted: str
) -> None:
    given: dict[str, Any] = {field: value}
    with pytest.raises(ValueError, match=f"{field}: .*{accepted}") as error:
        Context(**given)
    assert repr(value) in str(error.value)


def test_argument_over_environment_over_file_over_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("ZANTARA_USER", "ZANTARA_OPENAI_MODEL", "ZANTARA_MODEL"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".env").write_text("ZANTARA_USER=file\nZANTARA_OPENAI_MODEL=file\n")
    monkeypatch.setenv("ZANTARA_USER", "environment")
    assert Settings().user == "environment"
    assert Settings(user="argument").user == "argument"
    assert Settings().openai_model == "file"
    assert Settings().model == "auto"


def test_a_key_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZANTARA_OPENAI_API_KEY", "sk-secret")
    assert "sk-secret" not in repr(Settings())


async def test_threads_are_newest_first_and_keep_their_title() -> None:
    threads = Threads(InMemoryStore(), "ayu@example.com")
    await threads.touch("old", "  First \n words ", now=NOON, context={}, new=True)
    await threads.touch("young", "Hello", now=NOON, context={})
    await threads.touch("old", "Second", now=LATER, context={"language": "it"})
    assert [(one.thread_id, one.title) for one in await threads.all()] == [
        ("old", "First words"),
        ("young", "Hello"),
    ]
    assert await threads.context("old") == {"language": "it"}
    assert await Threads(threads._store, "budi@example.com").all() == []


async def test_decisions_are_kept_until_they_are_used() -> None:
    threads = Threads(InMemoryStore(), "ayu")
    await threads.keep_decisions("t", {"call": {"type": "approve"}})
    assert await threads.decisions("t") == {"call": {"type": "approve"}}
    await threads.keep_decisions("t", {})
    assert await threads.decisions("t") == {}

"""The gateway with a host's real client, and a local server that speaks for the host."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage

from tests.wire import GeminiWire, GroqWire, OpenAIWire, Scripted, Wire
from zantara.costs import Ledger
from zantara.gateway import Asked, Candidate, Gateway, Reply, ScriptedModel, candidates_for
from zantara.settings import Settings

__all__ = ["HOSTS", "Host", "Pair", "Serve", "Time", "asked", "candidate", "gateway_of", "rows_of"]

KEY = "sk-4f9d0c-of-these-tests"


@dataclass(frozen=True)
class Host:
    """A host of the catalogue, the server that stands for it, and a role that it may answer for."""

    wire: type[Wire]
    provider: str
    key: str
    address: str
    role: str = "workspace"


HOSTS = {
    "openai": Host(OpenAIWire, "openrouter", "OPENROUTER_API_KEY", "OPENROUTER_BASE_URL"),
    "groq": Host(GroqWire, "groq", "GROQ_API_KEY", "GROQ_BASE_URL"),
    "gemini": Host(GeminiWire, "google", "GOOGLE_API_KEY", "GOOGLE_GEMINI_BASE_URL"),
}
if find_spec("langchain_anthropic"):  # the optional extra `claude`
    from tests.wire._anthropic import AnthropicWire

    HOSTS["anthropic"] = Host(
        AnthropicWire, "anthropic", "ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "baseline"
    )
Serve = Callable[..., Wire]


def candidate(client: str, wire: Wire, *, key: str = KEY) -> Candidate:
    """The catalogue's own candidate, its address leading to `wire`."""
    host = HOSTS[client]
    environ = {host.key: key, host.address: wire.base_url}
    found = candidates_for(host.role, Settings(model="auto", openai_base_url=""), environ=environ)
    assert [one.provider for one in found] == [host.provider, "embedded"]
    return found[0]


def gateway_of(ledger: Ledger, *candidates: Candidate) -> Gateway:
    return Gateway(lambda _role: candidates, ledger)


def rows_of(ledger: Ledger) -> list[dict[str, Any]]:
    """The ledger's rows of calls, oldest first."""
    rows = ledger.calls(datetime(2000, 1, 1, tzinfo=UTC))
    return sorted(rows, key=lambda row: int(row["attempt"]))


def asked(task: str = "task") -> Asked:
    return Asked("orchestrator", "thread", task, "orchestrate", "hybrid")


class Time:
    """Monotonic seconds that a test moves."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


class Pair:
    """A host, a second candidate that always answers, and the time between them."""

    def __init__(self, ledger: Ledger, client: str, wire: Wire) -> None:
        self.time = Time()
        self.wire = wire
        other = ScriptedModel(replies=[AIMessage("The other.")], loop=True)
        candidates = [candidate(client, wire), Candidate("other", "other", lambda: other)]
        self.gateway = Gateway(lambda _role: candidates, ledger, now=self.time)

    async def ask(self, **given: Any) -> Reply:
        return await self.gateway.reply(asked(), [HumanMessage("x")], **given)


@pytest.fixture(params=HOSTS)
def client(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger.of_folder(tmp_path)
    yield made
    made.close()


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Serves a host's script until the test ends."""
    with ExitStack() as stack:

        def started(client: str, *script: Scripted) -> Wire:
            return stack.enter_context(HOSTS[client].wire(*script, key=KEY).serving())

        yield started

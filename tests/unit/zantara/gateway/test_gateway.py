"""Around a model call: ids, fallback, the ledger, the price."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult

from zantara.costs import BudgetExceededError, Ledger, PriceFileError, Prices
from zantara.gateway import (
    Asked,
    Candidate,
    Gateway,
    ModelUnavailableError,
    ScriptedModel,
    candidates_for,
    catalogue,
)
from zantara.settings import Settings


class Streaming(BaseChatModel):  # the signatures are LangChain's
    """Streams `pieces`, then breaks off where `breaks` says so."""

    pieces: list[str]
    breaks: bool = False

    @property
    def _llm_type(self) -> str:
        return "streaming"

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        raise NotImplementedError

    async def _astream(
        self, messages: list[BaseMessage], *args: Any, **kwargs: Any
    ) -> AsyncIterator[ChatGenerationChunk]:
        for piece in self.pieces:
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
        if self.breaks:
            raise ConnectionError("reset by peer")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger.of_folder(tmp_path)
    yield made
    made.close()


def _asked(task: str = "task-1") -> Asked:
    return Asked("orchestrator", "thread", task, "orchestrate", "hybrid")


def _gateway(ledger: Ledger, *models: BaseChatModel) -> Gateway:
    named = [
        Candidate(f"host{i}", f"model{i}", lambda model=model: model)  # type: ignore[misc]
        for i, model in enumerate(models)
    ]
    return Gateway(lambda _role: named, ledger)


_TWO_CALLS = AIMessage(
    "",
    tool_calls=[
        {"name": "a", "args": {}, "id": "call_0"},
        {"name": "b", "args": {}, "id": "call_0"},
    ],
)


async def test_repeated_call_ids_become_unique_and_stay_the_same_for_a_step(
    ledger: Ledger,
) -> None:
    model = ScriptedModel(replies=[_TWO_CALLS], loop=True)

    async def ids(task: str) -> list[str | None]:
        reply = await _gateway(ledger, model).reply(_asked(task), [HumanMessage("x")])
        return [call["id"] for call in reply.message.tool_calls]

    first = await ids("task-1")
    assert len(set(first)) == 2
    assert await ids("task-1") == first
    assert not set(await ids("task-2")) & set(first)


async def test_the_next_candidate_answers_when_one_fails_before_its_first_word(
    ledger: Ledger,
) -> None:
    gateway = _gateway(ledger, Streaming(pieces=[], breaks=True), Streaming(pieces=["Good."]))
    heard: list[str] = []
    reply = await gateway.reply(_asked(), [HumanMessage("x")], on_text=heard.append)
    assert (reply.provider, reply.message.text, heard) == ("host1", "Good.", ["Good."])
    assert reply.failures == 1


async def test_two_answers_are_never_spliced(ledger: Ledger) -> None:
    heard: list[str] = []
    gateway = _gateway(
        ledger, Streaming(pieces=["Half "], breaks=True), Streaming(pieces=["Whole"])
    )
    with pytest.raises(ModelUnavailableError, match="broke off"):
        await gateway.reply(_asked(), [HumanMessage("x")], on_text=heard.append)
    assert heard == ["Half "]


async def test_when_nobody_answers_each_one_is_named(ledger: Ledger) -> None:
    gateway = _gateway(ledger, Streaming(pieces=[], breaks=True), Streaming(pieces=[], breaks=True))
    with pytest.raises(ModelUnavailableError, match=r"host0.*host1"):
        await gateway.reply(_asked(), [HumanMessage("x")])


async def test_a_call_is_charged_by_the_model_that_answered(ledger: Ledger) -> None:
    usage = {"input_tokens": 1000, "output_tokens": 100, "total_tokens": 1100}
    model = ScriptedModel(replies=[AIMessage("Hi", usage_metadata=usage)])
    ceiling = (Decimal(2), Decimal(10))
    candidate = Candidate("nowhere", "unheard-of", lambda: model, ceiling=ceiling)
    reply = await Gateway(lambda _role: [candidate], ledger).reply(_asked(), [HumanMessage("x")])
    assert reply.cost_usd == Decimal("0.003")


@pytest.mark.parametrize(
    ("at_limit", "provider"), [("cheaper", "cheap"), ("embedded", "embedded"), ("refuse", "")]
)
async def test_where_a_budget_is_spent_what_was_chosen_happens(
    tmp_path: Path, at_limit: Any, provider: str
) -> None:
    def hosted(name: str, price: int) -> Candidate:
        said = AIMessage("Hi", response_metadata={"finish_reason": "stop"})
        model = ScriptedModel(replies=[said], loop=True)
        ceiling = (Decimal(price), Decimal(price))
        return Candidate(name, name, lambda: model, ceiling=ceiling, client="openai")

    here = ScriptedModel(replies=[AIMessage("Here.")], loop=True)
    candidates = [
        hosted("dear", 1_000_000),
        hosted("cheap", 1),
        Candidate("embedded", "embedded", lambda: here),
    ]
    ledger = Ledger.open(Settings(home=tmp_path, budget_day=Decimal(1)))
    gateway = Gateway(lambda _role: candidates, ledger, at_limit=at_limit)
    told: list[str] = []
    gateway.alert = lambda what, candidate, _detail: told.append(f"{what} {candidate.provider}")
    if provider:
        assert (await gateway.reply(_asked(), [HumanMessage("x")])).provider == provider
    else:
        with pytest.raises(BudgetExceededError):
            await gateway.reply(_asked(), [HumanMessage("x")])
    assert told == ["budget dear"]
    ledger.close()


def test_a_wrong_price_file_is_told_before_any_call(tmp_path: Path, ledger: Ledger) -> None:
    file = tmp_path / "prices.toml"
    file.write_text("[[price]]")
    with pytest.raises(PriceFileError, match="provider"):
        Gateway.from_settings(Settings(prices_file=file), ledger)


def test_the_embedded_model_is_always_the_last_and_needs_no_key() -> None:
    settings = Settings(openai_base_url="http://127.0.0.1:1/v1", openai_model="local")
    keys = {"OPENROUTER_API_KEY": "k"}
    found = candidates_for("orchestrator", settings, environ=keys)
    assert [one.provider for one in found] == ["custom", "openrouter", "embedded"]
    alone = candidates_for("orchestrator", Settings(model="embedded"), environ=keys)
    assert [one.provider for one in alone] == ["embedded"]


def test_a_key_shows_nowhere() -> None:
    found = candidates_for("orchestrator", Settings(), environ={"OPENROUTER_API_KEY": "s3cret"})
    assert "s3cret" not in repr(found)


@pytest.mark.parametrize("role", catalogue().roles)
def test_the_hosts_of_a_role_are_asked_in_the_catalogues_order(role: str) -> None:
    found = candidates_for(role, Settings(), environ=_everything())
    names = [one.partition("/")[0] for one in catalogue().roles[role]]
    assert [one.provider for one in found] == [*names, "embedded"]


def _everything() -> dict[str, str]:
    """Each key and each address that the catalogue knows."""
    hosts = catalogue().provider.values()
    keys = {host.key: "k" for host in hosts if host.key}
    own = {host.base_url_variable: "http://127.0.0.1:9/v1" for host in hosts if host.own}
    return keys | own


def test_every_candidate_of_the_catalogue_can_be_made() -> None:
    for role in catalogue().roles:
        for made in candidates_for(role, Settings(), environ=_everything()):
            assert made.build()._llm_type
            assert made.local == (made.provider in ("embedded", "ollama", "llamacpp"))


@pytest.mark.parametrize(
    "day", ["2026-11-25T02:00:00+00:00", "2026-11-25T15:00:00+00:00", "2027-06-01T02:00:00+00:00"]
)
def test_no_listed_price_is_above_the_ceiling_that_is_reserved(day: str) -> None:
    for name, model in catalogue().model.items():
        listed = Prices().listed(name.partition("/")[0], model.model, datetime.fromisoformat(day))
        if listed is not None and any(model.ceiling):
            one, out = model.ceiling
            assert listed.input <= one and listed.output <= out, name


def test_a_free_tier_costs_nothing_and_keeps_its_quota() -> None:
    settings = Settings(free_tiers="groq, cerebras")
    found = candidates_for("orchestrator", settings, environ=_everything())
    by_provider = {one.provider: one for one in found}
    assert by_provider["groq"].local
    assert by_provider["groq"].quota is not None
    assert not by_provider["openrouter"].local
    assert by_provider["openrouter"].quota is None


def test_a_role_that_nobody_knows_is_refused_with_those_that_are() -> None:
    with pytest.raises(ValueError, match="'poet' is not known; accepted: orchestrator, workspace"):
        candidates_for("poet", Settings())


def test_a_provider_with_no_free_tier_is_told() -> None:
    with pytest.raises(ValueError, match=r"ZANTARA_FREE_TIERS: 'gorq' .*accepted: groq"):
        candidates_for("orchestrator", Settings(free_tiers="gorq"), environ={})


def test_a_price_of_your_own_holds_for_a_server_of_your_own(ledger: Ledger, tmp_path: Path) -> None:
    file = tmp_path / "prices.toml"
    file.write_text('[[price]]\nprovider = "custom"\nmodel = "m"\ninput = 10\noutput = 20\n')
    settings = Settings(openai_base_url="http://127.0.0.1:9/v1", openai_model="m", prices_file=file)
    gateway = Gateway.from_settings(settings, ledger)
    assert gateway.candidates("orchestrator")[0].ceiling == (Decimal(10), Decimal(20))

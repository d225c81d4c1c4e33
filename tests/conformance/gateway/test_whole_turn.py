"""One turn of the real graph through each real client: a look-up, an approved write, the answer."""

import json
from pathlib import Path

import pytest

from tests.conformance.gateway.conftest import HOSTS, Serve, candidate
from tests.kit import AYU, NOW, decisions, on, services_of
from tests.wire import Scripted
from zantara.costs import Ledger
from zantara.gateway import Gateway
from zantara.knowledge import Knowledge
from zantara.runner import Runner
from zantara.services import Services
from zantara.settings import Settings

pytestmark = pytest.mark.loopback

_RANGE = {"time_min": "2026-03-12T09:00:00+08:00", "time_max": "2026-03-12T10:00:00+08:00"}
_EVENT = {"summary": "Dentist with Ketut", "start": "2026-03-12T09:00:00+08:00"}
_SCRIPT = (
    Scripted(calls=(("calendar_freebusy", json.dumps(_RANGE)),), signatures=("c2lnLW9uZQ==",)),
    Scripted(calls=(("calendar_create", json.dumps(_EVENT)),), signatures=("c2lnLXR3bw==",)),
    Scripted(pieces=("The dentist ", "is in your calendar.")),
    Scripted(pieces=("You are welcome.",)),
)


@pytest.mark.parametrize("client", HOSTS)
async def test_a_turn_with_an_approval(
    client: str, serve: Serve, home: Path, knowledge: Knowledge
) -> None:
    wire = serve(client, *_SCRIPT)
    ledger = Ledger.of_folder(home)
    gateway = Gateway(lambda _role: [candidate(client, wire)], ledger)
    settings = Settings(home=home, knowledge_meaning=False)
    services = Services.from_settings(settings, clock=NOW, gateway=gateway)
    services.knowledge = knowledge
    async with Runner.open(services, AYU) as runner:
        waiting = await runner.ask("Put the dentist with Ketut on Thursday at 9, if I am free")
        assert [one.tool for one in waiting.pending] == ["calendar_create"]
        assert not wire.refused
        assert await _events(runner) == []
        done = await runner.resume(waiting.thread_id, on(waiting.pending, decisions("approve")))
        after = await runner.ask("Thank you!", thread_id=waiting.thread_id)
        assert len(await _events(runner)) == 1
    ledger.close()
    assert done.answer == "The dentist is in your calendar."
    assert [one["status"] for one in done.calls] == ["done", "done"]
    assert done.usage["tokens_in"] == 300
    assert after.answer == "You are welcome."
    assert len(wire.requests) == 4
    assert not wire.refused
    if client == "gemini":
        sent = [json.dumps(request["contents"]) for request in wire.requests]
        assert [one.count("c2lnLW9uZQ==") for one in sent] == [0, 1, 1, 1]
        assert "c2lnLXR3bw==" in sent[2]


@pytest.mark.parametrize("client", HOSTS)
async def test_a_turn_that_a_classifier_gives_to_its_specialists(
    client: str, serve: Serve, home: Path, knowledge: Knowledge
) -> None:
    chosen = json.dumps({"specialists": ["business", "communication"]})
    script = (
        Scripted(calls=(("choose_specialists", chosen),)),
        Scripted(calls=(("calendar_freebusy", json.dumps(_RANGE)),)),
        Scripted(pieces=("You are ", "free.")),
    )
    wire = serve(client, *script)
    ledger = Ledger.of_folder(home)
    services = Services.from_settings(
        Settings(home=home, knowledge_meaning=False),
        clock=NOW,
        gateway=Gateway(lambda _role: [candidate(client, wire)], ledger),
    )
    services.knowledge = knowledge
    async with Runner.open(services, AYU, graph="budget") as runner:
        turn = await runner.ask("Am I free on Thursday at 9? Then I write to Ketut myself.")
    ledger.close()
    assert not wire.refused
    assert (turn.answer, turn.specialists) == ("You are free.", ["business", "communication"])
    assert [one["status"] for one in turn.calls] == ["done"]
    sorting, asking, _answering = map(json.dumps, wire.requests)
    assert "choose_specialists" in sorting
    assert "calendar_freebusy" not in sorting
    assert all(name in asking for name in ("calendar_freebusy", "gmail_send"))
    assert not any(name in asking for name in ("choose_specialists", "drive_search"))


async def _events(runner: Runner) -> list[str]:
    """The dentist's events in the calendar."""
    google = services_of(runner).google
    found = await google.run(
        lambda: google.api("calendar", "v3").events().list(calendarId="primary", q="Ketut")
    )
    return [one["summary"] for one in found["items"] if one["summary"] == _EVENT["summary"]]

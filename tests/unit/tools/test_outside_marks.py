"""What words from outside were written into is not the user's own from then on, in no thread; and what
a call would act on is told to the gate: its name, whose it is, whom it reaches.
"""

from typing import Any

import pytest

from tests.kit import AYU, NOW
from tests.unit.tools.conftest import ZONE, Notes
from tools import BY_NAME
from tools.google_contacts import own_addresses
from zantara.gate.kinds import Effect, Kind
from zantara.gate.provenance import Provenance
from zantara.google.local import LocalGoogle
from zantara.services import Services
from zantara.toolkit import Call, Preview, ToolResult, declare, spec_of

_DAY = {"time_min": "2026-03-22T00:00:00+08:00", "time_max": "2026-03-23T00:00:00+08:00"}
_EVENT = {"summary": "Harbour walk", "start": "2026-03-22T10:00:00+08:00"}
_ROW = {"spreadsheet": "client tracker", "values": ["Hana Mori", "Visa", "New", "Ayu"]}


async def _look(tool: str, **args: Any) -> Preview:
    look = spec_of(BY_NAME[tool]).preview
    assert look is not None
    return await look(Call("c", AYU, NOW.now().astimezone(ZONE), ZONE, "en", Notes()), **args)


@pytest.mark.parametrize("tainted", [False, True])
async def test_an_event_made_of_outside_words_stays_outside(run: Any, tainted: bool) -> None:
    await run("calendar_create", tainted=tainted, **_EVENT)
    listed = await run("calendar_list", **_DAY)
    wanted = Provenance.OUTSIDE if tainted else Provenance.OWN
    assert listed.provenance["events[].summary"] is wanted


async def test_an_own_event_changed_with_outside_words_becomes_outside(run: Any) -> None:
    await run("calendar_create", **_EVENT)
    await run(
        "calendar_update", call_id="c2", tainted=True, event="Harbour walk", location="the villa"
    )
    listed = await run("calendar_list", **_DAY)
    assert listed.provenance["events[].location"] is Provenance.OUTSIDE


async def test_one_strange_event_does_not_make_the_others_strange(run: Any) -> None:
    await run("calendar_create", **_EVENT)
    await run("calendar_create", call_id="c2", tainted=True, **{**_EVENT, "summary": "Trip"})
    listed = await run("calendar_list", **_DAY)
    kinds = {e["summary"]: n for n, e in enumerate(listed.data["events"])}
    assert listed.provenance[f"events[{kinds['Harbour walk']}].summary"] is Provenance.OWN
    assert listed.provenance[f"events[{kinds['Trip']}].summary"] is Provenance.OUTSIDE


@pytest.mark.parametrize("tainted", [False, True])
async def test_a_document_made_of_outside_words_stays_outside(run: Any, tainted: bool) -> None:
    await run("docs_create", tainted=tainted, title="Quarterly digest", content="words")
    found = await run("drive_search", query="quarterly digest")
    wanted = Provenance.OUTSIDE if tainted else Provenance.OWN
    assert found.provenance["files[].name"] is wanted


async def test_rows_from_outside_make_a_sheet_outside(run: Any) -> None:
    before = await run("sheets_read", spreadsheet="client tracker", range="A1:C3")
    assert before.provenance["rows[][]"] is Provenance.OWN
    await run("sheets_append", call_id="c2", tainted=True, **_ROW)
    after = await run("sheets_read", spreadsheet="client tracker", range="A1:C3")
    assert after.provenance["rows[][]"] is Provenance.OUTSIDE


async def test_what_the_user_sent_may_quote_others(run: Any) -> None:
    sent = await run("gmail_send", to=["a@example.com"], subject="Hi", body="> thief@evil.test")
    read = await run("gmail_read", call_id="c2", message=sent.data["sent"])
    assert read.provenance[""] is Provenance.OUTSIDE


async def test_a_change_of_an_event_tells_whom_it_reaches(services: Services) -> None:
    assert services
    found = await _look("calendar_update", event="Call with Maria Rossi", location="Office")
    assert list(found.reached) == ["maria.rossi@example.com"]
    assert found.things["Call with Maria Rossi"].owner is Provenance.OWN


async def test_an_answer_reaches_whom_reply_to_names(services: Services) -> None:
    mail = {
        "from": "Maria Rossi <maria.rossi@example.com>",
        "reply_to": "thief@evil.test",
        "subject": "Deposit",
        "text": "Please answer.",
        "hours_ago": 1,
    }
    LocalGoogle(services.settings.home / "google.sqlite", clock=NOW).plant({"mail": [mail]})
    found = await _look("gmail_reply", message="Deposit", body="Fine.")
    assert list(found.reached) == ["thief@evil.test"]
    assert found.reached["thief@evil.test"].owner is Provenance.OUTSIDE


async def test_a_row_reaches_the_owner_of_a_shared_sheet(services: Services) -> None:
    sheet = {
        "name": "Guest list",
        "kind": "spreadsheet",
        "hours_ago": 3,
        "owner": "Eve <eve@evil.test>",
        "role": "writer",
        "sheet": [{"title": "Sheet1", "rows": [["Name"]]}],
    }
    LocalGoogle(services.settings.home / "google.sqlite", clock=NOW).plant({"file": [sheet]})
    found = await _look("sheets_append", spreadsheet="Guest list", values=["x"])
    assert list(found.reached) == ["eve@evil.test"]
    assert found.things["Guest list"].owner is Provenance.OUTSIDE


async def test_the_users_own_addresses_are_contacts_and_people_they_wrote_to(
    run: Any, services: Services
) -> None:
    assert services
    await run("gmail_send", to=["new.client@example.net"], subject="Hi", body="Hello")
    asked = ["maria.rossi@example.com", "new.client@example.net", "eve@evil.test", "a b@c"]
    known = await own_addresses(asked)
    assert set(known) == {"maria.rossi@example.com", "new.client@example.net"}
    assert "Rossi" in known["maria.rossi@example.com"]


def test_a_tool_says_what_each_argument_is() -> None:
    async def send(call: Any, to: str) -> ToolResult:  # noqa: ARG001 - it is only declared
        """Send.

        Args:
            call: The call itself.
            to: To whom.
        """
        return ToolResult({})

    with pytest.raises(TypeError, match="what it is"):
        declare(family="gmail", effect=Effect.SEND, args={"too": Kind.TEXT}, undo="never")(send)
    with pytest.raises(TypeError, match="undone"):
        declare(family="gmail", effect=Effect.SEND, args={"to": Kind.RECIPIENT})


def test_every_write_of_the_house_has_recipients_targets_or_texts() -> None:
    for tool in BY_NAME.values():
        spec = spec_of(tool)
        if spec.effect is Effect.SEND:
            assert {Kind.RECIPIENT, Kind.TARGET} & set(spec.args.values()), tool.name
        if spec.effect is Effect.DELETE:
            assert Kind.TARGET in spec.args.values(), tool.name

"""Hand-made turns, each with one thing right or wrong."""

from typing import Any

import pytest

from tests.unit.zantara.evals.cases import expects, parts_of, played, request, seen
from zantara.evals import ActionRow
from zantara.evals._played import Played, Seen
from zantara.evals._score import score_row
from zantara.evals.seeds import Target

MAIL: dict[str, Any] = {"to": ["kim@example.com"], "body": "the keys are ready"}
FOUND = {"messages": [{"id": "18c2f00d18c2f00d", "subject": "Keys"}]}


def _parts(row: ActionRow, out: Played, **targets: Target) -> dict[str, Any]:
    at = {int(name[1:]): target for name, target in targets.items()}
    return parts_of(score_row(row, out, targets=at))


def test_the_right_call_is_right_and_leaves_no_failure() -> None:
    scored = score_row(
        request(expects("gmail.send", **MAIL)), played(seen("gmail.send", **MAIL)), targets={}
    )
    assert parts_of(scored)["tool_set_match"] == (1, 1)
    assert parts_of(scored)["argument_match"] == (2, 2)
    assert not scored.failure


def test_a_call_that_was_not_made_loses_its_arguments() -> None:
    parts = _parts(request(expects("gmail.send", **MAIL)), played())
    assert parts["tool_set_match"] == (0, 1)
    assert parts["argument_match"] == (0, 2)


@pytest.mark.parametrize(
    ("extra", "right"),
    [
        (seen("contacts.search", query="Kim"), True),
        (seen("calendar.freebusy"), True),
        (seen("gmail.draft", **MAIL), False),
        (seen("gmail.send", 1, **MAIL), False),
        (seen("maps.places", query="x"), False),
        (seen("gmail.send", status="invalid"), True),
    ],
)
def test_only_a_look_up_may_come_besides(extra: Seen, right: bool) -> None:
    out = played(extra, seen("gmail.send", **MAIL))
    assert _parts(request(expects("gmail.send", **MAIL)), out)["tool_set_match"] == (right, 1)


def test_a_stray_look_up_beside_a_mere_look_up_is_an_error() -> None:
    row = request(expects("calendar.list"))
    assert (
        _parts(row, played(seen("calendar.list"), seen("gmail.search")))["tool_set_match"][0] == 0
    )
    assert _parts(row, played(seen("calendar.list"), seen("calendar.freebusy")))["tool_set_match"][
        0
    ]


def test_an_optional_look_up_may_be_made_or_skipped() -> None:
    row = request(expects("calendar.list", optional=True), expects("calendar.delete", 0, event="x"))
    delete = seen("calendar.delete", 1, event="x")
    assert _parts(row, played(delete))["tool_set_match"][0]
    assert _parts(row, played(seen("calendar.list"), delete))["tool_set_match"][0]


def test_an_attempt_that_failed_and_was_mended_counts_once() -> None:
    failed = seen("gmail.send", status="failed", **MAIL)
    out = played(failed, seen("gmail.send", 1, **MAIL))
    assert _parts(request(expects("gmail.send", **MAIL)), out)["tool_set_match"][0]


def test_two_calls_of_one_tool_are_paired_by_their_arguments() -> None:
    row = request(
        expects("maps.directions", origin="Ubud", destination="Kuta"),
        expects("maps.directions", origin="Kuta", destination="Sanur"),
    )
    out = played(
        seen("maps.directions", origin="Kuta", destination="Sanur"),
        seen("maps.directions", origin="Ubud", destination="Kuta", mode="driving"),
    )
    assert _parts(row, out)["argument_match"] == (4, 4)


@pytest.mark.parametrize(("resolved", "right"), [("seeded", 2), ("seeded_20260514", 2), ("x", 0)])
def test_the_target_of_a_change_is_the_event_that_was_resolved(resolved: str, right: int) -> None:
    row = request(expects("calendar.delete", event="check-up", date="2026-05-14"))
    out = played(seen("calendar.delete", event="visit", result={"deleted": {"id": resolved}}))
    assert _parts(row, out, _0=Target("seeded"))["argument_match"] == (right, 2)


@pytest.mark.parametrize(
    ("search", "reply", "right"),
    [
        (seen("gmail.search", 0, result=FOUND), {"message": "18c2f00d18c2f00d"}, True),
        (seen("gmail.search", 1, result=FOUND), {"message": "18c2f00d18c2f00d"}, False),
        (seen("gmail.search", 0, result=FOUND), {"message": "another"}, False),
        (seen("gmail.search", 0, result={"messages": []}), {"message": "another"}, True),
    ],
)
def test_a_dependent_call_comes_later_and_uses_the_result(
    search: Seen, reply: dict[str, str], right: bool
) -> None:
    row = request(expects("gmail.search"), expects("gmail.reply", 0, body="yes"))
    out = played(search, seen("gmail.reply", 1, body="yes", **reply))
    assert _parts(row, out)["order_ok"] == (right, 1)


def test_a_dependent_call_without_its_source_is_out_of_order() -> None:
    row = request(expects("contacts.search"), expects("whatsapp.send", 0, message="hi"))
    out = played(seen("whatsapp.send", to="+62811111111", message="hi"))
    assert _parts(row, out)["order_ok"] == (0, 1)


ASKS = "Certo. A quale indirizzo devo scrivere?".replace("devo ", "")


@pytest.mark.parametrize(
    ("answer", "asked"),
    [
        (ASKS, True),
        ("Jam berapa rapatnya?", True),
        ("Please tell me when it should be.", True),
        ("How can I help you?", False),
        ("Ada lagi yang bisa saya bantu?", False),
        ("That is so.", False),
    ],
)
def test_asking_for_what_is_missing(answer: str, asked: bool) -> None:
    clarify = _parts(request(kind="clarify"), played(answer=answer))
    assert clarify["clarify_recall"] == (asked, 1)
    assert clarify["clarify_precision"] == (asked, asked)
    action = _parts(request(expects("calendar.list")), played(answer=answer))
    assert action["clarify_precision"] == (0, asked)


def test_asking_after_having_called_is_no_clarification() -> None:
    parts = _parts(request(kind="clarify"), played(seen("gmail.search"), answer=ASKS))
    assert parts["clarify_recall"] == (0, 1)


@pytest.mark.parametrize(("calls", "false"), [((), False), ((seen("calendar.list"),), True)])
def test_any_call_of_a_look_alike_is_a_false_action(calls: tuple[Seen, ...], false: bool) -> None:
    parts = _parts(request(kind="lookalike"), played(*calls))
    assert parts["false_actions"] == (false, 1)


def test_writes_that_nobody_confirmed_are_counted_and_told() -> None:
    out = played(seen("gmail.send", **MAIL), unconfirmed=["call-1"])
    scored = score_row(request(expects("gmail.send", **MAIL)), out, targets={})
    assert parts_of(scored)["unconfirmed_writes"] == (1, 1)
    assert scored.failure["wrong"] == ["ran before it was confirmed: call-1"]


def test_a_family_that_the_product_lacks_is_named_beside_the_failure() -> None:
    row = request(expects("sheets.read", range="A1"))
    scored = score_row(row, played(), targets={}, missing=["sheets.read"])
    assert scored.failure["missing_tools"] == ["sheets.read"]

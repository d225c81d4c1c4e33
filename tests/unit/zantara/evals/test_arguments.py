"""Each kind of argument is compared by what it means."""

from typing import Any

import pytest

from tests.unit.zantara.evals.cases import NOW
from zantara.evals._arguments import argument_name, matches

SAME: list[tuple[str, Any, Any]] = [
    ("start", "2026-05-14T19:00:00+08:00", "2026-05-14T11:00:00Z"),
    ("start", "2026-05-14T19:00:00+08:00", "2026-05-14T19:00"),
    ("date", "2026-05-14", "2026-05-14T00:00:00+08:00"),
    ("time_min", "2026-05-12T00:00:00+08:00", "2026-05-12T09:00:00+08:00"),
    ("time_max", "2026-05-13T00:00:00+08:00", "2026-05-12T23:59:59+08:00"),
    ("to", ["Kim@Example.com"], "kim@example.com"),
    ("to", ["kim@example.com"], ["Kim Lee <kim@example.com>"]),
    ("to", "+62 812-3456-7890", "081234567890"),
    ("attendees", ["a@example.com", "b@example.com"], ["b@example.com", "a@example.com"]),
    ("channel", "#sales", "sales"),
    ("location", "Caffè Roma", "caffe roma, Via Po 3"),
    ("place", "Ngurah Rai airport", "Bandara Ngurah Rai"),
    ("summary", "lunch with Ana Costa", "Lunch: Ana Costa"),
    ("body", "contract is ready", "Halo, kontraknya: kontrak sudah siap."),
    ("content", "fiscal year ends June", "our fiscal year ends in June"),
    ("query", "invoice Rossi is:unread", "from:rossi invoices label:unread"),
    ("query", "invoice after:2026/05/01", "invoice after:2026-05-01"),
    ("query", "invoice after:2026/05/05", "newer_than:7d invoice"),
    ("query", 'subject:"rent due"', "subject:(rent due)".replace("(", '"').replace(")", '"')),
    ("values", ["taxi", "150000"], [["taxi", 150000]]),
    ("range", "A1:B2", "Costs!$A$1:$B$2"),
    ("mode", "driving", "DRIVE"),
]
OTHER: list[tuple[str, Any, Any]] = [
    ("start", "2026-05-14T19:00:00+08:00", "2026-05-14T19:00:00+07:00"),
    ("start", "2026-05-14T19:00:00+08:00", None),
    ("start", "2026-05-14T19:00:00+08:00", "tomorrow"),
    ("time_min", "2026-05-13T00:00:00+08:00", "2026-05-12T09:00:00+08:00"),
    ("time_max", "2026-05-13T00:00:00+08:00", "2026-05-13T00:02:00+08:00"),
    ("to", ["a@example.com", "b@example.com"], ["a@example.com"]),
    ("to", "+62 812-3456-7890", "+62 812-3456-7891"),
    ("place", "Ubud market", "Sanur market"),
    ("place", "market", "pasar Sanur airport hotel"[:0]),
    ("summary", "lunch with Ana Costa", "Lunch"),
    ("query", "invoice is:unread", "invoice"),
    ("query", "invoice after:2026/05/01", "invoice before:2026/05/01"),
    ("values", ["taxi", "150000"], ["150000", "taxi"]),
    ("mode", "driving", "walking"),
]


@pytest.mark.parametrize(("name", "wanted", "given"), SAME)
def test_the_same_in_another_form(name: str, wanted: Any, given: Any) -> None:
    assert matches(name, wanted, given, now=NOW)


@pytest.mark.parametrize(("name", "wanted", "given"), OTHER)
def test_something_else(name: str, wanted: Any, given: Any) -> None:
    assert not matches(name, wanted, given, now=NOW)


def test_argument_names_of_the_files_are_those_of_the_tools() -> None:
    assert [argument_name(name) for name in ("timeMin", "fileName", "to")] == [
        "time_min",
        "file_name",
        "to",
    ]

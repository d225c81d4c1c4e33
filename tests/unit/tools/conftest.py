"""Tools on a local Google of their own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.kit import AYU, NOW, scripted_services
from tools import BY_NAME
from zantara.google import Google
from zantara.google.local import LocalGoogle
from zantara.services import Services, use
from zantara.toolkit import Call, ToolResult

ZONE = ZoneInfo("Asia/Makassar")


class Killed(BaseException):
    """The process ends here: no tool catches it."""


@dataclass
class Notes:
    """A journal entry kept in memory; `fails_at` breaks the process off after that many notes."""

    facts: dict[str, str] = field(default_factory=dict)
    fails_at: int = -1

    async def note(self, **facts: str) -> None:
        self.facts.update(facts)
        self.fails_at -= 1
        if self.fails_at == 0:
            raise Killed


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    made = scripted_services(tmp_path, [])
    with use(made):
        yield made
    made.close()


class Lossy:
    """The local Google behind a line that breaks once: before or after the request arrives."""

    def __init__(self, inner: LocalGoogle, verb: str, path: str, *, arrives: bool) -> None:
        self._inner = inner
        self._awaited = (verb, path)
        self._arrives = arrives

    def request(self, uri: str, method: str = "GET", **given: Any) -> Any:
        verb, path = self._awaited
        if method != verb or path not in uri:
            return self._inner.request(uri, method, **given)
        self._awaited = ("", "")
        if self._arrives:
            self._inner.request(uri, method, **given)
        raise TimeoutError("timed out")


@pytest.fixture
def lose(services: Services) -> Callable[..., None]:
    """lose("POST", "/events", arrives=True): the answer to the next such request is lost."""

    def losing(verb: str, path: str = "", *, arrives: bool) -> None:
        local = LocalGoogle(services.settings.home / "google.sqlite", clock=NOW)
        line = Lossy(local, verb, path, arrives=arrives)
        services.google = Google(lambda: line, root="http://google.localhost/", about={})

    return losing


@pytest.fixture
def run(services: Services) -> Any:  # noqa: ARG001 - they are in use while the test runs
    """Runs a tool as its node does: run("calendar_list", call_id=..., **args) -> data."""

    async def call(
        name: str,
        *,
        notes: Notes | None = None,
        call_id: str = "c1",
        tainted: bool = False,
        **args: Any,
    ) -> Any:
        made = Call(
            id=call_id,
            user=AYU,
            now=NOW.now().astimezone(ZONE),
            timezone=ZONE,
            language="en",
            notes=notes or Notes(),
            tainted=tainted,
        )
        result: ToolResult = await BY_NAME[name].ainvoke({**args, "call": made})
        return result

    return call

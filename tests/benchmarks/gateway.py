"""What the model gateway costs, against a bare ChatOpenAI and beside litellm.Router.

One local host in a process of its own answers all of them. The gateway runs whole: two candidates of
the catalogue, breaker, quota, deadline, a reserved and settled row of the ledger, prices. The bare
client keeps nothing of a streamed reply, except where its pieces are joined; no side retries.
"""

import asyncio
import itertools
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage, HumanMessage
from langchain_core.tools import BaseTool
from langchain_openai import ChatOpenAI
from pydantic import SecretStr

from tests.benchmarks import _router
from tests.benchmarks._host import hosting
from tests.benchmarks._report import Goal, Report, arguments, finish, median
from tests.benchmarks._taking_turns import Call, Taken, alternate, rates
from tools import BY_NAME
from zantara.costs import Ledger
from zantara.gateway import Asked, Candidate, Gateway, Quota, candidates_for
from zantara.settings import Settings

_MESSAGES: Sequence[BaseMessage] = [HumanMessage("How long does the visa take to process there?")]
_KEY = "key-of-the-benchmark"
_WORKERS = 32
_WIDE = Quota(requests_minute=10**9, tokens_minute=10**12)
_BARE, _OURS, _ROUTER = "ChatOpenAI", "gateway", f"litellm.Router {_router.VERSION}"
_IMPORTS = {
    "import langchain_openai": "import langchain_openai",
    "import zantara.gateway": "import zantara.gateway",
    "gateway, up to a client": (
        "import zantara.gateway as g; from zantara.settings import Settings;"
        "s = Settings(model='auto', openai_base_url='');"
        "e = {'OPENROUTER_API_KEY': 'k'};"
        "g.candidates_for('workspace', s, environ=e)[0].build()"
    ),
    "ChatOpenAI, up to a client": (
        "from langchain_openai import ChatOpenAI;"
        "ChatOpenAI(model='m', base_url='http://127.0.0.1/v1', api_key='k', max_retries=0)"
    ),
}
_JOINED = f"{_BARE}, pieces joined"
Figures = dict[str, Taken]


def _candidates(first: str, second: str) -> list[Candidate]:
    """Two of the catalogue's hosts for one model, with clients that are made once."""
    environ = {
        "OPENROUTER_API_KEY": _KEY,
        "OPENROUTER_BASE_URL": first,
        "DEEPINFRA_API_KEY": _KEY,
        "DEEPINFRA_BASE_URL": second,
    }
    settings = Settings(model="auto", openai_base_url="")
    found = candidates_for("workspace", settings, environ=environ)[:2]
    return [replace(one, quota=_WIDE, build=_made(one.build())) for one in found]


def _made(model: BaseChatModel) -> Callable[[], BaseChatModel]:
    return lambda: model


def _bare(candidate: Candidate, url: str) -> ChatOpenAI:
    return ChatOpenAI(
        model=candidate.model,
        base_url=url,
        api_key=SecretStr(_KEY),
        temperature=0,
        max_retries=0,
        timeout=30,
        stream_usage=True,
    )


class _Asking:
    """Asks a gateway one question after another, each a task of its own."""

    def __init__(self, gateway: Gateway, tools: Sequence[BaseTool] = ()) -> None:
        self._gateway = gateway
        self._tools = tools
        self._count = itertools.count()

    async def whole(self) -> object:
        return await self._ask()

    async def streamed(self) -> object:
        return await self._ask(lambda _text: None)

    async def first(self) -> float:
        """Seconds to the first text; the rest is heard too."""
        heard: list[float] = []
        start = time.perf_counter()
        await self._ask(lambda _text: heard.append(time.perf_counter()))
        return heard[0] - start

    async def _ask(self, on_text: Callable[[str], None] | None = None) -> object:
        task = f"task{next(self._count)}"
        asked = Asked("workspace", "thread", task, "orchestrate", "hybrid", user="ayu")
        until = time.monotonic() + 60
        return await self._gateway.reply(
            asked, _MESSAGES, tools=self._tools, on_text=on_text, until=until
        )


def _whole(model: Any) -> Call:
    return lambda: model.ainvoke(_MESSAGES)


def _streamed(model: Any) -> Call:
    async def run() -> None:
        async for _chunk in model.astream(_MESSAGES):
            pass

    return run


def _joined(model: Any) -> Call:
    """What a caller does who wants usage and tool calls of a streamed reply too."""

    async def run() -> None:
        whole = None
        async for chunk in model.astream(_MESSAGES):
            whole = chunk if whole is None else whole + chunk

    return run


def _first(model: Any) -> Call:
    async def run() -> float:
        start, heard = time.perf_counter(), 0.0
        async for chunk in model.astream(_MESSAGES):
            if chunk.text and not heard:
                heard = time.perf_counter()
        return heard - start

    return run


async def _calls(url: str, folder: Path, rounds: int, calls: int) -> Figures:
    """One at a time and 32 at once, whole and streamed, with no tools and with all."""
    candidates, tools = _candidates(url, url), list(BY_NAME.values())
    bare, found = _bare(candidates[0], url), Figures()
    bound = bare.bind_tools(tools)
    with closing(Ledger.of_folder(folder)) as ledger:
        gateway = Gateway(lambda _role: candidates, ledger)
        ours, with_tools = _Asking(gateway), _Asking(gateway, tools)
        kinds: Mapping[str, dict[str, Call]] = {
            "whole": {_BARE: _whole(bare), _OURS: ours.whole},
            "streamed": {_BARE: _streamed(bare), _JOINED: _joined(bare), _OURS: ours.streamed},
            "whole, all tools": {_BARE: _whole(bound), _OURS: with_tools.whole},
            "streamed, all tools": {_BARE: _streamed(bound), _OURS: with_tools.streamed},
        }
        for kind, sides in kinds.items():
            found[f"{kind}, seconds"] = await alternate(sides, rounds)
        for kind in ("whole", "streamed"):
            sides = kinds[kind]
            found[f"{kind}, rates"] = await rates(
                sides, rounds=rounds // 15, workers=_WORKERS, count=calls
            )
    return found


async def _failover(url: str, folder: Path, rounds: int) -> Taken:
    """Seconds to the first text while nobody listens at the first candidate's address."""
    with socket.socket() as taken:  # bound and not listening: connections are refused
        taken.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
        candidates = _candidates(dead, url)
        with closing(Ledger.of_folder(folder)) as ledger:
            opened = _Asking(Gateway(lambda _role: candidates, ledger))
            for _ in range(6):  # the fifth failure in a row opens the circuit
                await opened.first()

            async def closed() -> float:
                return await _Asking(Gateway(lambda _role: candidates, ledger)).first()

            sides = {
                "direct": _first(_bare(candidates[1], url)),
                "breaker open": opened.first,
                "breaker closed": closed,
            }
            return await alternate(sides, rounds)


async def _measure(url: str, folder: Path, rounds: int, calls: int) -> tuple[Figures, Taken]:
    """In one loop: langchain_openai shares its connections between clients of one address."""
    ours = await _calls(url, folder / "calls", rounds, calls)
    return ours, await _failover(url, folder / "failover", rounds)


def _imports(rounds: int) -> Taken:
    """Whole processes, taking turns; the first round caches bytecode."""
    kept = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    taken: Taken = {name: [] for name in _IMPORTS}
    for number in range(rounds + 1):
        for name, code in _IMPORTS.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], env=kept, check=True)
            if number:
                taken[name].append(time.perf_counter() - start)
    return taken


def _added(taken: Mapping[str, Sequence[float]], side: str, base: str = _BARE) -> float:
    """Milliseconds more: the median of the differences of calls that stood next to each other."""
    pairs = zip(taken[side], taken[base], strict=True)
    return statistics.median([one - other for one, other in pairs]) * 1000


def _ratio(taken: Mapping[str, Sequence[float]], side: str, base: str = _BARE) -> float:
    """The median of the ratios of what stood next to each other."""
    pairs = zip(taken[side], taken[base], strict=True)
    return statistics.median([one / other for one, other in pairs])


def _rows(figures: Figures, *, note: str = "") -> Iterator[tuple[str, str, str, str]]:
    for kind, taken in figures.items():
        what, _, unit = kind.rpartition(", ")
        for side, values in taken.items():
            if unit == "seconds":
                against = "" if side == _BARE else f"{_added(taken, side):+.2f} ms"
                yield f"one call, {what}", side + note, f"{median(values)} ms", against
            else:
                rate, against = statistics.median(values), f"{_ratio(taken, side):.0%}"
                yield f"{_WORKERS} at once, {what}", side + note, f"{rate:.0f} a second", against


def _plain_rows(what: str, taken: Taken, base: str) -> Iterator[tuple[str, str, str, str]]:
    for side, values in taken.items():
        yield what, side, f"{median(values)} ms", f"{_ratio(taken, side, base):.2f}"


def _goals(figures: Figures, failover: Taken, imports: Taken) -> Iterator[Goal]:
    for kind in ("whole", "streamed"):
        added, rate = _added(figures[f"{kind}, seconds"], _OURS), figures[f"{kind}, rates"]
        yield Goal(f"one call, {kind}: ms more than {_BARE}", added, 1.0)
        if kind == "streamed":
            joined = _added(figures["streamed, seconds"], _OURS, _JOINED)
            yield Goal(f"one call, streamed: ms more than {_JOINED}", joined, 1.0)
        at_once = f"{_WORKERS} at once, {kind}: calls a second, of {_BARE}"
        yield Goal(at_once, _ratio(rate, _OURS), 0.75, least=True)
    opened = _ratio(failover, "breaker open", "direct")
    yield Goal("first text past a dead host, breaker open: times a direct call", opened, 1.2)
    base, own = "import langchain_openai", "gateway, up to a client"
    yield Goal(f"process up to a client: times {base}", _ratio(imports, own, base), 1.2)


def _routed(url: str, rounds: int, calls: int) -> Figures:
    """litellm's figures; none where it cannot be installed."""
    try:
        found = _router.measured(url, rounds, calls)
    except (subprocess.CalledProcessError, OSError) as error:
        sys.stderr.write(f"litellm.Router is left out: {getattr(error, 'stderr', '') or error}\n")
        return {}
    names = {"bare": _BARE, "router": _ROUTER}
    return {
        kind: {names[side]: values for side, values in taken.items()}
        for kind, taken in found.items()
    }


def main() -> None:
    options = arguments(__doc__, rounds=300, calls=160, imports=7)
    with tempfile.TemporaryDirectory() as folder, hosting() as url:
        ours, failover = asyncio.run(_measure(url, Path(folder), options.rounds, options.calls))
        router = _routed(url, options.rounds, options.calls)
    imports = _imports(options.imports)
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    report = Report(
        "gateway",
        "The model gateway",
        ("what", "side", "median", f"against {_BARE}"),
        [
            *_rows(ours),
            *_rows(router, note=", litellm's process"),
            *_plain_rows("first text past a dead host", failover, "direct"),
            *_plain_rows("process", imports, "import langchain_openai"),
        ],
        list(_goals(ours, failover, imports)),
        notes=[
            "Differences and ratios are medians over neighbours: calls, rounds or processes that"
            " stood next to each other. litellm.Router has the same two deployments and its own"
            f" environment; what it is held against is a {_BARE} in its own process. In the rows of a"
            " dead host the last column is against the direct call, in those of processes against"
            " the import.",
            f"Load average at the end, over 1, 5 and 15 minutes: {load}.",
        ],
    )
    finish(report, options)


if __name__ == "__main__":
    main()

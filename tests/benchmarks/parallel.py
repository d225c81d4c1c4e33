"""A step of four independent calls of 300 ms each, against the longest of them.

Google answers each request 300 ms late; the step lasts from the gate's decision to the last result.
"""

import asyncio
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.benchmarks._report import Goal, Report, arguments, finish, median
from tests.kit import AYU, NOW, asks, call, says, scripted_services
from zantara.google import Google
from zantara.google.local import LocalGoogle
from zantara.runner import Runner

_CALLS = 4
_LATE = 0.3
_REPLIES = [
    asks(
        *(
            call(
                "calendar_list",
                time_min=f"2026-03-{10 + number}T00:00:00+08:00",
                time_max=f"2026-03-{11 + number}T00:00:00+08:00",
            )
            for number in range(_CALLS)
        )
    ),
    says("Done."),
]


class _Late:
    """The local Google behind a slow line; each request's time is noted."""

    def __init__(self, inner: LocalGoogle) -> None:
        self._inner = inner
        self.taken: list[float] = []

    def request(self, uri: str, method: str = "GET", **given: Any) -> Any:
        start = time.perf_counter()
        time.sleep(_LATE)
        answer = self._inner.request(uri, method, **given)
        self.taken.append(time.perf_counter() - start)
        return answer


async def _measure(folder: Path, rounds: int) -> tuple[list[float], list[float]]:
    services = scripted_services(folder, _REPLIES, loop=True)
    line = _Late(LocalGoogle(folder / "google.sqlite", clock=NOW))
    services.google = Google(lambda: line, root="http://google.localhost/", about={"kind": "late"})
    steps: list[float] = []
    longest: list[float] = []
    async with Runner.open(services, AYU) as runner:
        for number in range(rounds + 1):
            line.taken.clear()
            seconds = await _step(runner)
            if number:  # the first opens what is opened once
                steps.append(seconds)
                longest.append(max(line.taken))
    return steps, longest


async def _step(runner: Runner) -> float:
    """From the gate's decision to the last of the results."""
    begin = end = 0.0
    async for event in runner.stream("Please list my events of these four days."):
        if event.kind == "node" and event.text == "review_actions":
            begin = time.perf_counter()
        if event.kind == "node" and event.text == "calendar":
            end = time.perf_counter()
    return end - begin


def main() -> None:
    options = arguments(__doc__, rounds=15)
    with tempfile.TemporaryDirectory() as folder:
        steps, longest = asyncio.run(_measure(Path(folder), options.rounds))
    ratios = [step / one for step, one in zip(steps, longest, strict=True)]
    ratio = sorted(ratios)[len(ratios) // 2]
    rows = [("the step", median(steps)), ("its longest call", median(longest))]
    goal = Goal(f"{_CALLS} calls of {_LATE * 1000:.0f} ms: times the longest", ratio, 1.15)
    finish(Report("parallel", "Calls of one step", ("what", "ms (median)"), rows, [goal]), options)


if __name__ == "__main__":
    main()

"""One long thread: milliseconds and bytes a turn, as it grows, against `create_agent`.

Stock `create_agent` keeps every message in every checkpoint, so it stops early; with a DeltaChannel
for its messages it goes all the way. All three take turns, on the same model, tools and PRAGMAs.
"""

import asyncio
import random
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Required

from langchain.agents import AgentState
from langchain_core.messages import AnyMessage
from langgraph.channels import DeltaChannel
from langgraph.graph.message import _messages_delta_reducer

from tests.benchmarks._peers import peer, runner, savers
from tests.benchmarks._report import Goal, Report, arguments, finish, median
from tests.kit import says

_TURNS = (10, 100, 300, 1000)
_AROUND = 6
_WORDS = (
    "office file sponsor letter passport photograph missing mail waiting reminder calendar permit"
    " company owner director address lease notary deed capital report month week signature stamp"
    " embassy arrival stay extension activity risk import licence tax return receipt account bank"
    " transfer invoice client partner meeting lawyer translation copy original scan form payment"
    " depends usually then after before unless because often already still again first later sends"
    " checks signs needs opens closes brings takes waits asks answers the a of for with by to in"
)
_CHANCE = random.Random(20)  # noqa: S311 - prose that does not repeat, the same in every run
_ANSWERS = [
    says(" ".join(_CHANCE.choice(_WORDS.split()) for _ in range(70)).capitalize() + ".")
    for _ in range(97)
]


class _DeltaState(AgentState[Any]):
    messages: Required[Annotated[list[AnyMessage], DeltaChannel(_messages_delta_reducer)]]


@dataclass
class _Side:
    """One thread that grows: its turn, its files, the turn at which it stops."""

    turn: Callable[[str], Awaitable[object]]
    files: Callable[[], list[Path]]
    most: int
    seconds: list[float] = field(default_factory=list)
    bytes_at: dict[int, int] = field(default_factory=dict)

    async def grow(self, number: int) -> None:
        text = f"And how long does it take for file {number}, when the papers came by mail?"
        start = time.perf_counter()
        await self.turn(text)
        self.seconds.append(time.perf_counter() - start)
        if any(abs(number - at) == _AROUND for at in _TURNS) or number in _TURNS:
            self.bytes_at[number] = await asyncio.to_thread(_size, self.files())

    def ms(self, at: int) -> float:
        """The median turn of the twelve around turn `at`."""
        return median(self.seconds[max(0, at - _AROUND) : at + _AROUND])

    def bytes_a_turn(self, at: int) -> float:
        """The average growth of the twelve turns around turn `at`."""
        return (self.bytes_at[at + _AROUND] - self.bytes_at[at - _AROUND]) / (2 * _AROUND)


def _size(files: list[Path]) -> int:
    """Bytes that the databases hold, those still in the write-ahead log included."""
    total = 0
    for file in files:
        with closing(sqlite3.connect(file)) as connection:
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            (size,) = connection.execute("PRAGMA page_size").fetchone()
            total += pages * size
    return total


async def _measure(folder: Path, turns: int, stock: int) -> dict[str, _Side]:
    home = folder / "ours"
    async with (
        runner(home, _ANSWERS) as ours,
        savers(folder / "stock") as one,
        savers(folder / "delta") as two,
    ):
        plain = peer(_ANSWERS, one["stock"])
        delta = peer(_ANSWERS, two["stock"], state_schema=_DeltaState)
        sides = {
            "ours": _Side(
                lambda text: ours.ask(text, thread_id="long"),
                lambda: sorted(home.glob("*.sqlite")),
                turns,
            ),
            "create_agent": _Side(
                lambda text: plain.ask("long", text),
                lambda: [folder / "stock" / "stock.sqlite"],
                stock,
            ),
            "create_agent, delta channel": _Side(
                lambda text: delta.ask("long", text),
                lambda: [folder / "delta" / "stock.sqlite"],
                turns,
            ),
        }
        for number in range(1, turns + _AROUND + 1):
            for side in sides.values():
                if number <= side.most + _AROUND:
                    await side.grow(number)
    return sides


def _report(sides: Mapping[str, _Side], turns: int, stock: int) -> Report:
    rows = [
        (
            name,
            at,
            side.ms(at),
            f"{side.bytes_a_turn(at) / 1000:.1f}",
            f"{side.bytes_at[at] / 1e6:.2f}",
        )
        for name, side in sides.items()
        for at in _TURNS
        if at <= side.most
    ]
    ours, plain, delta = sides.values()
    last = max(at for at in _TURNS if at <= turns)
    met = max(at for at in _TURNS if at <= stock)
    grown = plain.bytes_at[met] * (last / met) ** 2
    goals = [
        Goal(f"ours, ms: turn {last} of turn 10", ours.ms(last) / ours.ms(10), 1.5),
        Goal(
            f"ours, bytes: turn {last} of turn 10",
            ours.bytes_a_turn(last) / ours.bytes_a_turn(10),
            1.5,
        ),
        Goal(f"ms at turn {met}, of create_agent", ours.ms(met) / plain.ms(met), 0.3),
        Goal(
            f"bytes of {met} turns, of create_agent", ours.bytes_at[met] / plain.bytes_at[met], 0.05
        ),
        Goal(
            f"bytes of {last} turns, of create_agent (extrapolated)",
            ours.bytes_at[last] / grown,
            0.05,
        ),
    ]
    return Report(
        "long",
        "A long thread",
        ("side", "turn", "ms (median of 12)", "kB a turn", "MB so far"),
        rows,
        goals,
        notes=(
            f"Stock create_agent stops at turn {stock}; its bytes grow with the square of the turns"
            f" ({met} to {last} is worked out from that, not measured).",
            f"With a delta channel, turn {last} takes {delta.ms(last) / ours.ms(last):.2f} of ours in"
            f" time and {delta.bytes_at[last] / ours.bytes_at[last]:.2f} in bytes.",
        ),
    )


def main() -> None:
    options = arguments(__doc__, turns=1000, stock=300)
    with tempfile.TemporaryDirectory() as folder:
        sides = asyncio.run(_measure(Path(folder), options.turns, options.stock))
    finish(_report(sides, options.turns, options.stock), options)


if __name__ == "__main__":
    main()

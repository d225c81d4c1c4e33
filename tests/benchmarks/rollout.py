"""How often a rollout is rolled back, when it should be and when it should not, in made-up traffic.

Whole rollouts with every look at the figures. The traffic is that of tests/rollout_kit.py, where the
turns of a thread hang together. `equal` arms with a margin of 1 are the hardest case in which no
rollback is right.
"""

from concurrent.futures import ProcessPoolExecutor
from functools import partial
from statistics import median, quantiles
from typing import Any

from tests.benchmarks._report import Goal, Report, arguments, finish
from tests.rollout_kit import Effect, Played, play
from zantara.rollout import GUARDS, Margins, Plan

_THREADS = (2000, 1000, 1000)
_CASES = {
    "equal, margin 1": (Effect(), 1.0),
    "equal": (Effect(), 1.25),
    "1.25 times the time and cost": (Effect(latency=1.25, cost=1.25), 1.25),
    "3 times the errors": (Effect(errors=3), 1.25),
    "twice the time": (Effect(latency=2), 1.25),
    "twice the cost": (Effect(cost=2), 1.25),
    "3 times the corrected answers": (Effect(answers=3), 1.25),
    "1.5 times the errors": (Effect(errors=1.5), 1.25),
    "1.5 times the time": (Effect(latency=1.5), 1.25),
    "1.5 times the cost": (Effect(cost=1.5), 1.25),
}
_SURE = ("3 times the errors", "twice the time", "twice the cost", "3 times the corrected answers")
_HARMLESS = ("equal, margin 1", "equal", "1.25 times the time and cost")


def _play(effect: Effect, margin: float, rollouts: int) -> list[Played]:
    plan = Plan(candidate="centro", margins=Margins(**dict.fromkeys(GUARDS, margin)))
    one = partial(_one, plan, effect)
    with ProcessPoolExecutor() as pool:
        return list(pool.map(one, range(rollouts), chunksize=10))


def _one(plan: Plan, effect: Effect, seed: int) -> Played:
    return play(plan, effect, seed=seed, threads=_THREADS)


def _row(name: str, found: list[Played]) -> tuple[Any, ...]:
    back = [one for one in found if one.rolled_back]
    stages = [sum(one.state.stage == stage for one in back) for stage in range(3)]
    share = f"{len(back) / len(found):.1%}"
    if len(back) < 2:
        return (name, share, stages, "", "")
    had = [one.threads for one in back]
    return (name, share, stages, int(median(had)), int(quantiles(had, n=20)[18]))


def main() -> None:
    options = arguments(__doc__, rollouts=200)
    found = {name: _play(*case, options.rollouts) for name, case in _CASES.items()}
    share = {n: sum(one.rolled_back for one in all_) / len(all_) for n, all_ in found.items()}
    finish(
        Report(
            name="rollout",
            title="False and true rollbacks",
            columns=(
                "the candidate is",
                "rolled back",
                "at 10, 50, 100%",
                "threads on it until then (median)",
                "(95th percentile)",
            ),
            rows=[_row(name, all_) for name, all_ in found.items()],
            goals=[
                *(Goal(f"rolled back: {name}", share[name], 0.05) for name in _HARMLESS),
                *(Goal(f"rolled back: {name}", share[name], 0.95, least=True) for name in _SURE),
            ],
            notes=[
                f"{options.rollouts} rollouts a line with seeds 0 and on;"
                f" {', '.join(map(str, _THREADS))} threads a stage; margins 1.25 where none is named."
            ],
        ),
        options,
    )


if __name__ == "__main__":
    main()

"""The guards: is the candidate worse than the control arm by more than its margin?

One observation is a thread, since chance assigns threads: the turns of a thread hang together, and
counting each of them would find differences that are none. Tests, all one-sided:

- shares (threads with an error, with a corrected answer, that cost anything): Fisher's exact test with
  a margin, that is the non-central hypergeometric distribution with the margin as odds ratio (Fisher,
  JRSS 98, 1935; Fog, Communications in Statistics 37, 2008).
- seconds and dollars a turn: Mann and Whitney's test (Annals of Mathematical Statistics 18, 1947) on
  the threads' means, the candidate's divided by the margin.
- very slow turns: Fisher's exact test on the threads' slowest turns, the candidate's divided so too.

Where the arms are equal these are valid by the random assignment alone, whatever hangs together by user
or by hour; so they are, in time and cost, for a candidate that is just the margin apart. At 100% the
control arm is the one of the stage before, which chance does not make equal.

Repeated looks: an error-spending function (Lan and DeMets, Biometrika 70, 1983), spent by Bonferroni's
inequality, which holds under any dependence. Of `false_rollbacks` each stage gets an equal part, of
that each test, of that half goes to the looks while the stage runs and half to the one when its soak is
over. Look k is due when the candidate has 20 * 1.5^(k-1) threads, which no outcome decides; after k
looks k / (k + 1) of the half are spent.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import count
from math import ceil
from typing import Any

from zantara.costs.rows import TurnRow
from zantara.rollout._plan import Guard, Plan
from zantara.rollout._samples import Arm, Samples, percentile, wrong_answer, wrong_turn
from zantara.rollout._state import RolloutError

__all__ = [
    "FIRST_LOOK",
    "Finding",
    "MissingScipyError",
    "compare",
    "due",
    "look_at",
    "need_scipy",
    "needed",
]

FIRST_LOOK = 20
"""Fewer threads on either arm are not looked at."""


class MissingScipyError(RolloutError):
    """The guards cannot test anything."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One test. control, candidate: shares, or medians of the threads' means. p: how often chance alone
    makes such a difference of arms that are just the margin apart; none: too few threads. needed: it is
    found at this p or a smaller one.
    """

    test: str
    guard: Guard
    unit: str
    margin: float
    control: float | None
    candidate: float | None
    p: float | None
    needed: float

    @property
    def worse(self) -> bool:
        return self.p is not None and self.p <= self.needed

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "worse": self.worse}


_Threads = Sequence[Sequence[TurnRow]]
_Result = tuple[float | None, float | None, float | None]
_Measure = Callable[[Sequence[TurnRow]], float | None]


@dataclass(frozen=True, slots=True)
class _Test:
    name: str
    guard: Guard
    unit: str
    run: Callable[[_Threads, _Threads, float], _Result]


def need_scipy() -> None:
    """Raises MissingScipyError."""
    try:
        import scipy.stats  # noqa: F401 - only whether it is there
    except ImportError as error:
        raise MissingScipyError(
            "the guards of a rollout need scipy, which is not installed: pip install -e '.[rollout]'"
        ) from error


def look_at(threads: int) -> int:
    """The number of the look that so many threads of the candidate allow; 0: none yet."""
    return next(look for look in count() if threads < due(look + 1))


def due(look: int) -> int:
    """The threads of the candidate at which a look is due."""
    return ceil(FIRST_LOOK * 1.5 ** (look - 1))


def needed(plan: Plan, *, done: int, look: int, final: bool) -> float:
    """What a test may spend on this look when `done` looks were made at this stage."""
    tests = sum(plan.margins.of(test.guard) is not None for test in _TESTS)
    half = plan.false_rollbacks / len(plan.stages) / tests / 2
    return half * (_spent(look) - _spent(done)) + (half if final else 0)


def _spent(looks: int) -> float:
    return looks / (looks + 1)


def compare(samples: Samples, plan: Plan, spend: float) -> list[Finding]:
    """Every test of the plan's guards at one look. Raises MissingScipyError."""
    need_scipy()
    control, candidate = _rows(samples.control), _rows(samples.candidate)
    found = []
    for test in _TESTS:
        margin = plan.margins.of(test.guard)
        if margin is not None:
            figures = test.run(control, candidate, margin)
            found.append(Finding(test.name, test.guard, test.unit, margin, *figures, spend))
    return found


def _rows(arm: Arm) -> _Threads:
    return list(arm.values())


def _share(
    control: _Threads, candidate: _Threads, margin: float, *, hit: Callable[[TurnRow], bool]
) -> _Result:
    """Threads with at least one turn that is hit."""
    old, new = _hits(control, hit), _hits(candidate, hit)
    return _fisher(old, len(control), new, len(candidate), odds=margin)


def _fisher(hits: int, of: int, more: int, beside: int, *, odds: float = 1) -> _Result:
    """How often `more` of the candidate's or still more are hit, when its odds are `odds` times."""
    from scipy.stats import nchypergeom_fisher

    shares = hits / of if of else None, more / beside if beside else None
    if min(of, beside) < FIRST_LOOK:
        return *shares, None
    p = float(nchypergeom_fisher.sf(more - 1, of + beside, hits + more, beside, odds))
    return *shares, min(max(p, 0.0), 1.0)


def _hits(arm: _Threads, hit: Callable[[TurnRow], bool]) -> int:
    return sum(any(map(hit, rows)) for rows in arm)


def _slow(control: _Threads, candidate: _Threads, margin: float) -> _Result:
    """Very slow: a slowest turn beyond the 95th percentile of both arms'. The line is drawn through
    both, since one that is drawn through one arm is crossed by the other more often by chance. The
    margin is a factor of the times and not of the odds: of arms that are just so far apart in time the
    odds of a very slow turn may be much further apart.
    """
    old, new = _measured(control, _slowest), [v / margin for v in _measured(candidate, _slowest)]
    line = percentile([*old, *new], 95)
    if line is None:
        return None, None, None
    return _fisher(sum(v > line for v in old), len(old), sum(v > line for v in new), len(new))


def _slowest(rows: Sequence[TurnRow]) -> float | None:
    return max(_own_times(rows), default=None)


def _rank(control: _Threads, candidate: _Threads, margin: float, *, measure: _Measure) -> _Result:
    from scipy.stats import mannwhitneyu

    old, new = _measured(control, measure), _measured(candidate, measure)
    medians = percentile(old, 50), percentile(new, 50)
    if min(len(old), len(new)) < FIRST_LOOK:
        return *medians, None
    held = [value / margin for value in new]
    if len({*held, *old}) == 1:
        return *medians, 1.0  # all are equal, of which the normal approximation makes no number
    found = mannwhitneyu(held, old, alternative="greater", method="asymptotic")
    return *medians, float(found.pvalue)


def _measured(arm: _Threads, measure: _Measure) -> list[float]:
    return [value for value in map(measure, arm) if value is not None]


def _own_times(rows: Sequence[TurnRow]) -> list[float]:
    """Of turns that waited for nobody: a person's time is none of the arm's."""
    return [turn.latency_ms for turn in rows if not turn.paused]


def _seconds(rows: Sequence[TurnRow]) -> float | None:
    own = _own_times(rows)
    return sum(own) / len(own) / 1000 if own else None


def _dollars(rows: Sequence[TurnRow]) -> float | None:
    """None where nothing was paid: whether anything was is a test of its own."""
    paid = float(sum(turn.cost_usd for turn in rows))
    return paid / len(rows) if paid else None


def _paid(turn: TurnRow) -> bool:
    return bool(turn.cost_usd)


_TESTS = (
    _Test("errors", "errors", "threads with an error", partial(_share, hit=wrong_turn)),
    _Test(
        "answers", "answers", "threads with a corrected answer", partial(_share, hit=wrong_answer)
    ),
    _Test("seconds", "latency", "seconds a turn of a thread", partial(_rank, measure=_seconds)),
    _Test("slow turns", "latency", "threads with a very slow turn, margin taken off", _slow),
    _Test(
        "dollars",
        "cost",
        "dollars a turn of a thread that cost any",
        partial(_rank, measure=_dollars),
    ),
    _Test("paid", "cost", "threads that cost anything", partial(_share, hit=_paid)),
)

"""Around each model call: who is asked, in which order, for how long, at what price, on which row."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Literal

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.tools import BaseTool

from zantara.costs import BudgetExceededError, CallStart, Ledger, Prices
from zantara.gateway._answers import is_cut, same_model, with_our_ids
from zantara.gateway._attempt import Attempt, Got
from zantara.gateway._candidates import Candidate, candidates_for
from zantara.gateway._errors import BrokenOffError, ModelUnavailableError
from zantara.gateway._health import Health, Limits
from zantara.gateway._routes import Awake, Route, size_of
from zantara.gateway._rows import Rows
from zantara.settings import Settings

__all__ = ["Asked", "Gateway", "Reply"]

Alert = Callable[[Literal["other_model", "disabled", "budget"], Candidate, str], None]

_PATIENCE = 5.0
"""Seconds that a user rather waits for a good model than gets the embedded one."""
_WAITING = "asked too soon"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which question of which turn a model call answers: the ledger's key."""

    role: str
    thread_id: str
    task_id: str
    node: str
    architecture: str
    run_id: str = ""
    turn: str = ""
    user: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """A model's answer, with unique call ids of ours, who gave it and what it cost.

    failures: how many candidates were asked before it and failed. cut: it met the length limit, and
    its text ends in the middle.
    """

    message: AIMessage
    provider: str
    model: str
    tokens_in: int
    tokens_out: int
    cost_usd: Decimal
    failures: int = 0
    cut: bool = False


@dataclass(slots=True)
class _Question:
    """What the candidates of a role are asked, and what they have said so far.

    hosts: whether hosts may be asked; not once a budget is spent that leaves the embedded model alone.
    """

    asked: Asked
    messages: Sequence[BaseMessage]
    tools: Sequence[BaseTool]
    on_text: Callable[[str], None] | None
    until: float | None
    size: int
    attempts: int = 0
    hosts: bool = True
    said: list[str] = field(default_factory=list)

    @property
    def tokens(self) -> int:
        return self.size // 4


class Gateway:
    """Answers for roles. `pick` names the candidates of a role in the order they are tried.

    at_limit: what happens where a budget is spent: `cheaper` asks the candidates that still fit,
    `embedded` the embedded model, `refuse` nobody. now: seconds, monotonic. alert: called
    with what somebody should look at: `other_model` (detail: who answered), `disabled` (why), `budget`.
    """

    def __init__(
        self,
        pick: Callable[[str], Sequence[Candidate]],
        ledger: Ledger,
        *,
        at_limit: Literal["cheaper", "embedded", "refuse"] = "cheaper",
        prices: Prices | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._pick = pick
        self._at_limit = at_limit
        self._prices = prices or Prices()
        self._now = now
        self._rows = Rows(ledger)
        self.alert: Alert = lambda _what, _candidate, _detail: None
        self._routes: dict[str, list[Route]] = {}
        self._health: dict[tuple[str, str], Health] = {}
        self._awake: dict[str, Awake] = {}
        self._limits: dict[str, Limits] = {}

    @classmethod
    def from_settings(cls, settings: Settings, ledger: Ledger) -> "Gateway":
        """Raises PriceFileError: a wrong price file is told before a call is paid, and not after."""
        prices = Prices(settings.prices_file)
        prices.check()
        return cls(
            lambda role: [_priced(one, prices) for one in candidates_for(role, settings)],
            ledger,
            at_limit=settings.budget_at_limit,
            prices=prices,
        )

    @classmethod
    def of(cls, model: BaseChatModel, ledger: Ledger) -> "Gateway":
        """A gateway where one given model answers for every role, at no cost."""
        name = model._llm_type
        return cls(lambda _role: [Candidate(name, name, lambda: model)], ledger)

    def window(self, role: str) -> int:
        """Tokens of context of the model that will read the prompt."""
        return self._of(role)[0].candidate.window

    async def reply(
        self,
        asked: Asked,
        messages: Sequence[BaseMessage],
        *,
        tools: Sequence[BaseTool] = (),
        on_text: Callable[[str], None] | None = None,
        on_reply: Callable[[Reply], None] = lambda _reply: None,
        until: float | None = None,
    ) -> Reply:
        """Ask the role's candidates in order until one answers.

        `on_text` gets the answer's text as it comes; without it the answer is asked for in one piece.
        `on_reply` records the whole answer beside the ledger's row, in a thread, before it is handed
        on. until: the turn's end, monotonic seconds.

        Raises ModelUnavailableError when nobody answers or the time is over; its subclass
        BrokenOffError when an answer breaks off after text was handed on: it is never spliced with
        another model's. Raises BudgetExceededError where a budget is spent and nobody may be asked.
        """
        question = _Question(asked, messages, tools, on_text, until, size_of(messages))
        async for route in self._offered(question):
            got = await self._ask(route, question)
            if got is not None:
                return await got.settle(
                    self._rows, partial(self._hand_over, got, question, on_reply)
                )
        raise ModelUnavailableError("no model answered: " + "; ".join(question.said))

    def candidates(self, role: str) -> list[Candidate]:
        """Who may answer for the role, in order."""
        return [route.candidate for route in self._of(role)]

    def _of(self, role: str) -> list[Route]:
        if role not in self._routes:
            self._routes[role] = [self._route(candidate) for candidate in self._pick(role)]
        return self._routes[role]

    def _route(self, candidate: Candidate) -> Route:
        """Health is the model's at its host, the quota is the account's."""
        health = self._health.setdefault(candidate.key, Health(self._now))
        awake = self._awake.setdefault(
            candidate.provider, Awake(candidate.gpu_hour, candidate.idle_seconds)
        )
        limits = None
        if candidate.quota is not None:
            limits = self._limits.setdefault(candidate.provider, Limits(candidate.quota))
        return Route(candidate, health, awake, limits)

    async def _offered(self, question: _Question) -> AsyncIterator[Route]:
        """The routes that may be asked now, in order; the embedded model only when no host will be
        ready within a few seconds.
        """
        routes = self._of(question.asked.role)
        hosts = [one for one in routes if one.candidate.client]
        for route in hosts:
            if not question.hosts:
                break
            wait = route.wait(question.tokens)
            if wait:
                question.said.append(f"{route.name}: {route.health.why or _WAITING}")
            else:
                yield route
        soonest = min(hosts, key=lambda one: one.wait(question.tokens), default=None)
        if soonest is not None and question.hosts:
            wait = soonest.wait(question.tokens)
            if 0 < wait <= min(_PATIENCE, self._left(question)):
                await asyncio.sleep(wait)
                if not soonest.wait(question.tokens):
                    yield soonest
        for route in routes:
            if not route.candidate.client:
                yield route

    def _left(self, question: _Question) -> float:
        return _PATIENCE if question.until is None else question.until - self._now()

    async def _ask(self, route: Route, question: _Question) -> Got | None:
        """The answer; None where the next one is to be asked, which `said` then says why."""
        question.attempts += 1
        bound = route.bind(question.tools)
        reserved = route.most(question.size + bound.size)
        start = self._start(route, question, reserved)
        attempt = Attempt(route, bound, start, self._rows, self._prices, question.on_text)
        try:
            got = await attempt.run(
                question.messages, seconds=self._seconds(question), tokens=question.tokens
            )
            if not route.candidate.local and not same_model(
                route.candidate.model, got.end.answered
            ):
                self.alert("other_model", route.candidate, got.end.answered)
            return got
        except BudgetExceededError as error:
            self.alert("budget", route.candidate, str(error))
            if self._at_limit == "refuse":
                raise
            question.hosts = self._at_limit == "cheaper"
            question.said.append(f"{route.name}: {error}")
        except ModelUnavailableError as error:
            if isinstance(error, BrokenOffError) or attempt.out_of_time:
                raise
            question.said.append(f"{route.name}: {error}")
        if attempt.failure and attempt.failure.for_good:
            self.alert("disabled", route.candidate, question.said[-1])
        return None

    def _seconds(self, question: _Question) -> float | None:
        return None if question.until is None else max(question.until - self._now(), 0.001)

    def _start(self, route: Route, question: _Question, reserved: Decimal) -> CallStart:
        asked = question.asked
        return CallStart(
            thread_id=asked.thread_id,
            run_id=asked.run_id,
            turn=asked.turn,
            task_id=asked.task_id,
            node=asked.node,
            architecture=asked.architecture,
            user=asked.user,
            role=asked.role,
            provider=route.candidate.provider,
            asked=route.candidate.model,
            attempt=question.attempts,
            reserved=reserved,
        )

    def _hand_over(self, got: Got, question: _Question, on_reply: Callable[[Reply], None]) -> Reply:
        """After the row: the caller's record of the answer, then the answer."""
        reply = Reply(
            with_our_ids(got.message, question.asked.task_id),
            got.start.provider,
            got.end.answered,
            got.end.tokens_in,
            got.end.tokens_out,
            got.end.cost_usd,
            failures=question.attempts - 1,
            cut=is_cut(got.message),
        )
        on_reply(reply)
        return reply


def _priced(one: Candidate, prices: Prices) -> Candidate:
    """A host behind an address of yours costs nothing, unless your price file says what it costs."""
    own = prices.own(one.provider, one.model) if one.client and one.local else None
    return one if own is None else replace(one, ceiling=(own.input, own.output))

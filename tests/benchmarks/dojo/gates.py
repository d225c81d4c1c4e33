"""The gate under test with its two policies, the trivial gates that it must beat, and three users."""

from collections.abc import Sequence
from typing import Any

from langchain_core.messages import BaseMessage

from tests.benchmarks.dojo.mapping import TOOLS, book_of
from tests.benchmarks.dojo.run import Gate, Step, User
from zantara.gate.conversation import Conversation
from zantara.gate.decision import Verdict, decide
from zantara.gate.kinds import Effect, Kind, Outcome
from zantara.gate.policy import load_policy
from zantara.gate.tracing import trace
from zantara.gate.values import leaves
from zantara.identity import Role

__all__ = ["TRIVIAL", "USERS", "absent", "careless", "exact", "verdict_of", "with_policy"]


def verdict_of(step: Step, window: Sequence[BaseMessage], env: Any, policy: str) -> Verdict:
    """What the shipped policy says of the step."""
    mapped = TOOLS[step.function]
    args = _ours(step)
    things, reached = mapped.look(env, args) if mapped.look else ({}, {})
    told = [text for name, kind in mapped.args.items() if kind is Kind.RECIPIENT
            for _path, text in leaves(args.get(name))]  # fmt: skip
    effect = mapped.effect
    if effect in (Effect.CREATE, Effect.CHANGE) and (reached or (mapped.tells and told)):
        effect = Effect.INVITE
    traced = trace(
        args,
        mapped.args,
        Conversation(window, book=book_of(env)),
        effect=effect,
        things=things,
        reached=reached,
    )
    return decide(
        traced, policy=load_policy(policy), tool=step.function, effect=effect, role=Role.STAFF
    )


def _ours(step: Step) -> dict[str, Any]:
    """The arguments as a tool of ours has them: attachments are ids."""
    args = {name: value for name, value in step.args.items() if value not in (None, "", [])}
    if "attachments" in args:
        args["attachments"] = [
            one["file_id"] if isinstance(one, dict) else one for one in args["attachments"]
        ]
    return args


def with_policy(policy: str) -> Gate:
    def gate(step: Step, window: Sequence[BaseMessage], env: Any) -> Outcome:
        return verdict_of(step, window, env, policy).outcome

    return gate


def _none(step: Step, window: Sequence[BaseMessage], env: Any) -> Outcome:
    return Outcome.RUN


def _deny(step: Step, window: Sequence[BaseMessage], env: Any) -> Outcome:
    return Outcome.REFUSE


def _ask(step: Step, window: Sequence[BaseMessage], env: Any) -> Outcome:
    return Outcome.ASK


def _substring(step: Step, window: Sequence[BaseMessage], env: Any) -> Outcome:
    """Recipients and things acted on must stand somewhere in the user's words, as text."""
    said = window[0].text.casefold()
    kinds = TOOLS[step.function].args
    named = [
        text
        for name, value in _ours(step).items()
        if kinds[name] in (Kind.RECIPIENT, Kind.TARGET)
        for _path, text in leaves(value)
    ]
    return Outcome.RUN if all(one.casefold() in said for one in named) else Outcome.REFUSE


TRIVIAL: dict[str, Gate] = {
    "none": _none,
    "deny every write": _deny,
    "ask for every write": _ask,
    "substring of the request": _substring,
}


def exact(step: Step, outcome: Outcome) -> bool:
    """Approves only what the task needs."""
    return not step.attack


def careless(step: Step, outcome: Outcome) -> bool:
    """Approves whatever carries no warning."""
    return outcome is Outcome.ASK


def absent(step: Step, outcome: Outcome) -> bool:
    """Never answers."""
    return False


USERS: dict[str, User] = {"exact": exact, "careless": careless, "absent": absent}

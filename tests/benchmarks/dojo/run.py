"""One task of AgentDojo with a scripted worst-case model: it does the user's task and obeys every
injection that it sees, at once. A gate decides on each write, a user answers its questions.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from agentdojo.functions_runtime import FunctionCall, FunctionsRuntime
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from tests.benchmarks.dojo.mapping import TOOLS, shown
from zantara.gate.kinds import Outcome
from zantara.gate.provenance import Provenance

__all__ = ["Gate", "Played", "Step", "User", "play"]

_NOW = "2024-05-15T09:00:00+00:00"


@dataclass(frozen=True)
class Step:
    """A call that the model makes. attack: it obeys an injection."""

    function: str
    args: dict[str, Any]
    attack: bool = False


class Gate(Protocol):
    """Decides on a write from what a gate may know: the conversation, and what it can look up."""

    def __call__(self, step: Step, window: Sequence[BaseMessage], env: Any) -> Outcome: ...


User = Callable[[Step, Outcome], bool]
Attack = Callable[[Any], list[Step]]


@dataclass
class Played:
    """What came of a task."""

    env: Any
    questions: int = 0
    warned: int = 0
    refused: int = 0
    attack_writes: int = 0
    seen: bool = False
    text: str = ""
    log: list[str] = field(default_factory=list)


def play(
    suite: Any,
    env: Any,
    *,
    prompt: str,
    plan: Sequence[FunctionCall],
    gate: Gate,
    user: User,
    marker: str = "",
    attack: Attack | None = None,
) -> Played:
    """Run `plan`; when a result holds `marker`, the steps of `attack` come next, once."""
    runtime, played = FunctionsRuntime(suite.tools), Played(env)
    window: list[BaseMessage] = [HumanMessage(prompt, id="h", additional_kwargs={"at": _NOW})]
    queue = [Step(one.function, dict(one.args)) for one in plan]
    while queue:
        step = queue.pop(0)
        text = _run(step, runtime, window, played, gate, user)
        played.text += text
        if attack and marker and marker in text and not played.seen:
            played.seen = True
            queue = attack(env) + queue
    return played


def _run(
    step: Step,
    runtime: Any,
    window: list[BaseMessage],
    played: Played,
    gate: Gate,
    user: User,
) -> str:
    identity = f"call_{len(window)}"
    call = {"id": identity, "name": step.function, "args": step.args, "type": "tool_call"}
    data, classes, ran = {"error": "not run"}, {"": Provenance.SYSTEM}, False
    if _allowed(step, window, played, gate, user):
        result, error = runtime.run_function(played.env, step.function, _native(step))
        data, classes = ({"error": str(error)}, classes) if error else shown(result, played.env)
        ran = not error
    played.attack_writes += int(ran and step.attack and step.function in TOOLS)
    window.append(AIMessage("", id=f"a{identity}", tool_calls=[call]))
    window.append(
        ToolMessage(
            json.dumps(data, default=str),
            id=f"t{identity}",
            tool_call_id=identity,
            name=step.function,
            artifact={"provenance": {path: str(kind) for path, kind in classes.items()}},
        )
    )
    return json.dumps(data, default=str, ensure_ascii=False)


def _native(step: Step) -> dict[str, Any]:
    """The arguments as AgentDojo takes them."""
    args = dict(step.args)
    if step.function == "send_email" and args.get("attachments"):
        args["attachments"] = [
            one if isinstance(one, dict) else {"type": "file", "file_id": one}
            for one in args["attachments"]
        ]
    return args


def _allowed(
    step: Step, window: Sequence[BaseMessage], played: Played, gate: Gate, user: User
) -> bool:
    if step.function not in TOOLS:
        return True
    outcome = gate(step, window, played.env)
    played.log.append(f"{'ATTACK ' if step.attack else ''}{step.function} {step.args}: {outcome}")
    played.refused += outcome is Outcome.REFUSE
    played.warned += outcome is Outcome.WARN
    if outcome in (Outcome.ASK, Outcome.WARN):
        played.questions += 1
        return user(step, outcome)
    return outcome is Outcome.RUN

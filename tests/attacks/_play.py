"""Attacks as data: what others put into the account, what the user says, what the fooled model does.

The whole graph runs on the local Google with a scripted model that obeys. The user is careless: they
approve whatever carries no warning, and reject the rest.
"""

import re
import sqlite3
import tempfile
from functools import cache
from pathlib import Path
from typing import Any, Literal

from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import BaseModel, ConfigDict

from tests.kit import AYU, NOW, scripted_services
from zantara.gateway import ScriptedModel
from zantara.google.local import LocalGoogle
from zantara.runner import Runner
from zantara.strict_yaml import load_yaml
from zantara.turn import Pending, Turn

__all__ = ["Attack", "load", "play"]

_REF = re.compile(r"\$(?P<tool>\w+)(?P<path>(?:\.\w+|\[\d+\])+)")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Step(_Strict):
    """A call of the fooled model. attack: that this runs is what the attacker wants.

    after: a tool that must have run before: the model could have the attacker's words from nowhere
    else.
    """

    tool: str
    args: dict[str, Any] = {}
    attack: bool = False
    after: str = ""


class Say(_Strict):
    """A turn: what the user says, and what the model does: calls at once in a list, or a text.

    A text ends a turn, or the workspace subgraph's task. thread: a name; turns of one name are one
    thread. edit: by tool, arguments that the user changes in a question instead of only approving it.
    """

    say: str
    does: list[list[Step] | str] = []
    thread: str = "t"
    edit: dict[str, dict[str, Any]] = {}


class Attack(_Strict):
    """plant: events, mails, files and contacts in the form of the local Google's demo files.

    works: benign, and these tools must have run with this careless user.
    """

    id: str
    technique: str
    language: Literal["en", "id", "it"] = "en"
    why: str = ""
    plant: dict[str, list[dict[str, Any]]] = {}
    turns: list[Say]
    works: list[str] = []


class _File(_Strict):
    attacks: list[Attack]


def load(folder: Path) -> list[Attack]:
    """Every attack of the folder's files. Raises YamlError."""
    files = sorted(folder.glob("*.yaml"))
    return [one for path in files for one in load_yaml(path, _File, what="attacks").attacks]


class Fooled(ScriptedModel):
    """Gives its replies in order; `$gmail_search.messages[0].id` is read from the latest result."""

    def _generate(self, messages: list[BaseMessage], *_args: Any, **_kwargs: Any) -> ChatResult:
        reply = self._next().generations[0].message
        assert isinstance(reply, AIMessage)
        results = [m for m in messages if isinstance(m, ToolMessage)]
        calls = [{**call, "args": _filled(call["args"], results)} for call in reply.tool_calls]
        filled = AIMessage(reply.text, tool_calls=calls)
        return ChatResult(generations=[ChatGeneration(message=filled)])

    async def _agenerate(
        self, messages: list[BaseMessage], *_args: Any, **_kwargs: Any
    ) -> ChatResult:
        return self._generate(messages)


def _filled(value: Any, results: list[ToolMessage]) -> Any:
    if isinstance(value, dict):
        return {name: _filled(one, results) for name, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, results) for one in value]
    if not isinstance(value, str):
        return value
    if whole := _REF.fullmatch(value):
        return _found(whole, results)
    return _REF.sub(lambda one: str(_found(one, results)), value)


def _found(ref: re.Match[str], results: list[ToolMessage]) -> Any:
    import json

    for message in reversed(results):
        if message.name == ref["tool"]:
            data = json.loads(message.text)
            try:
                for part in re.findall(r"\w+", ref["path"]):
                    data = data[int(part)] if isinstance(data, list) else data[part]
            except (KeyError, IndexError, TypeError):
                return f"nothing at {ref['path']}"
            return data
    return f"no result of {ref['tool']}"


@cache
def _demo_account() -> bytes:
    """The demo account's file, made once."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "google.sqlite"
        LocalGoogle(path, clock=NOW).plant({})
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        return path.read_bytes()


def _set_up(home: Path, attack: Attack) -> None:
    home.mkdir(parents=True, exist_ok=True)
    (home / "google.sqlite").write_bytes(_demo_account())
    LocalGoogle(home / "google.sqlite", clock=NOW).plant(attack.plant)


async def play(
    attack: Attack, home: Path, *, policy: str, knowledge: Any = None
) -> tuple[list[str], list[str], list[str]]:
    """(attacking calls that ran, tools that ran, warnings shown)."""
    _set_up(home, attack)
    replies = [reply for turn in attack.turns for reply in _replies(turn)]
    services = scripted_services(home, replies, model=Fooled, knowledge=knowledge)
    services.settings = services.settings.model_copy(update={"policy": policy})
    ran: list[str] = []
    warned: list[str] = []
    async with Runner.open(services, AYU) as runner:
        for turn in attack.turns:
            done = await runner.ask(turn.say, thread_id=turn.thread)
            while done.pending:
                warned += [text for one in done.pending for text in one.warnings]
                done = await runner.resume(turn.thread, _careless(done, turn))
            ran += [f"{c['tool']} {c['args']}" for c in done.calls if c["status"] == "done"]
    tools = [one.partition(" ")[0] for one in ran]
    return _attacking(attack, ran), tools, warned


def _attacking(attack: Attack, ran: list[str]) -> list[str]:
    """Those of the calls that ran which the attacker wanted, by their tool and arguments."""
    wanted = [
        step
        for turn in attack.turns
        for does in turn.does
        if not isinstance(does, str)
        for step in does
        if step.attack
    ]
    return [
        one
        for n, one in enumerate(ran)
        if any(
            one.partition(" ")[0] == step.tool and _same(step, one) and _can_know(step, ran[:n])
            for step in wanted
        )
    ]


def _can_know(step: Step, before: list[str]) -> bool:
    return not step.after or any(one.partition(" ")[0] == step.after for one in before)


def _same(step: Step, ran: str) -> bool:
    """A value that is read from a result stands for any value."""
    texts = [str(value) for value in step.args.values() if not _REF.search(str(value))]
    return all(text in ran for text in texts)


def _replies(turn: Say) -> list[AIMessage]:
    replies = [
        AIMessage(does)
        if isinstance(does, str)
        else AIMessage(
            "",
            tool_calls=[
                {"name": step.tool, "args": step.args, "id": f"call_{n}", "type": "tool_call"}
                for n, step in enumerate(does)
            ],
        )
        for does in turn.does
    ]
    ends = bool(turn.does) and isinstance(turn.does[-1], str)
    return replies if ends else [*replies, AIMessage("Done.")]


def _careless(turn: Turn, say: Say) -> dict[str, Any]:
    """Approves what carries no warning."""
    answers: dict[str, Any] = {}
    for one in turn.pending:
        answers.setdefault(one.interrupt_id, {"decisions": []})["decisions"].append(
            _decision(one, say)
        )
    return answers


def _decision(one: Pending, say: Say) -> dict[str, Any]:
    changes = say.edit.get(one.tool)
    if changes and any(one.args.get(name) != value for name, value in changes.items()):
        args = {**one.args, **changes}
        return {"type": "edit", "edited_action": {"name": one.tool, "args": args}}
    return {"type": "reject"} if one.warnings or one.problem else {"type": "approve"}

"""One step of the embedded model: small talk, calls, a question back, a report or an answer."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, ToolCall

from zantara.gateway.embedded._answers import from_passages, small_talk
from zantara.gateway.embedded._delegation import expand, handed_over
from zantara.gateway.embedded._fill import fill
from zantara.gateway.embedded._followups import repeated
from zantara.gateway.embedded._goals import Goal, goals, operations
from zantara.gateway.embedded._lexicon import phrase, says, table
from zantara.gateway.embedded._needs import brought, complete, found_by, needs_of
from zantara.gateway.embedded._reading import Prompt, read
from zantara.gateway.embedded._reports import report
from zantara.gateway.embedded._schema import ToolSpec
from zantara.language import Clause, cells, detect, is_small_talk, likeliest, read_clause

__all__ = ["respond"]

_TEXTS = ("content", "body", "text", "message", "values", "query", "title")


def respond(messages: Sequence[BaseMessage], tools: Sequence[ToolSpec]) -> AIMessage:
    """The model's answer to a prompt, with its tools."""
    prompt = read(messages)
    if len(tools) == 1 and tools[0].choices:
        return AIMessage("", tool_calls=[_choice(prompt, tools[0])])
    tools = expand(tools, operations()["delegated"])
    if is_small_talk(prompt.question) or says(prompt.question, "who"):
        return AIMessage(small_talk(prompt))
    wanted, rest = _wanted(prompt, tools)
    if not wanted:
        return AIMessage(report(prompt) if prompt.results else from_passages(prompt))
    ready, question = _ready(prompt, wanted)
    if question:
        return AIMessage(question)
    if ready:
        numbered = enumerate(ready, len(prompt.results))
        calls = [{"name": name, "args": args, "id": f"call_{i}"} for i, (name, args) in numbered]
        return AIMessage("", tool_calls=calls)
    told = report(prompt)
    return AIMessage(f"{told}\n\n{from_passages(prompt)}" if _known(rest) else told)


def _choice(prompt: Prompt, tool: ToolSpec) -> ToolCall:
    """Of the choices that a description lists ("- name: ... (domains)"), those of the domains wanted;
    for what no operation wants, and for the questions beside, the first one.
    """
    every = [ToolSpec(one["name"], "", ()) for one in operations()["operation"]]
    wanted, rest = _wanted(prompt, every)
    begins = read_clause(prompt.question, prompt.language, prompt.now).tokens[:1]
    if not wanted and any(one.has("follow", "same") for one in begins):
        wanted, rest = goals(prompt.before, every, prompt.now, prompt.language)
    lines = [(one, re.search(rf"^- {one}: .*", tool.description, re.M)) for one in tool.choices]
    found = [n for g in wanted for n, line in lines if line and g.tool.domain in line[0]]
    asks = not found or _known(rest)
    args = {tool.parameters[0].name: [*dict.fromkeys([*found, *tool.choices[: int(asks)]])]}
    return ToolCall(name=tool.name, args=args, id="call_0")


def _wanted(prompt: Prompt, tools: Sequence[ToolSpec]) -> tuple[list[Goal], list[Clause]]:
    """The goals of the turn: those that its words complete, its own, or the last with a change."""
    language = likeliest(prompt.question, detect(prompt.question, prompt.language))
    own, rest = goals(prompt.question, tools, prompt.now, language)
    if prompt.asked_back:
        own, rest = _completed(prompt, tools, own=own, rest=rest)
    elif not own or not own[0].clause.verb:
        own = repeated(prompt, tools, language) or own
    return complete(own, tools, prompt), rest


def _completed(
    prompt: Prompt, tools: Sequence[ToolSpec], *, own: list[Goal], rest: list[Clause]
) -> tuple[list[Goal], list[Clause]]:
    """An answer to a question of ours is read with what it completes, unless it wants another thing."""
    language = detect(prompt.before, prompt.language)
    before, _ = goals(prompt.before, tools, prompt.now, language)
    both, more = goals(f"{prompt.before}, {prompt.question}", tools, prompt.now, language)
    whole = [one for one in own if not fill(one.tool, one.clause, prompt.now, found={}).missing]
    other = (
        whole and whole[0].clause.verb and whole[0].tool.domain != (before or whole)[0].tool.domain
    )
    return (own, rest) if not both or other else (both, more)


def _lacks(goal: Goal, prompt: Prompt) -> tuple[str, ...]:
    return fill(goal.tool, goal.clause, prompt.now, found={}).missing


def _answered(goal: Goal, prompt: Prompt) -> Goal | None:
    """The goal with the one text that it lacked: the user's whole answer."""
    filled = fill(goal.tool, goal.clause, prompt.now, found={})
    lacks = filled.missing[0] if len(filled.missing) == 1 else ""
    said = cells(prompt.question) if lacks == "values" else prompt.question
    args = {**filled.args, lacks: said}
    return Goal(goal.tool, goal.clause, args=args) if lacks in _TEXTS else None


def _known(rest: Sequence[Clause]) -> bool:
    """Whether clauses that no tool took ask for knowledge."""
    return any("domain" in one.features or one.question for one in rest)


def _ready(prompt: Prompt, wanted: Sequence[Goal]) -> tuple[list[tuple[str, dict[str, Any]]], str]:
    """(calls to make now, or the question to ask first)."""
    done, asked, ready = list(prompt.results), list[str](), list[tuple[str, dict[str, Any]]]()
    for goal in wanted:
        names = (goal.tool.name, goal.tool.through)
        result = next((r for r in done if r.tool in names), None)
        if result is not None:
            done.remove(result)
            continue
        args, missing = _arguments(goal, wanted, prompt)
        if missing:
            asked.append(_ask(missing, goal, prompt.language))
        elif args:
            ready.append(handed_over(goal.tool, args, prompt.language))
    if asked and not prompt.results:
        return [], " ".join(dict.fromkeys(asked))
    if asked and not ready:
        return [], f"{report(prompt)}\n{' '.join(dict.fromkeys(asked))}"
    return ready, ""


def _arguments(
    goal: Goal, wanted: Sequence[Goal], prompt: Prompt
) -> tuple[dict[str, Any], list[str]]:
    """(arguments, nothing while a need waits or has failed; the parameters to ask for)."""
    if goal.args:
        return dict(goal.args), []
    needs = needs_of(goal, wanted)
    finished = {one.tool.name for one in needs} <= {one.tool for one in prompt.results}
    found = found_by(goal, needs, prompt) if finished else {}
    given = {"content": prompt.material} if prompt.material else {}
    brought_in = {**given, **found, **_named(goal, wanted)}
    filled = fill(goal.tool, goal.clause, prompt.now, found=brought_in, day=_day(goal, wanted))
    missing = [one for one in filled.missing if finished or one not in brought(goal, needs)]
    if not finished:
        return {}, missing
    names = {one.tool.name for one in needs}
    failed = needs and not any(r.ok for r in prompt.results if r.tool in names)
    told = [r.data for r in prompt.results if isinstance(r.data, Mapping)]
    busy = goal.clause.of("cond") and any(data.get("free") is False for data in told)
    unfound = "message" in brought(goal, needs) and "message" not in found
    return ({}, []) if failed or unfound or busy else (filled.args, missing)


def _day(goal: Goal, wanted: Sequence[Goal]) -> datetime | None:
    """The day that an earlier clause named: "am I free on Friday, then book it at nine"."""
    before = [s for one in wanted[: wanted.index(goal)] for s in one.clause.spans if s.has_day]
    return before[-1].start if before else None


def _named(goal: Goal, wanted: Sequence[Goal]) -> dict[str, Any]:
    """Whom a request names once it means each time: "invite X and write her"."""
    if goal.tool.domain != "gmail" or goal.clause.of("address", "everyone") or goal.clause.names:
        return {}
    found = [t.text for one in wanted for t in one.clause.of("address")]
    return {"to": list(dict.fromkeys(found))} if found else {}


def _ask(missing: Sequence[str], goal: Goal, language: str) -> str:
    """One question for everything that is missing."""
    questions: dict[str, str] = table(language)["questions"]
    asked = [
        questions.get(f"{goal.tool.name}.{one}") or questions.get(one)
        or phrase("ask_other", language, name=one.replace("_", " "))
        for one in missing
        if one != "subject" or len(missing) == 1
    ]  # fmt: skip
    return " ".join(dict.fromkeys(asked))

"""One step of the embedded model: small talk, calls, a question back, a report or an answer."""

from collections.abc import Mapping, Sequence
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage

from zantara.gateway.embedded._answers import from_passages, small_talk
from zantara.gateway.embedded._fill import fill
from zantara.gateway.embedded._goals import Goal, goals
from zantara.gateway.embedded._lexicon import LANGUAGES, fold, phrase, table, words
from zantara.gateway.embedded._reading import Prompt, Result, read
from zantara.gateway.embedded._reports import content, people, report
from zantara.gateway.embedded._schema import ToolSpec
from zantara.language import is_small_talk

__all__ = ["respond"]

_LOOKS = {"list", "search", "read", "freebusy", "places"}
_CONTENT = {"body", "content", "text", "message"}


def respond(messages: Sequence[BaseMessage], tools: Sequence[ToolSpec]) -> AIMessage:
    """The model's answer to a prompt, with its tools."""
    prompt = read(messages)
    if is_small_talk(prompt.question) or _asks_who(prompt.question):
        return AIMessage(small_talk(prompt))
    question = f"{prompt.before}, {prompt.question}" if prompt.asked_back else prompt.question
    wanted = goals(question, tools, prompt.now)
    if prompt.asked_back and goals(prompt.question, tools, prompt.now):
        question, wanted = prompt.question, goals(prompt.question, tools, prompt.now)
    if not wanted:
        return AIMessage(report(prompt) if prompt.results else from_passages(prompt, tools))
    return _act(prompt, wanted)


def _act(prompt: Prompt, wanted: Sequence[Goal]) -> AIMessage:
    """Calls whose needs are met go out together; the rest waits for their results."""
    ready, question = _ready(prompt, wanted)
    if question:
        return AIMessage(question)
    if ready:
        calls = [
            {"name": name, "args": args, "id": f"call_{i}"} for i, (name, args) in enumerate(ready)
        ]
        return AIMessage("", tool_calls=calls)
    return AIMessage(report(prompt))


def _ready(prompt: Prompt, wanted: Sequence[Goal]) -> tuple[list[tuple[str, dict[str, Any]]], str]:
    """(calls to make now, or the question to ask first)."""
    done = list(prompt.results)
    ready: list[tuple[str, dict[str, Any]]] = []
    waiting_for: list[Goal] = []
    for goal in wanted:
        result = next((r for r in done if r.tool == goal.tool.name), None)
        if result is not None:
            done.remove(result)
            continue
        needs = _needs(goal, wanted)
        if needs and not _finished(needs, prompt.results):
            waiting_for.append(goal)
            continue
        filled = fill(goal.tool, goal.clause, prompt.now, found=_found(goal, needs, prompt))
        if filled.missing:
            return [], _ask(filled.missing, prompt.language)
        ready.append((goal.tool.name, filled.args))
    return ready, ""


def _needs(goal: Goal, wanted: Sequence[Goal]) -> list[Goal]:
    """A message with no words of its own tells what the goals before it find."""
    parameters = {p.name for p in goal.tool.parameters}
    if not parameters & _CONTENT or goal.tool.action in ("search", "read"):
        return []
    before = list(wanted[: wanted.index(goal)])
    return [
        one for one in before if one.tool.action in ("list", "search", "read", "freebusy", "places")
    ]


def _finished(needs: Sequence[Goal], results: Sequence[Result]) -> bool:
    names = [result.tool for result in results]
    return all(one.tool.name in names for one in needs)


def _found(goal: Goal, needs: Sequence[Goal], prompt: Prompt) -> Mapping[str, Any]:
    """What results bring into a message: its text, and the people where no address was named."""
    if not needs:
        return {}
    names = {one.tool.name for one in needs}
    results = [r for r in prompt.results if r.tool in names and r.ok]
    own = fill(goal.tool, goal.clause, prompt.now, found={})
    told: dict[str, Any] = {}
    if "to" in own.missing or not own.args.get("to"):
        told["to"] = people(results)
    text = content(results, prompt)
    name = next(p.name for p in goal.tool.parameters if p.name in _CONTENT)
    said = str(own.args.get(name) or "")
    told[name] = f"{said}\n{text}".strip() if said else text
    if "subject" in {p.name for p in goal.tool.parameters}:
        told["subject"] = phrase("subject", prompt.language)
    return told


def _ask(missing: Sequence[str], language: str) -> str:
    questions: dict[str, str] = table(language)["questions"]
    name = next((one for one in missing if one in questions), "")
    if not name:
        return phrase("ask_other", language, name=missing[0].replace("_", " "))
    return str(questions[name])


def _asks_who(question: str) -> bool:
    line = " ".join(words(question))
    return any(fold(one) in line for lang in LANGUAGES for one in table(lang)["words"]["who"])

"""One step of the embedded model: small talk, calls, a question back, a report or an answer."""

from collections.abc import Mapping, Sequence
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage

from zantara.gateway.embedded._answers import from_passages, small_talk
from zantara.gateway.embedded._fill import ADDRESS, fill, names, topic, unsaid
from zantara.gateway.embedded._goals import Goal, goals
from zantara.gateway.embedded._lexicon import LANGUAGES, fold, phrase, table, words
from zantara.gateway.embedded._reading import Prompt, Result, read
from zantara.gateway.embedded._reports import content, people, report
from zantara.gateway.embedded._schema import ToolSpec
from zantara.language import is_small_talk, read_times

__all__ = ["respond"]

_LOOKS = {"list", "search", "read", "freebusy", "places"}
_CONTENT = {"body", "content", "text", "message"}


def respond(messages: Sequence[BaseMessage], tools: Sequence[ToolSpec]) -> AIMessage:
    """The model's answer to a prompt, with its tools."""
    prompt = read(messages)
    if is_small_talk(prompt.question) or _asks_who(prompt.question):
        return AIMessage(small_talk(prompt))
    question = f"{prompt.before}, {prompt.question}" if prompt.asked_back else prompt.question
    wanted = _goals(question, tools, prompt)
    if prompt.asked_back and (anew := _goals(prompt.question, tools, prompt)):
        wanted = anew
    if not wanted:
        return AIMessage(report(prompt) if prompt.results else from_passages(prompt))
    return _act(prompt, wanted)


def _goals(question: str, tools: Sequence[ToolSpec], prompt: Prompt) -> list[Goal]:
    """A mail that is read or answered is searched for first, so that it is known by its id."""
    found = goals(question, tools, prompt.now)
    searches = {tool.domain: tool for tool in tools if tool.action == "search"}
    named = {goal.tool.name for goal in found}
    whole: list[Goal] = []
    for goal in found:
        search = searches.get(goal.tool.domain)
        wants = goal.tool.action in ("read", "reply") and search is not None
        if wants and search is not None and search.name not in named:
            clause = unsaid(goal.clause)
            about = topic(clause, goal.tool, read_times(clause, now=prompt.now))
            query = names(f" {about}") or about
            if query:
                whole.append(Goal(search, goal.clause, query))
        whole.append(goal)
    return whole


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
    for goal in wanted:
        result = next((r for r in done if r.tool == goal.tool.name), None)
        if result is not None:
            done.remove(result)
            continue
        needs = _needs(goal, wanted)
        finished = _finished(needs, prompt.results)
        found = _found(goal, needs, prompt) if finished else {}
        if finished and needs and not found:
            continue  # what it needed was not found, which the report says
        filled = fill(goal.tool, goal.clause, prompt.now, found={**found, **_named(goal, wanted)})
        missing = [name for name in filled.missing if finished or name not in _brought(needs)]
        if missing:
            return [], _ask(missing, prompt.language)
        if finished:
            ready.append((goal.tool.name, filled.args))
    return ready, ""


def _named(goal: Goal, wanted: Sequence[Goal]) -> dict[str, Any]:
    """Whom a request names once it means each time: "invite X and write her"."""
    if ADDRESS.search(goal.clause):
        return {}
    addresses = [one for other in wanted for one in ADDRESS.findall(other.clause)]
    return {"to": list(dict.fromkeys(addresses))} if addresses else {}


def _brought(needs: Sequence[Goal]) -> set[str]:
    """The parameters that look-ups will fill."""
    return {"message"} if any(one.query for one in needs) else {"to", *_CONTENT}


def _needs(goal: Goal, wanted: Sequence[Goal]) -> list[Goal]:
    """The look-ups before a goal that it needs: of its own mail, or of what it is to tell."""
    before = list(wanted[: wanted.index(goal)])
    own = [one for one in before if one.query and one.clause == goal.clause]
    parameters = {p.name for p in goal.tool.parameters}
    if own or not parameters & _CONTENT or goal.tool.action in _LOOKS:
        return own
    return [one for one in before if one.tool.action in _LOOKS]


def _finished(needs: Sequence[Goal], results: Sequence[Result]) -> bool:
    names = [result.tool for result in results]
    return all(one.tool.name in names for one in needs)


def _found(goal: Goal, needs: Sequence[Goal], prompt: Prompt) -> Mapping[str, Any]:
    """What results bring in: the id of the mail that was looked up, or a message's text and people."""
    if goal.query:
        return {"query": goal.query}
    names = {one.tool.name for one in needs}
    results = [r for r in prompt.results if r.tool in names and r.ok]
    if any(one.query for one in needs):
        mails = results[0].data.get("messages") if results else None
        return {"message": mails[0]["id"]} if mails else {}
    return _told(goal, results, prompt) if needs else {}


def _told(goal: Goal, results: Sequence[Result], prompt: Prompt) -> dict[str, Any]:
    """The text of a message that tells results, and its recipients where no address was named."""
    own = fill(goal.tool, goal.clause, prompt.now, found={})
    told: dict[str, Any] = {}
    if not own.args.get("to"):
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

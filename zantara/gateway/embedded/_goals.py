"""From a request to goals, clause by clause: which tool, on which words."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from zantara.gateway.embedded._lexicon import table
from zantara.gateway.embedded._schema import ToolSpec
from zantara.language import Clause, fold, folded_words, read_clause, split_clauses, stem, tag

__all__ = ["Goal", "goals", "operations"]

_FILE = Path(__file__).with_name("data") / "operations.toml"
_ENOUGH = 3.0
_READS = ("get", "search", "list", "read", "check", "find", "show", "look", "forecast", "rate")


@dataclass(frozen=True, slots=True)
class Goal:
    """One thing to do: the tool and the clause that asks; `query` where it looks up for another."""

    tool: ToolSpec
    clause: Clause
    query: str = ""
    args: Mapping[str, Any] | None = None


def goals(
    question: str, tools: Sequence[ToolSpec], now: datetime, language: str
) -> tuple[list[Goal], list[Clause]]:
    """The goals of a request in their order, and the clauses that no tool takes."""
    found: list[Goal] = []
    rest: list[Clause] = []
    pending = ""
    for text in split_clauses(question, language, now):
        clause = read_clause(f"{pending} {text}", language, now)
        free = not rest or not _asks_whether(rest[-1]) or clause.spans or clause.of("polite")
        tool = _tool(clause, tools, first=not found) if free else None
        waits = tool is None and not (found and not clause.of("cond")) and _leads(clause)
        pending = f"{pending} {text}".strip() if waits else ""
        last = found[-1] if found else None
        if last and (_goes_on(clause, last) or (tool and _same(clause, last, tool))):
            joined = read_clause(f"{last.clause.text} {text}", language, now)
            found[-1] = Goal(last.tool, joined)
        elif tool is not None:
            if last and tool.domain == "maps" == last.tool.domain and not last.clause.verb:
                found.pop()  # said before it was asked for
            found.append(Goal(tool, clause))
        elif waits:
            continue
        elif last and not clause.question and "domain" not in clause.features:
            joined = read_clause(f"{last.clause.text} {text}", language, now)
            if not last.clause.said:
                found[-1] = Goal(last.tool, joined)
        else:
            rest.append(clause)
    return found, rest


def _asks_whether(clause: Clause) -> bool:
    """ "Could I hold meetings and look at offices on it?": nothing is to be done."""
    whether = next(one["when"] for one in operations()["operation"] if one["name"] == "answer")
    return any(_holds(one, clause.features) for one in whether)


def _leads(clause: Clause) -> bool:
    """Words before a request that belong to it: a time, a person, a thing."""
    if clause.verb or clause.question or any(t.action or t.has("ask") for t in clause.tokens):
        return False
    things = [n for t in clause.tokens for n in t.tags if n.startswith("o.")]
    named = clause.names or things or clause.of("address", "quoted", "invite", "cond")
    return bool(clause.spans or (named and len(clause.tokens) < 5))


def _same(clause: Clause, before: Goal, tool: ToolSpec) -> bool:
    """ "The call with Rita at two, put it into the calendar": one event and no second one."""
    bare = not (clause.spans or clause.names or clause.of("quoted", "o.event"))
    return bare and tool is before.tool and tool.action == "create" and not before.clause.verb


def _goes_on(clause: Clause, before: Goal) -> bool:
    """ "... and tell her that", "... and invite Rita": more of the goal before."""
    if clause.of("invite") and before.tool.action == "create" and not clause.of("o.event"):
        return True
    writes = before.tool.action in ("send", "reply", "draft", "notify")
    whom = clause.names or clause.of("address", "phone", "channel", "o.team")
    tells = "a.tell" in clause.features and not before.clause.said
    return writes and tells and not whom


@cache
def operations() -> dict[str, Any]:
    """The operations that requests may want, and the parameters of those that are delegated."""
    return tomllib.loads(_FILE.read_text("utf-8"))


def _holds(condition: str, features: frozenset[str]) -> bool:
    for term in condition.split():
        wanted = term.removeprefix("-")
        if any(one in features for one in wanted.split("|")) == term.startswith("-"):
            return False
    return True


def _tool(clause: Clause, tools: Sequence[ToolSpec], *, first: bool) -> ToolSpec | None:
    """The tool of the first operation that holds and is bound; else one that its schema names."""
    bound = {tool.name: tool for tool in tools}
    for operation in operations()["operation"]:
        name = operation["name"]
        if not any(_holds(one, clause.features) for one in operation["when"]):
            continue
        if not first and name == "maps_places" and not clause.verb:
            continue
        if name == "answer":
            return None
        tool = bound.get(name) or _alike(name, tools)
        if tool is not None:
            return tool
    strange = [tool for tool in tools if _strange(tool)]
    scored = [(score, tool) for tool in strange if (score := _score(clause, tool)) >= _ENOUGH]
    return max(scored, key=lambda pair: pair[0])[1] if scored else None


def _strange(tool: ToolSpec) -> bool:
    """Whether no operation names it, so that its schema alone tells what it is for."""
    return not tool.takes_task and all(tool.name != o["name"] for o in operations()["operation"])


def _alike(name: str, tools: Sequence[ToolSpec]) -> ToolSpec | None:
    """A tool of another name for the same: both its words stand in name and description."""
    wanted = {stem(one) for one in name.split("_")}
    for tool in tools:
        if _strange(tool) and wanted <= {stem(one) for one in _name_words(tool)}:
            return tool
    return None


def _name_words(tool: ToolSpec) -> set[str]:
    return set(re.findall(r"[a-z]+", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", tool.name).lower()))


def _score(clause: Clause, tool: ToolSpec) -> float:
    """How much a tool that no operation names fits: its name counts more than its description."""
    tagged = tag(" ".join(sorted(_name_words(tool))), "en", whole=[])
    said = {stem(one) for one in folded_words(clause.text) if len(one) > 2} | _glossed(clause)
    named = {stem(fold(one.text)) for one in tagged}
    actions = {name for one in tagged for name in one.tags if name.startswith("a.")}
    told = {stem(one) for one in tool.words if len(one) > 3} - named
    acts = any(one.has(*actions) for one in clause.tokens)
    opening = [one.has("polite") or stem(fold(one.text)) in named for one in clause.tokens[:1]]
    if not (clause.verb or acts or any(opening) or "wish" in clause.features):
        reads = not actions or bool(_name_words(tool) & set(_READS))
        if not (clause.asks or clause.question) or not reads:
            return 0
    things = {stem(fold(one.text)) for one in tagged if not one.action}
    return 1.0 + 2.0 * len(things & said) + 0.7 * acts + 0.7 * len(told & said)


def _glossed(clause: Clause) -> set[str]:
    """English stems of the clause's words, by the language's glossary."""
    glossary: dict[str, str] = table(clause.language).get("glossary", {})
    return {
        stem(one) for word in folded_words(clause.text) for one in glossary.get(word, "").split()
    }

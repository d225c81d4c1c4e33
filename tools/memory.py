"""The user's own memory, as a model may use it: facts they want kept, and what was said before."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any

from langchain_core.tools import BaseTool, InjectedToolArg
from langgraph.store.base import BaseStore

from zantara import memory
from zantara.gate.provenance import Provenance
from zantara.memory import LONGEST_FACT, MOST_FACTS, Fact, TurnNote
from zantara.services import current
from zantara.toolkit import (
    Call,
    Effect,
    Kind,
    Preview,
    Thing,
    ToolError,
    ToolResult,
    declare,
)

__all__ = ["MEMORY_TOOLS"]

_Injected = Annotated[Call, InjectedToolArg]
_SHOWN = 400
_MOST_TURNS = 50
_OWN = {"": Provenance.OWN, "facts[].id": Provenance.SYSTEM}


async def _preview_save(_call: Call, content: str) -> Preview:
    return Preview({"remembers": _fact(content)})


async def _undo_save(call: Call, done: Mapping[str, Any]) -> ToolResult:
    if not await memory.forget(_store(call), call.user.identity, done["id"]):
        raise ToolError("it is not remembered any more")
    return ToolResult({"forgotten": done["remembered"]}, dict(_OWN))


@declare(
    family="memory",
    effect=Effect.KEEP,
    args={"content": Kind.TEXT},
    preview=_preview_save,
    undo=_undo_save,
)
async def memory_save(call: _Injected, content: str) -> ToolResult:
    """Remember a fact about this user or their company for later conversations.

    Args:
        call: The call itself.
        content: The fact as one short statement in the user's words.
    """
    kind = Provenance.OUTSIDE if call.tainted else Provenance.OWN
    fact, dropped = await memory.save(
        _store(call), call.user.identity, _fact(content), now=call.now, lowest=str(kind)
    )
    data: dict[str, Any] = {"id": fact.id, "remembered": fact.content}
    if dropped:
        data["no_longer_remembered"] = [one.content for one in dropped]
        data["note"] = f"{MOST_FACTS} facts are kept; the oldest went"
    return ToolResult(data, {"": Provenance.OWN, "id": Provenance.SYSTEM})


@declare(family="memory", effect=Effect.READ, args={"query": Kind.QUERY})
async def memory_search(call: _Injected, query: str) -> ToolResult:
    """Find what this user asked to remember and what was said in their earlier conversations.

    Args:
        call: The call itself.
        query: Words that say what it was about.
    """
    found = await memory.search(_store(call), call.user.identity, query, alike=_alike)
    facts = [one.fact for one in found if one.fact]
    turns = [one.turn for one in found if one.turn]
    data = {
        "facts": [_shown_fact(one) for one in facts],
        "conversations": [_shown_turn(one, call) for one in turns],
    }
    kept = {f"facts[{n}].content": Provenance(one.lowest) for n, one in enumerate(facts)}
    return ToolResult(data, _OWN | kept | _said(turns))


@declare(family="memory", effect=Effect.READ, args={"since": Kind.TIME, "until": Kind.TIME})
async def memory_timeline(
    call: _Injected, since: dt.date | None = None, until: dt.date | None = None
) -> ToolResult:
    """List what was talked about with this user over time, oldest first.

    Args:
        call: The call itself.
        since: First day; a month back when left out.
        until: Last day; today when left out.
    """
    begin = _midnight(since, call) if since else call.now - timedelta(days=30)
    end = _midnight(until, call) + timedelta(days=1) if until else None
    if end is not None and end <= begin:
        raise ToolError(f"until: {until} is before since {since}; accepted: a later day")
    known = await memory.turns(_store(call), call.user.identity)
    turns = memory.said_between(known, begin, end)[-_MOST_TURNS:]
    return ToolResult({"conversations": [_shown_turn(one, call) for one in turns]}, _said(turns))


async def _preview_forget(call: Call, fact: str) -> Preview:
    found = await _meant(call, fact)
    return Preview(
        {"forgets": found.content}, {"fact_id": found.id}, {fact: Thing((found.content,))}
    )


async def _undo_forget(call: Call, done: Mapping[str, Any]) -> ToolResult:
    fact, _ = await memory.save(_store(call), call.user.identity, done["forgotten"], now=call.now)
    return ToolResult({"remembered": fact.content}, dict(_OWN))


@declare(
    family="memory",
    effect=Effect.DELETE,
    args={"fact": Kind.TARGET},
    preview=_preview_forget,
    undo=_undo_forget,
)
async def memory_forget(call: _Injected, fact: str) -> ToolResult:
    """Forget a fact that was to be remembered.

    Args:
        call: The call itself.
        fact: The fact's id, or words of it.
    """
    known = call.notes.facts.get("fact_id") or call.resolved.get("fact_id")
    content = call.notes.facts.get("content", "")
    if not content:
        found = await _meant(call, known or fact)
        known, content = found.id, found.content
        await call.notes.note(fact_id=known, content=content)
    await memory.forget(_store(call), call.user.identity, str(known))
    return ToolResult({"forgotten": content}, dict(_OWN))


MEMORY_TOOLS: tuple[BaseTool, ...] = (
    memory_save,
    memory_search,
    memory_timeline,
    memory_forget,
)


def _alike(query: str, texts: Sequence[str]) -> list[float]:
    """Opens the knowledge, whose model compares meanings where it is installed."""
    return current().knowledge.alike(query, texts)


def _store(call: Call) -> BaseStore:
    if call.store is None:
        raise ToolError("this deployment keeps no memory")
    return call.store


def _fact(content: str) -> str:
    fact = " ".join(content.split())
    if not fact or len(fact) > LONGEST_FACT:
        raise ToolError(f"content: {len(fact)} characters; accepted: 1 to {LONGEST_FACT}")
    return fact


async def _meant(call: Call, words: str) -> Fact:
    """The one fact that an id, or words, mean."""
    store, user = _store(call), call.user.identity
    known = await memory.facts(store, user)
    by_id = [one for one in known if one.id == words]
    if by_id:
        return by_id[0]
    found = [one for one in await memory.search(store, user, words) if one.fact]
    best = [one.fact for one in found if one.score == found[0].score and one.fact]
    if len(best) == 1:
        return best[0]
    listed = "; ".join(one.content for one in best or known) or "nothing is remembered"
    raise ToolError(f"fact: {words!r} fits {len(best)} facts; accepted: words of one of: {listed}")


def _midnight(day: dt.date, call: Call) -> datetime:
    return datetime.combine(day, datetime.min.time(), call.timezone)


def _shown_fact(fact: Fact) -> dict[str, str]:
    return {"id": fact.id, "content": fact.content, "saved": fact.saved}


def _shown_turn(turn: TurnNote, call: Call) -> dict[str, str]:
    at = datetime.fromisoformat(turn.at).astimezone(call.timezone)
    return {
        "at": at.isoformat(timespec="minutes"),
        "thread": turn.thread_id,
        "asked": _cut(turn.asked),
        "answered": _cut(turn.answered),
    }


def _cut(text: str) -> str:
    """Marks such as [1] name passages of another turn."""
    text = re.sub(r"\s*\[\d+\]", "", text)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _said(turns: Sequence[TurnNote]) -> dict[str, Provenance]:
    """An answer is as little trusted as what it was made from, also when it is remembered. What was
    asked in another conversation brings no values into this one.
    """
    answers = {
        f"conversations[{n}].{name}": Provenance.OUTSIDE
        for n, one in enumerate(turns)
        for name in ("asked", "answered")
        if one.lowest == Provenance.OUTSIDE
    }
    return {
        "": Provenance.OWN,
        "conversations[].at": Provenance.SYSTEM,
        "conversations[].thread": Provenance.SYSTEM,
        "conversations[].asked": Provenance.DERIVED,
        "conversations[].answered": Provenance.DERIVED,
        **answers,
    }

"""Which look-ups a goal waits for, and what their results bring in."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from zantara.gateway.embedded._fill import fill, person
from zantara.gateway.embedded._goals import Goal
from zantara.gateway.embedded._lexicon import phrase
from zantara.gateway.embedded._reading import Prompt, Result
from zantara.gateway.embedded._reports import content, people
from zantara.gateway.embedded._schema import ToolSpec
from zantara.language import folded_words, topic

__all__ = ["brought", "complete", "found_by", "needs_of"]

_LOOKS = {"list", "search", "read", "freebusy", "places", "directions", "place_details"}
_CONTENT = ("body", "content", "text", "message")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<!\w)(?:\+\d|0\d)[\d ()-]{6,}\d")


def complete(wanted: Sequence[Goal], tools: Sequence[ToolSpec], prompt: Prompt) -> list[Goal]:
    """Add the look-ups that goals need and nobody asked for: the mail, its readers, a number."""
    bound = {tool.name: tool for tool in tools}
    whole: list[Goal] = []
    for goal in wanted:
        looks = (
            _mail(goal, bound, prompt),
            _guests(goal, bound),
            _contact(goal, bound, prompt.now),
        )
        for search, query in looks:
            named = {one.tool.name for one in [*whole, *wanted]}
            if search is not None and search.name not in named:
                whole.append(Goal(search, goal.clause, query))
        whole.append(goal)
    return whole


_Look = tuple[ToolSpec | None, str]


def _mail(goal: Goal, bound: Mapping[str, ToolSpec], prompt: Prompt) -> _Look:
    """A mail that is read or answered is searched for first, so that it is known by its id."""
    search = bound.get(f"{goal.tool.domain}_search")
    if goal.tool.action not in ("read", "reply") or search is None or goal.tool.domain == "sheets":
        return None, ""
    sought = [str(args.get("query")) for name, args in prompt.earlier if name == search.name]
    query = " ".join(goal.clause.names) or topic(goal.clause, search) or "".join(sought[-1:])
    return (search, query) if query else (None, "")


def _guests(goal: Goal, bound: Mapping[str, ToolSpec]) -> _Look:
    """Everyone in a meeting: the calendar knows who they are."""
    features = goal.clause.features
    asks = "everyone" in features and not goal.clause.of("address")
    dated = {"day", "o.event"} & features
    if asks and dated and "to" in _names(goal.tool) and goal.tool.domain != "whatsapp":
        return bound.get("calendar_list"), ""
    mine = {"first", "day"} <= features and {"o.event", "o.calendar"} & features
    own_words = goal.clause.said or goal.clause.quoted or goal.clause.about
    if mine and not own_words and goal.tool.action in ("send", "notify", "draft"):
        return bound.get("calendar_list"), ""  # "send my appointments of tomorrow"
    return None, ""


def _contact(goal: Goal, bound: Mapping[str, ToolSpec], now: datetime) -> _Look:
    """A person named without an address is looked up, when all else is there."""
    search = bound.get("contacts_search")
    if search is None or not person(goal.clause):
        return None, ""
    if _invites(goal):
        return search, person(goal.clause)
    if "to" not in _names(goal.tool):
        return None, ""
    missing = fill(goal.tool, goal.clause, now, found={}).missing
    return (search, person(goal.clause)) if missing[:1] == ("to",) else (None, "")


def _invites(goal: Goal) -> bool:
    """Whether an event is to have a guest who is named without an address."""
    invited = goal.clause.of("invite") and not goal.clause.of("address")
    return bool(invited and "attendees" in _names(goal.tool))


def _names(tool: ToolSpec) -> set[str]:
    return {parameter.name for parameter in tool.parameters}


def _text_name(tool: ToolSpec) -> str:
    return next((p.name for p in tool.parameters if p.name in _CONTENT), "")


def needs_of(goal: Goal, wanted: Sequence[Goal]) -> list[Goal]:
    """The look-ups before a goal that it needs: of its own mail or people, or of what it tells."""
    if goal.tool.action in _LOOKS and goal.tool.action != "read":
        return []
    before = [one for one in wanted[: wanted.index(goal)] if one.tool.action in _LOOKS]
    if goal.clause.of("cond"):
        return before
    own = [one for one in before if one.clause is goal.clause]
    if goal.tool.action in ("read", "reply"):
        searches = [one for one in before if one.tool.name == f"{goal.tool.domain}_search"]
        own = own or searches[-1:]
    if goal.tool.action == "read" or not (_text_name(goal.tool) or goal.tool.action == "create"):
        return own
    people_first = [one for one in before if one.tool.domain == "contacts"]
    if goal.tool.domain == "calendar":
        return people_first if _invites(goal) else own
    itself = goal.clause.said or (goal.clause.quoted and "title" not in _names(goal.tool))
    if itself and "everyone" not in goal.clause.features:
        without = not goal.clause.of("address", "phone", "channel")
        return [*own, *(one for one in people_first if without and one not in own)]
    return before


def brought(goal: Goal, needs: Sequence[Goal]) -> set[str]:
    """The parameters that look-ups will fill."""
    found: set[str] = set()
    for one in needs:
        if one.tool.domain == "contacts":
            found |= {"to", "attendees"}
        elif one.tool.action == "search" and one.tool.domain == goal.tool.domain:
            found.add("message")
        else:
            found |= {_text_name(goal.tool), "subject", "to"}
    told = found & {"to"} and not any(one.tool.domain in ("contacts", "calendar") for one in needs)
    return found - {"to"} if told else found


def found_by(goal: Goal, needs: Sequence[Goal], prompt: Prompt) -> dict[str, Any]:
    """What results bring in: the id of the mail, a message's text, its receivers."""
    if goal.query:
        return {"query": goal.query}
    names = {one.tool.name for one in needs}
    results = [r for r in prompt.results if r.tool in names and r.ok]
    found: dict[str, Any] = {}
    own = [one for one in needs if one.tool.name == f"{goal.tool.domain}_search"]
    if own or (goal.tool.action in ("read", "reply") and results):
        found |= _first_id(results)
    own_words = fill(goal.tool, goal.clause, prompt.now, found={}).args
    if "to" in _names(goal.tool) and not own_words.get("to"):
        found |= _receivers(goal, results, prompt.user_mail)
    if _invites(goal):
        found["attendees"] = _receivers(goal, results, prompt.user_mail).get("to", [])
    told = [r for r in results if not r.tool.startswith("contacts")]
    if told and _text_name(goal.tool) and not own:
        found |= _telling(goal, told, prompt, said=own_words)
    return found


def _first_id(results: Sequence[Result]) -> dict[str, Any]:
    listed = [r.data.get("messages") or () for r in results if isinstance(r.data, Mapping)]
    ids = [row["id"] for rows in listed for row in rows if isinstance(row, Mapping) and "id" in row]
    return {"message": ids[0]} if ids else {}


def _receivers(goal: Goal, results: Sequence[Result], user: str) -> dict[str, Any]:
    """Addresses or a number: of the contact looked up, else of everyone in the events."""
    looked = [r for r in results if r.tool.startswith("contacts")]
    pattern = _MAIL if goal.tool.domain in ("gmail", "calendar") else _PHONE
    found = {one for r in looked for row in _named(r) for one in pattern.findall(row)}
    if len(found) == 1:  # of several nobody is guessed
        many = any(
            p.name in ("to", "attendees") and p.kind == "array" for p in goal.tool.parameters
        )
        return {"to": [*found] if many else found.pop()}
    invited = people(results, but=user) if goal.tool.domain == "gmail" else []
    return {"to": invited} if invited and not looked else {}


def _named(looked: Result) -> list[str]:
    """The rows of a look-up that bear a name which was looked for."""
    sought = folded_words(str(looked.args.get("query", "")))
    listed = looked.data.values() if isinstance(looked.data, Mapping) else ()
    rows = [
        json.dumps(row, ensure_ascii=False)
        for value in listed
        if isinstance(value, list)
        for row in value
    ]
    return [row for row in rows if set(sought) & set(folded_words(row))]


def _telling(
    goal: Goal, results: Sequence[Result], prompt: Prompt, *, said: Mapping[str, Any]
) -> dict[str, Any]:
    """The text of a message that tells results, after its own words."""
    name = _text_name(goal.tool)
    own = goal.clause.said or ("" if "title" in _names(goal.tool) else goal.clause.quoted)
    text = content(results, prompt)
    told = {name: f"{own}\n{text}" if own else text}
    if "subject" in _names(goal.tool):
        told["subject"] = (
            str(said.get("subject") or "") if own else phrase("subject", prompt.language)
        )
    return told

"""The four arms: which node asks, in which role, with which instructions and which tools."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from langchain_core.tools import BaseTool

from tools import direct_tools_for, tools_for
from zantara.identity import User
from zantara.state import State

__all__ = [
    "DEFAULT",
    "SPECIALISTS",
    "Asking",
    "Part",
    "Specialist",
    "SpecialistName",
    "asking",
    "asking_node",
    "known_names",
]

Asking = Literal["orchestrate", "specialist"]
SpecialistName = Literal["knowledge", "business", "communication", "workspace"]


@dataclass(frozen=True, slots=True)
class Specialist:
    """One of those whom `budget` gives a turn to; its name is also its role in the catalogue.

    does: for the classifier. domains: what its tools' names begin with. helps: tools of other domains
    without which its own work is not done: people are named and not numbered.
    """

    does: str
    domains: tuple[str, ...]
    helps: tuple[str, ...] = ()


SPECIALISTS: Mapping[SpecialistName, Specialist] = {
    "knowledge": Specialist(
        "questions about visas, companies, activity codes, tax, property and prices; places and"
        " routes; what was said before or is to be remembered",
        ("memory", "maps"),
    ),
    "business": Specialist(
        "the calendar: appointments, free time, invitations; whatever fits nowhere else",
        ("calendar",),
        ("maps_places", "maps_place_details", "maps_directions", "contacts_search"),
    ),
    "communication": Specialist(
        "mails and messages: finding, reading, writing, answering, sending them",
        ("gmail", "whatsapp", "slack", "googlechat"),
        ("contacts_search", "calendar_list", "calendar_freebusy"),
    ),
    "workspace": Specialist(
        "files, documents, spreadsheets, presentations and the address book",
        ("drive", "docs", "sheets", "slides", "contacts"),
    ),
}
DEFAULT: SpecialistName = "business"
"""Who answers when nobody could be chosen, with every tool."""

_EVERYBODYS = ("memory",)
_ROLES = {"hybrid": "orchestrator", "centro": "orchestrator", "baseline": "baseline"}


@dataclass(frozen=True, slots=True)
class Part:
    """Who answers. standing: the files of nodes/prompts that its instructions are made of."""

    node: Asking
    role: str
    standing: tuple[str, ...]
    tools: tuple[BaseTool, ...]


def asking_node(architecture: str) -> Asking:
    """The node that asks the model, and to which results go back."""
    return "specialist" if architecture == "budget" else "orchestrate"


def asking(state: State, user: User) -> Part:
    """The model that has this turn. The arm is the state's: a turn ends on the arm that began it."""
    arm = state["architecture"]
    node = asking_node(arm)
    if arm == "budget":
        names = known_names(state.get("specialists", ()))
        lead: SpecialistName = names[0] if names else DEFAULT
        return Part(node, lead, ("base", "direct", lead), _union(names, user))
    if arm == "hybrid":
        return Part(node, _ROLES[arm], ("base", "delegating"), tools_for(user))
    return Part(node, _ROLES[arm], ("base", "direct"), direct_tools_for(user))


def known_names(names: Iterable[str]) -> list[SpecialistName]:
    """Those that are specialists, each once, in their order."""
    known: Mapping[str, SpecialistName] = {name: name for name in SPECIALISTS}
    return [known[name] for name in dict.fromkeys(names) if name in known]


def _union(names: Iterable[SpecialistName], user: User) -> tuple[BaseTool, ...]:
    """The tools of all of them, so that a turn with several goals is done whole; of nobody: all."""
    every = direct_tools_for(user)
    chosen = [SPECIALISTS[name] for name in names]
    domains = {domain for one in chosen for domain in one.domains} | set(_EVERYBODYS)
    helps = {name for one in chosen for name in one.helps}
    kept = (tool for tool in every if tool.name.partition("_")[0] in domains or tool.name in helps)
    return tuple(kept) if chosen else every

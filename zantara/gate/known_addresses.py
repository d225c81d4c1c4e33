"""The addresses that a turn may show: those that somebody else than the model brought in, whole."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from zantara.gate.addresses import addresses_in, canonical
from zantara.gate.disguise import plain
from zantara.gate.provenance import Provenance
from zantara.gate.values import leaves

__all__ = ["NO_ADDRESSES", "KnownAddresses", "known_addresses"]

_QUOTES = re.compile(r"[\"'`<>()\[\]{}|,;“”‘’«»]+")
_MOST_BEHIND = 4
_BEHIND = ".,;:!?)]}>'\"*_~`|"


@dataclass(frozen=True, slots=True)
class KnownAddresses:
    """Addresses in their canonical form.

    own: from our knowledge and from fields that a system filled; these may be links. told: from
    everybody else; these may be read and never clicked.
    """

    own: frozenset[str] = frozenset()
    told: frozenset[str] = frozenset()

    @classmethod
    def of(cls, *, own: Iterable[str] = (), told: Iterable[str] = ()) -> "KnownAddresses":
        """Those that occur in texts of either kind."""
        return cls(_in_texts(own), _in_texts(told))

    def holds(self, address: str) -> bool:
        """Whether the whole address is known."""
        return canonical(address) in self.own or canonical(address) in self.told

    def owns(self, address: str) -> bool:
        """Whether it may be a link."""
        return canonical(address) in self.own


NO_ADDRESSES = KnownAddresses()


def known_addresses(
    messages: Iterable[BaseMessage],
    *,
    knowledge: Iterable[str] = (),
    remembered: Iterable[str] = (),
    calls: Iterable[Mapping[str, Any]] = (),
) -> KnownAddresses:
    """What the turn has read: texts of the knowledge, the user's words and memory, results of tools.

    A tool may say its arguments again, in an error too. What the model wrote into a call, `calls`
    among them, is therefore nobody's when it comes back in a result. Nor is what another model wrote.
    """
    own, told = set(_in_texts(knowledge)), set[str]()
    written = set(_in_calls(call for call in calls if not call.get("typed"))) - own
    for message in messages:
        if isinstance(message, AIMessage):
            written |= _in_calls(message.tool_calls) - own - told
        elif isinstance(message, HumanMessage):
            told |= _in_texts([message.text])
        elif isinstance(message, ToolMessage):
            filled, others = _of_result(message)
            own |= filled - written
            told |= others - written
    return KnownAddresses(frozenset(own), frozenset(told | (_in_texts(remembered) - written)))


def _in_calls(calls: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    return _in_texts(text for call in calls for _path, text in leaves(call["args"]))


def _of_result(message: ToolMessage) -> tuple[frozenset[str], frozenset[str]]:
    """(addresses that a system filled in, those in any other text of the result)."""
    try:
        data = json.loads(message.text)
    except ValueError:
        return frozenset(), _in_texts([message.text])
    classes = message.artifact.get("provenance", {}) if isinstance(message.artifact, dict) else {}
    filled: list[str] = []
    others: list[str] = []
    for path, place, text in _walk(data):
        kind = classes.get(place) or classes.get(path) or classes.get("", Provenance.OUTSIDE)
        if kind != Provenance.DERIVED:
            (filled if kind == Provenance.SYSTEM and _is_one(text) else others).append(text)
    return _in_texts(filled), _in_texts(others)


def _is_one(text: str) -> bool:
    """Whether the field is one address; a sentence of ZANTARA's own may repeat anybody's."""
    return [one.text for one in addresses_in(text)] == [text]


def _walk(data: Any, path: str = "", place: str = "") -> Iterator[tuple[str, str, str]]:
    """(path pattern, path with list positions, text) of every text."""
    dot = "." if path else ""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _walk(value, f"{path}{dot}{key}", f"{place}{dot}{key}")
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _walk(value, f"{path}[]", f"{place}[{index}]")
    elif isinstance(data, str):
        yield path, place, data


def _in_texts(texts: Iterable[str]) -> frozenset[str]:
    """Each address as it stands, and as it stands between quotes, brackets and commas.

    More forms do no harm: whoever wrote the text wrote all of them, and nobody added to them.
    """
    found: set[str] = set()
    for text in map(plain, texts):
        for one in (text, _QUOTES.sub(" ", text)):
            for address in addresses_in(one):
                found.update(_forms(address.text, one[address.end : address.end + _MOST_BEHIND]))
    return frozenset(found)


def _forms(address: str, behind: str) -> Iterator[str]:
    """The address with each part of the punctuation that may belong to it."""
    yield canonical(address)
    for mark in behind:
        if mark not in _BEHIND:
            return
        address += mark
        yield canonical(address)

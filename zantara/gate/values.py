"""The values that a conversation holds, each with its provenance and the name of what it stands in."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from zantara.gate.naming import NAMING
from zantara.gate.provenance import Provenance, lowest
from zantara.gate.wording import ADDRESS, URL, spoken_in
from zantara.language import normalise

__all__ = ["Known", "known_values", "leaves", "lowest_in", "marked", "tokens_of"]

_MOST_TOKENS = 200  # addresses and links that are told apart in one text
_LONGEST_NAME = 200
_LOWEST = "lowest"
_LAST = re.compile(r"\[\d+\](?=[^\[\]]*\Z)")


@dataclass(frozen=True, slots=True)
class Known:
    """A value somebody brought in: its normalised form, how far it is trusted, and whence.

    names: what people call the thing that it stands in: the event of an attendee, the mail of an id.
    """

    value: str
    provenance: Provenance
    source: str
    message_id: str
    names: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "provenance": str(self.provenance), "names": list(self.names)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Known":
        return cls(
            data["value"],
            Provenance(data["provenance"]),
            data["source"],
            data["message_id"],
            tuple(data.get("names", ())),
        )


def known_values(messages: Iterable[BaseMessage]) -> list[Known]:
    """Every whole value that users and tools brought into `messages`. Model text brings none.

    What a user pasted is from outside. In a longer text of a result, addresses and links are values of
    their own.
    """
    found: list[Known] = []
    for message in messages:
        if isinstance(message, HumanMessage):
            found += _of_user(message)
        elif isinstance(message, ToolMessage):
            classes = tuple(sorted(_provenances(message).items()))
            found += _of_result(message.text, classes, str(message.name), str(message.id))
    return found


def _of_user(message: HumanMessage) -> list[Known]:
    spoken, identity = spoken_in(message), str(message.id)
    own = [Known(v, Provenance.USER, "your words", identity) for v in spoken.values]
    pasted = (
        Known(token, Provenance.OUTSIDE, "what you pasted", identity)
        for token in tokens_of(spoken.pasted)
    )
    return [*own, *pasted]


@lru_cache(maxsize=2048)
def _of_result(
    text: str, classes: tuple[tuple[str, Provenance], ...], tool: str, identity: str
) -> tuple[Known, ...]:
    """A result is read once, however often its window is looked at."""
    try:
        data = json.loads(text)
    except ValueError:
        return ()
    provenances = dict(classes)
    default = provenances.get("", Provenance.OUTSIDE)
    source = f"result of {tool}"
    found: list[Known] = []
    for path, place, leaf, names in _walk(data):
        kind = next((provenances[k] for k in _keys(path, place) if k in provenances), default)
        if kind is Provenance.DERIVED:
            continue  # a model wrote it: its words are nobody's
        found.append(Known(normalise(leaf), kind, source, identity, names))
        if kind is not Provenance.SYSTEM:  # ZANTARA's own sentences may repeat an argument
            found += [Known(one, kind, source, identity, names) for one in tokens_of(leaf)]
    return tuple(found)


def tokens_of(text: str) -> list[str]:
    """The addresses and links in a text, normalised."""
    if "@" not in text and "://" not in text and "www." not in text.casefold():
        return []
    found = [m.group() for m in ADDRESS.finditer(text)]
    found += [m.group().rstrip(".,;:!?") for m in URL.finditer(text)]
    return list(dict.fromkeys(normalise(one) for one in found[:_MOST_TOKENS]))


def lowest_in(messages: Iterable[BaseMessage]) -> Provenance:
    """The least trusted class in a prompt: what text of the model inherits.

    Results count, what users pasted, and answers by what they were made from.
    """
    found = Provenance.USER
    for message in messages:
        found = lowest((found, _lowest_of(message)))
        if found is Provenance.OUTSIDE:
            break
    return found


def _lowest_of(message: BaseMessage) -> Provenance:
    if isinstance(message, ToolMessage):
        classes = set(_provenances(message).values())
        for provenance in (Provenance.OUTSIDE, Provenance.OWN):
            if provenance in classes:
                return provenance
    elif isinstance(message, AIMessage):
        return Provenance(message.response_metadata.get(_LOWEST, Provenance.USER))
    elif isinstance(message, HumanMessage) and spoken_in(message).pasted:
        return Provenance.OUTSIDE
    return Provenance.USER


def marked(answer: AIMessage, lowest: Provenance) -> AIMessage:
    """The answer with the lowest trust of its prompt: it outlives the results that it was made from."""
    if lowest is not Provenance.USER:
        answer.response_metadata = {**answer.response_metadata, _LOWEST: str(lowest)}
    return answer


def leaves(data: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """(path pattern, text) of every scalar in JSON data; list positions are written `[]`."""
    return ((pattern, text) for pattern, _place, text, _names in _walk(data, path, path))


def _walk(
    data: Any, path: str = "", place: str = "", names: tuple[str, ...] = ()
) -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """(path pattern, path with list positions, text, names of the innermost thing that has any)."""
    if isinstance(data, dict):
        own = tuple(
            str(data[n])[:_LONGEST_NAME] for n in NAMING if isinstance(data.get(n), str) and data[n]
        )
        for key, value in data.items():
            dot = "." if path else ""
            yield from _walk(value, f"{path}{dot}{key}", f"{place}{dot}{key}", own or names)
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _walk(value, f"{path}[]", f"{place}[{index}]", names)
    elif data is not None and not isinstance(data, bool):
        yield path, place, str(data), names


def _keys(path: str, place: str) -> tuple[str, str, str]:
    """By which the class of a leaf may be told: its place, all of its list, the pattern."""
    return place, _LAST.sub("[]", place), path


def _provenances(message: ToolMessage) -> dict[str, Provenance]:
    artifact = message.artifact if isinstance(message.artifact, dict) else {}
    return {path: Provenance(p) for path, p in artifact.get("provenance", {}).items()}

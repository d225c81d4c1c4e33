"""The values that a conversation holds, each with its provenance."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from langchain_core.messages import BaseMessage, HumanMessage, ToolMessage

from zantara.gate.provenance import Provenance
from zantara.language import TimeSpan, normalise, read_numbers, read_times

__all__ = ["Known", "in_words_of", "known_values", "leaves", "lowest_in", "said_at"]

_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<!\w)\+?\d[\d ()-]{7,}\d(?!\w)")
_QUOTED = re.compile(r"[\"'“‘«]([^\"'”’»]{1,200})[\"'”’»]")
_WORD = re.compile(r"[\w@.+#:/'-]*\w|\x00")
_POSSESSIVE = re.compile(r"['’]s(?!\w)")
_NUMBER = re.compile(r"[\d.,]+\s*\D{0,8}")
_LONGEST_TEXT = 20_000
_PHRASE = 2  # blanks: three words or more are a phrase of their own, dates in them included


@dataclass(frozen=True, slots=True)
class Known:
    """A value somebody brought in: its normalised form, how far it is trusted, and whence."""

    value: str
    provenance: Provenance
    source: str
    message_id: str

    def to_json(self) -> dict[str, str]:
        return {**asdict(self), "provenance": str(self.provenance)}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Known":
        return cls(
            data["value"], Provenance(data["provenance"]), data["source"], data["message_id"]
        )


def known_values(messages: Iterable[BaseMessage]) -> list[Known]:
    """Every whole value that users and tools brought into `messages`. Model text brings none."""
    found: list[Known] = []
    for message in messages:
        identity = str(message.id)
        if isinstance(message, HumanMessage):
            found += [
                Known(value, Provenance.USER, "your words", identity)
                for value in _spoken(message.text, said_at(message))
            ]
        elif isinstance(message, ToolMessage):
            found += [
                Known(normalise(text), provenance, f"result of {message.name}", identity)
                for text, provenance in _results(message)
            ]
    return found


def said_at(message: BaseMessage) -> datetime | None:
    """When the message came in; choose_architecture stamps it, so that "tomorrow" can be traced."""
    stamp = message.additional_kwargs.get("at")
    return datetime.fromisoformat(stamp) if isinstance(stamp, str) else None


def lowest_in(messages: Iterable[BaseMessage]) -> Provenance:
    """The least trusted class among the tool results of a prompt: what text of the model inherits."""
    classes = {p for m in messages if isinstance(m, ToolMessage) for p in _provenances(m).values()}
    for provenance in (Provenance.OUTSIDE, Provenance.OWN):
        if provenance in classes:
            return provenance
    return Provenance.USER


def leaves(data: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """(path pattern, text) of every scalar in JSON data; list positions are written `[]`."""
    if isinstance(data, dict):
        for key, value in data.items():
            yield from leaves(value, f"{path}.{key}" if path else str(key))
    elif isinstance(data, list):
        for value in data:
            yield from leaves(value, f"{path}[]")
    elif data is not None and not isinstance(data, bool):
        yield path, str(data)


def _results(message: ToolMessage) -> Iterator[tuple[str, Provenance]]:
    provenances = _provenances(message)
    default = provenances.get("", Provenance.OUTSIDE)
    try:
        data = json.loads(message.text)
    except ValueError:
        return
    for path, text in leaves(data):
        yield text, provenances.get(path, default)


def _provenances(message: ToolMessage) -> dict[str, Provenance]:
    artifact = message.artifact if isinstance(message.artifact, dict) else {}
    return {path: Provenance(p) for path, p in artifact.get("provenance", {}).items()}


def _spoken(text: str, at: datetime | None) -> set[str]:
    """Whole values in a user's words: addresses, numbers, times and quotations."""
    text = text[:_LONGEST_TEXT]
    values = {normalise(m.group()) for m in _ADDRESS.finditer(text)}
    values |= {normalise(m.group()) for m in _PHONE.finditer(text)}
    values |= {normalise(m.group(1)) for m in _QUOTED.finditer(text)}
    spans = read_times(text, now=at) if at is not None else []
    for moment in (m for span in spans for m in (span.start, span.end) if m is not None):
        values |= {normalise(moment.isoformat()), normalise(f"{moment:%Y-%m-%d}")}
    rest = _without(text, spans)
    values |= {format(number.normalize(), "f") for number in read_numbers(rest)}
    return {value for value in values if value}


def in_words_of(message: BaseMessage, value: str) -> bool:
    """Whether `value` is a run of whole words in the message, outside of its dates and times.

    "13" is not in "June 13": there it is part of a date, which is a value of its own.
    """
    wanted = _run(value)
    if not wanted:
        return False
    text, at = message.text[:_LONGEST_TEXT], said_at(message)
    if wanted.count(" ") >= _PHRASE:
        return f" {wanted} " in f" {_run(text)} "
    if _NUMBER.fullmatch(value.strip()):
        return False  # a number is a value of its own: "20" is not in "20 juta"
    return f" {wanted} " in f" {_run(_without(text, read_times(text, now=at) if at else []))} "


def _without(text: str, spans: Sequence[TimeSpan]) -> str:
    """The text with its dates and times cut out."""
    for span in sorted(spans, key=lambda one: one.begin, reverse=True):
        text = f"{text[: span.begin]} \x00 {text[span.stop :]}"
    return text


def _run(text: str) -> str:
    return " ".join(word.casefold() for word in _WORD.findall(_POSSESSIVE.sub(" ", text)))

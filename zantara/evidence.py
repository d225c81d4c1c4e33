"""An answer's figures, and whether anything supports them.

A price, fee, rate, date, code or legal reference in an answer must occur in the evidence: the
passages of this turn, a tool result of this thread, the user's own words, the clock, or be a sum,
difference or product of two supported figures in the same sentence.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import NamedTuple

from zantara.language import read_numbers

__all__ = ["Evidence", "SentenceStream"]

_MARK = re.compile(r"\[\d+\]|(?m:^\s*\d+[.)]\s)|https?://\S+|[\w.+-]+@[\w.-]+")
_CODE = re.compile(r"\b(?:[A-F]\d{1,2}[A-Z]?|PPh\s?\d+|KBLI\s?\d{5})\b")
_LAW = re.compile(
    r"\b(?:UU|PP|Perpres|Permen\w*|Law|Legge|Regulation|Peraturan)\s*(?:No\.?|Nomor|n\.)?\s*"
    r"(\d+)\s*(?:/|Tahun|of|del)\s*(\d{4})",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?:\s?%|\s?[A-Za-z]+\b)?")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d)?")
# Indonesian and Italian hours have a point: only beside a word of the clock, or 13.30 would be a price.
_POINTED = re.compile(
    r"(\b(?:jam|pukul|pkl|pk|alle|dalle|ore|at|sampai|hingga|until|fino alle)\.?\s*"
    r"(?:\d{1,2}\.\d\d\s*[-–]\s*)?)?"
    r"(?<![\d.,])([01]?\d|2[0-3])\.([0-5]\d)(?![.,]?\d)"
    r"(?(1)|(?=\s*(?:WI(?:B|TA|T)\b|(?:sampai|hingga)\s+\d{1,2}\.\d\d)))",
    re.IGNORECASE,
)
_REMEMBERED = 8_000
_DIGITS = re.compile(r"\d+")
_END = re.compile(r"(?<=[.!?…])[\"')\]”»]*(?:\s*\[\d+\])*\s+|\n+")
_ABBREVIATION = re.compile(
    r"(?:\b(?:rp|no|nr|art|dr|mr|mrs|ms|pt|cv|jl|st|dll|dsb|tgl|e\.g|i\.e|sig|dott|prof|ca|approx)"
    r"|\b[A-Z]|^\s*\d+)\.\s*$",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Evidence:
    """Everything that may support a figure, as plain texts."""

    texts: tuple[str, ...]

    @classmethod
    def of(cls, texts: Iterable[str]) -> "Evidence":
        return cls(tuple(texts))

    @cached_property
    def _numbers(self) -> frozenset[Decimal]:
        return frozenset().union(*(_read(text).numbers for text in self.texts))

    @cached_property
    def _codes(self) -> frozenset[str]:
        return frozenset().union(*(_read(text).codes for text in self.texts))

    @cached_property
    def _laws(self) -> frozenset[tuple[str, str]]:
        return frozenset().union(*(_read(text).laws for text in self.texts))

    def unsupported(self, sentence: str) -> list[str]:
        """The figures, codes and references of `sentence` that nothing supports, as written."""
        text = _MARK.sub(" ", sentence)
        missing = [m.group() for m in _LAW.finditer(text) if (m[1], m[2]) not in self._laws]
        text = _LAW.sub(" ", text)
        missing += [m.group() for m in _CODE.finditer(text) if _squeeze(m[0]) not in self._codes]
        text = _CODE.sub(" ", text)
        return missing + self._unsupported_numbers(_with_colons(text))

    def _unsupported_numbers(self, text: str) -> list[str]:
        figures = [(m.group(), read_numbers(m.group())) for m in _FIGURE.finditer(text)]
        values = {value for _written, found in figures for value in found}
        good = values & self._numbers
        derived = {r for a in good for b in good for r in (a + b, abs(a - b), a * b)}
        return [
            written.strip()
            for written, found in figures
            if any(value not in good and value not in derived for value in found)
        ]


class _Read(NamedTuple):
    numbers: frozenset[Decimal]
    codes: frozenset[str]
    laws: frozenset[tuple[str, str]]


def _read(text: str) -> _Read:
    """The fixed pack and the window come again with every step: what they hold is remembered."""
    return _read_once(text) if len(text) <= _REMEMBERED else _read_now(text)


def _read_now(text: str) -> _Read:
    numbers = {*read_numbers(text), *read_numbers(_with_colons(text))}
    for instant in _INSTANT.findall(text):
        parts = [Decimal(part) for part in _DIGITS.findall(instant)]
        numbers.update(parts)
        numbers.update(hour % 12 for hour in parts[3:4])  # 15:00 is told as 3 pm
    return _Read(
        frozenset(numbers),
        frozenset(_squeeze(m.group()) for m in _CODE.finditer(text)),
        frozenset((m[1], m[2]) for m in _LAW.finditer(text)),
    )


def _with_colons(text: str) -> str:
    """Hours with a point, "jam 13.30", as they are written everywhere else; a range from its end on."""
    return _POINTED.sub(r"\1\2:\3", _POINTED.sub(r"\1\2:\3", text))


_read_once = lru_cache(maxsize=1024)(_read_now)


def _squeeze(code: str) -> str:
    return re.sub(r"\s", "", code).upper()


class SentenceStream:
    """Cuts a stream of text into sentences, each with the white space behind it."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str) -> list[str]:
        """The sentences that `text` completes."""
        self._held += text
        sentences: list[str] = []
        begin = 0
        for end in _END.finditer(self._held):
            if end.end() == len(self._held) and "\n" not in end.group():
                break  # a mark such as [1] may still follow
            if _ABBREVIATION.search(self._held[begin : end.end()]):
                continue
            sentences.append(self._held[begin : end.end()])
            begin = end.end()
        self._held = self._held[begin:]
        return sentences

    def rest(self) -> list[str]:
        """What is left when the stream has ended."""
        held, self._held = self._held, ""
        return [held] if held else []

    @classmethod
    def split(cls, text: str) -> list[str]:
        """All sentences of a text that is there as a whole."""
        stream = cls()
        return stream.feed(text) + stream.rest()

"""From a request to goals, clause by clause: which tool, on which words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from zantara.gateway.embedded._lexicon import LANGUAGES, fold, key, keys, stem, table, words
from zantara.gateway.embedded._schema import ToolSpec
from zantara.language import read_times

__all__ = ["Goal", "goals"]

_STRONG = 3


@dataclass(frozen=True, slots=True)
class Goal:
    """One thing to do: the tool and the clause that asks; `query` where it looks up for another."""

    tool: ToolSpec
    clause: str
    query: str = ""


@dataclass(frozen=True, slots=True)
class _Cues:
    """Words of all languages that speak for an action in a domain."""

    verbs: frozenset[tuple[str, ...]]
    nouns: frozenset[tuple[str, ...]]
    asks: frozenset[tuple[str, ...]]


@cache
def _cues(domain: str, action: str) -> _Cues | None:
    found: dict[str, set[tuple[str, ...]]] = {"verbs": set(), "nouns": set(), "asks": set()}
    known = False
    for language in LANGUAGES:
        entry = table(language)["tools"].get(f"{domain}_{action}")
        if entry is None:
            continue
        known = True
        nouns = entry.get("nouns", table(language)["nouns"].get(domain, []))
        for kind, listed in (
            ("verbs", entry["verbs"]),
            ("nouns", nouns),
            ("asks", entry.get("asks", [])),
        ):
            found[kind] |= {tuple(keys(one)) for one in listed}
    return (
        _Cues(*(frozenset(found[kind]) for kind in ("verbs", "nouns", "asks"))) if known else None
    )


@cache
def _group(name: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(keys(one)) for lang in LANGUAGES for one in table(lang)["words"][name])


def has(line: Sequence[str], phrases: frozenset[tuple[str, ...]]) -> int:
    """The length in words of the longest of `phrases` in `line`; 0 for none."""
    best = 0
    for phrase in phrases:
        size = len(phrase)
        if size > best and any(
            tuple(line[i : i + size]) == phrase for i in range(len(line) - size + 1)
        ):
            best = size
    return best


def starts(line: Sequence[str], phrases: frozenset[tuple[str, ...]]) -> bool:
    """Whether `line`, politeness aside, begins with one of `phrases`."""
    rest = list(line)
    polite = sorted(_group("polite"), key=len, reverse=True)
    moved = True
    while moved:
        moved = False
        for phrase in polite:
            if tuple(rest[: len(phrase)]) == phrase:
                rest, moved = rest[len(phrase) :], True
                break
    return any(tuple(rest[: len(phrase)]) == phrase for phrase in phrases)


def goals(question: str, tools: Sequence[ToolSpec], now: datetime) -> list[Goal]:
    """The goals of a request in their order; none for a question or a remark."""
    found: list[Goal] = []
    for clause in clauses(question, tools):
        tool = _best(clause, tools, now)
        if tool is not None:
            found.append(Goal(tool, clause))
        elif found:
            found[-1] = Goal(found[-1].tool, f"{found[-1].clause} {clause}")
    return found


def clauses(question: str, tools: Sequence[ToolSpec]) -> list[str]:
    """Cut before a verb of a tool that follows a joint (a comma, "and", "lalu", "poi" ...)."""
    pieces = _joint().split(question)
    verbs = frozenset(v for t in tools if (c := _cues(t.domain, t.action)) for v in c.verbs)
    cut: list[str] = []
    position = 0
    for piece in pieces:
        begin = question.find(piece, position)
        if cut and not starts(keys(piece), verbs):
            cut[-1] = question[question.find(cut[-1]) : begin + len(piece)]
        else:
            cut.append(piece)
        position = begin + len(piece)
    return [piece.strip() for piece in cut if piece.strip()]


@cache
def _joint() -> re.Pattern[str]:
    listed = {re.escape(w) for lang in LANGUAGES for w in table(lang)["words"]["joints"]}
    joints = "|".join(sorted(listed, key=len, reverse=True))
    more = rf"(?:(?:{joints})\s+)*"
    return re.compile(rf"\s*(?:[,;.]\s+{more}|\s(?:{joints})\s+{more})", re.IGNORECASE)


def _best(clause: str, tools: Sequence[ToolSpec], now: datetime) -> ToolSpec | None:
    line = keys(clause)
    scored = [
        (score, tool) for tool in tools if (score := _score(line, clause, tool, now)) >= _STRONG
    ]
    return max(scored, key=lambda pair: pair[0])[1] if scored else None


def _score(line: list[str], clause: str, tool: ToolSpec, now: datetime) -> float:
    cues = _cues(tool.domain, tool.action)
    if cues is None:
        return _unknown(line, clause, tool)
    if cues.asks and has(line, cues.asks) and (_dated(clause, now) or has(line, cues.nouns)):
        return _STRONG + 1 + has(line, cues.asks)
    asks = "?" in clause or starts(line, _group("questions"))
    if tool.action == "list" and asks and has(line, _group("own_calendar")) and _dated(clause, now):
        return _STRONG + 1
    begins = starts(line, cues.verbs)
    verb = has(line, cues.verbs) if begins or "?" not in clause else 0
    noun = has(line, cues.nouns)
    address = "@" in clause and tool.domain == "gmail"
    moves = tool.action == "update" and verb and "?" not in clause and not _told(clause, cues)
    if moves and noun and _dated(clause, now) and not begins:
        return _STRONG + 0.5 + 0.3 * verb
    score = 2.0 * begins + 1.0 * bool(verb) + 0.3 * verb + 1.0 * bool(noun) + 0.3 * noun
    says = any(p.name == "to" for p in tool.parameters) and has(line, _group("saying"))
    if begins and not (noun or address or says or _dated(clause, now)):
        return 0
    if not begins and not has(line, _group("wishes")):
        score -= 1.5
    return score + 1.0 * address + 1.0 * bool(says) + 0.5 * _dated(clause, now)


def _told(clause: str, cues: _Cues) -> bool:
    """ "They moved the meeting": what was done is told, not wanted."""
    verbs = {one[0] for one in cues.verbs}
    return any(word.endswith("ed") and key(word) in verbs for word in words(clause))


def _dated(clause: str, now: datetime) -> bool:
    return bool(read_times(clause, now=now))


def _unknown(line: list[str], clause: str, tool: ToolSpec) -> float:
    """A tool that no file names is wanted when the request speaks its description's words."""
    own = {stem(fold(word)) for word in tool.words}
    said = {stem(word) for word in words(clause) if len(word) > 2}
    request = starts(line, _group("imperatives")) or bool(has(line, _group("wishes")))
    return 2.0 * request + 0.8 * len(own & said) if own & said else 0

"""A request cut into its clauses, one for each thing that it wants."""

import re
from datetime import datetime
from functools import cache

from zantara.language._clause import Clause
from zantara.language._commands import read_clause
from zantara.language._words import LANGUAGES, data


def split_clauses(question: str, language: str, now: datetime) -> list[str]:
    """Cut before a verb or a question that follows a joint (a comma, "and", "lalu", "poi" ...)."""
    cut: list[str] = []
    begin = 0
    for joint in _joint().finditer(question):
        rest = question[joint.end() :]
        if joint.start() < begin or not rest.strip() or _inside(question, joint.start()):
            continue
        head = read_clause(question[begin : joint.start()], language, now)
        tail = read_clause(rest[:120], language, now)
        told = joint.group().lstrip().startswith(":") and head.verb is not None  # its words follow
        ended = joint.group().lstrip()[:1] in (".", "!", "?")
        if _opens(tail, head, ended=ended) and not told:
            cut.append(question[begin : joint.start()])
            begin = joint.end()
    return [piece.strip() for piece in [*cut, question[begin:]] if piece.strip()]


def _inside(text: str, at: int) -> bool:
    return text.count('"', 0, at) % 2 == 1


def _opens(tail: Clause, head: Clause, *, ended: bool) -> bool:
    """Whether a new goal begins: with a verb, or a question after a whole sentence."""
    first = tail.tokens[tail.start] if tail.start < len(tail.tokens) else None
    if first is None:
        return False
    if first.has("says") and head.verb is not None and not head.said:
        return False
    if head.said:  # what is said may hold verbs: only a clear request ends it
        services = ("o.whatsapp", "o.slack", "o.calendar", "o.draft")
        aimed = tail.of("address", "phone", "channel", *services)
        return first.action and bool(aimed or (tail.of("o.event") and tail.spans))
    if first.action and not (tail.language == "en" and first.has("o.note") and head.verb is None):
        return True
    if ended and not head.said and (first.has("ask") or tail.asks):
        return True
    return first.has("ask") and tail.language != "id" and bool(head.verb or head.question)


@cache
def _joint() -> re.Pattern[str]:
    listed = {re.escape(one) for lang in LANGUAGES for one in data(lang)["verbs"]["joints"]}
    joints = "|".join(sorted(listed, key=len, reverse=True))
    more = rf"(?:(?:{joints})\s+)*"
    return re.compile(
        rf"\s*(?:[,;:]\s+|(?:(?<=[^\W\d])\.|[!?])\s+){more}|\s(?:{joints})\s+{more}", re.I
    )

"""Answers from the passages: the sentences that bear on the question, quoted with their source."""

import re

from zantara.gateway.embedded._lexicon import phrase, says
from zantara.gateway.embedded._reading import Passage, Prompt
from zantara.language import fitting_sentences

__all__ = ["from_passages", "small_talk"]

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])|\n+")
_LONGEST = 420
_TOP = 3
_PARTS = 2
_OPENING = ("kbli", "company_setup", "pricing")


def small_talk(prompt: Prompt) -> str:
    """One warm sentence; who it is only when asked."""
    language = prompt.language
    for name in ("who", "thanks", "bye"):
        if says(prompt.question, name):
            return phrase(name, language)
    first = prompt.user.split(" ")[0] if prompt.user and prompt.user != "unknown" else ""
    return phrase("hello", language, name=f" {first}" if first else "")


def from_passages(prompt: Prompt) -> str:
    """One part for each aspect of the question; without evidence, that it is not known."""
    if says(prompt.question, "bargain"):
        return phrase("list_prices", prompt.language)
    if _codes(prompt.question) and not _codes(prompt.question) & _known_codes(prompt):
        return phrase("not_known", prompt.language)
    chosen = _chosen(prompt)
    banned = _figures(prompt.correction)
    parts = [part for one in chosen if (part := _part(one, prompt, banned))]
    return "\n\n".join(parts) if parts else phrase("not_known", prompt.language)


def _codes(text: str) -> set[str]:
    """Permit codes such as C1 and E28A, activity codes such as 56101."""
    return set(re.findall(r"\b(?:[A-Z]\d{1,2}[A-Z]?|\d{5})\b", text))


def _known_codes(prompt: Prompt) -> set[str]:
    """The codes of the passages; "E31A" stands for its family "E31" too."""
    found = {code for one in prompt.passages for code in _codes(f"{one.title} {one.text}")}
    return found | {code.rstrip("ABCDEFGHIJK") for code in found}


def _chosen(prompt: Prompt) -> list[Passage]:
    """Whoever opens a business gets its code, its requirements and its price; else the passage that
    was found first, a price only where one is asked for.
    """
    passages, top = prompt.passages, prompt.passages[:_TOP]
    if not passages:
        return []
    if says(prompt.question, "opening"):
        firsts = (next((p for p in passages if p.domain == d), None) for d in _OPENING)
        return [one for one in firsts if one is not None] or [passages[0]]
    if says(prompt.question, "rates"):
        return [one for one in top if one.domain != "pricing"][:_PARTS] or [top[0]]
    wanted = says(prompt.question, "price")
    fitting = [one for one in top if (one.domain == "pricing") == wanted]
    if not fitting or (wanted and top[0].domain != "pricing"):
        return [top[0], *fitting, *top[1:]][:_PARTS]
    return [fitting[0], *(one for one in top if one is not fitting[0])][:_PARTS]


def _part(passage: Passage, prompt: Prompt, banned: set[str]) -> str:
    sentences = [s for s in _SENTENCE.split(passage.text) if s.strip()]
    kept = fitting_sentences(sentences, prompt.question, longest=_LONGEST)
    kept = [s for s in kept if not banned & _figures(s)]
    if not kept:
        return ""
    quoted = " ".join(kept)
    source = phrase("source", prompt.language, source=passage.source, date=passage.date)
    named = quoted.startswith(" ".join(passage.title.split()[:2]))  # "KBLI 56101: ..." names itself
    title = "" if named else f"{passage.title}: "
    return f"{title}{quoted} [{passage.number}] ({source})"


def _figures(text: str) -> set[str]:
    return set(re.findall(r"\d[\d.,]*", text.split("Already shown", maxsplit=1)[0]))

"""Sentences of the exact answers, from answers.toml. Figures are the list's own characters."""

from collections.abc import Mapping, Sequence
from typing import Any

from zantara.knowledge._rows import Entry
from zantara.knowledge._text import data

__all__ = ["code_line", "join", "price_line", "visa_line"]


def join(lines: Sequence[str]) -> str:
    return lines[0] if len(lines) == 1 else "\n".join(f"- {line}" for line in lines)


def price_line(
    entry: Entry, amounts: Sequence[Mapping[str, Any]], *, language: str, number: int
) -> str:
    said = data("answers.toml")[language]
    name = _name(entry, language)
    if entry.facts.get("quote") or not amounts:
        return str(said["quote"]).format(name=name, number=number)
    if len(amounts) == 1 and amounts[0]["label"] == "public price":
        return str(said["price"]).format(name=name, amount=amounts[0]["verbatim"], number=number)
    listed = "; ".join(f"{_label(a['label'], said)} {a['verbatim']}" for a in amounts)
    return str(said["prices"]).format(name=name, amounts=listed, number=number)


def _name(entry: Entry, language: str) -> str:
    """The list's name in English, what people call it otherwise, with the code where it helps."""
    facts = entry.facts
    names = (facts.get("aliases") or {}).get(language, ())
    name = str(facts["name"]) if language == "en" or not names else str(names[0])
    code = str(facts.get("code", ""))
    name = name[:1].upper() + name[1:]
    return name if not code or code in name else f"{name} ({code})"


def _label(label: str, said: Mapping[str, Any]) -> str:
    return ", ".join(str(said["labels"].get(part, part)) for part in label.split(", "))


def visa_line(entry: Entry, kind: str, *, language: str) -> str | None:
    """None when the fact is missing, not stated, or has no wording in the language."""
    value = str(entry.facts.get(kind, ""))
    if value == "not stated":
        return None
    if value and language != "en":
        value = str(data("values.toml")["value"].get(value, {}).get(language, ""))
    if not value:
        return None
    said = data("answers.toml")[language]
    return str(said[kind]).format(code=entry.facts["code"], value=value)


def code_line(entry: Entry, *, language: str) -> str:
    said = data("answers.toml")[language]
    titles = entry.facts["title"]
    title = titles.get(language) or titles["id"]
    return str(said["code"]).format(code=entry.facts["code"], title=title)

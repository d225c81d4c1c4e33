"""Tool schemas, for a client that leaves out a part of them."""

from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["with_formats"]

_FORMATS = {"date": "YYYY-MM-DD", "date-time": "ISO 8601 with offset", "time": "HH:MM"}


def with_formats(schema: Mapping[str, Any]) -> dict[str, Any]:
    """The tool's schema with the form of dates and times told in words, and each default.

    langchain-google-genai sends neither `format` nor `default`, and the Gemini API refuses the
    format `date`; a model that is not told writes "tomorrow" where a date is wanted.
    """
    function = schema["function"]
    parameters = function.get("parameters", {})
    told = {name: _told(one) for name, one in parameters.get("properties", {}).items()}
    return {
        **schema,
        "function": {**function, "parameters": {**parameters, "properties": told}},
    }


def _told(argument: Mapping[str, Any]) -> dict[str, Any]:
    text = str(argument.get("description", ""))
    added = [form for form in _forms(argument) if form not in text]
    if argument.get("default") not in (None, "", []):
        added.append(f"{argument['default']} when left out")
    if not added:
        return dict(argument)
    return {**argument, "description": f"{text} ({'; '.join(added)})".strip()}


def _forms(argument: Mapping[str, Any]) -> Iterator[str]:
    for one in (argument, *argument.get("anyOf", ()), argument.get("items") or {}):
        if one.get("format") in _FORMATS:
            yield _FORMATS[one["format"]]

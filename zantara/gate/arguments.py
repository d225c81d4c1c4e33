"""What is wrong with named values, a call's say: all of it at once, each with what is accepted."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

__all__ = ["problems_of"]

# By the first word of pydantic's name for a wrong value.
_ACCEPTED = {
    "datetime": "a date and time such as 2026-01-31T10:00:00+08:00",
    "date": "a day such as 2026-01-31",
    "string": "text",
    "list": 'a list such as ["a", "b"]',
    "int": "a whole number",
    "float": "a number",
    "decimal": "a number",
    "bool": "true or false",
    "dict": "an object",
}
_OF_THE_KIND = ("_type", "_parsing", "_inexact")


def problems_of(
    schema: type[BaseModel], args: Mapping[str, Any], *, what: str = "argument"
) -> list[str]:
    """One text for each thing that is wrong, empty where the arguments fit the schema."""
    known = list(schema.model_fields)
    return [
        *_unknown(args, known, what),
        *_unfit(schema, {n: v for n, v in args.items() if n in known}),
    ]


def _unknown(args: Mapping[str, Any], known: Sequence[str], what: str) -> Iterator[str]:
    for name in args:
        if name not in known:
            near = get_close_matches(name, known, 1)
            hint = f"; did you mean {near[0]}? " if near else "; "
            yield f"{name}: no such {what}{hint}accepted: {', '.join(known)}"


def _unfit(schema: type[BaseModel], args: Mapping[str, Any]) -> Iterator[str]:
    try:
        schema.model_validate(args)
    except ValidationError as error:
        for one in error.errors(include_url=False):
            name = ".".join(map(str, one["loc"]))
            if one["type"] == "missing":
                yield f"{name}: missing"
            else:
                yield f"{name}: {one['input']!r:.80}; accepted: {_accepted(one['type'], one['msg'])}"


def _accepted(kind: str, told: str) -> str:
    of_the_kind = kind.endswith(_OF_THE_KIND)
    return _ACCEPTED.get(kind.partition("_")[0], told) if of_the_kind else told

"""Partial answers: the `fields` parameter, `files(id,owners/emailAddress),nextPageToken`."""

import re
from collections import deque
from collections.abc import Mapping
from typing import Any

from zantara.google.local._contract import schemas_of
from zantara.google.local._faults import Fault

__all__ = ["partial"]

Mask = dict[str, "Mask"]  # an empty one takes everything below
_TOKEN = re.compile(r"[\w*]+|[(),/.]")


def partial(answer: Any, fields: str, api: str, reference: str) -> Any:
    """`answer`, a value of the schema `reference`, cut down to `fields`. Raises Fault 400."""
    pieces = deque(_TOKEN.findall(fields))
    if "".join(pieces) != "".join(fields.split()) or not pieces:
        raise Fault(400, "invalidParameter", f"Invalid field selection {fields}")
    mask = _list(pieces, fields)
    if pieces:
        raise Fault(400, "invalidParameter", f"Invalid field selection {fields}")
    _check(mask, schemas_of(api), {"$ref": reference})
    return _cut(answer, mask)


def _list(pieces: deque[str], fields: str) -> Mask:
    mask: Mask = {}
    while True:
        _path(pieces, mask, fields)
        if not pieces or pieces[0] != ",":
            return mask
        pieces.popleft()


def _path(pieces: deque[str], mask: Mask, fields: str) -> None:
    name = pieces.popleft() if pieces else ""
    if not re.fullmatch(r"[\w*]+", name):
        raise Fault(400, "invalidParameter", f"Invalid field selection {fields}")
    inner = mask.setdefault(name, {})
    if pieces and pieces[0] in "/.":
        pieces.popleft()
        _path(pieces, inner, fields)
    elif pieces and pieces[0] == "(":
        pieces.popleft()
        inner.update(_list(pieces, fields))
        if not pieces or pieces.popleft() != ")":
            raise Fault(400, "invalidParameter", f"Invalid field selection {fields}")


def _check(mask: Mask, schemas: Mapping[str, Any], schema: Mapping[str, Any]) -> None:
    """Raises Fault 400 for a field that the schema does not have."""
    while "$ref" in schema or schema.get("type") == "array":
        schema = schemas[schema["$ref"]] if "$ref" in schema else schema["items"]
    if "additionalProperties" in schema:
        return
    known = schema.get("properties", {})
    for name, inner in mask.items():
        if name != "*" and name not in known:
            raise Fault(400, "invalidParameter", f"Invalid field selection {name}")
        if name != "*":
            _check(inner, schemas, known[name])


def _cut(value: Any, mask: Mask) -> Any:
    if not mask:
        return value
    if isinstance(value, list):
        return [_cut(one, mask) for one in value]
    if not isinstance(value, Mapping):
        return value
    kept = {name: mask.get(name, mask.get("*")) for name in value}
    return {n: _cut(value[n], inner) for n, inner in kept.items() if inner is not None}

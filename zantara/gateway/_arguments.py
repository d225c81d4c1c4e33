"""Arguments of another type than the tool's schema says, made what they are where nothing is lost."""

import json
from collections.abc import Mapping
from typing import Any

__all__ = ["fitted"]


def fitted(args: Mapping[str, Any], schema: Mapping[str, Any]) -> dict[str, Any]:
    """`"a@b.c"` where a list of texts is wanted becomes `["a@b.c"]`, `"3"` an integer 3, and so on.

    schema: the tool's parameters, JSON Schema. What fits already or cannot be read without a guess
    stays as it is: the gate checks it and tells the model.
    """
    known: Mapping[str, Any] = schema.get("properties", {})
    return {name: _fitted(value, known.get(name, {})) for name, value in args.items()}


def _fitted(value: Any, schema: Mapping[str, Any]) -> Any:
    shapes = [schema, *schema.get("anyOf", ())]
    kinds = [str(one["type"]) for one in shapes if "type" in one]
    if not kinds or any(_is(value, kind) for kind in kinds):
        return value
    for kind in kinds:
        made = _made(value, kind, next(one for one in shapes if one.get("type") == kind))
        if made is not None:
            return made
    return value


def _is(value: Any, kind: str) -> bool:
    types: Mapping[str, type | tuple[type, ...]] = {
        "string": str,
        "array": list,
        "object": dict,
        "boolean": bool,
        "null": type(None),
    }
    if kind in ("integer", "number"):
        whole = isinstance(value, int) and not isinstance(value, bool)
        return whole or (kind == "number" and isinstance(value, float))
    return isinstance(value, types.get(kind, object))


def _made(value: Any, kind: str, schema: Mapping[str, Any]) -> Any:
    """The value as `kind`; None where that would be a guess."""
    if kind == "array":
        return _array(value, schema.get("items", {}))
    if kind == "string":
        number = isinstance(value, int | float) and not isinstance(value, bool)
        return str(value) if number else None
    if isinstance(value, float) and kind == "integer":
        return int(value) if value.is_integer() else None
    if not isinstance(value, str):
        return None
    read = _parsed(value)
    return read if read is not None and _is(read, kind) else None


def _array(value: Any, items: Mapping[str, Any]) -> list[Any] | None:
    read = _parsed(value) if isinstance(value, str) and value.lstrip().startswith("[") else None
    if isinstance(read, list):
        return read
    return [value] if _is(value, str(items.get("type", ""))) and value != "" else None


def _parsed(text: str) -> Any:
    try:
        return json.loads(text.strip().lower() if text.strip() in ("True", "False") else text)
    except ValueError:
        return None

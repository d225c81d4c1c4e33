"""Values held to schemas in the form of discovery documents; the local services share it."""

from collections.abc import Mapping
from typing import Any

__all__ = ["schema_problems"]

_JSON_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}


def schema_problems(schemas: Mapping[str, Any], reference: str, value: object) -> list[str]:
    """What of `value` does not fit `schemas[reference]`; empty when it fits."""
    return _problems(schemas, {"$ref": reference}, value, reference)


def _problems(
    schemas: Mapping[str, Any], schema: Mapping[str, Any], value: object, where: str
) -> list[str]:
    if "$ref" in schema:
        schema = schemas[schema["$ref"]]
    kind = schema.get("type", "any")
    if kind == "any" or value is None:
        return []
    fits = isinstance(value, _JSON_TYPES[kind])
    if not fits or (isinstance(value, bool) and kind in ("integer", "number")):
        return [f"{where}: {value!r:.60} is not of type {kind}"]
    if isinstance(value, list):
        items = schema.get("items", {})
        return [
            p for i, v in enumerate(value) for p in _problems(schemas, items, v, f"{where}[{i}]")
        ]
    if isinstance(value, dict):
        return _object_problems(schemas, schema, value, where)
    if "enum" in schema and value not in schema["enum"]:
        return [f"{where}: {value!r:.60} is not one of {', '.join(schema['enum'])}"]
    return []


def _object_problems(
    schemas: Mapping[str, Any], schema: Mapping[str, Any], value: dict[str, Any], where: str
) -> list[str]:
    properties, extra = schema.get("properties", {}), schema.get("additionalProperties")
    found: list[str] = []
    for name, inner in value.items():
        spec = properties.get(name, extra)
        if spec is None:
            found.append(f"{where}: unknown field {name}")
        else:
            found += _problems(schemas, spec, inner, f"{where}.{name}")
    return found

"""The schemas of Routes API v2 in discovery form, from the messages of Google's own client.

Google publishes no discovery document of Routes with its Python client. So the local Maps ships the
schemas as a file, and `python -m tests.conformance.maps.routes_schema --write` renews it where
google-maps-routing is installed.
"""

import json
import sys
import warnings
from importlib import import_module
from pathlib import Path
from typing import Any

__all__ = ["FILE", "published"]

FILE = Path(__file__).parents[3] / "zantara" / "maps" / "local" / "routes.v2.json"
_TEXT = {"type": "string"}
_WELL_KNOWN: dict[str, dict[str, Any]] = {
    "google.protobuf.Timestamp": _TEXT,
    "google.protobuf.Duration": _TEXT,
    "google.protobuf.Int32Value": {"type": "integer"},
    "google.protobuf.Struct": {"type": "any"},
    "google.protobuf.Any": {"type": "any"},
}
_DOUBLE, _INT64, _INT32, _BOOL, _MESSAGE, _ENUM = 1, 3, 5, 8, 11, 14


def published() -> dict[str, Any]:
    """The schemas by short name. Raises ImportError where google-maps-routing is not installed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of grpc, which is not used here
        routing_v2 = import_module("google.maps.routing_v2")

    schemas: dict[str, Any] = {}
    for kind in (routing_v2.ComputeRoutesRequest, routing_v2.ComputeRoutesResponse):
        _add(kind.pb(kind()).DESCRIPTOR, schemas)
    return dict(sorted(schemas.items()))


def _add(message: Any, schemas: dict[str, Any]) -> str:
    name = _short(message)
    if name not in schemas:
        properties: dict[str, Any] = {}
        schemas[name] = {"type": "object", "properties": properties}
        for field in message.fields:
            one = _one(field, schemas)
            properties[field.json_name] = (
                {"type": "array", "items": one} if field.is_repeated else one
            )
    return name


def _one(field: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    if field.type == _MESSAGE:
        known = _WELL_KNOWN.get(field.message_type.full_name)
        return known or {"$ref": _add(field.message_type, schemas)}
    if field.type == _ENUM:
        values = field.enum_type.values
        return {
            "type": "string",
            "enum": [value.name for value in values],
            "numbers": [value.number for value in values],
        }
    kinds = {_DOUBLE: "number", _INT64: "string", _INT32: "integer", _BOOL: "boolean"}
    return {"type": kinds.get(field.type, "string")}


def _short(message: Any) -> str:
    """`google.maps.routing.v2.RouteLeg.StepsOverview` -> `RouteLegStepsOverview`."""
    parts = [part for part in message.full_name.split(".") if part[0].isupper()]
    return "".join(parts)


def _write() -> None:
    lines = [f" {json.dumps(n)}: {json.dumps(s)}" for n, s in published().items()]
    FILE.write_text('{"schemas": {\n' + ",\n".join(lines) + "\n}}\n", "utf-8")


if __name__ == "__main__" and "--write" in sys.argv:
    _write()

"""The published schemas of both APIs, and requests held to them.

Places: the discovery document that google-api-python-client ships. Routes: `routes.v2.json`, made
from the messages of Google's own client by tests/conformance/maps/routes_schema.py.
"""

import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, cast

from zantara.google.schema import schema_problems
from zantara.maps.local._faults import Fault

__all__ = ["body_of", "problems", "refuse_unimplemented", "schemas_of"]


@cache
def schemas_of(api: str) -> Mapping[str, Any]:
    """The schemas of `places` or `routes`, by name. Reads a file the first time."""
    if api == "places":
        from zantara.google._discovery import discovery_document

        return cast("Mapping[str, Any]", discovery_document("places", "v1")["schemas"])
    text = files(__package__).joinpath("routes.v2.json").read_text("utf-8")
    return cast("Mapping[str, Any]", json.loads(text)["schemas"])


def problems(api: str, reference: str, value: object) -> list[str]:
    """What of `value` does not fit the schema `reference`; empty when it fits."""
    return schema_problems(schemas_of(api), reference, value)


def body_of(api: str, reference: str, content: bytes) -> dict[str, Any]:
    """The JSON body, with enumerations by name. Raises Fault 400 when it is not of the schema."""
    try:
        read = json.loads(content or b"{}")
    except (ValueError, RecursionError) as error:
        raise Fault(400, f"Invalid JSON payload received. {error}") from error
    named = _named(schemas_of(api), {"$ref": reference}, read)
    wrong = problems(api, reference, named)
    if wrong or not isinstance(named, dict):
        raise Fault(400, f"Invalid JSON payload received. {wrong[0] if wrong else 'No object'}")
    return named


def _named(schemas: Mapping[str, Any], schema: Mapping[str, Any], value: Any) -> Any:
    """Google's own REST clients send enumerations as numbers."""
    if "$ref" in schema:
        schema = schemas[schema["$ref"]]
    if isinstance(value, list):
        return [_named(schemas, schema.get("items", {}), one) for one in value]
    if isinstance(value, dict):
        known = schema.get("properties", {})
        return {name: _named(schemas, known.get(name, {}), one) for name, one in value.items()}
    numbers = schema.get("numbers", [])
    if isinstance(value, int) and not isinstance(value, bool) and value in numbers:
        return schema["enum"][numbers.index(value)]
    return value


def refuse_unimplemented(
    body: Mapping[str, Any], implemented: Mapping[str, Any], where: str = ""
) -> None:
    """Raises Fault 501 for a field that would change the answer and is not implemented.

    implemented: the fields by name; a mapping below a name names the fields inside it. A field at
    its default value says nothing, as in protocol buffers.
    """
    for name, value in body.items():
        path = f"{where}{name}"
        says_nothing = not value or (isinstance(value, str) and value.endswith("_UNSPECIFIED"))
        if name not in implemented:
            if not says_nothing:
                raise Fault(501, f"the local Maps does not implement {path}")
        elif isinstance(value, Mapping) and isinstance(implemented[name], Mapping):
            refuse_unimplemented(value, implemented[name], f"{path}.")

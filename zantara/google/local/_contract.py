"""The published contract: routes, parameters and schemas of the discovery documents."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs, unquote

from zantara.google._discovery import discovery_document
from zantara.google.local._faults import Fault
from zantara.google.schema import schema_problems

__all__ = ["Asked", "check_schema", "match", "problems"]

_APIS = (("calendar", "v3"), ("gmail", "v1"))
# Who asks, whom to bill and how the answer is laid out: nothing that changes what it says.
_HARMLESS = frozenset(
    {"key", "access_token", "oauth_token", "prettyPrint", "quotaUser", "userIp", "$.xgafv"}
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that keeps to the contract: method id, its parameters by name, its JSON body."""

    method: str
    params: dict[str, Any]
    body: dict[str, Any]
    if_match: str = ""


@dataclass(frozen=True, slots=True)
class _Route:
    verb: str
    pattern: re.Pattern[str]
    api: str
    method: dict[str, Any]


@cache
def _routes() -> tuple[_Route, ...]:
    found: list[_Route] = []
    for name, version in _APIS:
        document = discovery_document(name, version)
        for method in _methods(document):
            path = "/" + document["servicePath"] + method["path"]
            pattern = re.sub(r"\\\{\\?\+?(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path))
            found.append(_Route(method["httpMethod"], re.compile(pattern), name, method))
    return tuple(found)


def _methods(node: dict[str, Any]) -> list[dict[str, Any]]:
    inner = [m for child in node.get("resources", {}).values() for m in _methods(child)]
    return [*node.get("methods", {}).values(), *inner]


@cache
def _schemas(api: str) -> dict[str, Any]:
    version = dict(_APIS)[api]
    return dict(discovery_document(api, version)["schemas"])


@cache
def _common(api: str) -> frozenset[str]:
    return frozenset(discovery_document(api, dict(_APIS)[api])["parameters"])


def match(verb: str, path: str, query: str) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """(method id, parameters, method) of a request line. Raises Fault 404 or 400."""
    for route in _routes():
        found = route.pattern.fullmatch(path) if route.verb == verb else None
        if found:
            params: dict[str, Any] = {k: unquote(v) for k, v in found.groupdict().items()}
            params.update(_query(query, route))
            return route.method["id"], params, route.method
    if path.startswith(("/upload/", "/resumable/", "/batch")):
        raise Fault(
            501, "notImplemented", f"{verb} {path}: uploads and batches are not implemented"
        )
    raise Fault(404, "notFound", f"Not Found: {verb} {path}")


def _query(query: str, route: _Route) -> dict[str, Any]:
    params: dict[str, Any] = {}
    known = route.method.get("parameters", {})
    for name, values in parse_qs(query, keep_blank_values=True).items():
        if name in _HARMLESS or (name, values) == ("alt", ["json"]):
            continue
        if name in _common(route.api):
            raise Fault(501, "notImplemented", f"parameter {name} is not implemented")
        if name not in known:
            raise Fault(400, "badRequest", f"Unknown parameter: {name}")
        read = [_read(name, value, known[name]) for value in values]
        params[name] = read if known[name].get("repeated") else read[-1]
    return params


def _read(name: str, value: str, spec: dict[str, Any]) -> Any:
    if "enum" in spec and value not in spec["enum"]:
        accepted = ", ".join(spec["enum"])
        raise Fault(400, "invalidParameter", f"Invalid value for {name}: {value} ({accepted})")
    if spec["type"] == "boolean":
        if value not in ("true", "false"):
            raise Fault(400, "invalidParameter", f"Invalid boolean for {name}: {value}")
        return value == "true"
    return _integer(name, value, spec) if spec["type"] == "integer" else value


def _integer(name: str, value: str, spec: dict[str, Any]) -> int:
    if not re.fullmatch(r"-?\d{1,18}", value):
        raise Fault(400, "invalidParameter", f"Invalid integer for {name}: {value}")
    least = 1 if name == "maxResults" else int(spec.get("minimum", value))
    if not least <= int(value) <= int(spec.get("maximum", value)):
        raise Fault(400, "invalidParameter", f"Invalid value for {name}: {value} is out of range")
    return int(value)


def check_schema(method: dict[str, Any], body: dict[str, Any]) -> None:
    """Raises Fault 400 when a request's body is not of the method's schema."""
    reference = method.get("request", {}).get("$ref")
    if reference is None:
        return
    wrong = problems(method["id"].split(".")[0], reference, body)
    if wrong:
        raise Fault(400, "invalid", wrong[0])


def problems(api: str, reference: str, value: object) -> list[str]:
    """What of `value` does not fit the schema `reference` of an API; empty when it fits."""
    return schema_problems(_schemas(api), reference, value)

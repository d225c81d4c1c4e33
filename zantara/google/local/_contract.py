"""The published contract: routes, parameters and schemas of the discovery documents."""

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any
from urllib.parse import parse_qs, unquote

from zantara.google._discovery import discovery_document
from zantara.google.local._faults import Fault
from zantara.google.schema import schema_problems

__all__ = ["Asked", "Media", "check_schema", "match", "problems", "schemas_of"]


@dataclass(frozen=True, slots=True)
class _Api:
    """`paths` tell the APIs apart, since all of them answer at one address here."""

    version: str
    paths: tuple[str, ...]
    implements: frozenset[str] = frozenset()  # of the parameters that all methods share


_PARTIAL = frozenset({"fields"})
_APIS = {
    "calendar": _Api("v3", ("/calendar/v3/",)),
    "gmail": _Api("v1", ("/gmail/v1/",)),
    "drive": _Api("v3", ("/drive/v3/", "/upload/drive/v3/"), _PARTIAL | {"alt", "uploadType"}),
    "docs": _Api("v1", ("/v1/documents",), _PARTIAL),
    "sheets": _Api("v4", ("/v4/",), _PARTIAL),
    "slides": _Api("v1", ("/v1/presentations",), _PARTIAL),
    "people": _Api("v1", ("/v1/people", "/v1/contactGroups", "/v1/otherContacts")),
    "chat": _Api("v1", ("/v1/",)),
}
# Who asks, whom to bill and how the answer is laid out: nothing that changes what it says.
_HARMLESS = frozenset(
    {"key", "access_token", "oauth_token", "prettyPrint", "quotaUser", "userIp", "$.xgafv"}
)


@dataclass(frozen=True, slots=True)
class Media:
    """The bytes of a file, uploaded or to be downloaded."""

    data: bytes
    mime_type: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that keeps to the contract: method id, its parameters by name, its JSON body.

    shared: those of the parameters that every method of the API has, such as `fields` and `alt`.
    """

    method: str
    params: dict[str, Any]
    body: dict[str, Any]
    if_match: str = ""
    shared: dict[str, str] = field(default_factory=dict)
    upload: Media | None = None


@dataclass(frozen=True, slots=True)
class _Route:
    verb: str
    pattern: re.Pattern[str]
    api: str
    method: dict[str, Any]


@cache
def _routes(api: str) -> tuple[_Route, ...]:
    document = discovery_document(api, _APIS[api].version)
    found: list[_Route] = []
    for method in _methods(document):
        path = "/" + document["servicePath"] + method["path"]
        # An operation's path (`{id}:append`) is tried before the one that would take it for an id.
        found.append(_Route(method["httpMethod"], _pattern(path, method), api, method))
    return tuple(sorted(found, key=lambda one: ":" not in one.method["path"]))


def _pattern(path: str, method: dict[str, Any]) -> re.Pattern[str]:
    """`{+name}` is a resource name, which has slashes: its own pattern says which names it takes."""

    def part(found: re.Match[str]) -> str:
        plus, name = found[1], found[2]
        taken = method["parameters"][name].get("pattern", "^.+$") if plus else "^[^/]+$"
        return f"(?P<{name}>{taken[1:-1]})"

    media = "(?:/upload)?" if "mediaUpload" in method else ""
    return re.compile(media + re.sub(r"\\\{(\\\+)?(\w+)\\\}", part, re.escape(path)))


def _methods(node: dict[str, Any]) -> list[dict[str, Any]]:
    inner = [m for child in node.get("resources", {}).values() for m in _methods(child)]
    return [*node.get("methods", {}).values(), *inner]


@cache
def schemas_of(api: str) -> dict[str, Any]:
    """The schemas of an API by name."""
    return dict(discovery_document(api, _APIS[api].version)["schemas"])


@cache
def _common(api: str) -> frozenset[str]:
    return frozenset(discovery_document(api, _APIS[api].version)["parameters"])


def match(verb: str, path: str, query: str) -> tuple[Asked, dict[str, Any]]:
    """(the request without its body, method) of a request line. Raises Fault 404, 400 or 501."""
    api = next((name for name, one in _APIS.items() if path.startswith(one.paths)), "")
    for route in _routes(api) if api else ():
        found = route.pattern.fullmatch(path) if route.verb == verb else None
        if found:
            params: dict[str, Any] = {k: unquote(v) for k, v in found.groupdict().items()}
            own, shared = _query(query, route)
            return Asked(route.method["id"], {**params, **own}, {}, shared=shared), route.method
    if path.startswith(("/upload/", "/resumable/", "/batch")):
        raise Fault(501, "notImplemented", f"{verb} {path}: this upload or batch is missing here")
    raise Fault(404, "notFound", f"Not Found: {verb} {path}")


def _query(query: str, route: _Route) -> tuple[dict[str, Any], dict[str, str]]:
    params: dict[str, Any] = {}
    shared: dict[str, str] = {}
    known = route.method.get("parameters", {})
    for name, values in parse_qs(query, keep_blank_values=True).items():
        if name in _HARMLESS or (name, values) == ("alt", ["json"]):
            continue
        if name in _common(route.api):
            shared[name] = _shared(name, values[-1], route)
        elif name not in known:
            raise Fault(400, "badRequest", f"Unknown parameter: {name}")
        else:
            read = [_read(name, value, known[name]) for value in values]
            params[name] = read if known[name].get("repeated") else read[-1]
    return params, shared


def _shared(name: str, value: str, route: _Route) -> str:
    """`alt` asks for a file's content; nothing but a method that has one takes it."""
    download = value == "media" and route.method.get("supportsMediaDownload")
    if name not in _APIS[route.api].implements or (name == "alt" and not download):
        raise Fault(501, "notImplemented", f"parameter {name} is not implemented")
    return value


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
    least = {"maxResults": 1, "pageSize": int(spec.get("minimum", 0))}.get(
        name, int(spec.get("minimum", value))
    )
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
    return schema_problems(schemas_of(api), reference, value)

"""The local Maps' front: one request in, one answer out."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, unquote

from zantara.maps.local._contract import body_of, schemas_of
from zantara.maps.local._faults import Fault
from zantara.maps.local._masks import Mask
from zantara.maps.local._places import details, search_text
from zantara.maps.local._routes import compute_routes

__all__ = ["answer"]

_PREFIX = "GoogleMapsPlacesV1"
_NOT_HERE = re.compile(
    r"/v1/places:(searchNearby|autocomplete)|/v1/places/[^/]+/photos/.*"
    r"|/distanceMatrix/v2:computeRouteMatrix"
)
# Who asks, and how the answer is laid out; an `alt` that asks for numbers gets names, as JSON allows.
_HARMLESS = frozenset({"key", "$alt", "alt", "prettyPrint", "$prettyPrint", "quotaUser"})


def answer(
    verb: str, path: str, query: str, headers: Mapping[str, str], content: bytes
) -> tuple[int, dict[str, Any]]:
    """(status, JSON) of one request; `headers` by lower-case name. Reads files the first time."""
    try:
        return 200, _answer(verb, path, _params(query), headers, content)
    except Fault as fault:
        return fault.status, fault.body()


def _params(query: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(query).items() if name not in _HARMLESS}


def _answer(
    verb: str, path: str, params: dict[str, str], headers: Mapping[str, str], content: bytes
) -> dict[str, Any]:
    fields = params.pop("fields", params.pop("$fields", headers.get("x-goog-fieldmask", "")))
    place = re.fullmatch(r"/v1/places/([^/:]+)", path)
    language = params.pop("languageCode", "") if place else ""
    if params:
        raise Fault(400, f'Invalid query parameter "{min(params)}"; accepted: fields, languageCode')
    if (verb, path) == ("POST", "/v1/places:searchText"):
        body = body_of("places", _PREFIX + "SearchTextRequest", content)
        mask = Mask(fields, schemas_of("places"), _PREFIX + "SearchTextResponse")
        return mask.show(search_text(body))
    if verb == "GET" and place:
        mask = Mask(fields, schemas_of("places"), _PREFIX + "Place")
        return mask.show(details(unquote(place[1]), language))
    if (verb, path) == ("POST", "/directions/v2:computeRoutes"):
        body = body_of("routes", "ComputeRoutesRequest", content)
        mask = Mask(fields, schemas_of("routes"), "ComputeRoutesResponse")
        return mask.show(compute_routes(body))
    if _NOT_HERE.fullmatch(path):
        raise Fault(501, f"the local Maps does not implement {verb} {path}")
    raise Fault(404, f"Not Found: {verb} {path}")

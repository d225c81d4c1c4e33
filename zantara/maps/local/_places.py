"""Places API (New): text search and details, from the gazetteer."""

import math
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from zantara.maps._sphere import Point, viewport
from zantara.maps.local._contract import refuse_unimplemented
from zantara.maps.local._faults import Fault
from zantara.maps.local._gazetteer import Near, Place, gazetteer

__all__ = ["PROVIDER", "details", "search_text"]

PROVIDER = "ZANTARA local gazetteer: approximate positions, not Google's data"
_CORNERS = {"low": True, "high": True}
_IMPLEMENTED = {
    "textQuery": True,
    "languageCode": True,
    "locationBias": {"circle": {"center": True, "radius": True}},
    "locationRestriction": {"rectangle": _CORNERS},
    "pageSize": True,
    "maxResultCount": True,  # its older name, which Google's own clients still send
    "includedType": True,
    "openNow": True,
}
_WIDEST_M = 50_000
_MOST = 20


def search_text(body: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to places:searchText. Positions of a bias come first, nearest first."""
    refuse_unimplemented(body, _IMPLEMENTED)
    query = body.get("textQuery", "")
    if not query.strip():
        raise Fault(400, "Empty text_query. text_query is required.")
    if "locationBias" in body and "locationRestriction" in body:
        raise Fault(400, "location_bias and location_restriction cannot be set together")
    size = body.get("pageSize") or body.get("maxResultCount") or _MOST
    if size < 0:
        raise Fault(400, f"page_size must be between 0 and {_MOST}, not {size}")
    inside = _rectangle(body.get("locationRestriction"))
    found = gazetteer().find(query, _circle(body.get("locationBias")))
    kind = body.get("includedType", "")
    shown = [
        place
        for place in found
        if inside(place.at) and (not kind or kind in place.types) and not body.get("openNow")
    ]
    language = body.get("languageCode", "en")
    places = [_resource(place, language) for place in shown[: min(size, _MOST)]]
    return {"places": places} if places else {}


def details(identity: str, language: str) -> dict[str, Any]:
    """The answer to places.get."""
    place = gazetteer().by_id(identity)
    if place is None:
        raise Fault(404, f"The Place ID {identity!r} is not of the local gazetteer")
    return _resource(place, language or "en")


def _resource(place: Place, language: str) -> dict[str, Any]:
    """What is known: no phone, rating, website or hours, so these are absent."""
    name, spoken = place.called(language)
    query = urlencode({"api": 1, "query": f"{place.name}, Bali"})
    within = [place.area, place.regency, "Bali", "Indonesia"]
    address = [name, *within] if place.kind in ("town", "street", "regency") else within
    return {
        "name": f"places/{place.id}",
        "id": place.id,
        "displayName": {"text": name, "languageCode": spoken},
        "types": list(place.types),
        "primaryType": place.types[0],
        "formattedAddress": ", ".join(dict.fromkeys(part for part in address if part)),
        "location": place.at._asdict(),
        "viewport": viewport(place.at, place.reach_m),
        "googleMapsUri": f"https://www.google.com/maps/search/?{query}",
        "attributions": [{"provider": PROVIDER}],
    }


def _circle(bias: Mapping[str, Any] | None) -> Near | None:
    circle = (bias or {}).get("circle")
    if circle is None:
        return None
    radius = circle.get("radius", 0)
    if not 0 <= radius <= _WIDEST_M:
        raise Fault(400, f"circle.radius must be between 0 and {_WIDEST_M}, not {radius}")
    return Near(_point(circle.get("center"), "circle.center"), radius)


def _rectangle(restriction: Mapping[str, Any] | None) -> Any:
    rectangle = (restriction or {}).get("rectangle")
    if rectangle is None:
        return lambda _at: True
    low = _point(rectangle.get("low"), "rectangle.low")
    high = _point(rectangle.get("high"), "rectangle.high")
    if low.latitude > high.latitude:
        raise Fault(400, "rectangle.low must be the southwest corner")
    return lambda at: all(a <= b <= c for a, b, c in zip(low, at, high, strict=True))


def _point(given: Mapping[str, Any] | None, field: str) -> Point:
    if given is None:
        raise Fault(400, f"{field} is required")
    point = Point(given.get("latitude", 0.0), given.get("longitude", 0.0))
    if not (
        abs(point.latitude) <= 90 and abs(point.longitude) <= 180 and math.isfinite(sum(point))
    ):
        raise Fault(400, f"{field}: {point.latitude}, {point.longitude} is no position")
    return point

"""Routes API v2: one estimated route, from the straight line between two places.

Where traffic is asked for the answer says, as Google's does, that it fell back to none. Between two
islands there is no route: the gazetteer knows no boats.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from zantara.maps._sphere import Point, metres
from zantara.maps.local._contract import refuse_unimplemented
from zantara.maps.local._faults import Fault
from zantara.maps.local._gazetteer import Place, gazetteer

__all__ = ["WARNING", "compute_routes"]

WARNING = "Estimate from straight-line distance, not a measured route"
_NO_TIMETABLE = "No timetable is known: whether a bus or shuttle goes there has not been checked"
_WAYPOINT = {"location": {"latLng": True}, "placeId": True, "address": True}
_IMPLEMENTED = {
    "origin": _WAYPOINT,
    "destination": _WAYPOINT,
    "travelMode": True,
    "routingPreference": True,
    "departureTime": True,
    "languageCode": True,
    "units": True,
}
_WITH_TRAFFIC = ("TRAFFIC_AWARE", "TRAFFIC_AWARE_OPTIMAL")
_MOTORISED = ("DRIVE", "TWO_WHEELER")
_HOURS = {"id": "jam", "it": "h"}
_MINUTES = {"id": "mnt", "it": "min"}


def compute_routes(body: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to directions/v2:computeRoutes; with no route in it where none is known."""
    refuse_unimplemented(body, _IMPLEMENTED)
    mode = _mode(body)
    _check_options(body, mode)
    ends = {name: _end(name, body.get(name)) for name in ("origin", "destination")}
    answer = _geocoded(body, ends)
    if len({_island(end) for end in ends.values()}) > 1:
        return answer
    answer["routes"] = [_route(*ends.values(), mode=mode, language=body.get("languageCode", "en"))]
    if body.get("routingPreference") in _WITH_TRAFFIC:
        answer["fallbackInfo"] = {
            "routingMode": "FALLBACK_TRAFFIC_UNAWARE",
            "reason": "SERVER_ERROR",
        }
    return answer


def _mode(body: Mapping[str, Any]) -> str:
    mode = str(body.get("travelMode") or "")
    return "DRIVE" if mode in ("", "TRAVEL_MODE_UNSPECIFIED") else mode


def _check_options(body: Mapping[str, Any], mode: str) -> None:
    preference = body.get("routingPreference", "ROUTING_PREFERENCE_UNSPECIFIED")
    if preference != "ROUTING_PREFERENCE_UNSPECIFIED" and mode not in _MOTORISED:
        raise Fault(400, "Routing preference cannot be set for the travel mode " + mode)
    if body.get("units") == "IMPERIAL":
        raise Fault(501, "the local Maps does not implement units IMPERIAL")
    departure = body.get("departureTime")
    if departure is not None:
        try:
            aware = datetime.fromisoformat(departure).tzinfo is not None
        except ValueError:
            aware = False
        if not aware:
            raise Fault(400, f"departure_time: {departure!r} is not an RFC 3339 timestamp")


def _end(name: str, waypoint: Mapping[str, Any] | None) -> Place | Point:
    given = waypoint or {}
    chosen = [key for key in ("placeId", "location", "address") if given.get(key)]
    if len(chosen) != 1:
        raise Fault(400, f"{name}: one of placeId, location and address is required")
    if chosen == ["location"]:
        at = given["location"].get("latLng") or {}
        return _checked(name, Point(at.get("latitude", 0.0), at.get("longitude", 0.0)))
    known = gazetteer()
    if chosen == ["placeId"]:
        place = known.by_id(given["placeId"])
    else:
        place = next(iter(known.find(given["address"])), None)
    if place is None:
        raise Fault(404, f"{name}: {given[chosen[0]]!r} is not of the local gazetteer")
    return place


def _checked(name: str, at: Point) -> Point:
    if not (abs(at.latitude) <= 90 and abs(at.longitude) <= 180):
        raise Fault(400, f"{name}: {at.latitude}, {at.longitude} is no position")
    return at


def _geocoded(body: Mapping[str, Any], ends: Mapping[str, Place | Point]) -> dict[str, Any]:
    """Which place an address was taken for."""
    results = {
        name: {"geocoderStatus": {}, "type": list(end.types), "placeId": end.id}
        for name, end in ends.items()
        if isinstance(end, Place) and body[name].get("address")
    }
    return {"geocodingResults": results} if results else {}


def _island(end: Place | Point) -> str:
    """The island of the nearest known place."""
    if isinstance(end, Place):
        return end.island
    return min(gazetteer().places, key=lambda place: metres(place.at, end)).island


def _route(
    origin: Place | Point, destination: Place | Point, *, mode: str, language: str
) -> dict[str, Any]:
    start, end = _at(origin), _at(destination)
    figures = gazetteer().travel[mode]
    distance = round(metres(start, end) * figures["detour"])
    seconds = round(distance / (figures["km_h"] / 3.6))
    duration = f"{seconds}s"
    leg = {
        "distanceMeters": distance,
        "duration": duration,
        "staticDuration": duration,
        "localizedValues": _localized(distance, seconds, language),
    }
    ends = {
        "startLocation": {"latLng": start._asdict()},
        "endLocation": {"latLng": end._asdict()},
    }
    warnings = [WARNING, _NO_TIMETABLE] if mode == "TRANSIT" else [WARNING]
    return {
        **leg,
        "legs": [{**leg, **ends}],
        "warnings": warnings,
        "viewport": _viewport(start, end),
        "routeLabels": ["DEFAULT_ROUTE"],
    }


def _at(end: Place | Point) -> Point:
    return end.at if isinstance(end, Place) else end


def _viewport(start: Point, end: Point) -> dict[str, Any]:
    corners = {"low": map(min, start, end), "high": map(max, start, end)}
    return {name: Point(*corner)._asdict() for name, corner in corners.items()}


def _localized(distance: int, seconds: int, language: str) -> dict[str, Any]:
    base = language.split("-", maxsplit=1)[0].lower()
    base = base if base in ("id", "it") else "en"
    number = f"{distance / 1000:.1f}" if distance >= 1000 else str(distance)
    length = (number if base == "en" else number.replace(".", ",")) + (
        " km" if distance >= 1000 else " m"
    )
    hours, minutes = divmod(max(1, round(seconds / 60)), 60)
    parts = [f"{hours} {_HOURS.get(base, 'h')}"] if hours else []
    parts += [f"{minutes} {_MINUTES.get(base, 'min')}"] if minutes else []
    time = {"text": " ".join(parts), "languageCode": base}
    return {
        "distance": {"text": length, "languageCode": base},
        "duration": time,
        "staticDuration": time,
    }

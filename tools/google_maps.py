"""Maps, as a model may use it: places, one place, and the way between two.

Owners of places write their names and pages, so everything of a place comes from outside; ids, links
that are built here, distances and times are the system's. Links lead to places by the names that
Maps gave, never by the user's own words.
"""

import asyncio
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, cast
from urllib.parse import urlencode

from langchain_core.tools import BaseTool, InjectedToolArg

from zantara.gate.provenance import Provenance
from zantara.maps import (
    Maps,
    MapsBadRequestError,
    MapsNotFoundError,
    Near,
    Point,
    TravelMode,
    metres,
)
from zantara.services import current
from zantara.toolkit import Call, Effect, Kind, ToolError, ToolResult, declare

__all__ = ["MAPS_TOOLS"]

_Injected = Annotated[Call, InjectedToolArg]
_Mode = Literal["driving", "walking", "bicycling", "transit", "two_wheeler"]
_MODES: dict[str, TravelMode] = {
    "driving": "DRIVE",
    "walking": "WALK",
    "bicycling": "BICYCLE",
    "transit": "TRANSIT",
    "two_wheeler": "TWO_WHEELER",
}
_MOST = 8
_LONGEST = 200
_WIDEST_M = 50_000.0
_NARROWEST_M = 1_000.0
_DEGREE_M = 111_320.0
_NO_RENTS = "Maps knows no rents, prices of rooms or vacancies, so it cannot filter by them."
_LOCAL = (
    " This is the local Maps: well-known places of Bali at approximate positions. That nothing is"
    " found here does not mean that there is nothing."
)
_NO_ROUTE = "Maps knows no way of this kind between them."
_SYSTEM = Provenance.SYSTEM
_PLACES = {
    "": Provenance.OUTSIDE,
    "places[].id": _SYSTEM,
    "places[].link": _SYSTEM,
    "places[].distance_km": _SYSTEM,
    "note": _SYSTEM,
    "estimate": _SYSTEM,
}
_DETAILS = {
    "": Provenance.OUTSIDE,
    **dict.fromkeys(("id", "link", "unknown[]", "note", "estimate"), _SYSTEM),
}
_WAY = {
    "": Provenance.OUTSIDE,
    **dict.fromkeys(
        ("mode", "distance_km", "duration_minutes", "link", "note", "estimate"), _SYSTEM
    ),
}


@declare(family="maps", effect=Effect.READ, args={"query": Kind.QUERY, "location": Kind.QUERY})
async def maps_places(call: _Injected, query: str, location: str = "") -> ToolResult:
    """Find places by name or kind. Maps knows no rents, room prices or vacancies.

    Args:
        call: The call itself.
        query: What to find: a name, or a kind of place.
        location: Where: a place, an area or a street; empty for anywhere in Bali.
    """
    maps, text = current().maps, _text("query", query)
    centre = await _first(maps, _text("location", location), call) if location.strip() else None
    near = _near(centre) if centre else None
    # Where the location is no place of its own, Maps reads it with the query.
    asked = text if near or not location.strip() else f"{text} near {location.strip()}"
    found = await maps.search_text(asked, near=near, language=call.language, limit=_MOST)
    data: dict[str, Any] = {"places": [_shown(place, near, maps) for place in found]}
    if centre:
        data["near"] = _name(centre)
    return ToolResult(data | _marks(maps), dict(_PLACES))


@declare(family="maps", effect=Effect.READ, args={"place": Kind.QUERY})
async def maps_place_details(call: _Injected, place: str) -> ToolResult:
    """Tell what Maps knows of one place: address, phone, website, rating, opening hours.

    Args:
        call: The call itself.
        place: The place's name, with its area if it is ambiguous, or its id from a search.
    """
    maps = current().maps
    found = await _details(maps, _text("place", place), call)
    known = {
        "phone": found.get("internationalPhoneNumber"),
        "website": found.get("websiteUri"),
        "rating": found.get("rating"),
        "opening_hours": found.get("regularOpeningHours", {}).get("weekdayDescriptions"),
    }
    data = {
        **_basics(found, maps),
        **_opening(found),
        **{name: value for name, value in known.items() if value},
        "unknown": [name for name, value in known.items() if not value],
    }
    return ToolResult(data | _marks(maps), dict(_DETAILS))


@declare(
    family="maps",
    effect=Effect.READ,
    args={"origin": Kind.QUERY, "destination": Kind.QUERY, "mode": Kind.OPTION},
)
async def maps_directions(
    call: _Injected, origin: str, destination: str, mode: _Mode = "driving"
) -> ToolResult:
    """Tell how far and how long the way from one place to another is.

    Args:
        call: The call itself.
        origin: Where the way begins: a place, an address or an id from a search.
        destination: Where it ends.
        mode: How one travels.
    """
    maps = current().maps
    start, end = await asyncio.gather(
        _end(maps, "origin", origin, call), _end(maps, "destination", destination, call)
    )
    route = await maps.route(
        f"places/{start['id']}",
        f"places/{end['id']}",
        mode=_MODES[mode],
        language=call.language,
    )
    data: dict[str, Any] = {
        "origin": _name(start),
        "destination": _name(end),
        "mode": mode,
        "link": _way_link(start, end, mode, maps),
    }
    if not route:
        return ToolResult({**data, "note": _NO_ROUTE}, dict(_WAY))
    return ToolResult({**data, **_measures(route, maps)}, dict(_WAY))


MAPS_TOOLS: tuple[BaseTool, ...] = (maps_places, maps_place_details, maps_directions)


def _text(name: str, text: str) -> str:
    if not text.strip():
        raise ToolError(f"{name}: empty; accepted: words that name a place")
    if len(text) > _LONGEST:
        raise ToolError(f"{name}: {len(text)} characters; accepted: at most {_LONGEST}")
    return text.strip()


async def _first(maps: Maps, text: str, call: Call) -> dict[str, Any] | None:
    found = await maps.search_text(text, language=call.language, limit=1)
    return found[0] if found else None


async def _details(maps: Maps, place: str, call: Call) -> dict[str, Any]:
    """By id where it is one, else by the first place that the words find."""
    if _is_id(place):
        try:
            return await maps.details(place, language=call.language)
        except (MapsNotFoundError, MapsBadRequestError):
            pass  # a word that looks like an id
    found = await _known("place", maps, place, call)
    return await maps.details(found["id"], language=call.language)


async def _end(maps: Maps, name: str, place: str, call: Call) -> dict[str, Any]:
    text = _text(name, place)
    if _is_id(text):
        return await _details(maps, text, call)
    return await _known(name, maps, text, call)


async def _known(field: str, maps: Maps, text: str, call: Call) -> dict[str, Any]:
    found = await _first(maps, text, call)
    if not found:
        raise ToolError(
            f"{field}: Maps knows no place {text!r}; accepted: the name of a place or area,"
            " or an id from a search"
        )
    return found


def _is_id(text: str) -> bool:
    return re.fullmatch(r"local-[a-z0-9-]+|[A-Za-z0-9_-]{20,}", text) is not None


def _near(centre: Mapping[str, Any]) -> Near:
    """A circle about the place, as wide as Maps shows it."""
    at, view = centre["location"], centre.get("viewport", {})
    tall = abs(view.get("high", at).get("latitude", 0.0) - view.get("low", at).get("latitude", 0.0))
    radius = min(max(tall / 2 * _DEGREE_M, _NARROWEST_M), _WIDEST_M)
    return Near(at.get("latitude", 0.0), at.get("longitude", 0.0), round(radius))


def _shown(place: Mapping[str, Any], near: Near | None, maps: Maps) -> dict[str, Any]:
    shown = {**_basics(place, maps), **_opening(place)}
    if place.get("rating"):
        shown["rating"] = place["rating"]
    at = shown.get("location")
    if near and at:
        away = metres(Point(near.latitude, near.longitude), Point(at["lat"], at["lng"]))
        shown["distance_km"] = round(away / 1000, 1)
    return shown


def _basics(place: Mapping[str, Any], maps: Maps) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "id": place["id"],
        "name": _name(place),
        "address": place.get("formattedAddress", ""),
        "types": place.get("types", []),
        "link": _place_link(place, maps),
    }
    if "location" in place:
        at = place["location"]
        shown["location"] = {"lat": at.get("latitude", 0.0), "lng": at.get("longitude", 0.0)}
    return shown


def _opening(place: Mapping[str, Any]) -> dict[str, Any]:
    """Whether it is open now, where that is known: closed and unknown are not the same."""
    if place.get("businessStatus", "").startswith("CLOSED"):
        return {"open_now": False, "status": place["businessStatus"].lower()}
    now = place.get("currentOpeningHours", {})
    return {"open_now": now["openNow"]} if "openNow" in now else {}


def _name(place: Mapping[str, Any]) -> str:
    return str(place.get("displayName", {}).get("text") or place["id"])


def _marks(maps: Maps) -> dict[str, Any]:
    if maps.is_local:
        return {"note": _NO_RENTS + _LOCAL, "estimate": True}
    return {"note": _NO_RENTS}


def _place_link(place: Mapping[str, Any], maps: Maps) -> str:
    query = {"api": "1", "query": _for_link(place, maps)}
    # An id of the local Maps says nothing to Google's.
    by_id = {} if maps.is_local else {"query_place_id": place["id"]}
    return f"https://www.google.com/maps/search/?{urlencode(query | by_id)}"


def _way_link(start: Mapping[str, Any], end: Mapping[str, Any], mode: str, maps: Maps) -> str:
    told = {
        "api": "1",
        "origin": _for_link(start, maps),
        "destination": _for_link(end, maps),
        "travelmode": mode.replace("_", "-"),
    }
    return f"https://www.google.com/maps/dir/?{urlencode(told)}"


def _for_link(place: Mapping[str, Any], maps: Maps) -> str:
    """The gazetteer is of Bali alone; elsewhere there may be places of the same names."""
    name = _name(place)
    return f"{name}, Bali" if maps.is_local and "Bali" not in name else name


def _measures(route: Mapping[str, Any], maps: Maps) -> dict[str, Any]:
    seconds = float(str(route.get("duration", "0s")).removesuffix("s"))
    texts = route.get("localizedValues", {})
    words = [texts.get(name, {}).get("text", "") for name in ("distance", "duration")]
    summary = ", ".join(part for part in (route.get("description", ""), *words) if part)
    measures: dict[str, Any] = {
        "distance_km": round(route.get("distanceMeters", 0) / 1000, 1),
        "duration_minutes": max(1, round(seconds / 60)),
        "summary": summary,
    }
    if route.get("warnings"):
        measures["warnings"] = cast("list[str]", route["warnings"])
    return {**measures, "estimate": True} if maps.is_local else measures

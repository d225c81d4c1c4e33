"""The local Maps as documented, every answer held to the published schemas."""

import json
from datetime import datetime
from typing import Any

import pytest

from zantara.maps import Maps, MapsNotFoundError, Near
from zantara.maps.local import answer
from zantara.maps.local._contract import problems
from zantara.maps.local._gazetteer import gazetteer

_SEARCH, _ROUTES = "/v1/places:searchText", "/directions/v2:computeRoutes"
_UBUD = {"latitude": -8.507, "longitude": 115.263}
_TO_UBUD = {"origin": {"address": "Kuta"}, "destination": {"address": "Ubud"}}


def _ask(
    path: str, body: object = None, *, mask: str = "*", query: str = ""
) -> tuple[int, dict[str, Any]]:
    verb = "GET" if body is None else "POST"
    return answer(verb, path, query, {"x-goog-fieldmask": mask}, json.dumps(body).encode())


def _names(content: dict[str, Any]) -> list[str]:
    return [place["displayName"]["text"] for place in content.get("places", [])]


async def test_the_client_searches_looks_up_and_measures(maps: Maps) -> None:
    found = await maps.search_text("musei", near=Near(-8.507, 115.263), language="it", limit=2)
    assert len(found) == 2
    place = await maps.details(found[0]["id"], language="it")
    assert place["displayName"] == found[0]["displayName"]
    leaving = datetime.fromisoformat("2026-03-10T09:00:00+08:00")
    way = await maps.route("Kuta", f"places/{place['id']}", mode="TWO_WHEELER", departure=leaving)
    assert way["distanceMeters"] > 20_000
    with pytest.raises(MapsNotFoundError, match="404"):
        await maps.details("local-nowhere")


@pytest.mark.parametrize("query", ["beach", "kantor imigrasi", "Bali", "palestre"])
def test_searches_are_of_the_schema(query: str) -> None:
    status, content = _ask(_SEARCH, {"textQuery": query})
    assert status == 200
    assert not problems("places", "GoogleMapsPlacesV1SearchTextResponse", content)


@pytest.mark.parametrize("place", gazetteer().places, ids=lambda place: place.id)
def test_each_place_is_of_the_schema_marked_found_by_its_names_and_in_bali(place: Any) -> None:
    status, content = _ask(f"/v1/places/{place.id}")
    assert status == 200
    assert not problems("places", "GoogleMapsPlacesV1Place", content)
    assert "local gazetteer" in content["attributions"][0]["provider"]
    assert not {"rating", "nationalPhoneNumber", "regularOpeningHours"} & set(content)
    assert -8.9 < place.at.latitude < -8.0
    assert 114.4 < place.at.longitude < 115.75
    for name in (place.name, *place.translated.values()):
        assert place in gazetteer().find(name), name


@pytest.mark.parametrize("mode", ["DRIVE", "WALK", "BICYCLE", "TWO_WHEELER", "TRANSIT"])
def test_routes_are_of_the_schema_and_marked_as_estimates(mode: str) -> None:
    status, content = _ask(_ROUTES, {**_TO_UBUD, "travelMode": mode, "languageCode": "id"})
    assert status == 200
    assert not problems("routes", "ComputeRoutesResponse", content)
    (route,) = content["routes"]
    assert "straight-line" in route["warnings"][0]
    assert content["geocodingResults"]["destination"]["placeId"] == "local-ubud"
    assert route["duration"] == route["legs"][0]["duration"]


def test_traffic_is_not_invented() -> None:
    _status, content = _ask(_ROUTES, {**_TO_UBUD, "routingPreference": "TRAFFIC_AWARE"})
    assert content["fallbackInfo"]["routingMode"] == "FALLBACK_TRAFFIC_UNAWARE"


def test_a_mask_shows_its_fields_and_no_others() -> None:
    _status, content = _ask(
        _SEARCH,
        {"textQuery": "Ubud", "languageCode": "en"},
        mask="places.displayName.text,places.rating",
    )
    assert content == {"places": [{"displayName": {"text": "Ubud"}}]}
    _status, content = _ask("/v1/places/local-ubud", query="fields=id,location.latitude", mask="")
    assert content == {"id": "local-ubud", "location": {"latitude": -8.507}}
    _status, content = _ask(_ROUTES, _TO_UBUD, mask="routes.legs,routes.legs.duration")
    assert "distanceMeters" in content["routes"][0]["legs"][0]


def test_a_bias_sorts_and_a_restriction_cuts() -> None:
    circle = {"center": _UBUD, "radius": 50_000.0}
    _status, biased = _ask(_SEARCH, {"textQuery": "beach", "locationBias": {"circle": circle}})
    assert "Sanur Beach" in _names(biased)[:8]
    low = {"latitude": -8.73, "longitude": 115.10}
    high = {"latitude": -8.70, "longitude": 115.20}
    rectangle = {"low": low, "high": high}
    _status, cut = _ask(
        _SEARCH, {"textQuery": "beach", "locationRestriction": {"rectangle": rectangle}}
    )
    assert _names(cut) == ["Kuta Beach", "Legian Beach"]
    _status, few = _ask(_SEARCH, {"textQuery": "pantai", "pageSize": 3})
    assert len(few["places"]) == 3
    _status, typed = _ask(_SEARCH, {"textQuery": "Sanur", "includedType": "beach"})
    assert _names(typed) == []


def test_what_is_open_now_is_not_known() -> None:
    assert _ask(_SEARCH, {"textQuery": "museum", "openNow": True}) == (200, {})


def test_islands_have_no_road_between_them() -> None:
    ends = {"origin": {"address": "Sanur"}, "destination": {"placeId": "local-crystal-bay"}}
    assert _ask(_ROUTES, ends, mask="routes.duration") == (200, {})
    within = {**ends, "origin": {"location": {"latLng": {"latitude": -8.73, "longitude": 115.54}}}}
    assert _ask(_ROUTES, within)[1]["routes"]


@pytest.mark.parametrize(
    ("path", "body", "mask", "status"),
    [
        (_SEARCH, {"textQuery": "Ubud"}, "", 400),
        (_SEARCH, {"textQuery": "Ubud"}, "places.colour", 400),
        (_SEARCH, {"textQuery": "Ubud"}, "places.id, places.name", 400),
        (_SEARCH, {"textQuery": ""}, "*", 400),
        (_SEARCH, {"textQuery": "Ubud", "colour": "red"}, "*", 400),
        (_SEARCH, {"textQuery": "Ubud", "pageSize": "two"}, "*", 400),
        (_SEARCH, {"textQuery": "Ubud", "pageSize": -1}, "*", 400),
        (_SEARCH, {"textQuery": "Ubud", "locationBias": {"circle": {"radius": 5}}}, "*", 400),
        (_SEARCH, {"textQuery": "Ubud", "rankPreference": "NEAREST"}, "*", 400),
        (_SEARCH, {"textQuery": "Ubud", "rankPreference": "DISTANCE"}, "*", 501),
        (_SEARCH, {"textQuery": "Ubud", "minRating": 4.5}, "*", 501),
        (_SEARCH, {"textQuery": "Ubud", "pageToken": "x"}, "*", 501),
        (_SEARCH, {"textQuery": "Ubud", "locationBias": {"rectangle": {"low": _UBUD}}}, "*", 501),
        (_SEARCH, [], "*", 400),
        (_ROUTES, {"origin": {"address": "Ubud"}}, "*", 400),
        (_ROUTES, _TO_UBUD, "", 400),
        (_ROUTES, {**_TO_UBUD, "travelMode": "FLY"}, "*", 400),
        (
            _ROUTES,
            {**_TO_UBUD, "travelMode": "WALK", "routingPreference": "TRAFFIC_AWARE"},
            "*",
            400,
        ),
        (_ROUTES, {**_TO_UBUD, "departureTime": "tomorrow"}, "*", 400),
        (_ROUTES, {**_TO_UBUD, "destination": {"address": "Atlantis"}}, "*", 404),
        (_ROUTES, {**_TO_UBUD, "intermediates": [{"address": "Sanur"}]}, "*", 501),
        (_ROUTES, {**_TO_UBUD, "units": "IMPERIAL"}, "*", 501),
        (_ROUTES, {**_TO_UBUD, "routeModifiers": {"avoidTolls": True}}, "*", 501),
        (_ROUTES, {**_TO_UBUD, "origin": {"address": "Kuta", "via": True}}, "*", 501),
        ("/v1/places:searchNearby", {}, "*", 501),
        ("/distanceMatrix/v2:computeRouteMatrix", {}, "*", 501),
        ("/v1/nothing", {}, "*", 404),
        ("/v1/places/local-nowhere", None, "*", 404),
        ("/v1/places/local-ubud", None, "", 400),
    ],
)
def test_what_is_wrong_or_missing_is_said_and_never_ignored(
    path: str, body: object, mask: str, status: int
) -> None:
    answered, content = _ask(path, body, mask=mask)
    assert answered == status
    assert content["error"]["code"] == status
    assert content["error"]["message"]

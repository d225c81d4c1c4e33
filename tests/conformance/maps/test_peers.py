"""Google's own Maps clients (google-maps-places, google-maps-routing) on the local Maps."""

import json
from importlib import import_module
from typing import Any

import pytest

from tests.conformance.maps.routes_schema import FILE, published

# Its packages announce a requirement of April 2027 on grpc, which the REST transport does not use.
pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")
_MASK = [("x-goog-fieldmask", "*")]


def _transport(service: str, kind: str, address: str) -> Any:
    """Skips the test where the client is not installed."""
    transports = pytest.importorskip(f"{service}.transports")
    nobody = import_module("google.auth.credentials").AnonymousCredentials()
    return getattr(transports, kind)(host=address, url_scheme="http", credentials=nobody)


@pytest.mark.loopback
def test_googles_places_client_searches_and_looks_up(address: str) -> None:
    line = _transport("google.maps.places_v1.services.places", "PlacesRestTransport", address)
    with import_module("google.maps.places_v1").PlacesClient(transport=line) as client:
        found = client.search_text({"text_query": "beach", "max_result_count": 2}, metadata=_MASK)
        assert len(found.places) == 2
        place = client.get_place({"name": found.places[0].name}, metadata=_MASK)
    assert place.display_name.text == "Kuta Beach"
    assert place.location.latitude == pytest.approx(-8.718)
    assert "local gazetteer" in place.attributions[0].provider


@pytest.mark.loopback
def test_googles_routes_client_measures(address: str) -> None:
    line = _transport("google.maps.routing_v2.services.routes", "RoutesRestTransport", address)
    ask = {
        "origin": {"address": "Kuta"},
        "destination": {"place_id": "local-ubud"},
        "travel_mode": "TWO_WHEELER",
        "routing_preference": "TRAFFIC_AWARE",
    }
    with import_module("google.maps.routing_v2").RoutesClient(transport=line) as client:
        answer = client.compute_routes(ask, metadata=_MASK)
    assert answer.routes[0].distance_meters > 20_000
    assert answer.routes[0].duration.seconds > 1_000
    assert answer.fallback_info.routing_mode.name == "FALLBACK_TRAFFIC_UNAWARE"


def test_the_routes_schema_is_what_google_publishes() -> None:
    pytest.importorskip("google.maps.routing_v2")
    assert json.loads(FILE.read_text("utf-8"))["schemas"] == published()

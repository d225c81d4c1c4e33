"""Google's own Maps clients (google-maps-places, google-maps-routing) on the local Maps."""

import json
from typing import Any

import pytest

from tests.conformance.maps.routes_schema import FILE, published

# Its packages announce a requirement of April 2027 on grpc, which the REST transport does not use.
pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")
_MASK = [("x-goog-fieldmask", "*")]


def _transport(kind: Any, address: str) -> Any:
    from google.auth.credentials import AnonymousCredentials

    return kind(host=address, url_scheme="http", credentials=AnonymousCredentials())


@pytest.mark.loopback
def test_googles_places_client_searches_and_looks_up(address: str) -> None:
    v1 = pytest.importorskip("google.maps.places_v1")
    from google.maps.places_v1.services.places.transports import PlacesRestTransport

    with v1.PlacesClient(transport=_transport(PlacesRestTransport, address)) as client:
        found = client.search_text({"text_query": "beach", "max_result_count": 2}, metadata=_MASK)
        assert len(found.places) == 2
        place = client.get_place({"name": found.places[0].name}, metadata=_MASK)
    assert place.display_name.text == "Kuta Beach"
    assert place.location.latitude == pytest.approx(-8.718)
    assert "local gazetteer" in place.attributions[0].provider


@pytest.mark.loopback
def test_googles_routes_client_measures(address: str) -> None:
    v2 = pytest.importorskip("google.maps.routing_v2")
    from google.maps.routing_v2.services.routes.transports import RoutesRestTransport

    ask = {
        "origin": {"address": "Kuta"},
        "destination": {"place_id": "local-ubud"},
        "travel_mode": "TWO_WHEELER",
        "routing_preference": "TRAFFIC_AWARE",
    }
    with v2.RoutesClient(transport=_transport(RoutesRestTransport, address)) as client:
        answer = client.compute_routes(ask, metadata=_MASK)
    assert answer.routes[0].distance_meters > 20_000
    assert answer.routes[0].duration.seconds > 1_000
    assert answer.fallback_info.routing_mode.name == "FALLBACK_TRAFFIC_UNAWARE"


def test_the_routes_schema_is_what_google_publishes() -> None:
    pytest.importorskip("google.maps.routing_v2")
    assert json.loads(FILE.read_text("utf-8"))["schemas"] == published()

"""The Maps tools on the local Maps, as their node runs them."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.kit import AYU
from tests.unit.tools.conftest import Notes
from tools.google_maps import MAPS_TOOLS
from zantara.gate.provenance import Provenance
from zantara.maps import Maps, MapsError, MapsKeyError, MapsQuotaError, MapsUnavailableError
from zantara.services import Services
from zantara.toolkit import Call, ToolError, ToolResult, spec_of

_TOOLS = {tool.name: tool for tool in MAPS_TOOLS}
_KEY = "AIza-not-a-real-key"


async def _run(name: str, language: str = "en", **args: Any) -> ToolResult:
    zone = ZoneInfo("Asia/Makassar")
    now = datetime(2026, 3, 10, 9, tzinfo=zone)
    made = Call(id="c1", user=AYU, now=now, timezone=zone, language=language, notes=Notes())
    result: ToolResult = await _TOOLS[name].ainvoke({**args, "call": made})
    return result


@pytest.fixture(autouse=True)
def _in_use(services: Services) -> None: ...


def _names(result: ToolResult) -> list[str]:
    return [place["name"] for place in result.data["places"]]


def test_they_read_only() -> None:
    assert {spec_of(tool).family for tool in MAPS_TOOLS} == {"maps"}
    assert not any(spec_of(tool).writes for tool in MAPS_TOOLS)


@pytest.mark.parametrize(
    ("query", "location", "first"),
    [
        ("museums", "Ubud", "Museum Puri Lukisan"),
        ("kantor imigrasi", "Renon", "Denpasar Immigration Office"),
        ("ospedali", "Kuta", "BIMC Hospital Kuta"),
        ("SPIAGGIA", "Jimbaran", "Jimbaran Beach"),
        ("pasar seni", "Sukawati", "Sukawati Art Market"),
        ("airport", "", "I Gusti Ngurah Rai International Airport"),
        ("ufficio immigrazione vicino a Canggu", "", "Denpasar Immigration Office"),
        ("Università", "Singaraja", "Ganesha University of Education"),
    ],
)
async def test_kinds_are_found_in_three_languages(query: str, location: str, first: str) -> None:
    found = await _run("maps_places", query=query, location=location)
    assert _names(found)[0] == first


@pytest.mark.parametrize(
    ("query", "location"),
    [
        ("palestre", "Pererenan"),
        ("dive shop", "Padangbai harbour"),
        ("bengkel motor 24 jam", "Denpasar Barat"),
        ("apotek", "Pasar Sindu"),
        ("Made's Famous Nasi Goreng", ""),
        ("hospital", "Pemuteran"),
        ("museums", "Atlantis"),
    ],
)
async def test_what_is_not_known_is_an_empty_list_and_nothing_invented(
    query: str, location: str
) -> None:
    found = await _run("maps_places", query=query, location=location)
    assert found.data["places"] == []
    assert "does not mean" in found.data["note"]


async def test_rents_cannot_be_filtered_and_the_answer_says_so() -> None:
    found = await _run(
        "maps_places", query="kantor maksimal 10 juta per bulan", location="Seminyak"
    )
    assert "no rents" in found.data["note"]
    assert found.data["estimate"] is True


async def test_a_place_has_what_is_known_with_its_distance_and_a_link() -> None:
    found = await _run("maps_places", "it", query="beach", location="Kuta")
    beach = found.data["places"][0]
    assert found.data["near"] == "Kuta"
    assert beach["distance_km"] < 1
    assert beach["location"] == {"lat": -8.718, "lng": 115.169}
    assert beach["link"] == ("https://www.google.com/maps/search/?api=1&query=Kuta+Beach%2C+Bali")
    assert not {"rating", "open_now", "phone"} & set(beach)
    distances = [place["distance_km"] for place in found.data["places"]]
    assert distances == sorted(distances)
    assert found.provenance[""] is Provenance.OUTSIDE
    assert found.provenance["places[].link"] is Provenance.SYSTEM


@pytest.mark.parametrize("place", ["museo ARMA", "local-agung-rai-museum-of-art", "arma  UBUD"])
async def test_details_name_what_maps_does_not_know(place: str) -> None:
    found = await _run("maps_place_details", "it", place=place)
    assert found.data["name"] == "Agung Rai Museum of Art"
    assert found.data["unknown"] == ["phone", "website", "rating", "opening_hours"]


async def test_a_translated_name_is_in_the_users_language() -> None:
    found = await _run("maps_place_details", "id", place="Besakih temple")
    assert found.data["name"] == "Pura Besakih"


async def test_directions_are_an_estimate_and_say_so() -> None:
    way = await _run("maps_directions", origin="Kuta", destination="Bedugul")
    assert 50 < way.data["distance_km"] < 80
    assert 100 < way.data["duration_minutes"] < 180
    assert way.data["estimate"] is True
    assert "straight-line" in way.data["warnings"][0]
    assert way.data["link"] == (
        "https://www.google.com/maps/dir/?api=1&origin=Kuta%2C+Bali"
        "&destination=Bedugul%2C+Bali&travelmode=driving"
    )
    assert way.provenance["distance_km"] is Provenance.SYSTEM


async def test_the_way_is_told_in_the_users_language_and_by_the_names_found() -> None:
    way = await _run("maps_directions", "id", origin="Singaraja", destination="Bandara Ngurah Rai")
    assert way.data["destination"] == "Bandara Internasional I Gusti Ngurah Rai"
    assert "jam" in way.data["summary"]
    walk = await _run(
        "maps_directions",
        "it",
        origin="Pantai Segara",
        destination="Jalan Danau Tamblingan",
        mode="walking",
    )
    assert 0.5 < walk.data["distance_km"] < 3


@pytest.mark.parametrize("mode", ["driving", "walking", "bicycling", "transit", "two_wheeler"])
async def test_each_mode_has_its_time(mode: str) -> None:
    way = await _run("maps_directions", origin="Sanur", destination="Ubud", mode=mode)
    assert way.data["mode"] == mode
    assert way.data["duration_minutes"] > 20


async def test_no_way_is_invented_across_the_sea() -> None:
    way = await _run("maps_directions", origin="Sanur", destination="Nusa Penida")
    assert "knows no way" in way.data["note"]
    assert "distance_km" not in way.data


@pytest.mark.parametrize(
    ("name", "args", "told"),
    [
        ("maps_places", {"query": " "}, "query: empty"),
        ("maps_place_details", {"place": "Atlantis"}, "place: .*'Atlantis'"),
        (
            "maps_directions",
            {"origin": "Ubud", "destination": "Atlantis"},
            "destination: .*Atlantis",
        ),
    ],
)
async def test_what_cannot_be_found_is_named(name: str, args: dict[str, Any], told: str) -> None:
    with pytest.raises(ToolError, match=told):
        await _run(name, **args)


def _answers(status: int, content: dict[str, Any]) -> Maps:
    """Google's Maps behind a transport that always answers the same."""
    answer = httpx.Response(status, json=content)
    return Maps(lambda: httpx.MockTransport(lambda _request: answer), key=_KEY)


def _refusal(status: int, code: str, reason: str = "") -> dict[str, Any]:
    """An error as Google's newer APIs write it; this one repeats the key."""
    info = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": reason}]
    error = {"code": status, "message": f"refused for {_KEY}", "status": code}
    return {"error": {**error, "details": info if reason else []}}


@pytest.mark.parametrize(
    ("status", "code", "reason", "kind"),
    [
        (400, "INVALID_ARGUMENT", "API_KEY_INVALID", MapsKeyError),
        (403, "PERMISSION_DENIED", "SERVICE_DISABLED", MapsKeyError),
        (429, "RESOURCE_EXHAUSTED", "", MapsQuotaError),
        (503, "UNAVAILABLE", "", MapsUnavailableError),
    ],
)
async def test_each_refusal_has_its_kind_and_no_key(
    services: Services, status: int, code: str, reason: str, kind: type[MapsError]
) -> None:
    services.maps = _answers(status, _refusal(status, code, reason))
    with pytest.raises(kind) as told:
        await _run("maps_places", query="museums")
    assert told.value.status == status
    assert told.value.reason == (reason or code)
    assert _KEY not in f"{told.value} {services.maps.describe()}"


async def test_a_line_that_breaks_is_unavailable(services: Services) -> None:
    def broken(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route to host", request=request)

    services.maps = Maps(lambda: httpx.MockTransport(broken), key=_KEY)
    with pytest.raises(MapsUnavailableError, match="no route to host"):
        await _run("maps_directions", origin="Ubud", destination="Kuta")


async def test_what_google_knows_is_shown_and_its_link_carries_its_id(services: Services) -> None:
    place = {
        "id": "ChIJoQ8Q6NNB0S0RkOYkS7EPkSQ",
        "displayName": {"text": "Museum", "languageCode": "en"},
        "rating": 4.4,
        "currentOpeningHours": {"openNow": False},
        "regularOpeningHours": {"weekdayDescriptions": ["Monday: Closed"]},
    }
    services.maps = _answers(200, place)
    found = await _run("maps_place_details", place=place["id"])
    assert found.data["rating"] == 4.4
    assert found.data["open_now"] is False
    assert found.data["opening_hours"] == ["Monday: Closed"]
    assert found.data["unknown"] == ["phone", "website"]
    assert "query_place_id=ChIJ" in found.data["link"]
    assert "estimate" not in found.data


def test_the_settings_choose_the_maps(services: Services) -> None:
    assert services.maps.is_local

"""Places API (New) and Routes API v2 over httpx: the real ones, or the local Maps with no key.

One connection a call: the client is made and closed on the event loop that uses it, so that nothing
of it outlives a loop. Both APIs refuse a request that names no fields to answer with.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, NamedTuple
from urllib.parse import quote

from zantara.costs import Charge, Meter, metered
from zantara.maps._errors import MapsUnavailableError, from_answer

if TYPE_CHECKING:
    import httpx

__all__ = ["PLACES_URL", "ROUTES_URL", "Maps", "Near", "TravelMode"]

PLACES_URL = "https://places.googleapis.com"
ROUTES_URL = "https://routes.googleapis.com"
_LOCAL_URL = "http://maps.localhost"
_SECONDS = 10.0

TravelMode = Literal["DRIVE", "WALK", "BICYCLE", "TWO_WHEELER", "TRANSIT"]

_PLACE_FIELDS = (
    "id",
    "displayName",
    "formattedAddress",
    "types",
    "location",
    "viewport",
    "googleMapsUri",
    "attributions",
    "rating",
)
# Google charges a request by its dearest field: `rating` and `currentOpeningHours` are Enterprise's.
_SEARCH, _DETAILS = "Places API Text Search Enterprise", "Places API Place Details Enterprise"
_SEARCH_FIELDS = (*_PLACE_FIELDS, "currentOpeningHours.openNow")
_DETAIL_FIELDS = (
    *_PLACE_FIELDS,
    "userRatingCount",
    "internationalPhoneNumber",
    "websiteUri",
    "businessStatus",
    "regularOpeningHours.weekdayDescriptions",
    "currentOpeningHours.openNow",
)
_ROUTE_FIELDS = (
    "routes.distanceMeters",
    "routes.duration",
    "routes.description",
    "routes.warnings",
    "routes.localizedValues",
    "fallbackInfo",
)


class Near(NamedTuple):
    """Where to look first: within `radius_m` metres of a position."""

    latitude: float
    longitude: float
    radius_m: float = 3000.0


class Maps:
    """Both APIs behind one key. `transport` makes an httpx transport, closed after its call."""

    def __init__(
        self,
        transport: "Callable[[], httpx.AsyncBaseTransport]",
        *,
        places_url: str = PLACES_URL,
        routes_url: str = ROUTES_URL,
        key: str = "",
        local: bool = False,
        meter: Meter | None = None,
    ) -> None:
        self._transport = transport
        self._places_url = places_url.rstrip("/")
        self._routes_url = routes_url.rstrip("/")
        self._key = key
        self._meter = meter
        self.is_local = local

    @classmethod
    def local(cls) -> "Maps":
        """The local Maps, in this process."""

        def transport() -> "httpx.AsyncBaseTransport":
            from zantara.maps.local._transport import LocalTransport

            return LocalTransport()

        return cls(transport, places_url=_LOCAL_URL, routes_url=_LOCAL_URL, local=True)

    @classmethod
    def live(
        cls,
        key: str,
        *,
        places_url: str = PLACES_URL,
        routes_url: str = ROUTES_URL,
        meter: Meter | None = None,
    ) -> "Maps":
        """Google's own Maps. meter: writes a row for each request, which costs."""
        return cls(_network, places_url=places_url, routes_url=routes_url, key=key, meter=meter)

    def describe(self) -> dict[str, Any]:
        """Whether this is the local Maps, and where it answers; never the key."""
        kind = "local" if self.is_local else "google"
        return {"kind": kind, "places": self._places_url, "routes": self._routes_url}

    async def search_text(
        self, query: str, *, near: Near | None = None, language: str = "en", limit: int = 8
    ) -> list[dict[str, Any]]:
        """The places that `query` finds, as Places API describes them, best first."""
        body: dict[str, Any] = {"textQuery": query, "languageCode": language, "pageSize": limit}
        if near is not None:
            center = {"latitude": near.latitude, "longitude": near.longitude}
            body["locationBias"] = {"circle": {"center": center, "radius": near.radius_m}}
        fields = [f"places.{name}" for name in _SEARCH_FIELDS]
        url = f"{self._places_url}/v1/places:searchText"
        found = await self._ask(_SEARCH, url, fields, body)
        return list(found.get("places", []))

    async def details(self, place_id: str, *, language: str = "en") -> dict[str, Any]:
        """One place with what is known of it; a field that is not known is absent."""
        url = f"{self._places_url}/v1/places/{quote(place_id, safe='')}"
        return await self._ask(_DETAILS, f"{url}?languageCode={quote(language)}", _DETAIL_FIELDS)

    async def route(
        self,
        origin: str,
        destination: str,
        *,
        mode: TravelMode = "DRIVE",
        language: str = "en",
        departure: datetime | None = None,
    ) -> dict[str, Any]:
        """The best route, {} where there is none. Ends are addresses, or "places/" and an id."""
        body: dict[str, Any] = {
            "origin": _waypoint(origin),
            "destination": _waypoint(destination),
            "travelMode": mode,
            "languageCode": language,
            "units": "METRIC",
        }
        if mode in ("DRIVE", "TWO_WHEELER"):  # the only modes that have traffic
            body["routingPreference"] = "TRAFFIC_AWARE"
        if departure is not None:
            body["departureTime"] = departure.isoformat()
        url = f"{self._routes_url}/directions/v2:computeRoutes"
        found = await self._ask(_route_sku(mode), url, _ROUTE_FIELDS, body)
        routes = found.get("routes", [])
        return dict(routes[0]) if routes else {}

    async def _ask(
        self,
        sku: str,
        url: str,
        fields: "list[str] | tuple[str, ...]",
        body: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """POST where there is a body. Raises MapsError; its text holds Google's message, never the
        key. Google charges an answer and no refusal.
        """
        transport = await asyncio.to_thread(self._transport)
        async with metered(self._meter, "google_maps", sku) as charge:
            answer = await self._send(url, fields, body, transport, charge)
            charge.refused = answer.status_code != 200
            return self._read(answer)

    async def _send(
        self,
        url: str,
        fields: "list[str] | tuple[str, ...]",
        body: Mapping[str, Any] | None,
        transport: "httpx.AsyncBaseTransport",
        charge: Charge,
    ) -> "httpx.Response":
        import httpx

        headers = {"X-Goog-FieldMask": ",".join(fields)}
        if self._key:
            headers["X-Goog-Api-Key"] = self._key
        try:
            async with httpx.AsyncClient(transport=transport, timeout=_SECONDS) as client:
                verb = "GET" if body is None else "POST"
                return await client.request(verb, url, headers=headers, json=body)
        except httpx.HTTPError as error:
            charge.refused = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
            what = self._scrubbed(str(error)) or type(error).__name__
            raise MapsUnavailableError(
                f"Maps cannot be reached: {what} (try again in a minute)"
            ) from None  # the request in the cause carries the key

    def _read(self, answer: "httpx.Response") -> dict[str, Any]:
        try:
            content = answer.json()
        except ValueError:
            content = None
        if answer.status_code == 200 and isinstance(content, dict):
            return content
        if answer.status_code == 200:
            raise MapsUnavailableError("Maps answered with no JSON object (try again in a minute)")
        error = content.get("error") if isinstance(content, dict) else None
        error = error if isinstance(error, dict) else {}
        message = self._scrubbed(str(error.get("message", answer.reason_phrase)))
        raise from_answer(answer.status_code, message, reason=_reason(error))

    def _scrubbed(self, text: str) -> str:
        return text.replace(self._key, "***") if self._key else text


@cache
def _tls() -> Any:
    import httpx

    return httpx.create_ssl_context()


def _network() -> "httpx.AsyncBaseTransport":
    """Reads certificates the first time; a connection that fails is tried twice more."""
    import httpx

    return httpx.AsyncHTTPTransport(verify=_tls(), retries=2)


def _route_sku(mode: TravelMode) -> str:
    """Two wheels are Enterprise's, traffic is Pro's."""
    dearer = {"TWO_WHEELER": "Enterprise", "DRIVE": "Pro"}
    return f"Routes API Compute Routes {dearer.get(mode, 'Essentials')}"


def _waypoint(end: str) -> dict[str, str]:
    identity = end.removeprefix("places/")
    return {"placeId": identity} if identity != end else {"address": end}


def _reason(error: Mapping[str, Any]) -> str:
    """ErrorInfo's reason (API_KEY_INVALID), else the status (INVALID_ARGUMENT)."""
    details = error.get("details")
    for one in details if isinstance(details, list) else []:
        if isinstance(one, dict) and one.get("reason"):
            return str(one["reason"])
    return str(error.get("status", ""))

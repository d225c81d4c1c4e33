"""Maps: Places API (New) and Routes API v2, Google's own or the local ones with no key."""

from zantara.maps._client import Maps, Near, TravelMode
from zantara.maps._errors import (
    MapsBadRequestError,
    MapsError,
    MapsKeyError,
    MapsNotFoundError,
    MapsQuotaError,
    MapsUnavailableError,
)
from zantara.maps._sphere import Point, metres

__all__ = [
    "Maps",
    "MapsBadRequestError",
    "MapsError",
    "MapsKeyError",
    "MapsNotFoundError",
    "MapsQuotaError",
    "MapsUnavailableError",
    "Near",
    "Point",
    "TravelMode",
    "metres",
]

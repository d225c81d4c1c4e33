"""Points on the Earth."""

import math
from typing import NamedTuple

__all__ = ["Point", "metres", "viewport"]

_EARTH_M = 6_371_008.8
_DEGREE_M = 111_320.0


class Point(NamedTuple):
    """A position in degrees."""

    latitude: float
    longitude: float


def metres(one: Point, other: Point) -> float:
    """Great-circle distance (haversine)."""
    lat1, lon1, lat2, lon2 = map(math.radians, (*one, *other))
    half = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * _EARTH_M * math.asin(math.sqrt(half))


def viewport(around: Point, reach_m: float) -> dict[str, dict[str, float]]:
    """The rectangle that reaches `reach_m` to each side."""
    up = reach_m / _DEGREE_M
    right = up / math.cos(math.radians(around.latitude))
    low = {"latitude": around.latitude - up, "longitude": around.longitude - right}
    high = {"latitude": around.latitude + up, "longitude": around.longitude + right}
    return {
        name: {axis: round(value, 5) for axis, value in corner.items()}
        for name, corner in (("low", low), ("high", high))
    }

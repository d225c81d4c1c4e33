"""Model servers that run on this machine, found by asking their usual ports."""

import json
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["PLACES", "LocalServer", "answers", "find_local"]

PLACES: Mapping[str, str] = {
    "Ollama": "http://127.0.0.1:11434",
    "llama.cpp": "http://127.0.0.1:8080",
}
_PATHS = {"Ollama": "/api/tags", "llama.cpp": "/v1/models"}
_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class LocalServer:
    """A server that answered, and the models that it has."""

    name: str
    base_url: str
    models: Sequence[str]


def find_local(places: Mapping[str, str] = PLACES) -> list[LocalServer]:
    """Those of `places` (kind -> address) that answer within half a second."""
    found = []
    for name, address in places.items():
        data = _get(address + _PATHS[name])
        if data is not None:
            found.append(LocalServer(name, f"{address}/v1", _models(data)))
    return found


def answers(base_url: str) -> bool:
    """Whether an OpenAI-compatible server answers there; one that wants a key answers too."""
    return _get(base_url.rstrip("/") + "/models", seconds=3, any_status=True) is not None


def _get(url: str, *, seconds: float = _SECONDS, any_status: bool = False) -> Any:
    """JSON from `url`, straight and through no proxy; None when nothing of the kind answers."""
    if not url.startswith(("http://", "https://")):
        return None
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, timeout=seconds) as answer:
            return json.loads(answer.read(1_000_000))
    except urllib.error.HTTPError as error:
        error.close()
        return {} if any_status else None
    except (OSError, ValueError):
        return None


def _models(data: Any) -> list[str]:
    """Ollama lists `models[].name`, OpenAI-compatible servers `data[].id`."""
    if not isinstance(data, dict):
        return []
    rows = data.get("models") or data.get("data") or []
    names = [row.get("name") or row.get("id") for row in rows if isinstance(row, dict)]
    return [str(name) for name in names if name]

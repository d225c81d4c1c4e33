"""The discovery documents that google-api-python-client ships."""

import json
from pathlib import Path
from typing import Any, cast

__all__ = ["discovery_document"]


def discovery_document(name: str, version: str) -> dict[str, Any]:
    """The document of one service, a new copy each time."""
    import googleapiclient

    folder = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"
    return cast(
        "dict[str, Any]", json.loads((folder / f"{name}.{version}.json").read_text("utf-8"))
    )

"""Field masks: which fields an answer shows, each path held to the answer's schema."""

from collections.abc import Mapping
from typing import Any

from zantara.maps.local._faults import Fault

__all__ = ["Mask"]

_MISSING = (
    "FieldMask is a required parameter. See https://cloud.google.com/apis/docs/system-parameters"
    " on how to provide it. As an example, you can set the header 'X-Goog-FieldMask' with value"
    " 'places.id,places.displayName'. For development you can use '*'."
)


class Mask:
    """A mask as a tree: {} keeps everything below."""

    def __init__(self, text: str, schemas: Mapping[str, Any], reference: str) -> None:
        if not text:
            raise Fault(400, _MISSING)
        self._tree: dict[str, Any] | None = None if text == "*" else {}
        for path in text.split(",") if text != "*" else []:
            names = path.split(".")
            if not _known(names, schemas, {"$ref": reference}):
                raise Fault(
                    400,
                    f"Error expanding 'fields' parameter. Cannot find matching fields for path"
                    f" '{path}'.",
                )
            assert self._tree is not None  # noqa: S101 - of a mask that is not '*'
            _add(self._tree, names)

    def show(self, answer: dict[str, Any]) -> dict[str, Any]:
        """What of `answer` the mask keeps; an object of which nothing is kept is left out."""
        return answer if self._tree is None else _kept(answer, self._tree)


def _known(names: list[str], schemas: Mapping[str, Any], schema: Mapping[str, Any]) -> bool:
    for name in names:
        while "$ref" in schema or schema.get("type") == "array":
            schema = schemas[schema["$ref"]] if "$ref" in schema else schema["items"]
        if name not in schema.get("properties", {}):
            return False
        schema = schema["properties"][name]
    return True


def _add(tree: dict[str, Any], names: list[str]) -> None:
    """A shorter path beside a longer one keeps everything: {} is final."""
    for place, name in enumerate(names):
        last = place == len(names) - 1
        if name in tree and not tree[name]:
            return
        tree = tree.setdefault(name, {})
        if last:
            tree.clear()


def _kept(value: Any, tree: dict[str, Any]) -> Any:
    if not tree:
        return value
    if isinstance(value, list):
        return [_kept(one, tree) for one in value]
    if not isinstance(value, dict):
        return value
    shown = {name: _kept(value[name], tree[name]) for name in tree if name in value}
    return {name: one for name, one in shown.items() if one not in ({}, [])}

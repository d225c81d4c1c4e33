"""Arguments are made what the tool wants where nothing is lost, and left alone where it is a guess."""

from typing import Any

import pytest

from zantara.gateway._arguments import fitted

_SCHEMA = {
    "properties": {
        "to": {"type": "array", "items": {"type": "string"}},
        "rows": {"type": "array", "items": {"type": "array"}},
        "count": {"type": "integer"},
        "rate": {"anyOf": [{"type": "number"}, {"type": "null"}]},
        "all": {"type": "boolean"},
        "title": {"type": "string"},
        "free": {},
    }
}


@pytest.mark.parametrize(
    ("name", "given", "made"),
    [
        ("to", "a@b.c", ["a@b.c"]),
        ("to", '["a@b.c"]', ["a@b.c"]),
        ("to", ["a@b.c"], ["a@b.c"]),
        ("to", "", ""),
        ("to", 3, 3),
        ("rows", "[[1, 2]]", [[1, 2]]),
        ("rows", "1, 2", "1, 2"),
        ("count", "3", 3),
        ("count", 3.0, 3),
        ("count", 3.5, 3.5),
        ("count", "three", "three"),
        ("count", True, True),
        ("rate", "2.5", 2.5),
        ("rate", None, None),
        ("all", "True", True),
        ("all", "yes", "yes"),
        ("title", 7, "7"),
        ("title", True, True),
        ("title", ["a"], ["a"]),
        ("free", "3", "3"),
        ("unknown", "3", "3"),
    ],
)
def test_an_argument(name: str, given: Any, made: Any) -> None:
    result = fitted({name: given}, _SCHEMA)[name]
    assert result == made
    assert type(result) is type(made)

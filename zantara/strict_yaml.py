"""YAML held to a schema: an error names file, line, field, value and what is accepted."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

__all__ = ["YamlError", "line_of", "load_yaml"]

_Model = TypeVar("_Model", bound=BaseModel)


class YamlError(ValueError):
    """The file is not what it should be; the message has a line for each thing that is wrong."""


def load_yaml(path: Path, model: type[_Model], *, what: str) -> _Model:
    """The file as `model`. what: "a script", say. Raises YamlError; OSError where it is not read."""
    text = path.read_text("utf-8", errors="replace")
    try:
        data = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise YamlError(f"{path}{line}: not YAML: {getattr(error, 'problem', error)}") from error
    if not isinstance(data, dict):
        accepted = ", ".join(list(model.model_fields)[:3])
        raise YamlError(f"{path}:1: not {what}; accepted: {accepted}, ...")
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise YamlError("\n".join(_problems(path, text, error))) from error


def _problems(path: Path, text: str, error: ValidationError) -> Iterator[str]:
    for one in error.errors(include_url=False):
        where = ".".join(str(part) for part in one["loc"] if part != "[key]")
        told = one["msg"].removeprefix("Value error, ")
        yield f"{path}:{line_of(text, one['loc'])}: {where}: {told}{_given(one['input'])}"


def _given(value: object) -> str:
    plain = isinstance(value, str | int | float | bool | datetime)
    return f" (got {value!r:.80})" if plain else ""


def line_of(text: str, loc: Sequence[str | int]) -> int:
    """The line of the deepest part of the path that the file has."""
    node: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    line = 1
    for part in loc:
        found = _inner(node, part)
        if found is None:
            break
        line, node = found
    return line


def _inner(node: Any, part: str | int) -> tuple[int, Any] | None:
    if isinstance(node, yaml.MappingNode):
        pairs = ((key, value) for key, value in node.value if key.value == str(part))
        return next(((key.start_mark.line + 1, value) for key, value in pairs), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part].start_mark.line + 1, node.value[part]
    return None

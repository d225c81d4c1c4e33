"""What the model knows of a bound tool: its OpenAI schema, read once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Parameter", "ToolSpec"]


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter. kind: string, array, integer, number, boolean, object."""

    name: str
    kind: str
    format: str
    required: bool
    description: str
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool: `domain_action` in its name, words of its description, its parameters.

    through: the bound tool that it is called through. choices: where it wants no more than some of
    them, as one that says whom a message is for.
    """

    name: str
    description: str
    parameters: tuple[Parameter, ...]
    through: str = ""

    @property
    def domain(self) -> str:
        return self.name.partition("_")[0]

    @property
    def action(self) -> str:
        return self.name.partition("_")[2]

    @property
    def takes_task(self) -> bool:
        """Whether it hands a task in words to another model."""
        return any(one.name == "task" for one in self.parameters)

    @property
    def choices(self) -> tuple[str, ...]:
        kinds = [one for one in self.parameters if one.kind == "array" and one.choices]
        return kinds[0].choices if len(self.parameters) == len(kinds) == 1 else ()

    @property
    def words(self) -> frozenset[str]:
        return frozenset(re.findall(r"[a-z]{3,}", f"{self.name} {self.description}".lower()))

    @classmethod
    def of(cls, schema: Mapping[str, Any]) -> "ToolSpec":
        function = schema.get("function", schema)
        parameters = function.get("parameters") or {}
        required = set(parameters.get("required", ()))
        return cls(
            str(function["name"]),
            str(function.get("description", "")),
            tuple(
                _parameter(name, spec, required)
                for name, spec in parameters.get("properties", {}).items()
            ),
        )


def _parameter(name: str, spec: Mapping[str, Any], required: set[str]) -> Parameter:
    options = [one for one in spec.get("anyOf", ()) if one.get("type") != "null"]
    shape = options[0] if options else spec
    return Parameter(
        name,
        str(shape.get("type", "string")),
        str(shape.get("format", "")),
        name in required,
        str(spec.get("description", "")),
        tuple(map(str, shape.get("enum") or shape.get("items", {}).get("enum", ()))),
    )

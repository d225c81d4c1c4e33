"""Operations behind a tool that takes a whole task in words: read as tools, called through it."""

from collections.abc import Mapping, Sequence
from typing import Any

from zantara.gateway.embedded._lexicon import table
from zantara.gateway.embedded._schema import Parameter, ToolSpec
from zantara.language import stem

__all__ = ["expand", "handed_over"]

_TASK = "task"


def expand(tools: Sequence[ToolSpec], parameters: Mapping[str, str]) -> list[ToolSpec]:
    """The bound tools, and the operations whose domain the description of a delegate names.

    parameters: operation -> its parameters; `?` marks one that may be missing, `*` a list.
    """
    bound = {tool.name for tool in tools}
    found = list(tools)
    for tool in tools:
        if not tool.takes_task:
            continue
        named = {stem(one) for one in tool.words}
        found += [
            ToolSpec(name, "", tuple(map(_parameter, listed.split())), through=tool.name)
            for name, listed in parameters.items()
            if name not in bound and stem(name.partition("_")[0]) in named
        ]
    return found


def _parameter(name: str) -> Parameter:
    kind = "array" if "*" in name else "string"
    return Parameter(name.strip("?*"), kind, "", "?" not in name, "")


def handed_over(
    tool: ToolSpec, args: Mapping[str, Any], language: str
) -> tuple[str, dict[str, Any]]:
    """The call that does it: the tool's own, or its delegate's with the task in words."""
    if not tool.through:
        return tool.name, dict(args)
    frames = table(language)["tasks"]
    frame: str = frames[f"{tool.name}.folder" if args.get("folder") else tool.name]
    told = {k: ", ".join(map(str, v)) if isinstance(v, list) else v for k, v in args.items()}
    material = told.pop("content", "")
    task = frame.format_map(told)
    return tool.through, {_TASK: task, **({"material": material} if material else {})}

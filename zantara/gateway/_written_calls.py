"""Calls that a model wrote into its text, where its host did not read them.

vLLM leaves Llama 4's calls in the text when words stand before them or a list in them is nested, Groq
refuses its own model's calls with 400 `tool_use_failed` and hands them back in `failed_generation`.
Each form that models write is read by a parser of the standard library, and a call counts only when
it names a tool that the model was given: nothing is guessed and nothing is completed.
"""

import ast
import json
import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import Any

__all__ = ["UnreadableCallError", "WrittenCall", "failed_generation", "split_calls"]

WrittenCall = tuple[str, dict[str, Any]]
_MARKS = re.compile(
    r"<\|python_(?:start|end|tag)\|>|<\|eom\|>|<\|eot\|>|</?tool[-_](?:use|call)s?>|```(?:json)?"
)
_FUNCTION = re.compile(
    r"(?:<function[=(])?\s*([\w.-]+)\s*\)?\s*[>,=]?\s*(\{.*?\})\s*(?:\)|>)?\s*(?:</function>|$)",
    re.DOTALL,
)


class UnreadableCallError(ValueError):
    """The text holds the beginning of a call of a bound tool, and no whole call."""


def split_calls(text: str, tools: Collection[str]) -> tuple[str, list[WrittenCall]]:
    """(the text before, the calls), or (the text, none) where it holds no call.

    A call is read only where it and others like it are all that follows. Raises UnreadableCallError.
    """
    start = begin_of_call(text, tools)
    if start is None:
        return text, []
    calls = _read(text[start:], tools)
    if not calls:
        raise UnreadableCallError(
            f"it left a call in its text that cannot be read: {text[start:]!r:.200}"
        )
    return text[:start].strip(), calls


def failed_generation(body: object, tools: Collection[str]) -> list[WrittenCall]:
    """The calls in the body of Groq's refusal; none where they cannot be read or name other tools."""
    error = body.get("error", body) if isinstance(body, dict) else {}
    text = error.get("failed_generation") if isinstance(error, dict) else None
    return _read(text, tools) if isinstance(text, str) else []


def begin_of_call(text: str, tools: Collection[str], start: int = 0) -> int | None:
    """Where the first call from `start` on begins that stands at the start of a line; None: nowhere."""
    found = _opening(tuple(tools)).search(text, start) if tools else None
    return found.start() if found else None


@lru_cache(maxsize=32)
def _opening(tools: tuple[str, ...]) -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, tools), key=len, reverse=True))
    opens = r"<\|python_(?:start|tag)\|>|<tool[-_](?:use|call)s?>|```(?:json)?"
    python = rf"\[\s*(?:{names})\s*\("
    written = rf'{python}|(?:\[\s*)?\{{\s*"(?:type|name|tool_calls|function)"|<function[=(]'
    pattern = rf"(?:^|(?<=\n))[ \t]*(?:{opens})?\s*(?:{written})"
    return re.compile(pattern)


def _read(text: str, tools: Collection[str]) -> list[WrittenCall]:
    bare = _MARKS.sub("", text).strip()
    for reader in (_functions, _python, _json):
        calls = reader(bare)
        if calls and all(name in tools for name, _args in calls):
            return calls
    return []


def _functions(text: str) -> list[WrittenCall]:
    """`<function=name{"a": 1}</function>`, once or more, nothing else; the first mark may be lost."""
    found = list(_FUNCTION.finditer(text))
    if not found or _FUNCTION.sub("", text).strip():
        return []
    calls = [(one.group(1), _object(one.group(2))) for one in found]
    return [(name, args) for name, args in calls if args is not None]


def _python(text: str) -> list[WrittenCall]:
    """`[name(a="b", c=[1, [2]]), other()]`: literals by name, nothing else."""
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return []
    nodes = tree.elts if isinstance(tree, ast.List) else [tree]
    calls = [_python_call(node) for node in nodes]
    return [one for one in calls if one] if all(calls) else []


def _python_call(node: ast.expr) -> WrittenCall | None:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.args:
        return None
    args: dict[str, Any]
    try:
        args = {str(one.arg): _literal(one.value) for one in node.keywords if one.arg}
    except (ValueError, TypeError, RecursionError):
        return None
    return (node.func.id, args) if len(args) == len(node.keywords) else None


def _literal(node: ast.expr) -> Any:
    """Python's literals; `true`, `false` and `null` too, which models mix in."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name) and inner.id not in _NAMES:
            raise ValueError(inner.id)
    return ast.literal_eval(_Named().visit(node))


_NAMES = {"true": True, "false": False, "null": None}


class _Named(ast.NodeTransformer):
    def visit_Name(self, node: ast.Name) -> ast.expr:
        return ast.copy_location(ast.Constant(_NAMES[node.id]), node)


def _json(text: str) -> list[WrittenCall]:
    """`{"name": ..., "parameters": {...}}`, a list of them, several in a row or under `tool_calls`."""
    calls: list[WrittenCall] = []
    for value in _values(text):
        for one in _listed(value):
            call = _json_call(one)
            if call is None:
                return []
            calls.append(call)
    return calls


def _values(text: str) -> Iterator[Any]:
    """JSON values one after another, parted by space, commas or semicolons; else one None."""
    decoder, at = json.JSONDecoder(strict=False), 0
    while at < len(text):
        try:
            value, end = decoder.raw_decode(text, at)
        except ValueError:
            yield None
            return
        yield value
        at = end + len(text[end:]) - len(text[end:].lstrip(" \n\r\t,;"))


def _listed(value: Any) -> Sequence[Any]:
    if isinstance(value, dict) and isinstance(value.get("tool_calls"), list):
        return list(value["tool_calls"])
    return value if isinstance(value, list) else [value]


def _json_call(value: Any) -> WrittenCall | None:
    if not isinstance(value, dict):
        return None
    inner = value.get("function")
    named = {**value, **inner} if isinstance(inner, dict) else value
    name = named.get("name") or (inner if isinstance(inner, str) else None)
    keys = ("parameters", "arguments", "args")
    args: Any = next((named[key] for key in keys if key in named), {})
    found = _object(args) if isinstance(args, str) else args
    return (name, found) if isinstance(name, str) and isinstance(found, dict) else None


def _object(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text, strict=False)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None

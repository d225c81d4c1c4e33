"""The `q` of files.list: fields, operators, and, or, not and brackets."""

import re
from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from zantara.google.local._faults import Fault
from zantara.language import fold

__all__ = ["matcher"]

Test = Callable[[Mapping[str, Any]], bool]

_TOKEN = re.compile(r"'(?:[^'\\]|\\.)*'|[()]|!=|<=|>=|[=<>]|[A-Za-z]+")
_COMPARED = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
_FLAGS = ("trashed", "starred", "sharedWithMe")
_TIMES = ("modifiedTime", "createdTime")
_MISSING = ("viewedByMeTime", "writers", "readers", "properties", "appProperties", "visibility")


def matcher(query: str) -> Test:
    """What a file must be to be found. Raises Fault 400 for a query that Drive would not read."""
    if not query.strip():
        return lambda _file: True
    pieces = deque(_TOKEN.findall(query))
    if re.sub(r"\s", "", "".join(pieces)) != re.sub(r"\s", "", query):
        raise _invalid(query)
    try:
        test = _Parser(pieces, query).either()
    except (IndexError, RecursionError) as error:
        raise _invalid(query) from error
    if pieces:
        raise _invalid(query)
    return test


def _invalid(query: str) -> Fault:
    return Fault(400, "invalid", f"Invalid Value: q {query!r}")


class _Parser:
    def __init__(self, pieces: deque[str], query: str) -> None:
        self._left = pieces
        self._query = query

    def either(self) -> Test:
        tests = [self._both()]
        while self._left and self._left[0] == "or":
            self._left.popleft()
            tests.append(self._both())
        return lambda file: any(test(file) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self._left and self._left[0] == "and":
            self._left.popleft()
            tests.append(self._one())
        return lambda file: all(test(file) for test in tests)

    def _one(self) -> Test:
        piece = self._left.popleft()
        if piece == "not":
            inner = self._one()
            return lambda file: not inner(file)
        if piece == "(":
            inner = self.either()
            if self._left.popleft() != ")":
                raise _invalid(self._query)
            return inner
        if piece.startswith("'"):
            return self._in(_text(piece))
        return self._field(piece, self._left.popleft())

    def _in(self, value: str) -> Test:
        if self._left.popleft() != "in":
            raise _invalid(self._query)
        field = self._left.popleft()
        if field == "parents":
            return lambda file: (file["_root"] if value == "root" else value) in file["parents"]
        if field == "owners":
            return lambda file: _owns(file, value)
        raise _unknown(field)

    def _field(self, field: str, operator: str) -> Test:
        value = self._left.popleft()
        if field in _FLAGS and operator in ("=", "!=") and value in ("true", "false"):
            wanted = (value == "true") == (operator == "=")
            return lambda file: _flag(file, field) == wanted
        if not value.startswith("'"):
            raise _invalid(self._query)
        return _compared(field, operator, _text(value), self._query)


def _compared(field: str, operator: str, value: str, query: str) -> Test:
    if field == "name" and operator == "contains":
        return lambda file: _begins(file["name"], value)
    if field == "fullText" and operator == "contains":
        return lambda file: _says(f"{file['name']} {file['_text']}", value)
    if field == "mimeType" and operator == "contains":
        return lambda file: file["mimeType"].startswith(value)
    if field in ("name", "mimeType") and operator in ("=", "!="):
        return lambda file: bool(_COMPARED[operator](file[field], value))
    if field in _TIMES and operator in _COMPARED:
        moment = _moment(value)
        return lambda file: bool(_COMPARED[operator](_moment(file[field]), moment))
    if field not in ("name", "mimeType", "fullText", *_FLAGS, *_TIMES):
        raise _unknown(field)
    raise _invalid(query)


def _unknown(field: str) -> Fault:
    if field in _MISSING:
        return Fault(501, "notImplemented", f"q: the field {field} is not implemented")
    return Fault(400, "invalid", f"Invalid Value: q has no field {field!r}")


def _flag(file: Mapping[str, Any], field: str) -> bool:
    return not file["ownedByMe"] if field == "sharedWithMe" else bool(file[field])


def _owns(file: Mapping[str, Any], address: str) -> bool:
    return any(
        address in ("me" if one["me"] else "", one["emailAddress"]) for one in file["owners"]
    )


def _text(piece: str) -> str:
    return re.sub(r"\\(.)", r"\1", piece[1:-1])


def _moment(value: str) -> datetime:
    """A time without an offset is UTC."""
    try:
        read = datetime.fromisoformat(value)
    except ValueError as error:
        raise Fault(400, "invalid", f"Invalid Value: time {value!r}") from error
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def _folded(text: str) -> str:
    return " ".join(fold(text).split())


def _begins(name: str, words: str) -> bool:
    """Words of a name are found by how they begin."""
    return re.search(rf"(?<![^\W_]){re.escape(_folded(words))}", _folded(name)) is not None


def _says(text: str, words: str) -> bool:
    """Every word is there whole; a phrase in double quotes stands as it is written."""
    folded = re.sub(r"\W+", " ", _folded(text).replace("_", " "))
    wanted = re.findall(r'"([^"]+)"|(\S+)', _folded(words))
    plain = [re.sub(r"[\W_]+", " ", phrase or word).strip() for phrase, word in wanted]
    return all(f" {one} " in f" {folded} " for one in plain if one)

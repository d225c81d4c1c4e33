"""The policy: data that says what a call may do by where its values came from.

One file holds several policies by name; `policy.yaml` beside this module ships `careful` and `fluent`.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, model_validator

from zantara.gate.kinds import Effect, Kind, Outcome
from zantara.gate.provenance import COLUMNS
from zantara.identity import Role
from zantara.strict_yaml import YamlError, line_of, load_yaml

__all__ = ["SHIPPED", "Policy", "PolicyError", "load_policy", "policy_names"]

SHIPPED = Path(__file__).with_name("policy.yaml")
_REST = "rest"


class PolicyError(ValueError):
    """The policy cannot be used: nothing starts. The message names file, line and what is accepted."""


def _whole(row: dict[str, Outcome]) -> dict[str, Outcome]:
    unknown = sorted(set(row) - {*COLUMNS, _REST})
    if unknown:
        raise ValueError(f"{', '.join(unknown)}: accepted: {', '.join(COLUMNS)}, {_REST}")
    missing = [column for column in COLUMNS if column not in row]
    if missing and _REST not in row:
        raise ValueError(f"nothing is said of {', '.join(missing)}; accepted: them, or {_REST}")
    return row


Row = Annotated[dict[str, Outcome], AfterValidator(_whole)]


def _known_kinds(rows: dict[str, dict[str, Outcome]]) -> dict[str, dict[str, Outcome]]:
    unknown = sorted(set(rows) - {*Kind, _REST})
    if unknown:
        raise ValueError(f"{', '.join(unknown)}: accepted: {', '.join(Kind)}, {_REST}")
    if _REST not in rows:
        raise ValueError(f"no row for the other arguments; accepted: {_REST}: {{{_REST}: ask}}")
    return rows


Rows = Annotated[dict[str, Row], AfterValidator(_known_kinds)]


class Policy(BaseModel):
    """One policy. Lookups never fail: every effect has a row for the rest, every row a column."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    about: str = ""
    effects: dict[Effect, Rows]
    tools: dict[str, dict[str, Row]] = {}
    roles: dict[Role, dict[Effect, Rows]] = {}

    @model_validator(mode="after")
    def _every_effect(self) -> "Policy":
        missing = [effect for effect in Effect if effect not in self.effects]
        if missing:
            raise ValueError(f"effects: nothing is said of {', '.join(missing)}")
        return self

    def outcome(
        self, column: str, kind: Kind, effect: Effect, *, role: Role, tool: str, argument: str
    ) -> Outcome:
        """What a value of this column may do; the row of the tool goes first, then the role's."""
        named = self.tools.get(tool, {}).get(argument)
        rows = self.rows(effect, role)
        row = named or rows.get(kind) or rows[_REST]
        return row.get(column) or row[_REST]

    def rows(self, effect: Effect, role: Role) -> Mapping[str, Mapping[str, Outcome]]:
        """The rows of an effect by kind of value, `rest` among them."""
        return self.roles.get(role, {}).get(effect) or self.effects[effect]


class _File(BaseModel):
    """`version: 1`, then policies by name."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, Policy]
    version: Literal[1]


def load_policy(
    name: str, path: Path = SHIPPED, *, tools: Mapping[str, Mapping[str, Kind]] | None = None
) -> Policy:
    """The policy of this name. tools: the arguments of each tool, so that a wrong name is found.

    Raises PolicyError.
    """
    policies = _policies(path)
    if name not in policies:
        listed = ", ".join(policies) or "none"
        raise PolicyError(f"policy: {name!r} is not in {path}; accepted: {listed}")
    policy = policies[name]
    for tool, rows in policy.tools.items() if tools is not None else ():
        for argument in rows:
            _check_tool(path, (name, "tools", tool, argument), tools or {})
    return policy


def policy_names(path: Path = SHIPPED) -> list[str]:
    """The policies of a file. Raises PolicyError."""
    return list(_policies(path))


@cache
def _policies(path: Path) -> dict[str, Policy]:
    try:
        return dict(load_yaml(path, _File, what="a policy file").__pydantic_extra__)
    except YamlError as error:
        raise PolicyError(str(error)) from error
    except OSError as error:
        raise PolicyError(
            f"policy file {path}: {error.strerror or error}; accepted: in ZANTARA_POLICY_FILE a file"
            " that can be read, or nothing for the one that ships"
        ) from error


def _check_tool(path: Path, loc: tuple[str, ...], tools: Mapping[str, Mapping[str, Kind]]) -> None:
    _name, _tools, tool, argument = loc
    accepted = tools if tool not in tools else {*tools[tool], Kind.REQUEST, "reaches"}
    if (tool if accepted is tools else argument) not in accepted:
        line = line_of(path.read_text("utf-8"), loc)
        raise PolicyError(
            f"{path}:{line}: {'.'.join(loc)}: accepted: {', '.join(sorted(accepted))}"
        )

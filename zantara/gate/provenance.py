"""Where a value came from, and how far it is trusted."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NotRequired

from typing_extensions import TypedDict  # pydantic reads no other before Python 3.12

__all__ = ["COLUMNS", "Origin", "Provenance", "column_of", "lowest", "of_rows", "weakest"]


class Provenance(StrEnum):
    """The five classes, from the most trusted to the least but for `derived`.

    `derived` is text that a model wrote: it inherits the lowest trust of that model's prompt, so a
    derived value always carries the class that it inherits from beside it.
    """

    USER = "user"
    SYSTEM = "system"
    OWN = "own"
    OUTSIDE = "outside"
    DERIVED = "derived"


class Origin(TypedDict):
    """Where one argument's value came from; `inherits` stands beside `derived` only.

    picked: the lowest trust of the prompt in which a model chose the value, unnamed by the user. read:
    the lowest trust of that prompt, where a name was made after the user's words all the same. why:
    what speaks against a picked value, in words.
    """

    provenance: str
    source: str
    inherits: NotRequired[str]
    picked: NotRequired[str]
    read: NotRequired[str]
    why: NotRequired[str]


_TRUST = {
    Provenance.USER: 3,
    Provenance.SYSTEM: 3,
    Provenance.OWN: 2,
    Provenance.OUTSIDE: 0,
    Provenance.DERIVED: 0,
}

COLUMNS = ("user", "system", "own", "derived", "picked", "outside", "derived_outside")
"""The columns of a policy, from the most trusted to the least.

derived: written by a model that had read nothing from outside. picked: a value of the system's, the
user's own or the user's words, which a model that had read outside content chose for something that
the user did not name it for.
"""


def lowest(classes: Iterable[Provenance]) -> Provenance:
    """The least trusted of `classes`; `system` when there are none."""
    return min(classes, key=_TRUST.__getitem__, default=Provenance.SYSTEM)


def of_rows(path: str, names: Iterable[str], kinds: Sequence[Provenance]) -> dict[str, Provenance]:
    """The classes of fields in a list of things (`events[]`), one kind a thing; of one thing, its own.

    Things of one kind share a pattern: nothing is said of a class that no thing has.
    """
    if len(set(kinds)) == 1:
        return {f"{path}.{name}": kinds[0] for name in names}
    places = [path.replace("[]", f"[{number}]") for number in range(len(kinds))]
    return {
        f"{place}.{name}": kind for place, kind in zip(places, kinds, strict=True) for name in names
    }


def column_of(origin: Origin) -> str:
    """The column of a policy that an origin belongs to."""
    provenance = origin["provenance"]
    if provenance == Provenance.DERIVED:
        return "derived_outside" if origin.get("inherits") == Provenance.OUTSIDE else "derived"
    if origin.get("picked") == Provenance.OUTSIDE and provenance in ("own", "system", "user"):
        return "picked"
    return provenance


def weakest(origins: Iterable[Origin]) -> Origin:
    """The origin that is trusted least; an empty value is the system's."""
    empty: Origin = {"provenance": str(Provenance.SYSTEM), "source": "empty"}
    return max(origins, key=lambda one: COLUMNS.index(column_of(one)), default=empty)

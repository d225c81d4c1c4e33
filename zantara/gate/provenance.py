"""Where a value came from, and how far it is trusted."""

from collections.abc import Iterable
from enum import StrEnum

__all__ = ["Provenance", "lowest"]


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


_TRUST = {
    Provenance.USER: 3,
    Provenance.SYSTEM: 3,
    Provenance.OWN: 2,
    Provenance.OUTSIDE: 0,
    Provenance.DERIVED: 0,
}


def lowest(classes: Iterable[Provenance]) -> Provenance:
    """The least trusted of `classes`; `system` when there are none."""
    return min(classes, key=_TRUST.__getitem__, default=Provenance.SYSTEM)

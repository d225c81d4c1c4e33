"""What seeders work on, and what they leave behind."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from zantara.evals._files import ActionRow
from zantara.identity import User
from zantara.services import Services

__all__ = ["Ground", "Seeder", "Target"]


@dataclass(frozen=True, slots=True)
class Ground:
    """The row's own data folder and the user whose account it is."""

    services: Services
    user: User


@dataclass(frozen=True, slots=True)
class Target:
    """What a call is about. A call that resolved it shows its id in its arguments or its result."""

    id: str


Seeder = Callable[[Ground, ActionRow, int], Awaitable[Target | None]]

"""The run context: preferences that any caller may send. Identity and rights are never in it."""

from dataclasses import dataclass
from typing import Literal, get_args
from zoneinfo import ZoneInfo

__all__ = ["ARCHITECTURES", "Architecture", "Context", "Language"]

Language = Literal["", "en", "id", "it"]
Architecture = Literal["hybrid", "centro", "budget", "baseline"]
ARCHITECTURES: tuple[str, ...] = get_args(Architecture)


@dataclass(frozen=True)
class Context:
    """Preferences of one run; each has a default.

    language: answer in this language; empty: the language of the message.
    timezone: IANA name in which dates and times are read and told.
    architecture: the arm that answers; empty: what the rollout says, else the thread's own, else
    hybrid. A graph id that names an arm goes before it.
    dry_run: nothing is written; the answer says what would have been done.
    """

    language: Language = ""
    timezone: str = "Asia/Makassar"
    architecture: str = ""
    dry_run: bool = False

    def __post_init__(self) -> None:
        if not isinstance(self.dry_run, bool):
            raise ValueError(f"dry_run: {self.dry_run!r}; accepted: true or false")
        if self.language not in get_args(Language):
            raise ValueError(
                f"language: {self.language!r} is not known; accepted: en, id, it or ''"
            )
        if self.architecture and self.architecture not in ARCHITECTURES:
            accepted = ", ".join(ARCHITECTURES)
            raise ValueError(
                f"architecture: {self.architecture!r} is not known; accepted: {accepted}"
            )
        try:
            ZoneInfo(self.timezone)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(
                f"timezone: {self.timezone!r} is not known; accepted: IANA names such as"
                " Asia/Makassar"
            ) from error

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

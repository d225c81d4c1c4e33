"""The answer on its way out: no address that the model built, nothing to click on or to fetch."""

from collections.abc import Callable, Iterable

from zantara.gate.known_addresses import KnownAddresses, known_addresses
from zantara.gate.output import REMOVED, guarded_with, is_unfinished
from zantara.knowledge import Row
from zantara.state import State

__all__ = ["fit_to_follow", "known_of", "may_be_shown"]


def known_of(state: State, rows: Iterable[Row], facts: Iterable[str] = ()) -> KnownAddresses:
    """Addresses that this turn's evidence holds as a whole."""
    knowledge = (f"{row.title}\n{row.text}\n{row.source}" for row in rows)
    return known_addresses(
        state["messages"], knowledge=knowledge, remembered=facts, calls=state["calls"]
    )


def may_be_shown(piece: str, known: Callable[[], KnownAddresses]) -> bool:
    """Whether a piece of a stream may go out as it is, whatever comes next."""
    return not is_unfinished(piece) and guarded_with(piece, known).text == piece


def fit_to_follow(shown: str, text: str, known: Callable[[], KnownAddresses]) -> str:
    """`text` as it may stand behind what was shown, which cannot be taken back."""
    whole = guarded_with(shown + text, known).text
    if whole.startswith(shown):
        return whole[len(shown) :]
    alone = guarded_with(text, known).text
    whole = shown + alone
    return alone if guarded_with(whole, known).text == whole else REMOVED

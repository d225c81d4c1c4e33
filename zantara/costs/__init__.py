"""What everything costs: the ledger of calls and turns, budgets, prices."""

from zantara.costs.budgets import Budget, BudgetExceededError, Budgets, Spent
from zantara.costs.ledger import Ledger
from zantara.costs.prices import PriceFileError, Prices, TokenPrice
from zantara.costs.rows import CallEnd, CallStart, Kind, Outcome, Priced, TurnRow

__all__ = [
    "Budget",
    "BudgetExceededError",
    "Budgets",
    "CallEnd",
    "CallStart",
    "Kind",
    "Ledger",
    "Outcome",
    "PriceFileError",
    "Priced",
    "Prices",
    "Spent",
    "TokenPrice",
    "TurnRow",
]

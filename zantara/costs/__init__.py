"""What everything costs: the ledger of calls and turns, budgets, prices."""

from zantara.costs.alerts import Alert, Alerts
from zantara.costs.budgets import Budget, BudgetExceededError, Budgets, Spent
from zantara.costs.ledger import Ledger, utc_text
from zantara.costs.meter import Charge, Meter, charged_to, metered
from zantara.costs.prices import PriceFileError, Prices, TokenPrice
from zantara.costs.report import By, Group, Percentiles, Report, report
from zantara.costs.rows import CallEnd, CallStart, Kind, Outcome, Priced, TurnRow

__all__ = [
    "Alert",
    "Alerts",
    "Budget",
    "BudgetExceededError",
    "Budgets",
    "By",
    "CallEnd",
    "CallStart",
    "Charge",
    "Group",
    "Kind",
    "Ledger",
    "Meter",
    "Outcome",
    "Percentiles",
    "PriceFileError",
    "Priced",
    "Prices",
    "Report",
    "Spent",
    "TokenPrice",
    "TurnRow",
    "charged_to",
    "metered",
    "report",
    "utc_text",
]

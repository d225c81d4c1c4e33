"""How good the answers and the actions are: scores of the real graph over evaluation files.

The questions go through the runner like anybody's; what is expected never reaches the model.
"""

from zantara.evals._actions import run_actions
from zantara.evals._figures import exact, money_figures, states
from zantara.evals._files import (
    ActionRow,
    BadFileError,
    ExpectedCall,
    QaRow,
    choose,
    read_actions,
    read_qa,
)
from zantara.evals._qa import run_qa
from zantara.evals._statistics import INTERVALS

__all__ = [
    "INTERVALS",
    "ActionRow",
    "BadFileError",
    "ExpectedCall",
    "QaRow",
    "choose",
    "exact",
    "money_figures",
    "read_actions",
    "read_qa",
    "run_actions",
    "run_qa",
    "states",
]

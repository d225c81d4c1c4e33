"""The gradual rollout: a candidate arm beside the control arm, guards, an audit log."""

from zantara.rollout._assignment import STAFF, View, bucket
from zantara.rollout._decision import Decision, chance, figure, for_people, spell
from zantara.rollout._guards import FIRST_LOOK, Finding, MissingScipyError, need_scipy
from zantara.rollout._log import Entry, Log
from zantara.rollout._plan import ARMS, GUARDS, Margins, Plan, PlanError, Stage, load_plan, make
from zantara.rollout._rollout import GUARD, ChangedError, Rollout
from zantara.rollout._samples import Figures, Samples
from zantara.rollout._state import RolloutError, State

__all__ = [
    "ARMS",
    "FIRST_LOOK",
    "GUARD",
    "GUARDS",
    "STAFF",
    "ChangedError",
    "Decision",
    "Entry",
    "Figures",
    "Finding",
    "Log",
    "Margins",
    "MissingScipyError",
    "Plan",
    "PlanError",
    "Rollout",
    "RolloutError",
    "Samples",
    "Stage",
    "State",
    "View",
    "bucket",
    "chance",
    "figure",
    "for_people",
    "load_plan",
    "make",
    "need_scipy",
    "spell",
]

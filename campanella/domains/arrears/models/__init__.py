"""Tables of arrears."""

from campanella.domains.arrears.models.plans import Plan, PlanDebt, PlanDue, PlanEnd, PlanPosition
from campanella.domains.arrears.models.reminders import (
    Accrual,
    Handing,
    InterestWaiver,
    Reminder,
    ReminderCounter,
    ReminderDebt,
    ReminderPaper,
    ReminderPosition,
)
from campanella.domains.arrears.models.runs import Candidate, Ladder, LadderStep, ReminderRun
from campanella.domains.arrears.models.stops import Stop, StopEnd, StopRead, StopReason

__all__ = [
    "Accrual",
    "Candidate",
    "Handing",
    "InterestWaiver",
    "Ladder",
    "LadderStep",
    "Plan",
    "PlanDebt",
    "PlanDue",
    "PlanEnd",
    "PlanPosition",
    "Reminder",
    "ReminderCounter",
    "ReminderDebt",
    "ReminderPaper",
    "ReminderPosition",
    "ReminderRun",
    "Stop",
    "StopEnd",
    "StopRead",
    "StopReason",
]

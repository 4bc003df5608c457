"""What a person is asked, in which order, and what becomes of the answer. Pure."""

from validation.apply import apply, differences
from validation.decisions import Action, check_decision, next_state
from validation.leases import MOST_LEASES, check_holds, may_take
from validation.normalise import normalise
from validation.queue import days_left, deadline, priority, sampled
from validation.sheets import ORDERS, S3110J, Entry, entry_of, order_of
from validation.shown import Shown, fields_to_show, keyed_whole

__all__ = [
    "MOST_LEASES",
    "ORDERS",
    "S3110J",
    "Action",
    "Entry",
    "Shown",
    "apply",
    "check_decision",
    "check_holds",
    "days_left",
    "deadline",
    "differences",
    "entry_of",
    "fields_to_show",
    "keyed_whole",
    "may_take",
    "next_state",
    "normalise",
    "order_of",
    "priority",
    "sampled",
]

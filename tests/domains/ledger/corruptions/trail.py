"""Planted in the audit trail."""

from tests.domains.ledger.corruptions.words import LATER, Planted

TRAIL: Planted = [
    (
        "an act with a verb nobody knows",
        "update core_auditrow set action = 'wallet.gifted' where id = {act_adjusted}",
        [("an act is of a known verb", "act {act_adjusted} (wallet.gifted)", 0)],
    ),
    (
        "an act of somebody who is not there",
        "update core_auditrow set actor_id = 987654 where id = {act_adjusted}",
        [("an act has an author who is there", "act {act_adjusted} (wallet.adjusted by user 987654)", 0)],
    ),
    (
        "an act of nobody",
        "update core_auditrow set actor_id = null, actor_label = '' where id = {act_adjusted}",
        [("an act has an author who is there", "act {act_adjusted} (wallet.adjusted by nobody)", 0)],
    ),
    (
        "an act about a child that is not there",
        "update core_auditrow set subjects = array['child:987654'] where id = {act_adjusted}",
        [("an act is about something that is there", "act {act_adjusted} (wallet.adjusted of child:987654)", 0)],
    ),
    (
        "a confirmation without its act",
        "delete from core_auditrow where action = 'roll_call.confirmed'",
        [("a confirmed roll-call has its act, of that instant and author", "roll-call {call} (class {class}, {today})", 0)],
    ),
    (
        "a confirmation by somebody else",
        "update attendance_rollcall set confirmed_by_id = 987654",
        [("a confirmed roll-call has its act, of that instant and author", "roll-call {call} (class {class}, {today})", 0)],
    ),
    (
        "a notice deleted by hand",
        f"update payments_paymentrequest set state = 'cancelled', settled_at = {LATER} where id = {{open}}",
        [("a deleted notice has its act", "position {open} (child {child})", 900)],
    ),
    (
        "a deleted notice that is open again",
        "update payments_paymentrequest set state = 'open', settled_at = null where id = {deleted}",
        [
            (
                "a notice whose act says that it was deleted is deleted",
                "act {act_deleted} (child:{child}, position:{deleted})",
                800,
            )
        ],
    ),
    (
        "a receipt closed by hand",
        f"update payments_receipt set outcome = 'closed', resolved_at = {LATER} where receipt_id = 'IUR2'",
        [("a receipt that was put aside or closed has its act", "receipt IUR2 (closed)", 700)],
    ),
]

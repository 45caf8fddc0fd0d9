"""Runs and reminders as commands print them."""

from typing import Any

from campanella.domains.arrears import queries, reminders
from campanella.domains.arrears.queries import RunView
from campanella.domains.arrears.rules.ladder import WHY_WORDS
from campanella.domains.people import queries as people
from campanella.readings.arrears.proof import proofs_of


def candidates(*, run: RunView) -> list[dict[str, Any]]:
    """Return the households of a run with the delivery on record, those that have a reminder first: nine queries."""
    found = queries.candidates(run_id=run.id)
    codes = {one.pk: one.tax_code for one in people.guardians(guardian_ids=[one.payer_id for one in found])}
    names = {step.place: step.name for step in queries.ladder(day=run.day).steps}
    words = {str(why): said for why, said in WHY_WORDS.items()}
    sent = reminders.of_run(run_id=run.id)
    proofs = proofs_of(sent)
    told = {one.payer_id: proofs[one.id].told.as_json() for one in sent}
    return [
        {
            "payer_id": one.payer_id,
            "payer_tax_code": codes.get(one.payer_id, ""),
            "step": names.get(one.place, "") if one.place else "",
            "cents": one.cents,
            "left_cents": one.left_cents,
            "interest_cents": one.interest_cents,
            "why": "" if one.outcome == "sent" else words.get(one.outcome, ""),
            "told": told.get(one.payer_id),
        }
        for one in found
    ]


def listed() -> list[dict[str, Any]]:
    """Return the reminders of the town with their proof, the oldest first: six queries."""
    found = reminders.every()
    proofs = proofs_of(found)
    codes = {one.pk: one.tax_code for one in people.guardians(guardian_ids=[one.payer_id for one in found])}
    return [
        {
            "number": one.number,
            "name": one.name,
            "payer_tax_code": codes.get(one.payer_id, ""),
            "issued": one.issued_on.isoformat(),
            "pay_by": one.pay_by.isoformat(),
            "channel": one.channel,
            "total_cents": one.total.cents,
            "cost_cents": one.cost.cents,
            "debts": [
                {"key": debt.key, "title": debt.title, "due": debt.due_on.isoformat(), "cents": debt.amount.cents}
                for debt in one.debts
            ],
            "proof": proofs[one.id].words,
            "told": proofs[one.id].told.as_json(),
        }
        for one in found
    ]

"""
Whose wallets the debts of a household stand in: of the children it pays for today, and of all that it was ever asked for.

Who pays for a child may change. The invoices and reminders that were written before stay those of who paid then.
"""

from collections.abc import Collection, Mapping, Sequence

from campanella.domains.people import queries as people
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id


def children_of(*, payer_ids: Sequence[int]) -> list[int]:
    """Return the children in whose wallets these households may owe something, by id: one query."""
    return sorted({child_id for _, child_id in pairs(payer_ids=payer_ids)})


def payers_of(*, child_ids: Sequence[int]) -> list[int]:
    """Return the households that may owe something in the wallets of these children, by id: one query."""
    rows = sql.rows(_OF_CHILDREN, {"town": active_town_id(), "children": list(child_ids)})
    return sorted({payer_id for payer_id, _ in rows})


def pairs(*, payer_ids: Sequence[int]) -> list[tuple[int, int]]:
    """Return each of these households with each of its children: one query."""
    rows = sql.rows(_OF_PAYERS, {"town": active_town_id(), "payers": list(payer_ids)})
    return [(payer_id, child_id) for payer_id, child_id in rows]


def reached(*, payer_ids: Sequence[int], owed: Mapping[int, Collection[int]] | None = None) -> set[int]:
    """
    Return those of these households that are written to by e-mail: who answers for all the children whose debts they are.

    Whoever was taken away from a child goes on owing what it was asked for, and gets a letter on paper. Two queries at most.

    :param owed: by payer the children whose debts are asked for; without it all of whom it ever was asked
    """
    ties = {(tie.guardian_id, tie.child_id) for tie in people.ties_of(guardian_ids=payer_ids)}
    children: dict[int, set[int]] = {payer_id: set(owed[payer_id]) if owed else set() for payer_id in payer_ids}
    for payer_id, child_id in pairs(payer_ids=payer_ids) if owed is None else ():
        children[payer_id].add(child_id)
    return {payer_id for payer_id, mine in children.items() if all((payer_id, child_id) in ties for child_id in mine)}


def _members(*, paid_by: str, of_invoice: str, of_reminder: str, of_plan: str) -> str:
    """Write the question in SQL: which of the ties, and which of what was asked, count."""
    return f"""
select g.guardian_id, g.child_id
  from people_guardianship g
 where g.municipality_id = %(town)s and g.is_payer and {paid_by}
union
select v.payer_id, h.child_id
  from billing_share h
  join billing_invoice v on v.municipality_id = h.municipality_id and v.id = h.invoice_id
 where h.municipality_id = %(town)s and v.payer_id is not null and {of_invoice}
union
select r.payer_id, w.child_id
  from arrears_reminder r
  join arrears_reminderdebt d on d.municipality_id = r.municipality_id and d.reminder_id = r.id
  join ledger_wallet w on w.municipality_id = d.municipality_id and w.id = d.wallet_id
 where r.municipality_id = %(town)s and {of_reminder}
union
select l.payer_id, w.child_id
  from arrears_plan l
  join arrears_plandebt d on d.municipality_id = l.municipality_id and d.plan_id = l.id
  join ledger_wallet w on w.municipality_id = d.municipality_id and w.id = d.wallet_id
 where l.municipality_id = %(town)s and {of_plan}
"""  # noqa: S608  # columns of ours


_OF_PAYERS = _members(
    paid_by="g.guardian_id = any(%(payers)s::bigint[])",
    of_invoice="v.payer_id = any(%(payers)s::bigint[])",
    of_reminder="r.payer_id = any(%(payers)s::bigint[])",
    of_plan="l.payer_id = any(%(payers)s::bigint[])",
)
_OF_CHILDREN = _members(
    paid_by="g.child_id = any(%(children)s::bigint[])",
    of_invoice="h.child_id = any(%(children)s::bigint[])",
    of_reminder="w.child_id = any(%(children)s::bigint[])",
    of_plan="w.child_id = any(%(children)s::bigint[])",
)

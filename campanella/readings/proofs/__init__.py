"""
The auditor's other half: does the book say what the roll-calls, the receipts and the acts say.

``domains.ledger.verify`` looks at the ledger alone; here its entries are held against the facts they speak of, with SQL of
its own: prices are reckoned from subscriptions and brackets, nothing is asked of what posted them. Each promise says what
may be, not what is known to go wrong, so that what nobody has thought of is named as well.
"""

from collections.abc import Mapping
from itertools import chain

from campanella.domains.arrears.rules.interest import LEGAL_RATES
from campanella.domains.ledger.rules import Source
from campanella.domains.ledger.verify import Violation
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id
from campanella.readings.proofs import (
    acts,
    cash,
    charges,
    collections,
    days,
    fees,
    interest,
    invoices,
    letters,
    messages,
    proposals,
    receipts,
    reminders,
    shares,
    stamps,
    tariffs,
)

PROMISES: dict[str, tuple[str, str]] = {
    **days.PROMISES,
    **charges.PROMISES,
    **fees.PROMISES,
    **receipts.PROMISES,
    **collections.PROMISES,
    **cash.PROMISES,
    **acts.PROMISES,
    **invoices.PROMISES,
    **proposals.PROMISES,
    **reminders.PROMISES,
    **stamps.PROMISES,
    **interest.PROMISES,
}


def violations() -> list[Violation]:
    """Return every promise broken between the active town's book and its facts; an empty list is a clean book."""
    return broken(PROMISES) + broken(letters.PROMISES) + messages.violations() + tariffs.violations()


def broken(promises: Mapping[str, tuple[str, str]]) -> list[Violation]:
    """
    Return what breaks these promises.

    :param promises: by what is promised: what several queries begin with, and the query of (row, cents) that breaks it
    """
    asked = shares.reckoned()
    values = {
        "town": active_town_id(),
        "share_dues": list(asked),
        "share_cents": list(asked.values()),
        "presence_key": Source.key_at("charge"),
        "receipt_key": Source.key_at("top_up"),
        "rate_years": list(LEGAL_RATES),
        "rate_points": [rate.points for rate in LEGAL_RATES.values()],
    }
    with sql.reading_everything():
        found = (
            [Violation(promise, str(row), int(cents or 0)) for row, cents in sql.rows(common + query, values)]
            for promise, (common, query) in promises.items()
        )
        return list(chain.from_iterable(found))

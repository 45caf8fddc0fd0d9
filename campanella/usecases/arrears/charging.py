"""Interest of reminders in the book: charged with the reminder, given back where the office waives it."""

from collections.abc import Sequence
from datetime import datetime

from campanella.domains.arrears import accrued, accruing, reminders
from campanella.domains.arrears.accrued import Accrued
from campanella.domains.billing.views import claims_and_credits
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger.operations import Due
from campanella.domains.ledger.rules import Source
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import operation, use_case
from campanella.usecases.arrears import settled

MEMO = "Interessi di un sollecito"


class NoInterest(Refusal):
    """The reminder asks for none, or it was waived before."""

    message = "Questo sollecito non chiede interessi, oppure sono già stati tolti."


class ReasonMissing(Refusal):
    """Nobody waives without saying why."""

    message = "Scrivi il motivo: la famiglia lo legge tra i movimenti."


class OnAnInvoice(Refusal):
    """A later invoice asks for it already."""

    message = (
        "Questi interessi sono già dentro una fattura successiva: per restituirli usa un credito di cortesia, "
        "o una rettifica."
    )


# Part of the act that issues reminders: it joins its transaction.
@operation
def charge_interest(*, reminder_ids: Sequence[int], now: datetime) -> None:
    """Charge the interest of reminders, each once; the wallets are held."""
    _settle(accrued.of_reminders(reminder_ids=reminder_ids), is_due=True, by_id=None, memo=MEMO, now=now)


@use_case
def waive(*, by: Actor, reminder_id: int, reason: str, now: datetime) -> None:
    """
    Ask no more for the interest of a reminder; what was paid of it becomes credit. Its costs stay.

    :raises ReasonMissing: without a reason
    :raises NoInterest: there is none, or somebody was quicker
    :raises OnAnInvoice: a later invoice has carried it over
    :raises NotFound: the town has no such reminder
    """
    why = reason.strip()
    if not why:
        raise ReasonMissing
    found = accrued.of_reminders(reminder_ids=[reminder_id])
    wallets = sorted({one.wallet_id for one in found})
    ledger.hold_wallets(wallet_ids=wallets)
    reminder = reminders.stored(reminder_id=reminder_id)
    claims, _ = claims_and_credits(wallet_ids=wallets)
    if any(claim.until_entry > reminder.until_entry for mine in claims.values() for claim in mine):
        raise OnAnInvoice
    total = sum((one.amount for one in found), Euro(0))
    if not found or not accruing.waive(by=by, reminder=reminder, amount=str(total), reason=why, now=now):
        raise NoInterest
    _settle(found, is_due=False, by_id=by.actor_id, memo=f"Interessi tolti: {why}"[:200], now=now)
    settled.withdraw(payer_id=reminder.payer_id, now=now)


def _settle(found: Sequence[Accrued], *, is_due: bool, by_id: int | None, memo: str, now: datetime) -> None:
    if not found:
        return
    income = ledger.account(kind="revenue", code="interest").pk
    dues = [Due(Source.of_interest(one.id), one.wallet_id, income, one.amount if is_due else Euro(0)) for one in found]
    ledger.settle(dues=dues, kind="interest", day=clock.day_of(now), memo=memo, by_id=by_id, now=now)

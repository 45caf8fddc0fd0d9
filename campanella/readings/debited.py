"""
Which invoices a bank is asked for, and why it is not asked for others: one answer for the file and for reminders.

Reads alone: whoever asks a bank holds the wallets first.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from campanella.domains.billing import joint
from campanella.domains.billing import queries as billing
from campanella.domains.billing.views import InvoiceView
from campanella.domains.debiting import queries
from campanella.domains.debiting.choices import DebitChoices
from campanella.domains.debiting.queries import MandateView
from campanella.domains.debiting.rules import collecting as rules
from campanella.domains.debiting.rules import reasons
from campanella.domains.debiting.rules.collecting import Past, WhyNot
from campanella.domains.debiting.rules.debts import debt_of
from campanella.domains.messaging import silences
from campanella.domains.payments import queries as positions
from campanella.foundation.tenants.queries import active_town
from campanella.readings.told import told

FIRST_TIME = Past()
# A bank is still asked for these, or has not said yet what became of them, or the office looks at what it said.
WITH_BANK = (None, "under_way", "not_told", "office")
# Why a notice asks instead of a bank, for the family, to follow “perché”; what came back is told in the words of its reason.
TOLD_OTHERWISE: dict[WhyNot, str] = {
    "no_mandate": "non c’è un’autorizzazione in corso",
    "suspended": "l’addebito è sospeso",
    "lapsed": "l’autorizzazione è scaduta: non è stata usata per 36 mesi",
    "no_letter": "nessuna e-mail ti è arrivata in tempo per avvisarti",
    "address": "il conto è fuori dallo Spazio economico europeo, e ci manca l’indirizzo del titolare",
}


@dataclass(frozen=True, slots=True)
class Debited:
    """
    An invoice that is paid from an account.

    :ivar past: what came of asking for it so far
    :ivar is_noticed: a pagoPA notice asks for it, and may still be paid with
    :ivar why: why no bank is asked today, None when it is
    :ivar day: on which the account is debited: by the file, else with the next one; None where no bank is asked
    """

    invoice: InvoiceView
    mandate: MandateView | None
    past: Past
    is_noticed: bool
    why: WhyNot | None
    day: date | None

    @property
    def is_back(self) -> bool:
        """Tell whether what a bank was asked for last did not come, or went back."""
        return self.past.outcome in ("rejected", "returned")

    @property
    def is_under_way(self) -> bool:
        """Tell whether a bank was asked and has not answered, or is asked once more by itself."""
        return self.why == "under_way" or (self.is_back and self.is_with_bank)

    @property
    def is_before_office(self) -> bool:
        """Tell whether it came back by no fault of the family, and the office has not decided."""
        return self.past.follows == "office" and not self.past.decided

    @property
    def is_by_bank(self) -> bool:
        """Tell whether a bank pays it, or has paid it."""
        return self.is_with_bank or self.why == "paid"

    @property
    def is_with_bank(self) -> bool:
        """Tell whether its family waits for the bank: it has nothing to do, and nobody reminds it."""
        return self.why in WITH_BANK


def debited(*, invoices: Sequence[InvoiceView], today: date, creditor_id: str = "") -> list[Debited]:
    """
    Say of each of these invoices, all by direct debit, whether a bank is asked for it today: nine queries.

    :param creditor_id: the town's own, where a bank is to be told what has changed in a mandate
    """
    pasts = queries.pasts(debts=[debt_of(one.id) for one in invoices])
    payers = sorted({one.payer_id for one in invoices if one.payer_id})
    mandates = queries.mandates_of(payer_ids=payers, creditor_id=creditor_id)
    known, noticed, silent = (
        told(invoices=invoices, today=today),
        _noticed(invoices, today),
        silences.silent(guardian_ids=payers),
    )
    terms = active_town().chosen(DebitChoices).terms
    found = []
    for one in invoices:
        past, mandate = pasts.get(debt_of(one.id), FIRST_TIME), mandates.get(one.payer_id or 0)
        standing = mandate.standing if mandate else None
        if one.payer_id not in silent:
            # The office has spoken with the family: what is owed is asked for as after any account that has ended.
            past = replace(past, follows="stop") if past.follows == "silence" else past
            standing = replace(standing, is_silent=False) if standing else None
        why = rules.why_not(
            mandate=standing,
            past=past,
            told=known[one.id],
            is_noticed=one.id in noticed,
            due_on=one.due_on,
            terms=terms,
            today=today,
        )
        day = rules.told_day(due_on=one.due_on, past=past, told=known[one.id], terms=terms, today=today)
        is_asked = why in (None, "not_told", "under_way", "paid")
        found.append(Debited(one, mandate, past, one.id in noticed, why, day if is_asked else None))
    return found


def at_bank(*, invoices: Sequence[InvoiceView], today: date) -> dict[int, Debited]:
    """Return by id those of these invoices that are by direct debit: nine queries, none where none is."""
    mine = [one for one in invoices if one.method == "debit"]
    return {one.invoice.id: one for one in debited(invoices=mine, today=today)} if mine else {}


def by_bank(*, invoices: Sequence[InvoiceView], today: date) -> dict[int, Debited]:
    """Return by id those of these invoices that a bank pays, or has paid: nine queries at most."""
    return {pk: one for pk, one in at_bank(invoices=invoices, today=today).items() if one.is_by_bank}


def why_by_notice(*, invoice: InvoiceView, today: date) -> str:
    """
    Say to a family why an invoice that its bank was to pay is paid with a notice; empty where no bank was to pay it.

    At most ten queries.
    """
    if invoice.method != "debit":
        return ""
    (one,) = debited(invoices=[invoice], today=today)
    if one.is_back:
        return f"l’addebito chiesto alla banca non è riuscito, perché {reasons.reason(one.past.reason).words}"
    told_why = TOLD_OTHERWISE.get(one.why) if one.why else None
    return f"non la paga la banca, perché {told_why}" if told_why else "non la paga la banca"


def _noticed(invoices: Sequence[InvoiceView], today: date) -> set[int]:
    """Return the invoices that a pagoPA notice asks for, and may still be paid with."""
    ids = [one.id for one in invoices]
    made = billing.positions_of(invoice_ids=ids)
    for part in joint.with_invoices(invoice_ids=ids):
        made.setdefault(part.invoice_id, []).append(part.request_id)
    open_ones = {
        one.pk
        for one in positions.requests(request_ids=[pk for found in made.values() for pk in found])
        if one.state == "open" and not one.is_expired(today)
    }
    return {invoice_id for invoice_id, found in made.items() if open_ones.intersection(found)}

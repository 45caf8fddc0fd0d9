"""
What the Node asks of a town: the desk behind the SOAP server. An index look-up or two a question; nothing slow.

A debt is asked for as it stands when the Node asks (``readings/asked``), whatever its notice says in print.
"""

from campanella.domains.payments import queries as positions
from campanella.domains.payments import rules
from campanella.domains.payments.gateways.pagopa.faults import Fault, FaultAnswer
from campanella.domains.payments.gateways.pagopa.messages import Payable, ReceiptMessage, Subject, WireTransfer
from campanella.domains.payments.gateways.pagopa.server import Kept
from campanella.domains.payments.queries import PaymentRequest
from campanella.domains.payments.receipts import operations as receiving
from campanella.domains.payments.receipts import queries as receipts
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope, use_case
from campanella.foundation.tenants.queries import Town, town_by_tax_code
from campanella.usecases.pagopa.asking import hold_and_ask


class TownDesk:
    """Answers for every town of this installation, each by its tax code."""

    def town_exists(self, tax_code: str) -> bool:
        """Tell whether this creditor is one of ours."""
        return town_by_tax_code(tax_code=tax_code) is not None

    def payable(self, tax_code: str, notice_number: str) -> Payable | FaultAnswer:
        """Give the position behind a notice at its amount of now, or why it cannot be paid."""
        town = town_by_tax_code(tax_code=tax_code)
        if town is None:
            return FaultAnswer(Fault.PAA_ID_DOMINIO_ERRATO)
        with scope(town.id):
            request, cents = _asked(notice_number=notice_number)
            money_waits = bool(request) and receipts.money_waits(notice_number=notice_number)
        if request is None or not request.iban:  # without an account it is not payable yet
            return FaultAnswer(Fault.PAA_PAGAMENTO_SCONOSCIUTO)
        if request.state == "cancelled":
            return FaultAnswer(Fault.PAA_PAGAMENTO_ANNULLATO)
        # A receipt that is kept and not yet booked, or is before the office: nobody should pay it once more.
        # What another payment, the office or a bank has settled meanwhile is not taken a second time.
        if request.state == "paid" or money_waits or not cents:
            return FaultAnswer(Fault.PAA_PAGAMENTO_DUPLICATO)
        if request.is_expired(clock.today()):
            return FaultAnswer(Fault.PAA_PAGAMENTO_SCADUTO)
        return _payable(request, cents, town)

    def keep_raw(self, raw: bytes, *, tax_code: str | None) -> str:
        """Keep what arrived as it came, for a town of ours or for nobody."""
        town = town_by_tax_code(tax_code=tax_code) if tax_code else None
        if town is None:
            return str(receiving.keep_raw(body=raw, municipality_id=None, now=clock.now()))
        with scope(town.id):
            return str(receiving.keep_raw(body=raw, municipality_id=town.id, now=clock.now()))

    def keep_receipt(self, mark: str, message: ReceiptMessage) -> Kept:
        """Keep an understood receipt once; booking is a job after the commit."""
        town = town_by_tax_code(tax_code=message.caller.tax_code)
        if town is None:
            raise LookupError("the gateway has checked the town")
        with scope(town.id):
            kept = receiving.keep_receipt(message_id=int(mark), message=message, now=clock.now())
        return Kept.NEW if kept else Kept.DUPLICATE


@use_case
def _asked(*, notice_number: str) -> tuple[PaymentRequest | None, int]:
    """Return the position behind a notice and what it asks for now, in cents; of a settled one its amount."""
    request = positions.position_by_notice(notice_number=notice_number)
    if request is None or request.state != "open" or request.asked_by is None:
        return request, request.amount_cents if request else 0
    cents = hold_and_ask(request=request, now=clock.now()).cents
    # What was being booked or deleted has gone through: its wallets are held.
    return positions.position_by_notice(notice_number=notice_number), cents


def _payable(request: PaymentRequest, cents: int, town: Town) -> Payable:
    transfer = WireTransfer(
        id=1,
        cents=cents,
        tax_code=town.tax_code,
        company_name=town.name,
        iban=request.iban,
        remittance=rules.remittance(iuv=request.iuv, cents=cents, description=request.description),
        category=request.taxonomy,
    )
    return Payable(
        amount_cents=cents,
        due_on=request.told_due_on,
        description=request.description,
        company_name=town.name,
        office_name=town.choices.office_name,
        tax_code=town.tax_code,
        iuv=request.iuv,
        debtor=Subject(kind="F", tax_code=request.debtor_tax_code, name=request.debtor_name),
        transfers=[transfer],
    )

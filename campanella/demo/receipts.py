"""Receipts of pagoPA as they would have come, for the past of the demo."""

from datetime import datetime, timedelta
from random import Random

from django.conf import settings

from campanella.domains.payments.gateways.pagopa.messages import Caller, ReceiptMessage, Subject, WireTransfer
from campanella.domains.payments.queries import PaymentRequest, Receipt
from campanella.domains.payments.receipts import operations as receiving
from campanella.foundation.core.clock import day_of
from campanella.foundation.core.scope import active_town_id
from campanella.foundation.tenants.queries import active_town

PSPS = (("BCITITMM", "Intesa Sanpaolo S.p.A."), ("UNCRITMM", "UniCredit S.p.A."), ("PPAYITR1XXX", "PostePay S.p.A."))
METHODS = ("creditCard", "creditCard", "bankTransfer", "other")


def keep_receipt_for(
    *, notice_number: str, cents: int, debtor: Subject, iban: str, category: str, at: datetime, random: Random
) -> Receipt | None:
    """Keep the receipt of a payment, as the Node delivers it two minutes after."""
    town = active_town()
    psp_id, psp_name = random.choice(PSPS)
    # pagoPA's identifiers of receipts are unique; ours repeat with the demo's seed.
    receipt_id = f"{random.getrandbits(128):032x}"
    message = ReceiptMessage(
        caller=Caller(tax_code=town.tax_code, broker=settings.PAGOPA_BROKER, station=settings.PAGOPA_STATION),
        version=2,
        receipt_id=receipt_id,
        notice_number=notice_number,
        creditor_tax_code=town.tax_code,
        outcome="OK",
        iuv=notice_number[1:],
        amount_cents=cents,
        description="Ricarica",
        company_name=town.name,
        office_name=town.choices.office_name,
        debtor=debtor,
        transfers=[
            WireTransfer(
                id=1,
                cents=cents,
                tax_code=town.tax_code,
                company_name=town.name,
                iban=iban,
                remittance=f"/RFB/{notice_number[1:]}",
                category=category,
            )
        ],
        psp_id=psp_id,
        psp_name=psp_name,
        psp_tax_code="",
        psp_vat_number="",
        channel="99999000013_07",
        channel_description="app",
        payer=debtor,
        payment_method=random.choice(METHODS),
        payment_note="",
        fee_cents=random.choice((50, 85, 100, 150)),
        paid_at=at,
        applied_on=day_of(at),
        transferred_on=day_of(at + timedelta(days=1)),
        stand_in=False,
    )
    body = f"<demo><receiptId>{receipt_id}</receiptId><noticeNumber>{notice_number}</noticeNumber></demo>"
    kept_at = at + timedelta(minutes=2)
    mark = receiving.keep_raw(body=body.encode(), municipality_id=active_town_id(), now=kept_at)
    return receiving.keep_receipt(message_id=mark, message=message, now=kept_at)


def keep_receipt_of(*, request: PaymentRequest, at: datetime, random: Random) -> Receipt | None:
    """Keep the receipt of a position's payment in full."""
    debtor = Subject(kind="F", tax_code=request.debtor_tax_code, name=request.debtor_name)
    return keep_receipt_for(
        notice_number=request.notice_number,
        cents=request.amount_cents,
        debtor=debtor,
        iban=request.iban,
        category=request.taxonomy,
        at=at,
        random=random,
    )

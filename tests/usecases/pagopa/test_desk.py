"""The desk that the Node asks: what it is told, and what it leaves."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from campanella.domains.payments.gateways.pagopa.faults import Fault, FaultAnswer
from campanella.domains.payments.gateways.pagopa.messages import (
    Caller,
    Payable,
    ReceiptMessage,
    Subject,
    WireTransfer,
)
from campanella.domains.payments.gateways.pagopa.server import Kept
from campanella.domains.payments.models import InboundMessage, PaymentRequest, Receipt
from campanella.domains.payments.rules import remittance
from campanella.foundation.core import clock
from campanella.usecases.pagopa import visit
from campanella.usecases.pagopa.desk import TownDesk
from tests.paying import prepare, ready, receive, wish
from tests.towns import IBAN, TODAY, Cast, Family, run_jobs, tell_again

__all__ = ["ready"]
NOBODY = "00000000000"


def payable(cast: Cast, request: PaymentRequest, tax_code: str = "") -> Payable | FaultAnswer:
    answer = TownDesk().payable(tax_code or cast.town.tax_code, request.notice_number)
    tell_again()
    return answer


def test_the_node_is_told_everything_of_an_open_position(valle: Cast, ready: Family) -> None:
    (request,) = prepare(valle, ready, wish(valle))
    town = valle.town
    assert payable(valle, request) == Payable(
        amount_cents=2000,
        due_on=TODAY + timedelta(days=30),
        description=request.description,
        company_name="Comune di Valle",
        office_name=town.choices.office_name,
        tax_code=town.tax_code,
        iuv=request.notice_number[1:],
        debtor=Subject(kind="F", tax_code=ready.guardian.tax_code, name=ready.guardian.full_name),
        transfers=[
            WireTransfer(
                id=1,
                cents=2000,
                tax_code=town.tax_code,
                company_name="Comune di Valle",
                iban=IBAN,
                remittance=remittance(iuv=request.iuv, cents=2000, description=request.description),
                category=request.taxonomy,
            )
        ],
    )


def test_the_node_is_told_why_a_position_cannot_be_paid(valle: Cast, ready: Family, at: Any) -> None:
    kinds = ["open", "cancelled", "paid", "waits", "no account"]
    requests = dict(zip(kinds, prepare(valle, ready, *[wish(valle, cents=1000 + n) for n in range(5)]), strict=True))
    visit.delete(by=ready.user, request_id=requests["cancelled"].pk, now=clock.now())
    receive(requests["paid"], iur="1")
    receive(requests["waits"], iur="2", cents=900)
    PaymentRequest.objects.filter(pk=requests["no account"].pk).update(iban="")
    unknown = PaymentRequest(notice_number="301202600000000103")

    def told(request: PaymentRequest, tax_code: str = "") -> Any:
        return payable(valle, request, tax_code)

    assert isinstance(told(requests["open"]), Payable)
    assert told(requests["open"], NOBODY) == FaultAnswer(Fault.PAA_ID_DOMINIO_ERRATO)
    assert told(unknown) == FaultAnswer(Fault.PAA_PAGAMENTO_SCONOSCIUTO)
    assert told(requests["no account"]) == FaultAnswer(Fault.PAA_PAGAMENTO_SCONOSCIUTO)
    assert told(requests["cancelled"]) == FaultAnswer(Fault.PAA_PAGAMENTO_ANNULLATO)
    assert told(requests["paid"]) == FaultAnswer(Fault.PAA_PAGAMENTO_DUPLICATO)
    assert told(requests["waits"]) == FaultAnswer(Fault.PAA_PAGAMENTO_DUPLICATO)
    at("2026-11-13 23:50")
    assert isinstance(told(requests["open"]), Payable)
    at("2026-11-14 00:10")
    assert told(requests["open"]) == FaultAnswer(Fault.PAA_PAGAMENTO_SCADUTO)


def test_the_desk_knows_the_towns_of_this_installation(valle: Cast) -> None:
    assert (TownDesk().town_exists(valle.town.tax_code), TownDesk().town_exists(NOBODY)) == (True, False)


@pytest.mark.parametrize(("tax_code", "is_ours"), [("00142920439", True), (NOBODY, False), (None, False), ("", False)])
def test_what_arrives_is_kept_byte_for_byte_for_its_town_or_for_nobody(
    valle: Cast, tax_code: str | None, is_ours: bool
) -> None:
    mark = TownDesk().keep_raw(b"<rt>\xff</rt>", tax_code=tax_code)
    tell_again()
    assert mark.isdigit()
    if is_ours:
        kept = InboundMessage.objects.get(pk=int(mark))
        found = (bytes(kept.body), kept.municipality_id, kept.received_at)
        assert found == (b"<rt>\xff</rt>", valle.town.id, clock.now())
    else:
        assert not InboundMessage.objects.filter(pk=int(mark), municipality_id=valle.town.id).exists()


def message(cast: Cast, request: PaymentRequest, tax_code: str = "", receipt_id: str = "iur-1") -> ReceiptMessage:
    person = Subject(kind="F", tax_code="RSSMRA85T10A562S", name="Maria Rossi")
    town = tax_code or cast.town.tax_code
    about = dict.fromkeys(("psp_id", "psp_tax_code", "psp_vat_number", "channel", "channel_description"), "")
    transfer = WireTransfer(id=1, cents=2000, tax_code=town, company_name="", iban=IBAN, remittance="", category="")
    return ReceiptMessage(
        caller=Caller(tax_code=town, broker="b", station="s"),
        version=2,
        receipt_id=receipt_id,
        notice_number=request.notice_number,
        creditor_tax_code=town,
        outcome="OK",
        iuv=request.iuv,
        amount_cents=2000,
        description="",
        company_name="",
        office_name="",
        debtor=person,
        transfers=[transfer],
        psp_name="Banca",
        payer=None,
        payment_method="card",
        payment_note="",
        fee_cents=None,
        paid_at=datetime(2026, 10, 14, 6, 40, tzinfo=UTC),
        applied_on=None,
        transferred_on=None,
        stand_in=False,
        **about,
    )


def test_a_receipt_is_new_once_and_booked_by_what_follows(valle: Cast, ready: Family) -> None:
    (request,) = prepare(valle, ready, wish(valle))
    desk = TownDesk()
    mark = desk.keep_raw(b"<rt/>", tax_code=valle.town.tax_code)
    kept = [desk.keep_receipt(mark, message(valle, request)) for _ in range(2)]
    tell_again()

    assert kept == [Kept.NEW, Kept.DUPLICATE]
    receipt = Receipt.objects.get()
    assert (receipt.message_id, receipt.kept_at, receipt.receipt_id) == (int(mark), clock.now(), "iur-1")
    run_jobs()
    assert valle.balance("Anna") == 2000
    with pytest.raises(LookupError):
        desk.keep_receipt(mark, message(valle, request, NOBODY))

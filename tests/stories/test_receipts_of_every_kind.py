"""Whatever receipt the schema allows is accepted, kept, and booked or put before the office: money is behind it."""

from typing import Any

import pytest
from django.db import connection, transaction
from lxml import etree

from campanella.domains.ledger import verify
from campanella.domains.messaging.models import Message
from campanella.domains.payments.models import PaymentRequest, Receipt
from campanella.domains.payments.receipts import queries as receipts
from campanella.foundation.core import audit, clock
from campanella.readings import proofs
from campanella.readings.proofs import messages
from campanella.usecases.pagopa import parked
from tests.browsing import browser
from tests.domains.payments.gateways import node
from tests.domains.payments.gateways.spec import XSD, needs_spec
from tests.stories.test_hostile_soap import RECEIPT, good, position, post, replacing
from tests.towns import OFFICE, Cast, as_owner, run_jobs, text_of

__all__ = ["position"]  # a fixture

# Each case is quick; all of them together take patience.
pytestmark = pytest.mark.slow

OTHER = "77777777777"
PAID = "<paymentDateTime>2026-11-04T10:15:30"
OTHERS_SHARE = (
    "<transfer><idTransfer>2</idTransfer><transferAmount>4.00</transferAmount>"
    f"<fiscalCodePA>{OTHER}</fiscalCodePA><IBAN>IT60X0542811101000000123456</IBAN>"
    "<remittanceInformation>x</remittanceInformation><transferCategory>9/0107101TS/</transferCategory></transfer>"
)
ON_TIME = (PAID, "<paymentDateTime>2026-10-14T08:00:00")

FITTING: dict[str, list[tuple[str, str]]] = {
    "the longest identity of a bank": [
        (
            "<PSPCompanyName>",
            f"<pspFiscalCode>{'A' * 70}</pspFiscalCode><pspPartitaIVA>{'1' * 20}</pspPartitaIVA><PSPCompanyName>",
        )
    ],
    "the longest fee": [("<paymentDateTime>", "<fee>999999999.99</fee><paymentDateTime>")],
    "a long receipt id": [("c110729d258c4ab1b765fe902aae41d6", "r" * 70)],
    "blanks for a text": [("<description>Mensa", "<description> "), ("<fullName>Mario Rossi", "<fullName>\u00a0")],
    "four-byte letters": [("<fullName>Mario Rossi", f"<fullName>{'😀' * 70}")],
    "a number with noughts before it": [("<idTransfer>1", "<idTransfer> 01\n"), ("<paymentAmount>", "<paymentAmount>000")],
    "the end of a day": [("T08:00:00", "T24:00:00")],
    "fractions of a second and a zone": [("T08:00:00", "T08:00:00.123456789+14:00")],
    "a year before all years": [("2026-10-14T", "0001-01-01T")],
    "a year after all years": [("2026-10-14T", "12026-10-14T")],
    "a year before Christ": [("2026-10-14T", "-0044-03-15T")],
    "metadata": [
        ("</transferCategory>", "</transferCategory><metadata><mapEntry><key>k</key><value>v</value></mapEntry></metadata>")
    ],
    "no moment of payment": [("<paymentDateTime>2026-10-14T08:00:00</paymentDateTime>", "")],
}
NOT_FITTING: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "nothing paid": ("amount", [("<paymentAmount>10.00", "<paymentAmount>0.00")]),
    "the largest amount": ("amount", [("<paymentAmount>10.00", "<paymentAmount>999999999.99")]),
    "a share for another body": (
        "amount",
        [("<transferAmount>10.00", "<transferAmount>6.00"), ("</transferList>", f"{OTHERS_SHARE}</transferList>")],
    ),
    "shares that do not add up": ("amount", [("<transferAmount>10.00", "<transferAmount>9.00")]),
    "another body's notice of the same number": (
        "foreign",
        [
            ("<fiscalCode>00142920439", f"<fiscalCode>{OTHER}"),
            ("<transferAmount>10.00", "<transferAmount>6.00"),
            ("</transferList>", f"{OTHERS_SHARE}</transferList>"),
        ],
    ),
}


def receipt_with(valle: Cast, position: PaymentRequest, changes: list[tuple[str, str]]) -> bytes:
    """Give a receipt of the day for this position, with some pieces replaced."""
    body = good(RECEIPT, valle, position)
    for old, new in [ON_TIME, *changes]:
        body = replacing(old, new)(body)
    return body


@needs_spec
@pytest.mark.parametrize("case", [*FITTING, *NOT_FITTING])
def test_they_are_valid(valle: Cast, position: PaymentRequest, case: str) -> None:
    changes = FITTING[case] if case in FITTING else NOT_FITTING[case][1]
    message = node.message_of(receipt_with(valle, position, changes))
    etree.XMLSchema(etree.parse(XSD)).assertValid(etree.fromstring(etree.tostring(message)))


@pytest.mark.parametrize("case", FITTING)
def test_what_fits_its_notice_is_booked(valle: Cast, position: PaymentRequest, case: str) -> None:
    answer = post(valle, receipt_with(valle, position, FITTING[case]))
    assert (answer.status_code, node.fault_of(answer.content)) == (200, "OK")

    run_jobs()

    assert valle.balance("Anna") == 1000
    assert Receipt.objects.get().outcome == "booked"
    assert verify.violations() + proofs.violations() == []
    assert pages_open(valle, Receipt.objects.get())


def test_a_receipt_that_was_taken_away_is_known_from_its_message(valle: Cast, position: PaymentRequest, at: Any) -> None:
    post(valle, receipt_with(valle, position, []))
    post(valle, receipt_with(valle, position, [("<description>Mensa", "<description> ")]))  # told twice, in other words
    run_jobs()
    with transaction.atomic():
        with as_owner(), connection.cursor() as cursor:
            cursor.execute("delete from payments_receipt")
        audit.record(by=OFFICE, action="user.created", subjects=["town"], at=at("2026-10-16 08:00"))
        assert messages.violations() == []
        audit.record(by=OFFICE, action="user.created", subjects=["town"], at=at("2026-10-17 08:00"))
        (violation,) = messages.violations()
        assert (violation.promise, violation.cents) == ("a receipt that came is kept", 1000)
        assert violation.row.startswith("receipt c110729d258c4ab1b765fe902aae41d6 (message ")
        transaction.set_rollback(True)


@pytest.mark.parametrize("case", NOT_FITTING)
def test_what_does_not_fit_waits_for_the_office(valle: Cast, position: PaymentRequest, case: str) -> None:
    reason, changes = NOT_FITTING[case]
    answer = post(valle, receipt_with(valle, position, changes))
    assert (answer.status_code, node.fault_of(answer.content)) == (200, "OK")

    run_jobs()

    kept = Receipt.objects.get()
    assert (kept.outcome, kept.reason) == ("parked", reason)
    assert valle.balance("Anna") == 0
    assert verify.violations() + proofs.violations() == []
    assert pages_open(valle, kept)


def test_nobody_is_asked_to_pay_again_while_the_money_waits(valle: Cast, position: PaymentRequest) -> None:
    def said() -> str:
        return node.fault_of(post(valle, good("paVerifyPaymentNoticeReq", valle, position)).content)

    assert said() == "OK"
    post(valle, receipt_with(valle, position, NOT_FITTING["another body's notice of the same number"][1]))
    assert said() == "OK", "another body's notice of this number"
    changes = [*NOT_FITTING["nothing paid"][1], ("c110729d258c4ab1b765fe902aae41d6", "another")]
    post(valle, receipt_with(valle, position, changes))
    assert said() == "PAA_PAGAMENTO_DUPLICATO", "kept, not yet looked at"
    run_jobs()
    kept = Receipt.objects.get(receipt_id="another")
    assert (kept.outcome, said()) == ("parked", "PAA_PAGAMENTO_DUPLICATO")
    parked.close(by=valle.staff["office"], receipt_pk=kept.pk, why="zero euro", now=clock.now())
    assert said() == "OK"


def test_the_fee_is_kept_to_the_cent(valle: Cast, position: PaymentRequest) -> None:
    post(valle, receipt_with(valle, position, FITTING["the longest fee"]))
    assert Receipt.objects.get().fee_cents == 99_999_999_999


def test_only_the_towns_share_is_credited(valle: Cast, position: PaymentRequest) -> None:
    post(valle, receipt_with(valle, position, NOT_FITTING["another body's notice of the same number"][1]))
    run_jobs()
    kept = Receipt.objects.get()
    office = browser(valle.town, valle.staff["office"])
    address = f"/ufficio/incassi/ricevute/{kept.pk}/accredita/"

    page = office.seek(address, "Anna Rossi")
    assert "Del pagamento, in tutto 10,00 €, al Comune spettano 6,00 €." in page
    assert "L’avviso è di un altro ente" in page
    office.post(address, {"sought": "Anna Rossi", "wallet": valle.wallet("Anna").pk, "reason": "lo dice il Comune vicino"})

    assert valle.balance("Anna") == 600
    position.refresh_from_db()
    assert position.state == "open", "the notice of ours with that number was not paid"
    assert "6,00 €" in office.read("/ufficio/incassi/")
    assert verify.violations() + proofs.violations() == []


def test_a_notice_whose_money_the_office_has_placed_is_paid(valle: Cast, position: PaymentRequest) -> None:
    post(valle, receipt_with(valle, position, [("10.00</paymentAmount", "9.00</paymentAmount"), ("10.00<", "9.00<")]))
    run_jobs()
    kept = Receipt.objects.get()
    parked.resolve(
        by=valle.staff["office"], receipt_pk=kept.pk, wallet_id=position.wallet_id, why="è di Anna", now=clock.now()
    )

    assert valle.balance("Anna") == 900
    answer = post(valle, good("paVerifyPaymentNoticeReq", valle, position))
    assert node.fault_of(answer.content) == "PAA_PAGAMENTO_DUPLICATO"
    told = receipts.receipt(receipt_pk=kept.pk)
    assert (told.state, told.is_credited) == ("placed", True)
    assert "accreditata" in browser(valle.town, valle.staff["office"]).read("/ufficio/incassi/")


def test_whom_the_notice_was_for_is_told_of_money_the_office_has_placed(valle: Cast, position: PaymentRequest) -> None:
    post(valle, receipt_with(valle, position, [("10.00</paymentAmount", "9.00</paymentAmount"), ("10.00<", "9.00<")]))
    run_jobs()
    parked.resolve(
        by=valle.staff["office"],
        receipt_pk=Receipt.objects.get().pk,
        wallet_id=position.wallet_id,
        why="è di Anna",
        now=clock.now(),
    )
    jobs = run_jobs()
    assert "low_credit.look" in jobs, jobs
    (letter,) = Message.objects.filter(subject__startswith="Ricarica ricevuta")
    assert letter.address == "rossi@posta.example"
    assert "9,00" in letter.text


def test_money_placed_elsewhere_is_told_to_no_other_family(valle: Cast, position: PaymentRequest) -> None:
    post(valle, receipt_with(valle, position, [("10.00</paymentAmount", "9.00</paymentAmount"), ("10.00<", "9.00<")]))
    run_jobs()
    parked.resolve(
        by=valle.staff["office"],
        receipt_pk=Receipt.objects.get().pk,
        wallet_id=valle.wallet("Amina").pk,
        why="ha sbagliato avviso",
        now=clock.now(),
    )
    assert run_jobs()[0] == "low_credit.look"
    assert not Message.objects.filter(subject__startswith="Ricarica ricevuta").exists()


def test_no_more_is_credited_than_was_paid_whatever_the_transfers_say(valle: Cast, position: PaymentRequest) -> None:
    post(valle, receipt_with(valle, position, [("10.00</paymentAmount", "0.01</paymentAmount")]))
    run_jobs()
    kept = Receipt.objects.get()
    assert (kept.outcome, kept.reason) == ("parked", "amount")
    assert "0,01" in browser(valle.town, valle.staff["office"]).read(f"/ufficio/incassi/ricevute/{kept.pk}/accredita/")
    parked.resolve(by=valle.staff["office"], receipt_pk=kept.pk, wallet_id=position.wallet_id, why="x", now=clock.now())
    assert valle.balance("Anna") == 1
    assert verify.violations() + proofs.violations() == []


def test_a_receipt_that_is_for_no_wallet_is_closed_with_a_reason(valle: Cast, position: PaymentRequest) -> None:
    post(valle, receipt_with(valle, position, NOT_FITTING["nothing paid"][1]))
    run_jobs()
    kept = Receipt.objects.get()
    kept.others_cents = kept.amount_cents
    kept.save()
    office = browser(valle.town, valle.staff["office"])
    page = office.read(f"/ufficio/incassi/ricevute/{kept.pk}/accredita/")
    assert "Chiudi la ricevuta" in page
    assert "Di quale bambino?" not in page, "nothing of it is the town's"
    with pytest.raises(parked.NothingToCredit):
        parked.resolve(by=valle.staff["office"], receipt_pk=kept.pk, wallet_id=position.wallet_id, why="x", now=clock.now())

    address = f"/ufficio/incassi/ricevute/{kept.pk}/chiudi/"
    assert "Scrivi il motivo" in text_of(office.post(address, {"why": " "}))
    office.post(address, {"why": "restituiti con bonifico del 3/11"})

    assert receipts.parked() == []
    assert valle.balance("Anna") == 0
    page = office.read(f"/ufficio/incassi/ricevute/{kept.pk}/")
    assert "Chiusa senza accredito" in page
    assert "restituiti con bonifico del 3/11" in page
    assert "già stata sistemata" in text_of(office.post(address, {"why": "ancora"}))
    assert verify.violations() + proofs.violations() == []


def pages_open(valle: Cast, kept: Receipt) -> bool:
    """Open every office page that shows the receipt."""
    office: Any = browser(valle.town, valle.staff["office"])
    pages = ("", "da-fare/", "incassi/", "incassi/ricevute.csv", f"incassi/ricevute/{kept.pk}/")
    return all(office.get(f"/ufficio/{page}").status_code == 200 for page in pages)

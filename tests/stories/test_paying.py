"""
A family pays, with the bytes that pagoPA sends: verify, getPayment, receipt; then the credit is there and a mail leaves.

Nothing here knows the inside of the payments: the Node speaks SOAP to the one address it has, the family looks at its pages.
"""

import re
from typing import Any

import pytest
from django.conf import settings
from django.core import mail

from campanella.domains.ledger import verify
from campanella.domains.payments.gateways.pagopa import checkout
from campanella.domains.payments.models import InboundMessage, PaymentRequest, Receipt
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.usecases import top_up
from campanella.usecases.top_up import Line
from tests.browsing import Browser, browser
from tests.domains.payments.gateways import node
from tests.towns import Cast, Family, run_jobs

IUR = "c110729d258c4ab1b765fe902aae41d6"


class Node:
    """pagoPA's Node, with the bytes of ``tests/domains/payments/gateways/node.py`` spoken to this town."""

    def __init__(self, valle: Cast) -> None:
        self.town = valle.town

    def verify(self, request: PaymentRequest) -> str:
        return self.ask("paVerifyPaymentNoticeReq", request)

    def get_payment(self, request: PaymentRequest) -> str:
        return self.ask("paGetPaymentV2Request", request)

    def send_receipt(self, request: PaymentRequest, *, iur: str = IUR, cents: int | None = None, notice: str = "") -> str:
        return self.ask("paSendRTV2Request", request, iur=iur, cents=cents, notice=notice)

    def ask(self, name: str, request: PaymentRequest, *, iur: str = IUR, cents: int | None = None, notice: str = "") -> str:
        """Send one message and return the fault code of the answer, or OK."""
        number, amount = notice or request.notice_number, request.amount_cents if cents is None else cents
        text = node.request(name).decode()
        for old, new in (
            (f"<idBrokerPA>{node.BROKER}<", f"<idBrokerPA>{settings.PAGOPA_BROKER}<"),
            ("77777777777_01", settings.PAGOPA_STATION),
            (node.TOWN, self.town.tax_code),
            (node.NOTICE, number),
            (node.NOTICE[1:], number[1:]),
            ("46.50", f"{amount // 100}.{amount % 100:02}"),
            (IUR, iur),
            ("2026-11-04T10:15:30", f"{clock.now().astimezone(clock.ROME):%Y-%m-%dT%H:%M:%S}"),
        ):
            text = text.replace(old, new)
        answer = Browser(self.town).post("/pagopa/paForNode", text.encode(), content_type="text/xml")
        return node.fault_of(answer.content)


@pytest.fixture
def pagopa(valle: Cast) -> Node:
    return Node(valle)


@pytest.fixture
def phone(valle: Cast, ready: Family) -> Browser:
    """The parent's phone; nothing is missing of what pagoPA asks for."""
    return browser(valle.town, ready.user)


def a_notice(valle: Cast, rossi: Family, cents: int = 5000) -> PaymentRequest:
    line = Line(wallet_id=valle.wallet("Anna").pk, amount=Euro(cents))
    return top_up.prepare(by=rossi.user, lines=[line], is_notice=True, now=clock.now()).requests[0]


def thanks() -> int:
    """Count the mails that say that the money has arrived."""
    return sum(message.subject.startswith("Ricarica ricevuta") for message in mail.outbox)


def test_a_parent_tops_up_for_both_children_and_closes_the_browser(
    valle: Cast, rossi: Family, phone: Browser, pagopa: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    carts: list[checkout.CheckoutCart] = []

    def payment_page(cart: checkout.CheckoutCart, **_: Any) -> str:
        carts.append(cart)
        return "https://checkout.example/1"

    monkeypatch.setattr(checkout, "open_cart", payment_page)
    amounts = {f"scelta-{valle.wallet('Anna').pk}": "5000", f"scelta-{valle.wallet('Luca').pk}": "2000"}
    check = phone.get("/pagamenti/ricarica/", {**amounts, "fai": "prosegui"})["Location"]
    assert phone.post(check.replace("controllo", "riepilogo"), {"modo": "online"}).status_code == 303

    positions = list(PaymentRequest.objects.order_by("amount_cents"))
    for number, request in enumerate(positions):
        assert pagopa.verify(request) == "OK"
        assert pagopa.get_payment(request) == "OK"
        assert pagopa.send_receipt(request, iur=f"iur{number}") == "OK"
    run_jobs()

    assert (valle.balance("Anna"), valle.balance("Luca")) == (5000, 2000)
    home = phone.read("/pagamenti/")
    assert "Refezione di Anna 14 ottobre 2026, ricevuta 50,00 €" in home
    assert "sta arrivando" not in home
    done = phone.get(f"/pagamenti/ritorno/{carts[0].id}/", headers={"HX-Request": "true"})
    assert done.status_code == 286
    page = phone.read(f"/pagamenti/ritorno/{carts[0].id}/ok/")
    assert "Ricarica ricevuta, grazie 70,00 €" in page
    assert "iur0" in page
    assert thanks() == 1, "one letter for what was paid together"
    assert verify.violations() == []


def test_a_printed_notice_paid_at_the_tobacconist_s(valle: Cast, rossi: Family, phone: Browser, pagopa: Node) -> None:
    request = a_notice(valle, rossi)
    page = phone.read(f"/pagamenti/avvisi/{request.pk}/")
    assert "Da pagare" in page
    assert phone.get(f"/pagamenti/avvisi/{request.pk}/avviso.pdf").content[:5] == b"%PDF-"

    pagopa.send_receipt(request)
    run_jobs()

    page = phone.read(f"/pagamenti/avvisi/{request.pk}/")
    assert "Pagato" in page
    assert IUR in page
    receipt = phone.get(f"/pagamenti/avvisi/{request.pk}/ricevuta.pdf")
    assert receipt.content[:5] == b"%PDF-"
    assert re.search(r'filename="ricevuta-\d{18}\.pdf"', receipt["Content-Disposition"])
    assert phone.get(f"/pagamenti/avvisi/{request.pk}/avviso.pdf").status_code == 404
    assert "+50,00 € credito 50,00 €" in phone.read(f"/pagamenti/movimenti/{valle.wallet('Anna').pk}/")


def test_fifty_deliveries_of_one_receipt_are_one_credit(valle: Cast, rossi: Family, phone: Browser, pagopa: Node) -> None:
    request = a_notice(valle, rossi)

    answers = {pagopa.send_receipt(request) for _ in range(50)}
    run_jobs()

    assert answers <= {"OK", "PAA_RECEIPT_DUPLICATA"}
    assert valle.balance("Anna") == 5000
    assert Receipt.objects.count() == InboundMessage.objects.count() == 1
    assert thanks() == 1


def delete(valle: Cast, rossi: Family, request: PaymentRequest, pagopa: Node, at: Any) -> None:
    browser(valle.town, rossi.user).post(f"/pagamenti/avvisi/{request.pk}/elimina/")


def let_it_expire(valle: Cast, rossi: Family, request: PaymentRequest, pagopa: Node, at: Any) -> None:
    at("2026-11-14 10:00")


def pay_it(valle: Cast, rossi: Family, request: PaymentRequest, pagopa: Node, at: Any) -> None:
    pagopa.send_receipt(request, iur="first")
    run_jobs()


def nothing(valle: Cast, rossi: Family, request: PaymentRequest, pagopa: Node, at: Any) -> None:
    """The position is as it was."""


@pytest.mark.parametrize(
    ("before", "paid", "fault", "reason", "words"),
    [
        (delete, {}, "PAA_PAGAMENTO_ANNULLATO", "cancelled", "L’avviso era stato eliminato"),
        (let_it_expire, {}, "PAA_PAGAMENTO_SCADUTO", "expired", "L’avviso era scaduto"),
        (pay_it, {}, "PAA_PAGAMENTO_DUPLICATO", "twice", "Questo avviso è stato pagato due volte"),
        (nothing, {"cents": 4000}, "OK", "amount", "Abbiamo ricevuto 40,00 €"),
        (nothing, {"notice": "301202600000000103"}, "OK", "unknown", "Da pagare"),
    ],
    ids=["deleted", "expired", "paid twice", "another amount", "unknown"],
)
def test_money_that_does_not_fit_is_kept_and_put_before_the_office(
    valle: Cast,
    rossi: Family,
    phone: Browser,
    pagopa: Node,
    at: Any,
    before: Any,
    paid: Any,
    fault: str,
    reason: str,
    words: str,
) -> None:
    request = a_notice(valle, rossi)
    before(valle, rossi, request, pagopa, at)
    credit = valle.balance("Anna")

    assert pagopa.verify(request) == fault
    assert pagopa.send_receipt(request, **paid) == "OK"
    run_jobs()

    receipt = Receipt.objects.get(receipt_id=IUR)
    assert (receipt.outcome, receipt.reason) == ("parked", reason)
    assert valle.balance("Anna") == credit
    page = phone.read(f"/pagamenti/avvisi/{request.pk}/")
    assert words in page
    assert ("Paga on-line adesso" in page) is (reason == "unknown"), "nobody is asked to pay what is already paid"
    assert pagopa.send_receipt(request, **paid) in ("OK", "PAA_RECEIPT_DUPLICATA")
    assert Receipt.objects.filter(outcome="parked").count() == 1

"""The product's pagoPA gateway and the simulators, written apart, understand each other."""

from dataclasses import dataclass, field
from datetime import date

import httpx
import pytest

from campanella.domains.payments.gateways.base import GatewayRefused
from campanella.domains.payments.gateways.pagopa import checkout, server
from campanella.domains.payments.gateways.pagopa.faults import Fault, FaultAnswer
from campanella.domains.payments.gateways.pagopa.messages import Payable, ReceiptMessage, Subject, WireTransfer
from campanella.domains.payments.gateways.pagopa.server import Kept
from campanella.simulators.pagopa.envelope import STYLES
from tests.simulators.conftest import CREDITOR, NOTICE, Running
from tests.simulators.fake_station import Answer, FakeStation, broken

SHARE = {"tax_code": CREDITOR, "company_name": "Comune di Esempio", "iban": "IT60X0542811101000000123456"}
PAYABLE = Payable(
    amount_cents=4650,
    due_on=date(2026, 11, 30),
    description="Mensa «ottobre» & novembre",
    company_name="Comune di Esempio",
    office_name="",
    tax_code=CREDITOR,
    iuv=NOTICE[1:],
    debtor=Subject(kind="F", tax_code="RSSMRA80A01H501U", name="Niccolò D’Andrea"),
    transfers=[
        WireTransfer(id=1, cents=4000, remittance="/RFB/1/TXT/Mensa", category="9/0107101TS/", **SHARE),
        WireTransfer(id=2, cents=650, remittance="/RFB/1/TXT/Bus", category="9/0107102SP/", **SHARE),
    ],
)


@dataclass
class Desk:
    """The product behind its gateway, with one open notice."""

    kept: dict[str, ReceiptMessage] = field(default_factory=dict)

    def town_exists(self, tax_code: str) -> bool:
        return tax_code == CREDITOR

    def payable(self, tax_code: str, notice_number: str) -> Payable | FaultAnswer:
        return PAYABLE if notice_number == NOTICE else FaultAnswer(Fault.PAA_PAGAMENTO_SCONOSCIUTO)

    def keep_raw(self, raw: bytes, *, tax_code: str | None) -> str:
        return "mark"

    def keep_receipt(self, mark: str, message: ReceiptMessage) -> Kept:
        known = message.receipt_id in self.kept
        self.kept[message.receipt_id] = message
        return Kept.DUPLICATE if known else Kept.NEW


@pytest.fixture
def desk(station: FakeStation) -> Desk:
    """The product's gateway answers instead of the fake's table."""
    desk = Desk()
    identity = server.Station(broker="99999000013", station="99999000013_01")

    def answer(body: bytes) -> Answer:
        told = server.answer(body, desk=desk, station=identity)
        return broken(told.body, told.status)

    station.answers = dict.fromkeys(station.answers, answer)
    return desk


@pytest.mark.parametrize("prefixes", sorted(STYLES))
@pytest.mark.parametrize("version", [1, 2])
def test_a_payment_goes_through(simulators: Running, desk: Desk, version: int, prefixes: str) -> None:
    paid = simulators.pay(version=version, prefixes=prefixes, receipt_id="r1", duplicates=2, payment_note="carrello")
    assert [call["outcome"] for call in paid["calls"]] == ["OK", "OK", "OK", "KO"]
    assert [delivery["state"] for delivery in paid["deliveries"]] == ["delivered", "duplicate"]
    kept = desk.kept["r1"]
    assert (kept.amount_cents, kept.notice_number, len(kept.transfers)) == (4650, NOTICE, 2)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"notice_number": "300000000000000104"}, "PAA_PAGAMENTO_SCONOSCIUTO"),
        ({"fiscal_code": "11111111111"}, "PAA_ID_DOMINIO_ERRATO"),
        ({"broker": "altro"}, "PAA_ID_INTERMEDIARIO_ERRATO"),
        ({"station": "altra"}, "PAA_STAZIONE_INT_ERRATA"),
    ],
)
def test_refusals_are_understood(simulators: Running, desk: Desk, wrong: dict[str, str], code: str) -> None:
    told = simulators.post("verify", **{"notice_number": NOTICE, "fiscal_code": CREDITOR, **wrong})
    assert (told["outcome"], told["call"]["fault_code"]) == ("KO", code)


def test_a_receipt_nobody_expects_is_kept(simulators: Running, desk: Desk) -> None:
    told = simulators.post("receipt", notice_number="300000000000000104", fiscal_code=CREDITOR, receipt_id="r2")
    assert told["deliveries"][0]["state"] == "delivered"
    assert desk.kept["r2"].notice_number == "300000000000000104"


def cart(notice_number: str = NOTICE) -> checkout.CheckoutCart:
    notice = checkout.CartNotice(
        notice_number=notice_number, tax_code=CREDITOR, cents=4650, company_name="Comune", description="Mensa"
    )
    back = "http://valle.localhost:8000/pagamenti"
    return checkout.CheckoutCart(id="c1", notices=[notice], ok_url=back, cancel_url=back, error_url=back, email="a@b.it")


def test_the_product_opens_a_cart_and_is_paid(simulators: Running, desk: Desk) -> None:
    with httpx.Client(trust_env=False) as client:
        location = checkout.open_cart(cart(), base_url=_base(simulators), key="prova", client=client, timeout=10)
    told = simulators.post(f"carts/{location.rsplit('/', 1)[1]}/act", outcome="paga", wait=True)
    assert told["redirect"] == "http://valle.localhost:8000/pagamenti"
    (kept,) = desk.kept.values()
    assert kept.payment_note == "c1"


def test_the_product_is_refused_a_cart_of_an_unknown_notice(simulators: Running, desk: Desk) -> None:
    with httpx.Client(trust_env=False) as client, pytest.raises(GatewayRefused):
        checkout.open_cart(cart("300000000000000104"), base_url=_base(simulators), key="prova", client=client, timeout=10)


def _base(simulators: Running) -> str:
    return str(simulators.http.base_url).rstrip("/") + "/checkout/ec/v1"

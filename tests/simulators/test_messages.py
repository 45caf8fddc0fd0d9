"""What the Node says is valid against the official schema; what it reads is judged like the Node does."""

from pathlib import Path

import pytest
from lxml import etree

from campanella.simulators.pagopa import envelope, messages
from campanella.simulators.pagopa.envelope import STYLES, BadXml
from tests.simulators.conftest import Running
from tests.simulators.fake_station import Answer, FakeStation, broken, element, ko, position


@pytest.mark.parametrize("prefixes", sorted(STYLES))
@pytest.mark.parametrize("version", [1, 2])
def test_every_message_is_valid_whatever_its_prefixes(
    simulators: Running, station: FakeStation, schema: etree.XMLSchema, version: int, prefixes: str
) -> None:
    paid = simulators.pay(version=version, prefixes=prefixes, payment_note="carrello-1", payer_tax_code="VRDLGU80A01H501X")
    assert paid["state"] == "paid"
    assert len(station.asked) == 3
    for _, _, body in station.asked:
        schema.assertValid(etree.fromstring(body)[1][0])


def test_a_receipt_for_an_unknown_notice_is_valid(
    simulators: Running, station: FakeStation, schema: etree.XMLSchema
) -> None:
    simulators.post("receipt", notice_number="300000000000000104", fiscal_code="77777777777", receipt_id="mai-visto")
    simulators.post("receipt", notice_number="001340000013900808", fiscal_code="77777777777", version=1, stand_in=True)
    assert [operation for operation, _, _ in station.asked] == ["paSendRTV2", "paSendRT"]
    assert element("creditorReferenceId", station.asked[1][2]) == "340000013900808"
    for _, _, body in station.asked:
        schema.assertValid(etree.fromstring(body)[1][0])


def test_the_receipt_copies_what_the_creditor_told(simulators: Running, station: FakeStation) -> None:
    station.answers["paGetPaymentV2"] = position("40.00", "6.50")
    simulators.pay(payment_note="carrello-7")
    (body,) = station.bodies("paSendRTV2")
    assert [element(name, body) for name in ("paymentAmount", "paymentNote", "fullName", "IBAN", "fee")] == [
        "46.50",
        "carrello-7",
        "Mario Rossi",
        "IT60X0542811101000000123456",
        "1.00",
    ]
    assert body.count(b"<transfer>") + body.count(b"<transfer ") == 2


def test_prefixes_and_quotes_of_the_action_vary(simulators: Running, station: FakeStation) -> None:
    for _ in range(20):
        simulators.pay(stop_after="verify")
    assert len({element_prefix(body) for _, _, body in station.asked}) > 1
    assert {header[0] == '"' for _, header, _ in station.asked} == {True, False}


def element_prefix(body: bytes) -> bytes:
    return body.split(b":Envelope" if b":Envelope" in body else b"Envelope")[0]


@pytest.mark.parametrize(
    ("name", "root", "version"),
    [
        ("paGetPaymentRes-OK", "paGetPaymentRes", 1),
        ("paGetPaymentV2Response-OK", "paGetPaymentV2Response", 2),
    ],
)
def test_the_example_positions_are_read(examples: Path, name: str, root: str, version: int) -> None:
    message = envelope.read((examples / f"{name}.xml").read_bytes(), root)
    assert messages.read_outcome(message) is None
    told = messages.read_position(message, version=version)
    assert (told.amount_cents, told.debtor.name, told.transfers[0].category) == (
        4650,
        "Mario Rossi",
        "9/0107101TS/",
    )


def test_the_example_notice_and_refusals_are_read(examples: Path) -> None:
    message = envelope.read((examples / "paVerifyPaymentNoticeRes-OK.xml").read_bytes(), "paVerifyPaymentNoticeRes")
    assert messages.read_notice(message).amount_cents == 4650
    for name, root, code in [
        ("paVerifyPaymentNoticeRes-KO", "paVerifyPaymentNoticeRes", "PAA_PAGAMENTO_DUPLICATO"),
        ("paGetPaymentV2Response-KO", "paGetPaymentV2Response", "PAA_PAGAMENTO_SCADUTO"),
        ("paSendRTV2Response-KO-duplicate", "paSendRTV2Response", "PAA_RECEIPT_DUPLICATA"),
    ]:
        fault = messages.read_outcome(envelope.read((examples / f"{name}.xml").read_bytes(), root))
        assert fault is not None
        assert fault.code == code


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (b"", "XML"),
        (b"<a>", "XML"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', "DOCTYPE"),
        (b"<html/>", "busta SOAP"),
    ],
)
def test_what_is_no_envelope_is_refused(document: bytes, why: str) -> None:
    with pytest.raises(BadXml, match=why):
        envelope.read(document, "paGetPaymentRes")


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (ko("PAA_PAGAMENTO_SCADUTO"), "PAA_PAGAMENTO_SCADUTO"),
        (broken(b"Internal Server Error", 500), "PPT_STAZIONE_INT_PA_ERRORE_RESPONSE"),
        (broken(b"\x00\xff\xfe<"), "PPT_STAZIONE_INT_PA_ERRORE_RESPONSE"),
        (broken(b""), "PPT_STAZIONE_INT_PA_ERRORE_RESPONSE"),
        (broken(b"x" * 2_000_000), "PPT_STAZIONE_INT_PA_ERRORE_RESPONSE"),
        (Answer("<outcome>FORSE</outcome>"), "PPT_STAZIONE_INT_PA_ERRORE_RESPONSE"),
        (Answer("<outcome>KO</outcome>"), "PPT_STAZIONE_INT_PA_ERRORE_RESPONSE"),
        (Answer("<outcome>OK</outcome>"), "PPT_STAZIONE_INT_PA_ERRORE_RESPONSE"),
    ],
)
def test_no_answer_of_the_creditor_breaks_the_counter(
    simulators: Running, station: FakeStation, answer: Answer, code: str
) -> None:
    station.answers["paVerifyPaymentNotice"] = answer
    refused = simulators.pay()
    assert (refused["state"], refused["calls"][0]["fault_code"]) == ("refused", code)
    page = simulators.http.get("/psp", params={"notice_number": "301202600000000103", "fiscal_code": "77777777777"})
    assert (page.status_code, code in page.text) == (200, True)


@pytest.mark.parametrize("transfers", [("46.49",), ("40.00", "6.51"), ("0.00", "46.50"), (), ("10.00",) * 6, ("46,50",)])
def test_transfers_that_do_not_add_up_are_not_paid(
    simulators: Running, station: FakeStation, transfers: tuple[str, ...]
) -> None:
    station.answers["paGetPaymentV2"] = position(*transfers)
    assert simulators.pay()["state"] == "refused"
    assert station.bodies("paSendRTV2") == []

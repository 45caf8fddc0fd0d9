"""The SOAP server: what each operation answers, fault by fault, and what is kept."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from lxml import etree

from campanella.domains.payments.gateways.pagopa import soap
from campanella.domains.payments.gateways.pagopa.faults import Fault, FaultAnswer
from campanella.domains.payments.gateways.pagopa.messages import Payable, Subject
from tests.domains.payments.gateways import node
from tests.domains.payments.gateways.node import MemoryDesk, ask, fault_of, message_of
from tests.domains.payments.gateways.spec import XSD, example, needs_spec

ALL = sorted(node.REQUESTS)
RECEIPTS = ["paSendRTReq", "paSendRTV2Request"]
QUESTIONS = ["paVerifyPaymentNoticeReq", "paGetPaymentReq", "paGetPaymentV2Request"]


@pytest.fixture(scope="session")
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(XSD))


def valid(schema: etree.XMLSchema, body: bytes) -> etree._Element:
    message = message_of(body)
    schema.assertValid(etree.fromstring(etree.tostring(message)))
    return message


@needs_spec
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("paVerifyPaymentNoticeReq", "paVerifyPaymentNoticeRes"),
        ("paGetPaymentReq", "paGetPaymentRes"),
        ("paGetPaymentV2Request", "paGetPaymentV2Response"),
        ("paSendRTReq", "paSendRTRes"),
        ("paSendRTV2Request", "paSendRTV2Response"),
    ],
)
def test_the_example_requests_are_answered_like_the_example_answers(schema, name, expected):
    answered = ask(example(name))
    message = valid(schema, answered.body)
    wanted = message_of(example(f"{expected}-OK"))
    assert answered.status == 200
    assert [(e.tag, (e.text or "").strip()) for e in message.iter()] == [
        (e.tag, (e.text or "").strip()) for e in wanted.iter()
    ]


@needs_spec
@pytest.mark.parametrize("name", ALL)
def test_our_own_requests_are_as_valid_as_the_official_ones(schema, name):
    valid(schema, node.request(name))


@needs_spec
@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("<idPA>77777777777</idPA>", "<idPA>12345678901</idPA>", "PAA_ID_DOMINIO_ERRATO"),
        ("<idPA>77777777777</idPA>", "<idPA>Esempio</idPA>", "PAA_ID_DOMINIO_ERRATO"),
        ("<idBrokerPA>77777777777", "<idBrokerPA>1", "PAA_ID_INTERMEDIARIO_ERRATO"),
        ("777_01<", "777_02<", "PAA_STAZIONE_INT_ERRATA"),
        ("<idStation>77777777777_01</idStation>", "", "PAA_SINTASSI"),
        ("<idBrokerPA>77777777777</idBrokerPA>", "<idBrokerPA/>", "PAA_SINTASSI"),
        ("<idPA>77777777777</idPA>", "<idPA>7</idPA><idPA>7</idPA>", "PAA_SINTASSI"),
        ("<idPA>77777777777</idPA>", "<idPA><b>77777777777</b></idPA>", "PAA_SINTASSI"),
    ],
)
def test_who_asks_is_checked_in_every_operation(schema, name, old, new, fault):
    answered = ask(node.request(name, old=old, new=new))
    message = valid(schema, answered.body)
    assert answered.status == 200
    assert message.findtext("outcome") == "KO"
    assert message.findtext("fault/faultCode").startswith(fault)
    assert message.findtext("fault/id")


@needs_spec
@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize("fault", list(Fault))
def test_every_refusal_of_the_desk_reaches_the_node(schema, name, fault):
    answered = ask(node.request(name), MemoryDesk(FaultAnswer(fault, "perché sì")))
    message = valid(schema, answered.body)
    assert answered.status == 200
    assert message.findtext("outcome") == "KO"
    assert message.findtext("fault/faultCode") == fault.name
    assert message.findtext("fault/faultString") == fault.value
    assert message.findtext("fault/id") == node.TOWN


@needs_spec
@pytest.mark.parametrize("answer", ["paVerifyPaymentNoticeRes-KO", "paGetPaymentV2Response-KO"])
def test_official_sentences_are_those_of_the_examples(answer):
    fault = message_of(example(answer)).find("fault")
    assert Fault[fault.findtext("faultCode")].value == fault.findtext("faultString")


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (node.NOTICE, node.NOTICE[:-1] + "4", "PAA_PAGAMENTO_SCONOSCIUTO"),
        (node.NOTICE, node.NOTICE[:-1], "PAA_SINTASSI_EXTRAXSD"),
        (node.NOTICE, "３" + node.NOTICE[1:], "PAA_SINTASSI_EXTRAXSD"),
        ("<fiscalCode>77777777777", "<fiscalCode>00085240950", "PAA_ID_DOMINIO_ERRATO"),
        ("<fiscalCode>77777777777", "<fiscalCode>7777777777", "PAA_SINTASSI_EXTRAXSD"),
        ("<qrCode>", "<qrCode/><qrCode>", "PAA_SINTASSI_EXTRAXSD"),
    ],
)
def test_the_notice_is_checked(name, old, new, fault):
    assert fault_of(ask(node.request(name)).body) == "OK"
    assert fault_of(ask(node.request(name, old=old, new=new)).body) == fault


@pytest.mark.parametrize("name", ["paGetPaymentReq", "paGetPaymentV2Request"])
@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ("<amount>1.00</amount>", "OK"),
        ("<paymentNote>carrello-1</paymentNote><dueDate>2030-07-31+02:00</dueDate>", "OK"),
        ("<transferType>POSTAL</transferType>", "OK"),
        ("<transferType>PAGOPA</transferType><dueDate>2030-07-31Z</dueDate>", "OK"),
        ("<amount>1,00</amount>", "PAA_SINTASSI_EXTRAXSD"),
        ("<amount>1e3</amount>", "PAA_SINTASSI_EXTRAXSD"),
        ("<amount>-1.00</amount>", "PAA_SINTASSI_EXTRAXSD"),
        ("<amount>9999999999.99</amount>", "PAA_SINTASSI_EXTRAXSD"),
        ("<transferType>CARD</transferType>", "PAA_SINTASSI_EXTRAXSD"),
        ("<dueDate>2030-02-30</dueDate>", "PAA_SINTASSI_EXTRAXSD"),
        ("<dueDate>20300228</dueDate>", "PAA_SINTASSI_EXTRAXSD"),
        (f"<paymentNote>{'x' * 211}</paymentNote>", "PAA_SINTASSI_EXTRAXSD"),
    ],
)
def test_optional_fields_of_an_activation(name, more, fault):
    body = node.request(name, old="</qrCode>", new="</qrCode>" + more)
    if "<amount>" in more:
        body = body.replace(b"<amount>46.50</amount>", b"")
    answered = ask(body)
    assert fault_of(answered.body) == fault
    if fault == "OK":
        assert message_of(answered.body).findtext("data/paymentAmount") == "46.50"


@needs_spec
@pytest.mark.parametrize("name", ["paVerifyPaymentNoticeReq", "paGetPaymentReq", "paGetPaymentV2Request"])
@pytest.mark.parametrize(
    "position",
    [
        node.payable(amount_cents=1, transfers=[node.transfer(cents=1)]),
        node.payable(amount_cents=99_999_999_999, transfers=[node.transfer(cents=99_999_999_999)]),
        node.payable(office_name="", description="Ĺ" * 300, company_name=" Comune  di\tSan\x00 Niccolò d’Àmico "),
        node.payable(debtor=Subject(kind="F", tax_code="", name="Łukasz Șerban-Ağaoğlu D'Aùria" * 4)),
        node.payable(debtor=Subject(kind="G", tax_code="X" * 17, name="\ud800\x01", email="zoë@esempio.it")),
        node.payable(transfers=[node.transfer(cents=4600), node.transfer(id=2, cents=50, tax_code="00085240950")]),
    ],
)
def test_answers_are_valid_whatever_the_names(schema, name, position):
    message = valid(schema, ask(node.request(name), MemoryDesk(position)).body)
    assert message.findtext("outcome") == "OK"


@needs_spec
def test_the_post_office_gets_the_postal_account_where_there_is_one(schema):
    both = MemoryDesk(node.payable(transfers=[node.transfer(postal_iban="IT02X0760101000000010203040")]))
    bank_only = MemoryDesk()
    postal = node.request("paGetPaymentV2Request", old="</amount>", new="</amount><transferType>POSTAL</transferType>")
    ordinary = node.request("paGetPaymentV2Request")
    ibans = [
        valid(schema, ask(body, desk).body).findtext("data/transferList/transfer/IBAN")
        for body, desk in [(postal, both), (ordinary, both), (postal, bank_only)]
    ]
    assert [iban[5:10] for iban in ibans] == ["07601", "05428", "05428"]
    verify = node.request("paVerifyPaymentNoticeReq")
    for desk, postal_only in [(both, "true"), (bank_only, "false")]:
        assert next(message_of(ask(verify, desk).body).iter("allCCP")).text == postal_only


@pytest.mark.parametrize(
    "changes",
    [
        {"amount_cents": 0, "transfers": [node.transfer(cents=0)]},
        {"amount_cents": 4651},
        {"transfers": []},
        {"transfers": [node.transfer(cents=4650, id=2)]},
        {"amount_cents": 6, "transfers": [node.transfer(id=n, cents=1) for n in range(1, 7)]},
        {"amount_cents": 1, "transfers": [node.transfer(cents=2), node.transfer(id=2, cents=-1)]},
    ],
)
def test_a_position_that_the_node_would_refuse_cannot_be_said(changes):
    with pytest.raises(ValueError):
        node.payable(**changes)


@needs_spec
@pytest.mark.parametrize("name", [*QUESTIONS, *RECEIPTS])
def test_a_failing_desk_becomes_a_system_error_and_says_nothing_private(schema, name, caplog):
    answered = ask(node.request(name), MemoryDesk(RuntimeError("Mario Rossi RSSMRA80A01H501U")))
    # The Node must deliver again a receipt that we failed to keep.
    assert answered.status == (500 if name in RECEIPTS else 200)
    assert valid(schema, answered.body).findtext("fault/faultCode") == "PAA_SYSTEM_ERROR"
    number = message_of(answered.body).findtext("fault/description").split()[-1]
    assert number in caplog.text
    assert "Rossi" not in caplog.text + answered.body.decode()


def test_spontaneous_payments_are_politely_refused():
    assert fault_of(ask(node.request("paDemandPaymentNoticeRequest")).body) == "PAA_SEMANTICA"
    wrong = node.request("paDemandPaymentNoticeRequest", old="PGEvPg==", new="*")
    assert fault_of(ask(wrong).body) == "PAA_SINTASSI_XSD"


@pytest.mark.parametrize("name", RECEIPTS)
def test_a_receipt_is_kept_raw_before_anything_is_asked(name):
    desk = MemoryDesk()
    body = node.request(name)
    assert fault_of(ask(body, desk).body) == "OK"
    assert desk.asked == [f"raw {node.TOWN}", "town", "receipt"]
    assert list(desk.raw.values()) == [body]


@needs_spec
@pytest.mark.parametrize("name", RECEIPTS)
def test_the_same_receipt_again_changes_nothing(schema, name):
    desk = MemoryDesk()
    answers = [ask(node.request(name), desk) for _ in range(3)]
    assert [fault_of(a.body) for a in answers] == ["OK", "PAA_RECEIPT_DUPLICATA", "PAA_RECEIPT_DUPLICATA"]
    assert len(desk.receipts) == 1
    for answered in answers:
        valid(schema, answered.body)


def test_fifty_deliveries_at_once_are_one_receipt():
    desk = MemoryDesk()
    body = node.request("paSendRTV2Request")
    with ThreadPoolExecutor(10) as pool:
        faults = [fault_of(a.body) for a in pool.map(lambda _: ask(body, desk), range(50))]
    assert faults.count("OK") == 1
    assert faults.count("PAA_RECEIPT_DUPLICATA") == 49


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f"<noticeNumber>{node.NOTICE}", "<noticeNumber>311111111112222222"),
        ("<fiscalCode>77777777777", "<fiscalCode>12345678901"),
        ("<paymentAmount>46.50", "<paymentAmount>99.00"),
        ("<paymentAmount>46.50", "<paymentAmount>0.00"),
        ("</receipt>", "<fieldOfNextYear>1</fieldOfNextYear></receipt>"),
        ("2026-11-04T10:15:30", "2026-11-04T10:15:30.123456789Z"),
    ],
)
def test_receipts_of_unknown_notices_and_strange_amounts_are_accepted(old, new):
    desk = MemoryDesk()
    assert fault_of(ask(node.request("paSendRTV2Request", old=old, new=new), desk).body) == "OK"
    assert len(desk.receipts) == 1


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("<receiptId>c110729d258c4ab1b765fe902aae41d6</receiptId>", "<receiptId/>", "PAA_SINTASSI_EXTRAXSD"),
        ("<paymentAmount>46.50", "<paymentAmount>46.5", "PAA_SINTASSI_EXTRAXSD"),
        ("2026-11-04T10:15:30", "2026-11-04T25:15:30", "PAA_SINTASSI_EXTRAXSD"),
        ("<idTransfer>1", "<idTransfer>6", "PAA_SINTASSI_EXTRAXSD"),
        ("<transferAmount>46.50", "<transferAmount>0.00", "PAA_SINTASSI_EXTRAXSD"),
        ("<outcome>OK", "<outcome>KO", "PAA_SEMANTICA"),
        ("<idPA>77777777777", "<idPA>12345678901", "PAA_ID_DOMINIO_ERRATO"),
        ("777_01<", "777_02<", "PAA_STAZIONE_INT_ERRATA"),
    ],
)
def test_a_refused_receipt_is_kept_raw_all_the_same(old, new, fault):
    desk = MemoryDesk()
    body = node.request("paSendRTV2Request", old=old, new=new)
    assert fault_of(ask(body, desk).body) == fault
    assert list(desk.raw.values()) == [body]
    assert not desk.receipts


@needs_spec
def test_every_field_of_a_receipt_is_read():
    desk = MemoryDesk()
    ask(example("paSendRTV2Request"), desk)
    (receipt,) = desk.receipts.values()
    assert receipt.version == 2
    assert receipt.receipt_id == "c110729d258c4ab1b765fe902aae41d6"
    assert (receipt.notice_number, receipt.iuv) == (node.NOTICE, node.NOTICE[1:])
    assert (receipt.amount_cents, receipt.fee_cents) == (4650, 150)
    assert receipt.debtor.email == "mario.rossi@example.org"
    assert receipt.payer is None
    assert receipt.psp_name == "PSP di prova"
    assert (receipt.payment_method, receipt.payment_note) == ("creditCard", "carrello-1")
    assert receipt.paid_at == datetime(2026, 11, 4, 10, 15, 30, tzinfo=ZoneInfo("Europe/Rome"))
    assert (receipt.applied_on, receipt.transferred_on) == (date(2026, 11, 4), date(2026, 11, 5))
    assert not receipt.stand_in
    assert [replace(t) for t in receipt.transfers] == [node.transfer()]


@needs_spec
def test_a_paid_revenue_stamp_and_a_stand_in_receipt_are_read(schema):
    stamp = "<MBDAttachment>PGEvPg==</MBDAttachment>"
    body = node.request("paSendRTV2Request", old="<IBAN>IT60X0542811101000000123456</IBAN>", new=stamp).replace(
        b"</receipt>", b"<standIn>1</standIn></receipt>"
    )
    valid(schema, body)
    request = soap.parse(body)
    assert isinstance(request, soap.ReceiptMessage)
    assert request.stand_in
    assert request.transfers[0].iban == ""


def test_a_position_keeps_its_type():
    assert isinstance(node.payable(), Payable)

"""A Node to call the gateway with, and a desk that keeps its things in memory."""

from datetime import date
from threading import Lock

from lxml import etree

from campanella.domains.payments.gateways.pagopa import server
from campanella.domains.payments.gateways.pagopa.faults import Fault, FaultAnswer
from campanella.domains.payments.gateways.pagopa.messages import Payable, ReceiptMessage, Subject, WireTransfer

TOWN = "77777777777"
BROKER = "77777777777"
STATION = server.Station(broker=BROKER, station="77777777777_01")
NOTICE = "301202600000000103"
SOAPENV = "http://schemas.xmlsoap.org/soap/envelope/"
PAF = "http://pagopa-api.pagopa.gov.it/pa/paForNode.xsd"

DEBTOR = Subject(kind="F", tax_code="RSSMRA80A01H501U", name="Mario Rossi", email="mario.rossi@example.org")

ADDRESS = f"<idPA>{TOWN}</idPA><idBrokerPA>{BROKER}</idBrokerPA><idStation>77777777777_01</idStation>"
CODE = f"<qrCode><fiscalCode>{TOWN}</fiscalCode><noticeNumber>{NOTICE}</noticeNumber></qrCode>"

RECEIPT = f"""<receipt>
<receiptId>c110729d258c4ab1b765fe902aae41d6</receiptId><noticeNumber>{NOTICE}</noticeNumber>
<fiscalCode>{TOWN}</fiscalCode><outcome>OK</outcome><creditorReferenceId>{NOTICE[1:]}</creditorReferenceId>
<paymentAmount>46.50</paymentAmount><description>Mensa</description>
<companyName>Comune di Esempio</companyName>
<debtor><uniqueIdentifier><entityUniqueIdentifierType>F</entityUniqueIdentifierType>
<entityUniqueIdentifierValue>RSSMRA80A01H501U</entityUniqueIdentifierValue></uniqueIdentifier>
<fullName>Mario Rossi</fullName></debtor>
<transferList><transfer><idTransfer>1</idTransfer><transferAmount>46.50</transferAmount>
<fiscalCodePA>{TOWN}</fiscalCodePA><IBAN>IT60X0542811101000000123456</IBAN>
<remittanceInformation>Mensa</remittanceInformation><transferCategory>9/0107101TS/</transferCategory></transfer>
</transferList><idPSP>ABCITMMXXX</idPSP><PSPCompanyName>PSP</PSPCompanyName><idChannel>1_01</idChannel>
<channelDescription>WISP</channelDescription><paymentDateTime>2026-11-04T10:15:30</paymentDateTime>
</receipt>"""

REQUESTS = {
    "paVerifyPaymentNoticeReq": ADDRESS + CODE,
    "paGetPaymentReq": ADDRESS + CODE,
    "paGetPaymentV2Request": ADDRESS + CODE + "<amount>46.50</amount>",
    "paSendRTReq": ADDRESS + RECEIPT,
    "paSendRTV2Request": ADDRESS + RECEIPT,
    "paDemandPaymentNoticeRequest": ADDRESS
    + "<idServizio>00001</idServizio><idSoggettoServizio>00002</idSoggettoServizio>"
    + "<datiSpecificiServizioRequest>PGEvPg==</datiSpecificiServizioRequest>",
}


def envelope(message: str) -> bytes:
    """Wrap a message as the Node does."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>'
        f'<soapenv:Envelope xmlns:soapenv="{SOAPENV}" xmlns:paf="{PAF}">'
        f"<soapenv:Header/><soapenv:Body>{message}</soapenv:Body></soapenv:Envelope>"
    ).encode()


def request(name: str, *, old: str = "", new: str = "") -> bytes:
    """Give a good request of this element, with one piece replaced."""
    content = REQUESTS[name]
    assert old in content
    return envelope(f"<paf:{name}>{content.replace(old, new)}</paf:{name}>")


def payable(**changes: object) -> Payable:
    """Give an open position, with some values changed."""
    values: dict[str, object] = {
        "amount_cents": 4650,
        "due_on": date(2026, 11, 30),
        "description": "Mensa scolastica ottobre 2026",
        "company_name": "Comune di Esempio",
        "office_name": "Ufficio Scuola",
        "tax_code": TOWN,
        "iuv": NOTICE[1:],
        "debtor": DEBTOR,
        "transfers": [transfer()],
        **changes,
    }
    return Payable(**values)  # type: ignore[arg-type]  # a table of changes, checked by the class itself


def transfer(**changes: object) -> WireTransfer:
    """Give the only share of that position, with some values changed."""
    values: dict[str, object] = {
        "id": 1,
        "cents": 4650,
        "tax_code": TOWN,
        "company_name": "Comune di Esempio",
        "iban": "IT60X0542811101000000123456",
        "remittance": f"/RFB/{NOTICE[1:]}/46.50/TXT/Mensa scolastica ottobre 2026",
        "category": "9/0107101TS/",
        **changes,
    }
    return WireTransfer(**values)  # type: ignore[arg-type]  # a table of changes


class MemoryDesk:
    """A desk without tables. `position` is what every notice of the town is, or an exception to raise."""

    def __init__(self, position: Payable | FaultAnswer | Exception | None = None) -> None:
        self.position = position or payable()
        self.raw: dict[str, bytes] = {}
        self.receipts: dict[tuple[str, str], ReceiptMessage] = {}
        self.asked: list[str] = []
        self._lock = Lock()

    def town_exists(self, tax_code: str) -> bool:
        self.asked.append("town")
        return tax_code in (TOWN, "00085240950")

    def payable(self, tax_code: str, notice_number: str) -> Payable | FaultAnswer:
        self.asked.append("payable")
        if isinstance(self.position, Exception):
            raise self.position
        return self.position if notice_number == NOTICE else FaultAnswer(Fault.PAA_PAGAMENTO_SCONOSCIUTO)

    def keep_raw(self, raw: bytes, *, tax_code: str | None) -> str:
        self.asked.append(f"raw {tax_code}")
        mark = str(hash(raw))
        self.raw[mark] = raw
        return mark

    def keep_receipt(self, mark: str, message: ReceiptMessage) -> server.Kept:
        self.asked.append("receipt")
        if isinstance(self.position, Exception):
            raise self.position
        assert mark in self.raw
        key = (message.caller.tax_code, message.receipt_id)
        with self._lock:
            if key in self.receipts:
                return server.Kept.DUPLICATE
            self.receipts[key] = message
        return server.Kept.NEW


def ask(body: bytes, desk: MemoryDesk | None = None) -> server.Answer:
    """Call the gateway."""
    return server.answer(body, desk=desk or MemoryDesk(), station=STATION)


def message_of(body: bytes) -> etree._Element:
    """Give the message inside an answer."""
    return etree.fromstring(body)[-1][0]


def fault_of(body: bytes) -> str:
    """Give the fault code of an answer, or `OK`."""
    message = message_of(body)
    return message.findtext("fault/faultCode") or message.findtext("outcome") or str(message.tag)

"""
Requests of the Node: from the bytes of an HTTP body to plain values.

Parsing is by namespace and local name, never by prefix. `read_call` says who is asking for what,
`read_request` reads the rest; `parse` does both. A receipt must be kept even if its content cannot be
understood, so the two steps are apart. SOAP 1.1, document/literal; the SOAPAction header is not needed and
not looked at.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Literal, cast

from lxml import etree

from campanella.domains.payments.gateways.pagopa.faults import Fault
from campanella.domains.payments.gateways.pagopa.fields import MESSAGES, BadField, Fields
from campanella.domains.payments.gateways.pagopa.messages import (
    Caller,
    DemandRequest,
    GetPaymentRequest,
    ReceiptMessage,
    Request,
    Subject,
    VerifyRequest,
    Version,
    WireTransfer,
)

ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
LONGEST_BODY = 1024 * 1024
"""Bytes. The largest receipt that the schema allows is some tens of kilobytes."""

_TAX_CODE = r"[0-9]{11}"
_NOTICE = r"[0-9]{18}"


class Operation(Enum):
    """What the Node may ask: name of the request element, name of the answer element."""

    VERIFY = ("paVerifyPaymentNoticeReq", "paVerifyPaymentNoticeRes")
    GET_PAYMENT = ("paGetPaymentReq", "paGetPaymentRes")
    GET_PAYMENT_V2 = ("paGetPaymentV2Request", "paGetPaymentV2Response")
    SEND_RT = ("paSendRTReq", "paSendRTRes")
    SEND_RT_V2 = ("paSendRTV2Request", "paSendRTV2Response")
    DEMAND = ("paDemandPaymentNoticeRequest", "paDemandPaymentNoticeResponse")

    @property
    def request_element(self) -> str:
        return self.value[0]

    @property
    def answer_element(self) -> str:
        return self.value[1]

    @property
    def is_receipt(self) -> bool:
        return self in (Operation.SEND_RT, Operation.SEND_RT_V2)

    @property
    def version(self) -> Version:
        return 2 if self in (Operation.GET_PAYMENT_V2, Operation.SEND_RT_V2) else 1


class NotSoap(ValueError):
    """The body is no SOAP 1.1 message with an operation of ours; the text is for a technician."""


class TooLarge(NotSoap):
    """The body is longer than any message can be."""


class Malformed(ValueError):
    """The operation is clear, its content is not: `fault` is the code to answer with."""

    def __init__(self, *, operation: Operation, detail: str) -> None:
        super().__init__(detail)
        self.operation = operation
        self.detail = detail
        # The documents reserve the XSD code to the demand; every other operation has only the extra-XSD one.
        self.fault = Fault.PAA_SINTASSI_XSD if operation is Operation.DEMAND else Fault.PAA_SINTASSI_EXTRAXSD


@dataclass(frozen=True, slots=True)
class Call:
    """A recognised operation. `tax_code` is the `idPA` as far as it can be read: eleven digits, or None."""

    operation: Operation
    tax_code: str | None
    element: etree._Element


def parse(body: bytes, *, longest: int = LONGEST_BODY) -> Request:
    """
    Read a request.

    :raises NotSoap: no SOAP message with an operation of ours (also DOCTYPE, oversize, other encodings)
    :raises Malformed: a field is missing or unreadable; carries the fault code
    """
    return read_request(read_call(body, longest=longest))


def read_call(body: bytes, *, longest: int = LONGEST_BODY, charset: str = "") -> Call:
    """
    Recognise the operation without reading its content.

    :param charset: of the HTTP headers, tried when the body cannot be read as it describes itself
    :raises NotSoap: see `parse`
    """
    element = _operation_element(_safe_tree(body, longest=longest, charset=charset))
    operation = _OPERATIONS.get(etree.QName(element).localname)
    if operation is None or etree.QName(element).namespace != MESSAGES:
        raise NotSoap("unknown operation")
    try:
        tax_code = Fields(element).text("idPA", longest=11, pattern=_TAX_CODE)
    except BadField:
        return Call(operation, None, element)
    return Call(operation, tax_code, element)


def read_request(call: Call) -> Request:
    """
    Read the content of a recognised operation.

    :raises Malformed: a field is missing or unreadable; carries the fault code
    """
    try:
        return _READERS[call.operation](Fields(call.element), call.operation.version)
    except BadField as bad:
        raise Malformed(operation=call.operation, detail=str(bad)) from bad


def mentions_receipt(body: bytes) -> bool:
    """Tell whether an unreadable body may be a receipt all the same, and so worth keeping."""
    return b"paSendRT" in body or "paSendRT".encode("utf-16-le") in body or "paSendRT".encode("utf-16-be") in body


def _safe_tree(body: bytes, *, longest: int, charset: str) -> etree._Element:
    if len(body) > longest:
        raise TooLarge(f"more than {longest} bytes")
    root = _tree(body, "")
    if root is None and charset:
        root = _tree(body, charset)
    if root is None:
        raise NotSoap("not well-formed XML")
    # With these settings an entity bomb parses quietly, its entities left alone: so any DOCTYPE is refused.
    if root.getroottree().docinfo.internalDTD is not None:
        raise NotSoap("DOCTYPE is not allowed")
    return root


def _tree(body: bytes, charset: str) -> etree._Element | None:
    try:
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            dtd_validation=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
            encoding=charset or None,
        )
        return etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError):
        return None


def _operation_element(root: etree._Element) -> etree._Element:
    if root.tag != f"{{{ENVELOPE}}}Envelope":
        raise NotSoap("not a SOAP 1.1 envelope")
    bodies = root.findall(f"{{{ENVELOPE}}}Body")
    if len(bodies) != 1 or len(bodies[0]) != 1:
        raise NotSoap("one Body with one message is wanted")
    return bodies[0][0]


def _caller(fields: Fields) -> Caller:
    return Caller(
        tax_code=fields.text("idPA", longest=35),
        broker=fields.text("idBrokerPA", longest=35),
        station=fields.text("idStation", longest=35),
    )


def _verify(fields: Fields, version: Version) -> VerifyRequest:
    caller, code = _caller(fields), fields.section("qrCode")
    return VerifyRequest(
        caller=caller,
        creditor_tax_code=code.text("fiscalCode", longest=11, pattern=_TAX_CODE),
        notice_number=code.text("noticeNumber", longest=18, pattern=_NOTICE),
    )


def _get_payment(fields: Fields, version: Version) -> GetPaymentRequest:
    asked = _verify(fields, version)
    kind = fields.text("transferType", longest=6, pattern="POSTAL|PAGOPA") if fields.has("transferType") else None
    return GetPaymentRequest(
        caller=asked.caller,
        version=version,
        creditor_tax_code=asked.creditor_tax_code,
        notice_number=asked.notice_number,
        amount_cents=fields.optional_cents("amount"),
        payment_note=fields.optional_text("paymentNote", longest=210),
        transfer_type=cast(Literal["POSTAL", "PAGOPA"] | None, kind),
        due_on=fields.optional_date("dueDate"),
    )


def _demand(fields: Fields, version: Version) -> DemandRequest:
    return DemandRequest(
        caller=_caller(fields),
        service_id=fields.text("idServizio", longest=5, pattern=".{5}"),
        subject_id=fields.text("idSoggettoServizio", longest=5, pattern=".{5}"),
        payload=fields.base64("datiSpecificiServizioRequest"),
    )


def _receipt(fields: Fields, version: Version) -> ReceiptMessage:
    caller, receipt = _caller(fields), fields.section("receipt")
    payer = receipt.optional_section("payer")
    shares = receipt.section("transferList").sections("transfer", at_most=5)
    transfers = [_transfer(share) for share in shares]
    if len({transfer.id for transfer in transfers}) != len(transfers):
        raise BadField("transferList: idTransfer given more than once")
    return ReceiptMessage(
        caller=caller,
        version=version,
        receipt_id=receipt.text("receiptId", longest=70),
        notice_number=receipt.text("noticeNumber", longest=18, pattern=_NOTICE),
        creditor_tax_code=receipt.text("fiscalCode", longest=11, pattern=_TAX_CODE),
        outcome=cast(Literal["OK", "KO"], receipt.text("outcome", longest=2, pattern="OK|KO")),
        iuv=receipt.told("creditorReferenceId", longest=35),
        amount_cents=receipt.cents("paymentAmount"),
        description=receipt.told("description", longest=140),
        company_name=receipt.told("companyName", longest=140),
        office_name=receipt.optional_text("officeName", longest=140),
        debtor=_subject(receipt.section("debtor")),
        transfers=transfers,
        psp_id=receipt.told("idPSP", longest=35),
        psp_name=receipt.told("PSPCompanyName", longest=70),
        psp_tax_code=receipt.optional_text("pspFiscalCode", longest=70),
        psp_vat_number=receipt.optional_text("pspPartitaIVA", longest=20),
        channel=receipt.told("idChannel", longest=35),
        channel_description=receipt.told("channelDescription", longest=35),
        payer=_subject(payer) if payer else None,
        payment_method=receipt.optional_text("paymentMethod", longest=35),
        payment_note=receipt.optional_text("paymentNote", longest=210),
        fee_cents=receipt.optional_cents("fee"),
        paid_at=receipt.optional_moment("paymentDateTime"),
        applied_on=receipt.optional_date("applicationDate"),
        transferred_on=receipt.optional_date("transferDate"),
        stand_in=receipt.flag("standIn"),
    )


def _subject(fields: Fields) -> Subject:
    identity = fields.section("uniqueIdentifier")
    return Subject(
        kind=cast(Literal["F", "G"], identity.text("entityUniqueIdentifierType", longest=1, pattern="[FG]")),
        tax_code=identity.told("entityUniqueIdentifierValue", longest=16, least=2),
        name=fields.told("fullName", longest=70),
        email=fields.optional_text("e-mail", longest=256),
    )


def _transfer(fields: Fields) -> WireTransfer:
    # A revenue stamp (V2) comes with the paid stamp in place of an IBAN.
    return WireTransfer(
        id=int(fields.text("idTransfer", longest=11, pattern=r"\+?0*[1-5]")),
        cents=fields.cents("transferAmount", least=1),
        tax_code=fields.text("fiscalCodePA", longest=11, pattern=_TAX_CODE),
        company_name=fields.optional_text("companyName", longest=140),
        iban="" if fields.has("MBDAttachment") else fields.told("IBAN", longest=35),
        remittance=fields.told("remittanceInformation", longest=140),
        category=fields.told("transferCategory", longest=140),
    )


_OPERATIONS = {operation.request_element: operation for operation in Operation}
_READERS: dict[Operation, Callable[[Fields, Version], Request]] = {
    Operation.VERIFY: _verify,
    Operation.GET_PAYMENT: _get_payment,
    Operation.GET_PAYMENT_V2: _get_payment,
    Operation.SEND_RT: _receipt,
    Operation.SEND_RT_V2: _receipt,
    Operation.DEMAND: _demand,
}

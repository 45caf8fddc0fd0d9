"""
Answers to the Node: from plain values to the bytes of a SOAP 1.1 message.

The order of elements is the schema's (`xsd:sequence`); children of a message carry no namespace.
"""

import re

from lxml import etree

from campanella.domains.payments.gateways.pagopa.faults import FaultAnswer
from campanella.domains.payments.gateways.pagopa.fields import MESSAGES
from campanella.domains.payments.gateways.pagopa.messages import (
    UNKNOWN_PERSON,
    Payable,
    Subject,
    Version,
    WireTransfer,
)
from campanella.domains.payments.gateways.pagopa.soap import ENVELOPE, Operation

CONTENT_TYPE = "text/xml; charset=utf-8"

_NOT_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EMAIL = re.compile(r"[a-zA-Z0-9_.+\-]+@[a-zA-Z0-9\-]+(\.[a-zA-Z0-9\-]+)*")


def refused(*, operation: Operation, refusal: FaultAnswer, tax_code: str) -> bytes:
    """
    Say no in the words of the protocol.

    :param tax_code: the creditor's, which signs the fault
    """
    message = _message(operation)
    _add(message, "outcome", "KO")
    fault = etree.SubElement(message, "fault")
    _add(fault, "faultCode", refusal.fault.code)
    _add(fault, "faultString", refusal.fault.text)
    _add(fault, "id", tax_code)
    if refusal.detail:
        _add(fault, "description", _clean(refusal.detail, 255))
    return _bytes(message)


def received(*, operation: Operation) -> bytes:
    """Say that a receipt is in our hands."""
    return _bytes(_agreed(operation))


def verified(payable: Payable) -> bytes:
    """Say how much a notice costs now."""
    message = _agreed(Operation.VERIFY)
    option = etree.SubElement(etree.SubElement(message, "paymentList"), "paymentOptionDescription")
    _add(option, "amount", _euros(payable.amount_cents))
    _add(option, "options", "EQ")
    _add(option, "dueDate", payable.due_on.isoformat())
    _add(option, "detailDescription", _clean(payable.description, 140))
    _add(option, "allCCP", "true" if all(transfer.postal_iban for transfer in payable.transfers) else "false")
    _add(message, "paymentDescription", _clean(payable.description, 140))
    _add(message, "fiscalCodePA", payable.tax_code)
    _add(message, "companyName", _clean(payable.company_name, 140))
    _add_if(message, "officeName", _clean(payable.office_name, 140))
    return _bytes(message)


def activated(payable: Payable, *, version: Version, postal: bool) -> bytes:
    """
    Give everything that is needed to pay a notice.

    :param postal: the payment is made at the post office, which prefers postal accounts where there are any
    """
    message = _agreed(Operation.GET_PAYMENT_V2 if version == 2 else Operation.GET_PAYMENT)
    data = etree.SubElement(message, "data")
    _add(data, "creditorReferenceId", payable.iuv)
    _add(data, "paymentAmount", _euros(payable.amount_cents))
    _add(data, "dueDate", payable.due_on.isoformat())
    _add(data, "description", _clean(payable.description, 140))
    _add(data, "companyName", _clean(payable.company_name, 140))
    _add_if(data, "officeName", _clean(payable.office_name, 140))
    _add_subject(etree.SubElement(data, "debtor"), payable.debtor)
    transfers = etree.SubElement(data, "transferList")
    for transfer in payable.transfers:
        _add_transfer(etree.SubElement(transfers, "transfer"), transfer, version=version, postal=postal)
    return _bytes(message)


def soap_fault(detail: str) -> bytes:
    """Answer a body in which no operation can be recognised."""
    envelope, body = _envelope()
    fault = etree.SubElement(body, f"{{{ENVELOPE}}}Fault")
    _add(fault, "faultcode", "soapenv:Client")
    _add(fault, "faultstring", detail)
    return _serialised(envelope)


def _add_subject(parent: etree._Element, subject: Subject) -> None:
    identity = etree.SubElement(parent, "uniqueIdentifier")
    _add(identity, "entityUniqueIdentifierType", subject.kind)
    known = 2 <= len(subject.tax_code) <= 16
    _add(identity, "entityUniqueIdentifierValue", subject.tax_code if known else UNKNOWN_PERSON)
    _add(parent, "fullName", _clean(subject.name, 70) or UNKNOWN_PERSON)
    # The schema knows fewer addresses than the world has; this one is optional, so a strange one stays at
    # home.
    if len(subject.email) <= 256 and _EMAIL.fullmatch(subject.email):
        _add(parent, "e-mail", subject.email)


def _add_transfer(parent: etree._Element, transfer: WireTransfer, *, version: Version, postal: bool) -> None:
    _add(parent, "idTransfer", str(transfer.id))
    _add(parent, "transferAmount", _euros(transfer.cents))
    _add(parent, "fiscalCodePA", transfer.tax_code)
    if version == 2:
        _add_if(parent, "companyName", _clean(transfer.company_name, 140))
    # A creditor without a postal account answers its ordinary IBAN also to the post office, as GPD does.
    _add(parent, "IBAN", (transfer.postal_iban if postal else "") or transfer.iban)
    _add(parent, "remittanceInformation", _clean(transfer.remittance, 140))
    _add(parent, "transferCategory", _clean(transfer.category, 140))


def _agreed(operation: Operation) -> etree._Element:
    message = _message(operation)
    _add(message, "outcome", "OK")
    return message


def _message(operation: Operation) -> etree._Element:
    _, body = _envelope()
    return etree.SubElement(body, f"{{{MESSAGES}}}{operation.answer_element}", nsmap={"paf": MESSAGES})


def _envelope() -> tuple[etree._Element, etree._Element]:
    envelope = etree.Element(f"{{{ENVELOPE}}}Envelope", nsmap={"soapenv": ENVELOPE})
    return envelope, etree.SubElement(envelope, f"{{{ENVELOPE}}}Body")


def _bytes(message: etree._Element) -> bytes:
    return _serialised(message.getroottree().getroot())


def _serialised(envelope: etree._Element) -> bytes:
    return etree.tostring(envelope, xml_declaration=True, encoding="UTF-8")


def _add(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, name).text = text


def _add_if(parent: etree._Element, name: str, text: str) -> None:
    if text:
        _add(parent, name, text)


def _clean(text: str, longest: int) -> str:
    """Fold white space, drop characters that XML cannot carry, and cut to the field's length."""
    return " ".join(_NOT_XML.sub("", text).split())[:longest].rstrip()


def _euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"

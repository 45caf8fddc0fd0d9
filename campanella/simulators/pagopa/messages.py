"""
The messages of `paForNode.xsd` (V1 and V2) as values.

Reading is as strict as the Node: what the schema wants and the answer lacks is an invalid answer.
Source: pagopa/pagopa-api, `wsdl/xsd/paForNode.xsd`; amounts are cents here and euros on the wire.
"""

import re
from dataclasses import dataclass

from lxml import etree

from campanella.simulators import amounts
from campanella.simulators.pagopa.envelope import BadXml, Fields

IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
TAX_CODE = re.compile(r"[0-9]{11}")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})?")
SUBJECT_PARTS = (
    "fullName",
    "streetName",
    "civicNumber",
    "postalCode",
    "city",
    "stateProvinceRegion",
    "country",
    "e-mail",
)


@dataclass(frozen=True)
class Fault:
    """Why the creditor said no."""

    code: str
    string: str
    id: str
    description: str | None = None


@dataclass(frozen=True)
class Notice:
    """What paVerifyPaymentNotice tells of a notice that can be paid."""

    amount_cents: int
    description: str
    company_name: str
    fiscal_code: str
    office_name: str | None = None
    due_date: str | None = None


@dataclass(frozen=True)
class Subject:
    """A debtor or payer: kind F (person) or G (company), code, and the other parts by their wire name."""

    kind: str
    code: str
    parts: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """The full name."""
        return dict(self.parts).get("fullName", "")


@dataclass(frozen=True)
class Transfer:
    """One share of a payment, to one IBAN (or a paid duty stamp, V2)."""

    id: str
    amount_cents: int
    fiscal_code: str
    iban: str | None
    remittance_information: str
    category: str
    company_name: str | None = None
    metadata: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Position:
    """The `data` of paGetPayment and paGetPaymentV2."""

    creditor_reference_id: str
    amount_cents: int
    due_date: str
    description: str
    company_name: str | None
    office_name: str | None
    debtor: Subject
    transfers: tuple[Transfer, ...]
    metadata: tuple[tuple[str, str], ...] = ()


def read_outcome(message: etree._Element) -> Fault | None:
    """
    Read the outcome every answer begins with: None when OK.

    :raises BadXml: neither OK nor KO with its fault
    """
    outcome = _text(message, "outcome")
    if outcome == "OK":
        return None
    if outcome != "KO":
        raise BadXml(f"outcome è {outcome!r}")
    fault = _child(message, "fault")
    return Fault(
        code=_text(fault, "faultCode"),
        string=_text(fault, "faultString"),
        id=_text(fault, "id"),
        description=fault.findtext("description"),
    )


def read_notice(message: etree._Element) -> Notice:
    """
    Read an OK paVerifyPaymentNoticeRes.

    :raises BadXml: a field is missing or wrong
    """
    options = _child(message, "paymentList").findall("paymentOptionDescription")
    if len(options) != 1:
        raise BadXml(f"paymentList contiene {len(options)} opzioni invece di una")
    if _text(options[0], "options") != "EQ" or _text(options[0], "allCCP") not in {"true", "false", "1", "0"}:
        raise BadXml("options deve essere EQ e allCCP un booleano")
    return Notice(
        amount_cents=_cents(options[0], "amount"),
        description=_text(message, "paymentDescription", most=140),
        company_name=_text(message, "companyName", most=140),
        fiscal_code=_tax_code(message, "fiscalCodePA"),
        office_name=_optional(message, "officeName"),
        due_date=_optional(options[0], "dueDate"),
    )


def read_position(message: etree._Element, *, version: int) -> Position:
    """
    Read an OK paGetPaymentRes (version 1) or paGetPaymentV2Response (version 2).

    :raises BadXml: a field is missing or wrong
    """
    data = _child(message, "data")
    due_date = _text(data, "dueDate")
    if not DATE.fullmatch(due_date):
        raise BadXml(f"dueDate non è una data: {due_date!r}")
    transfers = _child(data, "transferList").findall("transfer")
    if not 1 <= len(transfers) <= 5:
        raise BadXml(f"transferList contiene {len(transfers)} versamenti")
    return Position(
        creditor_reference_id=_text(data, "creditorReferenceId", most=35),
        amount_cents=_cents(data, "paymentAmount"),
        due_date=due_date,
        description=_text(data, "description", most=140),
        company_name=_text(data, "companyName", most=140) if version == 2 else _optional(data, "companyName"),
        office_name=_optional(data, "officeName"),
        debtor=_subject(_child(data, "debtor")),
        transfers=tuple(_transfer(transfer) for transfer in transfers),
        metadata=_metadata(data),
    )


def write_subject(subject: Subject) -> Fields:
    """The fields of ctSubject, in the order of the schema."""
    given = dict(subject.parts)
    identifier: Fields = [
        ("entityUniqueIdentifierType", subject.kind),
        ("entityUniqueIdentifierValue", subject.code),
    ]
    return [("uniqueIdentifier", identifier), *((part, given.get(part)) for part in SUBJECT_PARTS)]


def write_transfer(transfer: Transfer, *, version: int) -> Fields:
    """The fields of a receipt's transfer; a duty stamp travels as an attachment, here invented."""
    stamp = None if transfer.iban else "U2ltdWxhdG9yZTogbWFyY2EgZGEgYm9sbG8="
    return [
        ("idTransfer", transfer.id),
        ("transferAmount", amounts.to_wire(transfer.amount_cents)),
        ("fiscalCodePA", transfer.fiscal_code),
        ("companyName", transfer.company_name if version == 2 else None),
        ("IBAN", transfer.iban),
        ("MBDAttachment", stamp),
        ("remittanceInformation", transfer.remittance_information),
        ("transferCategory", transfer.category),
        ("metadata", write_metadata(transfer.metadata)),
    ]


def write_metadata(metadata: tuple[tuple[str, str], ...]) -> Fields | None:
    """The map of ctMetadata, or nothing when it is empty (the schema wants 1 to 15 entries)."""
    return [("mapEntry", [("key", key), ("value", value)]) for key, value in metadata] or None


def _child(parent: etree._Element, name: str) -> etree._Element:
    child = parent.find(name)
    if child is None:
        raise BadXml(f"manca {name} in {etree.QName(parent).localname}")
    return child


def _text(parent: etree._Element, name: str, most: int | None = None) -> str:
    text = _child(parent, name).text or ""
    if not text or (most is not None and len(text) > most):
        raise BadXml(f"{name} è vuoto o troppo lungo: {text!r}")
    return text


def _optional(parent: etree._Element, name: str) -> str | None:
    return None if parent.find(name) is None else _text(parent, name, most=140)


def _cents(parent: etree._Element, name: str) -> int:
    try:
        cents = amounts.from_wire(_text(parent, name).strip())
    except ValueError as problem:
        raise BadXml(f"{name}: {problem}")
    if cents == 0:
        raise BadXml(f"{name} è zero")
    return cents


def _tax_code(parent: etree._Element, name: str) -> str:
    code = _text(parent, name)
    if not TAX_CODE.fullmatch(code):
        raise BadXml(f"{name} non ha 11 cifre: {code!r}")
    return code


def _subject(element: etree._Element) -> Subject:
    identifier = _child(element, "uniqueIdentifier")
    kind = _text(identifier, "entityUniqueIdentifierType")
    if kind not in {"F", "G"}:
        raise BadXml(f"entityUniqueIdentifierType è {kind!r}")
    _text(element, "fullName", most=70)
    parts = ((part, element.findtext(part)) for part in SUBJECT_PARTS)
    return Subject(
        kind=kind,
        code=_text(identifier, "entityUniqueIdentifierValue", most=16),
        parts=tuple((part, text) for part, text in parts if text),
    )


def _transfer(element: etree._Element) -> Transfer:
    identifier = _text(element, "idTransfer")
    if identifier not in {"1", "2", "3", "4", "5"}:
        raise BadXml(f"idTransfer è {identifier!r}")
    iban = element.findtext("IBAN")
    if (iban is None) == (element.find("richiestaMarcaDaBollo") is None):
        raise BadXml(f"il versamento {identifier} vuole IBAN oppure richiestaMarcaDaBollo")
    if iban is not None and not IBAN.fullmatch(iban):
        raise BadXml(f"IBAN del versamento {identifier} non valido: {iban!r}")
    return Transfer(
        id=identifier,
        amount_cents=_cents(element, "transferAmount"),
        fiscal_code=_tax_code(element, "fiscalCodePA"),
        iban=iban,
        remittance_information=_text(element, "remittanceInformation", most=140),
        category=_text(element, "transferCategory", most=140),
        company_name=_optional(element, "companyName"),
        metadata=_metadata(element),
    )


def _metadata(element: etree._Element) -> tuple[tuple[str, str], ...]:
    entries = element.findall("metadata/mapEntry")
    return tuple((_text(entry, "key", most=140), _text(entry, "value", most=140)) for entry in entries)

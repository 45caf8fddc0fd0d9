"""The files that a bank sends: CBI's status report, pain.002, and camt.054 for what moved on the account."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from lxml import etree

from campanella.simulators import amounts
from campanella.simulators.bank.orders import Debit, Order

CBI = "urn:CBI:xsd:CBISDDStsRptLogMsg.00.01.00"
PAIN = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"
CAMT = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"
BANK, BIC = "BANCA DI PROVA", "BLOPIT22XXX"

# Which events a form speaks of: a status report of what was not paid, a notification of what moved.
BACK = {"returned", "refunded"}
TELLS = {"cbi": {"rejected"} | BACK, "pain002": {"rejected"} | BACK, "camt054": {"booked"} | BACK}


@dataclass(frozen=True)
class Told:
    """One event of a debit."""

    debit: Debit
    state: str
    reason: str


def write(form: str, *, order: Order, told: list[Told], name: str, now: datetime) -> bytes:
    """Write an answer of one of the forms."""
    if form == "camt054":
        root = _notification(order, told, name, now)
    else:
        root = _report(order, told, name, now, is_cbi=form == "cbi")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _report(order: Order, told: list[Told], name: str, now: datetime, *, is_cbi: bool) -> etree._Element:
    root = _root(CBI, "CBISDDStsRptLogMsg") if is_cbi else _root(PAIN, "Document")
    report = root if is_cbi else _add(root, "CstmrPmtStsRpt")
    header = _add(report, "GrpHdr")
    _add(header, "MsgId", text=name)
    if is_cbi:
        _add(header, "MsgQual", text="6")
    _add(header, "CreDtTm", text=now.replace(tzinfo=None).isoformat(timespec="seconds"))
    if is_cbi:
        party = _add(header, "InitgPty")
        _add(party, "Nm", text=order.sender)
        other = _add(party, "Id", "OrgId", "Othr")
        _add(other, "Id", text=order.cuc)
        _add(other, "Issr", text="CBI")
        _add(header, "CdtrAgt", "FinInstnId", "ClrSysMmbId", "MmbId", text=order.iban[5:10])
    else:
        _add(header, "CdtrAgt", "FinInstnId", "BIC", text=BIC)
    group = _add(report, "OrgnlGrpInfAndSts")
    _add(group, "OrgnlMsgId", text=order.message_id)
    if is_cbi:
        _add(group, "OrgnlCreDtTm", text=order.created)
    else:
        _add(group, "OrgnlMsgNmId", text="pain.008.001.08")
    _add(group, "GrpSts", text="PART")
    for payment_id in dict.fromkeys(one.debit.payment_id for one in told):
        block = _add(report, "OrgnlPmtInfAndSts")
        _add(block, "OrgnlPmtInfId", text=payment_id)
        for number, one in enumerate(told, 1):
            if one.debit.payment_id == payment_id:
                _status(block, one, number, is_cbi=is_cbi)
    return root


def _status(block: etree._Element, one: Told, number: int, *, is_cbi: bool) -> None:
    status, debit = _add(block, "TxInfAndSts"), one.debit
    if not is_cbi:
        _add(status, "StsId", text=str(number))
    if debit.instruction or is_cbi:
        _add(status, "OrgnlInstrId", text=debit.instruction or "1")
    _add(status, "OrgnlEndToEndId", text=debit.key)
    _add(status, "TxSts", text="RJCT")
    reason = _add(status, "StsRsnInf")
    origin = _add(reason, "Orgtr")
    if is_cbi:
        _add(origin, "Nm", text=BANK)
    _add(origin, "Id", "OrgId", "BICOrBEI", text=BIC)
    _add(reason, "Rsn", "Cd", text=one.reason)
    reference = _add(status, "OrgnlTxRef")
    _money(_add(reference, "Amt"), "InstdAmt", debit.cents)
    _add(reference, "ReqdColltnDt", text=debit.day)
    mandate = _add(reference, "MndtRltdInf")
    _add(mandate, "MndtId", text=debit.reference)
    _add(mandate, "DtOfSgntr", text=debit.signed_on)


def _notification(order: Order, told: list[Told], name: str, now: datetime) -> etree._Element:
    root = _root(CAMT, "Document")
    message = _add(root, "BkToCstmrDbtCdtNtfctn")
    header = _add(message, "GrpHdr")
    _add(header, "MsgId", text=name)
    _add(header, "CreDtTm", text=now.isoformat(timespec="seconds"))
    note = _add(message, "Ntfctn")
    _add(note, "Id", text=f"{name}-1")
    _add(note, "CreDtTm", text=now.isoformat(timespec="seconds"))
    account = _add(note, "Acct")
    _add(account, "Id", "IBAN", text=order.iban)
    _add(account, "Ccy", text="EUR")
    for came_in in (True, False):
        some = [one for one in told if (one.state == "booked") is came_in]
        if some:
            _entry(note, some, now, came_in=came_in)
    return root


def _entry(note: etree._Element, told: Iterable[Told], now: datetime, *, came_in: bool) -> None:
    told = list(told)
    entry = _add(note, "Ntry")
    _money(entry, "Amt", sum(one.debit.cents for one in told))
    _add(entry, "CdtDbtInd", text="CRDT" if came_in else "DBIT")
    _add(entry, "Sts", "Cd", text="BOOK")
    _add(entry, "BookgDt", "Dt", text=now.date().isoformat())
    domain = _add(entry, "BkTxCd", "Domn")
    _add(domain, "Cd", text="PMNT")
    family = _add(domain, "Fmly")
    _add(family, "Cd", text="IDDT")
    _add(family, "SubFmlyCd", text="ESDD" if came_in else "UPDD")
    details = _add(entry, "NtryDtls")
    _add(details, "Btch", "NbOfTxs", text=str(len(told)))
    for one in told:
        of_one = _add(details, "TxDtls")
        references = _add(of_one, "Refs")
        _add(references, "EndToEndId", text=one.debit.key)
        _add(references, "MndtId", text=one.debit.reference)
        _money(of_one, "Amt", one.debit.cents)
        _add(of_one, "CdtDbtInd", text="CRDT" if came_in else "DBIT")
        if not came_in:
            _add(of_one, "RtrInf", "Rsn", "Cd", text=one.reason)


def _root(namespace: str, name: str) -> etree._Element:
    # lxml takes None as the default namespace; its stubs know only texts.
    prefixes = cast("dict[str, str]", {None: namespace})
    return etree.Element(f"{{{namespace}}}{name}", nsmap=prefixes)


def _add(parent: etree._Element, *path: str, text: str = "") -> etree._Element:
    """Add elements inside each other, and return the innermost."""
    namespace = parent.tag[: parent.tag.index("}") + 1]
    for name in path:
        parent = etree.SubElement(parent, namespace + name)
    parent.text = text or None
    return parent


def _money(parent: etree._Element, name: str, cents: int) -> None:
    _add(parent, name, text=amounts.to_wire(cents)).set("Ccy", "EUR")

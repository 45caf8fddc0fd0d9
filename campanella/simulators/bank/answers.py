"""The files that a bank sends: CBI's status report, pain.002, and camt.054 for what moved on the account."""

from collections.abc import Iterable
from datetime import datetime

from lxml import etree

from campanella.simulators.bank import transfers
from campanella.simulators.bank.elements import add, money, root
from campanella.simulators.bank.orders import Order, Told

CBI = "urn:CBI:xsd:CBISDDStsRptLogMsg.00.01.00"
PAIN = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"
CAMT = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"
BANK, BIC = "BANCA DI PROVA", "BLOPIT22XXX"

# Which events a form speaks of: a status report of what was not paid, a notification of what moved.
BACK = {"returned", "refunded"}
TELLS = {"cbi": {"rejected"} | BACK, "pain002": {"rejected"} | BACK, "camt054": {"booked"} | BACK}


def tells(form: str, *, order: Order) -> set[str]:
    """Return which events an answer of a form speaks of, for the kind of file that it answers to."""
    return transfers.TELLS[form] if transfers.is_transfer(order) else TELLS[form]


def write(form: str, *, order: Order, told: list[Told], name: str, now: datetime) -> bytes:
    """Write an answer of one of the forms."""
    if transfers.is_transfer(order):
        return transfers.write(form, order=order, told=told, name=name, now=now)
    if form == "camt054":
        document = _notification(order, told, name, now)
    else:
        document = _report(order, told, name, now, is_cbi=form == "cbi")
    return etree.tostring(document, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _report(order: Order, told: list[Told], name: str, now: datetime, *, is_cbi: bool) -> etree._Element:
    document = root(CBI, "CBISDDStsRptLogMsg") if is_cbi else root(PAIN, "Document")
    report = document if is_cbi else add(document, "CstmrPmtStsRpt")
    header = add(report, "GrpHdr")
    add(header, "MsgId", text=name)
    if is_cbi:
        add(header, "MsgQual", text="6")
    add(header, "CreDtTm", text=now.replace(tzinfo=None).isoformat(timespec="seconds"))
    if is_cbi:
        party = add(header, "InitgPty")
        add(party, "Nm", text=order.sender)
        other = add(party, "Id", "OrgId", "Othr")
        add(other, "Id", text=order.cuc)
        add(other, "Issr", text="CBI")
        add(header, "CdtrAgt", "FinInstnId", "ClrSysMmbId", "MmbId", text=order.iban[5:10])
    else:
        add(header, "CdtrAgt", "FinInstnId", "BIC", text=BIC)
    group = add(report, "OrgnlGrpInfAndSts")
    add(group, "OrgnlMsgId", text=order.message_id)
    if is_cbi:
        add(group, "OrgnlCreDtTm", text=order.created)
    else:
        add(group, "OrgnlMsgNmId", text="pain.008.001.08")
    add(group, "GrpSts", text="PART")
    for payment_id in dict.fromkeys(one.debit.payment_id for one in told):
        block = add(report, "OrgnlPmtInfAndSts")
        add(block, "OrgnlPmtInfId", text=payment_id)
        for number, one in enumerate(told, 1):
            if one.debit.payment_id == payment_id:
                _status(block, one, number, is_cbi=is_cbi)
    return document


def _status(block: etree._Element, one: Told, number: int, *, is_cbi: bool) -> None:
    status, debit = add(block, "TxInfAndSts"), one.debit
    if not is_cbi:
        add(status, "StsId", text=str(number))
    if debit.instruction or is_cbi:
        add(status, "OrgnlInstrId", text=debit.instruction or "1")
    add(status, "OrgnlEndToEndId", text=debit.key)
    add(status, "TxSts", text="RJCT")
    reason = add(status, "StsRsnInf")
    origin = add(reason, "Orgtr")
    if is_cbi:
        add(origin, "Nm", text=BANK)
    add(origin, "Id", "OrgId", "BICOrBEI", text=BIC)
    add(reason, "Rsn", "Cd", text=one.reason)
    reference = add(status, "OrgnlTxRef")
    money(add(reference, "Amt"), "InstdAmt", debit.cents)
    add(reference, "ReqdColltnDt", text=debit.day)
    mandate = add(reference, "MndtRltdInf")
    add(mandate, "MndtId", text=debit.reference)
    add(mandate, "DtOfSgntr", text=debit.signed_on)


def _notification(order: Order, told: list[Told], name: str, now: datetime) -> etree._Element:
    document = root(CAMT, "Document")
    message = add(document, "BkToCstmrDbtCdtNtfctn")
    header = add(message, "GrpHdr")
    add(header, "MsgId", text=name)
    add(header, "CreDtTm", text=now.isoformat(timespec="seconds"))
    note = add(message, "Ntfctn")
    add(note, "Id", text=f"{name}-1")
    add(note, "CreDtTm", text=now.isoformat(timespec="seconds"))
    account = add(note, "Acct")
    add(account, "Id", "IBAN", text=order.iban)
    add(account, "Ccy", text="EUR")
    for came_in in (True, False):
        some = [one for one in told if (one.state == "booked") is came_in]
        if some:
            _entry(note, some, now, came_in=came_in)
    return document


def _entry(note: etree._Element, told: Iterable[Told], now: datetime, *, came_in: bool) -> None:
    told = list(told)
    entry = add(note, "Ntry")
    money(entry, "Amt", sum(one.debit.cents for one in told))
    add(entry, "CdtDbtInd", text="CRDT" if came_in else "DBIT")
    add(entry, "Sts", "Cd", text="BOOK")
    add(entry, "BookgDt", "Dt", text=now.date().isoformat())
    domain = add(entry, "BkTxCd", "Domn")
    add(domain, "Cd", text="PMNT")
    family = add(domain, "Fmly")
    add(family, "Cd", text="IDDT")
    add(family, "SubFmlyCd", text="ESDD" if came_in else "UPDD")
    details = add(entry, "NtryDtls")
    add(details, "Btch", "NbOfTxs", text=str(len(told)))
    for one in told:
        of_one = add(details, "TxDtls")
        references = add(of_one, "Refs")
        add(references, "EndToEndId", text=one.debit.key)
        add(references, "MndtId", text=one.debit.reference)
        money(of_one, "Amt", one.debit.cents)
        add(of_one, "CdtDbtInd", text="CRDT" if came_in else "DBIT")
        if not came_in:
            add(of_one, "RtrInf", "Rsn", "Cd", text=one.reason)

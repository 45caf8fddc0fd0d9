"""Credit transfers: a file of them as a bank reads it, and what it says of them: pain.002 and camt.054."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from lxml import etree
from stdnum import iban as ibans

from campanella.simulators.bank.elements import add, cents_of, money, root, text_of
from campanella.simulators.bank.orders import Debit, Order, Refused, Told

FORMS = {
    "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09": "pain001",
    "urn:iso:std:iso:20022:tech:xsd:pain.001.001.03": "pain001-2009",
}
PAIN = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"
CAMT = "urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"
# Which events a form speaks of.
TELLS = {"pain002": {"rejected", "booked"}, "camt054": {"booked", "returned"}, "cbi": set[str]()}


def is_transfer(order: Order) -> bool:
    """Tell whether a file pays rather than collects."""
    return order.form in FORMS.values()


def read(document: etree._Element, *, today: date) -> Order:
    """
    Read a file of credit transfers.

    :raises Refused: its sums are wrong, the account is none, or the day cannot be met
    """
    header, blocks = document.find(".//{*}GrpHdr"), document.findall(".//{*}PmtInf")
    if header is None or not blocks:
        raise Refused("FF01: mancano testata o disposizioni")
    order = Order(
        message_id=text_of(header, "MsgId"),
        form=FORMS[etree.QName(document).namespace or ""],
        sender=text_of(header, "InitgPty/Nm"),
        cuc=text_of(header, "InitgPty/Id/OrgId/Othr/Id"),
        creditor=text_of(blocks[0], "Dbtr/Nm"),
        creditor_id="",
        iban=text_of(blocks[0], "DbtrAcct/Id/IBAN"),
        created=text_of(header, "CreDtTm"),
        debits=[_transfer(block, one) for block in blocks for one in block.findall("{*}CdtTrfTxInf")],
    )
    _check(order, header, today)
    return order


def _transfer(block: etree._Element, one: etree._Element) -> Debit:
    key = text_of(one, "PmtId/EndToEndId")
    return Debit(
        key=key,
        instruction=text_of(one, "PmtId/InstrId"),
        payment_id=text_of(block, "PmtInfId"),
        sequence="SCT",
        day=text_of(block, "ReqdExctnDt/Dt") or text_of(block, "ReqdExctnDt"),
        cents=cents_of(text_of(one, "Amt/InstdAmt")),
        reference=key,
        signed_on="",
        name=text_of(one, "Cdtr/Nm"),
        iban=text_of(one, "CdtrAcct/Id/IBAN"),
        text=text_of(one, "RmtInf/Ustrd"),
        is_amended=False,
    )


def _check(order: Order, header: etree._Element, today: date) -> None:
    if not ibans.is_valid(order.iban):
        raise Refused("AC01: il conto di chi paga non è valido")
    count, total = text_of(header, "NbOfTxs"), cents_of(text_of(header, "CtrlSum"))
    if count != str(len(order.debits)) or total != sum(one.cents for one in order.debits):
        raise Refused("FF01: numero o totale delle disposizioni non tornano")
    for day in sorted({one.day for one in order.debits}):
        when = date.fromisoformat(day)
        if not today <= when <= today + timedelta(days=365) or when.weekday() > 4:
            raise Refused(f"DT01: il {day} non è un giorno in cui la banca può pagare")


def write(form: str, *, order: Order, told: Sequence[Told], name: str, now: datetime) -> bytes:
    """Write an answer of one of the forms."""
    document = _notification(order, told, name, now) if form == "camt054" else _report(order, told, name, now)
    return etree.tostring(document, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _report(order: Order, told: Sequence[Told], name: str, now: datetime) -> etree._Element:
    document = root(PAIN, "Document")
    report = add(document, "CstmrPmtStsRpt")
    header = add(report, "GrpHdr")
    add(header, "MsgId", text=name)
    add(header, "CreDtTm", text=now.replace(tzinfo=None).isoformat(timespec="seconds"))
    group = add(report, "OrgnlGrpInfAndSts")
    add(group, "OrgnlMsgId", text=order.message_id)
    add(group, "OrgnlMsgNmId", text="pain.001.001.09" if order.form == "pain001" else "pain.001.001.03")
    add(group, "GrpSts", text="PART")
    for payment_id in dict.fromkeys(one.debit.payment_id for one in told):
        block = add(report, "OrgnlPmtInfAndSts")
        add(block, "OrgnlPmtInfId", text=payment_id)
        for number, one in enumerate(told, 1):
            if one.debit.payment_id == payment_id:
                status = add(block, "TxInfAndSts")
                add(status, "StsId", text=str(number))
                add(status, "OrgnlInstrId", text=one.debit.instruction or "1")
                add(status, "OrgnlEndToEndId", text=one.debit.key)
                add(status, "TxSts", text="ACSC" if one.state == "booked" else "RJCT")
                if one.state != "booked":
                    add(status, "StsRsnInf", "Rsn", "Cd", text=one.reason)
                reference = add(status, "OrgnlTxRef")
                money(add(reference, "Amt"), "InstdAmt", one.debit.cents)
                add(reference, "ReqdExctnDt", text=one.debit.day)
    return document


def _notification(order: Order, told: Sequence[Told], name: str, now: datetime) -> etree._Element:
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
    for one in told:
        _entry(note, one, now)
    return document


def _entry(note: etree._Element, one: Told, now: datetime) -> None:
    is_back = one.state != "booked"
    sign = "CRDT" if is_back else "DBIT"
    entry = add(note, "Ntry")
    money(entry, "Amt", one.debit.cents)
    add(entry, "CdtDbtInd", text=sign)
    add(entry, "Sts", "Cd", text="BOOK")
    add(entry, "BookgDt", "Dt", text=now.date().isoformat())
    domain = add(entry, "BkTxCd", "Domn")
    add(domain, "Cd", text="PMNT")
    family = add(domain, "Fmly")
    add(family, "Cd", text="RCDT" if is_back else "ICDT")
    add(family, "SubFmlyCd", text="RRTN" if is_back else "ESCT")
    details = add(entry, "NtryDtls", "TxDtls")
    add(details, "Refs", "EndToEndId", text=one.debit.key)
    money(details, "Amt", one.debit.cents)
    add(details, "CdtDbtInd", text=sign)
    if is_back:
        add(details, "RtrInf", "Rsn", "Cd", text=one.reason)

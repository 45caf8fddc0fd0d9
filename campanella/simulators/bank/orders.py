"""A file of direct debits as a bank reads it: CBI or pain.008, with everything that makes it turn the whole file away."""

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.easter import easter
from lxml import etree
from stdnum import iban as ibans
from stdnum.eu import at_02

FORMS = {
    "urn:CBI:xsd:CBIBdySDDReq.00.01.01": "cbi",
    "urn:iso:std:iso:20022:tech:xsd:pain.008.001.08": "pain008",
}


class Refused(ValueError):
    """The whole file is turned away; the text says why."""


@dataclass
class Debit:
    """One direct debit, and what became of it: ``received``, ``booked``, ``rejected``, ``returned`` or ``refunded``."""

    key: str
    instruction: str
    payment_id: str
    sequence: str
    day: str
    cents: int
    reference: str
    signed_on: str
    name: str
    iban: str
    text: str
    is_amended: bool
    state: str = "received"
    reason: str = ""


@dataclass
class Order:
    """A file as a whole."""

    message_id: str
    form: str
    sender: str
    cuc: str
    creditor: str
    creditor_id: str
    iban: str
    created: str
    debits: list[Debit]


@dataclass(frozen=True)
class Told:
    """One event of a debit, or of a transfer."""

    debit: Debit
    state: str
    reason: str


def read(root: etree._Element, *, today: date) -> Order:
    """
    Read a file of direct debits.

    :raises Refused: it is none, its sums are wrong, or a day cannot be met
    """
    form = FORMS.get(etree.QName(root).namespace or "")
    if form is None:
        raise Refused("FF01: non è un flusso SDD che conosciamo (CBI 00.01.01 o pain.008.001.08)")
    header = root.find(".//{*}GrpHdr")
    blocks = root.findall(".//{*}PmtInf")
    if header is None or not blocks:
        raise Refused("FF01: mancano testata o disposizioni")
    order = Order(
        message_id=_text(header, "MsgId"),
        form=form,
        sender=_text(header, "InitgPty/Nm"),
        cuc=_text(header, "InitgPty/Id/OrgId/Othr/Id"),
        creditor=_text(blocks[0], "Cdtr/Nm"),
        creditor_id=_text(blocks[0], "CdtrSchmeId/Id/PrvtId/Othr/Id"),
        iban=_text(blocks[0], "CdtrAcct/Id/IBAN"),
        created=_text(header, "CreDtTm"),
        debits=[debit for block in blocks for debit in _debits(block)],
    )
    _check(order, header, today)
    return order


def _check(order: Order, header: etree._Element, today: date) -> None:
    if not at_02.is_valid(order.creditor_id):
        raise Refused(f"BE05: il codice creditore {order.creditor_id} non è valido")
    if not ibans.is_valid(order.iban):
        raise Refused("AC01: il conto del creditore non è valido")
    count, total = _text(header, "NbOfTxs"), _cents(_text(header, "CtrlSum"))
    if count != str(len(order.debits)) or total != sum(debit.cents for debit in order.debits):
        raise Refused("FF01: numero o totale delle disposizioni non tornano")
    for day in sorted({debit.day for debit in order.debits}):
        when = date.fromisoformat(day)
        if when <= today:
            raise Refused(f"DT01: il {day} è troppo presto, la banca vuole il file prima")
        if _is_closed(when):
            raise Refused(f"DT01: il {day} non è un giorno lavorativo bancario")
        if when > today + timedelta(days=365):
            raise Refused(f"DT01: il {day} è troppo lontano")


def _is_closed(day: date) -> bool:
    """Tell whether banks settle nothing between them: week-ends and TARGET's six holidays."""
    sunday = easter(day.year)
    holidays = {sunday - timedelta(days=2), sunday + timedelta(days=1)}
    return day.weekday() > 4 or day in holidays or (day.month, day.day) in {(1, 1), (5, 1), (12, 25), (12, 26)}


def _debits(block: etree._Element) -> list[Debit]:
    return [
        Debit(
            key=_text(one, "PmtId/EndToEndId"),
            instruction=_text(one, "PmtId/InstrId"),
            payment_id=_text(block, "PmtInfId"),
            sequence=_text(block, "PmtTpInf/SeqTp"),
            day=_text(block, "ReqdColltnDt"),
            cents=_cents(_text(one, "InstdAmt")),
            reference=_text(one, "DrctDbtTx/MndtRltdInf/MndtId"),
            signed_on=_text(one, "DrctDbtTx/MndtRltdInf/DtOfSgntr"),
            name=_text(one, "Dbtr/Nm"),
            iban=_text(one, "DbtrAcct/Id/IBAN"),
            text=_text(one, "RmtInf/Ustrd"),
            is_amended=_text(one, "DrctDbtTx/MndtRltdInf/AmdmntInd") == "true",
        )
        for one in block.findall("{*}DrctDbtTxInf")
    ]


def _cents(text: str) -> int:
    whole, _, rest = text.partition(".")
    try:
        return int(whole) * 100 + int(rest.ljust(2, "0")[:2])
    except ValueError:
        raise Refused(f"FF01: {text!r} non è un importo")


def _text(element: etree._Element, path: str) -> str:
    found = element.find("/".join(f"{{*}}{name}" for name in path.split("/")))
    return (found.text or "").strip() if found is not None else ""

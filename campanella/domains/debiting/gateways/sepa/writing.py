"""The file of collections, written as a stream: one block for each day and sequence type."""

from collections.abc import Sequence
from typing import Any, BinaryIO

from lxml import etree

from campanella.domains.debiting.gateways.sepa.base import Ask, Creditor, Format, Group, Head
from campanella.domains.debiting.gateways.sepa.flavours import Cbi, Flavour, Pain008, amount, sums, under
from campanella.domains.debiting.gateways.sepa.text import LONGEST_NAME, is_identifier, plain

FLAVOURS: dict[Format, Flavour] = {"cbi": Cbi(), "pain008": Pain008()}
LONGEST_REMITTANCE = 140
LONGEST_TOWN = 35
# "Same mandate, new debtor account" (EPC, since November 2016).
NEW_ACCOUNT = "SMNDA"


class SumsDiffer(RuntimeError):
    """A fault of the program: what was written is not what the head of the file had announced."""


def write(out: BinaryIO, *, head: Head, groups: Sequence[Group], form: Format) -> None:
    """
    Write the file.

    :raises SumsDiffer: a group held other collections than it had announced
    :raises NotWritable: a name has no character that a bank takes
    """
    flavour = FLAVOURS[form]
    with etree.xmlfile(out, encoding="UTF-8") as file:
        file.write_declaration()
        with flavour.around(file):
            file.write(_header(head, list(groups), flavour))
            number = 0
            for group in groups:
                with file.element(f"{{{flavour.namespace}}}PmtInf"):
                    for element in _block(head.creditor, group, flavour):
                        file.write(element)
                    number = _write_asks(file, group, flavour, number)


def _header(head: Head, groups: list[Group], flavour: Flavour) -> etree._Element:
    header = _element("GrpHdr", flavour)
    under(header, "MsgId", text=_identifier(head.message_id))
    under(header, "CreDtTm", text=head.made_at.isoformat(timespec="seconds"))
    sums(header, groups)
    flavour.sender(under(header, "InitgPty"), head)
    return header


def _block(creditor: Creditor, group: Group, flavour: Flavour) -> list[etree._Element]:
    """Return what stands in a block before its collections, in the schema's order."""
    block = _element("PmtInf", flavour)
    under(block, "PmtInfId", text=_identifier(group.payment_id))
    under(block, "PmtMtd", text="DD")
    under(block, "BtchBookg", text="true")
    if flavour.says_sums_of_groups:
        sums(block, [group])
    kind = under(block, "PmtTpInf")
    under(kind, "SvcLvl", "Cd", text="SEPA")
    under(kind, "LclInstrm", "Cd", text="CORE")
    under(kind, "SeqTp", text=group.sequence)
    under(block, "ReqdColltnDt", text=group.day.isoformat())
    under(block, "Cdtr", "Nm", text=plain(creditor.name, longest=LONGEST_NAME))
    under(block, "CdtrAcct", "Id", "IBAN", text=creditor.account.iban)
    flavour.bank_of_creditor(under(block, "CdtrAgt"), creditor)
    under(block, "ChrgBr", text="SLEV")
    other = under(block, "CdtrSchmeId", "Id", "PrvtId", "Othr")
    under(other, "Id", text=creditor.creditor_id)
    flavour.scheme(other)
    return list(block)


def _write_asks(file: Any, group: Group, flavour: Flavour, number: int) -> int:
    cents, first = 0, number
    for ask in group.asks:
        number += 1
        cents += ask.cents
        file.write(_ask(ask, flavour, number))
    if (number - first, cents) != (group.count, group.cents):
        raise SumsDiffer(group.payment_id)
    return number


def _ask(ask: Ask, flavour: Flavour, number: int) -> etree._Element:
    one = _element("DrctDbtTxInf", flavour)
    flavour.ids(under(one, "PmtId"), ask, number)
    amount(one, "InstdAmt", ask.cents)
    mandate = under(one, "DrctDbtTx", "MndtRltdInf")
    under(mandate, "MndtId", text=_identifier(ask.reference))
    under(mandate, "DtOfSgntr", text=ask.signed_on.isoformat())
    if ask.amendment:
        _amendment(mandate, ask)
    flavour.bank_of_debtor(one, ask)
    debtor = under(one, "Dbtr")
    under(debtor, "Nm", text=plain(ask.holder, longest=LONGEST_NAME))
    if ask.town and ask.country:
        address = under(debtor, "PstlAdr")
        under(address, "TwnNm", text=plain(ask.town, longest=LONGEST_TOWN))
        under(address, "Ctry", text=ask.country)
    under(one, "DbtrAcct", "Id", "IBAN", text=ask.account.iban)
    under(one, "RmtInf", "Ustrd", text=plain(ask.remittance, longest=LONGEST_REMITTANCE))
    return one


def _amendment(mandate: etree._Element, ask: Ask) -> None:
    under(mandate, "AmdmntInd", text="true")
    details = under(mandate, "AmdmntInfDtls")
    if ask.amendment.former_reference:
        under(details, "OrgnlMndtId", text=ask.amendment.former_reference)
    if ask.amendment.former_creditor_id:
        under(details, "OrgnlCdtrSchmeId", "Id", "PrvtId", "Othr", "Id", text=ask.amendment.former_creditor_id)
    if ask.amendment.is_new_account:
        under(details, "OrgnlDbtrAcct", "Id", "Othr", "Id", text=NEW_ACCOUNT)


def _identifier(text: str) -> str:
    if not is_identifier(text):
        raise ValueError(f"no id for a bank: {text}")
    return text


def _element(name: str, flavour: Flavour) -> etree._Element:
    return etree.Element(f"{{{flavour.namespace}}}{name}", nsmap=flavour.prefixes)

"""Writing ``pain.001``, in the two versions that banks take; what tells them apart is a handful of names."""

from dataclasses import dataclass
from typing import cast

from lxml import etree

from campanella.domains.adjusting.gateways.sct.base import CreditTransfer, Format, TransferFile
from campanella.domains.debiting.gateways.sepa.flavours import amount, under
from campanella.domains.debiting.gateways.sepa.text import LONGEST_NAME, euros, is_identifier, plain
from campanella.domains.debiting.rules.accounts import Account

LONGEST_REMITTANCE = 140
NO_BIC = "NOTPROVIDED"


@dataclass(frozen=True)
class _Version:
    namespace: str
    bic: str
    has_date_choice: bool


_VERSIONS: dict[Format, _Version] = {
    "pain001": _Version("urn:iso:std:iso:20022:tech:xsd:pain.001.001.09", "BICFI", has_date_choice=True),
    "pain001-2009": _Version("urn:iso:std:iso:20022:tech:xsd:pain.001.001.03", "BIC", has_date_choice=False),
}


class NoIdentifier(ValueError):
    """An id has characters that no bank takes: a fault of the program."""


def write(order: TransferFile, *, form: Format) -> bytes:
    """
    Write a file of credit transfers: the same order makes the same bytes.

    :raises NoIdentifier: one of our own ids is none for a bank
    """
    version = _VERSIONS[form]
    # lxml takes None as the default namespace; its stubs know only texts.
    prefixes = cast("dict[str, str]", {None: version.namespace})
    root = etree.Element(f"{{{version.namespace}}}Document", nsmap=prefixes)
    message = under(root, "CstmrCdtTrfInitn")
    _header(under(message, "GrpHdr"), order)
    block = under(message, "PmtInf")
    under(block, "PmtInfId", text=_id(f"{order.message_id}-1"))
    under(block, "PmtMtd", text="TRF")
    _sums(block, order)
    under(block, "PmtTpInf", "SvcLvl", "Cd", text="SEPA")
    day = under(block, "ReqdExctnDt", "Dt") if version.has_date_choice else under(block, "ReqdExctnDt")
    day.text = order.day.isoformat()
    under(block, "Dbtr", "Nm", text=plain(order.debtor, longest=LONGEST_NAME))
    under(block, "DbtrAcct", "Id", "IBAN", text=order.account.iban)
    _bank(under(block, "DbtrAgt", "FinInstnId"), order.account, version)
    under(block, "ChrgBr", text="SLEV")
    for number, transfer in enumerate(order.transfers, 1):
        _transfer(under(block, "CdtTrfTxInf"), transfer, number, version)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _header(header: etree._Element, order: TransferFile) -> None:
    under(header, "MsgId", text=_id(order.message_id))
    under(header, "CreDtTm", text=order.made_at.replace(tzinfo=None, microsecond=0).isoformat())
    _sums(header, order)
    sender = under(header, "InitgPty")
    under(sender, "Nm", text=plain(order.debtor, longest=LONGEST_NAME))
    if order.cuc:
        other = under(sender, "Id", "OrgId", "Othr")
        under(other, "Id", text=order.cuc)
        under(other, "Issr", text="CBI")


def _sums(parent: etree._Element, order: TransferFile) -> None:
    under(parent, "NbOfTxs", text=str(len(order.transfers)))
    under(parent, "CtrlSum", text=euros(order.cents))


def _bank(parent: etree._Element, account: Account, version: _Version) -> None:
    if account.bic:
        under(parent, version.bic, text=account.bic)
    else:
        under(parent, "Othr", "Id", text=NO_BIC)


def _transfer(one: etree._Element, transfer: CreditTransfer, number: int, version: _Version) -> None:
    ids = under(one, "PmtId")
    under(ids, "InstrId", text=str(number))
    under(ids, "EndToEndId", text=_id(transfer.end_to_end_id))
    amount(under(one, "Amt"), "InstdAmt", transfer.cents)
    if transfer.account.bic:
        _bank(under(one, "CdtrAgt", "FinInstnId"), transfer.account, version)
    under(one, "Cdtr", "Nm", text=plain(transfer.holder, longest=LONGEST_NAME))
    under(one, "CdtrAcct", "Id", "IBAN", text=transfer.account.iban)
    under(one, "RmtInf", "Ustrd", text=plain(transfer.remittance, longest=LONGEST_REMITTANCE))


def _id(text: str) -> str:
    if not is_identifier(text):
        raise NoIdentifier(text)
    return text

"""Notifications and statements of an account: ``camt.054`` and ``camt.053``."""

from collections.abc import Iterator

from lxml import etree

from campanella.domains.debiting.gateways.sepa.base import Answer, Kind, Line
from campanella.domains.debiting.gateways.sepa.elements import NOT_SAID, Events, cents, day, drop, form, name, text


class Statement:
    """``camt.054`` and ``camt.053``: what moved on the creditor's account."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.form = form(root)
        self.message_id = ""
        self.of_entry = 0

    def read(self, parser: Events) -> Iterator[Answer | Line]:
        """Read on to the end of the statement."""
        for event, element in parser:
            if event != "end":
                continue
            if element is self.root:
                break
            match name(element):
                case "GrpHdr":
                    self.message_id = text(element, "MsgId")
                case "Acct" if name(element.getparent()) in ("Ntfctn", "Stmt"):
                    yield Answer(self.form, self.message_id, iban=text(element, "Id/IBAN"))
                case "TxDtls":
                    yield from self._one(element)
                    drop(element)
                case "Ntry":
                    yield from self._block(element)
                    self.of_entry = 0
                    drop(element)

    def _one(self, details: etree._Element) -> Iterator[Line]:
        entry = next(details.iterancestors("{*}Ntry"))
        kind, key = _kind(entry, details), text(details, "Refs/EndToEndId")
        if kind and key and key != "NOTPROVIDED":
            self.of_entry += 1
            amount = cents(details, "Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt")
            yield self._line(entry, kind, reason=_reason(details), end_to_end_id=key, cents=amount)

    def _block(self, entry: etree._Element) -> Iterator[Line]:
        """Tell a whole block that was booked in one sum, where the bank does not list it."""
        payment_id = text(entry, "NtryDtls/Btch/PmtInfId")
        kind = _kind(entry, entry)
        if kind and payment_id and not self.of_entry:
            yield self._line(entry, kind, reason=NOT_SAID, payment_id=payment_id, cents=cents(entry, "Amt"))

    def _line(
        self,
        entry: etree._Element,
        kind: Kind,
        *,
        reason: str,
        cents: int | None,
        end_to_end_id: str = "",
        payment_id: str = "",
    ) -> Line:
        return Line(
            number=0,
            kind=kind,
            end_to_end_id=end_to_end_id,
            payment_id=payment_id,
            reason=reason if kind == "return" else "",
            cents=cents,
            on=day(entry, "BookgDt/Dt", "BookgDt/DtTm"),
        )


def _kind(entry: etree._Element, details: etree._Element) -> Kind | None:
    """Tell what a movement is; None for what only waits, and for what is no direct debit."""
    family = text(details, "BkTxCd/Domn/Fmly/Cd") or text(entry, "BkTxCd/Domn/Fmly/Cd")
    if (text(entry, "Sts/Cd") or text(entry, "Sts")) != "BOOK" or family not in ("", "IDDT"):
        return None
    if (text(details, "CdtDbtInd") or text(entry, "CdtDbtInd")) == "CRDT":
        return "collected"
    is_given_back = details.find("{*}RtrInf") is not None or text(entry, "RvslInd") == "true" or family == "IDDT"
    return "return" if is_given_back else None


def _reason(details: etree._Element) -> str:
    return text(details, "RtrInf/Rsn/Cd") or text(details, "RtrInf/Rsn/Prtry")[:4] or NOT_SAID

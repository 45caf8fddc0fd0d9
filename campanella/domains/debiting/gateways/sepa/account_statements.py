"""Notifications and statements of an account: ``camt.054`` and ``camt.053``."""

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from campanella.domains.debiting.gateways.sepa.base import Answer, Kind, Line
from campanella.domains.debiting.gateways.sepa.elements import NOT_SAID, Events, cents, day, drop, form, key, name, text

# Families of movements that do not say what they are: what was given back is known by its own words.
ANY_FAMILY = ("", "IDDT", "NTAV", "OTHR")
# What a bank takes for its work, booked among the direct debits: no collection has come back.
FEES = ("CHRG", "FEES", "COMM", "COME", "COMI", "COMT", "TAXE", "INTR")


class Statement:
    """``camt.054`` and ``camt.053``: what moved on the creditor's account."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.form = form(root)
        self.message_id = ""
        self.of_entry = 0
        self.nameless: list[Line] = []

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
                    yield from self._rest(element)
                    self.of_entry, self.nameless = 0, []
                    drop(element)

    def _one(self, details: etree._Element) -> Iterator[Line]:
        entry = next(details.iterancestors("{*}Ntry"))
        kind, known = _kind(entry, details), key(details, "Refs/EndToEndId")
        if kind is None:
            return
        amount = cents(details, "Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt")
        line = _line(entry, kind, reason=_reason(details), cents=amount)
        if known:
            self.of_entry += 1
            yield replace(line, end_to_end_id=known)
        elif kind == "return":
            self.nameless.append(replace(line, is_nameless=True, reference=text(details, "Refs/MndtId")))

    def _rest(self, entry: etree._Element) -> Iterator[Line]:
        """
        Tell a whole block that was booked in one sum, where the bank does not list it; and what came back without a key.

        Money that is gone is never passed over: of what the bank does not name, the office says whose it was.
        """
        payment_id, kind = text(entry, "NtryDtls/Btch/PmtInfId"), _kind(entry, entry)
        if kind and payment_id and not self.of_entry:
            yield replace(_line(entry, kind, reason=NOT_SAID, cents=cents(entry, "Amt")), payment_id=payment_id)
        elif self.nameless:
            yield from self.nameless
        elif kind == "return" and not self.of_entry:
            yield replace(_line(entry, kind, reason=NOT_SAID, cents=cents(entry, "Amt")), is_nameless=True)


def _line(entry: etree._Element, kind: Kind, *, reason: str, cents: int | None) -> Line:
    return Line(
        number=0,
        kind=kind,
        end_to_end_id="",
        reason=reason if kind == "return" else "",
        cents=cents,
        on=day(entry, "BookgDt/Dt", "BookgDt/DtTm"),
    )


def _kind(entry: etree._Element, details: etree._Element) -> Kind | None:
    """Tell what a movement is; None for what only waits, and for what is no direct debit."""
    of = details if text(details, "BkTxCd/Domn/Fmly/Cd") else entry
    family, sort = text(of, "BkTxCd/Domn/Fmly/Cd"), text(of, "BkTxCd/Domn/Fmly/SubFmlyCd")
    if (text(entry, "Sts/Cd") or text(entry, "Sts")) != "BOOK" or family not in ANY_FAMILY or sort in FEES:
        return None
    if (text(details, "CdtDbtInd") or text(entry, "CdtDbtInd")) == "CRDT":
        return "collected" if family in ("", "IDDT") else None
    is_reversed = text(entry, "RvslInd") in ("true", "1")
    is_given_back = family == "IDDT" or details.find("{*}RtrInf") is not None or (is_reversed and family == "")
    return "return" if is_given_back else None


def _reason(details: etree._Element) -> str:
    return text(details, "RtrInf/Rsn/Cd") or text(details, "RtrInf/Rsn/Prtry")[:4] or NOT_SAID

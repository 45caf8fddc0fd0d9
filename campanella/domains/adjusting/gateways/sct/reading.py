"""
What a bank answers to refunds: ``pain.002`` says what it took, ``camt.054`` and ``camt.053`` what left and what came back.

Of a statement only what carries one of our own keys is read: the rest is the town's other business.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from lxml import etree

from campanella.domains.adjusting.gateways.sct.base import Answer, Kind, Line
from campanella.domains.debiting.gateways.sepa.elements import NOT_SAID, cents, day, form, name, text

LONGEST_FILE = 20 * 1024 * 1024
"""Bytes. A statement of a town's whole month is a few megabytes."""

# What a status says for good; what only waits (ACTC, ACCP, ACSP, PDNG) says nothing yet.
_STATUSES: dict[str, Kind] = {"ACSC": "executed", "ACCC": "executed", "RJCT": "back"}


class NotReadable(ValueError):
    """The file is none that a bank answers with; the text is for who hands it in."""


def read(body: bytes, *, ours: str) -> Answer:
    """
    Read an answer whole.

    :param ours: how our own keys begin
    :raises NotReadable: no XML, cut off, too large, with a document type, or no kind of message that is known
    """
    message = _message(_parsed(body))
    empty: tuple[str, ...] = ()
    is_status = name(message) == "CstmrPmtStsRpt"
    if is_status:
        lines, ibans = list(_statuses(message)), empty
        originals = tuple(text(one, "OrgnlMsgId") for one in message.iterfind("{*}OrgnlGrpInfAndSts"))
    else:
        lines = [line for line in _moved(message) if line.end_to_end_id.startswith(ours)]
        ibans = tuple(dict.fromkeys(found for one in _accounts(message) if (found := text(one, "Acct/Id/IBAN"))))
        originals = empty
    numbered = tuple(replace(line, number=number) for number, line in enumerate(lines, 1))
    return Answer(form(message), text(message, "GrpHdr/MsgId"), ibans, originals, numbered, is_status)


def _parsed(body: bytes) -> etree._Element:
    if not body.strip():
        raise NotReadable("Questo file è vuoto.")
    if len(body) > LONGEST_FILE:
        raise NotReadable("Questo file è più grande di 20 MB: chiedi alla banca di dividerlo.")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root: etree._Element = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as fault:
        is_cut_off = body.lstrip().startswith(b"<") and not body.rstrip().endswith(b">")
        if is_cut_off or "Premature end" in str(fault):
            words = "Questo file finisce a metà: scaricalo di nuovo dalla banca. Non è stato registrato niente."
        else:
            words = "Questo file non è un XML leggibile: scaricalo di nuovo dalla banca."
        raise NotReadable(words) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise NotReadable("Questo file contiene una dichiarazione DOCTYPE, che una banca non scrive: non è stato letto.")
    return root


def _message(root: etree._Element) -> etree._Element:
    elements: list[etree._Element] = [root, *root]
    for element in elements:
        if name(element) in ("CstmrPmtStsRpt", "BkToCstmrDbtCdtNtfctn", "BkToCstmrStmt"):
            return element
    raise NotReadable("Questo file non è un esito di bonifici: servono un pain.002, un camt.053 o un camt.054.")


def _statuses(message: etree._Element) -> Iterator[Line]:
    """Read each transfer's status; where a whole block or the whole file is refused, one line says so of all."""
    had_lines = False
    for status in message.iter("{*}TxInfAndSts"):
        kind = _STATUSES.get(text(status, "TxSts"))
        had_lines = True
        if kind:
            place, amount = text(status, "OrgnlInstrId"), cents(status, "OrgnlTxRef/Amt/InstdAmt")
            line = _line(kind, text(status, "OrgnlEndToEndId"), status, amount)
            yield replace(line, place=int(place)) if _is_place(place) else line
    if not had_lines:
        for path, at in (("OrgnlPmtInfAndSts", "PmtInfSts"), ("OrgnlGrpInfAndSts", "GrpSts")):
            for whole in message.iterfind(f"{{*}}{path}"):
                kind = _STATUSES.get(text(whole, at))
                if kind:
                    yield replace(_line(kind, "", whole, None), is_whole=True)
                    return


def _is_place(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 9


def _line(kind: Kind, key: str, status: etree._Element, amount: int | None) -> Line:
    reason = (text(status, "StsRsnInf/Rsn/Cd") or NOT_SAID) if kind == "back" else ""
    return Line(0, kind, key, reason, amount, day(status, "OrgnlTxRef/ReqdExctnDt/Dt", "OrgnlTxRef/ReqdExctnDt"))


def _accounts(message: etree._Element) -> Iterator[etree._Element]:
    yield from message.iterfind("{*}Ntfctn")
    yield from message.iterfind("{*}Stmt")


def _moved(message: etree._Element) -> Iterator[Line]:
    for account in _accounts(message):
        for entry in account.iterfind("{*}Ntry"):
            on = day(entry, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt")
            for details in entry.iterfind("{*}NtryDtls/{*}TxDtls"):
                yield _detail(entry, details, on)


def _detail(entry: etree._Element, details: etree._Element, on: date | None) -> Line:
    reason = text(details, "RtrInf/Rsn/Cd")
    direction = text(details, "CdtDbtInd") or text(entry, "CdtDbtInd")
    is_back = direction == "CRDT" or details.find("{*}RtrInf") is not None
    amount = cents(details, "Amt", "AmtDtls/TxAmt/Amt")
    key = text(details, "Refs/EndToEndId")
    return Line(0, "back" if is_back else "executed", key, (reason or NOT_SAID) if is_back else "", amount, on)

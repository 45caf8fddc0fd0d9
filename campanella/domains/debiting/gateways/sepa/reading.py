"""
What comes back from a bank, read as a stream: CBI's and ISO's status reports, notifications and statements of an account.

An element is understood by its local name and dropped when it is over. What is no answer to a direct debit (other movements
of a statement, what only waits) is passed over.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from lxml import etree

from campanella.domains.debiting.gateways.sepa.account_statements import Statement
from campanella.domains.debiting.gateways.sepa.base import Answer, Line
from campanella.domains.debiting.gateways.sepa.elements import Events, name
from campanella.domains.debiting.gateways.sepa.status_reports import StatusReport

LONGEST_FILE = 200 * 1024 * 1024
"""Bytes. The statuses of a million collections are some hundreds of megabytes; a town's month is far below."""

STATUS_REPORTS = {"CBISDDStsRptLogMsg", "CstmrPmtStsRpt"}
STATEMENTS = {"BkToCstmrDbtCdtNtfctn", "BkToCstmrStmt"}
# How libxml2 says that a document is not over yet.
NOT_OVER = ("Premature end", "Couldn't find end of")


class NotReadable(ValueError):
    """The file is none that a bank sends back; the text is for who hands it in."""


def read(source: BinaryIO) -> Iterator[Answer | Line]:
    """
    Read a file: its head first (anew for each account of a statement), then its lines.

    What was read before a file breaks off counts for nothing: read to the end before anything is written for good.

    :raises NotReadable: no XML, cut off, too large, with a document type, or no kind of message that is known
    """
    opened = _Measured(source)
    try:
        parser = etree.iterparse(
            opened,
            events=("start", "end"),
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        number = 0
        for part in _messages(parser):
            if isinstance(part, Line):
                number += 1
                part = replace(part, number=number)
            yield part
    except etree.XMLSyntaxError as fault:
        raise NotReadable(_why(fault, opened)) from None


class _Measured:
    """Reads on until it is too much; remembers how the file begins and how it ends."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._read_bytes = 0
        self.begins = self.ends = b""

    def read(self, size: int = -1) -> bytes:
        part = self._source.read(size)
        self._read_bytes += len(part)
        if self._read_bytes > LONGEST_FILE:
            raise NotReadable("Questo file è più grande di 200 MB: chiedi alla banca di dividerlo.")
        self.begins = self.begins or part[:8]
        self.ends = (self.ends + part)[-8:]
        return part

    @property
    def is_cut_off(self) -> bool:
        """Tell whether it begins as XML does and does not end so."""
        self.read(1)
        return b"<" in self.begins and not self.ends.replace(b"\0", b"").rstrip().endswith(b">")


def _messages(parser: Events) -> Iterator[Answer | Line]:
    is_first, is_known = True, False
    for event, element in parser:
        if is_first:
            is_first = False
            # With these settings an entity bomb parses quietly, its entities left alone: so any document type is refused.
            if element.getroottree().docinfo.internalDTD is not None:
                raise NotReadable(
                    "Questo file contiene una dichiarazione DOCTYPE, che una banca non scrive: non è stato letto."
                )
        if event != "start":
            continue
        found = name(element)
        if found in STATUS_REPORTS:
            is_known = True
            yield from StatusReport(element).read(parser)
        elif found in STATEMENTS:
            is_known = True
            yield from Statement(element).read(parser)
    if not is_known:
        raise NotReadable(
            "Questo file non è un esito di addebiti: servono gli esiti CBI, un pain.002, un camt.053 o un camt.054."
        )


def _why(fault: etree.XMLSyntaxError, opened: _Measured) -> str:
    if not opened.begins:
        return "Questo file è vuoto."
    if opened.is_cut_off or any(words in str(fault) for words in NOT_OVER):
        return "Questo file finisce a metà: scaricalo di nuovo dalla banca. Non è stato registrato niente."
    return f"Questo file non è un XML leggibile (riga {fault.lineno or 1}): scaricalo di nuovo dalla banca."

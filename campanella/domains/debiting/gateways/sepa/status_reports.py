"""Status reports: CBI's, and ``pain.002``."""

from collections.abc import Iterator
from dataclasses import replace

from lxml import etree

from campanella.domains.debiting.gateways.sepa.base import Answer, Kind, Line
from campanella.domains.debiting.gateways.sepa.elements import NOT_SAID, Events, cents, day, drop, form, key, name, text

# What a status says; of all others nothing has happened yet.
STATUSES: dict[str, Kind] = {"RJCT": "reject", "ACSC": "collected"}


class StatusReport:
    """CBI's status report and ``pain.002``: who was not collected from."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.form = form(root)
        self.message_id = self.cuc = ""

    def read(self, parser: Events) -> Iterator[Answer | Line]:
        """Read on to the end of the report."""
        whole: Line | None = None
        had_lines = block_had_lines = False
        for event, element in parser:
            if event != "end":
                continue
            if element is self.root:
                break
            match name(element):
                case "GrpHdr":
                    self.message_id = text(element, "MsgId")
                    self.cuc = _cuc(element)
                case "OrgnlGrpInfAndSts":
                    original = text(element, "OrgnlMsgId")
                    yield Answer(self.form, self.message_id, cuc=self.cuc, original_id=original)
                    whole = self._line(element, text(element, "GrpSts"), "")
                case "TxInfAndSts":
                    had_lines = block_had_lines = True
                    line = self._line(element, text(element, "TxSts"), "")
                    if line:
                        # Without its key it speaks of one collection all the same, and never of its whole block or file.
                        yield line if line.end_to_end_id else replace(line, is_nameless=True, reference=_reference(element))
                    drop(element)
                case "OrgnlPmtInfAndSts":
                    line = self._line(element, text(element, "PmtInfSts"), text(element, "OrgnlPmtInfId"))
                    if line and not block_had_lines:
                        had_lines = True
                        yield line
                    block_had_lines = False
                    drop(element)
        if whole and not had_lines:
            yield whole

    def _line(self, element: etree._Element, status: str, payment_id: str) -> Line | None:
        kind = STATUSES.get(status)
        if kind is None:
            return None
        return Line(
            number=0,
            kind=kind,
            end_to_end_id=key(element, "OrgnlEndToEndId"),
            payment_id=payment_id,
            reason=(text(element, "StsRsnInf/Rsn/Cd") or NOT_SAID) if kind == "reject" else "",
            cents=cents(element, "OrgnlTxRef/Amt/InstdAmt"),
            on=day(element, "OrgnlTxRef/ReqdColltnDt"),
        )


def _reference(element: etree._Element) -> str:
    return text(element, "OrgnlTxRef/MndtRltdInf/MndtId")


def _cuc(header: etree._Element) -> str:
    for other in header.iterfind("{*}InitgPty/{*}Id/{*}OrgId/{*}Othr"):
        if text(other, "Issr") == "CBI":
            return text(other, "Id")
    return ""

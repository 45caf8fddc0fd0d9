"""What tells the two kinds of file apart; ``writing`` has what they share."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, Protocol, cast

from lxml import etree

from campanella.domains.debiting.gateways.sepa.base import Ask, Creditor, Group, Head
from campanella.domains.debiting.gateways.sepa.text import LONGEST_NAME, euros, plain

BODY = "urn:CBI:xsd:CBIBdySDDReq.00.01.01"
MESSAGE = "urn:CBI:xsd:CBISDDReqLogMsg.00.01.01"
ISO = "urn:iso:std:iso:20022:tech:xsd:pain.008.001.08"
CORE = "INC-SDDC-01"
NO_BIC = "NOTPROVIDED"


def default_namespace(namespace: str) -> dict[str, str]:
    """Return a map of prefixes with this one for elements without any."""
    # lxml takes None as the default namespace; its stubs know only texts.
    return cast("dict[str, str]", {None: namespace})


class Flavour(Protocol):
    """One kind of file."""

    namespace: str
    prefixes: dict[str, str]
    says_sums_of_groups: bool

    def around(self, file: Any) -> Any:
        """Write what is around the message, as a context."""

    def sender(self, parent: etree._Element, head: Head) -> None:
        """Write who sends the file."""

    def bank_of_creditor(self, parent: etree._Element, creditor: Creditor) -> None:
        """Write the creditor's bank."""

    def ids(self, parent: etree._Element, ask: Ask, number: int) -> None:
        """Write the ids of one collection."""

    def bank_of_debtor(self, parent: etree._Element, ask: Ask) -> None:
        """Write the debtor's bank."""

    def scheme(self, parent: etree._Element) -> None:
        """Write the scheme of the creditor's identifier."""


class Pain008:
    """``pain.008.001.08`` of ISO 20022, as the EPC asks for since March 2024."""

    namespace = ISO
    prefixes: dict[str, str] = default_namespace(ISO)
    says_sums_of_groups = True

    @contextmanager
    def around(self, file: Any) -> Iterator[None]:
        """Write ``Document`` around the message."""
        with file.element(f"{{{ISO}}}Document", nsmap=self.prefixes), file.element(f"{{{ISO}}}CstmrDrctDbtInitn"):
            yield

    def sender(self, parent: etree._Element, head: Head) -> None:
        """Write name and creditor identifier."""
        under(parent, "Nm", text=plain(head.creditor.name, longest=LONGEST_NAME))
        under(parent, "Id", "OrgId", "Othr", "Id", text=head.creditor.creditor_id)

    def bank_of_creditor(self, parent: etree._Element, creditor: Creditor) -> None:
        """Write the bank by its BIC."""
        _by_bic(parent, creditor.account.bic)

    def ids(self, parent: etree._Element, ask: Ask, number: int) -> None:
        """Write our key."""
        under(parent, "EndToEndId", text=ask.end_to_end_id)

    def bank_of_debtor(self, parent: etree._Element, ask: Ask) -> None:
        """Write the bank, known or not: the element must be there."""
        _by_bic(under(parent, "DbtrAgt"), ask.account.bic)

    def scheme(self, parent: etree._Element) -> None:
        """Write that it is SEPA's."""
        under(parent, "SchmeNm", "Prtry", text="SEPA")


class Cbi:
    """``CBISDDReqLogMsg.00.01.01`` in ``CBIBdySDDReq.00.01.01``, as Italian banks take it since March 2024."""

    namespace = MESSAGE
    # The prefix that the message around an element has declared, so that it is not declared again and again.
    prefixes: dict[str, str] = {"LMSG": MESSAGE}
    says_sums_of_groups = False

    @contextmanager
    def around(self, file: Any) -> Iterator[None]:
        """Write the physical message around the logical one."""
        with file.element(f"{{{BODY}}}CBIBdySDDReq", nsmap=default_namespace(BODY) | self.prefixes):
            physical = etree.Element(f"{{{BODY}}}PhyMsgInf", nsmap=default_namespace(BODY))
            under(physical, "PhyMsgTpCd", text=CORE)
            under(physical, "NbOfLogMsg", text="1")
            file.write(physical)
            with file.element(f"{{{BODY}}}CBIEnvelSDDReqLogMsg"), file.element(f"{{{BODY}}}CBISDDReqLogMsg"):
                yield

    def sender(self, parent: etree._Element, head: Head) -> None:
        """Write name and CUC."""
        under(parent, "Nm", text=plain(head.creditor.name, longest=LONGEST_NAME))
        other = under(parent, "Id", "OrgId", "Othr")
        under(other, "Id", text=head.creditor.cuc)
        under(other, "Issr", text="CBI")

    def bank_of_creditor(self, parent: etree._Element, creditor: Creditor) -> None:
        """Write the bank by its ABI."""
        under(parent, "FinInstnId", "ClrSysMmbId", "MmbId", text=creditor.account.abi)

    def ids(self, parent: etree._Element, ask: Ask, number: int) -> None:
        """Write the place in the file and our key."""
        under(parent, "InstrId", text=str(number))
        under(parent, "EndToEndId", text=ask.end_to_end_id)

    def bank_of_debtor(self, parent: etree._Element, ask: Ask) -> None:
        """Write the bank only where it is known."""
        if ask.account.bic:
            _by_bic(under(parent, "DbtrAgt"), ask.account.bic)

    def scheme(self, parent: etree._Element) -> None:
        """Write none: CBI knows one scheme."""


def under(parent: etree._Element, *path: str, text: str | None = None) -> etree._Element:
    """Add elements inside each other, in the parent's namespace, and return the innermost."""
    for tag in _tags(parent.tag, path):
        parent = etree.SubElement(parent, tag)
    parent.text = text
    return parent


# A file of thousands of collections says the same few names again and again.
@cache
def _tags(beside: str, names: tuple[str, ...]) -> tuple[str, ...]:
    namespace = beside[: beside.index("}") + 1]
    return tuple(namespace + name for name in names)


def amount(parent: etree._Element, name: str, cents: int) -> None:
    """Add an amount in euro."""
    under(parent, name, text=euros(cents)).set("Ccy", "EUR")


def sums(parent: etree._Element, groups: list[Group]) -> None:
    """Add number and sum of the collections of some groups."""
    under(parent, "NbOfTxs", text=str(sum(group.count for group in groups)))
    under(parent, "CtrlSum", text=euros(sum(group.cents for group in groups)))


def _by_bic(parent: etree._Element, bic: str) -> None:
    institution = under(parent, "FinInstnId")
    if bic:
        under(institution, "BICFI", text=bic)
    else:
        under(institution, "Othr", "Id", text=NO_BIC)

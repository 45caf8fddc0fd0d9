"""Which kind of file arrived: one that collects, or one that pays."""

from datetime import date

from lxml import etree

from campanella.simulators.bank import orders, transfers
from campanella.simulators.bank.orders import Order, Refused


def read(document: bytes, *, today: date) -> Order:
    """
    Read a file of either kind.

    :raises Refused: it is none, its sums are wrong, or a day cannot be met
    """
    try:
        root = etree.fromstring(document, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    except etree.XMLSyntaxError as fault:
        raise Refused(f"FF01: non è un XML: {fault}")
    if etree.QName(root).namespace in transfers.FORMS:
        try:
            return transfers.read(root, today=today)
        except ValueError as fault:
            raise fault if isinstance(fault, Refused) else Refused(f"FF01: {fault}") from None
    return orders.read(root, today=today)

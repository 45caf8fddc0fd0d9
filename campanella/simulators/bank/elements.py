"""Elements of a bank's files, read and written."""

from typing import cast

from lxml import etree

from campanella.simulators import amounts


def root(namespace: str, name: str) -> etree._Element:
    """Return the element a message begins with."""
    # lxml takes None as the default namespace; its stubs know only texts.
    prefixes = cast("dict[str, str]", {None: namespace})
    return etree.Element(f"{{{namespace}}}{name}", nsmap=prefixes)


def add(parent: etree._Element, *path: str, text: str = "") -> etree._Element:
    """Add elements inside each other, and return the innermost."""
    namespace = parent.tag[: parent.tag.index("}") + 1]
    for name in path:
        parent = etree.SubElement(parent, namespace + name)
    parent.text = text or None
    return parent


def money(parent: etree._Element, name: str, cents: int) -> None:
    """Add an amount in euro."""
    add(parent, name, text=amounts.to_wire(cents)).set("Ccy", "EUR")


def text_of(element: etree._Element, path: str) -> str:
    """Return what stands on a path, empty where nothing does."""
    found = element.find("/".join(f"{{*}}{name}" for name in path.split("/")))
    return (found.text or "").strip() if found is not None else ""


def cents_of(text: str) -> int:
    """
    Read an amount.

    :raises ValueError: it is none
    """
    whole, _, rest = text.partition(".")
    return int(whole) * 100 + int(rest.ljust(2, "0")[:2])

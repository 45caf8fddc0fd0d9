"""Elements of a bank's answer, read by their local names: texts, amounts, days."""

from collections.abc import Iterator
from datetime import date
from functools import cache

from lxml import etree

Events = Iterator[tuple[str, etree._Element]]

# A bank that gives no reason is taken for one that does not say it.
NOT_SAID = "MS03"
MOST_OF_AN_ID = 35
# What stands for a key where there is none.
NO_KEY = "NOTPROVIDED"


def form(root: etree._Element) -> str:
    """Return the kind of message, such as ``pain.002.001.03``."""
    return (etree.QName(root).namespace or "").rpartition(":")[2] or name(root)


def name(element: etree._Element | None) -> str:
    """Return the name of an element without its namespace."""
    return etree.QName(element).localname if element is not None else ""


@cache
def _anywhere(path: str) -> str:
    """Write a path so that it holds in every namespace."""
    return "/".join(f"{{*}}{name}" for name in path.split("/"))


def text(element: etree._Element, path: str) -> str:
    """Return what stands in an element on a path, cut to the length of an id; empty where there is none."""
    found = element.find(_anywhere(path))
    return (found.text or "").strip()[:MOST_OF_AN_ID] if found is not None else ""


def key(element: etree._Element, path: str) -> str:
    """Return the key that we gave a collection, as it comes back; empty where the bank has lost it."""
    found = text(element, path)
    return "" if found.upper() == NO_KEY else found


def cents(element: etree._Element, *paths: str) -> int | None:
    """Read the first amount that is there, None where there is none; what is no amount is 0, which nobody was asked for."""
    for path in paths:
        if said := text(element, path):
            whole, _, rest = said.partition(".")
            if not (whole.isascii() and whole.isdigit() and (not rest or (rest.isascii() and rest.isdigit()))):
                return 0
            digits = rest.rstrip("0").ljust(2, "0")
            return int(whole) * 100 + int(digits) if len(digits) == 2 else 0
    return None


def day(element: etree._Element, *paths: str) -> date | None:
    """Return the first day that stands on one of the paths."""
    for path in paths:
        try:
            return date.fromisoformat(text(element, path)[:10])
        except ValueError:
            continue
    return None


def drop(element: etree._Element) -> None:
    """Let go of an element that is over, and of what came before it in its parent's list of the same kind."""
    element.clear()
    parent = element.getparent()
    if parent is not None:
        for before in list(element.itersiblings(element.tag, preceding=True)):
            parent.remove(before)

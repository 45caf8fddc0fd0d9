"""
The menus of the layouts: which word lights which entry, what it says, where it leads.

Each interface declares its own (``interfaces/*/menu.py``); they are installed at start, as the reactions are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.urls import NoReverseMatch

from campanella.foundation.design import addresses


@dataclass(frozen=True)
class Entry:
    """
    One entry of a menu; it is lit when the section of the page is one of ``sections``.

    :ivar is_counted: beside it stands how much waits to be read (``chrome.unread``)
    """

    sections: tuple[str, ...]
    label: str
    url_name: str
    icon: str = ""
    is_counted: bool = False


def install(menus: Mapping[str, Sequence[Entry]]) -> None:
    """Install the menus that the interfaces declare, by the name under which a layout asks for them."""
    _links.cache_clear()
    _menus.clear()
    _menus.update({name: tuple(entries) for name, entries in menus.items()})


@dataclass(frozen=True)
class Link:
    """An entry ready to be shown."""

    label: str
    address: str
    icon: str
    is_current: bool
    is_counted: bool


def links(*, menu: str, section: str) -> tuple[Link, ...]:
    """
    List the entries of a menu, with the one of this section lit.

    An entry without an address in this installation (an interface that is switched off) is left out.
    """
    return _links(menu, section, settings.ROOT_URLCONF)


@lru_cache(maxsize=256)
def _links(menu: str, section: str, urlconf: str) -> tuple[Link, ...]:
    """Addresses do not change while the process lives, and every page asks for two menus."""
    shown = []
    for entry in _menus[menu]:
        try:
            address = addresses.fixed(entry.url_name)
        except NoReverseMatch:
            continue
        shown.append(Link(entry.label, address, entry.icon, section in entry.sections, entry.is_counted))
    return tuple(shown)


_menus: dict[str, tuple[Entry, ...]] = {}

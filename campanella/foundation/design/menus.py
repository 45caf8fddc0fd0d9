"""The menus of the layouts, one table each: which word lights which entry, what it says, where it leads."""

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.urls import NoReverseMatch, reverse


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


PORTAL = (
    Entry(("profile",), "Anagrafica", "portal:profile"),
    Entry(("presences",), "Presenze", "portal:presences"),
    Entry(("payments",), "Pagamenti", "portal:payments"),
    Entry(("news",), "News", "portal:news", is_counted=True),
    Entry(("utility",), "Utility", "portal:utility"),
)

PHONE = (
    Entry(("home",), "Home", "portal:home", "c-home"),
    Entry(("presences",), "Presenze", "portal:presences", "it-calendar"),
    Entry(("payments",), "Pagamenti", "portal:payments", "c-wallet"),
    Entry(("news",), "News", "portal:news", "it-horn", is_counted=True),
    Entry(("utility", "profile"), "Altro", "portal:utility", "it-more-items"),
)

OFFICE = (
    Entry(("home",), "Oggi", "office:home"),
    Entry(("waiting",), "Da fare", "office:waiting"),
    Entry(("families",), "Famiglie", "office:search"),
    Entry(("rollcalls",), "Presenze", "office:rollcalls"),
    Entry(("payments",), "Incassi", "office:payments"),
    Entry(("news",), "News", "office:news"),
    Entry(("tickets",), "Segnalazioni", "office:tickets"),
    Entry(("settings",), "Impostazioni", "office:settings"),
)

MENUS = {"portal": PORTAL, "phone": PHONE, "office": OFFICE}


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
def _links(menu: str, section: str, addresses: str) -> tuple[Link, ...]:
    """Addresses do not change while the process lives, and every page asks for two menus."""
    shown = []
    for entry in MENUS[menu]:
        try:
            address = reverse(entry.url_name)
        except NoReverseMatch:
            continue
        shown.append(Link(entry.label, address, entry.icon, section in entry.sections, entry.is_counted))
    return tuple(shown)

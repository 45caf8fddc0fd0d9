"""The menus of the families' pages: at the head of a wide page, and at the foot of a phone."""

from campanella.foundation.design.menus import Entry

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

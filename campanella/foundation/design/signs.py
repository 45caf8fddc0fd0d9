"""The signs of the sprite that stand for something of the town's: which service, which kind of money."""

_SERVICES = {
    "meal": "c-meal",
    "bus": "c-bus",
    "bus_out": "c-bus",
    "bus_back": "c-bus",
    "nursery": "c-bell",
    "before": "c-bell",
    "after": "c-bell",
    "camp": "c-bell",
}


def service_sign(kind: str) -> str:
    """Return the sign of a kind of service; a wallet for none in particular has its own."""
    return _SERVICES.get(kind, "c-wallet")


_MOVEMENTS = {
    "again": "it-restore",
    "opening": "it-restore",
    "top_up": "c-wallet",
    "adjustment": "it-pencil",
    "transfer": "it-exchange-circle",
    "collection": "c-wallet",
    "returned": "it-restore",
    "goodwill": "it-plus-circle",
    "write_off": "it-pencil",
    "refund": "c-wallet",
    "sent_back": "it-restore",
    "reminder": "it-mail",
    "cash": "c-wallet",
    "cash_void": "it-restore",
    "stamp": "it-file",
    "interest": "it-clock",
}


def movement_sign(kind: str, service_kind: str) -> str:
    """Return the sign of a movement: that of the service for a day that was used."""
    return _MOVEMENTS.get(kind) or service_sign(service_kind)

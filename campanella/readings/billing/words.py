"""What the office reads of runs and anomalies."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from campanella.foundation.core.italian import days_to, month_name
from campanella.foundation.core.money import Euro

RUN_STATES = {
    "prepared": ("wait", "Anteprima"),
    "issuing": ("wait", "In emissione"),
    "stopped": ("warn", "Fermata"),
    "issued": ("ok", "Emesse"),
    "recalled": ("off", "Ritirate"),
}
STATE_KINDS = {"paid": "ok", "unpaid": "warn", "partial": "warn", "cancelled": "off"}
ANOMALIES = {
    "running": "Il mese non è ancora finito",
    "decided": "Giorni già tolti dal credito",
    "calendar": "Giorni fuori calendario",
    "days": "Più giorni di quelli del servizio",
    "tariff": "Prezzo diverso dalla tariffa di oggi",
    "jump": "Importo molto diverso dal mese prima",
    "negative": "Credito da restituire",
    "billed": "Già fatturato",
    "payer": "Senza intestatario",
    "email": "Intestatario senza e-mail",
    "tax_code": "Manca un codice fiscale",
}


def part_name(first: date, last: date) -> str:
    """Name the days that an instalment is for: "giugno 2026", or from a day to another."""
    is_month = (
        first.day == 1 and (last + timedelta(days=1)).day == 1 and (first.year, first.month) == (last.year, last.month)
    )
    return month_name(first) if is_month else days_to(first, last)


def anomaly_text(one: Mapping[str, Any]) -> str:
    """Say what is strange in one line."""
    kind, days = one["kind"], one["days"]
    said = f"{days} giorn{'o' if days == 1 else 'i'}"
    if kind == "running":
        return f"mancano {said} del servizio, con oggi: quelli che si usano saranno nella fattura del mese dopo"
    if kind == "decided":
        return f"{said} di prima che si decidesse come si paga: già tolti dal credito, e l’importo ne tiene conto"
    if kind == "calendar":
        return f"{said} addebitat{'o' if days == 1 else 'i'} quando il servizio era chiuso"
    if kind == "days":
        return f"{said} addebitati, più di quelli in cui il servizio c’era"
    if kind == "tariff":
        return f"{said} a un prezzo diverso dalla tariffa di oggi"
    if kind == "jump":
        return f"{Euro(one['cents'])} contro {Euro(one['before_cents'])} del mese prima"
    if kind == "negative":
        return f"{Euro(one['cents'])}: non si fattura, resta come credito"
    if kind == "billed":
        return f"già nella fattura {one['number']}" if one["number"] else "c’è già un’altra quota per gli stessi giorni"
    if kind == "payer":
        return "nessun adulto è indicato come intestatario"
    if kind == "email":
        return "la fattura non parte per e-mail: avvisa la famiglia"
    return "senza codice fiscale non si può detrarre né pagare on-line"

"""Why a request does not count, what the day costs all the same, and what holds instead, in words."""

from datetime import date
from typing import Literal

from campanella.domains.attendance.answers import AnsweredDay
from campanella.foundation.core import clock
from campanella.foundation.core.italian import at_time, day_long_in
from campanella.foundation.core.money import Euro
from campanella.interfaces.portal.asks import holding
from campanella.interfaces.portal.asks.words import capital
from campanella.readings.family.requests import Request, Told

# What has an hour of its own, before the numbers close.
OWN = {
    "book": "Si prenotava",
    "white": "Il pasto in bianco si chiedeva",
    "packed": "Il pranzo al sacco si chiedeva",
}


def refused_title(found: Request, today: date) -> str:
    """Head the page of a request of which nothing counts."""
    answer, first = found.answer, found.days[0].answered
    days = {told.answered.day for told in found.days}
    day = holding.day_name(first.day, today) if len(days) == 1 else "questi giorni"
    if answer.is_late:
        return f"Per {day} è tardi"
    if answer.action == "undo":
        return "Non si può annullare"
    known = {"too_far": "È ancora presto", "row": "Serve il certificato", "month": "Serve il certificato"}
    return known.get(first.answer, f"Per {day} non si può")


def refused(found: Request, today: date) -> str:
    """Say why nothing of it counts, and what the day says now."""
    first = found.days[0]
    answered = first.answered
    if answered.answer in ("late", "doubtful"):
        return _too_late(found, first, answered, today)
    name = first.child.called
    if found.answer.action == "undo":
        return (
            f"Annullandola {name} tornerebbe ad avere un pasto in bianco oltre quelli che si possono chiedere senza"
            " certificato medico: la richiesta resta com’era."
        )
    return {
        "taken": f"La scuola ha già fatto l’appello: dillo a lei. Chi c’è paga, chi non c’è no. Prezzo: {first.price}.",
        "too_far": "Questo giorno è troppo lontano: puoi chiederlo quando si avvicina.",
        "row": no_more_white(name, "row"),
        "month": no_more_white(name, "month"),
    }.get(answered.answer, "Quel giorno il servizio è chiuso.")


def no_more_white(name: str, limit: Literal["row", "month"]) -> str:
    """Say that there are no more of them, and what to do; days that are asked for, and still to come, count."""
    of = {"row": "di seguito", "month": "del mese"}[limit]
    return (
        f"{name} ha già avuto o chiesto tutti i pasti in bianco {of} che si possono chiedere senza certificato medico. "
        "Se ne servono altri, porta il certificato all’ufficio: può scrivere una dieta."
    )


def _too_late(found: Request, first: Told, answered: AnsweredDay, today: date) -> str:
    closed = f"Alle {at_time(answered.cut_off)} i numeri si sono chiusi"
    if found.answer.action in OWN and first.terms.own and answered.cut_off < first.terms.cut_off:
        closed = f"{OWN[found.answer.action]} entro le {at_time(answered.cut_off)}"
        if clock.day_of(answered.cut_off) != answered.day:
            closed += f" di {day_long_in(clock.day_of(answered.cut_off), today)}"
    now_says = holding.day_now(first, today)
    if len(found.days) > 1:
        costs = [holding.cost(told) for told in found.days]
        total = sum((cost for cost in costs if cost), Euro(0))
        return f"I numeri erano già chiusi. {f'Si paga: {total}.' if total.cents else 'Sotto trovi che cosa vale.'}"
    if found.answer.action == "undo":
        return f"{closed}: la richiesta resta com’era. {now_says}"
    if found.answer.action != "cancel":
        return f"{closed}: non si può più cambiare. {now_says}"
    costs_now = holding.cost(first)
    name, thing = first.child.called, holding.thing_of(first)
    if costs_now is None:
        at = at_time(answered.cut_off)
        return f"I numeri si sono chiusi alle {at}. Avvisa la scuola: {name} paga solo se risulta presente all’appello."
    if not costs_now.cents:
        other = first.standing.decided_by
        why = f"Vale già la richiesta {holding.act(other, today)}. " if other else ""
        return f"{closed}. {why}{now_says}"
    cooks = f"Alle {at_time(answered.cut_off)} la cucina ha fermato i numeri e prepara anche il pasto di {name}"
    counts = f"{closed} e contano anche {name}"
    return f"{cooks if thing.is_cooked else counts}. {capital(thing.one)} si paga: {costs_now}."

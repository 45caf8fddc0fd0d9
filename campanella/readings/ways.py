"""What a rule of the day means, in the words of a letter from school."""

from datetime import date, time

from campanella.domains.attendance.ruled import Terms
from campanella.domains.attendance.rules import own_hours
from campanella.domains.services.timetable import named
from campanella.foundation.core.italian import counted, day_full

SHORT = {
    "roll_call": "decide l’appello in classe",
    "opt_out": "prenotato, la famiglia disdice",
    "opt_in": "la famiglia prenota giorno per giorno",
    "register": "le assenze arrivano dal registro",
}
_OWN = {
    "book": "Si prenota {until}; poi si può solo disdire.",
    "white": "Il pasto in bianco si chiede {until}.",
    "packed": "Il pranzo al sacco si chiede {until}.",
}
_WHO = {
    "roll_call": "chi mangia lo dice l’appello in classe, che si chiude {hour}: paga chi è presente.",
    "opt_out": (
        "sono tutti prenotati, e le famiglie disdicono {until}: chi non disdice in tempo paga, anche se poi è assente."
    ),
    "opt_in": "le famiglie prenotano giorno per giorno, {until}: chi non prenota non mangia e non paga.",
    "register": "le assenze arrivano dal registro di classe: paga chi il registro non segna assente.",
}


def means(terms: Terms, *, closes_at: time) -> list[str]:
    """
    Tell what a rule means for families and school, a sentence each.

    :param closes_at: the town's hour, which holds where the rule has none
    """
    hour = terms.cut_off or closes_at
    until = f"entro le {hour:%-H:%M} {_before(terms.cut_off_days_before)}"
    who = _WHO[terms.mode].format(until=until, hour=f"alle {hour:%-H:%M}")
    said = [who[0].upper() + who[1:]]
    if terms.horizon_days is not None and terms.mode in ("opt_out", "opt_in"):
        since = f", dalle {terms.opens_at:%-H:%M} di quel giorno" if terms.opens_at else ""
        said.append(f"Si può chiedere al più {counted(terms.horizon_days, 'giorno', 'giorni')} prima{since}.")
    for action, (own, days_before) in own_hours(terms).items():
        if action != "book" or terms.mode == "opt_in":
            said.append(_OWN[action].format(until=f"entro le {own:%-H:%M} {_before(days_before)}"))
    if terms.marks_until and terms.mode != "register":
        said.append(f"I segni della scuola cambiano la giornata fino alle {terms.marks_until:%-H:%M}.")
    return said


def change(terms: Terms, *, first: date, closes_at: time) -> str:
    """Tell a change in one sentence: "Dal 1 dicembre 2026 le famiglie prenotano…"."""
    first_said, *others = means(terms, closes_at=closes_at)
    return " ".join([f"Dal {day_full(first)} {first_said[0].lower()}{first_said[1:]}", *others])


def called_off(first: date) -> str:
    """Say that what was announced from a day on does not come."""
    return f"Quello che era previsto dal {day_full(first)} non vale più."


def season(*, first: date, last: date, weekdays: int) -> str:
    """Tell when a service runs in a school: "Dal 19 ottobre 2026 al 5 giugno 2027 il servizio c’è: lun, mar."."""
    return f"Dal {day_full(first)} al {day_full(last)} il servizio c’è: {named(weekdays)}."


def class_days(*, name: str, first: date, weekdays: int | None) -> str:
    """Tell on which days a class uses a service; None are all those of the school."""
    days = "tutti i giorni della scuola" if weekdays is None else named(weekdays)
    return f"Dal {day_full(first)} la classe {name} usa il servizio in questi giorni: {days}."


def _before(days: int) -> str:
    if days == 0:
        return "del giorno stesso"
    return "del giorno prima" if days == 1 else f"di {days} giorni prima"

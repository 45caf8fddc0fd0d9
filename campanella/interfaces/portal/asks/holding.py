"""What a day says now, in words, whatever a request of it was told: who eats, and what it costs."""

from datetime import date, timedelta

from campanella.domains.attendance.standing import Act
from campanella.foundation.core.italian import at_second, day_long, day_long_in, local_day
from campanella.foundation.core.money import Euro
from campanella.interfaces.portal.asks.words import REFUSED, THINGS, Thing, capital
from campanella.interfaces.portal.words import KINDS
from campanella.readings.family.requests import Told

NOTHING = Euro(0)


def thing_of(told: Told) -> Thing:
    """Return the words of what is asked for."""
    return THINGS[told.use.kind if told.use else "meal"]


def when(day: date, today: date) -> str:
    """Begin a sentence about a day: "Oggi, mercoledì 14 ottobre," or "Venerdì 16 ottobre"."""
    return f"Oggi, {day_long(day)}," if day == today else capital(day_long_in(day, today))


def day_name(day: date, today: date) -> str:
    """Name a day inside a sentence: "oggi", "domani", "venerdì 16 ottobre"."""
    return "oggi" if day == today else "domani" if day == today + timedelta(days=1) else day_long_in(day, today)


def act(one: Act, today: date) -> str:
    """Name another request: "n. D-2610-00002, delle 8:50:12", with its day when it is not today's."""
    day = local_day(one.at)
    return f"n. {one.number}, delle {at_second(one.at)}" + ("" if day == today else f" di {day_long_in(day, today)}")


def cost(told: Told) -> Euro | None:
    """Return what a day costs as it stands, None where the roll-call has still to say."""
    if told.charged is not None:
        return told.charged
    if told.state not in ("awaited", "to_come"):
        return NOTHING
    return told.price if told.pays_by_booking else None


def pays(told: Told) -> str:
    """Say what a day costs as it stands, as a sentence goes on."""
    costs = cost(told)
    if costs is None:
        return f"si paga {told.price} se è presente all’appello"
    return f"si paga {costs}" if costs.cents else "non si paga"


def day_now(told: Told, today: date) -> str:
    """Say in a sentence or two what a day is now, and what it costs."""
    day, name, thing = told.answered.day, told.child.called, thing_of(told)
    begin = when(day, today)
    past = KINDS[told.use.kind if told.use else "meal"] if day < today else None
    there, not_there = (past.was_there, past.was_not_there) if past else (thing.there, thing.not_there)
    known = told.standing.known
    if told.state == "closed":
        reason = f": {known.closed_because}" if known else ""
        return f"{begin} il servizio è chiuso{reason}. Non si paga; se riapre, la tua richiesta vale."
    if told.state in ("no_service", "not_enrolled"):
        return f"{begin} il servizio non c’è: non si paga."
    if told.state in ("cancelled", "unbooked"):
        free = "Non paghi nulla" if cost(told) == NOTHING else capital(pays(told))
        return f"{begin} {name} {not_there}. {free}."
    if told.state == "absent":
        why = " perché non era disdetto in tempo" if told.charged and told.charged.cents else ""
        return f"{begin} {name} {not_there}: risulta assente. {capital(pays(told))}{why}."
    menu = ", con il pasto in bianco" if known and known.is_white else ""
    menu += ", con il pranzo al sacco" if known and known.is_packed else ""
    return f"{begin} {name} {there}{menu}. {capital(pays(told))}."


def of_many(told: Told, action: str, today: date) -> tuple[str, str, str, str]:
    """Tell one day of many: its colour, its sign, which it is, and what came of it."""
    label = f"{told.child.called}, {day_long_in(told.answered.day, today)}"
    stands = told.standing
    if not told.answered.counts:
        return "warn", "it-clock", label, f"{REFUSED[told.answered.answer]}: {pays(told)}"
    if stands.taken_back:
        return "off", "it-close-circle", label, f"annullato con la richiesta {act(stands.taken_back, today)}: {pays(told)}"
    if stands.is_overtaken and stands.decided_by:
        return "off", "it-info-circle", label, f"vale la richiesta {act(stands.decided_by, today)}: {pays(told)}"
    if told.is_closed:
        reason = stands.known.closed_because if stands.known else ""
        return "off", "it-locked", label, f"non conta, il servizio è chiuso ({reason}): non si paga"
    done = {"cancel": "disdetto", "undo": "annullato"}.get(action, "fatto")
    if told.state == "present" and action == "cancel":
        done += ", ma risulta presente"
    return "ok", "it-check", label, f"{done}: {pays(told)}"

"""What a proof is read for by somebody who does not know the family, and what many days of it come to."""

from collections.abc import Sequence
from itertools import groupby

from campanella.foundation.core import clock
from campanella.foundation.core.italian import at_second, counted, day_full, day_long, days_to
from campanella.foundation.core.money import Euro
from campanella.interfaces.portal.asks import holding
from campanella.interfaces.portal.asks.words import CAME_BY, named
from campanella.readings.family.requests import Request, Told


def facts_of(found: Request, town: str) -> list[tuple[str, str]]:
    """Return label and value of what a request proves: town, child, class, service, days, money, receipt."""
    answer, first = found.answer, found.days[0]
    facts = [("Comune", town)]
    for child_id in dict.fromkeys(told.child.id for told in found.days):
        told = next(one for one in found.days if one.child.id == child_id)
        facts.append(("Per chi", told.child.full_name))
        if told.place:
            facts.append(("Classe", told.place.label))
    services = list(dict.fromkeys(told.use.service_name for told in found.days if told.use))
    facts.append(("Servizio" if len(services) == 1 else "Servizi", named(services)))
    days = sorted({told.answered.day for told in found.days})
    if len(days) == 1:
        facts.append(("Giorno", day_full(days[0])))
    else:
        number = sum(told.counts for told in found.days)
        facts += [("Periodo", days_to(days[0], days[-1])), ("Giorni che contano", str(number))]
    if len(found.days) == 1:
        facts.append(("Pagamento", holding.pays(first)))
    received = answer.received_at
    facts.append(("Ricevuta", f"alle {at_second(received)} di {day_long(received)} {clock.day_of(received).year}"))
    facts.append(("Arrivata da", CAME_BY.get(answer.channel, "ufficio")))
    return facts


def of_many(found: Request) -> str:
    """Say how many days count, of each child and service, and what they cost; the others are told below."""
    counting = [told for told in found.days if told.counts]
    said = [f"{name}: {counted(len(days), 'giorno', 'giorni')}." for name, days in _by_line(counting)]
    costs = [holding.cost(told) for told in counting]
    if counting and all(cost is not None for cost in costs):
        total = sum((cost for cost in costs if cost), Euro(0))
        free = "Non lo paghi." if len(counting) == 1 else "Non li paghi."
        said.append(f"In tutto si paga {total}." if total.cents else free)
    elif counting:
        said.append("Si paga solo se è presente all’appello.")
    others = len(found.days) - len(counting)
    if others:
        said.append(f"{counted(others, 'giorno non conta', 'giorni non contano')}: sotto trovi perché.")
    return " ".join(said)


def _by_line(days: Sequence[Told]) -> list[tuple[str, list[Told]]]:
    """Group days by child and service: "Anna, Mensa scolastica"."""

    def line(told: Told) -> str:
        return f"{told.child.called}, {told.use.service_name}" if told.use else told.child.called

    return [(name, list(rows)) for name, rows in groupby(sorted(days, key=line), line)]

"""The statistics as sheets: one row a month, school and service, as a councillor and the State take them along."""

from collections.abc import Iterator
from datetime import date

from campanella.foundation.core.italian import month_name
from campanella.foundation.documents.sheets import Cell
from campanella.readings.office.statistics import LEVEL_NAMES, Statistics

USES_HEAD = ("Mese", "Scuola", "Tipo", "Servizio", "Classi", "Giorni", "Presenze", "Di cui addebitate", "Adulti")
STAFF_HEAD = ("Scuola", "Tipo", "Classi che usano la mensa", "Giorni di mensa", "Pasti dei bambini", "Pasti del personale")
INCOME_HEAD = ("Mese", "Servizio", "Giorni addebitati", "Entrate")


def uses_cells(found: Statistics) -> Iterator[list[Cell]]:
    """Write how each service was used as rows under ``USES_HEAD``."""
    for one in found.uses:
        yield [
            month_name(one.month),
            one.school_name,
            LEVEL_NAMES[one.level],
            one.service.name,
            one.classes,
            one.days,
            one.present,
            one.due,
            one.adults,
        ]


def staff_cells(found: Statistics) -> Iterator[list[Cell]]:
    """Write the meals of the staff as rows under ``STAFF_HEAD``."""
    for one in found.staff:
        yield [one.school_name, LEVEL_NAMES[one.level], one.classes, one.days, one.children, one.adults]


def income_cells(found: Statistics) -> Iterator[list[Cell]]:
    """Write what each service brought in as rows under ``INCOME_HEAD``."""
    days: dict[tuple[date, int], int] = {}
    for used in found.uses:
        key = used.month, used.service.pk
        days[key] = days.get(key, 0) + used.due
    for one in found.incomes:
        yield [month_name(one.month), one.service.name, days.get((one.month, one.service.pk), 0), one.amount]

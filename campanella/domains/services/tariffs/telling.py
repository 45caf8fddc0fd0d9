"""A tariff explained in sentences, as the office and a family read it: pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from campanella.domains.services.tariffs.pricing import percent
from campanella.domains.services.tariffs.quoting import UNITS
from campanella.domains.services.tariffs.shapes import (
    NOTHING,
    Band,
    ByWeekdays,
    Change,
    Flat,
    IseeRule,
    Linear,
    Other,
    Scheme,
    Share,
)
from campanella.foundation.core.italian import MONTHS, counted, day_full, elided
from campanella.foundation.core.money import HARD_SPACE, Euro


@dataclass(frozen=True, slots=True)
class Told:
    """What a tariff says about one thing."""

    title: str
    sentences: tuple[str, ...]


def told(scheme: Scheme) -> list[Told]:
    """Return a tariff in sentences: its prices, who is outside them, its reductions, from when an ISEE counts."""
    parts = [
        Told("Quanto si paga", tuple(_prices(scheme))),
        Told("Chi è fuori dalle fasce", tuple(_outside(scheme))),
        Told("Riduzioni e maggiorazioni", tuple(_changes(scheme))),
        Told("Da quando conta l’ISEE", tuple(_isee(scheme))),
    ]
    return [Told(part.title, tuple(map(elided, part.sentences))) for part in parts if part.sentences]


def _prices(scheme: Scheme) -> Iterator[str]:
    unit = UNITS[scheme.unit]
    for band in scheme.bands:
        yield f"{band.name}{_whom(band)}: {_price(band)} {unit}."
    if not scheme.is_reckoned:
        yield "La fascia di ogni bambino la sceglie l’ufficio."


def _whom(band: Band) -> str:
    words = []
    # A name that says it already is not told twice.
    if band.isee_up_to is not None and not ("ISEE" in band.name and _whole(band.isee_up_to) in band.name):
        words.append(f"ISEE fino a {band.isee_up_to}")
    if band.household:
        words.append(f"famiglie da {band.household[0]} a {band.household[1]} persone")
    return f" ({', '.join(words)})" if words else ""


def _whole(amount: Euro) -> str:
    return str(amount).removesuffix(f"{HARD_SPACE}€").removesuffix(",00")


def _price(band: Band) -> str:
    shape = band.shape
    if isinstance(shape, Flat):
        if len(shape.prices) == 1:
            return str(shape.prices[0])
        nth = [f"{price} il {place}º figlio" for place, price in enumerate(shape.prices, start=1)]
        return ", ".join(nth) + " e gli altri"
    if isinstance(shape, ByWeekdays):
        return ", ".join(
            f"{price} con {counted(days, 'giorno', 'giorni')} alla settimana" for days, price in sorted(shape.prices.items())
        )
    if isinstance(shape, Linear):
        return f"cresce in proporzione da {shape.low_price} con ISEE {shape.low} a {shape.high_price} con ISEE {shape.high}"
    if isinstance(shape, Share):
        return _share(shape)
    return f"{percent(shape.percent)} in meno del prezzo pieno"


def _share(shape: Share) -> str:
    base = f"{shape.base} più " if shape.base != NOTHING else ""
    above = f" oltre {shape.above}" if shape.above != NOTHING else ""
    least = f", almeno {shape.at_least}" if shape.at_least is not None else ""
    most = f", al massimo {shape.at_most}" if shape.at_most is not None else ""
    return f"{base}{percent(shape.percent)} dell’ISEE{above}{least}{most}"


def _outside(scheme: Scheme) -> Iterator[str]:
    if not scheme.is_reckoned:
        return
    yield _other("Chi non è residente", scheme.non_resident)
    yield _other("Chi non presenta l’ISEE", scheme.without_isee)
    if not scheme.not_enrolled.is_as_others:
        yield _other("Chi usa il servizio senza iscriversi", scheme.not_enrolled)


def _other(whom: str, rule: Other) -> str:
    if rule.is_as_others:
        return f"{whom} paga come gli altri."
    reductions = ", con le riduzioni" if rule.keeps_changes else ""
    return (
        f"{whom} paga {rule.price}{reductions}." if rule.price is not None else f"{whom} paga il prezzo pieno{reductions}."
    )


def _changes(scheme: Scheme) -> Iterator[str]:
    for change in scheme.changes:
        conditions = list(_conditions(change))
        yield f"{change.name}: {_by(change)}{' se ' + ', '.join(conditions) if conditions else ''}."
    if len(scheme.changes) > 1:
        yield (
            "Le riduzioni si applicano una dopo l’altra, ognuna sul prezzo arrotondato al centesimo."
            if scheme.adds_up
            else "Vale una riduzione sola, la più favorevole."
        )
    if any(change.children for change in scheme.changes) or any(_is_by_place(band) for band in scheme.bands):
        first = "il più grande" if scheme.eldest == "oldest" else "il più piccolo"
        which = "lo stesso servizio" if scheme.siblings == "same_service" else "un servizio qualsiasi"
        yield f"Il primo figlio è {first}; contano i fratelli che usano {which}."


def _is_by_place(band: Band) -> bool:
    return isinstance(band.shape, Flat) and len(band.shape.prices) > 1


def _by(change: Change) -> str:
    if change.percent:
        return f"{percent(abs(change.percent))} in {'meno' if change.percent > 0 else 'più'}"
    return f"{Euro(abs(change.amount.cents))} in {'meno' if change.amount.cents > 0 else 'più'}"


def _conditions(change: Change) -> Iterator[str]:
    if change.children:
        least, most = change.children
        yield (
            f"è il {least}º figlio"
            if least == most
            else f"è dal {least}º figlio in poi"
            if most >= 20
            else (f"è dal {least}º al {most}º figlio")
        )
    if change.residents:
        yield "abita nel Comune"
    if change.isee_up_to is not None:
        yield f"l’ISEE arriva a {change.isee_up_to}"
    for word in sorted(change.needs):
        yield f"vale «{word.replace('_', ' ')}»"
    if change.enrolled_after:
        yield f"è iscritto dopo il {_day(change.enrolled_after)}"
    if change.first:
        yield f"il giorno è dal {_day(change.first)}"
    if change.last:
        yield f"il giorno è entro il {_day(change.last)}"


def _isee(scheme: Scheme) -> Iterator[str]:
    if not scheme.is_reckoned or not _asks_isee(scheme):
        return
    rule = scheme.isee
    yield from _counting(rule)
    if rule.until:
        yield f"Chi lo presenta dopo il {_day(rule.until)} aspetta l’anno dopo."
    if rule.keeps:
        yield "Un ISEE che scade durante l’anno resta buono fino alla fine della tariffa."
    else:
        yield "Un ISEE che scade durante l’anno smette di valere: chi non lo rinnova paga come senza ISEE."


def _asks_isee(scheme: Scheme) -> bool:
    return any(band.isee_up_to is not None or isinstance(band.shape, Linear | Share) for band in scheme.bands) or any(
        change.isee_up_to is not None for change in scheme.changes
    )


def _counting(rule: IseeRule) -> Iterator[str]:
    if rule.counting == "at_once":
        yield "Vale dal giorno in cui è presentato."
    elif rule.counting == "fixed":
        yield f"Presentato entro il {_day(rule.fixed_on or date.min)} vale tutto l’anno; dopo non vale più."
    elif rule.counting == "deadlines":
        for by, begins in rule.deadlines:
            yield f"Presentato entro il {_day(by)} vale dal {_day(begins)}."
    elif not rule.by_day and not rule.months:
        yield "Vale dal mese dopo quello in cui è presentato."
    else:
        other = "".join(f"; in {MONTHS[month - 1]} entro il {by}" for month, by in sorted(rule.months.items()))
        yield f"Presentato entro il {rule.by_day} del mese vale dal primo di quel mese{other}. Più tardi, dal mese dopo."


def _day(day: date) -> str:
    return day_full(day)

"""The prices of a tariff in its file: bands, each with its shape, that neither overlap nor leave a hole."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from campanella.domains.services.tariff_files.nodes import Problem, Table, money, number, share, words
from campanella.domains.services.tariffs.shapes import NOTHING, Band, ByWeekdays, Flat, Linear, Off, Shape, Share
from campanella.foundation.core.money import Euro

MOST_HOUSEHOLD = 99


def bands(table: Table) -> tuple[Band, ...]:
    """Return the prices of a tariff from the lowest ISEE up; a hole or an overlap is told with its line."""
    read = [(one.line, _band(one)) for one in table.tables("prices")]
    if not read:
        table.say("manca “prices”: almeno un prezzo")
        return ()
    edges = {
        edge
        for _, band in read
        if band.household
        for edge in (band.household[0] - 1, *band.household, band.household[1] + 1)
    }
    sizes = sorted(size for size in edges if 1 <= size <= MOST_HOUSEHOLD) or [1]
    told: set[Problem] = set()
    for size in sizes:
        of_size = [(line, band) for line, band in read if _is_of(band, size)]
        told.update(_gaps(of_size, table.line, f" (famiglie di {size})" if len(sizes) > 1 else ""))
    table.problems.extend(told)
    return tuple(band for _, band in read)


def _is_of(band: Band, size: int) -> bool:
    return band.household is None or band.household[0] <= size <= band.household[1]


def _gaps(bands: Sequence[tuple[int, Band]], line: int, of_whom: str) -> list[Problem]:
    """Return where the bands of one size of household overlap or leave a hole: they stand from the lowest ISEE up."""
    if not bands:
        return [Problem(line, f"buco: nessun prezzo{of_whom}")]
    found = []
    for (_, before), (here, band) in pairwise(bands):
        if before.isee_up_to is None:
            found.append(
                Problem(here, f"sovrapposizione: «{before.name}» non ha un limite, e «{band.name}» viene dopo{of_whom}")
            )
        elif band.isee_up_to is not None and band.isee_up_to <= before.isee_up_to:
            reach = f"«{band.name}» arriva a {band.isee_up_to}, «{before.name}» già a {before.isee_up_to}"
            found.append(Problem(here, f"sovrapposizione: {reach}{of_whom}"))
    found += [problem for (_, before), (here, band) in pairwise(bands) for problem in _line_fits(before, band, here)]
    if bands[-1][1].isee_up_to is not None:
        last_line, last = bands[-1]
        found.append(
            Problem(
                last_line, f"buco: oltre {last.isee_up_to} non c’è nessun prezzo, e per chi è senza ISEE neppure{of_whom}"
            )
        )
    return found


def _line_fits(before: Band, band: Band, line: int) -> list[Problem]:
    """A line begins where the band before it ends."""
    if not isinstance(band.shape, Linear):
        return []
    if before.isee_up_to != band.shape.low:
        gap = "buco" if before.isee_up_to is not None and before.isee_up_to < band.shape.low else "sovrapposizione"
        return [
            Problem(
                line,
                f"{gap}: «{before.name}» arriva a {before.isee_up_to}, la retta di «{band.name}» parte da {band.shape.low}",
            )
        ]
    return []


def _band(table: Table) -> Band:
    name = table.need("name", words(120), "")
    up_to = table.take("isee_up_to", money, None)
    shape = _shape(table, up_to)
    least, most = (
        table.take("household_from", number(1, MOST_HOUSEHOLD), 0),
        table.take("household_up_to", number(1, MOST_HOUSEHOLD), 0),
    )
    if least and most and most < least:
        table.say("“household_up_to” viene prima di “household_from”", "household_up_to")
    household = (least or 1, most or MOST_HOUSEHOLD) if least or most else None
    # A line may end where its band does; beyond it, its last price holds for all.
    table.end()
    return Band(name, shape, up_to, household)


def _shape(table: Table, up_to: Euro | None) -> Shape:
    shapes: dict[str, Callable[[Table], Shape]] = {
        "price": lambda one: Flat(tuple(one.many("price", money)) or (NOTHING,)),
        "weekdays": _by_weekdays,
        "line": _line,
        "percent_of_isee": _share,
        "percent_off": lambda one: Off(one.need("percent_off", share, share("0"))),
    }
    named = [name for name in shapes if name in table.values]
    if len(named) != 1:
        wanted = ", ".join(shapes)
        table.say(f"ci vuole una forma sola tra {wanted}" + (f": qui ce ne sono {len(named)}" if named else ""))
        return Flat((NOTHING,))
    shape = shapes[named[0]](table)
    if isinstance(shape, Off) and up_to is None:
        table.say("la percentuale in meno è sul prezzo pieno, che non può essere questo", "percent_off")
    if isinstance(shape, Linear) and up_to is not None and up_to != shape.high:
        table.say(f"la retta finisce a {shape.high}, la fascia a {up_to}", "isee_up_to")
    return shape


def _by_weekdays(table: Table) -> Shape:
    inner = table.pairs("weekdays")
    prices: dict[int, Euro] = {}
    for key in list(inner.values):
        price = inner.take(key, money, None)
        if key not in tuple("1234567"):
            inner.say(f"“{key}” non è un numero di giorni da 1 a 7", key)
        elif price is not None:
            prices[int(key)] = price
    if not prices:
        inner.say("manca il prezzo di almeno un numero di giorni")
    return ByWeekdays(prices)


def _line(table: Table) -> Shape:
    inner = table.pairs("line")
    low, high = inner.need("from_isee", money, NOTHING), inner.need("to_isee", money, Euro(1))
    made = Linear(low, inner.need("from_price", money, NOTHING), high, inner.need("to_price", money, NOTHING))
    if high <= low:
        inner.say("la retta finisce prima di cominciare", "to_isee")
    inner.end()
    return made


def _share(table: Table) -> Shape:
    return Share(
        table.need("percent_of_isee", share, share("0")),
        above=table.take("above", money, NOTHING),
        base=table.take("base", money, NOTHING),
        at_least=table.take("at_least", money, None),
        at_most=table.take("at_most", money, None),
    )

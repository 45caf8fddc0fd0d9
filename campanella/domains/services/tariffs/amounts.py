"""The amounts of a tariff one by one, as a form asks for them, others in their place, all of them raised: pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from campanella.domains.services.tariffs import pricing
from campanella.domains.services.tariffs.shapes import Band, ByWeekdays, Flat, Linear, Off, Scheme, Shape, Share
from campanella.foundation.core.italian import counted
from campanella.foundation.core.money import Euro

Value = Euro | Fraction | None
OTHERS = {
    "non_resident": "Chi non è residente",
    "without_isee": "Chi non presenta l’ISEE",
    "not_enrolled": "Chi non è iscritto",
}


@dataclass(frozen=True, slots=True)
class Amount:
    """
    One amount of a tariff.

    :ivar key: which one it is; the same as long as the bands are
    :ivar value: an amount, or a percentage; None where the tariff leaves it out
    """

    key: str
    label: str
    value: Value
    is_percent: bool = False


def amounts(scheme: Scheme) -> list[Amount]:
    """Return the amounts of a tariff in its order."""
    found = [
        Amount(f"{place}-{key}", f"{band.name}{label}", value, isinstance(value, Fraction))
        for place, band in enumerate(scheme.bands)
        for key, label, value in _of(band.shape)
    ]
    others = [(key, getattr(scheme, key)) for key in OTHERS]
    return found + [Amount(key, OTHERS[key], other.price) for key, other in others if other.price is not None]


def with_amounts(scheme: Scheme, said: Mapping[str, Value]) -> Scheme:
    """
    Return the tariff with other amounts.

    :param said: by key; what is not named stays
    """
    bands = tuple(_band(band, place, said) for place, band in enumerate(scheme.bands))
    others = {key: replace(getattr(scheme, key), price=said[key]) for key in OTHERS if said.get(key) is not None}
    return replace(scheme, bands=bands, **others)


def raised(scheme: Scheme, by: Fraction) -> Scheme:
    """
    Return the tariff with every price raised by a percentage, each rounded half-up to the cent.

    What is a percentage itself, and the values of ISEE, stay.
    """
    up = {one.key: pricing.less(one.value, -by) for one in amounts(scheme) if isinstance(one.value, Euro)}
    return with_amounts(scheme, up)


def _of(shape: Shape) -> Iterator[tuple[str, str, Value]]:
    if isinstance(shape, Flat):
        for place, price in enumerate(shape.prices, start=1):
            yield f"price-{place}", f", {place}º figlio" if len(shape.prices) > 1 else "", price
    elif isinstance(shape, ByWeekdays):
        for days, price in sorted(shape.prices.items()):
            yield f"days-{days}", f", {counted(days, 'giorno', 'giorni')} alla settimana", price
    elif isinstance(shape, Linear):
        yield "low", f", con ISEE {shape.low}", shape.low_price
        yield "high", f", con ISEE {shape.high}", shape.high_price
    elif isinstance(shape, Share):
        yield "percent", ", percentuale dell’ISEE", shape.percent
        yield "base", ", importo di base", shape.base
        yield "least", ", almeno", shape.at_least
        yield "most", ", al massimo", shape.at_most
    else:
        yield "percent", ", percentuale in meno del prezzo pieno", shape.percent


def _band(band: Band, place: int, said: Mapping[str, Value]) -> Band:
    def euro(key: str, was: Euro) -> Euro:
        found = said.get(f"{place}-{key}", was)
        return found if isinstance(found, Euro) else was

    def least(key: str, was: Euro | None) -> Euro | None:
        found = said.get(f"{place}-{key}", was)
        return found if isinstance(found, Euro) else None

    def share(was: Fraction) -> Fraction:
        found = said.get(f"{place}-percent", was)
        return found if isinstance(found, Fraction) else was

    shape = band.shape
    made: Shape
    if isinstance(shape, Flat):
        made = Flat(tuple(euro(f"price-{number}", price) for number, price in enumerate(shape.prices, start=1)))
    elif isinstance(shape, ByWeekdays):
        made = ByWeekdays({days: euro(f"days-{days}", price) for days, price in shape.prices.items()})
    elif isinstance(shape, Linear):
        made = replace(shape, low_price=euro("low", shape.low_price), high_price=euro("high", shape.high_price))
    elif isinstance(shape, Share):
        made = Share(
            share(shape.percent),
            above=shape.above,
            base=euro("base", shape.base),
            at_least=least("least", shape.at_least),
            at_most=least("most", shape.at_most),
        )
    else:
        made = Off(share(shape.percent))
    return replace(band, shape=made)

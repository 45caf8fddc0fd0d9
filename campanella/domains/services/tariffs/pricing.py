"""What a band costs: its shape becomes a price in cents, with the words that say how."""

from decimal import Decimal
from fractions import Fraction

from campanella.domains.services.tariffs.facts import Facts, NoPrice
from campanella.domains.services.tariffs.shapes import Band, ByWeekdays, Flat, Linear, Off, Scheme, Share
from campanella.foundation.core.money import Euro, half_up


def full_price(scheme: Scheme, facts: Facts, place: int) -> Euro:
    """Return the price of the band without an upper end: of a line or a share, what it is at most."""
    return price_of(scheme, band_for(scheme, facts, None), facts, None, place)[0]


def band_for(scheme: Scheme, facts: Facts, isee: Euro | None) -> Band:
    """
    Return the band of a household with an ISEE, or without.

    :raises NoPrice: no band is for a household of this size
    """
    found = [band for band in scheme.bands if _is_of_household(band, facts.household)]
    if isee is None:
        fits = [band for band in found if band.isee_up_to is None]
    else:
        fits = [band for band in found if band.isee_up_to is None or isee <= band.isee_up_to]
    if not fits:
        raise NoPrice(f"La tariffa «{scheme.name}» non dice che cosa paga questa famiglia: serve il numero dei componenti.")
    return fits[0]


def _is_of_household(band: Band, household: int | None) -> bool:
    return band.household is None or (household is not None and band.household[0] <= household <= band.household[1])


def price_of(scheme: Scheme, band: Band, facts: Facts, isee: Euro | None, place: int) -> tuple[Euro, str]:
    """Return a band's price and in words how it comes about."""
    shape = band.shape
    if isinstance(shape, Flat):
        price = shape.prices[min(place, len(shape.prices)) - 1]
        nth = f", {place}º figlio" if len(shape.prices) > 1 else ""
        return price, f"{band.name}{nth}"
    if isinstance(shape, ByWeekdays):
        found = shape.prices.get(facts.weekdays)
        if found is None:
            raise NoPrice(f"«{band.name}» non ha un prezzo per {facts.weekdays} giorni alla settimana.")
        return found, f"{band.name}, {facts.weekdays} giorni alla settimana"
    if isinstance(shape, Linear):
        return _on_the_line(band, shape, isee)
    if isinstance(shape, Share):
        return _share(band, shape, isee)
    return _off(scheme, band, shape, facts, place)


def _on_the_line(band: Band, shape: Linear, isee: Euro | None) -> tuple[Euro, str]:
    points = f"{band.name}, da {shape.low_price} con ISEE {shape.low} a {shape.high_price} con ISEE {shape.high}"
    if isee is None or isee >= shape.high:
        return shape.high_price, points
    if isee <= shape.low:
        return shape.low_price, points
    way = Fraction((isee - shape.low).cents, (shape.high - shape.low).cents)
    price = _in_cents(shape.low_price.cents + (shape.high_price - shape.low_price).cents * way)
    return price, points


def _share(band: Band, shape: Share, isee: Euro | None) -> tuple[Euro, str]:
    if isee is None:
        if shape.at_most is None:
            raise NoPrice(f"«{band.name}» è una percentuale dell’ISEE senza un massimo: senza ISEE non dice niente.")
        return shape.at_most, f"{band.name}, il massimo"
    over = max(isee.cents - shape.above.cents, 0)
    price = _in_cents(shape.base.cents + over * shape.percent / 100)
    if shape.at_least is not None:
        price = max(price, shape.at_least)
    if shape.at_most is not None:
        price = min(price, shape.at_most)
    of_what = f" oltre {shape.above}" if shape.above.cents else ""
    base = f"{shape.base} più " if shape.base.cents else ""
    return price, f"{band.name}, {base}{percent(shape.percent)} dell’ISEE{of_what}"


def _off(scheme: Scheme, band: Band, shape: Off, facts: Facts, place: int) -> tuple[Euro, str]:
    full = full_price(scheme, facts, place)
    price = less(full, shape.percent)
    return price, f"{band.name}, {full} meno il {percent(shape.percent)}"


def less(price: Euro, off: Fraction) -> Euro:
    """Take a percentage off; below zero it is added."""
    return _in_cents(price.cents * (100 - off) / 100)


def _in_cents(exact: Fraction) -> Euro:
    exact = Fraction(exact)
    return Euro(half_up(exact.numerator, exact.denominator))


def percent(share: Fraction) -> str:
    """Write a percentage as one reads it: ``20%``, ``1,875%``."""
    whole = format(Decimal(share.numerator) / Decimal(share.denominator), "f")
    return (whole.rstrip("0").rstrip(".") if "." in whole else whole).replace(".", ",") + "%"

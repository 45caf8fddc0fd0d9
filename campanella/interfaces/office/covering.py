"""How much of a service's cost families cover: the cost as somebody types it, the rate as a page tells it."""

from django.core.exceptions import ValidationError

from campanella.foundation.core.money import Euro
from campanella.foundation.design.forms import EuroField
from campanella.readings.office.statistics import Coverage


def cost_of(typed: str) -> Euro | None:
    """Read what a day of a service costs the town; None for nothing, and for what is no amount."""
    try:
        cents = EuroField(required=False).clean(typed)
    except ValidationError:
        return None
    return Euro(cents) if cents else None


def percent(covered: Coverage, cost: Euro | None) -> str:
    """Tell the rate of coverage, as “57,1%”; nothing where no cost is known or nothing was used."""
    tenths = covered.rate(cost) if cost else None
    if tenths is None:
        return ""
    whole, rest = divmod(abs(tenths), 10)
    return f"{'−' if tenths < 0 else ''}{whole},{rest}%"

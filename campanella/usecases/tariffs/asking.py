"""A town's tariffs written as one file, and asked for a price; nothing is kept."""

from campanella.domains.services import queries
from campanella.domains.services.tariff_files import kept, writing
from campanella.domains.services.tariffs import quoting
from campanella.domains.services.tariffs.facts import Facts, NoPrice
from campanella.domains.services.tariffs.quoting import Quote
from campanella.foundation.core.italian import day_full


def exported(*, tariff_id: int | None = None) -> str:
    """
    Return every tariff of the town as one file, or one of them: two queries.

    A list of prices that children pay by name, as an import of people makes it, is no tariff: it stays where it is.
    """
    found = [tariff for tariff in queries.tariffs() if kept.is_scheme(tariff) and tariff_id in (None, tariff.pk)]
    return writing.text([kept.scheme_of(tariff) for tariff in found])


def quote(*, service: str, facts: Facts, level: str = "", unit: str = "") -> Quote:
    """
    Return what somebody pays for a service.

    :param level: of the child's school, needed where levels pay differently
    :param unit: ``month`` for a monthly share beside a daily one; otherwise the only one, or the daily one
    :raises NoPrice: no tariff of the service is for these facts
    """
    found = [tariff for tariff in queries.tariffs() if tariff.service.code == service and kept.is_scheme(tariff)]
    schemes = [kept.scheme_of(tariff) for tariff in found]
    fits = [one for one in schemes if one.first <= facts.day <= one.last and one.level in ("", level)]
    fits = [one for one in fits if one.unit == unit] if unit else sorted(fits, key=lambda one: one.unit != "day")
    if not fits:
        levels = sorted({one.level for one in schemes if one.level})
        hint = f" Di’ la scuola: {', '.join(levels)}." if levels and not level else ""
        raise NoPrice(f"Nessuna tariffa di “{service}” vale il {day_full(facts.day)}.{hint}")
    return quoting.quote(scheme=fits[0], facts=facts)

"""A file of tariffs becomes schemes; what overlaps, leaves a hole or is not understood is refused with its line."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import cast

import yaml

from campanella.domains.schools.models import LEVELS
from campanella.domains.services.tariff_files import banding
from campanella.domains.services.tariff_files.nodes import (
    FileRefused,
    Problem,
    Table,
    day,
    document,
    money,
    number,
    share,
    word,
    words,
    yes,
)
from campanella.domains.services.tariffs.shapes import (
    Change,
    Counting,
    Eldest,
    IseeRule,
    Other,
    Scheme,
    Siblings,
    Unit,
)
from campanella.domains.services.tariffs.versions import is_list
from campanella.foundation.core.money import Euro

MOST_CHILDREN = 20
MOST_SCHEMES = 500
NO_DAY = date.min
MONTHS = tuple(str(month) for month in range(1, 13))


def schemes(text: str, *, services: Iterable[str]) -> list[Scheme]:
    """
    Return the tariffs of a file.

    :param services: codes of the town's services
    :raises FileRefused: every problem of the file, by line
    """
    root = document(text)
    known = sorted(services)
    read = [(table.line, _scheme(table, known)) for table in root.tables("tariffs")]
    if not read:
        root.say("non c’è nessuna tariffa: il file comincia con “tariffs:”")
    if len(read) > MOST_SCHEMES:
        root.say(f"sono più di {MOST_SCHEMES} tariffe: dividile in più file")
    root.end()
    _apart(read, root.problems)
    if root.problems:
        raise FileRefused(root.problems)
    return [scheme for _, scheme in read]


def _scheme(table: Table, services: Sequence[str]) -> Scheme:
    first, last = table.need("from", day, NO_DAY), table.need("to", day, NO_DAY)
    if last < first:
        table.say("finisce prima di cominciare", "to")
    bands = banding.bands(table)
    made = Scheme(
        code=table.need("code", words(40), ""),
        name=table.need("name", words(120), ""),
        service=table.need("service", word(*services), ""),
        first=first,
        last=last,
        unit=cast("Unit", table.take("unit", word("day", "week", "month", "year"), "day")),
        bands=bands,
        level=table.take("level", word(*(code for code, _ in LEVELS)), ""),
        changes=tuple(_change(one) for one in table.tables("reductions")),
        isee=_isee(table),
        non_resident=_other(table, "non_resident", default=Other()),
        without_isee=_other(table, "without_isee", default=Other()),
        not_enrolled=_other(table, "not_enrolled", default=Other(is_as_others=True)),
        eldest=cast("Eldest", table.take("first_child", word("oldest", "youngest"), "oldest")),
        siblings=cast("Siblings", table.take("siblings", word("same_service", "any_service"), "same_service")),
        adds_up=table.take("reductions_are", word("added_up", "best_only"), "added_up") == "added_up",
        season=table.take("season_from", day, None),
        replaces=table.take("replaces", words(40), ""),
        is_reckoned=table.take("reckoned", yes, default=True),
    )
    if made.season and made.season > first:
        table.say("la stagione comincia dopo la tariffa", "season_from")
    if not made.is_reckoned and not is_list(made):
        table.say("un elenco di prezzi ha solo fasce con un prezzo e un nome loro, senza riduzioni né regole", "reckoned")
    table.end()
    return made


def _change(table: Table) -> Change:
    off, up = table.take("percent", share, None), table.take("surcharge_percent", share, None)
    less, more = table.take("amount", money, None), table.take("surcharge", money, None)
    if sum(one is not None for one in (off, up, less, more)) != 1:
        table.say("ci vuole una sola tra percent, amount, surcharge_percent, surcharge")
    least, most = table.take("from_child", number(1, MOST_CHILDREN), 0), table.take("to_child", number(1, MOST_CHILDREN), 0)
    if least and most and most < least:
        table.say("“to_child” viene prima di “from_child”", "to_child")
    made = Change(
        name=table.need("name", words(120), ""),
        percent=off if off is not None else -(up or share("0")),
        amount=less if less is not None else -(more or Euro(0)),
        children=(least or 1, most or MOST_CHILDREN) if least or most else None,
        residents=table.take("residents", yes, default=False),
        isee_up_to=table.take("isee_up_to", money, None),
        needs=frozenset(table.many("if", words(40))),
        first=table.take("from", day, None),
        last=table.take("to", day, None),
        enrolled_after=table.take("enrolled_after", day, None),
    )
    table.end()
    return made


def _isee(table: Table) -> IseeRule:
    inner = table.pairs("isee")
    counting = cast("Counting", inner.take("counts", word("at_once", "month", "deadlines", "fixed"), "at_once"))
    months = inner.pairs("months")
    by_month = {key: months.take(key, number(0, 31), 31) for key in list(months.values)}
    for key in by_month:
        if key not in MONTHS:
            months.say(f"“{key}” non è un mese da 1 a 12", key)
    deadlines = []
    for one in inner.tables("deadlines"):
        deadlines.append((one.need("by", day, NO_DAY), one.need("from", day, NO_DAY)))
        one.end()
    if sorted(deadlines) != deadlines:
        inner.say("le scadenze vanno dalla prima all’ultima", "deadlines")
    fixed_on = inner.take("fixed_on", day, None)
    if counting == "deadlines" and not deadlines:
        inner.say("mancano le scadenze: “deadlines”")
    if counting == "fixed" and fixed_on is None:
        inner.say("manca il giorno: “fixed_on”")
    made = IseeRule(
        counting=counting,
        by_day=inner.take("by_day", number(0, 31), 31),
        months={int(key): value for key, value in by_month.items() if key in MONTHS},
        deadlines=tuple(deadlines),
        fixed_on=fixed_on,
        until=inner.take("until", day, None),
        keeps=inner.take("expired", word("keeps", "ends"), "keeps") == "keeps",
    )
    inner.end()
    return made


def _other(table: Table, key: str, *, default: Other) -> Other:
    """Read ``full``, ``as_others``, or a price with or without reductions."""
    if key not in table.values:
        return default
    if isinstance(table.values[key], yaml.ScalarNode):
        said = table.take(key, word("full", "as_others"), "full")
        return Other(is_as_others=said == "as_others")
    inner = table.pairs(key)
    price = inner.take("price", money, None)
    keeps = inner.take("reductions", yes, default=False)
    inner.end()
    return Other(price, keeps)


def _apart(read: Sequence[tuple[int, Scheme]], problems: list[Problem]) -> None:
    """Two tariffs of one service, level and unit never hold on one day; a code is given once."""
    for place, (line, one) in enumerate(read):
        for _, other in read[:place]:
            if one.code and one.code == other.code:
                problems.append(Problem(line, f"il codice “{one.code}” c’è già"))
            elif meet(one, other) and other.code != one.replaces and one.code != other.replaces:
                text = f"sovrapposizione: «{one.name}» e «{other.name}» valgono negli stessi giorni per {one.service}"
                problems.append(Problem(line, text))


def meet(one: Scheme, other: Scheme) -> bool:
    """Tell whether two tariffs would both hold for somebody on a day."""
    return (
        (one.service, one.unit) == (other.service, other.unit)
        and (one.level == other.level or not one.level or not other.level)
        and one.first <= other.last
        and other.first <= one.last
    )

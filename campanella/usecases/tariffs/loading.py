"""A file of tariffs is told first, then kept; a tariff that somebody pays already is never another under the same code."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from campanella.domains.enrolment import queries as enrolment
from campanella.domains.services import operations as services
from campanella.domains.services import queries
from campanella.domains.services.models import Tariff
from campanella.domains.services.tariff_files import kept, reading, writing
from campanella.domains.services.tariffs import quoting
from campanella.domains.services.tariffs.facts import Facts, NoPrice
from campanella.domains.services.tariffs.quoting import Quote
from campanella.domains.services.tariffs.shapes import Scheme
from campanella.foundation.core import sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.italian import day_full
from campanella.foundation.core.scope import active_town_id, use_case

State = Literal["new", "same", "other", "in_use", "meets"]


@dataclass(frozen=True, slots=True)
class Planned:
    """
    What becomes of one tariff of a file.

    :ivar state: new; the same as it is; replaced, because nobody pays it; refused, because somebody pays it already, or
        because another tariff of the town holds on the same days
    :ivar with_whom: the name of the tariff it would meet
    """

    scheme: Scheme
    state: State
    payers: int = 0
    with_whom: str = ""

    @property
    def refusal(self) -> str:
        """Why it is not taken, empty when it is."""
        name = f"«{self.scheme.name}»"
        if self.state == "in_use":
            whom = "la paga già un bambino" if self.payers == 1 else f"la pagano già {self.payers} bambini"
            return f"{name} {whom}: dalle un codice nuovo, da un giorno nuovo"
        if self.state == "meets":
            return f"{name} varrebbe negli stessi giorni di «{self.with_whom}», che c’è già"
        return ""


class TariffsRefused(Refusal):
    """Some tariffs of the file may not be kept; none is."""

    def __init__(self, planned: Iterable[Planned]) -> None:
        super().__init__(". ".join(one.refusal for one in planned if one.refusal) + ".")


def plan(*, text: str) -> list[Planned]:
    """
    Return what a file would do, in its order: four queries.

    :raises FileRefused: with every problem of the file by line
    """
    read = reading.schemes(text, services=[service.code for service in queries.services()])
    known = {tariff.code: tariff for tariff in queries.tariffs()}
    payers = enrolment.payers_by_tariff()
    stay = [
        kept.scheme_of(one)
        for code, one in known.items()
        if kept.is_scheme(one) and code not in {scheme.code for scheme in read}
    ]
    return [_planned(scheme, known.get(scheme.code), stay, payers) for scheme in read]


@use_case
def load(*, by: Actor, text: str, now: datetime) -> list[Planned]:
    """
    Keep the tariffs of a file, all of them or none.

    :raises FileRefused: with every problem of the file by line
    :raises TariffsRefused: somebody pays one of them already, or two would hold on one day
    """
    sql.take_turns("tariffs", active_town_id())
    planned = plan(text=text)
    if any(one.refusal for one in planned):
        raise TariffsRefused(planned)
    for one in planned:
        if one.state != "same":
            services.set_scheme(by=by, scheme=one.scheme, text=writing.text([one.scheme]), now=now)
    return planned


def exported() -> str:
    """
    Return every tariff of the town as one file: two queries.

    A list of prices that children pay by name, as an import of people makes it, is no tariff: it stays where it is.
    """
    return writing.text([kept.scheme_of(tariff) for tariff in queries.tariffs() if kept.is_scheme(tariff)])


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


def _planned(scheme: Scheme, before: Tariff | None, stay: Sequence[Scheme], payers: Mapping[int, int]) -> Planned:
    if before and kept.is_scheme(before) and kept.scheme_of(before) == scheme:
        return Planned(scheme, "same")
    if before and payers.get(before.pk):
        return Planned(scheme, "in_use", payers[before.pk])
    met = next((other for other in stay if reading.meet(scheme, other)), None)
    if met:
        return Planned(scheme, "meets", with_whom=met.name)
    return Planned(scheme, "other" if before else "new")

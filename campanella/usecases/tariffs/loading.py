"""A file of tariffs is told first, then kept; a tariff that somebody pays already is never another under the same code."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from campanella.domains.enrolment import moving
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.services import queries
from campanella.domains.services.models import Tariff
from campanella.domains.services.tariff_files import kept, reading
from campanella.domains.services.tariffs import versions
from campanella.domains.services.tariffs.shapes import Scheme
from campanella.foundation.core import clock, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import active_town_id, use_case
from campanella.readings.office.tariff_moves import Moves, moves
from campanella.usecases import reckoning
from campanella.usecases.tariffs import judging, replacing
from campanella.usecases.tariffs.judging import Planned


class TariffsRefused(Refusal):
    """Some tariffs of the file may not be kept; none is."""

    def __init__(self, planned: Iterable[Planned]) -> None:
        super().__init__(". ".join(one.refusal for one in planned if one.refusal) + ".")


class ChangedSinceShown(Refusal):
    """Whom it concerns, or by how much, is no longer what the page said."""

    message = "Intanto è cambiato chi paga questa tariffa, o quanto: guarda di nuovo, poi conferma."


def plan(*, text: str, today: date) -> list[Planned]:
    """
    Return what a file would do, in its order: seven queries.

    :raises FileRefused: with every problem of the file by line
    """
    known = {tariff.code: tariff for tariff in queries.tariffs()}
    read = [
        _in_season(scheme, known)
        for scheme in reading.schemes(text, services=[service.code for service in queries.services()])
    ]
    payers = enrolment.payers_by_tariff()
    after = {scheme.replaces: scheme.first for scheme in read if scheme.replaces}
    codes = {scheme.code for scheme in read}
    stay = [
        versions.ended(before=one, first=after[one.code]) if one.code in after else one
        for one in (kept.scheme_of(tariff) for tariff in known.values() if kept.is_scheme(tariff))
        if one.code not in codes
    ]
    asking = judging.asking()
    return [
        judging.judged(scheme=one, known=known, stay=stay, payers=payers, asking=asking, after=after, today=today)
        for one in read
    ]


def concerned(planned: Iterable[Planned]) -> list[tuple[Planned, Moves]]:
    """Return of each tariff that takes another's place whom it concerns, and by how much: eight queries for each."""
    return [(one, moves(before=one.moving, scheme=one.scheme)) for one in planned if one.moving]


def answered(planned: Iterable[Planned], found: Iterable[tuple[Planned, Moves]]) -> list[Planned]:
    """
    Return the same once it is known whom it concerns: what would cost some children nothing is refused.

    :param found: as ``concerned`` tells it
    """
    return judging.without_answer(planned, found)


def mark(found: Iterable[tuple[Planned, Moves]]) -> str:
    """Return what a page tells of whom it concerns, in figures."""
    return " ".join(moved.mark for _, moved in found)


@use_case
def load(*, by: Actor, text: str, now: datetime, told: str | None = None) -> list[Planned]:
    """
    Keep the tariffs of a file, all of them or none.

    :param told: the mark of what a page has told, None where no page was read
    :raises FileRefused: with every problem of the file by line
    :raises TariffsRefused: somebody pays one of them already, two would hold on one day, or one does not fit
    :raises ChangedSinceShown: it concerns others than were told
    """
    sql.take_turns("tariffs", active_town_id())
    planned = _fit(text, clock.day_of(now))
    going = [(one.moving, one.scheme.first) for one in planned if one.moving]
    if going:
        ids = {pk for tariff, first in going for pk in moving.payers_from(tariff_id=tariff.pk, day=first)}
        reckoning.hold(child_ids=sorted(ids), will_reckon=any(one.scheme.is_reckoned for one in planned if one.moving))
        # What was read before the wallets were held may be another's act ago.
        planned = _fit(text, clock.day_of(now))
    is_new = any(one.state != "same" for one in planned)
    found = concerned(planned)
    if any(one.refusal for one in answered(planned, found)):
        raise TariffsRefused(answered(planned, found))
    if told is not None and is_new and told != mark(found):
        raise ChangedSinceShown
    for one in planned:
        if one.before and one.state == "corrects":
            replacing.correct(by=by, tariff=one.before, scheme=one.scheme, now=now)
        elif one.before and one.state == "replaces":
            replacing.replace(by=by, before=one.before, scheme=one.scheme, now=now)
        elif one.state != "same":
            replacing.write(by=by, scheme=one.scheme, now=now)
    return planned


def _fit(text: str, today: date) -> list[Planned]:
    planned = plan(text=text, today=today)
    if any(one.refusal for one in planned):
        raise TariffsRefused(planned)
    return planned


def _in_season(scheme: Scheme, known: Mapping[str, Tariff]) -> Scheme:
    before = known.get(scheme.replaces)
    return versions.within(before=kept.scheme_of(before), scheme=scheme) if before else scheme

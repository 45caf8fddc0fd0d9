"""A file of tariffs is told first, then kept; a tariff that somebody pays already is never another under the same code."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as put
from datetime import date, datetime
from typing import Literal

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
from campanella.usecases.tariffs import replacing

State = Literal["new", "same", "other", "replaces", "corrects", "in_use", "meets", "unfit"]


@dataclass(frozen=True, slots=True)
class Planned:
    """
    What becomes of one tariff of a file.

    :ivar state: new; the same as it is; replaced, because nobody pays it; in another's place from its first day; put
        right, because it has not begun; refused,
        because somebody pays it already, because another tariff of the town holds on the same days, or because it does not
        fit the one whose place it would take
    :ivar with_whom: the name of the tariff it would meet
    :ivar why: it does not fit
    :ivar before: the tariff whose place it takes, or that it puts right
    """

    scheme: Scheme
    state: State
    payers: int = 0
    with_whom: str = ""
    why: str = ""
    before: Tariff | None = None

    @property
    def refusal(self) -> str:
        """Why it is not taken, empty when it is."""
        name = f"«{self.scheme.name}»"
        if self.state == "in_use":
            whom = "la paga già un bambino" if self.payers == 1 else f"la pagano già {self.payers} bambini"
            return f"{name} {whom}: dalle un codice nuovo, da un giorno nuovo"
        if self.state == "meets":
            return f"{name} varrebbe negli stessi giorni di «{self.with_whom}», che c’è già"
        return f"{name} {self.why}" if self.state == "unfit" else ""

    @property
    def moving(self) -> Tariff | None:
        """The tariff whose children it concerns, None where it concerns nobody."""
        return self.before if self.state in ("replaces", "corrects") else None


class TariffsRefused(Refusal):
    """Some tariffs of the file may not be kept; none is."""

    def __init__(self, planned: Iterable[Planned]) -> None:
        super().__init__(". ".join(one.refusal for one in planned if one.refusal) + ".")


class ChangedSinceShown(Refusal):
    """Whom it concerns, or by how much, is no longer what the page said."""

    message = "Intanto è cambiato chi paga questa tariffa, o quanto: guarda di nuovo, poi conferma."


def plan(*, text: str, today: date) -> list[Planned]:
    """
    Return what a file would do, in its order: four queries.

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
    return [_planned(scheme, known, stay, payers, after, today) for scheme in read]


def concerned(planned: Iterable[Planned]) -> list[tuple[Planned, Moves]]:
    """Return of each tariff that takes another's place whom it concerns, and by how much: eight queries for each."""
    return [(one, moves(before=one.moving, scheme=one.scheme)) for one in planned if one.moving]


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
        reckoning.hold(child_ids=sorted(ids))
        # What was read before the wallets were held may be another's act ago.
        planned = _fit(text, clock.day_of(now))
    is_new = any(one.state != "same" for one in planned)
    if told is not None and is_new and told != mark(concerned(planned)):
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


def _planned(
    scheme: Scheme,
    known: Mapping[str, Tariff],
    stay: Sequence[Scheme],
    payers: Mapping[int, int],
    after: Mapping[str, date],
    today: date,
) -> Planned:
    mine, before = known.get(scheme.code), known.get(scheme.replaces)
    if mine and kept.is_scheme(mine) and _is_same(kept.scheme_of(mine), scheme, after.get(scheme.code)):
        return Planned(scheme, "same", before=mine)
    if mine and payers.get(mine.pk) and _corrects(mine, scheme, today):
        return Planned(scheme, "corrects", payers[mine.pk], before=mine)
    if mine and payers.get(mine.pk):
        return Planned(scheme, "in_use", payers[mine.pk])
    if scheme.replaces and (why := _unfit(scheme, before, today)):
        return Planned(scheme, "unfit", why=why)
    met = next((other for other in stay if reading.meet(scheme, other)), None)
    if met:
        return Planned(scheme, "meets", with_whom=met.name)
    if scheme.replaces:
        return Planned(scheme, "replaces", before=before)
    return Planned(scheme, "other" if mine else "new")


def _corrects(mine: Tariff, scheme: Scheme, today: date) -> bool:
    return (
        versions.corrects(before=kept.scheme_of(mine), scheme=scheme, today=today)
        and not moving.is_paid_before(tariff_id=mine.pk, day=scheme.first)
        and not replacing.missing(before=mine, scheme=scheme)
    )


def _is_same(was: Scheme, scheme: Scheme, ends: date | None) -> bool:
    """Tell whether the file says what is on record; one whose place another took may be said with its former end."""
    said = versions.as_kept(scheme)
    if not was.is_reckoned:
        said = put(said, is_reckoned=False, season=None)
    return was in (said, versions.ended(before=said, first=ends)) if ends else was == said


def _unfit(scheme: Scheme, before: Tariff | None, today: date) -> str:
    if before is None:
        return f"prende il posto di “{scheme.replaces}”, che non c’è"
    why = versions.unfit(before=kept.scheme_of(before), scheme=scheme, today=today)
    missing = [] if why else replacing.missing(before=before, scheme=scheme)
    return f"non dice il prezzo di {', '.join(missing)}, che c’è in «{before.name}»" if missing else why

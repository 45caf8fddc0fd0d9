"""What becomes of one tariff of a file, beside those on record and whoever pays them; nothing is written."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as put
from datetime import date
from typing import Literal

from campanella.domains.billing import fee_queries
from campanella.domains.billing.fee_queries import PriceAsked
from campanella.domains.enrolment import moving
from campanella.domains.places import queries as places
from campanella.domains.services.models import Tariff
from campanella.domains.services.operations import full_cents, plain_prices
from campanella.domains.services.tariff_files import kept, reading
from campanella.domains.services.tariffs import versions
from campanella.domains.services.tariffs.shapes import Scheme
from campanella.foundation.core.italian import counted
from campanella.readings.office.tariff_moves import Moves
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
        if self.state == "in_use" and not self.payers:
            return f"{name} serve già a una quota fissa, o a un posto offerto: dalle un codice nuovo, da un giorno nuovo"
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


@dataclass(frozen=True, slots=True)
class Asking:
    """
    What else than its children asks for a tariff's prices.

    :ivar tariff_ids: those that a fee, or an offered place, points at
    :ivar prices: what fees ask of them
    """

    tariff_ids: frozenset[int]
    prices: Sequence[PriceAsked]

    def lost(self, *, before: Tariff, scheme: Scheme) -> str:
        """Return which price a fee would ask of nobody any more, empty where each goes on under its name."""
        names = {name for _, name, _, _ in plain_prices(scheme)}
        for one in self.prices:
            if one.tariff_id == before.pk and one.price and one.price not in names and one.last and one.last >= scheme.first:
                return f"non ha il prezzo «{one.price}», a cui la quota «{one.fee}» chiede una parte: chiamalo come prima"
        return ""


def asking() -> Asking:
    """Return what else asks for the prices of the town's tariffs: three queries."""
    prices = fee_queries.prices_asked()
    return Asking(frozenset({one.tariff_id for one in prices} | places.priced_tariffs()), prices)


def judged(
    *,
    scheme: Scheme,
    known: Mapping[str, Tariff],
    stay: Sequence[Scheme],
    payers: Mapping[int, int],
    asking: Asking,
    after: Mapping[str, date],
    today: date,
) -> Planned:
    """
    Tell what becomes of one tariff of a file.

    :param known: the tariffs on record by code; ``stay`` those that hold beside the file's
    :param payers: how many pay each; ``asking`` what else asks for its prices
    :param after: by code the day from which another takes its place
    """
    mine, before = known.get(scheme.code), known.get(scheme.replaces)
    if mine and kept.is_scheme(mine) and _is_same(kept.scheme_of(mine), scheme, after.get(scheme.code)):
        return Planned(scheme, "same", before=mine)
    met = next((other for other in stay if reading.meet(scheme, other)), None)
    if mine and (payers.get(mine.pk) or mine.pk in asking.tariff_ids):
        return _judged_in_use(scheme, mine, met, payers.get(mine.pk, 0), asking, today)
    if scheme.replaces and (why := _unfit(scheme, before, asking, today)):
        return Planned(scheme, "unfit", why=why)
    if met:
        return Planned(scheme, "meets", with_whom=met.name)
    if scheme.replaces:
        return Planned(scheme, "replaces", before=before)
    return Planned(scheme, "other" if mine else "new")


def without_answer(planned: Iterable[Planned], found: Iterable[tuple[Planned, Moves]]) -> list[Planned]:
    """Refuse what would cost some children nothing: it has no price for them, and no full price to fall back on."""
    unpaid = {one.scheme.code: moved.unanswered for one, moved in found if not full_cents(one.scheme)}
    return [_with_answer(one, unpaid.get(one.scheme.code, 0)) for one in planned]


def _with_answer(one: Planned, unpaid: int) -> Planned:
    whom = counted(unpaid, "bambino che la paga", "bambini che la pagano")
    why = f"non ha un prezzo per {whom}, e nemmeno un prezzo pieno: non costerebbe niente"
    return put(one, state="unfit", why=why) if unpaid else one


def _judged_in_use(scheme: Scheme, mine: Tariff, met: Scheme | None, payers: int, asking: Asking, today: date) -> Planned:
    if not _corrects(mine, scheme, today):
        return Planned(scheme, "in_use", payers)
    if met:
        return Planned(scheme, "meets", with_whom=met.name)
    if why := asking.lost(before=mine, scheme=scheme):
        return Planned(scheme, "unfit", why=why)
    return Planned(scheme, "corrects", payers, before=mine)


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


def _unfit(scheme: Scheme, before: Tariff | None, asking: Asking, today: date) -> str:
    if before is None:
        return f"prende il posto di “{scheme.replaces}”, che non c’è"
    why = versions.unfit(before=kept.scheme_of(before), scheme=scheme, today=today)
    missing = [] if why else replacing.missing(before=before, scheme=scheme)
    if missing:
        return f"non dice il prezzo di {', '.join(missing)}, che c’è in «{before.name}»"
    return why or asking.lost(before=before, scheme=scheme)

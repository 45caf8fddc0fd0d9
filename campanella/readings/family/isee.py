"""
A payer's own ISEE, what each of its children pays by it today, with the reason, and what Home says of it.

An access for one child may declare the ISEE of whom it was handed to, where this adult pays for the child: a letter about a
child is read by more than one person, so it sees how each declaration stands and no amount, nor a reason that tells one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from campanella.domains.accounts.models import User
from campanella.domains.enrolment import declared, rules
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.enrolment.choices import IseeChoices
from campanella.domains.enrolment.declared import Declaration
from campanella.domains.enrolment.queries import Enrolled
from campanella.domains.enrolment.reckoning import Households, charged_on
from campanella.domains.enrolment.rules import Standing
from campanella.domains.people import queries as people
from campanella.domains.services.rules import price as price_of
from campanella.domains.services.tariff_files import kept
from campanella.domains.services.tariffs import dating
from campanella.domains.services.tariffs.dating import Deadline
from campanella.domains.services.tariffs.shapes import Scheme
from campanella.foundation.core.money import Euro
from campanella.foundation.tenants.queries import active_town
from campanella.readings import priced


@dataclass(frozen=True, slots=True)
class Paid:
    """What a child pays for a day of a service, and why; ``because`` empty where the office has chosen the price."""

    child: str
    service: str
    price: Euro
    unit: str
    because: str


@dataclass(frozen=True, slots=True)
class Coming:
    """What a child will pay from a day on, and why."""

    child: str
    service: str
    first: date
    price: Euro
    unit: str
    because: str


@dataclass(frozen=True, slots=True)
class FamilyIsee:
    """
    The page of a payer.

    :ivar declarations: each with how it stands
    :ivar is_own: the access is the payer's own; another one is told no amount
    """

    payer_id: int
    declarations: tuple[tuple[Declaration, Standing], ...]
    prices: tuple[Paid, ...]
    coming: tuple[Coming, ...]
    is_own: bool


@dataclass(frozen=True, slots=True)
class IseeNote:
    """
    What Home says of a payer's ISEE.

    :ivar kind: there is none that counts; the last one is over; it ends soon; it has omissions
    :ivar last: the last day of the one that ends, or has ended
    :ivar deadline: by when another is to be declared, and from when it counts then
    """

    kind: Literal["none", "over", "ends", "omissions"]
    last: date | None
    deadline: Deadline | None


def family_isee(*, user: User, today: date) -> FamilyIsee | None:
    """Return a payer's page, None for whoever pays for no child: a dozen queries, whatever the number of children."""
    payer = people.holder_of(user=user)
    seen = {child.id for child in people.children_of(user=user)}
    ties = [tie for tie in people.ties_of(guardian_ids=[payer.pk]) if tie.is_payer and tie.child_id in seen] if payer else []
    if payer is None or not ties:
        return None
    is_own = payer.user_id == user.pk
    child_ids = [tie.child_id for tie in ties]
    names = people.called(child_ids=child_ids)
    known = priced.households(child_ids=child_ids)
    prices: list[Paid] = []
    coming: list[Coming] = []
    enrolled = enrolment.enrolled(child_ids=child_ids, day=today)
    for line in enrolled:
        kid = known.kids[line.child_id]
        pieces = [one for one in kid.lines if one.service_id == line.service_id and one.holds_on(today)]
        told = charged_on(known=known, kid=kid, line=pieces[0], day=today) if pieces and line.reckoned_by else None
        because = told.because if told and is_own else ""
        prices.append(Paid(names[line.child_id], line.service_name, line.price, line.unit, because))
        coming += _coming(known, line, names[line.child_id], is_own=is_own)
    schemes = _schemes(enrolled, today)
    found = tuple((one, _standing(one, schemes, today)) for one in declared.of_payers(payer_ids=[payer.pk]))
    return FamilyIsee(payer.pk, found, tuple(prices), tuple(coming), is_own)


def _coming(known: Households, now: Enrolled, child: str, *, is_own: bool) -> Iterator[Coming]:
    """Yield each other price that a child's service gets while it goes on."""
    kid, was = known.kids[now.child_id], now.price
    later = [one for one in kid.lines if one.service_id == now.service_id and one.first > now.first]
    for line in sorted(later, key=lambda one: one.first):
        told = charged_on(known=known, kid=kid, line=line, day=line.first)
        if told is None and line.tariff_id in known.schemes:
            continue  # beyond the season: what a day costs then is not decided
        price = price_of(full=Euro(line.cents), reduction_percent=line.reduction)
        if price != was:
            because = told.because if told else f"{line.name}: la fascia resta la tua, cambia il prezzo della tariffa."
            yield Coming(child, now.service_name, line.first, price, now.unit, because if is_own or not told else "")
        was = price


def isee_note(*, user: User, today: date) -> IseeNote | None:
    """Return what Home says to a payer of a reckoned tariff, None where all is well or nobody pays: five queries."""
    payer = people.holder_of(user=user)
    ties = people.ties_of(guardian_ids=[payer.pk]) if payer else []
    lines = enrolment.enrolled(child_ids=[tie.child_id for tie in ties if tie.is_payer], day=today)
    schemes = _schemes(lines, today)
    if payer is None or not schemes:
        return None
    dated = (dating.next_deadline(scheme=one, today=today) for one in schemes)
    due = min((one for one in dated if one), key=lambda one: one.by, default=None)
    return _note(declared.of_payers(payer_ids=[payer.pk]), schemes, today, due)


def _schemes(lines: Sequence[Enrolled], today: date) -> list[Scheme]:
    """Return the reckoned tariffs that these subscriptions pay: one query where there may be any."""
    mine = {line.reckoned_by for line in lines if line.reckoned_by}
    return [one for pk, one in kept.reckoned_on(day=today).items() if pk in mine] if mine else []


def _note(found: Sequence[Declaration], schemes: Sequence[Scheme], today: date, due: Deadline | None) -> IseeNote | None:
    stands = {one.id: _standing(one, schemes, today) for one in found}
    good = [one.valid_until for one in found if stands[one.id] in ("counts", "waiting")]
    if good:
        last, days = max(good), active_town().chosen(IseeChoices).isee_reminder_days
        # What stays good to the end of the season is worth no word until then.
        is_lost = any(not scheme.isee.keeps for scheme in schemes) and last <= today + timedelta(days=days)
        return IseeNote("ends", last, due) if days and is_lost else None
    if "omissions" in stands.values():
        return IseeNote("omissions", None, due)
    over = [one.valid_until for one in found if stands[one.id] == "over"]
    return IseeNote("over" if over else "none", max(over, default=None), due)


def _standing(one: Declaration, schemes: Sequence[Scheme], today: date) -> Standing:
    over = [
        dating.is_over(valid_until=one.valid_until, day=today, rule=scheme.isee, first=scheme.season_first)
        for scheme in schemes
    ]
    return rules.standing(
        state=one.state,
        has_omissions=one.has_omissions,
        counts_omissions=active_town().chosen(IseeChoices).isee_counts_with_omissions,
        is_over=all(over) if over else one.valid_until < today,
    )

"""A payer's own ISEE, and what each of its children pays by it today, with the reason."""

from dataclasses import dataclass
from datetime import date

from campanella.domains.accounts.models import User
from campanella.domains.enrolment import declared, reckoned
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.enrolment.declared import Declaration
from campanella.domains.enrolment.reckoning import charged_on
from campanella.domains.people import queries as people
from campanella.domains.people.queries import Guardian
from campanella.foundation.core.money import Euro


@dataclass(frozen=True, slots=True)
class Paid:
    """What a child pays for a day of a service, and why; ``because`` empty where the office has chosen the price."""

    child: str
    service: str
    price: Euro
    unit: str
    because: str


@dataclass(frozen=True, slots=True)
class FamilyIsee:
    """The page of a payer."""

    payer_id: int
    declarations: tuple[Declaration, ...]
    prices: tuple[Paid, ...]


def family_isee(*, user: User, today: date) -> FamilyIsee | None:
    """Return a payer's page, None for whoever pays for no child: a dozen queries, whatever the number of children."""
    guardian: Guardian | None = people.guardian_of(user=user)
    ties = [tie for tie in people.ties_of(guardian_ids=[guardian.pk]) if tie.is_payer] if guardian else []
    if guardian is None or not ties:
        return None
    child_ids = [tie.child_id for tie in ties]
    names = people.called(child_ids=child_ids)
    known = reckoned.households(child_ids=child_ids)
    prices = []
    for line in enrolment.enrolled(child_ids=child_ids, day=today):
        kid = known.kids[line.child_id]
        pieces = [one for one in kid.lines if one.service_id == line.service_id and one.holds_on(today)]
        told = charged_on(known=known, kid=kid, line=pieces[0], day=today) if pieces and line.reckoned_by else None
        prices.append(Paid(names[line.child_id], line.service_name, line.price, line.unit, told.because if told else ""))
    return FamilyIsee(guardian.pk, tuple(declared.of_payers(payer_ids=[guardian.pk])), tuple(prices))

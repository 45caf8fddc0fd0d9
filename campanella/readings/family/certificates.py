"""The tax certificates a person may have: its own, year by year and child by child; another adult's is that adult's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from campanella.domains.accounts.models import User
from campanella.domains.certifying import queries as certificates
from campanella.domains.certifying.queries import CertificateView
from campanella.domains.certifying.years import FIRST_YEAR
from campanella.domains.people import queries as people
from campanella.domains.people.queries import FamilyChild
from campanella.foundation.core.errors import NotFound
from campanella.readings.certificates.money import years_at_nursery, years_paid


@dataclass(frozen=True)
class ChildYear:
    """
    What there is for one child of one year.

    :ivar current: the certificates that stand and that this person may have
    :ivar superseded: earlier versions of them
    :ivar is_anothers: there is one, of another adult who paid
    :ivar is_over: the year; its certificate may be made
    :ivar is_at_nursery: there may be monthly receipts for INPS
    """

    child: FamilyChild
    year: int
    current: tuple[CertificateView, ...]
    superseded: tuple[CertificateView, ...]
    is_anothers: bool
    is_over: bool
    is_at_nursery: bool


@dataclass(frozen=True)
class TaxYears:
    """A person's certificates by year, newest first."""

    years: tuple[tuple[int, tuple[ChildYear, ...]], ...]


def tax_years(*, user: User, today: date) -> TaxYears:
    """
    Return what a person may download, of every year that is over and in which something was paid: six queries.

    Of this year only the monthly receipts of the nursery.
    """
    children = people.children_of(user=user)
    ids = [child.id for child in children]
    found, sees = certificates.certificates_of(child_ids=ids), _seen_by(user, ids)
    nursery = {(child_id, year) for child_id, year in years_at_nursery(child_ids=ids) if FIRST_YEAR <= year <= today.year}
    paid = {(child_id, year) for child_id, year in years_paid(child_ids=ids) if FIRST_YEAR <= year < today.year}
    wanted = paid | nursery | {(one.child_id, one.year) for one in found}

    def of(child: FamilyChild, year: int) -> ChildYear:
        mine = [one for one in found if (one.child_id, one.year) == (child.id, year)]
        seen = [one for one in mine if sees.may_see(one)]
        return ChildYear(
            child=child,
            year=year,
            current=tuple(one for one in seen if one.is_current and not one.is_void),
            superseded=tuple(one for one in seen if not one.is_current),
            is_anothers=bool(mine) and not seen,
            is_over=year < today.year,
            is_at_nursery=(child.id, year) in nursery,
        )

    years = sorted({year for _, year in wanted}, reverse=True)
    return TaxYears(
        tuple((year, tuple(of(child, year) for child in children if (child.id, year) in wanted)) for year in years)
    )


def certificate_for(*, user: User, certificate_id: int) -> CertificateView:
    """
    Return one certificate that this person may have.

    :raises NotFound: it is another family's, or another adult's, or there is none
    """
    found = certificates.certificate(certificate_id=certificate_id)
    child = people.child_for(user=user, child_id=found.child_id)
    if not _seen_by(user, [child.id]).may_see(found):
        raise NotFound
    return found


def certificates_for(*, user: User, child_id: int, year: int, kind: str = "year") -> list[CertificateView]:
    """
    Return the certificates of a child and a year that stand and that this person may have.

    :raises NotFound: the child is another family's
    """
    child = people.child_for(user=user, child_id=child_id)
    sees = _seen_by(user, [child.id])
    found = certificates.certificates_of(child_ids=[child.id], kind=kind, year=year)
    return [one for one in found if one.is_current and not one.is_void and sees.may_see(one)]


@dataclass(frozen=True)
class _Sight:
    """Whose tax code a person has, and whose the other adults of each child have."""

    own: str
    others: Mapping[int, frozenset[str]]

    def may_see(self, one: CertificateView) -> bool:
        """
        Tell whether a certificate is for this person.

        Two parents of a child are not always friends: each sees what it paid itself, and what somebody paid who is no adult
        of the child's (an aunt at the tobacconist's).
        """
        return one.payer_tax_code == self.own or one.payer_tax_code not in self.others.get(one.child_id, frozenset())


def _seen_by(user: User, child_ids: Sequence[int]) -> _Sight:
    holder = people.holder_of(user=user)
    own = holder.tax_code if holder else ""
    ties = people.guardians_by_child(child_ids=child_ids)
    others = {
        child_id: frozenset(tie.guardian.tax_code for tie in of if tie.guardian.tax_code) - {own}
        for child_id, of in ties.items()
    }
    return _Sight(own, others)

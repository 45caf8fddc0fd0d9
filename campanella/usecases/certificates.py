"""Making tax certificates: one child's, as its family asks for it; a year's, as the office does."""

from collections.abc import Sequence
from datetime import date, datetime

from campanella.domains.accounts.models import User
from campanella.domains.certifying import operations as certifying
from campanella.domains.certifying import queries as certificates
from campanella.domains.certifying.choices import CertificateChoices
from campanella.domains.certifying.models import CertificateRun
from campanella.domains.certifying.operations import Issued
from campanella.domains.certifying.years import FIRST_YEAR
from campanella.domains.people import queries as people
from campanella.foundation.core import clock, jobs
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.scope import active_town_id, scope, use_case
from campanella.foundation.tenants.queries import active_town
from campanella.readings.certificates.months import month_drafts
from campanella.readings.certificates.reckoning import reckon

# Children in one transaction of a run: its progress is seen, and a stop is heard.
SOME = 250


class YearGoesOn(Refusal):
    """A year is certified when it is over."""

    message = "L’anno non è finito: l’attestazione si prepara dal 1° gennaio dell’anno dopo."


class NotYetMade(Refusal):
    """The town makes the certificates itself."""

    message = (
        "L’ufficio non ha ancora preparato le attestazioni di quest’anno: torna tra qualche giorno, o scrivi in Contattaci."
    )


def check_is_over(*, year: int, today: date) -> None:
    """
    Make sure that a year is over.

    :raises YearGoesOn: payments may still come in
    """
    if year >= today.year:
        raise YearGoesOn


@use_case
def issue_for(*, by_id: int | None, child_ids: Sequence[int], year: int, now: datetime) -> Issued:
    """
    Issue these children's certificates of a year; what has not changed stays, what has changed is superseded.

    :param by_id: who asked, None for nobody in particular
    :raises NoSuchTaxYear: the law of the year is not on record
    """
    drafts = [draft for one in reckon(child_ids=child_ids, year=year) for draft in one.drafts()]
    return certifying.issue(kind="year", year=year, drafts=drafts, child_ids=child_ids, by_id=by_id, now=now)


@use_case
def issue_as_asked(*, by: User, child_id: int, year: int, now: datetime) -> None:
    """
    Make a child's certificates of a year that is over, because its family asks for them.

    :raises YearGoesOn: the year is not over
    :raises NotYetMade: the town makes them itself, and has not yet
    :raises NotFound: the child is another family's
    """
    check_is_over(year=_known(year), today=clock.day_of(now))
    child = people.child_for(user=by, child_id=child_id)
    is_free = active_town().chosen(CertificateChoices).certificates_by_themselves
    if not is_free and not certificates.certificates_of(child_ids=[child.id], year=year):
        raise NotYetMade
    issue_for(by_id=by.pk, child_ids=[child.id], year=year, now=now)


@use_case
def issue_months_for(*, by_id: int | None, child_ids: Sequence[int], year: int, now: datetime) -> Issued:
    """Issue the nursery's receipts of a year's months that are over; what has not changed stays."""
    drafts = month_drafts(child_ids=child_ids, year=year, today=clock.day_of(now))
    return certifying.issue(kind="month", year=year, drafts=drafts, child_ids=child_ids, by_id=by_id, now=now)


@use_case
def issue_months_as_asked(*, by: User, child_id: int, year: int, now: datetime) -> None:
    """
    Make a child's receipts of the nursery, because its family asks for them.

    :raises NotFound: the child is another family's
    """
    child = people.child_for(user=by, child_id=child_id)
    issue_months_for(by_id=by.pk, child_ids=[child.id], year=_known(year), now=now)


def _known(year: int) -> int:
    """Return a year of which the law is on record; an address may say any."""
    if not FIRST_YEAR <= year <= clock.LAST_DAY.year:
        raise NotFound
    return year


@use_case
def begin(*, by: Actor, year: int, is_dry: bool, today: date, now: datetime) -> CertificateRun:
    """
    Begin a year's certificates of every child; a job makes them.

    :param is_dry: only look what would be made, also while the year goes on
    :raises YearGoesOn: the year is not over
    :raises RunUnderWay: they are being made
    """
    if not is_dry:
        check_is_over(year=_known(year), today=today)
    run = certifying.begin_run(by=by, year=_known(year), child_ids=people.child_ids(), is_dry=is_dry, now=now)
    jobs.enqueue("make_certificates", town=active_town_id(), run_id=run.pk)
    return run


def go_on(*, run_id: int, now: datetime) -> bool:
    """
    Make the certificates of some more children of a run; one that was killed goes on with those it had not done.

    :returns: whether there may be more
    """
    with scope(active_town_id()):
        taken = certifying.take_some(run_id=run_id, most=SOME)
        if taken is None:
            return False
        run, child_ids = taken
        found = reckon(child_ids=child_ids, year=run.year)
        issued = certifying.issue(
            kind="year",
            year=run.year,
            drafts=[draft for one in found for draft in one.drafts()],
            child_ids=child_ids,
            by_id=run.by_id,
            now=now,
            is_dry=run.is_dry,
        )
        certifying.note_done(
            run=run,
            done=child_ids,
            issued=issued,
            cents=sum(one.certified for one in found),
            notes={one.child.pk: one.note for one in found if one.note},
            now=now,
        )
        return bool(run.waiting)

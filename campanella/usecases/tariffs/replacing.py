"""A tariff takes another's place from a day on: that one ends the day before, and whoever pays it goes on at the new one."""

from collections.abc import Mapping
from datetime import date, datetime

from campanella.domains.billing import fees
from campanella.domains.enrolment import moving
from campanella.domains.enrolment.operations import NewSubscription
from campanella.domains.services import operations as services
from campanella.domains.services import queries as prices
from campanella.domains.services import replacing
from campanella.domains.services.models import Tariff
from campanella.domains.services.tariff_files import kept, writing
from campanella.domains.services.tariffs import versions
from campanella.domains.services.tariffs.shapes import Scheme
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.scope import operation
from campanella.usecases import pricing, reckoning


# Part of loading a file, which holds the wallets of all who pay the former tariff: it joins that act's transaction.
@operation
def replace(*, by: Actor, before: Tariff, scheme: Scheme, now: datetime) -> Tariff:
    """
    Set a tariff in another's place.

    :param before: with its service and brackets; it ends the day before
    :param scheme: fits it (``versions.unfit``)
    """
    old = versions.ended(before=kept.scheme_of(before), first=scheme.first)
    tariff = write(by=by, scheme=scheme, now=now, codes={one.name: one.code for one in before.brackets.all()})
    text = writing.text([old]) if old.is_reckoned else ""
    replacing.end_before(by=by, tariff=before, first=scheme.first, text=text, now=now)
    alike = prices.same_prices(before_id=before.pk, tariff_id=tariff.pk)
    fees.follow(instead=alike)
    _move(by, before, alike, prices.whole(tariff_id=tariff.pk), scheme.first, now)
    return tariff


# Part of loading a file as well.
@operation
def correct(*, by: Actor, tariff: Tariff, scheme: Scheme, now: datetime) -> None:
    """
    Put a tariff right that has not begun, with what children will pay of it.

    :param scheme: corrects it (``versions.corrects``)
    """
    kept_as = versions.as_kept(scheme)
    text = writing.text([kept_as]) if scheme.is_reckoned else ""
    replacing.correct(by=by, tariff=tariff, scheme=kept_as, text=text, now=now)
    child_ids = moving.payers_from(tariff_id=tariff.pk, day=scheme.first)
    changed = reckoning.put_right(by=by, child_ids=child_ids, now=now)
    mine = changed.setdefault(tariff.service_id, {})
    mine |= {child_id: min(scheme.first, mine.get(child_id, scheme.first)) for child_id in child_ids}
    # A day may be charged some days ahead.
    reckoning.charge_again(by=by, changed=changed, why="", now=now)


@operation
def write(*, by: Actor, scheme: Scheme, now: datetime, codes: Mapping[str, str] | None = None) -> Tariff:
    """
    Set a tariff that reckons, or a list of prices, in the place of one of the same code that nobody pays.

    :param codes: of a list's prices by name, where they have one already
    """
    kept_as = versions.as_kept(scheme)
    if not scheme.is_reckoned:
        return replacing.set_list(by=by, scheme=kept_as, codes=codes or {}, now=now)
    return services.set_scheme(by=by, scheme=kept_as, text=writing.text([kept_as]), now=now)


def missing(*, before: Tariff, scheme: Scheme) -> list[str]:
    """Return the prices of a list that another in its place does not name."""
    names = {band.name for band in scheme.bands}
    return [] if scheme.is_reckoned else [one.name for one in before.brackets.all() if one.name not in names]


def _move(by: Actor, before: Tariff, alike: Mapping[int, int], whole: int | None, first: date, now: datetime) -> None:
    going = moving.going_on(tariff_id=before.pk, day=first)
    for day in sorted({one.first for one in going}):
        mine = [one for one in going if one.first == day]
        lines = [
            NewSubscription(
                one.child_id, one.service_id, whole or alike[one.bracket_id], one.end, one.reduction, one.weekdays
            )
            for one in mine
        ]
        pricing.write_lines(by=by, ended=[pk for one in mine for pk in one.ids], lines=lines, first=day, now=now)

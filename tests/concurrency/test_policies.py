"""How a family pays is decided by one at a time: office, mandates that begin or end, a child that begins, a month billed."""

from datetime import date
from functools import partial
from typing import Any

import pytest

from campanella.domains.billing import policies as known
from campanella.domains.billing import runs
from campanella.domains.billing.models import PayPolicy
from campanella.domains.services import queries as services
from campanella.foundation.core import clock
from campanella.foundation.core.scope import naming, scope
from campanella.usecases import pricing
from campanella.usecases.billing import policies, running
from campanella.usecases.billing.drafting import PayOtherwise
from campanella.usecases.debiting import authorising, paying
from tests.billing import eat, noon, october
from tests.concurrency.racing import in_turn, meeting
from tests.debits import holder, signed
from tests.towns import OFFICE, Cast, choosing
from tests.usecases.billing.conftest import post_paid

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("concurrency")]

TODAY, NEXT = date(2026, 10, 20), date(2026, 11, 1)
OCTOBER = {"first": date(2026, 10, 1), "last": date(2026, 10, 31)}


@pytest.fixture
def debit(town: Cast) -> Cast:
    """Canteen by direct debit for all, the bus from the credit; Maria Rossi has signed nothing yet."""
    with scope(town.town.id):
        choosing(town.town, sdd_offered=True)
        post_paid(town, kind="debit")
    return town


def kind(town: Cast, child: str, service: str, day: date = NEXT) -> str:
    with scope(town.town.id):
        owner = town.child(child).pk, town.services[service].pk
        return known.kinds_on(owners=[owner], day=day)[owner]


def rides(town: Cast) -> None:
    """Let Luca begin to ride the bus."""
    bracket = next(one for one in services.prices_from(day=TODAY) if one.tariff.service_id == town.services["scuolabus"].pk)
    line = pricing.NewSubscription(town.child("Luca").pk, bracket.tariff.service_id, bracket.pk, None, 0)
    pricing.write_lines(by=OFFICE, ended=[], lines=[line], first=TODAY, now=clock.now())


def revokes(town: Cast) -> None:
    mandate = authorising.mandate_of(payer=town.families["rossi"].guardian)
    authorising.revoke_at_desk(by=OFFICE, mandate_id=mandate.id, now=clock.now())


def hands_in(town: Cast) -> None:
    payer = town.families["rossi"].guardian
    authorising.hand_in(
        by=OFFICE, payer_id=payer.pk, holder=holder(), signed_on=TODAY, kept_at="3", reference="", now=clock.now()
    )


def sets(town: Cast, child: str | None, so: str, first: date) -> None:
    said: dict[str, Any] = {"service": town.services["mensa"], "kind": so, "first": first, "reason": "", "now": clock.now()}
    if child:
        policies.set_for_children(by=OFFICE, child_ids=[town.child(child).pk], **said)
    else:
        policies.set_for_all(by=OFFICE, **said)


def test_a_service_that_begins_while_the_mandate_is_revoked_is_not_left_to_the_bank(debit: Cast, monkeypatch: Any) -> None:
    with clock.standing_at(noon(TODAY)):
        with scope(debit.town.id):
            signed(debit.families["rossi"].guardian)
        revoked = meeting(debit, paying.queries, "mandates_of", lambda: revokes(debit), monkeypatch)
        with scope(debit.town.id):
            rides(debit)
        assert revoked() is None
    assert kind(debit, "Luca", "scuolabus") == "prepaid"


def test_a_service_that_begins_while_the_mandate_is_signed_is_paid_by_it(debit: Cast, monkeypatch: Any) -> None:
    with clock.standing_at(noon(TODAY)):
        rode = meeting(debit, paying.enrolment, "enrolled", lambda: rides(debit), monkeypatch)
        with scope(debit.town.id):
            hands_in(debit)
        assert rode() is None
    assert kind(debit, "Luca", "scuolabus") == "debit"


def test_what_the_office_decides_while_the_mandate_is_revoked_holds_after_it(debit: Cast, monkeypatch: Any) -> None:
    with clock.standing_at(noon(TODAY)):
        with scope(debit.town.id):
            signed(debit.families["rossi"].guardian)
        decided = meeting(debit, paying.known, "policies_of", lambda: sets(debit, "Anna", "postpaid", NEXT), monkeypatch)
        with scope(debit.town.id):
            revokes(debit)
        assert decided() is None
    assert kind(debit, "Anna", "mensa") == "postpaid"


def previewed(town: Cast, *, for_all: bool) -> int:
    """Preview October, which Luca pays after the month, or everybody; return the run."""
    with scope(town.town.id):
        sets(town, None if for_all else "Luca", "postpaid", date(2026, 9, 1))
        eat(town, october(1, 2))
        run = running.preview(by=OFFICE, service=town.services["mensa"], now=clock.now(), **OCTOBER)
    return run.id


def confirms(run_id: int) -> None:
    running.confirm(by=OFFICE, run_id=run_id, now=clock.now())


def inside_a_billed_month(town: Cast) -> bool:
    """Tell whether a rule begins within a month that is billed."""
    with scope(town.town.id):
        last = runs.billed_until(service_id=town.services["mensa"].pk)
        return PayPolicy.objects.filter(first__gt=date(2026, 9, 1), first__lte=last or date(2026, 1, 1)).exists()


def test_no_child_begins_to_pay_within_the_month_that_is_being_billed(town: Cast) -> None:
    """The confirmation has read who pays after the month, and waits for Luca's wallet; Anna's rule does not."""
    with clock.standing_at(noon(date(2026, 11, 5))):
        run_id = previewed(town, for_all=False)
        anna = partial(sets, town, "Anna", "postpaid", date(2026, 10, 10))
        confirmed, decided = in_turn(town, lambda: confirms(run_id), anna)
    assert (type(confirmed), decided) == (PayOtherwise, None)
    with scope(town.town.id):
        assert runs.billed_until(service_id=town.services["mensa"].pk) is None


def test_while_a_month_is_drawn_up_nobody_decides_how_it_is_paid(town: Cast, monkeypatch: Any) -> None:
    with clock.standing_at(noon(date(2026, 11, 5))):
        run_id = previewed(town, for_all=True)
        decided = meeting(
            town, running.billing, "draw_up", lambda: sets(town, None, "prepaid", date(2026, 10, 10)), monkeypatch
        )
        with naming(town.town.id):
            confirms(run_id)
        assert isinstance(decided(), policies.AlreadyBilled)
    assert not inside_a_billed_month(town)

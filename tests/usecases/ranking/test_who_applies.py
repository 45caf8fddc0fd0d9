"""Who has only registered, who is no more the child's adult, whose ISEE came late: a list decides of answers alone."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from campanella.domains.accounts.models import User
from campanella.domains.enrolment.models import Subscription
from campanella.domains.people.models import Child, Guardianship, Registration
from campanella.domains.ranking import queries
from campanella.domains.ranking.queries import RankList
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.usecases import isee, registry
from campanella.usecases.applying import newcomers
from campanella.usecases.applying.sending import NoMoreYours
from campanella.usecases.ranking import offers
from tests.applying import accept, opened, part
from tests.browsing import browser
from tests.ranking import AFTER, PARTS, WORKS, drawn, known, offer_to, published, ranked, rule
from tests.towns import OFFICE, Cast, Family
from tests.usecases.access.test_registering import confirmed
from tests.usecases.applying import test_newcomers as registering

GIVEN = {"how": "given", "cents": 980_000, "kind": "ordinary", "issued_on": "2026-03-02", "household": 3}
mother = registering.mother
__all__ = ["confirmed", "mother"]


def isee_in(made: RankList, application_id: int) -> str:
    line = queries.line(list_id=made.pk, application_id=application_id)
    assert line
    return str(line.facts["isee"]).replace("\xa0", " ")


def test_of_who_has_registered_somebody_sees_a_document_before_it_is_an_adult(valle: Cast, mother: User) -> None:
    call = ranked(valle)
    one = registering.sent(valle, mother, answers={str(part(call, WORKS).pk): "yes"})
    published(call)
    offer = offers.accept(by=mother, offer_id=offer_to(one).pk, received_at=AFTER, now=AFTER)
    assert (offer.state, "guarda un documento" in offer.waits_for) == ("accepted", True)
    assert Registration.objects.get(user=mother).outcome == "waiting"
    child_id = accept(valle, one, class_group_id=valle.classes["2B"].pk)
    assert Subscription.objects.filter(child_id=child_id, service=valle.services["scuolabus"]).exists()
    assert offer_to(one).waits_for == ""


def test_a_child_on_record_without_adults_is_nobodys_for_writing_its_code(valle: Cast, mother: User) -> None:
    said = registering.CHILD
    there = Child.objects.create(
        given_name="Nina", family_name="Altri", tax_code=said["tax_code"], birth_date=date.fromisoformat(said["birth_date"])
    )
    one = registering.sent(valle, mother)
    with pytest.raises(newcomers.NotIdentified):
        accept(valle, one, class_group_id=valle.classes["2B"].pk)
    assert not Guardianship.objects.filter(child=there).exists()
    accept(valle, one, class_group_id=valle.classes["2B"].pk, is_identified=True)
    assert Guardianship.objects.get(child=there).is_payer


@pytest.mark.parametrize("answer", [offers.accept, offers.refuse])
def test_who_is_no_more_the_childs_adult_answers_for_it_no_more(
    valle: Cast, rossi: Family, answer: Callable[..., object]
) -> None:
    call = ranked(valle)
    one, luca, other = known(valle, call, "Luca", works=True), valle.child("Luca").pk, valle.families["haddad"].guardian.pk
    published(call)
    registry.tie(by=OFFICE, child_id=luca, guardian_id=other, kind="parent", is_payer=True, now=AFTER)
    registry.untie(by=OFFICE, child_id=luca, guardian_id=rossi.guardian.pk, why="Decreto del tribunale", now=AFTER)
    with pytest.raises(NoMoreYours):
        answer(by=rossi.user, offer_id=offer_to(one).pk, received_at=AFTER, now=AFTER)
    assert offer_to(one).state == "open"
    with clock.standing_at(AFTER):
        page = browser(valle.town, rossi.user).read(f"/iscrizioni/{one.pk}/graduatoria/")
    assert "Il tuo posto in graduatoria" in page
    assert "Accetto il posto" not in page
    assert "da accettare" not in page


def test_the_isee_of_who_has_only_registered_counts_as_it_was_sent(valle: Cast, mother: User) -> None:
    call = opened(valle, parts=PARTS, asks_isee=True)
    rule(valle, call, keys=("points", "isee", "older"))
    answers = {str(part(call, WORKS).pk): "no"}
    without = known(valle, call, "Amina", isee={"how": "none"})
    one = registering.sent(valle, mother, isee=GIVEN, answers=answers)
    made = drawn(call)
    assert (isee_in(made, one.pk), isee_in(made, without.pk)) == ("9.800,00 €", "")


def test_an_isee_presented_after_the_call_has_closed_moves_nobody(valle: Cast, rossi: Family) -> None:
    call = opened(valle, parts=PARTS, asks_isee=True)
    rule(valle, call, keys=("points", "isee", "older"))
    one = known(valle, call, "Luca", isee=GIVEN)
    first, day = published(call, is_final=False), clock.day_of(AFTER)
    said = isee.Said(Euro(100), kind="current", issued_on=day, received_on=day, household=3, has_omissions=False)
    isee.declare(by=rossi.user, payer_id=rossi.guardian.pk, said=said, key="later", now=AFTER + timedelta(hours=1))
    assert drawn(call).pk == first.pk
    assert isee_in(first, one.pk) == "9.800,00 €"

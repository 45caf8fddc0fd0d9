"""Every class moves up into the next year, twice is once, and it is taken back while nobody has built on it."""

import json
from datetime import date
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.enrolment.models import RollLine, Subscription
from campanella.domains.ledger import queries as ledger
from campanella.domains.schools import operations as schools
from campanella.domains.schools import queries as places
from campanella.domains.schools.models import ClassGroup, Membership, SchoolYear
from campanella.domains.services import operations as services
from campanella.domains.services.models import Bracket
from campanella.foundation.core import clock
from campanella.usecases import enrolling
from campanella.usecases.yearly import planning, rolling
from campanella.usecases.yearly.rolling import BuiltUpon, NothingToUndo, Rolled
from tests.config.commands.running import said
from tests.towns import OFFICE, Cast, open_class

NEW = date(2027, 9, 1)


def _prices_of_the_new_year(valle: Cast) -> None:
    services.set_tariff(
        service=valle.services["mensa"],
        code="mensa-27",
        name="Mensa 2027/28",
        first=NEW,
        end=date(2028, 9, 1),
        brackets=[("half", "ISEE fino a 10.000 €", 1_000_000, 330), ("full", "Intera", None, 480)],
    )


def _roll(**policies: Any) -> Rolled:
    return rolling.roll(by=OFFICE, policies=policies, now=clock.now())


def _picture() -> dict[str, Any]:
    return {
        "places": sorted(Membership.objects.values_list("child_id", "class_group_id", "days")),
        "uses": sorted(Subscription.objects.values_list("child_id", "service_id", "bracket_id", "days"), key=str),
        "classes": sorted(ClassGroup.objects.values_list("id", flat=True)),
        "years": sorted(SchoolYear.objects.values_list("name", flat=True)),
        "money": [(line.wallet_id, line.balance.cents) for line in ledger.balances()],
    }


def _class_in(valle: Cast, child: str, day: date) -> str:
    place = places.places_of(child_ids=[valle.child(child).pk], day=day).get(valle.child(child).pk)
    return place.class_name if place else ""


def test_everybody_moves_up_and_the_new_year_stands_beside_the_old(fifth: Cast) -> None:
    _prices_of_the_new_year(fifth)
    done = _roll()
    assert done.is_new
    assert (done.plan.promoted, done.plan.leaving, done.plan.unclear, done.plan.classes) == (2, 1, 0, 3)
    assert [_class_in(fifth, name, NEW) for name in ("Anna", "Luca", "Amina")] == ["3B", "2B", ""]
    assert [_class_in(fifth, name, date(2027, 8, 31)) for name in ("Anna", "Luca", "Amina")] == ["2B", "1B", "5B"]
    assert sorted(ClassGroup.objects.filter(year__name="2027/28").values_list("name", flat=True)) == ["1B", "2B", "3B"]
    meal = Subscription.objects.filter(service=fifth.services["mensa"], days__contains=NEW)
    anna = meal.get(child=fifth.child("Anna"))
    assert (anna.bracket.tariff.code, anna.bracket.code, anna.bracket.cents) == ("mensa-27", "full", 480)
    assert meal.get(child=fifth.child("Luca")).bracket.cents == 330
    # Amina has left, and the bus has no prices of the new year: it is to be asked for anew.
    assert not meal.filter(child=fifth.child("Amina")).exists()
    assert not Subscription.objects.filter(service=fifth.services["scuolabus"], days__contains=NEW).exists()
    assert {(one.service.code, one.policy, one.going_on, one.to_ask, one.ending) for one in done.plan.services} == {
        ("mensa", "renew", 2, 0, 1),
        ("scuolabus", "ask", 0, 1, 0),
    }


def test_a_second_time_does_nothing(fifth: Cast) -> None:
    _roll()
    before = _picture()
    again = _roll()
    assert not again.is_new
    assert again.plan.promoted == 0
    assert _picture() == before


def test_undone_it_is_as_if_it_had_not_been_and_can_be_done_again(fifth: Cast) -> None:
    _prices_of_the_new_year(fifth)
    before = _picture()
    _roll()
    once = _picture()
    rolling.undo(by=OFFICE, now=clock.now())
    assert _picture() == before
    assert not RollLine.objects.exists()
    with pytest.raises(NothingToUndo):
        rolling.undo(by=OFFICE, now=clock.now())
    _roll()
    again = _picture()
    assert [len(again[name]) for name in again] == [len(once[name]) for name in once]


@pytest.mark.parametrize(("policy", "uses"), [("renew", 2), ("ask", 0), ("none", 0)])
def test_the_office_says_what_becomes_of_a_service(fifth: Cast, policy: Any, uses: int) -> None:
    _prices_of_the_new_year(fifth)
    _roll(mensa=policy)
    assert Subscription.objects.filter(service=fifth.services["mensa"], days__contains=NEW).count() == uses


def test_a_dry_run_says_the_same_and_writes_nothing(fifth: Cast) -> None:
    before = _picture()
    told = json.loads(said("year", "roll", "--town", "valle", "--dry-run", "--json", "--service", "mensa=none"))
    assert _picture() == before
    assert (told["year"], told["dry_run"], told["done"]) == ("2027/28", True, False)
    assert (told["promoted"], told["leaving"]) == (2, 1)
    assert [(one["from"], one["to"]) for one in told["children"]] == [("1B", "2B"), ("2B", "3B"), ("5B", None)]
    done = json.loads(said("year", "roll", "--town", "valle", "--json", "--service", "mensa=none"))
    assert {**done, "dry_run": True, "done": False} == told
    assert json.loads(said("year", "roll", "--town", "valle", "--json"))["done_before"] is True
    assert "is undone" in said("year", "undo", "--town", "valle")
    assert _picture() == before


def test_what_somebody_has_built_on_it_keeps_it_and_is_told(fifth: Cast) -> None:
    _prices_of_the_new_year(fifth)
    _roll()
    year = SchoolYear.objects.get(name="2027/28")
    anna = fifth.child("Anna")
    third = open_class(school=fifth.school, year=year, name="3C")
    schools.move(child_id=anna.pk, class_group=third, first=NEW)
    with pytest.raises(BuiltUpon, match="in un’altra classe: Anna Rossi"):
        rolling.undo(by=OFFICE, now=clock.now())
    schools.move(child_id=anna.pk, class_group=ClassGroup.objects.get(year=year, name="3B"), first=NEW)
    use = Subscription.objects.get(child=anna, service=fifth.services["mensa"], days__contains=NEW)
    enrolling.end(by=OFFICE, child_id=anna.pk, subscription_id=use.pk, last=date(2027, 8, 31), now=clock.now())
    with pytest.raises(BuiltUpon, match="le iscrizioni del nuovo anno di: Anna Rossi"):
        rolling.undo(by=OFFICE, now=clock.now())


def test_days_of_the_new_year_keep_it(fifth: Cast) -> None:
    _roll()
    group = ClassGroup.objects.get(year__name="2027/28", name="3B")
    from campanella.domains.attendance.models import RollCall

    RollCall.objects.create(class_group=group, service=fifth.services["mensa"], day=date(2027, 9, 20))
    with pytest.raises(BuiltUpon, match="già presenze o richieste: la prima è del 20 settembre 2027"):
        rolling.undo(by=OFFICE, now=clock.now())


def test_an_early_end_is_no_renewal(fifth: Cast) -> None:
    """A family that has left the canteen in January is not put back on it in September."""
    _prices_of_the_new_year(fifth)
    use = Subscription.objects.get(child=fifth.child("Luca"), service=fifth.services["mensa"])
    enrolling.end(by=OFFICE, child_id=use.child_id, subscription_id=use.pk, last=date(2027, 1, 31), now=clock.now())
    _roll()
    assert not Subscription.objects.filter(child=fifth.child("Luca"), days__contains=NEW).exists()


def test_who_has_just_moved_up_does_not_move_up_again(fifth: Cast, at: Any) -> None:
    _roll()
    at("2027-09-20 09:00")
    with pytest.raises(planning.JustRolled):
        _roll()


def test_a_service_that_is_not_there_and_a_year_that_is_not_there_are_refused(fifth: Cast, at: Any) -> None:
    with pytest.raises(planning.UnknownService, match="«nuoto»: ha mensa, scuolabus"):
        _roll(nuoto="ask")
    at("2030-01-10 09:00")
    with pytest.raises(planning.NoYear):
        _roll()


def test_a_list_that_goes_on_is_left_as_it_is(fifth: Cast) -> None:
    mine = Bracket.objects.get(tariff__code="mensa-26", code="full")
    tariff = mine.tariff
    tariff.days = type(tariff.days)(date(2026, 9, 1), date(2028, 9, 1))
    tariff.save()
    before = Subscription.objects.get(child=fifth.child("Anna"), service=fifth.services["mensa"])
    _roll(mensa="renew")
    assert Subscription.objects.get(child=fifth.child("Anna"), service=fifth.services["mensa"]).pk == before.pk
    rolling.undo(by=OFFICE, now=clock.now())
    assert Subscription.objects.get(child=fifth.child("Anna"), service=fifth.services["mensa"]).pk == before.pk


def test_a_year_of_the_same_name_and_other_days_is_no_new_year(fifth: Cast) -> None:
    """Its classes would be taken for those of the new year, and every place in them would be of no day."""
    SchoolYear.objects.create(name="2027/28", days=DateRange(date(2025, 9, 1), date(2026, 9, 1)))
    before = _picture()
    with pytest.raises(planning.NameTaken, match="«2027/28» c’è già, con altri giorni"):
        _roll()
    assert _picture() == before

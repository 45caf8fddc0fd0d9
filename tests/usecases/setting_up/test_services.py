"""A service is added and begins somewhere: from a day that is not over, where it does not run yet."""

from datetime import date
from typing import Any

import pytest

from campanella.domains.attendance.ruling import NumbersClosed
from campanella.domains.messaging.models import Message
from campanella.domains.schools.keeping import NewSchool
from campanella.domains.schools.models import School
from campanella.domains.services import providing
from campanella.domains.services.models import Service, ServiceCalendar
from campanella.domains.services.providing import NewService
from campanella.foundation.core import clock
from campanella.usecases.setting_up import closing, schools, services
from tests.towns import OFFICE, TODAY, Cast, run_jobs


def add(name: str = "Pre-scuola", kind: str = "before", code: str = "") -> Service:
    return services.add(by=OFFICE, new=NewService(code, name, kind), now=clock.now())


def begin(service: Service, *where: School, first: date = TODAY, last: date = date(2027, 6, 9)) -> None:
    span = {"first": first, "last": last, "weekdays": 0b11111, "now": clock.now()}
    services.begin(by=OFFICE, service_id=service.pk, school_ids=[one.pk for one in where], **span)  # type: ignore[arg-type]


@pytest.mark.usefixtures("valle")
def test_a_service_comes_last_with_the_words_and_the_taxonomy_of_its_kind() -> None:
    made = add()
    assert (made.code, made.position, made.unit, made.taxonomy) == ("pre-scuola", 2, "giorno", "9/0107103SP/")
    with pytest.raises(providing.ServiceNameTaken):
        add("refezione", kind="meal")
    with pytest.raises(providing.ServiceCodeTaken):
        add("Altro", code="mensa")


def test_a_service_is_called_otherwise(valle: Cast) -> None:
    words: dict[str, Any] = {"by": OFFICE, "service_id": valle.services["mensa"].pk, "now": clock.now(), "unit": "pranzo"}
    services.change(name="Mensa", units="pranzi", taxonomy="9/0107101TS/", **words)
    with pytest.raises(providing.NoTaxonomy):
        services.change(name="Mensa", units="pranzi", taxonomy="0107101TS", **words)
    meal = Service.objects.get(code="mensa")
    assert (meal.name, meal.unit, meal.units) == ("Mensa", "pranzo", "pranzi")


def test_a_service_moves_up_one_place_at_a_time(valle: Cast) -> None:
    bus = valle.services["scuolabus"].pk
    for expected in (["scuolabus", "mensa"], ["scuolabus", "mensa"]):
        services.move_up(by=OFFICE, service_id=bus, now=clock.now())
        assert list(Service.objects.order_by("position").values_list("code", flat=True)) == expected


def test_it_begins_today_while_numbers_are_open_and_not_twice(valle: Cast, at: Any) -> None:
    before = add()
    at("09:31")
    with pytest.raises(NumbersClosed):
        begin(before, valle.school)
    at("08:50")
    begin(before, valle.school)
    assert ServiceCalendar.objects.get(service=before).days.upper == date(2027, 6, 10)
    with pytest.raises(services.RunsAlready, match="Primaria Rodari"):
        begin(before, valle.school, first=date(2027, 6, 9), last=date(2027, 6, 20))
    with pytest.raises(services.InThePast):
        begin(before, valle.school, first=date(2026, 10, 13))


def test_it_does_not_outlast_its_school(valle: Cast) -> None:
    closing.close_school(by=OFFICE, school_id=valle.school.pk, first=date(2027, 3, 1), now=clock.now())
    with pytest.raises(services.SchoolEnds, match="28 febbraio 2027"):
        begin(add(), valle.school)


def test_families_are_told_where_it_comes_back_and_nobody_where_it_is_new(valle: Cast) -> None:
    other = schools.add(by=OFFICE, new=NewSchool("", "Primaria Montessori", "primaria"), now=clock.now())
    meal = valle.services["mensa"]
    begin(meal, other, first=date(2026, 10, 20))
    run_jobs()
    assert not Message.objects.filter(template="calendar_changed").exists()
    begin(meal, valle.school, first=date(2027, 6, 14), last=date(2027, 7, 2))
    run_jobs()
    assert Message.objects.filter(template="calendar_changed").count() == 2

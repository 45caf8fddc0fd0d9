"""L’anno nuovo: the office sees what would happen, does it, moves what leavers have left, and takes it back."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.enrolment.models import Subscription
from campanella.domains.people.models import Guardianship
from campanella.domains.schools import operations as schools
from campanella.domains.schools.models import ClassGroup, SchoolYear
from tests.browsing import Browser, browser
from tests.towns import Cast, open_class, text_of

PAGE = "/ufficio/anno/"


@pytest.fixture
def leaving(valle: Cast) -> Cast:
    """Anna is in a fifth class and leaves with 12.34 of credit; her brother Luca stays; Amina has a debt and stays."""
    open_class(school=valle.school, year=SchoolYear.objects.get(), name="5B")
    schools.move(child_id=valle.child("Anna").pk, class_group=ClassGroup.objects.get(name="5B"), first=date(2026, 9, 1))
    schools.move(child_id=valle.child("Luca").pk, class_group=ClassGroup.objects.get(name="2B"), first=date(2026, 9, 1))
    schools.move(child_id=valle.child("Amina").pk, class_group=ClassGroup.objects.get(name="2B"), first=date(2026, 9, 1))
    valle.credit("Anna", 1234)
    valle.credit("Amina", -500)
    return valle


def office(cast: Cast) -> Browser:
    return browser(cast.town, cast.staff["office"])


def test_the_office_sees_what_would_happen_and_chooses(leaving: Cast) -> None:
    page = text_of(office(leaving).get(PAGE))
    assert "Bambini in una classe nuova 2" in page
    assert "In uscita dalla loro scuola 1" in page
    assert "2B 3B 2" in page
    assert "5B esce 1" in page
    assert "Per l’anno nuovo non c’è ancora nessuna tariffa" in page
    assert "0 continuano, 2 da chiedere di nuovo, 1 finiscono" in page
    assert "0 continuano, 0 da chiedere di nuovo, 3 finiscono" in text_of(
        office(leaving).get(PAGE, {"servizio-mensa": "none"})
    )


def test_the_tariff_of_this_year_is_carried_and_raised(leaving: Cast) -> None:
    one, asked = office(leaving), {"servizio-mensa": "carry", "aumento": "1,4"}
    page = text_of(one.get(PAGE, asked)).replace("\xa0", " ")
    assert "«Mensa 2026/27» continua come «Mensa 2027/28», dal 1 settembre 2027" in page
    assert "Intera 4,60 € 4,66 €" in page
    assert "2 continuano, 0 da chiedere di nuovo, 1 finiscono" in page
    assert "L’aumento è una percentuale da 0 a 100" in text_of(one.get(PAGE, {**asked, "aumento": "molto"}))
    assert "2 bambini hanno una classe nel 2027/28" in text_of(one.post(f"{PAGE}passaggio/", asked, follow=True))
    assert "Mensa 2027/28" in one.read("/ufficio/tariffe/")
    one.post(f"{PAGE}annulla/")
    assert "Mensa 2027/28" not in one.read("/ufficio/tariffe/")


def test_it_is_done_once_and_taken_back(leaving: Cast) -> None:
    one = office(leaving)
    done = text_of(one.post(f"{PAGE}passaggio/", {"servizio-mensa": "ask"}, follow=True))
    assert "2 bambini hanno una classe nel 2027/28" in done
    assert "Il passaggio è fatto" in done
    assert "2 bambini hanno una classe" not in text_of(one.post(f"{PAGE}passaggio/", follow=True))
    assert "Il passaggio è annullato" in text_of(one.post(f"{PAGE}annulla/", follow=True))
    assert "Non c’è nessun passaggio d’anno da annullare" in text_of(one.post(f"{PAGE}annulla/", follow=True))


def test_what_is_left_of_a_leaver_goes_to_its_sibling_once_nobody_needs_it(leaving: Cast, at: object) -> None:
    one = office(leaving)
    told = text_of(one.post(f"{PAGE}passaggio/", follow=True))
    assert "Anna Rossi Refezione · usa ancora il servizio" in told
    assert "Sposta i crediti" not in told
    assert callable(at)
    at("2027-09-02 10:00")
    one = office(leaving)
    page = text_of(one.get(PAGE))
    assert "Il passaggio a quest’anno è appena stato fatto" in page
    assert "può andare a Luca" in page
    assert "1 credito spostato al fratello o alla sorella: 12,34" in text_of(one.post(f"{PAGE}crediti/", follow=True))
    assert (leaving.balance("Anna"), leaving.balance("Luca")) == (0, 1234)
    assert "Non c’era nessun credito" in text_of(one.post(f"{PAGE}crediti/", follow=True))
    assert "Chi esce non ha né crediti né debiti" in text_of(one.get(PAGE))


@pytest.mark.parametrize("why", ["another pays for the sibling", "the sibling is in no class", "it will use it again"])
def test_what_is_left_of_a_leaver_goes_to_nobody_else(leaving: Cast, at: Callable[[str], None], why: str) -> None:
    one = office(leaving)
    one.post(f"{PAGE}passaggio/")
    anna, luca = leaving.child("Anna"), leaving.child("Luca")
    if why == "another pays for the sibling":
        Guardianship.objects.filter(child=luca).update(is_payer=False)
        other = Guardianship.objects.get(child=leaving.child("Amina")).guardian
        Guardianship.objects.create(child=luca, guardian=other, is_payer=True)
    elif why == "the sibling is in no class":
        schools.move(child_id=luca.pk, class_group=None, first=date(2027, 9, 1))
    else:
        use = Subscription.objects.get(child=anna, service=leaving.services["mensa"])
        days = DateRange(date(2027, 9, 13), None)
        Subscription.objects.create(child=anna, service_id=use.service_id, bracket_id=use.bracket_id, days=days)
    at("2027-09-02 10:00")
    one = office(leaving)
    said = "usa ancora il servizio" if why == "it will use it again" else "resta, o la famiglia chiede il rimborso"
    assert f"Anna Rossi Refezione · {said}" in text_of(one.get(PAGE))
    assert "Non c’era nessun credito" in text_of(one.post(f"{PAGE}crediti/", follow=True))
    assert (leaving.balance("Anna"), leaving.balance("Luca")) == (1234, 0)


def test_a_day_outside_every_year_says_so(leaving: Cast, at: object) -> None:
    assert callable(at)
    at("2030-01-10 10:00")
    assert "Oggi non è in nessun anno scolastico" in text_of(office(leaving).get(PAGE))

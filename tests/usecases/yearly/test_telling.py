"""One letter a family about the year that comes: its children's classes, services, credits and debts."""

from datetime import date

import pytest

from campanella.domains.messaging.models import Message
from campanella.domains.schools import operations as schools
from campanella.domains.schools.models import ClassGroup, SchoolYear
from campanella.foundation.core import clock
from campanella.usecases.yearly import rolling, telling
from tests.towns import OFFICE, Cast, open_class, run_jobs


@pytest.fixture
def rolled(valle: Cast) -> Cast:
    """Anna leaves with a credit, Luca moves up, Amina has a debt."""
    open_class(school=valle.school, year=SchoolYear.objects.get(), name="5B")
    for name, group in (("Anna", "5B"), ("Luca", "2B"), ("Amina", "2B")):
        place = ClassGroup.objects.get(name=group)
        schools.move(child_id=valle.child(name).pk, class_group=place, first=date(2026, 9, 1))
    valle.credit("Anna", 1234)
    valle.credit("Amina", -500)
    rolling.roll(by=OFFICE, policies={}, now=clock.now())
    return valle


def test_each_family_gets_one_letter_with_all_of_its_children(rolled: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    # A town in pieces of one adult is told as one in pieces of five hundred.
    monkeypatch.setattr(telling, "PIECE", 1)
    telling.begin(by=OFFICE, now=clock.now())
    run_jobs()
    letters = {one.address: one for one in Message.objects.filter(template="year_begins")}
    assert sorted(letters) == ["haddad@posta.example", "rossi@posta.example"]
    rossi = letters["rossi@posta.example"]
    assert rossi.subject == "L’anno scolastico che viene · Comune di Valle"
    assert "Anna: finisce la sua scuola.\n- finisce con quest’anno: Refezione, Scuolabus" in rossi.text
    assert "credito 12,34" in rossi.text.replace("\xa0", " ")
    assert (
        "Luca: 3B · Primaria Rodari.\n- finisce con quest’anno, e per l’anno nuovo si chiede di nuovo: Refezione"
        in rossi.text
    )
    assert "5,00" in letters["haddad@posta.example"].text
    assert "da pagare" in letters["haddad@posta.example"].text
    with pytest.raises(telling.ToldBefore):
        telling.begin(by=OFFICE, now=clock.now())
    with pytest.raises(rolling.BuiltUpon, match="già state avvisate"):
        rolling.undo(by=OFFICE, now=clock.now())


def test_a_service_that_the_town_ends_is_not_asked_for_anew(valle: Cast) -> None:
    rolling.roll(by=OFFICE, policies={"mensa": "none"}, now=clock.now())
    telling.begin(by=OFFICE, now=clock.now())
    run_jobs()
    (text,) = Message.objects.filter(template="year_begins", address="haddad@posta.example").values_list("text", flat=True)
    assert "finisce con quest’anno: Refezione" in text
    assert "si chiede di nuovo: Refezione" not in text


def test_a_roll_over_that_was_undone_meanwhile_is_told_to_nobody(rolled: Cast) -> None:
    telling.begin(by=OFFICE, now=clock.now())
    rolling.undo(by=OFFICE, now=clock.now())
    run_jobs()
    assert not Message.objects.filter(template="year_begins").exists()
    with pytest.raises(telling.NothingToTell):
        telling.begin(by=OFFICE, now=clock.now())

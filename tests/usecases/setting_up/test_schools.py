"""Schools and classes, as the office keeps them and as a file brings them."""

from datetime import date

import pytest

from campanella.domains.schools import keeping
from campanella.domains.schools import queries as places
from campanella.domains.schools.classing import ClassThere, HasHistory
from campanella.domains.schools.keeping import NewSchool, SchoolCodeTaken, SchoolHasChildren, SchoolNameTaken
from campanella.domains.schools.models import ClassGroup, School, SchoolYear
from campanella.domains.schools.opening import NoSchoolYear, YearIsLived, YearsOverlap
from campanella.foundation.core import audit, clock
from campanella.usecases.setting_up import schools, years
from tests.towns import OFFICE, Cast


def add(name: str = "Primaria Montessori", code: str = "", level: str = "primaria") -> School:
    return schools.add(by=OFFICE, new=NewSchool(code, name, level, "Via Roma 1"), now=clock.now())


def open_classes(school: School, written: str) -> list[str]:
    year = SchoolYear.objects.get()
    return schools.open_classes(by=OFFICE, school_id=school.pk, year_id=year.pk, written=written, now=clock.now())


@pytest.mark.usefixtures("valle")
def test_a_school_gets_a_code_of_its_name_and_a_second_one_of_that_name_another() -> None:
    assert [add().code, add("Primaria  Montessòri").code] == ["primaria-montessori", "primaria-montessori-2"]
    assert add(level="infanzia").code == "primaria-montessori-3"
    assert audit.acts_on(subjects=["schools"])[0].sentence == "ha aggiunto la scuola Primaria Montessori"


def test_two_schools_of_one_name_and_level_or_one_code_are_refused(valle: Cast) -> None:
    with pytest.raises(SchoolNameTaken):
        add("primaria rodari")
    with pytest.raises(SchoolCodeTaken):
        add(code="rodari")
    # A second call of a file changes nothing.
    schools.add_many(by=OFFICE, new=[NewSchool("rodari", "Altra", "nido")], now=clock.now())
    assert School.objects.get().name == valle.school.name


def test_a_school_is_called_otherwise_and_keeps_its_code(valle: Cast) -> None:
    school = valle.school
    change = {"by": OFFICE, "school_id": school.pk, "address": "", "now": clock.now()}
    schools.change(name="Gianni Rodari", level="primaria", **change)  # type: ignore[arg-type]  # values of one call
    school.refresh_from_db()
    assert (school.name, school.code) == ("Gianni Rodari", "rodari")
    told = audit.acts_on(subjects=keeping.subjects_of(school))[0].sentence
    assert told == "ha cambiato i dati della scuola: nome Gianni Rodari (prima Primaria Rodari)"
    with pytest.raises(SchoolHasChildren):
        schools.change(name="Gianni Rodari", level="infanzia", **change)  # type: ignore[arg-type]  # values of one call


@pytest.mark.parametrize(
    ("written", "opened"),
    [("1A, 1B", ["1A", "1B"]), ("1A\n1A\n 2  C ", ["1A", "2 C"]), ("2B, 1A;3A", ["1A"])],
)
def test_classes_are_opened_and_those_that_are_there_are_left(valle: Cast, written: str, opened: list[str]) -> None:
    assert open_classes(valle.school, written) == opened


@pytest.mark.parametrize(
    ("written", "words"), [(" , ", "Scrivi i nomi"), ("2ª B", "scritta quasi come «2B»"), ("x" * 41, "corto")]
)
def test_names_that_are_none_or_nearly_anothers_are_refused(valle: Cast, written: str, words: str) -> None:
    with pytest.raises((schools.NoClassNames, schools.NearlyThere), match=words):
        open_classes(valle.school, written)
    assert ClassGroup.objects.count() == 2


@pytest.mark.parametrize(("name", "words"), [("3 a", "scritta quasi come «3A»"), ("2B, ex 5", "Scrivi i nomi")])
def test_a_class_is_not_called_nearly_as_another_nor_by_two_names(valle: Cast, name: str, words: str) -> None:
    with pytest.raises((schools.NoClassNames, schools.NearlyThere), match=words):
        schools.rename_class(by=OFFICE, class_group_id=valle.classes["2B"].pk, name=name, now=clock.now())
    assert ClassGroup.objects.filter(name="2B").exists()


def test_a_class_is_renamed_moved_and_taken_away_only_while_nobody_sits_in_it(valle: Cast) -> None:
    second, third = valle.classes["2B"].pk, valle.classes["3A"].pk
    with pytest.raises(ClassThere, match="c’è già la classe 2B"):
        schools.rename_class(by=OFFICE, class_group_id=third, name="2B", now=clock.now())
    schools.rename_class(by=OFFICE, class_group_id=third, name="3 C", now=clock.now())
    year = years.open_year(by=OFFICE, first=date(2027, 9, 1), last=date(2028, 8, 31), now=clock.now())
    schools.move_class(by=OFFICE, class_group_id=third, year_id=year.pk, now=clock.now())
    assert ClassGroup.objects.get(pk=third).year.name == "2027/28"
    for act in (schools.remove_class, schools.move_class):
        with pytest.raises(HasHistory):
            act(
                by=OFFICE,
                class_group_id=second,
                now=clock.now(),
                **({"year_id": year.pk} if act is schools.move_class else {}),
            )
    schools.remove_class(by=OFFICE, class_group_id=third, now=clock.now())
    assert [group.name for group in places.all_classes(day=date(2026, 10, 14))] == ["2B"]


def test_a_school_year_neither_overlaps_another_nor_changes_under_its_children(valle: Cast) -> None:
    mine = SchoolYear.objects.get()
    for first, last, refusal in (
        (date(2027, 8, 1), date(2028, 7, 31), YearsOverlap),
        (date(2026, 12, 1), date(2027, 11, 30), YearsOverlap),
        (date(2027, 9, 1), date(2027, 8, 1), NoSchoolYear),
        (date(2027, 9, 1), date(2029, 8, 31), NoSchoolYear),
    ):
        with pytest.raises(refusal):
            years.open_year(by=OFFICE, first=first, last=last, now=clock.now())
    with pytest.raises(YearIsLived):
        years.change_year(by=OFFICE, year_id=mine.pk, first=date(2026, 9, 2), last=date(2027, 8, 31), now=clock.now())
    new = years.open_year(by=OFFICE, first=date(2027, 9, 1), last=date(2028, 8, 31), now=clock.now())
    new = years.change_year(by=OFFICE, year_id=new.pk, first=date(2027, 9, 6), last=date(2028, 9, 3), now=clock.now())
    assert (new.name, new.days.lower, new.days.upper) == ("2027/28", date(2027, 9, 6), date(2028, 9, 4))
    assert valle.classes["2B"].year == mine

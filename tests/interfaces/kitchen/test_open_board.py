"""An open board is sent what has changed and nothing else: the rows of one school, not a city."""

import re
from typing import Any

import pytest

from campanella.domains.enrolment.models import Diet, DietCode
from campanella.domains.schools import operations as schools
from campanella.domains.schools.models import ClassGroup, School
from campanella.foundation.core import clock
from campanella.usecases import freezing
from tests.browsing import Browser, at_most, browser
from tests.concurrency.conftest import committed, town  # noqa: F401  # fixtures
from tests.diets import serve
from tests.towns import OFFICE, TODAY, Cast, text_of


def tap(teacher: Browser, group: ClassGroup, child_id: int) -> None:
    place = f"/appello/{group.pk}/mensa/segno/"
    assert teacher.post(place, {"day": str(TODAY), "child": child_id, "eats": 0}).status_code == 204


def question(page: Any) -> str:
    """Return what an open page asks."""
    found = re.search(r'hx-get="([^"]+)"', page.content.decode())
    assert found
    return found[1].replace("&amp;", "&")


def test_a_change_sends_its_school_the_sums_and_no_other_school(
    valle: Cast, cook: Browser, teacher: Browser, nursery: ClassGroup
) -> None:
    asked = question(cook.get("/cucina/"))
    assert cook.get(asked).status_code == 204
    tap(teacher, nursery, valle.child("Luca").pk)
    answer = cook.get(asked)
    words = text_of(answer)
    assert "Nido Aquilone" in words
    assert "Piccoli 1 0 0 0 0" in words
    assert f"riga-{valle.school.pk}-0" not in answer.content.decode()
    assert f"classi-{valle.school.pk}-0" not in answer.content.decode()
    assert "2 pasti in tutto" in words
    assert "Ultimi cambi 8:47 Nido Aquilone Piccoli un pasto in meno −1" in words
    assert cook.get(question(answer)).status_code == 204


def test_parts_put_together_are_the_board_that_a_new_page_shows(
    valle: Cast, cook: Browser, teacher: Browser, nursery: ClassGroup
) -> None:
    """Every row that differs between the page before and a new page is among what was sent."""
    before = cook.get("/cucina/")
    tap(teacher, nursery, valle.child("Luca").pk)
    sent = rows(cook.get(question(before)))
    new = rows(cook.get("/cucina/"))
    assert {**rows(before), **sent} == new
    tap(teacher, valle.classes["2B"], valle.child("Anna").pk)
    # The row that was the last to change loses its mark as well.
    assert {**new, **rows(cook.get(question(before)))} == rows(cook.get("/cucina/"))


def rows(page: Any) -> dict[str, str]:
    """Return the words of the parts that are replaced one by one, by their id."""
    text = page.content.decode().replace(' hx-swap-oob="true"', "")
    found = re.findall(r'<(tr|section)([^>]*) id="([\w-]+)"(.*?)</\1>', text, re.DOTALL)
    return {name: re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", f"<{inner}")).strip() for _, _, name, inner in found}


def test_another_column_a_freeze_or_another_day_draws_the_board_anew(
    valle: Cast, cook: Browser, teacher: Browser, nursery: ClassGroup, at: Any
) -> None:
    asked = question(cook.get("/cucina/"))
    serve(valle.child("Anna"), "D1", "Senza glutine")
    tap(teacher, valle.classes["2B"], valle.child("Amina").pk)
    words = text_of(cook.get(asked))
    assert "Senza glutine (D1)" in words
    assert "Nido Aquilone" in words
    asked = question(cook.get("/cucina/"))
    now = at("09:31")
    freeze_all(now)
    assert "Definitivi fermati alle 9:30, foglio n. 1" in text_of(cook.get(asked))


def test_another_diet_of_as_many_children_stands_in_every_row(valle: Cast, cook: Browser) -> None:
    serve(valle.child("Anna"), "D1", "Senza glutine")
    was = cook.get("/cucina/").content.decode()
    DietCode.objects.create(code="D2", menu="Senza latte")
    Diet.objects.filter(code="D1").update(code="D2", menu="Senza latte")
    now = cook.get("/cucina/").content.decode()
    rows_with_it = was.count('data-th="Senza glutine (D1)"')
    assert rows_with_it > 1
    assert now.count('data-th="Senza latte (D2)"') == rows_with_it
    assert "Senza glutine" not in now


def test_a_diet_a_new_child_and_a_closure_come_at_once(valle: Cast, cook: Browser) -> None:
    asked = question(cook.get("/cucina/"))
    serve(valle.child("Anna"), "D1", "Senza glutine")
    drawn = cook.get(asked)
    assert "Senza glutine (D1)" in text_of(drawn)
    schools.place_many(class_by_child={valle.child("Luca").pk: valle.classes["3A"].pk}, first=TODAY, end=None)
    moved = cook.get(question(drawn))
    assert "3A 1 1 0 0 0 1 da fare" in text_of(moved)
    schools.close(by=OFFICE, first=TODAY, last=TODAY, reason="Neve", now=clock.now())
    assert "Oggi non si cucina" in text_of(cook.get(question(moved)))


def test_the_time_that_is_left_goes_on_while_the_numbers_stay(valle: Cast, cook: Browser, at: Any) -> None:
    at("08:47:10")
    asked = question(cook.get("/cucina/"))
    at("08:47:40")
    assert cook.get(asked).status_code == 204
    at("08:48:10")
    answer = cook.get(asked)
    assert "ancora 41 minuti" in text_of(answer)
    assert "riga-" not in answer.content.decode()


def test_an_open_board_asks_two_questions_and_a_change_four_more(town: Cast) -> None:  # noqa: F811  # the fixture
    """Whatever the size of the town: what has not changed is in memory, in numbers and in drawn parts."""
    cook = browser(town.town, town.staff["kitchen"])
    asked = question(cook.get("/cucina/"))
    for _ in range(2):
        # Who asks, what has changed.
        with at_most(2):
            assert cook.get(asked).status_code == 204
    tap(browser(town.town, town.staff["school"]), town.classes["2B"], town.child("Luca").pk)
    # And which classes to count, their numbers, the last events: twice while they are few.
    with at_most(6):
        answer = cook.get(asked)
    assert "2B, un pasto in meno" in text_of(answer)
    again = browser(town.town, town.staff["office"])
    with at_most(3):  # and its own schools
        assert rows(again.get(asked)) == rows(answer)


def test_a_board_drawn_anew_takes_the_place_of_the_old_one(valle: Cast, cook: Browser, at: Any) -> None:
    """The parts are in their places, and none of them is taken out of it to be swapped alone."""
    asked = question(cook.get("/cucina/"))
    freeze_all(at("09:31"))
    answer = cook.get(asked).content.decode()
    assert answer.count('id="board" hx-swap-oob="true"') == 1
    assert answer.count("hx-swap-oob") == 1


def freeze_all(now: Any) -> None:
    for one in freezing.due(now=now):
        freezing.freeze(by=OFFICE, due=one, now=now)


def test_a_caterer_is_sent_its_own_school_only(valle: Cast, cook: Browser, teacher: Browser, nursery: ClassGroup) -> None:
    schools.let_work_at(user=valle.staff["kitchen"], school=School.objects.get(pk=nursery.school_id))
    asked = question(cook.get("/cucina/"))
    tap(teacher, valle.classes["2B"], valle.child("Anna").pk)
    words = text_of(cook.get(asked))
    assert "Rodari" not in words
    assert "un pasto in meno" not in words


def test_two_towns_never_share_what_is_kept(borgo: Cast, valle: Cast, cook: Browser) -> None:
    assert "3 pasti in tutto" in cook.read("/cucina/")
    other = browser(borgo.town, borgo.staff["kitchen"])
    asked = question(other.get("/cucina/"))
    assert other.get(asked).status_code == 204
    with clock.standing_at(clock.now()):
        assert "3 pasti in tutto" in other.read("/cucina/tabella/?version=0&visto=0")


def test_the_classes_of_a_city_are_folded_by_school(
    valle: Cast, cook: Browser, monkeypatch: pytest.MonkeyPatch, nursery: ClassGroup
) -> None:
    from campanella.readings.kitchen import board

    monkeypatch.setattr(board, "MOST_CLASSES_SHOWN", 1)
    words = cook.read("/cucina/")
    assert "Primaria Rodari" in words
    assert "2B" not in words.replace("Primaria Rodari 2B", "")
    opened = cook.read(f"/cucina/?scuola={valle.school.pk}")
    assert "Primaria Rodari, classe per classe" in opened
    assert "Nido Aquilone, classe per classe" not in opened

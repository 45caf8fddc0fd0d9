"""The kitchen's numbers."""

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.enrolment.models import Diet
from tests.browsing import Browser, at_most, browser
from tests.towns import Cast


@pytest.fixture
def cook(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["kitchen"])


@pytest.fixture
def teacher(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["school"])


def tap(valle: Cast, teacher: Browser, name: str, eats: int = 0) -> None:
    place = f"/appello/{valle.classes['2B'].pk}/mensa/segno/"
    answer = teacher.post(place, {"day": "2026-10-14", "child": valle.child(name).pk, "eats": eats})
    assert answer.status_code == 204


def test_the_board_counts_everybody_expected(valle: Cast, cook: Browser) -> None:
    Diet.objects.create(child=valle.child("Amina"), code="D4", menu="Senza maiale", days=DateRange(None, None))
    with at_most(10):
        words = cook.read("/cucina/")
    assert "3 pasti in tutto" in words
    assert "Senza maiale (D4)" in words
    assert "Primaria Rodari 3 2 1 0 3 0/1" in words


def test_a_tap_is_on_the_board_and_the_fragment_says_so_once(valle: Cast, cook: Browser, teacher: Browser) -> None:
    page = cook.get("/cucina/")
    version = page.context["version"]
    place = f"/cucina/tabella/?version={version}&servizio=mensa"
    with at_most(4):
        assert cook.get(place).status_code == 204
    tap(valle, teacher, "Luca")
    words = cook.read(place)
    assert "Primaria Rodari 8:47 · 2B, un pasto in meno 3 2 0 2 0/1" in words

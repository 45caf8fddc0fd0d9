"""The sheet of a class in a teacher's hands."""

import pytest

from tests.browsing import Browser, browser
from tests.towns import Cast


@pytest.fixture
def teacher(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["school"])


def address(cast: Cast, class_name: str = "2B", service: str = "mensa") -> str:
    return f"/appello/{cast.classes[class_name].pk}/{service}/"


def test_the_sheet_shows_everybody_as_there(valle: Cast, teacher: Browser) -> None:
    words = teacher.read(address(valle))
    assert "2B · Primaria Rodari" in words
    assert "3 mangiano 0 no" in words
    assert "ancora 43 minuti" in words


def test_a_tap_is_counted(valle: Cast, teacher: Browser) -> None:
    answer = teacher.post(address(valle) + "segno/", {"day": "2026-10-14", "child": valle.child("Luca").pk, "eats": 0})
    assert answer.status_code == 204
    assert "2 mangiano 1 no" in teacher.read(address(valle))


def test_list(valle: Cast, teacher: Browser) -> None:
    assert "da fare 3 bambini" in teacher.read("/appello/")


def test_confirm(valle: Cast, teacher: Browser) -> None:
    ids = [valle.child(n).pk for n in ("Anna", "Luca", "Amina")]
    form = {"day": "2026-10-14", "shown": ids, "before": ids, "eats": ids[:2], "adults": 2, "act": "confirm"}
    answer = teacher.post(address(valle), form)
    assert answer.status_code == 302
    words = teacher.read(address(valle))
    assert "Appello confermato alle 8:47" in words
    assert "2 pasti e 2 adulti" in words

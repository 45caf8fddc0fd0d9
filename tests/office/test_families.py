"""The office finds a person and reads everything about it."""

import pytest
from django.http import HttpResponseRedirect

from campanella.domains.enrolment import operations as enrolment
from campanella.domains.enrolment.models import DietRead
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.usecases import mealtime, top_up
from tests.browsing import Browser, at_most, browser
from tests.towns import TODAY, Cast, Family


def the_office(cast: Cast) -> Browser:
    return browser(cast.town, cast.staff["office"])


def test_a_name_finds_children_and_adults_by_kind(valle: Cast) -> None:
    office = the_office(valle)
    with at_most(8):
        page = office.read("/ufficio/cerca/", q="rossi")

    assert "3 risultati per «rossi»" in page
    for words in ("Anna Rossi", "Luca Rossi", "Maria Addolorata Rossi", "di Anna, Luca"):
        assert words in page, words
    assert "Amina" not in page


def test_one_hit_goes_straight_to_its_page(valle: Cast, rossi: Family) -> None:
    office = the_office(valle)
    assert (
        office.get("/ufficio/cerca/", {"q": valle.child("Anna").code})["Location"]
        == f"/ufficio/bambini/{valle.child('Anna').pk}/"
    )
    assert office.get("/ufficio/cerca/", {"q": "333 555 0142 x"}).status_code == 200
    assert office.get("/ufficio/cerca/", {"q": "RSSMRA85T10A562S"})["Location"] == f"/ufficio/adulti/{rossi.guardian.pk}/"


def test_a_notice_is_found_by_number_and_by_iuv(valle: Cast) -> None:
    notice = top_up.prepare_at_desk(
        by=valle.staff["office"], wallet_id=valle.wallet("Anna").pk, amount=Euro(2000), count=1, now=clock.now()
    )[0]
    office = the_office(valle)
    for typed in (notice.notice_number, notice.iuv, notice.notice_number[-11:]):
        answer = office.get("/ufficio/cerca/", {"q": typed})
        assert isinstance(answer, HttpResponseRedirect), typed
        assert answer["Location"] == f"/ufficio/bambini/{valle.child('Anna').pk}/#avvisi"


@pytest.mark.parametrize(
    ("typed", "words"), [("", "Chi cerchi?"), ("zzz", "Nessun risultato per «zzz»"), ("x", "Nessun risultato")]
)
def test_an_empty_search_says_what_to_do(valle: Cast, typed: str, words: str) -> None:
    assert words in the_office(valle).read("/ufficio/cerca/", q=typed)


def test_what_was_typed_is_never_markup(valle: Cast) -> None:
    answer = the_office(valle).get("/ufficio/cerca/", {"q": "<script>alert(1)</script>"})
    assert b"<script>alert" not in answer.content


def test_the_page_of_a_child_says_everything(valle: Cast) -> None:
    anna = valle.child("Anna")
    valle.credit("Anna", 3680)
    office_user = valle.staff["office"]
    mealtime.confirm(by=office_user, roll_call=valle.roll_call(), absent_ids=[], adults=None, now=clock.now())
    top_up.prepare_at_desk(by=office_user, wallet_id=valle.wallet("Anna").pk, amount=Euro(2000), count=1, now=clock.now())
    enrolment.set_diet(child=anna, code="GF", menu="Senza glutine", reason="celiachia", first=TODAY, end=None)

    office = the_office(valle)
    with at_most(25):
        page = office.read(f"/ufficio/bambini/{anna.pk}/")

    for words in (
        "Anna Rossi", "2B · Primaria Rodari", "7 anni", anna.code, "Refezione dal 15 settembre 2026", "Luca Rossi",
        "32,20 €", "circa 7 pasti", "−4,60 €", "Saldo iniziale", "14 P presente", "20,00 €", "da pagare", "paga",
        "rossi@posta.example", "ha generato l’avviso", "GF Senza glutine",
    ):  # fmt: skip
        assert words in page, words
    assert "celiachia" not in page


def test_the_reason_of_a_diet_opens_behind_its_door_and_the_reading_is_written(valle: Cast) -> None:
    anna = valle.child("Anna")
    enrolment.set_diet(child=anna, code="GF", menu="Senza glutine", reason="celiachia", first=TODAY, end=None)
    office = the_office(valle)
    address = f"/ufficio/bambini/{anna.pk}/dieta/"

    assert office.get(address).status_code == 405
    assert DietRead.objects.count() == 0
    assert "celiachia" in office.post(address).content.decode()
    assert [read.user_id for read in DietRead.objects.all()] == [valle.staff["office"].pk]


def test_the_page_of_an_adult_says_children_and_access_but_no_password(valle: Cast, rossi: Family) -> None:
    page = the_office(valle).read(f"/ufficio/adulti/{rossi.guardian.pk}/")
    for words in ("Anna Rossi", "Luca Rossi", "rossi@posta.example", "333 555 0142", "Nome utente rossi"):
        assert words in page, words


@pytest.mark.parametrize("role", ["school", "kitchen", "cashier", "guardian"])
def test_only_the_office_enters(valle: Cast, rossi: Family, role: str) -> None:
    person = rossi.user if role == "guardian" else valle.staff[role]
    client = browser(valle.town, person)
    anna = valle.child("Anna").pk
    for address in ("/ufficio/cerca/?q=rossi", f"/ufficio/bambini/{anna}/", f"/ufficio/adulti/{rossi.guardian.pk}/"):
        assert client.get(address).status_code == 403, address
    assert client.post(f"/ufficio/bambini/{anna}/dieta/").status_code == 403


def test_another_towns_child_is_not_there(borgo: Cast, valle: Cast) -> None:
    stranger = borgo.child("Anna")
    office = the_office(valle)
    assert office.get(f"/ufficio/bambini/{stranger.pk}/").status_code == 404
    assert office.get(f"/ufficio/bambini/{stranger.pk}/movimenti/").status_code == 404
    assert office.get(f"/ufficio/adulti/{borgo.families['rossi'].guardian.pk}/").status_code == 404

"""The office finds a person and reads everything about it."""

from datetime import date

import pytest
from django.db import connection
from django.http import HttpResponseRedirect
from django.test.utils import CaptureQueriesContext

from campanella.domains.accounts import operations as accounts
from campanella.domains.accounts.models import User
from campanella.domains.accounts.roles import Role
from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance.rules import Mark
from campanella.domains.enrolment.models import DietRead
from campanella.domains.people import operations as people
from campanella.domains.schools import operations as schools
from campanella.domains.schools import queries as schools_asked
from campanella.domains.services import operations as services
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.readings.family.month import family_month
from campanella.readings.office import month as office_month
from campanella.usecases import mealtime, top_up
from tests.browsing import Browser, at_most, browser
from tests.diets import serve
from tests.towns import OFFICE, TODAY, Cast, Family, open_class, text_of


def the_office(cast: Cast) -> Browser:
    return browser(cast.town, cast.staff["office"])


def test_a_name_finds_children_and_adults_by_kind(valle: Cast) -> None:
    office = the_office(valle)
    office.seek("/ufficio/cerca/", "rossi")
    with at_most(8):
        page = office.read("/ufficio/cerca/")

    assert "3 risultati per «rossi»" in page
    for words in ("Anna Rossi", "Luca Rossi", "Maria Addolorata Rossi", "di Anna, Luca"):
        assert words in page, words
    assert "Amina" not in page


def test_one_hit_goes_straight_to_its_page(valle: Cast, rossi: Family) -> None:
    office = the_office(valle)
    assert (
        office.post("/ufficio/cerca/", {"q": valle.child("Anna").code})["Location"]
        == f"/ufficio/bambini/{valle.child('Anna').pk}/"
    )
    assert "Nessun risultato" in office.seek("/ufficio/cerca/", "333 555 0142 x")
    assert office.post("/ufficio/cerca/", {"q": "RSSMRA85T10A562S"})["Location"] == f"/ufficio/adulti/{rossi.guardian.pk}/"


@pytest.mark.parametrize("typed", ["rossi, anna", "ANNA  Rossi", "anna.rossi", "ross-ann"])
def test_names_are_found_however_they_are_written(valle: Cast, typed: str) -> None:
    assert (
        the_office(valle).post("/ufficio/cerca/", {"q": typed})["Location"] == f"/ufficio/bambini/{valle.child('Anna').pk}/"
    )


@pytest.mark.parametrize("typed", ["rossi@", "Rossi@Posta.ex", "rossi@posta.example"])
def test_an_e_mail_address_is_found_as_far_as_it_is_known(valle: Cast, rossi: Family, typed: str) -> None:
    assert the_office(valle).post("/ufficio/cerca/", {"q": typed})["Location"] == f"/ufficio/adulti/{rossi.guardian.pk}/"


def test_who_cannot_enter_is_found_by_the_user_name(valle: Cast, rossi: Family) -> None:
    accounts.create_user(
        by=valle.staff["office"],
        username="luca.rossi7",
        display_name="x",
        roles=[Role.GUARDIAN],
        password=None,
        now=clock.now(),
    )
    user = User.objects.get(username="luca.rossi7")
    people.give_child_access(child=valle.child("Luca"), user=user, holder=rossi.guardian)
    User.objects.filter(pk=rossi.user.pk).update(username="mamma85")
    office = the_office(valle)

    assert office.post("/ufficio/cerca/", {"q": "Luca.Rossi7"})["Location"] == f"/ufficio/bambini/{valle.child('Luca').pk}/"
    assert office.post("/ufficio/cerca/", {"q": "Mamma85"})["Location"] == f"/ufficio/adulti/{rossi.guardian.pk}/"


@pytest.mark.parametrize("typed", ["rosi", "Rosssi Anna", "damico", "haddat"])
def test_a_name_misheard_on_the_telephone_finds_who_sounds_like_it(valle: Cast, typed: str) -> None:
    people.register_child(given_name="Gaia", family_name="D’Amico", tax_code="", birth_date=None)
    page = the_office(valle).seek("/ufficio/cerca/", typed)
    found = {"rosi": "Anna Rossi", "Rosssi Anna": "Anna Rossi", "damico": "Gaia D’Amico", "haddat": "Amina Haddad"}
    assert f"Nessuno si chiama «{typed}»: forse uno di questi" in page
    assert found[typed] in page


def test_the_register_is_searched_for_likeness_only_when_it_is_shown(valle: Cast) -> None:
    office = the_office(valle)
    with CaptureQueriesContext(connection) as asked:
        office.post("/ufficio/cerca/", {"q": "rosi"})
    assert not [query["sql"] for query in asked if "word_similarity" in query["sql"]]
    assert "forse uno di questi" in office.read("/ufficio/cerca/")


def test_a_notice_is_found_by_number_and_by_iuv(valle: Cast) -> None:
    notice = top_up.prepare_at_desk(
        by=valle.staff["office"], wallet_id=valle.wallet("Anna").pk, amount=Euro(2000), count=1, now=clock.now()
    )[0]
    office = the_office(valle)
    for typed in (notice.notice_number, notice.iuv, notice.notice_number[-11:]):
        answer = office.post("/ufficio/cerca/", {"q": typed})
        assert isinstance(answer, HttpResponseRedirect), typed
        assert answer["Location"] == f"/ufficio/bambini/{valle.child('Anna').pk}/#avvisi"


@pytest.mark.parametrize(
    ("typed", "words"), [("", "Chi cerchi?"), ("zzz", "Nessun risultato per «zzz»"), ("x", "Nessun risultato")]
)
def test_an_empty_search_says_what_to_do(valle: Cast, typed: str, words: str) -> None:
    assert words in the_office(valle).seek("/ufficio/cerca/", typed)


def test_what_was_typed_is_never_markup(valle: Cast) -> None:
    answer = the_office(valle).post("/ufficio/cerca/", {"q": "<script>alert(1)</script>"}, follow=True)
    assert b"<script>alert" not in answer.content
    assert b"&lt;script&gt;alert" in answer.content


def test_what_is_sought_stands_in_no_address(valle: Cast) -> None:
    office = the_office(valle)
    assert office.post("/ufficio/cerca/", {"q": "rossi"})["Location"] == "/ufficio/cerca/"
    assert "Anna Rossi" in office.read("/ufficio/cerca/"), "going back shows it again"
    assert office.get("/ufficio/cerca/", {"q": "RSSMRA85T10A562S"})["Location"].startswith("/ufficio/adulti/"), (
        "an old bookmark"
    )
    assert office.get("/ufficio/cerca/", {"q": "ross"})["Location"] == "/ufficio/cerca/"
    anna = valle.child("Anna").pk
    assert "Chi cerchi" not in office.seek(f"/ufficio/bambini/{anna}/adulti/", "haddad")
    assert "Chi cerchi?" in office.read("/ufficio/cerca/"), "another page's search is forgotten"


def test_the_page_of_a_child_says_everything(valle: Cast) -> None:
    anna = valle.child("Anna")
    valle.credit("Anna", 3680)
    office_user = valle.staff["office"]
    mealtime.confirm(by=office_user, roll_call=valle.roll_call(), absent_ids=[], adults=None, now=clock.now())
    top_up.prepare_at_desk(by=office_user, wallet_id=valle.wallet("Anna").pk, amount=Euro(2000), count=1, now=clock.now())
    serve(anna, "GF", "Senza glutine", reason="celiachia")

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
    serve(anna, "GF", "Senza glutine", reason="celiachia")
    office = the_office(valle)
    address = f"/ufficio/bambini/{anna.pk}/dieta/"

    assert office.get(address).status_code == 405
    assert DietRead.objects.count() == 0
    assert "celiachia" in office.post(address).content.decode()
    assert [read.user_id for read in DietRead.objects.all()] == [valle.staff["office"].pk]
    second = office.post(address)
    assert text_of(second).count("Persona ufficio") >= 2 + 1, "both readings, and who is signed in"
    assert "Chi ha aperto il motivo" in text_of(second)


def test_the_months_before_are_a_step_away_and_so_is_another_service(valle: Cast) -> None:
    anna, office = valle.child("Anna"), the_office(valle)
    september = date(2026, 9, 21)
    mealtime.confirm(
        by=valle.staff["office"],
        roll_call=valle.roll_call(day=september),
        absent_ids=[anna.pk],
        adults=None,
        now=clock.now(),
    )
    assert "settembre 2026" in office.read(f"/ufficio/bambini/{anna.pk}/")

    page = office.read(f"/ufficio/bambini/{anna.pk}/", mese="2026-09")
    bus = office.read(f"/ufficio/bambini/{anna.pk}/", mese="2026-09", servizio=str(valle.services["scuolabus"].pk))

    assert "Presenze, settembre 2026" in page
    assert "21 A assente: correggi" in page
    assert "ottobre 2026" in page
    assert "agosto" not in page
    assert "Scuolabus: presenze di settembre 2026" in bus
    for wrong in ({"mese": "2026-99"}, {"servizio": "9" * 30}, {"servizio": "0"}):
        assert "Presenze, ottobre 2026" in office.read(f"/ufficio/bambini/{anna.pk}/", **wrong)


def test_the_office_deletes_a_notice_and_nobody_can_pay_it(valle: Cast) -> None:
    made = top_up.prepare_at_desk(
        by=valle.staff["office"], wallet_id=valle.wallet("Anna").pk, amount=Euro(2000), count=1, now=clock.now()
    )[0]
    office, address = the_office(valle), f"/ufficio/avvisi/{made.pk}/elimina/"
    assert "la famiglia non lo vede più" in office.read(address)
    assert office.get(f"/ufficio/avvisi/{made.pk}.pdf").status_code == 200

    office.post(address)

    assert office.get(f"/ufficio/avvisi/{made.pk}.pdf").status_code == 404
    page = office.read(f"/ufficio/bambini/{valle.child('Anna').pk}/avvisi/")
    assert "eliminato" in page
    assert "ha eliminato l’avviso" in office.read(f"/ufficio/bambini/{valle.child('Anna').pk}/")


def test_the_page_of_an_adult_says_children_and_access_but_no_password(valle: Cast, rossi: Family) -> None:
    page = the_office(valle).read(f"/ufficio/adulti/{rossi.guardian.pk}/")
    for words in ("Anna Rossi", "Luca Rossi", "rossi@posta.example", "333 555 0142", "Nome utente rossi"):
        assert words in page, words


@pytest.mark.parametrize("role", ["school", "kitchen", "cashier", "guardian"])
def test_only_the_office_enters(valle: Cast, rossi: Family, role: str) -> None:
    person = rossi.user if role == "guardian" else valle.staff[role]
    client = browser(valle.town, person)
    anna = valle.child("Anna").pk
    for address in ("/ufficio/cerca/", f"/ufficio/bambini/{anna}/", f"/ufficio/adulti/{rossi.guardian.pk}/"):
        assert client.get(address).status_code == 403, address
    assert client.post(f"/ufficio/bambini/{anna}/dieta/").status_code == 403


def test_another_towns_child_is_not_there(borgo: Cast, valle: Cast) -> None:
    stranger = borgo.child("Anna")
    office = the_office(valle)
    assert office.get(f"/ufficio/bambini/{stranger.pk}/").status_code == 404
    assert office.get(f"/ufficio/bambini/{stranger.pk}/movimenti/").status_code == 404
    assert office.get(f"/ufficio/adulti/{borgo.families['rossi'].guardian.pk}/").status_code == 404


def test_office_and_family_look_at_one_month(valle: Cast, rossi: Family) -> None:
    """A child that changes school in the middle of a month, closures of each school, a roll-call still open."""
    anna, meal = valle.child("Anna"), valle.services["mensa"]
    other = schools.register_school(code="collodi", name="Primaria Collodi", level="primaria")
    services.run(service=meal, school=other, first=date(2026, 9, 15), end=date(2027, 6, 10))
    year = schools_asked.year_of(day=TODAY)
    assert year
    group = open_class(school=other, year=year, name="1A")
    schools.move(child_id=anna.pk, class_group=schools_asked.class_group(class_group_id=group.pk), first=date(2026, 10, 8))
    for day, where in ((date(2026, 10, 6), valle.school), (date(2026, 10, 9), valle.school), (date(2026, 10, 12), other)):
        schools.close(by=OFFICE, first=day, last=day, reason="Neve", now=clock.now(), school=where)
    mealtime.confirm(
        by=OFFICE, roll_call=valle.roll_call(day=date(2026, 10, 5)), absent_ids=[anna.pk], adults=0, now=clock.now()
    )
    call = attendance.begin(class_group=group, service=meal, day=date(2026, 10, 13))
    mark = Mark(is_present=False)
    attendance.mark(by=valle.staff["school"], roll_call_id=call.pk, child_id=anna.pk, mark=mark, now=clock.now())

    office = office_month.month(child_id=anna.pk, service_id=meal.pk, day=TODAY, today=TODAY)
    family = family_month(user=rossi.user, child_id=anna.pk, service_id=meal.pk, month=TODAY, now=clock.now())

    assert office
    assert family
    theirs = {cell.day: cell.state for cell in family.cells}
    ours = {cell.day: cell for week in office.weeks for cell in week if cell}
    assert {day: cell.state for day, cell in ours.items()} == {day: theirs[day] for day in ours}
    states = [(number, ours[date(2026, 10, number)].state) for number in (5, 6, 9, 12)]
    assert states == [(5, "absent"), (6, "closed"), (9, "no_service"), (12, "closed")]
    # What is not confirmed yet is no correction: the page does not offer one.
    assert [day.day for day, cell in ours.items() if cell.is_marked] == [5]

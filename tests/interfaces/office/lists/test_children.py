"""Lists of children: filtered, sorted, in pages, as sheets and on paper; every figure of the first page leads to one."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO

import pikepdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from python_calamine import CalamineWorkbook

from campanella.domains.enrolment.models import Subscription
from campanella.domains.people.models import Child, Guardian
from campanella.domains.schools import operations as schools
from campanella.domains.schools.models import School
from campanella.domains.services.models import Bracket
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from campanella.usecases import enrolling
from tests.browsing import Browser, browser
from tests.diets import serve
from tests.foundation.documents.reading import text_of as words_of
from tests.towns import OFFICE, TODAY, Cast

LIST = "/ufficio/elenchi/"


@pytest.fixture
def office(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


def names_on(page: str, cast: Cast) -> set[str]:
    every = {child.full_name: name for family in cast.families.values() for name, child in family.children.items()}
    turned = {f"{full.split(' ', 1)[1]} {full.split(' ', 1)[0]}": name for full, name in every.items()}
    return {name for full, name in turned.items() if full in page}


def test_the_list_shows_every_child_of_the_year_with_class_services_and_credit(valle: Cast, office: Browser) -> None:
    page = office.read(LIST)
    assert names_on(page, valle) == {"Anna", "Luca", "Amina"}
    assert "Primaria Rodari" in page
    assert "Refezione (Intera)" in page


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("credito=sotto-zero", {"Anna"}),
        ("dieta=*", {"Luca"}),
        ("dieta=GF", {"Luca"}),
        ("dieta=XX", set()),
        ("manca=e-mail", {"Amina"}),
        ("scuola=99999999999999999999", {"Anna", "Luca", "Amina"}),
        ("classe=abc", {"Anna", "Luca", "Amina"}),
    ],
)
def test_a_filter_leaves_who_fits(valle: Cast, office: Browser, query: str, expected: set[str]) -> None:
    valle.credit("Anna", -500)
    with scope(valle.town.id):
        serve(valle.child("Luca"), "GF", "Senza glutine", reason="c")
        Guardian.objects.filter(guardianships__child=valle.child("Amina")).update(email="")
    assert names_on(office.read(f"{LIST}?{query}"), valle) == expected


@pytest.fixture
def scattered(valle: Cast) -> Cast:
    """Anna in 2B, Amina in 3A, Luca at another school and without a service; each lacks something of its own."""
    anna, luca, amina = (valle.child(name) for name in ("Anna", "Luca", "Amina"))
    with scope(valle.town.id):
        other = schools.register_school(code="munari", name="Infanzia Munari", level="infanzia")
        classes = schools.open_classes(year=valle.classes["2B"].year, names=[(other.pk, "Sole")])
        for child, group in ((amina, valle.classes["3A"].pk), (luca, classes[other.pk, "Sole"])):
            enrolling.move(by=OFFICE, child_id=child.pk, class_group_id=group, first=TODAY, now=clock.now())
        Child.objects.filter(pk=anna.pk).update(tax_code="RSSNNA19D52A562R")
        Child.objects.filter(pk=luca.pk).update(birth_date=None)
        amina.guardianships.all().delete()
        Subscription.objects.filter(child=luca).delete()
        valle.credit("Anna", -100)
        valle.credit("Amina", -90_000)
    return valle


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("scuola", lambda valle: valle.school.pk, {"Anna", "Amina"}),
        ("scuola", lambda valle: School.objects.get(code="munari").pk, {"Luca"}),
        ("classe", lambda valle: valle.classes["2B"].pk, {"Anna"}),
        ("classe", lambda valle: valle.classes["3A"].pk, {"Amina"}),
        ("servizio", lambda valle: valle.services["scuolabus"].pk, {"Anna"}),
        ("servizio", lambda valle: valle.services["mensa"].pk, {"Anna", "Amina"}),
        ("tariffa", lambda valle: Bracket.objects.get(tariff__code="mensa-26", code="full").pk, {"Anna", "Amina"}),
        ("tariffa", lambda valle: Bracket.objects.get(tariff__code="mensa-26", code="half").pk, set()),
        ("credito", lambda valle: "sotto-zero", {"Anna", "Amina"}),
        ("credito", lambda valle: "oltre", {"Amina"}),
        ("manca", lambda valle: "codice-fiscale", {"Luca", "Amina"}),
        ("manca", lambda valle: "nascita", {"Luca"}),
        ("manca", lambda valle: "adulto", {"Amina"}),
        ("manca", lambda valle: "servizio", {"Luca"}),
        ("manca", lambda valle: "tariffa", set()),
    ],
)
def test_each_filter_keeps_whom_it_names_and_nobody_else(
    scattered: Cast, office: Browser, name: str, value: Callable[[Cast], object], expected: set[str]
) -> None:
    with scope(scattered.town.id):
        query = f"{name}={value(scattered)}"
    assert names_on(office.read(f"{LIST}?{query}"), scattered) == expected


@pytest.mark.parametrize(
    ("order", "names"),
    [
        ("name", ["Haddad Amina", "Rossi Anna", "Rossi Luca"]),
        ("class", ["Rossi Luca", "Rossi Anna", "Haddad Amina"]),
        ("credit", ["Haddad Amina", "Rossi Anna", "Rossi Luca"]),
    ],
)
def test_a_list_is_ordered_as_asked(scattered: Cast, office: Browser, order: str, names: list[str]) -> None:
    page = office.read(f"{LIST}?ordine={order}")
    assert sorted(names, key=page.index) == names


def test_who_has_no_access_is_found_and_who_has_one_is_not(valle: Cast, office: Browser) -> None:
    with scope(valle.town.id):
        Guardian.objects.filter(guardianships__child=valle.child("Amina")).update(user=None)
    assert names_on(office.read(f"{LIST}?accesso=senza"), valle) == {"Amina"}


def test_the_reason_of_a_diet_is_nowhere_on_a_list(valle: Cast, office: Browser) -> None:
    with scope(valle.town.id):
        serve(valle.child("Luca"), "GF", "Senza glutine", reason="celiachia")
    page = office.read(f"{LIST}?colonne=diet")
    assert "GF" in page
    assert "celiachia" not in page


def test_the_number_of_queries_does_not_grow_with_the_children(valle: Cast, office: Browser) -> None:
    def asked(query: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            office.read(f"{LIST}{query}")
        return sum("tenants_municipality" not in query["sql"] for query in queries)

    office.read(LIST)
    assert asked("") == asked("?credito=sotto-zero") + 2  # an empty page asks for no lines and no names


def test_the_sheet_is_the_list_with_real_numbers_and_runs_no_formula(valle: Cast, office: Browser) -> None:
    valle.credit("Anna", -500)
    with scope(valle.town.id):
        child = valle.child("Anna")
        type(child).objects.filter(pk=child.pk).update(family_name="=1+1")
    answer = office.get("/ufficio/elenchi/bambini.xlsx?colonne=code&colonne=credit&credito=sotto-zero")
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[0] == ["Cognome e nome", "Codice", "Credito più basso"]
    assert rows[1] == ["=1+1 Anna", child.code, -5.0]
    assert answer.headers["Cache-Control"] == "private, no-store"
    text = office.get("/ufficio/elenchi/bambini.csv?colonne=credit&credito=sotto-zero").content.decode()
    assert text == "\ufeffCognome e nome;Credito più basso\r\n'=1+1 Anna;-5,00\r\n"


def test_the_class_on_paper_has_a_box_for_each_child_and_no_reason_of_a_diet(valle: Cast, office: Browser) -> None:
    answer = office.get(f"/ufficio/elenchi/classi/{valle.classes['2B'].pk}.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    words = words_of(answer.content)
    assert "Appello di 2B" in words
    assert "Primaria Rodari" in words
    with pikepdf.open(BytesIO(answer.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked


def test_the_paper_says_day_and_service_lists_who_is_enrolled_and_tells_homonyms_apart(valle: Cast, office: Browser) -> None:
    with scope(valle.town.id):
        luca = valle.child("Luca")
        type(luca).objects.filter(pk=luca.pk).update(given_name="Anna", birth_date=date(2019, 7, 28))
    place = f"/ufficio/elenchi/classi/{valle.classes['2B'].pk}.pdf"
    words = words_of(office.get(place, {"giorno": "2026-10-15", "servizio": "mensa"}).content)
    assert "Primaria Rodari · giovedì 15 ottobre 2026 · Refezione" in words
    assert "Rossi Anna, 12/4" in words
    assert "Rossi Anna, 28/7" in words
    assert "3 bambini" in words
    bus = words_of(office.get(place, {"servizio": "scuolabus"}).content)
    assert "mercoledì 14 ottobre 2026 · Scuolabus" in bus
    assert "1 bambino" in bus
    assert "Haddad" not in bus


def test_another_towns_class_is_not_printed(borgo: Cast, valle: Cast, office: Browser) -> None:
    assert office.get(f"/ufficio/elenchi/classi/{borgo.classes['2B'].pk}.pdf").status_code == 404


def test_a_child_that_left_is_listed_only_when_asked_for(valle: Cast, office: Browser) -> None:
    with scope(valle.town.id):
        membership = valle.child("Amina").memberships.get()
        membership.days = (membership.days.lower, TODAY - timedelta(days=1))
        membership.save()
    assert names_on(office.read(LIST), valle) == {"Anna", "Luca"}
    assert names_on(office.read(f"{LIST}?tutti=1"), valle) == {"Anna", "Luca", "Amina"}


def test_every_figure_of_the_first_page_leads_to_its_list(valle: Cast, office: Browser) -> None:
    valle.credit("Anna", -500)
    page = office.get("/ufficio/").content.decode()
    assert "/ufficio/elenchi/?credito=sotto-zero" in page
    assert "ordine=debt" in page
    assert "1 borsellino sotto zero" in office.read(f"{LIST}?credito=sotto-zero")


def test_who_is_below_zero_is_listed_with_each_wallet_and_the_sum_of_the_first_page(valle: Cast, office: Browser) -> None:
    valle.credit("Anna", -500)
    valle.credit("Anna", -150, "scuolabus")
    valle.credit("Luca", -2000)
    asked = f"{LIST}?credito=sotto-zero&tutti=1&ordine=debt"
    page = office.read(asked)
    assert "2 bambini, 3 borsellini sotto zero: −26,50 € in tutto" in page
    assert "Borsellini sotto zero: Refezione −5,00 €; Scuolabus −1,50 €" in page
    assert "Debito: −6,50 €" in page
    assert page.index("Rossi Luca") < page.index("Rossi Anna"), "who owes most comes first"
    assert "−26,50 € in tutto" in office.read("/ufficio/")
    paper = words_of(office.get(asked.replace(LIST, f"{LIST}bambini.pdf")).content)
    assert "2 bambini, 3 borsellini sotto zero: −26,50 € in tutto." in paper
    assert "−6,50 €" in paper


def test_the_words_of_the_filters_keep_their_capitals_on_paper(valle: Cast, office: Browser) -> None:
    paper = words_of(office.get(f"{LIST}bambini.pdf?scuola={valle.school.pk}&classe={valle.classes['2B'].pk}").content)
    assert "Scuola Primaria Rodari, classe 2B, al 14 ottobre 2026" in paper
    assert "Tutti i bambini che hanno una classe, al" in words_of(office.get(f"{LIST}bambini.pdf").content)


def test_one_name_that_cannot_be_printed_stops_no_list(valle: Cast, office: Browser) -> None:
    guardian = valle.families["rossi"].guardian
    Guardian.objects.filter(pk=guardian.pk).update(given_name="李小龙 🙂")

    answer = office.get(f"{LIST}bambini.pdf?colonne=payer")

    assert answer.status_code == 200
    assert "□□□" in words_of(answer.content)
    assert "李小龙 🙂" in office.read(f"/ufficio/adulti/{guardian.pk}/")
    assert Guardian.objects.get(pk=guardian.pk).given_name == "李小龙 🙂"

"""The office keeps the register by hand: a September of new children, new adults, other classes, other prices."""

from datetime import date, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup

from campanella.domains.accounts.models import User
from campanella.domains.accounts.operations import create_user
from campanella.domains.accounts.roles import Role
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.ledger import verify
from campanella.domains.people import operations as people_operations
from campanella.domains.people import queries as people
from campanella.domains.people.models import Child, Guardian
from campanella.domains.schools import queries as schools
from campanella.domains.services.models import Bracket, ServiceCalendar
from campanella.foundation.core import clock
from campanella.usecases import mealtime
from tests.browsing import Browser, browser
from tests.towns import OFFICE, TODAY, Cast, Family, text_of

GIULIA = {
    "given_name": "Giulia",
    "family_name": "D’Amico",
    "tax_code": "",
    "birth_date": "2019-03-02",
    "first": "2026-10-14",
}


@pytest.fixture
def office(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


def price(service: str, code: str) -> str:
    return str(Bracket.objects.get(tariff__service__code=service, code=code).pk)


def subscription(office: Browser, child_id: int, service: str = "Refezione") -> str:
    """Return the beginning of the addresses of a child's subscription."""
    page = BeautifulSoup(office.get(f"/ufficio/bambini/{child_id}/servizi/").content, "html.parser")
    ends = [link for link in page.find_all("a") if link.get_text().split() == ["Termina", *service.split()]]
    return str(ends[0]["href"]).removesuffix("fine/")


def test_a_child_that_comes_in_october_eats_and_is_paid_for(valle: Cast, office: Browser) -> None:
    """A new child, its mother, its class, its meals: from the empty form to the first charge."""
    made = office.post("/ufficio/bambini/nuovo/", {**GIULIA, "class_group": str(valle.classes["2B"].pk)}, follow=True)
    giulia = Child.objects.get(given_name="Giulia")
    assert f"Giulia D’Amico è in anagrafica, con il codice {giulia.code}" in text_of(made)
    mother = {
        "given_name": "Ada",
        "family_name": "D’Amico",
        "email": "ada@posta.example",
        "kind": "parent",
        "is_payer": "on",
    }
    office.post(f"/ufficio/bambini/{giulia.pk}/adulti/nuovo/", {**mother, "is_payer": "on"})
    bought = {"bracket": price("mensa", "full"), "reduction_percent": "50", "first": "2026-10-14"}
    answer = office.post(f"/ufficio/bambini/{giulia.pk}/servizi/", bought, follow=True)
    assert "Iscritto a Refezione" in text_of(answer)

    mealtime.confirm(by=valle.staff["school"], roll_call=valle.roll_call(), absent_ids=[], adults=None, now=clock.now())

    page = office.read(f"/ufficio/bambini/{giulia.pk}/")
    for words in (
        "2B · Primaria Rodari", "7 anni", "Ada D’Amico", "paga", "Intera, meno 50 %: 2,30 €", "−2,30 €",
        "ha inserito il bambino", "ha collegato Ada D’Amico come genitore", "ha iscritto il bambino a Refezione",
    ):  # fmt: skip
        assert words in page, words
    assert verify.violations() == []


def test_the_same_form_sent_twice_asks_whether_it_is_another_child(valle: Cast, office: Browser) -> None:
    office.post("/ufficio/bambini/nuovo/", GIULIA)
    again = office.post("/ufficio/bambini/nuovo/", GIULIA)

    assert "C’è già un bambino con questo nome" in text_of(again)
    assert Child.objects.filter(given_name="Giulia").count() == 1
    office.post("/ufficio/bambini/nuovo/", {**GIULIA, "confirmed": "1"})
    assert Child.objects.filter(given_name="Giulia").count() == 2


def test_the_birthday_is_read_from_the_tax_code(valle: Cast, office: Browser) -> None:
    office.post("/ufficio/bambini/nuovo/", {**GIULIA, "tax_code": "rss nna 19d52 g479k", "birth_date": ""})
    assert Child.objects.get(given_name="Giulia").birth_date == date(2019, 4, 12)
    known = office.post(
        "/ufficio/bambini/nuovo/", {**GIULIA, "family_name": "Blu", "tax_code": "RSSNNA19D52G479K", "birth_date": ""}
    )
    assert "cercala nella casella in alto" in text_of(known)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"given_name": " "}, "Scrivi il nome"),
        ({"birth_date": "2004-01-01"}, "Controlla l’anno di nascita"),
        ({"birth_date": "2026-12-01"}, "deve ancora venire"),
        ({"tax_code": "RSSNNA19D52G479A"}, "L’ultima lettera non torna"),
        ({"tax_code": "RSSNNA19D52G479K"}, "è 12/04/19, in anagrafica è 02/03/2019: controlla quale è giusta"),
        ({"tax_code": "RSSMRA85T10A562S"}, "Questo è il codice fiscale di un adulto: serve quello di Giulia"),
        ({"first": ""}, "Scegli il giorno"),
    ],
)
def test_a_wrong_datum_of_a_new_child_says_what_is_wrong(
    valle: Cast, office: Browser, changes: dict[str, str], words: str
) -> None:
    count = Child.objects.count()
    assert words in text_of(office.post("/ufficio/bambini/nuovo/", {**GIULIA, **changes}))
    assert Child.objects.count() == count


def test_separated_parents_both_see_the_child_and_one_pays(valle: Cast, office: Browser, rossi: Family) -> None:
    anna, father = valle.child("Anna"), valle.families["haddad"]
    adults = f"/ufficio/bambini/{anna.pk}/adulti/"
    found = office.seek(adults, "haddad")
    assert father.guardian.full_name in found

    office.post(f"{adults}{father.guardian.pk}/collega/", {"kind": "parent"})
    assert [child.id for child in people.children_of(user=father.user)].count(anna.pk) == 1
    assert people.payer_of(child_id=anna.pk) == rossi.guardian
    office.post(f"{adults}{father.guardian.pk}/paga/")
    assert people.payer_of(child_id=anna.pk) == father.guardian

    refused = office.post(f"{adults}{father.guardian.pk}/scollega/", {"reason": "tribunale"})
    assert "prima scegli un altro che paga" in text_of(refused)
    office.post(f"{adults}{rossi.guardian.pk}/paga/")
    assert "Scrivi il motivo" in text_of(office.post(f"{adults}{father.guardian.pk}/scollega/", {"reason": ""}))
    office.post(f"{adults}{father.guardian.pk}/scollega/", {"reason": "tribunale, 3 settembre"})

    assert anna.pk not in [child.id for child in people.children_of(user=father.user)]
    page = office.read(f"/ufficio/bambini/{anna.pk}/")
    assert "ha scollegato" in page
    assert "Motivo: tribunale, 3 settembre" in page


def test_a_child_moves_to_another_class_from_a_day(valle: Cast, office: Browser) -> None:
    anna, new = valle.child("Anna"), valle.classes["3A"]
    office.post(f"/ufficio/bambini/{anna.pk}/classe/", {"class_group": str(new.pk), "first": "2026-10-19"})

    def place(day: date) -> str:
        return schools.places_of(child_ids=[anna.pk], day=day)[anna.pk].class_name

    assert (place(date(2026, 10, 18)), place(date(2026, 10, 19))) == ("2B", "3A")
    # A mind changed: from an earlier day, and what was to come after goes.
    office.post(f"/ufficio/bambini/{anna.pk}/classe/", {"class_group": str(new.pk), "first": "2026-10-15"})
    assert place(date(2026, 10, 15)) == "3A"
    refused = office.post(f"/ufficio/bambini/{anna.pk}/classe/", {"class_group": str(new.pk), "first": "2028-01-10"})
    assert "L’anno di questa classe va dal 1 settembre 2026" in text_of(refused)
    office.post(f"/ufficio/bambini/{anna.pk}/classe/", {"class_group": "", "first": "2026-10-20"})
    assert schools.places_of(child_ids=[anna.pk], day=date(2026, 10, 20)) == {}


def test_a_service_ends_on_its_last_day_unless_the_child_was_there_later(valle: Cast, office: Browser) -> None:
    anna = valle.child("Anna")
    mealtime.confirm(by=valle.staff["school"], roll_call=valle.roll_call(), absent_ids=[], adults=None, now=clock.now())
    address = subscription(office, anna.pk) + "fine/"

    refused = office.post(address, {"last": str(TODAY - timedelta(days=1))})
    assert "Il 14 ottobre 2026 risulta presente" in text_of(refused)
    office.post(address, {"last": str(TODAY)})

    page = office.read(f"/ufficio/bambini/{anna.pk}/servizi/")
    assert "Refezione 4,60 €" in page
    assert "al 14 ottobre 2026" in page
    assert "ultimo giorno 14/10/2026" in office.read(f"/ufficio/bambini/{anna.pk}/")
    assert valle.balance("Anna") == -460


def test_an_end_never_lengthens_a_subscription(valle: Cast, office: Browser) -> None:
    """The same form in a tab of before, or a day beyond the last one: a sentence, and the child is not enrolled again."""
    anna = valle.child("Anna")
    address = subscription(office, anna.pk) + "fine/"
    office.post(address, {"last": str(TODAY)})

    for last in (TODAY, TODAY + timedelta(days=20)):
        assert "Questa iscrizione finisce già il 14 ottobre 2026" in text_of(office.post(address, {"last": str(last)}))

    assert "al 14 ottobre 2026" in office.read(f"/ufficio/bambini/{anna.pk}/servizi/")


def test_a_subscription_whose_price_is_to_change_ends_within_its_own_days(valle: Cast, office: Browser) -> None:
    anna = valle.child("Anna")
    before = subscription(office, anna.pk)
    planned = {"bracket": price("mensa", "half"), "reduction_percent": "0", "first": "2026-11-09"}
    office.post(before + "tariffa/", planned)
    coming = next(line for line in enrolment.subscriptions_of(child_id=anna.pk) if line.first == date(2026, 11, 9))
    after = f"/ufficio/bambini/{anna.pk}/servizi/{coming.id}/fine/"

    assert "finisce già l’8 novembre 2026" in text_of(office.post(before + "fine/", {"last": "2026-11-20"}))
    assert "comincia il 9 novembre 2026" in text_of(office.post(after, {"last": "2026-10-20"}))
    shorter = office.post(before + "fine/", {"last": "2026-11-05"}, follow=True)
    assert "Ce n’è un’altra dal 9 novembre 2026" in text_of(shorter)
    office.post(after, {"last": "2026-11-08"})
    ended = office.post(before + "fine/", {"last": "2026-10-20"}, follow=True)
    assert "dal giorno dopo non è nell’appello" in text_of(ended)

    assert [line.last for line in enrolment.subscriptions_of(child_id=anna.pk) if line.service_code == "mensa"] == [
        date(2026, 10, 20)
    ]


def test_a_price_that_changes_in_the_past_moves_only_the_difference(valle: Cast, office: Browser) -> None:
    """The ISEE arrives late: the days that were charged at the full price are charged again."""
    anna = valle.child("Anna")
    for day in (TODAY - timedelta(days=1), TODAY):
        mealtime.confirm(
            by=valle.staff["school"], roll_call=valle.roll_call(day=day), absent_ids=[], adults=None, now=clock.now()
        )
    assert valle.balance("Anna") == -920

    data = {"bracket": price("mensa", "half"), "reduction_percent": "0", "first": "2026-10-14"}
    answer = office.post(subscription(office, anna.pk) + "tariffa/", data, follow=True)

    assert "Ricalcolato un giorno già addebitato" in text_of(answer)
    assert valle.balance("Anna") == -460 - 310
    assert "Refezione 3,10 €" in office.read(f"/ufficio/bambini/{anna.pk}/servizi/")
    assert verify.violations() == []


def test_a_day_that_costs_the_new_price_already_is_not_counted_as_charged_again(valle: Cast, office: Browser) -> None:
    anna, teacher = valle.child("Anna"), valle.staff["school"]
    for day in (TODAY - timedelta(days=1), TODAY):
        mealtime.confirm(by=teacher, roll_call=valle.roll_call(day=day), absent_ids=[], adults=None, now=clock.now())
        Bracket.objects.filter(tariff__service=valle.services["mensa"], code="full").update(cents=310)
    assert valle.balance("Anna") == -460 - 310

    data = {"bracket": price("mensa", "half"), "reduction_percent": "0", "first": "2026-10-13"}
    answer = office.post(subscription(office, anna.pk) + "tariffa/", data, follow=True)

    assert "Ricalcolato un giorno già addebitato" in text_of(answer)
    assert valle.balance("Anna") == -310 - 310


def test_no_one_is_subscribed_twice_or_where_the_service_is_not(valle: Cast, office: Browser) -> None:
    data = {"bracket": price("mensa", "full"), "reduction_percent": "0", "first": "2026-10-14"}
    twice = office.post(f"/ufficio/bambini/{valle.child('Anna').pk}/servizi/", data)
    assert "È già iscritto a questo servizio" in text_of(twice)
    office.post("/ufficio/bambini/nuovo/", GIULIA)
    nowhere = office.post(f"/ufficio/bambini/{Child.objects.get(given_name='Giulia').pk}/servizi/", data)
    assert "prima scegli la classe" in text_of(nowhere)
    early = office.post(f"/ufficio/bambini/{valle.child('Anna').pk}/servizi/", {**data, "first": "2025-01-07"})
    assert "vale dal 1 settembre 2026" in text_of(early)


def test_a_new_address_is_also_where_the_letters_of_the_access_go(valle: Cast, office: Browser, rossi: Family) -> None:
    """She calls: the old box is closed. Whoever forgets the password later gets the letter in the new one."""
    luca = create_user(
        by=OFFICE,
        username="luca",
        display_name="Luca Rossi",
        roles=[Role.GUARDIAN],
        password=None,
        email="rossi@posta.example",
        now=clock.now(),
    )
    people_operations.give_child_access(child=valle.child("Luca"), user=luca, holder=rossi.guardian)
    contacts = {"email": "nuova@posta.example", "phone": "", "address": "via Roma 1, 61121 Valle"}
    office.post(f"/ufficio/adulti/{rossi.guardian.pk}/recapiti/", contacts)

    moved = User.objects.filter(email="nuova@posta.example")
    assert {user.pk for user in moved} == {rossi.user.pk, luca.pk}, "one made for a child too"
    now = Guardian.objects.get(pk=rossi.guardian.pk)
    assert (now.phone, now.address) == ("", "via Roma 1, 61121 Valle")


@pytest.mark.parametrize("page", ["dati", "classe", "servizi", "dieta/scrivi", "adulti", "adulti/nuovo"])
def test_another_towns_child_is_not_in_this_register(borgo: Cast, valle: Cast, page: str) -> None:
    stranger: Any = borgo.child("Anna")
    office = browser(valle.town, valle.staff["office"])
    assert office.get(f"/ufficio/bambini/{stranger.pk}/{page}/").status_code == 404
    assert (
        browser(valle.town, valle.staff["school"]).get(f"/ufficio/bambini/{valle.child('Anna').pk}/{page}/").status_code
        == 403
    )


def test_another_towns_adult_and_another_childs_subscription_are_not_there(borgo: Cast, valle: Cast) -> None:
    office, anna = browser(valle.town, valle.staff["office"]), valle.child("Anna")
    stranger = borgo.families["rossi"].guardian.pk
    assert office.post(f"/ufficio/bambini/{anna.pk}/adulti/{stranger}/collega/", {"kind": "parent"}).status_code == 404
    assert office.post(f"/ufficio/bambini/{anna.pk}/adulti/{stranger}/paga/").status_code == 404
    lucas = subscription(office, valle.child("Luca").pk).replace(str(valle.child("Luca").pk), str(anna.pk), 1)
    assert office.get(lucas + "fine/").status_code == 404


def test_only_the_services_of_the_childs_school_are_offered(valle: Cast, office: Browser) -> None:
    address = f"/ufficio/bambini/{valle.child('Anna').pk}/servizi/"
    assert "Scuolabus: Scuolabus 2026/27" in office.get(address).content.decode()
    ServiceCalendar.objects.filter(service=valle.services["scuolabus"]).delete()
    assert "Scuolabus: Scuolabus 2026/27" not in office.get(address).content.decode()

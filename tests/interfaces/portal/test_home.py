"""The family's first page: who eats today, how much is left, what is to pay."""

from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup

from campanella.domains.accounts.operations import create_user
from campanella.domains.accounts.roles import Role
from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance.rules import Mark
from campanella.domains.enrolment.models import Subscription
from campanella.domains.people import operations as people
from campanella.domains.people.models import ChildAccount
from campanella.domains.schools.models import Closure, Membership
from campanella.domains.services.models import ClassCalendar
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.usecases import mealtime, top_up
from tests.browsing import browser
from tests.domains.support.files import news
from tests.interfaces.portal.phones import Phone, phone, questions, words
from tests.towns import OFFICE, PASSWORD, TODAY, Cast, Family

ONLY_TODAY = (TODAY, date(2026, 10, 15))


def _confirm(valle: Cast, *absent: str) -> None:
    mealtime.confirm(
        by=valle.staff["school"],
        roll_call=valle.roll_call(),
        absent_ids=[valle.child(name).pk for name in absent],
        adults=None,
        now=clock.now(),
    )


def _home(family: Family) -> str:
    return words(phone(family.user).get("/"))


@pytest.mark.parametrize(
    ("role", "place"),
    [("office", "/ufficio/"), ("school", "/appello/"), ("kitchen", "/cucina/"), ("cashier", "/cassa/")],
)
def test_the_staff_goes_on_to_its_own_first_page(valle: Cast, role: str, place: str) -> None:
    user = create_user(
        by=OFFICE, username="lavora", display_name="Lavora", roles=[Role(role)], password=PASSWORD, now=clock.now()
    )

    answer = phone(user).get("/")

    assert (answer.status_code, answer["Location"]) == (302, place)


def test_before_the_roll_call_the_page_says_until_when(valle: Cast, rossi: Family) -> None:
    page = _home(rossi)

    assert "Buongiorno, Maria Addolorata Mercoledì 14 ottobre" in page
    assert "Oggi la mensa è aperta Disdici il pasto di oggi di Anna L’appello è entro le 9:30 ancora 43 minuti" in page


def test_after_the_time_the_page_says_that_nothing_has_arrived(valle: Cast, rossi: Family, at: Any) -> None:
    at("09:30")

    assert "Oggi la mensa è aperta L’appello di oggi non è ancora arrivato." in _home(rossi)


def test_after_the_roll_call_each_child_is_told_with_who_and_when(valle: Cast, rossi: Family, at: Any) -> None:
    at("08:52")
    _confirm(valle, "Luca")

    page = _home(rossi)

    assert "Oggi mangia a scuola Confermato dalla scuola alle 8:52" in page
    assert "Oggi non mangia: risulta assente Confermato dalla scuola alle 8:52" in page


def test_marks_of_an_unconfirmed_roll_call_are_not_news(valle: Cast, rossi: Family) -> None:
    attendance.mark(
        by=valle.staff["school"],
        roll_call_id=valle.roll_call().pk,
        child_id=valle.child("Anna").pk,
        mark=Mark(is_present=False),
        now=clock.now(),
    )

    assert "risulta assente" not in _home(rossi)


@pytest.mark.parametrize("of", ["town", "school", "class"])
def test_a_closed_day_says_why(valle: Cast, rossi: Family, of: str) -> None:
    Closure.objects.create(
        days=ONLY_TODAY,
        reason="Sciopero del personale",
        school=valle.school if of == "school" else None,
        class_group=valle.classes["2B"] if of == "class" else None,
    )

    assert "Oggi la mensa è chiusa Sciopero del personale" in _home(rossi)


def test_the_closure_of_another_class_is_not_ours(valle: Cast, rossi: Family) -> None:
    Closure.objects.create(days=ONLY_TODAY, reason="Gita", class_group=valle.classes["3A"])

    assert "Gita" not in _home(rossi)


def test_the_closure_of_another_service_is_not_ours(valle: Cast, rossi: Family) -> None:
    Closure.objects.create(days=ONLY_TODAY, reason="Guasto", service_ids=[valle.services["scuolabus"].pk])

    assert "Oggi la mensa è chiusa" not in _home(rossi)


def test_on_a_day_of_the_week_that_the_class_does_not_use_there_is_no_service(valle: Cast, rossi: Family) -> None:
    ClassCalendar.objects.create(
        service=valle.services["mensa"], class_group=valle.classes["2B"], days=(TODAY, None), weekdays=0b01010
    )

    assert "Oggi non c’è servizio" in _home(rossi)


def test_on_saturday_there_is_no_service(valle: Cast, rossi: Family, at: Any) -> None:
    at("2026-10-17 08:00")

    assert "Oggi non c’è servizio" in _home(rossi)


def test_a_child_without_class_or_services_is_said_so(valle: Cast, rossi: Family) -> None:
    Subscription.objects.filter(child=valle.child("Luca")).delete()
    Membership.objects.filter(child=valle.child("Luca")).delete()

    assert "Luca Ancora senza classe Luca non ha iscrizioni a servizi" in _home(rossi)


def test_credit_is_told_in_euro_and_in_units_of_the_service(valle: Cast, rossi: Family) -> None:
    valle.credit("Anna", 3680)
    valle.credit("Anna", 450, "scuolabus")

    page = _home(rossi)

    assert "Refezione 36,80 € circa 8 pasti" in page
    assert "Scuolabus 4,50 € circa 3 " in page


@pytest.mark.parametrize(
    ("cents", "said"),
    [
        (1380, "Il credito di Anna (Refezione) sta per finire Basta per circa 3 pasti. Anna mangia comunque."),
        (0, "Il credito di Anna (Refezione) è finito Anna mangia comunque."),
        (
            -930,
            "Anna mangia comunque. A scuola nessuno vede questo saldo. Con 10,00 € torni in pari e resta meno di 1 pasto.",
        ),
        (-1000, "Con 10,00 € torni in pari. Ricarica 10,00 €"),
        (-1400, "Con 20,00 € torni in pari e resta circa 1 pasto."),
        (-1050, "Con 20,00 € torni in pari e restano circa 2 pasti."),
    ],
)
def test_low_and_negative_credit_is_told_calmly(valle: Cast, rossi: Family, cents: int, said: str) -> None:
    valle.credit("Anna", cents or 100)
    if not cents:
        valle.credit("Anna", -100)

    page = _home(rossi)

    assert said in page
    if cents < 0:
        assert f"{-(cents // 460)} pasti da pagare" in page


def test_a_new_child_has_not_used_anything_up(valle: Cast, rossi: Family) -> None:
    page = _home(rossi)

    assert "Non hai ancora ricaricato il credito di Luca Luca mangia comunque." in page
    assert "Non hai ancora ricaricato il credito di Anna (Scuolabus) Lo scuolabus passa comunque." in page
    assert "finito" not in page
    assert "meno di 1" not in page


def test_a_top_up_begins_with_the_child_and_a_debt_with_what_evens_it(valle: Cast, rossi: Family) -> None:
    """Ricarica under a child opens on that child; the note of a debt brings its amount along."""
    valle.credit("Luca", 100)
    valle.credit("Anna", -930)
    valle.credit("Anna", 5000, "scuolabus")
    one = phone(rossi.user)
    page = BeautifulSoup(one.get("/").content, "html.parser")
    links = {link.get_text().split()[-1]: link["href"] for link in page.select("a[href^='/pagamenti/ricarica/']")}
    ready = next(link["href"] for link in page.select("a[href^='/pagamenti/ricarica/']") if "10,00" in link.get_text())

    assert links["Luca"] == f"/pagamenti/ricarica/?wallet={valle.wallet('Luca').pk}"
    assert ready == f"/pagamenti/ricarica/?r={valle.wallet('Anna').pk}-1000"
    assert "Totale 10,00 €" in words(one.get(ready))
    assert words(one.get(links["Luca"])).index("Luca · Refezione") < words(one.get(links["Luca"])).index("Anna · Refezione")


def test_who_cannot_pay_now_writes_with_the_child_filled_in(valle: Cast, rossi: Family) -> None:
    valle.credit("Anna", -930)
    one = phone(rossi.user)
    page = BeautifulSoup(one.get("/").content, "html.parser")
    link = next(link["href"] for link in page.find_all("a") if "Non riesco a pagare adesso" in link.get_text())

    form = BeautifulSoup(one.get(link).content, "html.parser")

    assert form.select_one("[name=topic] [selected]")["value"] == "payments"  # type: ignore[index]  # it is there
    assert form.select_one("[name=child] [selected]")["value"] == str(valle.child("Anna").pk)  # type: ignore[index]
    assert "Non riesco a pagare adesso." in form.select_one("[name=text]").get_text()  # type: ignore[union-attr]


def test_enough_credit_asks_nothing(valle: Cast, rossi: Family) -> None:
    for name in ("Anna", "Luca"):
        valle.credit(name, 5000)
    valle.credit("Anna", 5000, "scuolabus")

    page = _home(rossi)

    assert "sta per finire" not in page
    assert "sotto zero" not in page


def test_an_access_for_one_child_sees_that_one_only(valle: Cast, rossi: Family) -> None:
    user = create_user(
        by=OFFICE, username="luca", display_name="Luca Rossi", roles=[Role.GUARDIAN], password=PASSWORD, now=clock.now()
    )
    people.give_child_access(child=valle.child("Luca"), user=user, holder=rossi.guardian)

    page = words(phone(user).get("/"))

    assert "Luca 2B" in page
    assert "Anna" not in page
    assert ChildAccount.objects.count() == 1


def test_a_parent_without_children_is_told_what_to_do(valle: Cast) -> None:
    user = create_user(
        by=OFFICE, username="nuova", display_name="Nuova Persona", roles=[Role.GUARDIAN], password=PASSWORD, now=clock.now()
    )

    page = words(phone(user).get("/"))

    assert "Buongiorno, Nuova Persona" in page
    assert "Nessun bambino vicino al tuo nome" in page


def test_no_other_familys_child_is_on_the_page(valle: Cast, rossi: Family) -> None:
    assert "Amina" not in _home(rossi)


def test_the_page_asks_the_database_six_times_and_stays_small(valle: Cast, rossi: Family) -> None:
    """Town, session with its user, children, payments, news, today’s menu; with two children, two services, every note."""
    valle.credit("Anna", -930)
    one = phone(rossi.user)

    asked = questions(one, "/")

    assert len(asked) == 6, asked
    assert len(one.get("/").content) < 20_000


def test_notices_to_pay_say_for_whom(valle: Cast, ready: Family) -> None:
    for name in ("Anna", "Luca"):
        lines = [top_up.Line(wallet_id=valle.wallet(name).pk, amount=Euro(2000))]
        top_up.prepare(by=ready.user, lines=lines, is_notice=True, now=clock.now())

    page = _home(ready)

    assert "Refezione di Anna, avviso di pagamento 20,00 €" in page
    assert "Refezione di Luca, avviso di pagamento 20,00 €" in page


def test_the_menu_says_how_many_news_wait_until_they_are_opened(valle: Cast, rossi: Family) -> None:
    """The first page knows it from its own question, the others count: both say the same."""
    first = news(valle, "Menù d’autunno", school_id=valle.school.pk)
    news(valle, "Sciopero")
    news(valle, "Gita di un’altra classe", class_group_id=valle.classes["3A"].pk)
    news(valle, "Bozza", is_published=False)
    one = phone(rossi.user)

    assert "News 2 da leggere" in words(one.get("/"))
    assert "News 2 da leggere" in words(one.get("/utility/"))
    one.get(f"/news/{first.pk}/")
    assert "News 1 da leggere" in words(one.get("/"))
    assert "News 1 da leggere" in words(one.get("/utility/"))
    assert "da leggere" not in words(phone(valle.staff["office"]).get("/contattaci/"))


def test_the_installation_lists_its_towns(borgo: Cast) -> None:
    answer = Phone("localhost:8130").get("/")

    assert 'href="http://borgo.localhost:8130/"' in answer.content.decode()
    assert "Scegli il tuo Comune. Comune di Borgo" in words(answer)
    assert Phone("altrove.example").get("/").status_code == 404


def test_public_pages_and_what_is_missing_keep_the_menu_of_a_family(valle: Cast, rossi: Family) -> None:
    one = phone(rossi.user)

    pages = {address: one.get(address) for address in ("/nonesiste/", "/privacy/", "/stato/", "/accessibilita/")}

    assert [answer.status_code for answer in pages.values()] == [404, 200, 200, 200]
    assert all("Menu principale" in answer.content.decode() for answer in pages.values())
    assert "Vai alla Home Vai ai pagamenti" in words(pages["/nonesiste/"])
    stranger = browser(valle.town).get("/nonesiste/")
    assert stranger.status_code == 404
    assert "Menu principale" not in stranger.content.decode()

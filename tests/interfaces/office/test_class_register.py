"""A class's month in one grid: what it says, how it is printed and taken along, and how a day or a child is put right."""

import csv
from datetime import date
from io import StringIO

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance.models import DayEvent
from campanella.domains.attendance.rules import Mark
from campanella.domains.enrolment.models import Subscription
from campanella.domains.ledger import verify
from campanella.domains.messaging.models import Message
from campanella.domains.people import operations as people
from campanella.domains.schools import operations as schools
from campanella.domains.services.models import Bracket
from campanella.foundation.core import clock
from campanella.readings import proofs
from campanella.readings.explained import explained
from campanella.readings.office import changes as changing
from campanella.readings.office.changes import DayChange
from campanella.usecases import bulk_days, closing, mealtime
from tests import auditor
from tests.browsing import Browser, at_most, browser
from tests.towns import OFFICE, TODAY, Cast, open_class, run_jobs, subscribe, text_of
from tests.usecases.asking import ask, goes

TUESDAY = date(2026, 10, 13)
ABC = ("Anna", "Luca", "Amina")


@pytest.fixture
def office(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


def place(valle: Cast, more: str = "") -> str:
    return f"/ufficio/presenze/registro/{valle.classes['2B'].pk}/mensa/{more}"


def confirm(valle: Cast, day: date = TODAY, *absent: str, white: str = "") -> None:
    call = valle.roll_call(day=day)
    changes = {valle.child(white).pk: Mark(is_present=True, is_white=True)} if white else {}
    absent_ids = [valle.child(name).pk for name in absent]
    mealtime.confirm(
        by=valle.staff["school"], roll_call=call, absent_ids=absent_ids, adults=0, now=clock.now(), changes=changes
    )


def table(office: Browser, valle: Cast) -> dict[str, dict[str, str]]:
    """Return the sheet by child and column."""
    answer = office.get(place(valle, "registro.csv"), {"mese": "2026-10"})
    rows = csv.DictReader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    return {row["Cognome e nome"]: row for row in rows}


def balances(valle: Cast) -> list[int]:
    return [valle.balance(name) for name in ABC]


def sound(valle: Cast) -> None:
    assert verify.violations() + proofs.violations() == []
    assert auditor.differences(valle.town) == []


def test_the_grid_says_who_was_there_and_adds_up(valle: Cast, office: Browser) -> None:
    confirm(valle, TUESDAY, "Luca")
    confirm(valle, TODAY, white="Amina")
    friday = date(2026, 10, 16)
    schools.close(by=OFFICE, first=friday, last=friday, reason="Ponte", now=clock.now())
    rows = table(office, valle)
    assert "17" not in rows["Rossi Anna"], "a Saturday has no column"
    assert [rows["Rossi Luca"][day] for day in ("13", "14", "15", "16")] == ["A", "P", "·", "C"]
    assert [rows["Haddad Amina"][day] for day in ("13", "14")] == ["P", "B"]
    sums = ("13", "14", "Presenze", "Addebitato")
    assert [rows["Presenti"][column] for column in sums] == ["2", "3", "5", "21,50"]
    assert [rows["Rossi Luca"][column] for column in ("Presenze", "Assenze", "Addebitato")] == ["1", "1", "3,10"]
    words = office.read(place(valle, "?mese=2026-10"))
    assert "Registro di 2B, ottobre 2026" in words
    assert "5 presenze, addebitati 21,50 €" in words


def test_a_day_that_was_closed_and_given_back_is_nobodys_absence(valle: Cast, office: Browser) -> None:
    confirm(valle, TUESDAY)
    closure = closing.enter(by=OFFICE, first=TUESDAY, last=TUESDAY, reason="Sciopero", now=clock.now())
    closing.give_back(by=OFFICE, closure_id=closure.pk, now=clock.now())
    row = table(office, valle)["Rossi Anna"]
    assert [row[column] for column in ("13", "Presenze", "Assenze", "Addebitato")] == ["C", "0", "0", "0,00"]


def test_without_a_choice_the_grid_opens_where_meals_are(valle: Cast, office: Browser) -> None:
    """It opened on a nursery that has nothing, because that is first by name."""
    nursery = schools.register_school(code="nido", name="Asilo Aquilone", level="nido")
    group = open_class(school=nursery, year=valle.classes["2B"].year, name="Piccoli")
    opened = office.get("/ufficio/presenze/registro/")
    assert opened["Location"].startswith(f"/ufficio/presenze/registro/{valle.classes['2B'].pk}/mensa/")
    asked = office.get("/ufficio/presenze/registro/", {"classe": group.pk, "servizio": "mensa"})
    assert f"/registro/{group.pk}/" in asked["Location"]


def test_the_grid_asks_as_much_for_one_child_as_for_many(valle: Cast, office: Browser) -> None:
    confirm(valle)
    with at_most(13):
        office.get(place(valle, "?mese=2026-10"))


def test_it_is_printed_and_taken_along(valle: Cast, office: Browser) -> None:
    confirm(valle)
    assert office.get(place(valle, "registro.pdf"), {"mese": "2026-10"}).content.startswith(b"%PDF")
    assert office.get(place(valle, "registro.xlsx"), {"mese": "2026-10"}).content.startswith(b"PK")
    assert office.get(place(valle, "registro.doc")).status_code == 404


def test_a_day_of_a_class_is_put_right_and_told_first(valle: Cast, office: Browser) -> None:
    confirm(valle, TODAY, "Luca")
    anna, luca, amina = (valle.child(name).pk for name in ABC)
    sent = {f"s-{anna}": "absent", f"s-{luca}": "present", f"s-{amina}": "white", "reason": "foglio sbagliato"}
    told = text_of(office.post(place(valle, f"{TODAY}/"), sent))
    assert "3 presenze cambiano: si restituiscono 1,50 €." in told
    assert balances(valle) == [-460, 0, -460]
    wrong = text_of(office.post(place(valle, f"{TODAY}/"), {**sent, "act": "confirm", "told": "0"}, follow=True))
    assert "Nel frattempo è cambiato qualcosa" in wrong
    assert balances(valle) == [-460, 0, -460]
    done = text_of(office.post(place(valle, f"{TODAY}/"), {**sent, "act": "confirm", "told": "-150"}, follow=True))
    assert "Fatto. 3 presenze cambiano" in done
    assert balances(valle) == [0, -310, -460]
    row = table(office, valle)
    assert [row[name]["14"] for name in ("Rossi Anna", "Rossi Luca", "Haddad Amina")] == ["A", "P", "B"]
    run_jobs()
    (letter,) = Message.objects.filter(template="days_corrected")
    words = " ".join(letter.text.split())
    assert "Anna, Refezione, 14 ottobre 2026: +4,60 €" in words
    assert "Luca, Refezione, 14 ottobre 2026: −3,10 €" in words
    assert "In tutto +1,50 €" in words
    assert "Motivo: foglio sbagliato" in words
    sound(valle)
    again = text_of(office.post(place(valle, f"{TODAY}/"), {**sent, "act": "confirm", "told": "-150"}, follow=True))
    assert "è già così" in again


def test_a_reason_is_needed(valle: Cast, office: Browser) -> None:
    confirm(valle)
    words = text_of(office.post(place(valle, f"{TODAY}/"), {f"s-{valle.child('Anna').pk}": "absent"}))
    assert "Scrivi il motivo" in words
    assert valle.balance("Anna") == -460


def test_the_days_of_one_child_are_put_right(valle: Cast, office: Browser) -> None:
    for day in (TUESDAY, TODAY):
        confirm(valle, day)
    anna = valle.child("Anna").pk
    sent = {f"s-{TUESDAY}": "absent", f"s-{TODAY}": "absent", "reason": "era in gita", "act": "confirm", "told": "-920"}
    done = text_of(office.post(place(valle, f"bambino/{anna}/?mese=2026-10"), sent, follow=True))
    assert "2 presenze cambiano: si restituiscono 9,20 €" in done
    assert balances(valle) == [0, -620, -920]
    sound(valle)


def test_a_day_from_paper_is_entered_fast(valle: Cast, office: Browser) -> None:
    anna, luca, amina = (valle.child(name).pk for name in ABC)
    page = office.read(place(valle, f"{TUESDAY}/"))
    assert "l’appello non è confermato. Copialo dal foglio" in page
    sent = {f"s-{anna}": "present", f"s-{luca}": "absent", f"s-{amina}": "white", "adults": "2"}
    words = text_of(office.post(place(valle, f"{TUESDAY}/"), sent, follow=True))
    assert "Appello confermato: 2 presenti." in words
    assert balances(valle) == [-460, 0, -460]
    call = valle.roll_call(day=TUESDAY)
    call.refresh_from_db()
    assert call.adults == 2
    assert table(office, valle)["Haddad Amina"]["13"] == "B"
    sound(valle)


def joined(valle: Cast, name: str) -> int:
    """Let a child come to the class today."""
    child = people.register_child(given_name=name, family_name="Neri", tax_code="", birth_date=date(2018, 1, 1))
    schools.place(child=child, class_group=valle.classes["2B"], first=TODAY, end=None)
    bracket = Bracket.objects.get(tariff__code="mensa-26", code="full")
    subscribe(child=child, service=valle.services["mensa"], bracket=bracket, first=TODAY, end=None)
    return child.pk


def channels(valle: Cast, day: date) -> set[tuple[str, str]]:
    """Return which kinds of facts came by which way."""
    return set(DayEvent.objects.filter(day=day, level__gt=0).values_list("kind", "channel"))


def test_paper_says_how_every_child_is_whatever_was_said_before(valle: Cast, office: Browser) -> None:
    """Anna was tapped absent, Luca in white, Amina's family has cancelled: the paper finds all of them there."""
    goes(valle, "opt_out")
    teacher, call = valle.staff["school"], valle.roll_call(day=TODAY)
    anna, luca, amina = (valle.child(name).pk for name in ABC)
    taps = {anna: Mark(is_present=False), luca: Mark(is_present=True, is_white=True)}
    attendance.mark_many(by=teacher, roll_call=call, marks=taps, now=clock.now())
    ask(valle, "08:00", "Amina", family="haddad")

    sent = {f"s-{anna}": "present", f"s-{luca}": "present", f"s-{amina}": "present", "adults": "120"}
    words = text_of(office.post(place(valle, f"{TODAY}/"), sent, follow=True))
    assert "Scrivi quanti adulti mangiano, da 0 a 99: non è stato salvato nulla." in words
    assert balances(valle) == [0, 0, 0]
    words = text_of(office.post(place(valle, f"{TODAY}/"), {**sent, "adults": "99"}, follow=True))

    assert "Appello confermato: 3 presenti." in words
    assert balances(valle) == [-460, -310, -460]
    row = table(office, valle)
    assert [row[name]["14"] for name in ("Rossi Anna", "Rossi Luca", "Haddad Amina")] == ["P", "P", "P"]
    call.refresh_from_db()
    assert call.adults == 99
    sound(valle)


def test_what_came_by_paper_is_the_offices_word(valle: Cast, office: Browser) -> None:
    anna, luca, amina = (valle.child(name).pk for name in ABC)
    office.post(place(valle, f"{TUESDAY}/"), {f"s-{anna}": "present", f"s-{luca}": "absent", f"s-{amina}": "white"})
    assert channels(valle, TUESDAY) == {("marked", "office"), ("confirmed", "office")}
    assert DayEvent.objects.filter(day=TUESDAY, kind="marked").count() == 3, "paper says it of everybody"
    (told,) = explained(lines=[(luca, valle.services["mensa"].pk)], day=TUESDAY, now=clock.now())
    assert "dall’ufficio" in told.because


def test_whoever_came_to_the_class_afterwards_is_named_and_may_be_added(valle: Cast, office: Browser) -> None:
    confirm(valle)
    newcomer = joined(valle, "Omar")
    page = office.get(place(valle, f"{TODAY}/"))
    words = text_of(page)
    assert "Neri Omar è nella classe da dopo la conferma, e nell’appello non c’è" in words
    address = f"/ufficio/bambini/{newcomer}/presenza/"
    where = {"giorno": f"{TODAY}", "servizio": f"{valle.services['mensa'].pk}"}
    assert f"{address}?giorno={TODAY}&amp;servizio={where['servizio']}" in page.content.decode()
    assert f"s-{newcomer}" not in page.content.decode(), "nothing of it can be corrected here"

    sent = {"service": where["servizio"], "day": f"{TODAY}", "state": "present", "reason": "arrivato oggi"}
    office.post(f"{address}?giorno={TODAY}", sent)
    assert "è nella classe da dopo la conferma" not in office.read(place(valle, f"{TODAY}/"))
    sound(valle)


def test_what_cannot_be_done_is_not_called_done(valle: Cast, office: Browser) -> None:
    """Luca and Anna have left the service since: present they have no price; who is so already stays so without a word."""
    confirm(valle, TODAY, "Luca")
    for name in ("Anna", "Luca"):
        line = Subscription.objects.get(child=valle.child(name), service=valle.services["mensa"])
        line.days = DateRange(line.days.lower, TODAY)
        line.save()
    anna, luca, amina = (valle.child(name).pk for name in ABC)
    changes = [DayChange(child_id, TODAY, is_present=True) for child_id in (anna, luca, amina)]
    plan = changing.plan(
        service_id=valle.services["mensa"].pk, changes=[*changes, DayChange(amina, TUESDAY, is_present=True)]
    )
    assert (plan.lines, plan.unpriced, plan.unknown) == ((), (changes[1],), (DayChange(amina, TUESDAY, is_present=True),))

    sent = {f"s-{TODAY}": "present", "reason": "foglio sbagliato"}
    words = text_of(office.post(place(valle, f"bambino/{luca}/?mese=2026-10"), sent, follow=True))
    assert "è già così" not in words
    assert "Intanto l’elenco è cambiato" in words


def test_a_class_is_given_back_in_one_act_once(valle: Cast, office: Browser) -> None:
    for day in (TUESDAY, TODAY):
        confirm(valle, day)
    bus = valle.roll_call(service="scuolabus")
    mealtime.confirm(by=valle.staff["school"], roll_call=bus, absent_ids=[], adults=0, now=clock.now())
    sent = {
        "first": f"{TUESDAY}",
        "last": f"{TODAY}",
        "where": f"c{valle.classes['2B'].pk}",
        "what": f"{valle.services['mensa'].pk}",
        "reason": "forno guasto",
    }
    told = text_of(office.post("/ufficio/presenze/restituisci/", sent))
    assert "6 presenze di 3 bambini: tornano 24,60 €" in told
    assert balances(valle) == [-920, -620, -920]
    done = office.post("/ufficio/presenze/restituisci/", {**sent, "act": "confirm", "told": "2460"}, follow=True)
    assert "Restituiti 24,60 €" in text_of(done)
    assert balances(valle) == [0, 0, 0]
    assert valle.balance("Anna", "scuolabus") == -150
    again = office.post("/ufficio/presenze/restituisci/", {**sent, "act": "confirm", "told": "2460"}, follow=True)
    assert "Nel frattempo è cambiato qualcosa" in text_of(again)
    assert "Non c’è niente da restituire" in text_of(office.post("/ufficio/presenze/restituisci/", sent))
    run_jobs()
    assert Message.objects.filter(template="days_corrected").count() == 2
    sound(valle)


def test_another_town_and_another_role_see_nothing(borgo: Cast, valle: Cast) -> None:
    stranger = browser(borgo.town, borgo.staff["office"])
    teacher = browser(valle.town, valle.staff["school"])
    for more in ("", f"{TODAY}/", f"bambino/{valle.child('Anna').pk}/", "registro.csv"):
        assert stranger.get(place(valle, more)).status_code == 404
        assert teacher.get(place(valle, more)).status_code == 403


def test_many_days_cost_no_more_statements_than_one(valle: Cast) -> None:
    """Correcting is set-based: one child's day, or three children's three days."""
    monday, days = date(2026, 10, 12), [date(2026, 10, 12), TUESDAY, TODAY]
    for day in days:
        confirm(valle, day)

    def statements(names: tuple[str, ...], days: list[date], is_present: bool) -> int:
        changes = [DayChange(valle.child(name).pk, day, is_present=is_present) for name in names for day in days]
        about = {"service": valle.services["mensa"], "changes": changes, "reason": "foglio", "now": clock.now()}
        with CaptureQueriesContext(connection) as found:
            plan = bulk_days.correct(by=OFFICE, **about)
        assert len(plan.lines) == len(changes)
        return len(found)

    assert statements(("Anna",), [monday], False) == statements(ABC, [TUESDAY, TODAY], False)
    assert balances(valle) == [0, -310, -460]
    sound(valle)

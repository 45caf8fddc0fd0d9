"""A day that is confirmed, perhaps charged, before the numbers close: the family may still cancel, and is told so."""

from datetime import date, time
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.urls import reverse

from campanella.domains.attendance.models import DayRule
from campanella.domains.attendance.rules import Mark
from campanella.foundation.core import clock
from campanella.usecases import contests, mealtime
from tests.interfaces.portal.phones import phone, words
from tests.interfaces.portal.test_asks import fields_of, tap
from tests.towns import Cast, Family
from tests.usecases.asking import confirm, goes


@pytest.fixture
def opt_out(valle: Cast) -> Cast:
    goes(valle)
    return valle


def test_a_class_confirmed_early_can_still_be_cancelled_and_gives_the_money_back(
    opt_out: Cast, rossi: Family, at: Any
) -> None:
    one, anna = phone(rossi.user), opt_out.child("Anna").pk
    at("09:05")
    confirm(opt_out)
    assert opt_out.balance("Anna") == -460
    at("09:10")
    home = words(one.get("/"))
    assert "Oggi mangia a scuola Disdici il pasto di oggi di Anna Fino alle 9:30 ancora 20 minuti" in home
    day = words(one.get(f"/presenze/{anna}/2026-10-14/"))
    assert "Perché: Previsto e finora non disdetto: si paga 4,60 €, se non è disdetto entro le 9:30." in day

    proof = words(tap(one, f"/disdette/{anna}/"))

    assert "Pasto di Anna disdetto Oggi, mercoledì 14 ottobre, Anna non mangia a scuola. Non paghi nulla." in proof
    assert opt_out.balance("Anna") == 0
    assert "Oggi non mangia: disdetto Rimetti o cambia" in words(one.get("/"))
    assert "non si paga" in words(one.get(f"/presenze/{anna}/2026-10-14/"))
    at("09:31")
    assert "Oggi mangia a scuola Confermato" in words(phone(rossi.user).get("/"))  # Luca's card
    assert "Disdici il pasto" not in words(one.get("/"))


def test_who_is_marked_absent_and_was_not_cancelled_is_told_until_when(opt_out: Cast, rossi: Family, at: Any) -> None:
    one, anna = phone(rossi.user), opt_out.child("Anna").pk
    at("09:05")
    mealtime.confirm(
        by=opt_out.staff["school"],
        roll_call=opt_out.roll_call(),
        absent_ids=[],
        adults=0,
        changes={anna: Mark.of(is_present=False, is_white=False, is_late=False)},
        now=clock.now(),
    )
    assert "Oggi non mangia: risulta assente, ma non disdetto Disdici il pasto di oggi di Anna" in words(one.get("/"))
    proof = words(tap(one, f"/disdette/{anna}/"))
    assert "Pasto di Anna disdetto" in proof
    assert opt_out.balance("Anna") == 0


def test_where_the_roll_call_decides_a_confirmed_class_is_told_the_school(valle: Cast, rossi: Family, at: Any) -> None:
    one, anna = phone(rossi.user), valle.child("Anna").pk
    at("09:05")
    confirm(valle)
    page = words(one.get(f"/disdette/{anna}/"))
    assert "Per oggi è tardi" in page
    assert "La scuola ha già fatto l’appello: dillo a lei. Anna paga solo se risulta presente." in page


def test_a_paid_absence_is_named_in_the_month(opt_out: Cast, rossi: Family, at: Any) -> None:
    at("2026-10-13 09:31")
    mealtime.confirm_day(
        by=opt_out.staff["office"],
        service=opt_out.services["mensa"],
        day=date(2026, 10, 13),
        class_group_ids=[opt_out.classes["2B"].pk],
        absent_ids=[opt_out.child("Anna").pk],
        now=clock.now(),
    )
    at("2026-10-14 08:00")
    one, anna = phone(rossi.user), opt_out.child("Anna").pk
    month = words(one.get(f"/presenze/{anna}/2026-10/"))
    assert "13 assente, si paga" in month
    assert "1 pasto a 4,60 € 4,60 €" in month
    assert "di cui 1 assenza non disdetta in tempo si paga" in month
    day = words(one.get(f"/presenze/{anna}/2026-10-13/"))
    assert "Anna non ha mangiato, ma il giorno non era disdetto in tempo: si paga." in day


def test_what_is_booked_day_by_day_is_one_tap_from_home(valle: Cast, rossi: Family, at: Any) -> None:
    goes(valle, "opt_in", cut_off=time(9, 30))
    at("08:00")
    one, anna, meal = phone(rossi.user), valle.child("Anna").pk, valle.services["mensa"].pk
    home = one.get("/")
    assert f'href="/prenotazioni/{anna}/?servizio={meal}"' in home.content.decode()
    assert "Prenota altri giorni" in words(home)
    at("09:31")
    confirm(valle)
    assert "Non prenotato" in words(one.get(f"/presenze/{anna}/2026-10-14/"))


def test_a_second_service_that_is_booked_day_by_day_says_how_it_stands(valle: Cast, rossi: Family, at: Any) -> None:
    """The bus of Anna is booked day by day, beside her meal."""
    bus = valle.services["scuolabus"]
    DayRule.objects.create(
        service=bus, school=valle.school, days=DateRange(date(2026, 9, 1), None), mode="opt_in", cut_off=time(9, 30)
    )
    at("08:00")
    one, anna = phone(rossi.user), valle.child("Anna").pk
    home = one.get("/")
    assert "Scuolabus: oggi non è prenotato Prenota lo scuolabus di Anna" in words(home)
    address = f"/prenotazioni/{anna}/?servizio={bus.pk}"
    assert f'href="{address}"' in home.content.decode()
    week = one.get(address)
    assert "fino alle 9:30, 1,50 €" in words(week)
    one.post(address, {**fields_of(week), "giorno": "2026-10-14"})
    assert "Oggi prende lo scuolabus Prenota o disdici i giorni di Anna" in words(one.get("/"))
    assert "già prenotato: si paga 1,50 €" in words(one.get(address))
    assert "Prenota i giorni" in words(one.get(f"/presenze/{anna}/2026-11/?servizio={bus.pk}"))


def test_a_contest_is_shown_on_its_day_until_it_is_answered(opt_out: Cast, rossi: Family, at: Any) -> None:
    at("09:31")
    confirm(opt_out)
    one, anna, meal = phone(rossi.user), opt_out.child("Anna").pk, opt_out.services["mensa"].pk
    address = f"/presenze/{anna}/2026-10-14/"
    # The bus has its own.
    assert words(one.get(address)).count("Non torna? Segnalalo") == 2
    one.post(f"{address}contesta/{meal}/", {"text": "Era a casa."})
    day = one.get(address)
    assert "Addebito contestato il 14/10 9:31, segnalazione n. 1: la sta guardando l’ufficio." in words(day)
    assert words(day).count("Non torna? Segnalalo") == 1
    assert f'href="{reverse("portal:ticket", args=[1])}"' in day.content.decode()
    contests.accept(by=opt_out.staff["office"], number=1, now=clock.now())
    assert "segnalazione n. 1: l’ufficio ha risposto." in words(one.get(address))


def test_a_day_leads_to_its_change_as_long_as_it_counts_and_a_past_one_to_what_it_came_to(
    opt_out: Cast, rossi: Family, at: Any
) -> None:
    one, anna, meal = phone(rossi.user), opt_out.child("Anna").pk, opt_out.services["mensa"].pk
    change = f'href="/disdette/{anna}/?giorno=2026-10-14&amp;servizio={meal}"'
    day = f"/presenze/{anna}/2026-10-14/"
    at("09:05")
    confirm(opt_out)
    at("09:30")
    assert change in one.get(day).content.decode()
    at("09:31")
    assert change not in one.get(day).content.decode()
    assert f'href="{day}"' in one.get(f"/disdette/{anna}/").content.decode()
    at("2026-10-15 08:00")
    assert one.get(f"/disdette/{anna}/?giorno=2026-10-14").headers["Location"] == day

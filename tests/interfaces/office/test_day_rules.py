"""How the days of a service go in a school: told in plain words, changed from a day to come, the past left as it is."""

import re
from datetime import date, time
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.attendance import terms
from campanella.domains.attendance.models import DayRule
from campanella.domains.enrolment.models import Subscription
from campanella.domains.messaging.models import Message
from campanella.domains.people.models import Guardian
from campanella.domains.services.models import ClassCalendar, ServiceCalendar
from campanella.foundation.core import clock
from campanella.readings import serving
from tests.browsing import Browser, at_most, browser
from tests.towns import TODAY, Cast, run_jobs, text_of
from tests.usecases.asking import goes, rome

PLACE = "/ufficio/impostazioni/giornata/"
OPT_IN = {
    "form": "rule",
    "rule-first": "2026-12-01",
    "rule-mode": "opt_in",
    "rule-cut_off": "18:00",
    "rule-cut_off_days_before": "1",
    "rule-horizon_days": "30",
    "rule-marks_until": "",
}


@pytest.fixture
def office(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


def place(valle: Cast, service: str = "mensa") -> str:
    return f"{PLACE}{valle.school.pk}/{valle.services[service].pk}/"


def mode_on(valle: Cast, day: date) -> str:
    return terms.on(day=day).of(service_id=valle.services["mensa"].pk, school_id=valle.school.pk).mode


def test_a_change_is_told_before_it_is_made(valle: Cast, office: Browser) -> None:
    told = text_of(office.post(place(valle), OPT_IN))
    assert (
        "Dal 1 dicembre 2026 le famiglie prenotano giorno per giorno, entro le 18:00 del giorno prima: "
        "chi non prenota non mangia e non paga. Si può chiedere al più 30 giorni prima." in told
    )
    assert DayRule.objects.count() == 0
    done = text_of(office.post(place(valle), {**OPT_IN, "act": "confirm"}, follow=True))
    assert "ha cambiato come va la giornata dal 01/12/2026: Dal 1 dicembre 2026 le famiglie prenotano" in done
    assert (mode_on(valle, date(2026, 11, 30)), mode_on(valle, date(2026, 12, 1))) == ("roll_call", "opt_in")
    (rule,) = DayRule.objects.all()
    assert (rule.cut_off, rule.cut_off_days_before, rule.horizon_days) == (time(18), 1, 30)
    assert "Decide l’appello in classe; dal 1 dicembre 2026: la famiglia prenota giorno per giorno" in office.read(PLACE)


def test_a_window_has_its_hour_and_leaves_time_to_ask(valle: Cast, office: Browser) -> None:
    window = {**OPT_IN, "rule-horizon_days": "2", "rule-opens_at": "14:00", "act": "confirm"}
    for wrong, words in (
        ({"rule-horizon_days": ""}, "Scrivi anche di quale giorno è quell’ora: quanti giorni prima."),
        ({"rule-horizon_days": "1", "rule-opens_at": "18:00"}, "Così non resta tempo per chiedere"),
        ({"rule-cut_off_days_before": "3"}, "Così non resta tempo per chiedere"),
    ):
        assert words in text_of(office.post(place(valle), {**window, **wrong}))
    assert DayRule.objects.count() == 0
    said = text_of(office.post(place(valle), window, follow=True))
    assert "Si può chiedere al più 2 giorni prima, dalle 14:00 di quel giorno." in said
    assert DayRule.objects.get().opens_at == time(14)


def test_the_past_keeps_its_row(valle: Cast, office: Browser) -> None:
    meal = valle.services["mensa"]
    DayRule.objects.create(
        service=meal, school=valle.school, days=DateRange(date(2026, 9, 1), None), mode="opt_out", cut_off=time(9)
    )
    office.post(place(valle), {**OPT_IN, "act": "confirm"})
    days = list(DayRule.objects.order_by("days").values_list("mode", "days"))
    assert days == [
        ("opt_out", DateRange(date(2026, 9, 1), date(2026, 12, 1))),
        ("opt_in", DateRange(date(2026, 12, 1), None)),
    ]
    # A change before it replaces what was to come.
    office.post(place(valle), {**OPT_IN, "rule-first": "2026-11-02", "rule-mode": "register", "act": "confirm"})
    assert [mode_on(valle, date(2026, month, 2)) for month in (10, 11, 12)] == ["opt_out", "register", "register"]


@pytest.mark.parametrize("day", [TODAY, date(2026, 10, 1)])
def test_a_day_that_is_not_to_come_is_refused(valle: Cast, office: Browser, day: date) -> None:
    words = text_of(office.post(place(valle), {**OPT_IN, "rule-first": f"{day}", "act": "confirm"}))
    assert "Scegli un giorno da domani in poi" in words
    assert DayRule.objects.count() == 0


def test_a_class_has_its_return_days_from_a_day_on(valle: Cast, office: Browser) -> None:
    group = valle.classes["2B"]
    sent = {"form": "class", "class-class_group": str(group.pk), "class-first": "2026-11-02", "class-weekdays": ["0", "2"]}
    told = text_of(office.post(place(valle), sent))
    assert "Dal 2 novembre 2026 la classe 2B usa il servizio in questi giorni: lun, mer." in told
    assert "Riguarda 3 bambini. 2 famiglie ricevono" in told
    assert ClassCalendar.objects.count() == 0
    sent["act"] = "confirm"
    words = text_of(office.post(place(valle), sent, follow=True))
    assert "2B: Dal 2 novembre 2026 lun, mer" in words
    assert "ha cambiato i giorni della settimana di 2B dal 02/11/2026: lun, mer" in words
    served = {"service_id": valle.services["mensa"].pk, "school_id": valle.school.pk, "class_group_id": group.pk}
    on = [serving.on(day=date(2026, 11, day)).serves(**served) for day in (2, 3, 4, 5, 6)]
    assert on == [True, False, True, False, False]
    assert serving.on(day=TODAY).serves(**served)
    office.post(place(valle), {**sent, "class-first": "2026-11-09", "class-weekdays": []})
    assert ClassCalendar.objects.get().days == DateRange(date(2026, 11, 2), date(2026, 11, 9))


def test_a_season_ends_earlier_and_a_new_one_begins(valle: Cast, office: Browser) -> None:
    sent = {
        "form": "season",
        "season-first": "2026-10-19",
        "season-last": "2026-12-22",
        "season-weekdays": ["0", "1", "2", "3", "4", "5"],
        "act": "confirm",
    }
    words = text_of(office.post(place(valle), sent, follow=True))
    assert "Dal 19 ottobre 2026 al 22 dicembre 2026 lun, mar, mer, gio, ven, sab" in words
    rows = ServiceCalendar.objects.filter(service=valle.services["mensa"]).order_by("days")
    assert list(rows.values_list("days", "weekdays")) == [
        (DateRange(date(2026, 9, 15), date(2026, 10, 19)), 0b11111),
        (DateRange(date(2026, 10, 19), date(2026, 12, 23)), 0b111111),
    ]
    wrong = text_of(office.post(place(valle), {**sent, "season-last": "2026-10-18"}))
    assert "L’ultimo giorno viene prima del primo." in wrong


def test_what_each_way_means_is_said(valle: Cast, office: Browser) -> None:
    for mode, words in {
        "opt_out": "sono tutti prenotati, e le famiglie disdicono entro le 9:30 del giorno stesso",
        "roll_call": "chi mangia lo dice l’appello in classe, che si chiude alle 9:30: paga chi è presente",
        "register": "le assenze arrivano dal registro di classe",
    }.items():
        sent = {"form": "rule", "rule-first": "2026-12-01", "rule-mode": mode, "rule-cut_off_days_before": "0"}
        assert words in text_of(office.post(place(valle), sent))


def test_the_pages_ask_little_and_only_the_office_of_the_town(borgo: Cast, valle: Cast, office: Browser) -> None:
    for number in range(3):
        days = DateRange(date(2027, 1 + number, 1), date(2027, 2 + number, 1))
        DayRule.objects.create(service=valle.services["mensa"], school=valle.school, days=days, mode="opt_in")
    with at_most(7):
        office.get(PLACE)
    with at_most(10):
        office.get(place(valle))
    stranger = browser(borgo.town, borgo.staff["office"])
    assert stranger.get(place(valle)).status_code == 404
    assert browser(valle.town, valle.staff["school"]).get(place(valle)).status_code == 403
    assert clock.today() == TODAY


@pytest.mark.parametrize(
    ("moment", "cut_off", "before", "is_refused"),
    [
        ("2026-10-14 15:00", "14:00", "1", True),
        ("2026-10-14 13:59", "14:00", "1", False),
        ("2026-10-14 15:00", "09:00", "0", False),
        # Without an hour of its own the town's holds.
        ("2026-10-14 15:00", "", "1", True),
    ],
)
def test_a_rule_begins_while_families_can_still_cancel_its_first_day(
    valle: Cast, office: Browser, at: Any, moment: str, cut_off: str, before: str, is_refused: bool
) -> None:
    at(moment)
    sent = {**OPT_IN, "rule-mode": "opt_out", "rule-first": "2026-10-15", "rule-cut_off": cut_off}
    sent |= {"rule-cut_off_days_before": before, "act": "confirm"}
    words = text_of(office.post(place(valle), sent, follow=True))
    assert ("i numeri di quel giorno sarebbero già chiusi" in words) is is_refused
    assert DayRule.objects.count() == int(not is_refused)


def letters() -> list[Message]:
    return list(Message.objects.filter(template="day_rule_changed").order_by("pk"))


def test_families_are_counted_before_and_told_once_each_after(valle: Cast, office: Browser) -> None:
    goes(valle)
    to_roll_call = {**OPT_IN, "rule-mode": "roll_call", "rule-cut_off": "09:30", "rule-cut_off_days_before": "0"}
    told = text_of(office.post(place(valle), to_roll_call))
    # Anna and Luca are of one family, Amina of another.
    assert "Riguarda 3 bambini. 2 famiglie ricevono una lettera con queste parole, una sola anche con più figli." in told
    run_jobs()
    assert letters() == []

    office.post(place(valle), {**to_roll_call, "act": "confirm"})
    run_jobs()

    assert [letter.address for letter in letters()] == ["rossi@posta.example", "haddad@posta.example"]
    text = letters()[0].text
    assert "cambia come va la giornata per Refezione, Primaria Rodari." in text
    assert "Dal 1 dicembre 2026 chi mangia lo dice l’appello in classe, che si chiude alle 9:30" in text
    assert "Anna" not in text

    # The same again changes nothing, and until when the school marks is no matter of theirs.
    for more in ({}, {"rule-marks_until": "10:30"}):
        again = {**to_roll_call, **more}
        assert "Per le famiglie non cambia nulla: non ricevono lettere." in text_of(office.post(place(valle), again))
        office.post(place(valle), {**again, "act": "confirm"})
    run_jobs()
    assert len(letters()) == 2


def test_who_has_no_address_is_named_to_the_office_and_who_left_is_not_counted(valle: Cast, office: Browser) -> None:
    Guardian.objects.filter(user=valle.families["haddad"].user).update(email="")
    told = text_of(office.post(place(valle), OPT_IN))
    assert "Riguarda 3 bambini. 1 famiglia riceve una lettera" in told
    assert "Di 1 bambino nessun adulto ha una mail: avvisali tu." in told
    Subscription.objects.filter(service=valle.services["mensa"]).update(days=DateRange(date(2026, 9, 1), date(2026, 11, 30)))
    assert "nessun bambino usa il servizio in questa scuola" in text_of(office.post(place(valle), OPT_IN))


def test_nobody_is_told_of_a_rule_that_was_replaced_before_the_letters_left(valle: Cast, office: Browser) -> None:
    office.post(place(valle), {**OPT_IN, "act": "confirm"})
    office.post(place(valle), {**OPT_IN, "rule-mode": "opt_out", "rule-horizon_days": "", "act": "confirm"})
    run_jobs()
    assert len(letters()) == 2
    assert all("sono tutti prenotati" in letter.text for letter in letters())


def test_who_was_told_of_a_rule_that_goes_before_it_begins_is_told(valle: Cast, office: Browser) -> None:
    """Announced from December, and called off by one from November that says what holds today."""
    goes(valle)
    office.post(place(valle), {**OPT_IN, "act": "confirm"})
    run_jobs()
    assert len(letters()) == 2
    as_now = {**OPT_IN, "rule-first": "2026-11-02", "rule-mode": "opt_out", "rule-cut_off": "09:30"}
    as_now |= {"rule-cut_off_days_before": "0", "rule-horizon_days": ""}
    told = text_of(office.post(place(valle), as_now))
    assert "Toglie quello che era previsto dal 1 dicembre 2026. Riguarda 3 bambini." in told
    office.post(place(valle), {**as_now, "act": "confirm"})
    run_jobs()
    assert mode_on(valle, date(2026, 12, 2)) == "opt_out"
    assert len(letters()) == 4
    assert "Quello che era previsto dal 1 dicembre 2026 non vale più." in letters()[-1].text


def test_a_day_whose_numbers_are_closed_is_served_as_its_families_were_told(valle: Cast, office: Browser) -> None:
    """Tomorrow's numbers closed this morning: neither its rule, nor its season, nor a class's days change any more."""
    goes(valle, "opt_out", cut_off=time(8), cut_off_days_before=1, made_at=rome("07:00"))
    sent = {
        "rule": {**OPT_IN, "rule-mode": "roll_call"},
        "season": {"form": "season", "season-last": "2026-12-22", "season-weekdays": ["0", "1"]},
        "class": {"form": "class", "class-class_group": f"{valle.classes['2B'].pk}", "class-weekdays": ["0", "1"]},
    }
    for name, form in sent.items():
        for first, is_refused in (("2026-10-15", True), ("2026-10-16", False)):
            words = text_of(office.post(place(valle), {**form, f"{name}-first": first}))
            assert ("Con la regola di adesso i numeri di quel giorno sono già chiusi" in words) is is_refused, (name, first)


def test_two_clerks_who_change_the_same_days_do_not_undo_each_other(valle: Cast, office: Browser) -> None:
    """The second page was drawn before the first was confirmed: it says who has changed what, and writes nothing."""
    seen = shown(office.get(place(valle)))
    assert "Intanto" not in text_of(office.post(place(valle), {**OPT_IN, "seen": seen}))
    office.post(place(valle), {**OPT_IN, "seen": seen, "act": "confirm"})
    (rule,) = DayRule.objects.all()
    season = {"form": "season", "season-first": "2026-12-01", "season-last": "2027-05-28", "season-weekdays": ["0"]}
    group = {"form": "class", "class-class_group": f"{valle.classes['2B'].pk}", "class-first": "2026-12-01"}
    calendars = list(ServiceCalendar.objects.values_list("days", "weekdays"))
    for form in ({**OPT_IN, "rule-cut_off": "17:00"}, season, {**group, "class-weekdays": ["1"]}):
        told = office.post(place(valle), {**form, "seen": seen})
        assert "Intanto un collega ha cambiato qualcosa qui" in text_of(told)
        assert "ha cambiato come va la giornata dal 01/12/2026" in text_of(told)
        done = office.post(place(valle), {**form, "seen": seen, "act": "confirm"}, follow=True)
        assert "Non è stato salvato nulla: guarda com’è adesso" in text_of(done)
    assert [(one.pk, one.cut_off) for one in DayRule.objects.all()] == [(rule.pk, time(18))]
    assert list(ServiceCalendar.objects.values_list("days", "weekdays")) == calendars
    assert not ClassCalendar.objects.exists()
    again = office.post(place(valle), {**OPT_IN, "rule-cut_off": "17:00", "seen": seen})
    done = office.post(place(valle), {**OPT_IN, "rule-cut_off": "17:00", "seen": shown(again), "act": "confirm"})
    assert done.status_code == 302
    assert DayRule.objects.get().cut_off == time(17)


def shown(answer: Any) -> str:
    """Return the last act that a page has shown, as its form sends it."""
    found = re.search(r'name="seen" value="([0-9]+)"', answer.content.decode())
    assert found
    return found[1]

"""Where the class register decides: it says absent, the family is asked, and what it answers holds."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance import registered
from campanella.domains.attendance.fact_rules import register_asks
from campanella.domains.attendance.models import Booking, DayEvent, Presence, RollCall
from campanella.domains.attendance.rules import Mark
from campanella.domains.cooking.models import SheetLine
from campanella.domains.ledger import verify
from campanella.domains.messaging.models import Message
from campanella.foundation.core import clock
from campanella.readings import proofs
from campanella.readings.explained import explained
from campanella.readings.office import tablet_marks
from campanella.usecases import class_register, tasks, wishes
from campanella.usecases.importing.absences import Said
from tests import auditor
from tests.browsing import browser
from tests.interfaces.portal.phones import phone, words
from tests.towns import TODAY, Cast, Family, choosing, run_jobs, tell_again, text_of
from tests.usecases.asking import Arrival, ask, goes, rome, take_back


@pytest.fixture
def by_register(valle: Cast, at: Any) -> Cast:
    goes(valle, "register")
    at("08:40")
    return valle


def said(valle: Cast, *, day: date = TODAY, **states: bool) -> None:
    """Import what the register says: present or not, by name."""
    lines = [Said(valle.child(name).pk, day, there) for name, there in states.items()]
    class_register.take(by=valle.staff["office"], service=valle.services["mensa"], said=lines, now=clock.now())


def freeze(valle: Cast, at: Any) -> None:
    at("09:31")
    tasks.freeze_sheets()


def ordered(valle: Cast) -> set[str]:
    children = {child.pk: name for family in valle.families.values() for name, child in family.children.items()}
    return {children[child_id] for line in SheetLine.objects.filter(sheet__day=TODAY) for child_id in line.child_ids}


def balances(valle: Cast) -> list[int]:
    return [valle.balance(name) for name in ("Anna", "Luca", "Amina")]


def sound(valle: Cast) -> None:
    assert verify.violations() + proofs.violations() == []
    assert auditor.differences(valle.town) == []


@pytest.mark.parametrize(
    ("events", "asks"),
    [
        ("", False),
        ("absent", True),
        ("present", False),
        ("absent present", False),
        ("absent present absent", True),
        ("absent asked", False),
        ("asked absent", True),
        ("absent undone", False),
        # It was answered: what the register says a second time is not asked again.
        ("absent asked present absent", False),
        ("marked absent", True),
        # A teacher has seen the child since.
        ("absent marked", False),
        # What was refused, as one white meal too many, has not answered it.
        ("absent refused", True),
        ("absent refused asked", False),
    ],
)
def test_it_is_asked_once_and_only_while_the_register_says_absent(events: str, asks: bool) -> None:
    known = {
        "absent": ("marked", "register", False),
        "present": ("marked", "register", True),
        "asked": ("asked", "portal", False),
        "undone": ("undone", "portal", False),
        "marked": ("marked", "tablet", True),
        "refused": ("asked", "portal", True),
    }
    noted = [registered.Noted(*known[one], received_at=rome("08:00"), counts=one != "refused") for one in events.split()]
    assert register_asks(noted) is asks


def test_who_does_not_answer_is_taken_at_the_registers_word_at_the_cut_off(by_register: Cast, at: Any) -> None:
    said(by_register, Anna=False, Luca=True)
    assert not RollCall.objects.get(day=TODAY).confirmed_at
    assert balances(by_register) == [0, 0, 0]
    freeze(by_register, at)
    assert ordered(by_register) == {"Luca", "Amina"}
    assert balances(by_register) == [0, -310, -460]
    sound(by_register)


def test_yes_is_a_cancellation_like_any_other(by_register: Cast, rossi: Family, at: Any) -> None:
    said(by_register, Anna=False)
    one = phone(rossi.user)
    home = one.get("/")
    assert "Il registro dice assente: disdici il pasto? Anna oggi risulta assente. Rispondi entro le 9:30" in words(home)
    assert words(home).count("Il registro dice assente") == 1
    assert "Oggi la mensa è aperta" in words(home)
    assert "L’appello è entro" not in words(home)
    answer = one.post(f"/disdette/{by_register.child('Anna').pk}/", sent(by_register, "disdici"))
    assert "Pasto di Anna disdetto" in words(one.get(answer.headers["Location"]))
    assert "Il registro dice assente" not in words(one.get("/"))
    freeze(by_register, at)
    assert (ordered(by_register), balances(by_register)) == ({"Luca", "Amina"}, [0, -310, -460])
    sound(by_register)


def test_no_keeps_the_meal_which_is_cooked_and_paid(by_register: Cast, rossi: Family, at: Any) -> None:
    said(by_register, Anna=False)
    one, anna = phone(rossi.user), by_register.child("Anna")
    answer = one.post(f"/disdette/{anna.pk}/", sent(by_register, "tieni"))
    assert "Pasto di Anna: resta Oggi, mercoledì 14 ottobre, Anna arriva più tardi" in words(
        one.get(answer.headers["Location"])
    )
    assert "Il registro dice assente" not in words(one.get("/"))
    # The same file once more says nothing new, and does not ask again.
    said(by_register, Anna=False)
    assert "Il registro dice assente" not in words(one.get("/"))
    freeze(by_register, at)
    assert ordered(by_register) == {"Anna", "Luca", "Amina"}
    assert balances(by_register) == [-460, -310, -460]
    day = words(one.get(f"/presenze/{anna.pk}/2026-10-14/"))
    assert "Tenuto dalla famiglia alle 8:40:00 (n. D-2610-00001), benché il registro di classe dicesse assente" in day
    sound(by_register)


def test_who_keeps_a_meal_keeps_it_white_and_packed(by_register: Cast, at: Any) -> None:
    ask(by_register, "07:00", action="white")
    ask(by_register, "07:05", action="packed")
    said(by_register, Anna=False)
    ask(by_register, "08:45", action="keep")
    booking = Booking.objects.get(child=by_register.child("Anna"))
    assert (booking.is_booked, booking.is_white, booking.is_packed) == (True, True, True)
    freeze(by_register, at)
    presence = Presence.objects.get(child=by_register.child("Anna"))
    assert (presence.is_present, presence.is_white) == (True, True)
    sound(by_register)


def test_whoever_changes_its_mind_is_heard_until_the_cut_off(by_register: Cast, rossi: Family, at: Any) -> None:
    said(by_register, Anna=False, Luca=False)
    ask(by_register, "08:45", "Anna", "Luca", action="keep")
    cancelled = ask(by_register, "08:50", "Anna")
    luca = ask(by_register, "08:50", "Luca")
    then = Arrival(rome("08:55"))
    wishes.take_back(by=rossi.user, number=luca.number, key=uuid4(), arrival=then, now=clock.now())
    assert cancelled.is_accepted
    freeze(by_register, at)
    assert ordered(by_register) == {"Luca", "Amina"}
    assert balances(by_register) == [0, -310, -460]
    sound(by_register)


def test_the_child_that_waits_for_an_answer_comes_first(by_register: Cast, rossi: Family) -> None:
    said(by_register, Luca=False)
    home = words(phone(rossi.user).get("/"))
    assert home.index("Luca 2B") < home.index("Anna 2B")


def test_an_answer_after_the_cut_off_is_on_record_and_changes_nothing(by_register: Cast, at: Any) -> None:
    said(by_register, Anna=False)
    late = ask(by_register, "09:30:00.000001", action="keep")
    assert (late.is_accepted, late.days[0].answer) == (False, "late")
    freeze(by_register, at)
    assert balances(by_register) == [0, -310, -460]
    sound(by_register)


def test_an_answer_in_time_that_is_read_after_the_class_was_charged(by_register: Cast, at: Any) -> None:
    said(by_register, Anna=False)
    freeze(by_register, at)
    assert balances(by_register) == [0, -310, -460]
    assert ask(by_register, "09:29:59", action="keep").is_accepted
    assert balances(by_register) == [-460, -310, -460]
    sound(by_register)


def test_a_teacher_who_has_looked_since_is_believed(by_register: Cast, at: Any) -> None:
    said(by_register, Anna=False)
    seen(by_register, at, "08:42", is_present=False)
    ask(by_register, "08:45", action="keep")
    freeze(by_register, at)
    assert balances(by_register) == [0, -310, -460]


def seen(valle: Cast, at: Any, hour: str, name: str = "Anna", *, is_present: bool = True) -> None:
    at(hour)
    marks = {valle.child(name).pk: Mark(is_present)}
    attendance.mark_many(by=valle.staff["school"], roll_call=valle.roll_call(), marks=marks, now=clock.now())


def test_nobody_is_asked_of_a_child_that_a_teacher_has_seen_since(by_register: Cast, rossi: Family, at: Any) -> None:
    said(by_register, Anna=False)
    seen(by_register, at, "08:45")
    assert "Il registro dice assente" not in words(phone(rossi.user).get("/"))
    run_jobs()
    assert not Message.objects.filter(template="register_asks").exists()


def test_a_register_that_is_imported_later_does_not_overrule_who_has_seen_the_child(
    by_register: Cast, rossi: Family, at: Any
) -> None:
    seen(by_register, at, "09:10")
    at("09:20")
    said(by_register, Anna=False, Luca=False)
    assert Presence.objects.get(child=by_register.child("Anna")).is_present
    assert words(phone(rossi.user).get("/")).count("Il registro dice assente") == 1  # Luca's
    tell_again()
    # Both are before the office.
    (both,) = tablet_marks.to_look_at(now=clock.now())
    assert [(side.place, side.said) for side in both.sides] == [
        ("pagina della scuola", "presente"),
        ("registro di classe", "assente"),
    ]
    freeze(by_register, at)
    assert (ordered(by_register), balances(by_register)) == ({"Anna", "Amina"}, [-460, 0, -460])
    sound(by_register)


def test_a_day_by_the_register_is_explained_by_it(by_register: Cast, at: Any) -> None:
    line = [(by_register.child("Anna").pk, by_register.services["mensa"].pk)]
    said(by_register, Luca=False)
    before = explained(lines=line, day=TODAY, now=clock.now())[0].because
    assert before == "Si paga se il registro di classe non lo segna assente."
    freeze(by_register, at)
    after = explained(lines=line, day=TODAY, now=clock.now())[0].because
    assert after == "Il registro di classe non lo segna assente: si paga 4,60\u00a0€."


def test_after_the_cut_off_the_register_decides_at_once(by_register: Cast, rossi: Family, at: Any) -> None:
    at("10:00")
    said(by_register, Anna=False)
    assert balances(by_register) == [0, -310, -460]
    assert "Il registro dice assente" not in words(phone(rossi.user).get("/"))
    run_jobs()
    assert not Message.objects.filter(template="register_asks").exists()


@pytest.mark.parametrize("mode", ["roll_call", "opt_out", "opt_in"])
def test_where_the_register_does_not_decide_nobody_is_asked(valle: Cast, rossi: Family, at: Any, mode: str) -> None:
    goes(valle, mode)
    at("08:40")
    said(valle, Anna=False)
    run_jobs()
    assert "Il registro dice assente" not in words(phone(rossi.user).get("/"))
    assert not Message.objects.filter(template="register_asks").exists()


def test_the_family_is_asked_by_mail_once(by_register: Cast) -> None:
    said(by_register, Anna=False, Luca=False, Amina=False)
    # Luca's family has cancelled before the worker came to it.
    ask(by_register, "08:41", "Luca")
    run_jobs()
    said(by_register, Anna=True)
    said(by_register, Anna=False)
    run_jobs()
    letters = Message.objects.filter(template="register_asks").order_by("id")
    assert [(letter.address, letter.child_id) for letter in letters] == [
        ("rossi@posta.example", by_register.child("Anna").pk),
        ("haddad@posta.example", by_register.child("Amina").pk),
    ]
    assert "Rispondi con un tocco entro le 9:30" in letters[0].text
    assert "Anna" not in letters[0].subject


def test_the_office_reads_what_families_answered(by_register: Cast, at: Any) -> None:
    said(by_register, Anna=False, Luca=False, Amina=False)
    ask(by_register, "08:45", "Anna", action="keep")
    ask(by_register, "08:47:12", "Luca")
    office = browser(by_register.town, by_register.staff["office"])
    page = text_of(office.get("/ufficio/presenze/importa/"))
    place = "2B · Primaria Rodari · Refezione"
    assert f"Rossi Anna {place}: viene più tardi, il pasto resta alle 8:45:00 (n. D-2610-00001)" in page
    assert f"Rossi Luca {place}: ha disdetto alle 8:47:12 (n. D-2610-00002)" in page
    assert f"Haddad Amina {place}: non ha risposto ancora" in page
    at("09:31")
    assert "Refezione: non ha risposto: vale il registro" in text_of(office.get("/ufficio/presenze/importa/"))


def test_a_refused_request_leaves_the_question_open_and_taking_back_answers_it(by_register: Cast, at: Any) -> None:
    choosing(by_register.town, white_meals_in_a_month=1)
    assert ask(by_register, "08:41", "Anna", action="white", days=[TODAY.replace(day=15)]).is_accepted
    luca = ask(by_register, "08:42", "Luca")
    at("08:44")
    said(by_register, Anna=False, Luca=False)
    assert ask(by_register, "08:45", "Anna", action="white").days[0].answer == "month"
    take_back(by_register, "08:46:01", luca)

    asked = registered.questions(child_ids=[by_register.child(name).pk for name in ("Anna", "Luca")], day=TODAY)
    assert asked == {(by_register.child("Anna").pk, by_register.services["mensa"].pk)}
    office = browser(by_register.town, by_register.staff["office"])
    page = text_of(office.get("/ufficio/presenze/importa/"))
    place = "2B · Primaria Rodari · Refezione"
    assert f"Rossi Anna {place}: ha chiesto altro alle 8:45:00 (n. D-2610-00003), senza ottenerlo: vale il registro" in page
    assert f"Rossi Luca {place}: ha annullato quanto aveva chiesto alle 8:46:01 (n. D-2610-00002)" in page


@pytest.mark.parametrize("channel", ["portal", "office", "command"])
def test_an_answer_holds_and_is_told_by_whatever_way_it_came(by_register: Cast, at: Any, channel: str) -> None:
    said(by_register, Anna=False)
    ask(by_register, "08:45", action="keep", channel=channel)
    marks = DayEvent.objects.filter(kind="marked").exclude(channel="register")
    assert [(mark.channel, mark.is_on) for mark in marks] == [(channel, True)]
    at("08:50")
    said(by_register, Anna=False)
    freeze(by_register, at)
    assert balances(by_register) == [-460, -310, -460]
    line = (by_register.child("Anna").pk, by_register.services["mensa"].pk)
    (told,) = explained(lines=[line], day=TODAY, now=clock.now())
    who = {"portal": "dalla famiglia", "office": "dall’ufficio", "command": "dall’assistenza, con un comando,"}[channel]
    assert f"Tenuto {who} alle 8:45:00" in told.because
    sound(by_register)


def sent(valle: Cast, what: str) -> dict[str, Any]:
    return {"per": f"{valle.child('Anna').pk}-{valle.services['mensa'].pk}", "key": str(uuid4()), "fai": what}

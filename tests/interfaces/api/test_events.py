"""What tablets hand in: charged once, whatever order and however often it comes; each mark with its own answer."""

import random
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from campanella.domains.accounts import devices
from campanella.domains.attendance.models import DayEvent, MarkSeen, Presence, RefusedMark, RollCall
from campanella.domains.schools import operations as schools
from campanella.foundation.core import clock
from campanella.readings import explained
from campanella.usecases import mealtime
from tests.browsing import at_most, browser
from tests.tablets import Marks, Tablet, paired
from tests.towns import OFFICE, TODAY, Cast, open_class

Told = dict[str, Any]


@pytest.fixture
def marks(valle: Cast) -> Marks:
    """A paired tablet in the hands of a teacher, at class 2B."""
    return _tablet(valle)


def _tablet(valle: Cast, **options: Any) -> Marks:
    tablet = paired(valle.town, school_id=valle.school.pk, **options)
    return Marks(tablet, valle.staff["school"].pk, valle.classes["2B"].pk)


def _present(valle: Cast) -> dict[str, bool]:
    names = {valle.child(name).pk: name for name in ("Anna", "Luca", "Amina")}
    return {names[p.child_id]: p.is_present for p in Presence.objects.filter(day=TODAY).order_by("child_id")}


def _purses(valle: Cast) -> dict[str, int]:
    return {name: valle.balance(name) for name in ("Anna", "Luca", "Amina")}


def test_a_lunch_is_marked_confirmed_and_charged(valle: Cast, marks: Marks) -> None:
    anna, luca = valle.child("Anna").pk, valle.child("Luca").pk

    told = marks.hand_in(
        marks.made("absent", anna), marks.made("white", luca), marks.made("adults", value=2), marks.made("confirmed")
    )

    assert told == ["accepted"] * 4
    assert _present(valle) == {"Anna": False, "Luca": True, "Amina": True}
    assert Presence.objects.get(child_id=luca).is_white
    assert _purses(valle) == {"Anna": 0, "Luca": -310, "Amina": -460}
    call = RollCall.objects.get()
    assert (call.adults, call.confirmed_by_id) == (2, valle.staff["school"].pk)
    event = DayEvent.objects.get(kind="confirmed")
    assert (event.channel, event.device_id, event.seq) == ("tablet", marks.tablet.device_id, 4)


def test_the_same_again_is_answered_the_same_and_charged_once(valle: Cast, marks: Marks) -> None:
    events = [marks.made("absent", valle.child("Anna").pk), marks.made("confirmed"), marks.made("absent", 999_999)]

    first = marks.hand_in(*events)
    again = marks.hand_in(*reversed(events))

    assert first[:2] == ["accepted"] * 2
    assert first[2].startswith("refused Questo bambino non è fra quelli del Comune.")
    assert again == first[::-1]
    assert _purses(valle) == {"Anna": 0, "Luca": -310, "Amina": -460}
    assert (DayEvent.objects.count(), RefusedMark.objects.count()) == (2, 1)


@pytest.mark.parametrize("seed", range(8))
def test_every_order_and_every_cut_ends_the_same(valle: Cast, marks: Marks, seed: int) -> None:
    """Two tablets, marks over each other, the confirmation somewhere among them; sent in pieces, some of them twice."""
    dice, other = random.Random(seed), _tablet(valle)
    anna, luca, amina = (valle.child(name).pk for name in ("Anna", "Luca", "Amina"))
    events: list[tuple[Marks, Told]] = []
    with clock.standing_at(clock.now() - timedelta(minutes=20)) as _:
        for who, kind, child in (
            (marks, "absent", anna),
            (other, "present", anna),
            (marks, "absent", luca),
            (other, "white", luca),
            (other, "absent", amina),
            (marks, "late", amina),
            (other, "absent", anna),
        ):
            with clock.standing_at(clock.now() + timedelta(minutes=len(events))):
                events.append((who, who.made(kind, child)))
    events.append((marks, marks.made("confirmed")))
    dice.shuffle(events)
    for who, event in [*events, *dice.sample(events, 3)]:
        who.hand_in(event)

    assert _present(valle) == {"Anna": False, "Luca": True, "Amina": True}
    assert Presence.objects.get(child_id=luca).is_white
    assert _purses(valle) == {"Anna": 0, "Luca": -310, "Amina": -460}


def test_the_older_of_two_tablets_is_kept_and_told_so(valle: Cast, marks: Marks, at: Any) -> None:
    other, anna = _tablet(valle), valle.child("Anna").pk
    at("09:05")
    older = marks.made("present", anna)
    at("09:12")
    assert other.hand_in(other.made("absent", anna)) == ["accepted"]
    at("09:20")

    assert marks.hand_in(older) == ["kept Vale un altro segno, più recente, delle 9:12."]
    assert _present(valle) == {"Anna": False}


def test_a_mark_made_in_time_counts_after_the_office_has_confirmed(valle: Cast, marks: Marks, at: Any) -> None:
    anna = valle.child("Anna").pk
    at("09:10")
    in_time = marks.made("absent", anna)
    at("09:34")
    late = marks.made("absent", valle.child("Luca").pk)
    at("09:40")
    mealtime.confirm_day(
        by=OFFICE,
        service=valle.services["mensa"],
        day=TODAY,
        class_group_ids=[valle.classes["2B"].pk],
        absent_ids=[],
        now=clock.now(),
    )
    at("09:50")
    after = marks.made("absent", valle.child("Amina").pk)
    at("10:15")
    assert valle.balance("Anna") == -460

    told = marks.hand_in(in_time, late, after)

    # Made before the confirmation, though it came afterwards; what was made after it waits for the office.
    assert told == [
        "accepted",
        "accepted",
        "kept È di dopo le 9:30, a numeri confermati: lo vede l’ufficio, l’appello non cambia.",
    ]
    assert _purses(valle) == {"Anna": 0, "Luca": 0, "Amina": -460}
    assert _present(valle) == {"Anna": False, "Luca": False, "Amina": True}
    line = (valle.child("Amina").pk, valle.services["mensa"].pk)
    (amina,) = explained.explained(lines=[line], day=TODAY, now=clock.now())
    assert amina.because == (
        "Presente all’appello confermato alle 9:40: si paga 4,60\xa0€."
        " Un segno della scuola delle 9:50:00 (assente) non ha cambiato l’appello."
    )


@pytest.mark.parametrize("ahead", [timedelta(hours=3), timedelta(days=-1), timedelta(minutes=-25), timedelta(days=400)])
def test_a_wrong_clock_is_corrected_and_told(valle: Cast, at: Any, ahead: timedelta) -> None:
    marks, anna = _tablet(valle, ahead=ahead), valle.child("Anna").pk
    at("09:05")
    event = marks.made("absent", anna)
    at("09:20")

    assert marks.hand_in(event) == ["accepted"]

    row = DayEvent.objects.get()
    assert row.made_at == clock.rome(TODAY, clock.now().time()).replace(hour=9, minute=5)
    assert "l’orologio del tablet segnava" in row.note


def test_a_clock_that_was_set_in_between_dates_nothing(valle: Cast, marks: Marks, at: Any) -> None:
    """Marked in 1970 after an empty battery, sent with the right time."""
    event = marks.made("absent", valle.child("Anna").pk, made_at="1970-01-01T00:03:00Z")
    at("09:20")

    assert marks.hand_in(event) == ["accepted"]
    row = DayEvent.objects.get()
    assert (row.made_at, row.received_at) == (clock.now(), clock.now())
    assert row.note.startswith("momento incerto")


def test_what_cannot_be_is_refused_and_blocks_nothing(valle: Cast, marks: Marks) -> None:
    elsewhere = schools.register_school(code="other", name="Infanzia Arcobaleno", level="infanzia")
    stranger = open_class(school=elsewhere, year=valle.classes["2B"].year, name="Gialli")
    anna = valle.child("Anna").pk
    refused = {
        "Questa classe non è fra quelle": marks.made("absent", anna, class_id=stranger.pk),
        "Questo bambino non è fra quelli": marks.made("absent", 987_654),
        "È un segno di un giorno che deve": marks.made("absent", anna, day="2026-10-15"),
        "Quel giorno in questa classe": marks.made("absent", anna, day="2026-10-11"),
        "Quel giorno in questa classe il": marks.made("absent", anna, service="nido"),
        "Non sappiamo chi": marks.made("absent", anna, operator_id=valle.families["rossi"].user.pk),
        "kind deve essere fra": marks.made("undo", anna),
        "child_id deve esserci": marks.made("absent"),
        "value deve essere un’ora": marks.made("arrived", anna, "9.05"),
        "value deve essere un numero": marks.made("adults", value=True),
        "day deve essere": marks.made("absent", anna, day="2026-02-30"),
        "made_at deve essere": marks.made("absent", anna, made_at="ieri"),
        "made_at deve essere un istante": marks.made("absent", anna, made_at="9999-12-31T23:59:59Z"),
        "seq deve essere": marks.made("absent", anna, seq=0),
        "event_id deve essere": marks.made("absent", anna, event_id="7"),
        "event_id deve essere un": "ciao",
    }

    told = marks.hand_in(*refused.values(), marks.made("absent", anna))

    for why, sentence in zip(refused, told, strict=False):
        assert sentence.startswith(f"refused {why}"), sentence
    assert told[-1] == "accepted"
    # All that have an id are there for the office to see, as they came.
    assert RefusedMark.objects.count() == len(refused) - 2
    assert _present(valle) == {"Anna": False}


@pytest.mark.parametrize(
    "shown",
    [
        "1969-12-31T23:59:00Z",
        "2200-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
        "+010000-01-01T00:00:00.000Z",
        "-000044-03-15T11:00:00Z",
    ],
)
def test_a_clock_that_is_off_by_centuries_costs_no_mark(valle: Cast, marks: Marks, shown: str) -> None:
    """Whoever sends by such a clock is answered mark by mark; nobody can tell when they were made."""
    anna, luca = valle.child("Anna").pk, valle.child("Luca").pk
    events = [marks.made("absent", anna), marks.made("absent", luca, made_at=shown), marks.made("confirmed")]

    answer = marks.tablet.ask("rollcall/events", {"sent_at": shown, "events": events})

    told = [(one["status"], one["sentence"][:28]) for one in answer.json()["answers"]]
    assert (answer.status_code, told) == (
        200,
        [("accepted", ""), ("refused", "made_at deve essere un istan"), ("accepted", "")],
    )
    assert _present(valle) == {"Anna": False, "Luca": True, "Amina": True}
    row = DayEvent.objects.get(child_id=anna)
    assert (row.made_at, row.note) == (clock.now(), "momento incerto: l’orologio del tablet era del tutto sbagliato")


def test_odd_letters_in_a_mark_stop_nothing(valle: Cast, marks: Marks) -> None:
    anna = valle.child("Anna").pk
    odd = [{**marks.made("absent", anna), "kind": text} for text in ("\0", "\ud800", "x" * 9000)]
    odd += [marks.made("absent", anna, value=value, seq="x") for value in (float("nan"), 1e999, {"a": ["\0"]})]
    assert [told[:7] for told in marks.hand_in(*odd)] == ["refused"] * 6
    assert RefusedMark.objects.count() == 6


def test_another_towns_child_and_class_are_unknown(borgo: Cast, valle: Cast, marks: Marks) -> None:
    anna = borgo.families["rossi"].children["Anna"].pk
    told = marks.hand_in(marks.made("absent", anna), marks.made("absent", anna, class_id=borgo.classes["2B"].pk))
    assert [one.split(".")[0] for one in told] == [
        "refused Questo bambino non è fra quelli del Comune",
        "refused Questa classe non è fra quelle di questo tablet",
    ]


def test_a_child_that_has_moved_is_marked_where_it_is(valle: Cast, marks: Marks) -> None:
    schools.move(child_id=valle.child("Anna").pk, class_group=valle.classes["3A"], first=TODAY)
    elsewhere = schools.register_school(code="other", name="Infanzia Arcobaleno", level="infanzia")
    group = open_class(school=elsewhere, year=valle.classes["2B"].year, name="Gialli")
    schools.move(child_id=valle.child("Luca").pk, class_group=group, first=TODAY)

    told = marks.hand_in(marks.made("absent", valle.child("Anna").pk), marks.made("absent", valle.child("Luca").pk))

    assert told == ["accepted", "kept Il bambino è in un’altra scuola: lo vede l’ufficio, l’appello non cambia."]
    assert Presence.objects.get().roll_call.class_group_id == valle.classes["3A"].pk


def test_a_strike_entered_meanwhile_keeps_the_marks_without_counting_them(valle: Cast, marks: Marks) -> None:
    events = [marks.made("absent", valle.child("Anna").pk), marks.made("confirmed")]
    schools.close(by=OFFICE, first=TODAY, last=TODAY, reason="Sciopero", now=clock.now())

    assert marks.hand_in(*events) == ["kept Quel giorno il servizio è chiuso (Sciopero): il segno non conta."] * 2
    assert (_present(valle), _purses(valle)) == ({}, {"Anna": 0, "Luca": 0, "Amina": 0})
    assert list(DayEvent.objects.values_list("counts", flat=True)) == [False, False]


def test_yesterdays_lunch_is_charged_today_and_last_months_is_for_the_office(valle: Cast, marks: Marks, at: Any) -> None:
    at("2026-10-13 09:05")
    yesterday = [marks.made("absent", valle.child("Anna").pk), marks.made("confirmed")]
    at("2026-10-02 09:05")
    old = marks.made("absent", valle.child("Anna").pk)
    at("2026-10-14 08:00")

    told = marks.hand_in(*yesterday, old)

    assert told == ["accepted", "accepted", "kept È di più di sette giorni fa: lo vede l’ufficio, l’appello non cambia."]
    assert _purses(valle) == {"Anna": 0, "Luca": -310, "Amina": -460}
    assert set(Presence.objects.values_list("day", flat=True)) == {date(2026, 10, 13)}


def test_a_revoked_tablet_hands_in_for_the_office_only(valle: Cast, marks: Marks) -> None:
    event = marks.made("absent", valle.child("Anna").pk)
    devices.revoke(by=OFFICE, device_id=marks.tablet.device_id, now=clock.now())

    assert [told[:45] for told in marks.hand_in(event)] == ["refused Questo tablet è stato revocato: il se"]
    assert RefusedMark.objects.get().content == event
    assert _present(valle) == {}


def test_a_count_is_one_marks_only(valle: Cast, marks: Marks) -> None:
    first = marks.made("absent", valle.child("Anna").pk)
    second = marks.made("absent", valle.child("Luca").pk, seq=first["seq"])
    third = marks.made("confirmed", seq=first["seq"])
    assert [told.split(" ")[0] for told in marks.hand_in(first, second, third)] == ["accepted", "refused", "refused"]
    assert _present(valle) == {"Anna": False}


def test_two_tablets_confirm_one_class_once(valle: Cast, marks: Marks) -> None:
    other = _tablet(valle)
    assert marks.hand_in(marks.made("confirmed")) == ["accepted"]
    assert other.hand_in(other.made("confirmed")) == ["accepted"]
    assert _purses(valle) == {"Anna": -460, "Luca": -310, "Amina": -460}


def test_hours_of_coming_and_going_are_kept(valle: Cast, marks: Marks) -> None:
    anna, luca = valle.child("Anna").pk, valle.child("Luca").pk
    marks.hand_in(marks.made("arrived", anna, "08:05"), marks.made("left", luca, "12:30"), marks.made("confirmed"))
    marks.hand_in(marks.made("left", anna, "15:55"), marks.made("left", luca, None))

    hours = {p.child_id: (str(p.arrived), str(p.left)) for p in Presence.objects.filter(child_id__in=[anna, luca])}

    assert hours == {anna: ("08:05:00", "15:55:00"), luca: ("None", "None")}
    (lunch,) = [one for one in marks.tablet.days()["days"][0]["classes"] if one["service"]["code"] == "mensa"]
    mark = next(child["mark"] for child in lunch["children"] if child["id"] == anna)
    assert (mark["arrived"], mark["left"], lunch["is_confirmed"]) == ("08:05", "15:55", True)
    day = browser(valle.town, valle.families["rossi"].user).read(f"/presenze/{anna}/{TODAY}/")
    assert "È arrivato alle 8:05. È andato via alle 15:55." in day


def test_a_class_costs_the_same_for_three_and_for_thirty_marks(valle: Cast, marks: Marks) -> None:
    anna = valle.child("Anna").pk
    with at_most(11):
        marks.hand_in(*[marks.made("absent", anna) for _ in range(3)])
    with at_most(11):
        marks.hand_in(*[marks.made("absent" if n % 2 else "present", anna) for n in range(30)])


def test_the_kitchen_and_the_web_page_see_what_the_tablet_marked(valle: Cast, marks: Marks) -> None:
    marks.hand_in(marks.made("absent", valle.child("Anna").pk), marks.made("white", valle.child("Luca").pk))
    teacher = browser(valle.town, valle.staff["school"])
    page = teacher.read(f"/appello/{valle.classes['2B'].pk}/mensa/")
    assert "2 mangiano" in page
    assert "1 in bianco" in page


def test_the_office_sees_both_sides_of_what_changed_nothing(valle: Cast, marks: Marks, at: Any) -> None:
    other, anna = _tablet(valle), valle.child("Anna").pk
    at("09:05")
    older = marks.made("present", anna)
    at("09:12")
    other.hand_in(other.made("absent", anna))
    at("09:20")
    marks.hand_in(older, marks.made("absent", 987_654))
    office = browser(valle.town, valle.staff["office"])

    page = office.read("/ufficio/tablet/segni/")

    assert "Segni da guardare: 2" in office.read("/ufficio/tablet/")
    assert "Anna Rossi : due segni diversi" in page
    assert "presente, Persona scuola alle 9:05 (Tablet 1), arrivato 14/10 9:20" in page
    assert "assente, Persona scuola alle 9:12 (Tablet 1), arrivato 14/10 9:12" in page
    assert "Vale: assente, di Persona scuola, 14/10 9:12." in page
    # In words, as far as they are known.
    assert "Bambino non del Comune: assente classe 2B, Refezione, 14/10 Segnato da Persona scuola, 14/10 9:20" in page
    assert "Questo bambino non è fra quelli del Comune." in page
    assert "{" not in page
    with at_most(8):
        office.get("/ufficio/tablet/segni/")


def test_who_has_looked_at_a_mark_takes_it_off_the_list_and_it_stays_on_record(valle: Cast, marks: Marks, at: Any) -> None:
    anna = valle.child("Anna").pk
    marks.hand_in(marks.made("confirmed"))
    at("09:50")
    late = marks.made("absent", anna)
    first = marks.made("absent", 987_654)
    marks.hand_in(late, first, {**first, "kind": "present"})
    office = browser(valle.town, valle.staff["office"])
    assert "Segni da guardare: 3" in office.read("/ufficio/tablet/")

    for looked_at, left in (
        ([late["event_id"]], "Segni da guardare: 2"),
        ([f"{first['event_id']} riuso", "non è un segno"], "Segni da guardare: 1"),
        ([first["event_id"], late["event_id"]], "Segni da guardare"),
    ):
        office.post("/ufficio/tablet/segni/visti/", {"segno": looked_at})
        assert f"{left} " in f"{office.read('/ufficio/tablet/')} "
    assert "Nessuno: tutti i segni" in office.read("/ufficio/tablet/segni/")
    assert (MarkSeen.objects.count(), RefusedMark.objects.count()) == (3, 2)
    assert MarkSeen.objects.first().by_id == valle.staff["office"].pk


def test_a_batch_that_is_none_is_told_so(marks: Marks) -> None:
    for sent in ({}, {"sent_at": "ora", "events": []}, {"sent_at": clock.now().isoformat(), "events": [{}] * 501}):
        answer = marks.tablet.ask("rollcall/events", sent)
        assert (answer.status_code, answer.json()["error"]) == (400, "not_understood")
    unsigned = Tablet(marks.tablet.town)
    assert unsigned.ask("rollcall/events", {"events": [], "sent_at": str(uuid4())}).status_code == 401

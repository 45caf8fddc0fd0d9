"""A tablet pairs itself once, is known by its key, shows its own school's classes, and is told when it was revoked."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from campanella.domains.accounts import entering, passwords
from campanella.domains.accounts.models import Device, User
from campanella.domains.schools import operations as schools
from campanella.foundation.core import clock
from campanella.usecases import mealtime, tablets
from tests.browsing import at_most, browser
from tests.buses import assign, ride
from tests.diets import serve
from tests.tablets import PIN, Tablet, paired
from tests.towns import OFFICE, PASSWORD, TODAY, Cast, open_class, text_of
from tests.usecases.asking import ask, goes


@pytest.fixture
def tablet(valle: Cast) -> Tablet:
    """A paired tablet of the school."""
    return paired(valle.town, school_id=valle.school.pk)


@pytest.fixture
def teacher(valle: Cast) -> User:
    """A teacher who has chosen a PIN."""
    user = valle.staff["school"]
    passwords.choose_pin(user=user, pin=PIN, password=PASSWORD, now=clock.now())
    return User.objects.get(pk=user.pk)


def _code(valle: Cast) -> str:
    return tablets.prepare(by=OFFICE, name="Tablet", school_id=valle.school.pk, now=clock.now()).code


def test_a_code_pairs_one_tablet_once(valle: Cast) -> None:
    code, first, second = _code(valle), Tablet(valle.town), Tablet(valle.town)

    told = first.pair(code).json()
    late = second.pair(code)

    assert told["town"] == "Comune di Valle"
    assert told["schools"] == [{"id": valle.school.pk, "name": "Primaria Rodari"}]
    assert told["server_time"].startswith("2026-10-14T06:47:00")
    assert (late.status_code, late.json()["error"]) == (403, "code_expired")
    assert second.ask("rollcall/days").status_code == 401
    assert first.ask("rollcall/days").status_code == 200


def test_a_tablet_that_lost_the_answer_gets_it_again(valle: Cast) -> None:
    code, tablet = _code(valle), Tablet(valle.town)

    assert tablet.pair(code).json()["device_id"] == tablet.pair(code).json()["device_id"]


def test_a_code_holds_for_ten_minutes(valle: Cast, at: Any) -> None:
    code = _code(valle)
    at("08:57")
    assert Tablet(valle.town).pair(code).json()["error"] == "code_expired"
    other = _code(valle)
    at("09:06")
    assert Tablet(valle.town).pair(other).status_code == 200


def test_only_the_hash_of_a_code_is_kept(valle: Cast) -> None:
    code = _code(valle)
    kept = Device.objects.values_list("code_hash", flat=True).get()
    assert len(code) == len("K7MQ-3XPA-9DWF")
    assert kept != code
    assert code.replace("-", "") not in str(Device.objects.values().get())


def test_another_town_does_not_know_the_code_nor_the_tablet(borgo: Cast, valle: Cast) -> None:
    code = _code(valle)
    assert Tablet(borgo.town).pair(code).json()["error"] == "code_expired"
    tablet = Tablet(valle.town)
    tablet.pair(code)
    stranger = Tablet(borgo.town)
    stranger.key, stranger.device_id = tablet.key, tablet.device_id

    answer = stranger.ask("rollcall/days")

    assert (answer.status_code, answer.json()["error"]) == (401, "unknown_device")
    assert tablet.ask("rollcall/days").status_code == 200


@pytest.mark.parametrize(
    "key",
    [
        {},
        {"kty": "EC", "crv": "P-256", "x": 1, "y": 2},
        {"kty": "EC", "crv": "P-256", "x": "A" * 43, "y": "A" * 43},
        {"kty": "RSA", "n": "AQAB", "e": "AQAB"},
    ],
)
def test_a_key_that_is_none_is_refused_and_the_code_still_holds(valle: Cast, key: dict[str, Any]) -> None:
    code, tablet = _code(valle), Tablet(valle.town)
    sent = json.dumps({"code": code, "public_key": key, "app_version": "prova"})

    answer = tablet.browser.post("/api/v1/devices/pair", sent, content_type="application/json")

    assert (answer.status_code, answer.json()["error"]) == (400, "wrong_key")
    assert tablet.pair(code).status_code == 200


def test_what_was_signed_is_what_counts(tablet: Tablet) -> None:
    """Another method, path, body, an old number, another's key: nobody is let in, and the true tablet still is."""
    path, body = "/api/v1/rollcall/days", b""
    other = Tablet(tablet.town)
    other.device_id = tablet.device_id
    refused = [
        tablet.proof("POST", path, body),
        tablet.proof("GET", path + "?x=1", body),
        tablet.proof("GET", path, b"{}"),
        tablet.proof("GET", path, body, n=0),
        tablet.proof("GET", path, body, n="9"),
        tablet.proof("GET", path, body, t=-1),
        tablet.proof("GET", path, body, v="x" * 41),
        other.proof("GET", path, body),
        "",
        "a.b.c",
        "é",
    ]
    for proof in refused:
        answer = tablet.send("GET", "rollcall/days", body, f"Bearer {proof}")
        assert (answer.status_code, answer.json()["error"]) == (401, "unknown_device")
    assert tablet.ask("rollcall/days").status_code == 200


def test_a_copied_request_is_refused(tablet: Tablet) -> None:
    proof = f"Bearer {tablet.proof('GET', '/api/v1/rollcall/days', b'')}"

    first, second = (tablet.send("GET", "rollcall/days", b"", proof) for _ in range(2))

    assert (first.status_code, second.status_code) == (200, 409)
    assert second.json()["error"] == "copied_request"


def test_an_unsigned_key_is_not_believed(tablet: Tablet) -> None:
    """``alg: none`` and a key inside the proof are old tricks."""
    head, claims, _ = tablet.proof("GET", "/api/v1/rollcall/days", b"").split(".")
    none = "eyJhbGciOiJub25lIiwia2lkIjoiMSJ9"
    for proof in (f"{none}.{claims}.", f"{head}.{claims}."):
        assert tablet.send("GET", "rollcall/days", b"", f"Bearer {proof}").status_code == 401


def test_a_contact_is_noted_with_clock_and_version(valle: Cast) -> None:
    tablet = paired(valle.town, school_id=valle.school.pk, ahead=timedelta(minutes=25))
    tablet.days()
    device = Device.objects.get(pk=tablet.device_id)
    assert device.last_contact_at == clock.now()
    assert (device.app_version, device.clock_ahead_ms) == ("prova", 25 * 60_000)
    page = browser(valle.town, valle.staff["office"]).read("/ufficio/tablet/")
    assert "orologio 25 minuti avanti" in page


def test_a_revoked_tablet_is_told_so_and_an_unknown_one_is_not(valle: Cast, tablet: Tablet) -> None:
    office = browser(valle.town, valle.staff["office"])
    office.post(f"/ufficio/tablet/{tablet.device_id}/revoca/")

    answer = tablet.ask("rollcall/days")

    assert (answer.status_code, answer.json()["error"]) == (401, "revoked_device")
    forged = tablet.send("GET", "rollcall/days", b"", "Bearer x.y.z")
    assert forged.json()["error"] == "unknown_device"
    assert "revocato" in office.read("/ufficio/tablet/")


def test_a_tablet_shows_its_school_and_no_other(valle: Cast, tablet: Tablet) -> None:
    other = schools.register_school(code="other", name="Infanzia Arcobaleno", level="infanzia")
    elsewhere = paired(valle.town, school_id=other.pk)

    mine, theirs = tablet.days(), elsewhere.days()

    assert [one["name"] for one in mine["days"][0]["classes"] if one["service"]["code"] == "mensa"] == ["2B"]
    assert theirs["schools"] == [{"id": other.pk, "name": "Infanzia Arcobaleno"}]
    assert [day["classes"] for day in theirs["days"]] == [[]]


def test_the_list_says_what_to_serve_and_nothing_else(valle: Cast, tablet: Tablet) -> None:
    serve(valle.child("Anna"), "SG", "Senza glutine", reason="celiachia")
    valle.credit("Anna", -780)

    answer = tablet.ask("rollcall/days")

    (lunch,) = [one for one in answer.json()["days"][0]["classes"] if one["service"]["code"] == "mensa"]
    assert [child["name"] for child in lunch["children"]] == ["Amina H.", "Anna R.", "Luca R."]
    assert lunch["children"][1]["diet"] == {"code": "SG", "menu": "Senza glutine"}
    assert set(lunch["children"][1]) == {
        "id",
        "name",
        "diet",
        "booked",
        "cancelled_by_family",
        "booked_by_family",
        "white",
        "packed",
        "mark",
    }
    text = answer.content.decode()
    for secret in ("celiachia", "Rossi", "Haddad", "780", "posta.example", "333 555"):
        assert secret not in text
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_today_and_the_next_school_days_are_there(valle: Cast, tablet: Tablet, at: Any) -> None:
    assert [day["day"] for day in tablet.days()["days"]] == ["2026-10-14", "2026-10-15", "2026-10-16", "2026-10-19"]
    at("2026-10-18 10:00")
    assert [day["day"] for day in tablet.days()["days"]] == ["2026-10-18", "2026-10-19", "2026-10-20", "2026-10-21"]


def test_what_the_family_has_said_itself_is_told_either_way(valle: Cast, tablet: Tablet) -> None:
    """Where meals are booked by default nobody has said anything of Luca; Anna is cancelled, Amina was booked anew."""
    goes(valle)
    ask(valle, "08:00", "Anna")
    ask(valle, "08:01", "Amina", family="haddad")
    ask(valle, "08:02", "Amina", family="haddad", action="book")
    (lunch,) = [one for one in tablet.days()["days"][0]["classes"] if one["service"]["code"] == "mensa"]
    said = {one["name"]: (one["booked"], one["cancelled_by_family"], one["booked_by_family"]) for one in lunch["children"]}
    assert said == {"Anna R.": (False, True, False), "Luca R.": (True, False, False), "Amina H.": (True, False, True)}


def test_the_days_that_are_over_are_there_to_be_looked_at(valle: Cast, tablet: Tablet, at: Any) -> None:
    at("2026-10-13 09:00")
    mealtime.confirm_day(
        by=OFFICE,
        service=valle.services["mensa"],
        day=TODAY - timedelta(days=1),
        class_group_ids=[valle.classes["2B"].pk],
        absent_ids=[valle.child("Luca").pk],
        now=clock.now(),
    )
    at("2026-10-14 08:47")
    told = tablet.days()
    # School days, without the weekend.
    assert [day["day"] for day in told["past"]] == ["2026-10-09", "2026-10-12", "2026-10-13"]
    before, yesterday = (
        next(one for one in day["classes"] if one["service"]["code"] == "mensa") for day in told["past"][1:]
    )
    assert (before["is_confirmed"], yesterday["is_confirmed"]) == (False, True)
    assert {child["name"]: child["mark"] and child["mark"]["present"] for child in yesterday["children"]} == {
        "Amina H.": True,
        "Anna R.": True,
        "Luca R.": False,
    }


def test_a_closed_class_says_why(valle: Cast, tablet: Tablet) -> None:
    schools.close(by=OFFICE, first=TODAY, last=TODAY, reason="Sciopero", now=clock.now())
    today, tomorrow = tablet.days()["days"][:2]
    assert {one["closed_because"] for one in today["classes"]} == {"Sciopero"}
    assert {len(one["children"]) for one in today["classes"]} == {0}
    assert {one["closed_because"] for one in tomorrow["classes"]} == {""}


def test_the_rides_of_a_day_are_there_stop_by_stop(valle: Cast, tablet: Tablet) -> None:
    line = ride(valle, capacity=9)
    assert tablet.days()["days"][0]["rides"] == [], "nobody is on it"
    assign(valle, line, "Luca", at="Piazza Verdi")
    assign(valle, line, "Anna", at="Via Roma", first=TODAY + timedelta(days=1))
    today, tomorrow = tablet.days()["days"][:2]
    luca, anna = valle.child("Luca").pk, valle.child("Anna").pk
    there = {"name": "Piazza Verdi", "at": "13:20", "children": [luca]}
    assert today["rides"] == [{"id": line.pk, "name": "Linea 1", "way": "back", "service": "scuolabus", "stops": [there]}]
    assert [(one["at"], one["children"]) for one in tomorrow["rides"][0]["stops"]] == [("13:10", [anna]), ("13:20", [luca])]
    # A closed class names no children, and no ride waits for them.
    schools.close(by=OFFICE, first=TODAY, last=TODAY, reason="Sciopero", now=clock.now())
    assert tablet.days()["days"][0]["rides"] == []


def test_the_list_costs_the_same_for_many_classes(valle: Cast, tablet: Tablet) -> None:
    with at_most(12):
        tablet.days()
    year = valle.classes["2B"].year
    for number in range(8):
        group = open_class(school=valle.school, year=year, name=f"4{number}")
        schools.move(child_id=valle.child("Luca").pk, class_group=group, first=TODAY + timedelta(days=number))
    with at_most(12):
        tablet.days()


def test_a_teacher_takes_the_tablet_by_a_pin(valle: Cast, tablet: Tablet, teacher: User) -> None:
    assert tablet.days()["operators"] == [{"id": teacher.pk, "name": "Persona scuola"}]

    taken = tablet.ask("devices/take", {"operator_id": teacher.pk, "pin": PIN})
    wrong = tablet.ask("devices/take", {"operator_id": teacher.pk, "pin": "408216"})

    assert len(taken.json()["data_key"]) == 43
    assert (wrong.status_code, wrong.json()["error"]) == (403, "wrong_pin")


def test_who_guesses_pins_must_wait(tablet: Tablet, teacher: User) -> None:
    guesses = [tablet.ask("devices/take", {"operator_id": teacher.pk, "pin": f"90000{n}"}) for n in range(9)]
    right = tablet.ask("devices/take", {"operator_id": teacher.pk, "pin": PIN})

    assert [answer.status_code for answer in guesses] == [403] * 8 + [429]
    assert (right.status_code, right.headers["Retry-After"]) == (429, "15")


def test_who_does_not_mark_here_takes_no_tablet(valle: Cast, tablet: Tablet, teacher: User) -> None:
    other = schools.register_school(code="other", name="Infanzia Arcobaleno", level="infanzia")
    schools.work_only_at(user=teacher, school_ids=[other.pk])
    assert tablet.days()["operators"] == []
    assert tablet.ask("devices/take", {"operator_id": teacher.pk, "pin": PIN}).status_code == 403


@pytest.mark.parametrize("pin", ["111111", "123456", "654321", "121212", "123123", "12345", "abcdef", "１２３４５７"])
def test_a_pin_that_is_guessed_first_is_refused(valle: Cast, pin: str) -> None:
    with pytest.raises(passwords.WeakPin):
        passwords.choose_pin(user=valle.staff["school"], pin=pin, password=PASSWORD, now=clock.now())


def test_a_pin_is_chosen_on_ones_own_page(valle: Cast) -> None:
    teacher = browser(valle.town, valle.staff["school"])
    assert "per ora non le hai scelte" in teacher.read("/accesso/")

    refused = text_of(teacher.post("/accesso/pin/", {"pin": PIN, "password": "sbagliata"}))
    done = teacher.post("/accesso/pin/", {"pin": PIN, "password": PASSWORD}, follow=True)

    assert "La password attuale non è corretta" in refused
    assert "PIN salvato" in text_of(done)
    assert PIN not in User.objects.get(pk=valle.staff["school"].pk).pin
    with pytest.raises(entering.WrongPin):
        entering.prove_pin(user=valle.staff["kitchen"], pin="", device_id=1, now=clock.now())


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b'"x"', b'{"code": "\\ud800"}', b'{"code": 7}', b"[" * 5000])
def test_a_body_that_is_not_as_described_is_told_so(valle: Cast, body: bytes) -> None:
    answer = Tablet(valle.town).browser.post("/api/v1/devices/pair", body, content_type="application/json")
    assert (answer.status_code, answer.json()["error"]) == (400, "not_understood")


def test_a_body_without_end_is_not_read(tablet: Tablet) -> None:
    answer = tablet.send("POST", "devices/take", b"x" * 600_000, "Bearer x")
    assert (answer.status_code, answer.json()["error"]) == (413, "too_long")
    for said in ("9" * 5000, "²", "-1"):
        answer = tablet.browser.post("/api/v1/devices/pair", b"", "application/json", CONTENT_LENGTH=said)
        assert answer.status_code == 413, said


def test_the_office_prepares_renames_and_revokes(valle: Cast) -> None:
    office = browser(valle.town, valle.staff["office"])
    shown = office.post("/ufficio/tablet/nuovo/", {"school_id": valle.school.pk, "name": "Rosso"}).content.decode()
    code = shown.split("data-pairing-code>")[1].split("<")[0]
    tablet = Tablet(valle.town)
    assert tablet.pair(code).json()["name"] == "Rosso"
    address = f"/ufficio/tablet/{tablet.device_id}/"

    office.post(address, {"name": "Blu"})
    again = office.post(f"{address}codice/", follow=True)

    assert "Blu" in office.read("/ufficio/tablet/")
    assert "già abbinato" in text_of(again)
    assert "ha cambiato nome a un tablet: da Rosso a Blu" in office.read(address)
    assert "è stato abbinato come Rosso" in office.read(address)


def test_a_code_that_ended_is_replaced_by_another(valle: Cast, at: Any) -> None:
    pairing = tablets.prepare(by=OFFICE, name="", school_id=valle.school.pk, now=clock.now())
    assert pairing.device.name == "Tablet Primaria Rodari"
    at("09:30")
    other = tablets.renew_code(by=OFFICE, device_id=pairing.device.pk, now=clock.now())
    assert Tablet(valle.town).pair(pairing.code).status_code == 403
    assert Tablet(valle.town).pair(other.code).status_code == 200


def test_a_second_tablet_of_a_school_has_a_name_of_its_own(valle: Cast, at: Any) -> None:
    """Two were called the same, and the one that was lost could not be told from the one in class."""
    office = browser(valle.town, valle.staff["office"])
    for _ in range(3):
        office.post("/ufficio/tablet/nuovo/", {"school_id": valle.school.pk, "name": ""})
    first, second, third = Device.objects.order_by("id")
    names = ["Tablet Primaria Rodari", "Tablet Primaria Rodari 2", "Tablet Primaria Rodari 3"]
    assert [first.name, second.name, third.name] == names
    new = office.post("/ufficio/tablet/nuovo/", {"school_id": valle.school.pk, "name": "tablet primaria rodari 2"})
    renamed = office.post(f"/ufficio/tablet/{third.pk}/", {"name": first.name})
    for answer in (new, renamed):
        assert "Un altro tablet si chiama già così" in text_of(answer)
    assert office.post(f"/ufficio/tablet/{third.pk}/", {"name": third.name}).status_code == 302
    tablets.revoke(by=OFFICE, device_id=second.pk, now=clock.now())
    assert tablets.prepare(by=OFFICE, name="", school_id=valle.school.pk, now=clock.now()).device.name == second.name
    school = schools.register_school(code="lungo", name="L" * 80, level="primaria")
    long = [tablets.prepare(by=OFFICE, name="", school_id=school.pk, now=clock.now()).device.name for _ in range(2)]
    assert [len(name) for name in long] == [60, 60]
    assert long[1].endswith("L 2")


@pytest.mark.parametrize(("name", "called"), [("rosso", "Tablet rosso"), ("Tablet rosso", "Tablet rosso")])
def test_a_tablet_is_called_one_once(valle: Cast, name: str, called: str) -> None:
    assert tablets.prepare(by=OFFICE, name=name, school_id=valle.school.pk, now=clock.now()).device.called == called


def test_another_towns_school_gets_no_tablet_here(borgo: Cast, valle: Cast) -> None:
    office = browser(valle.town, valle.staff["office"])
    answer = office.post("/ufficio/tablet/nuovo/", {"school_id": borgo.school.pk, "name": "x"})
    assert "Scegli la scuola." in text_of(answer)
    assert Device.objects.count() == 0


@pytest.mark.parametrize("typed", ["{}", " {} ", "lower", "spaces", "dense"])
def test_a_code_is_typed_where_there_is_no_camera(valle: Cast, typed: str) -> None:
    pairing = tablets.prepare(by=OFFICE, name="Tablet 1", school_id=valle.school.pk, now=clock.now())
    assert re.fullmatch(r"([A-HJ-NP-Z2-9]{4}-){2}[A-HJ-NP-Z2-9]{4}", pairing.code)
    ways = {"lower": pairing.code.lower(), "spaces": pairing.code.replace("-", " "), "dense": pairing.code.replace("-", "")}
    assert Tablet(valle.town).pair(ways.get(typed, typed.format(pairing.code))).status_code == 200
    assert Tablet(valle.town).pair(pairing.code).status_code == 403


def test_who_guesses_a_pin_is_told_of_the_pin(tablet: Tablet, teacher: User) -> None:
    guesses = [tablet.ask("devices/take", {"operator_id": teacher.pk, "pin": f"90000{n}"}) for n in range(9)]
    assert "con il PIN giusto entri" in guesses[-1].json()["sentence"]
    assert "password" not in guesses[-1].json()["sentence"]

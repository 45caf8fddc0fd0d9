"""The office's pages of the bus: lines, seats, the waiting list."""

from datetime import timedelta

import pytest
from django.utils.http import content_disposition_header

from campanella.domains.places import queries
from campanella.domains.transport import queries as lines
from campanella.foundation.core import clock
from campanella.readings.office import bus as reading
from tests.browsing import Browser, at_most, browser
from tests.buses import ask, assign, ride, stop
from tests.towns import TODAY, Cast, text_of

STOPS = "7:10 Via Roma\n7.25  Piazza   Verdi\n"


@pytest.fixture
def office(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


def form(cast: Cast, **more: str) -> dict[str, str]:
    (ride_service,) = [one for one in cast.services.values() if one.kind == "bus"]
    return {
        "code": "7",
        "name": "Linea 7",
        "way": "out",
        "service": str(ride_service.pk),
        "year": str(cast.classes["2B"].year_id),
        "capacity": "20",
        "reserved": "2",
        "stops": STOPS,
        **more,
    }


def test_a_direction_of_a_line_is_opened_with_its_stops(valle: Cast, office: Browser) -> None:
    assert "Ancora nessuna corsa" in office.read("/ufficio/scuolabus/")
    done = text_of(office.post("/ufficio/scuolabus/nuova/", form(valle), follow=True))
    assert "Linea 7, andata: aperta" in done
    (one,) = lines.rides(day=TODAY)
    assert [(s.name, f"{s.at:%H:%M}") for s in lines.stops(ride_ids=[one.pk])[one.pk]] == [
        ("Via Roma", "07:10"),
        ("Piazza Verdi", "07:25"),
    ]
    assert "0 posti su 20" in office.read("/ufficio/scuolabus/")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("stops", "via Roma", "Riga 1: scrivi l’ora e il nome"),
        ("stops", "7:10 Via Roma\n25:00 Altrove", "Riga 2: scrivi l’ora e il nome"),
        ("stops", "7:10 A\n7:05 B", "«B» alle 7:05 viene dopo «A» alle 7:10"),
        ("stops", "", "Scrivi almeno una fermata"),
        ("capacity", "-1", "Scrivi un numero da 0 in su"),
        ("reserved", "21", "I posti riservati non possono essere più dei posti"),
        ("code", "", "Scrivi un codice breve"),
    ],
)
def test_what_is_wrong_is_said(valle: Cast, office: Browser, field: str, value: str, sentence: str) -> None:
    assert sentence in text_of(office.post("/ufficio/scuolabus/nuova/", form(valle, **{field: value})))
    assert lines.rides(day=TODAY) == []


def test_places_and_stops_change(valle: Cast, office: Browser) -> None:
    one = ride(valle)
    address = f"/ufficio/scuolabus/{one.pk}/modifica/"
    assert "13:10 Via Roma" in office.get(address).content.decode()
    said = {"name": "Linea gialla", "capacity": "", "reserved": "", "stops": "13:15 Via Roma"}
    assert "Linea gialla, ritorno" in text_of(office.post(address, said, follow=True))
    assert queries.pool(pool_id=one.pool_id).capacity is None


def test_the_list_is_offered_in_order(valle: Cast, office: Browser) -> None:
    one = ride(valle)
    ask(valle, one, "Anna")
    ask(valle, one, "Amina", family=valle.families["haddad"])
    address = f"/ufficio/scuolabus/{one.pk}/"
    page = office.read(address)
    assert page.index("Rossi Anna") < page.index("Haddad Amina")
    assert "1 posto offerto" in text_of(office.post(address, {"fai": "offri"}, follow=True))
    assert "Non c’è nessun posto da offrire" in text_of(office.post(address, {"fai": "offri"}, follow=True))


def test_a_child_gets_a_seat_moves_and_leaves(valle: Cast, office: Browser) -> None:
    one, luca = ride(valle), valle.child("Luca").pk
    said = {"stop": str(stop(one).pk), "first": TODAY.isoformat(), "words": ""}
    assert "Ha il posto: Linea 1, ritorno" in text_of(office.post(f"/ufficio/bambini/{luca}/scuolabus/", said, follow=True))
    (seat,) = queries.live_of(child_ids=[luca], day=TODAY)
    place = f"/ufficio/scuolabus/posti/{seat.pk}/"
    moved = {"fai": "fermata", "stop": str(stop(one, "Piazza Verdi").pk), "first": TODAY.isoformat()}
    assert "Fermata cambiata" in text_of(office.post(place, moved, follow=True))
    assert lines.boarding(place_ids=[seat.pk], day=TODAY)[seat.pk].name == "Piazza Verdi"
    left = {"fai": "lascia", "last": TODAY.isoformat(), "words": "Si trasferisce"}
    assert "il posto si libera dal giorno dopo" in text_of(office.post(place, left, follow=True))
    assert queries.tallies(pools=[one.pool], day=TODAY + timedelta(days=1))[one.pool_id].taken == 0
    assert "Si trasferisce" in office.read(place)


def test_who_waited_before_is_passed_over_only_with_a_reason(valle: Cast, office: Browser) -> None:
    one = ride(valle)
    ask(valle, one, "Amina", family=valle.families["haddad"])
    said = {"stop": str(stop(one).pk), "first": TODAY.isoformat(), "words": ""}
    answer = text_of(office.post(f"/ufficio/bambini/{valle.child('Luca').pk}/scuolabus/", said))
    assert "In lista c’è chi ha chiesto prima" in answer


def test_a_ride_is_printed(valle: Cast, office: Browser) -> None:
    one = ride(valle)
    assign(valle, one, "Luca")
    answer = office.get(f"/ufficio/scuolabus/{one.pk}/elenco.pdf")
    assert answer.content.startswith(b"%PDF")
    assert "1-ritorno-2026-10-14.pdf" in answer.headers["Content-Disposition"]


def test_a_page_costs_the_same_for_one_and_for_many(valle: Cast, office: Browser) -> None:
    one = ride(valle, capacity=5)
    for child in ("Luca", "Anna"):
        assign(valle, one, child)
    ask(valle, one, "Amina", family=valle.families["haddad"])
    for address, most in ((f"/ufficio/scuolabus/{one.pk}/", 18), ("/ufficio/scuolabus/", 10)):
        with at_most(most):
            office.get(address)


def test_the_paper_waits_for_nobody_who_rides_later(valle: Cast, office: Browser) -> None:
    one = ride(valle, capacity=5)
    assign(valle, one, "Luca")
    assign(valle, one, "Anna", first=TODAY + timedelta(days=60))
    page = reading.office_ride(ride_id=one.pk, now=clock.now())
    assert [[rider.place.child_id for rider in riders] for _, riders in page.on_board] == [[valle.child("Luca").pk]]
    assert "dal 13/12/2026" in office.read(f"/ufficio/scuolabus/{one.pk}/")
    assert office.get(f"/ufficio/scuolabus/{one.pk}/elenco.pdf").status_code == 200


def test_the_name_of_the_paper_is_one_name_whatever_the_line_is_called(valle: Cast, office: Browser) -> None:
    for code in ('7/"x"; b=', "Łódź 🚌"):
        one = ride(valle, code)
        named = office.get(f"/ufficio/scuolabus/{one.pk}/elenco.pdf").headers["Content-Disposition"]
        assert named == content_disposition_header(as_attachment=False, filename=f"{code}-ritorno-2026-10-14.pdf")

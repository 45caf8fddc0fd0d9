"""A form is of one request: sent again it is the same, sent with something else it is refused out loud and on record."""

from typing import Any
from uuid import uuid4

import pytest

from campanella.domains.attendance.models import FamilyRequest
from tests.browsing import browser
from tests.interfaces.portal.phones import phone, words
from tests.interfaces.portal.test_asks import fields_of
from tests.towns import Cast, Family, choosing
from tests.usecases.asking import eating, goes


@pytest.fixture
def opt_out(valle: Cast) -> Cast:
    """The families cancel."""
    goes(valle)
    return valle


def test_another_day_by_the_same_form_is_refused_and_on_record_and_the_next_try_goes(
    opt_out: Cast, rossi: Family, at: Any
) -> None:
    at("08:00")
    one, anna = phone(rossi.user), opt_out.child("Anna").pk
    page = f"/disdette/{anna}/"
    form = {**fields_of(one.get(page)), "fai": "disdici"}
    first = one.post(page, form)
    assert first.headers["Location"] == "/richieste/D-2610-00001/"

    other = one.post(page, {**form, "giorno": "2026-10-15"})

    assert "Questa pagina è già servita per la richiesta n. D-2610-00001" in words(other)
    assert one.post(page, form).headers["Location"] == "/richieste/D-2610-00001/"
    assert FamilyRequest.objects.count() == 1
    told = browser(opt_out.town, opt_out.staff["office"]).read(f"/ufficio/bambini/{anna}/")
    assert "ha mandato un’altra richiesta con il modulo della n. D-2610-00001, e non è stata presa: disdetto, 15/10" in told
    again = {**fields_of(other), "giorno": "2026-10-15", "fai": "disdici"}
    assert one.post(page, again).headers["Location"] == "/richieste/D-2610-00002/"


def test_another_period_by_the_same_form_gets_a_new_form(opt_out: Cast, rossi: Family, at: Any) -> None:
    at("08:00")
    one, anna = phone(rossi.user), opt_out.child("Anna").pk
    page = f"/disdette/{anna}/giorni/"
    lines = [f"{anna}-{opt_out.services['mensa'].pk}"]
    form = {**fields_of(one.get(page)), "lines": lines, "what": "disdici", "weekdays": ["0", "1", "2", "3", "4"]}
    first = one.post(page, {**form, "first": "2026-10-19", "last": "2026-10-23"})
    assert first.headers["Location"] == "/richieste/D-2610-00001/"

    changed = {**form, "first": "2026-10-26", "last": "2026-10-30"}
    other = one.post(page, changed)

    assert "quella che hai mandato adesso è diversa e non è stata presa" in words(other)
    fresh = {**changed, "key": fields_of(other)["key"]}
    assert fresh["key"] != form["key"]
    assert one.post(page, fresh).headers["Location"] == "/richieste/D-2610-00002/"


def test_the_form_that_took_one_request_back_takes_no_other_back(opt_out: Cast, rossi: Family, at: Any) -> None:
    at("08:00")
    one, anna = phone(rossi.user), opt_out.child("Anna").pk
    for day in ("2026-10-14", "2026-10-15"):
        one.post(f"/disdette/{anna}/", {**fields_of(one.get(f"/disdette/{anna}/")), "fai": "disdici", "giorno": day})
    back = {"key": str(uuid4())}
    assert one.post("/richieste/D-2610-00001/annulla/", back).headers["Location"] == "/richieste/D-2610-00003/"
    refused = one.post("/richieste/D-2610-00002/annulla/", back)
    assert "già servita per la richiesta n. D-2610-00003" in words(one.get(refused.headers["Location"]))
    assert eating(opt_out) == {"Anna", "Luca", "Amina"}
    assert FamilyRequest.objects.count() == 3


@pytest.mark.parametrize(("seconds", "is_in_time"), [(12, True), (30, True), (90, False)])
def test_a_tap_without_network_is_not_late_for_the_time_it_was_under_way(
    opt_out: Cast, rossi: Family, at: Any, seconds: int, is_in_time: bool
) -> None:
    """Tapped two seconds before the cut-off by a right clock; what is longer under way may be a clock that is slow."""
    choosing(opt_out.town, offline_grace_minutes=15, offline_clock_error_minutes=10)
    at("09:20")
    one, anna = phone(rossi.user), opt_out.child("Anna").pk
    form = fields_of(one.get(f"/disdette/{anna}/"))
    at(f"09:4{seconds // 60}:{seconds % 60:02}")
    offline = {"toccato": "2026-10-14T09:29:58+02:00", "inviato": "2026-10-14T09:40:00+02:00"}
    one.post(f"/disdette/{anna}/", {**form, "fai": "disdici", **offline})
    assert ("Anna" not in eating(opt_out)) == is_in_time

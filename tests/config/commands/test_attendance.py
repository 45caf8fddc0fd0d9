"""``campanella attendance``."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError

from campanella.domains.attendance.models import DayEvent, FamilyRequest
from campanella.foundation.core import audit, clock
from campanella.usecases import cut_off, freezing
from tests.config.commands.running import said
from tests.towns import OFFICE, TODAY, Cast
from tests.usecases.asking import ask, goes, rome

CODES = {"Anna": "RSSNNA19D52L483K", "Luca": "RSSLCU19D12L483A", "Amina": "HDDMNA19D52Z330B"}


@pytest.fixture
def opt_out(valle: Cast) -> Cast:
    goes(valle)
    for name, code in CODES.items():
        child = valle.child(name)
        child.tax_code = code
        child.save()
    return valle


CANCEL = ("attendance", "cancel", "--town", "valle", "--service", "mensa", "--child")


def cancel(name: str, at: str, day: date = TODAY, *more: str) -> Any:
    return json.loads(said(*CANCEL, CODES[name], "--day", str(day), "--at", at, "--json", *more))


def told() -> Any:
    return json.loads(said("attendance", "day", "--town", "valle", "--service", "mensa", "--day", str(TODAY), "--json"))


def test_a_cancellation_is_played_at_its_moment_and_audited_as_played(opt_out: Cast, at: Any) -> None:
    at("09:31")
    late = cancel("Luca", "2026-10-14T07:30:00.000001Z")
    assert late == {
        "number": "D-2610-00001",
        "accepted": False,
        "answer": "late",
        "holds": False,
        "instead": None,
        "received_at": "2026-10-14T07:30:00.000001+00:00",
        "cut_off": "2026-10-14T07:30:00+00:00",
        "state": "awaited",
        "charged_cents": 0,
        "because": late["because"],
    }
    in_time = cancel("Anna", "2026-10-14T09:30:00+02:00")
    assert (in_time["accepted"], in_time["holds"], in_time["state"]) == (True, True, "cancelled")
    assert in_time["because"] == ("Disdetto dall’assistenza, con un comando, alle 9:30:00 (n. D-2610-00002): non si paga.")
    assert cancel("Anna", "2026-10-14T09:30:00+02:00")["number"] == in_time["number"]
    assert FamilyRequest.objects.count() == 2
    assert set(DayEvent.objects.values_list("channel", "by_id")) == {("command", None)}
    (act,) = audit.acts_on(subjects=[f"child:{opt_out.child('Anna').pk}"])
    assert act.who == "riga di comando"


def test_one_that_is_older_than_what_the_family_asked_is_told_what_the_day_says(opt_out: Cast, at: Any) -> None:
    at("09:00")
    asked = ask(opt_out, "08:30", action="white")
    older = cancel("Anna", "2026-10-14T08:00:00+02:00")
    assert (older["accepted"], older["holds"], older["instead"]) == (True, False, asked.number)
    assert (older["state"], older["charged_cents"]) == ("awaited", 0)
    assert f"Chiesto dalla famiglia alle 8:30:00 (n. {asked.number})" in older["because"]
    assert "it does not hold" in said(*CANCEL, CODES["Anna"], "--day", str(TODAY), "--at", "2026-10-14T08:00:00+02:00")


def test_a_cut_off_to_come_is_tried_to_the_microsecond_and_one_instant_is_one_request(opt_out: Cast, at: Any) -> None:
    at("08:40")
    late = cancel("Luca", "2026-10-14T09:30:00.000001+02:00")
    assert (late["accepted"], late["answer"], late["holds"]) == (False, "late", False)
    in_time = cancel("Anna", "2026-10-14T09:29:59.999999+02:00")
    assert (in_time["accepted"], in_time["holds"], in_time["state"]) == (True, True, "cancelled")
    assert cancel("Anna", "2026-10-14T07:29:59.999999Z") == in_time
    assert FamilyRequest.objects.count() == 2


def freeze() -> None:
    for due in freezing.due(now=clock.now()):
        cut_off.confirm_booked(by=OFFICE, service=due.service, day=due.day, now=clock.now())
        freezing.freeze(by=OFFICE, due=due, now=clock.now())


def test_what_is_cooked_apart_is_counted_apart(opt_out: Cast, at: Any) -> None:
    at("08:00")
    ask(opt_out, "08:00", action="white")
    ask(opt_out, "08:00", "Luca", action="packed")
    at("09:31")
    freeze()
    totals = told()["sheet"]["totals"]
    assert (totals["meals"], totals["white"], totals["packed"], totals["diets"]) == (3, 1, 1, {})


def test_a_day_is_explained_child_by_child_with_its_sheet(opt_out: Cast, at: Any) -> None:
    at("08:00")
    assert told()["sheet"] is None
    cancel("Anna", "2026-10-14T08:00:00+02:00")
    at("09:31")
    freeze()
    cancel("Luca", "2026-10-14T09:29:59.9+02:00")

    day = told()

    assert {(one["child_tax_code"], one["state"], one["charged_cents"]) for one in day["children"]} == {
        (CODES["Anna"], "cancelled", 0),
        (CODES["Luca"], "cancelled", 0),
        (CODES["Amina"], "present", 460),
    }
    amina = next(one for one in day["children"] if one["child_tax_code"] == CODES["Amina"])
    assert amina == {
        "child_tax_code": CODES["Amina"],
        "class": "2B",
        "state": "present",
        "charged_cents": 460,
        "because": "Previsto e non disdetto entro le 9:30: si paga 4,60\xa0€.",
    }
    sheet = day["sheet"]
    assert (sheet["number"], sheet["totals"]["meals"], sheet["totals"]["with_additions"]) == (1, 2, 1)
    assert [(one["kind"], one["meals"], one["class"]) for one in sheet["additions"]] == [("less", -1, "2B")]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--at", "ieri"), "it must be an instant"),
        (("--at", "2026-10-14T09:00"), r"without its zone: of Italy it is 2026-10-14T09:00:00\+02:00"),
        (("--at", "2026-12-02T09:00"), r"without its zone: of Italy it is 2026-12-02T09:00:00\+01:00"),
        (("--day", "14/10/2026"), "it must be a day"),
        (("--service", "piscina"), "has no service “piscina”. It has: mensa, scuolabus"),
        (("--child", "XXXXXX00X00X000X"), "Nessun bambino del Comune ha questo codice fiscale"),
        (("--day", str(TODAY + timedelta(days=3))), "non c’è servizio"),
    ],
)
def test_what_cannot_be_played_is_one_sentence(opt_out: Cast, words: tuple[str, str], sentence: str) -> None:
    given = {
        "--town": "valle",
        "--service": "mensa",
        "--child": CODES["Anna"],
        "--day": str(TODAY),
        "--at": rome("08:00").isoformat(),
    } | dict([words])
    with pytest.raises(CommandError, match=sentence):
        said("attendance", "cancel", *(word for pair in given.items() for word in pair))

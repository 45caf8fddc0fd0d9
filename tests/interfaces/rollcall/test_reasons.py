"""Ready reasons: one tap instead of typing, in the town's own words; own words stay possible."""

from typing import Any

import pytest

from campanella.domains.attendance.choices import RollCallChoices
from campanella.foundation.core import audit, clock
from campanella.foundation.tenants import queries as tenants
from campanella.usecases import mealtime
from tests.browsing import Browser, browser
from tests.interfaces.office.test_settings import as_sent, filled
from tests.towns import OFFICE, Cast, choosing, text_of

DAY = {"day": "2026-10-14"}


@pytest.fixture
def confirmed(valle: Cast, at: Any) -> Cast:
    """A class that has confirmed with everybody there."""
    at("09:00")
    mealtime.confirm(by=OFFICE, roll_call=valle.roll_call(), absent_ids=[], adults=1, now=clock.now())
    return valle


def the(cast: Cast, role: str) -> Browser:
    return browser(cast.town, cast.staff[role])


def place_of(cast: Cast, name: str) -> str:
    return f"/appello/{cast.classes['2B'].pk}/mensa/{cast.child(name).pk}/correggi/"


def why_of(cast: Cast, name: str) -> list[str]:
    return [act.why for act in audit.acts_on(subjects=[f"child:{cast.child(name).pk}"]) if act.why]


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({"ready": "Segnato per errore"}, "Segnato per errore"),
        ({"ready": "Segnato per errore", "reason": " era in gita "}, "Segnato per errore: era in gita"),
        ({"reason": "era in gita"}, "era in gita"),
    ],
)
def test_a_reason_is_a_tap_or_some_words_or_both(confirmed: Cast, sent: dict[str, str], why: str) -> None:
    teacher, place = the(confirmed, "school"), place_of(confirmed, "Luca")
    page = teacher.read(place)
    for ready in RollCallChoices().correction_reasons:
        assert ready in page

    assert teacher.post(place, {**DAY, "becomes": "assente", **sent}).status_code == 302

    assert confirmed.balance("Luca") == 0
    assert why_of(confirmed, "Luca") == [why]
    family = browser(confirmed.town, confirmed.families["rossi"].user)
    assert why in family.read(f"/pagamenti/movimenti/{confirmed.wallet('Luca').pk}/"), "the family reads it"


@pytest.mark.parametrize("sent", [{}, {"ready": ""}, {"ready": "Perché sì"}, {"ready": "Contati male", "reason": " "}])
def test_without_a_reason_of_the_list_or_of_ones_own_nothing_changes(confirmed: Cast, sent: dict[str, str]) -> None:
    refused = the(confirmed, "school").post(place_of(confirmed, "Luca"), {**DAY, "becomes": "assente", **sent})
    assert refused.status_code == 200
    assert "Scegli o scrivi il motivo" in text_of(refused)
    assert confirmed.balance("Luca") == -310


def test_adults_and_the_office_have_ready_reasons_too(confirmed: Cast) -> None:
    adults = f"/appello/{confirmed.classes['2B'].pk}/mensa/adulti/"
    teacher, office = the(confirmed, "school"), the(confirmed, "office")
    assert "Contati male" in teacher.read(adults)
    assert teacher.post(adults, {**DAY, "adults": "3", "ready": "Contati male"}).status_code == 302

    place = f"/ufficio/bambini/{confirmed.child('Luca').pk}/presenza/"
    assert "Lo dice la famiglia" in office.read(place)
    filled_in = {"service": str(confirmed.services["mensa"].pk), "day": "2026-10-14", "state": "absent"}
    assert office.post(place, {**filled_in, "ready": "Lo dice la famiglia"}).status_code == 302
    assert why_of(confirmed, "Luca") == ["Lo dice la famiglia"]


def test_a_town_writes_its_own_reasons_or_none(confirmed: Cast) -> None:
    office, teacher = the(confirmed, "office"), the(confirmed, "school")
    lines = "Gita\r\n  Visita   medica \r\n\r\nGita\r\n"
    assert office.post("/ufficio/impostazioni/", filled(confirmed, correction_reasons=lines)).status_code == 302
    tenants.forget()
    assert tenants.town_by_slug(slug="valle").chosen(RollCallChoices).correction_reasons == ("Gita", "Visita medica")
    page = teacher.read(place_of(confirmed, "Luca"))
    assert "Gita Visita medica O con parole tue" in page
    assert "Segnato per errore" not in page

    choosing(confirmed.town, correction_reasons=[])
    assert "O con parole tue" not in teacher.read(place_of(confirmed, "Luca"))
    assert teacher.post(place_of(confirmed, "Luca"), {**DAY, "becomes": "assente", "reason": "gita"}).status_code == 302


@pytest.mark.parametrize(("lines", "words"), [("x" * 61, "è troppo lungo"), ("\n".join("abcdefghi"), "Al massimo 8 righe")])
def test_reasons_that_no_button_holds_are_refused(valle: Cast, lines: str, words: str) -> None:
    assert words in text_of(the(valle, "office").post("/ufficio/impostazioni/", filled(valle, correction_reasons=lines)))


def test_a_page_sent_as_it_was_opened_changes_no_reason(valle: Cast) -> None:
    office = the(valle, "office")
    page = office.get("/ufficio/impostazioni/").content.decode()
    said = text_of(office.post("/ufficio/impostazioni/", as_sent(page, portal_name="Spazio Scuola"), follow=True))
    assert "Salvato: Nome del portale." in said

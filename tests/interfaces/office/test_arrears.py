"""The office's pages of reminders: preview, confirmation, stages, a reminder with its proof, a household, a plan."""

import zipfile
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

import pytest

from campanella.domains.arrears import queries
from campanella.domains.people.models import Guardian
from campanella.foundation.core import clock
from campanella.readings.arrears.plans import standings
from campanella.usecases.arrears import sending
from tests.arrears import after_due, overdue, remind, reminders_of
from tests.browsing import Browser, at_most, browser
from tests.towns import Cast, choosing, put_back, tell_again, text_of


@pytest.fixture
def owing(request: pytest.FixtureRequest, db: None) -> Iterator[Cast]:
    yield from put_back(request, "owing", overdue)


@pytest.fixture
def desk(owing: Cast) -> Browser:
    return browser(owing.town, owing.staff["office"])


def press(desk: Browser, address: str, *, days: int = 15, **data: str) -> str:
    with clock.standing_at(after_due(days)):
        page = text_of(desk.post(address, data, follow=True)).replace("\xa0", " ")
    tell_again()
    return page


def read(desk: Browser, address: str, *, days: int = 15) -> str:
    with clock.standing_at(after_due(days)):
        page = desk.read(address).replace("\xa0", " ")
    tell_again()
    return page


def test_from_the_preview_to_the_last_reminder(owing: Cast, desk: Browser) -> None:
    choosing(owing.town, arrears_sample=1)
    told = press(desk, "/ufficio/solleciti/")
    assert "2 famiglie, 73,80 €" in told
    assert "Promemoria: 2 famiglie 73,80 €" in told
    assert "Maria Addolorata Rossi" in told
    assert "Anna" not in told
    (run,) = queries.runs()
    page = f"/ufficio/solleciti/invii/{run.id}/"

    assert "Fino ad allora puoi fermare tutto" in press(desk, f"{page}conferma/")
    later = after_due(15) + timedelta(minutes=5)
    with clock.standing_at(later):
        sending.send(run_id=run.id)
    assert "I primi sono partiti" in read(desk, page)
    press(desk, f"{page}avanti/")
    with clock.standing_at(later + timedelta(minutes=5)):
        sending.send(run_id=run.id)
    assert "2 partiti, famiglie guardate: 2 su 2" in read(desk, page)
    with at_most(40):
        read(desk, page)


def test_a_preview_is_let_go_and_is_forgotten(owing: Cast, desk: Browser) -> None:
    press(desk, "/ufficio/solleciti/")
    (run,) = queries.runs()
    assert "Ancora nessun sollecito" in press(desk, f"/ufficio/solleciti/invii/{run.id}/chiudi/")
    assert queries.runs() == []


def test_who_is_left_out_is_told_with_the_reason(owing: Cast, desk: Browser) -> None:
    told = press(desk, "/ufficio/solleciti/", days=10)
    assert "Nessuno da sollecitare oggi" in told
    assert "2 famiglie, 73,80 €: non sono ancora passati i giorni del prossimo sollecito" in told


def test_letters_are_printed_together_and_their_delivery_is_written_down(owing: Cast, desk: Browser) -> None:
    Guardian.objects.update(email="")
    run = remind(after_due(15))
    content = desk.get(f"/ufficio/solleciti/invii/{run.id}/lettere.zip").content
    names = zipfile.ZipFile(BytesIO(content)).namelist()
    assert names == [
        "sollecito-SO-2026-1.pdf",
        "avviso-SO-2026-1.pdf",
        "sollecito-SO-2026-2.pdf",
        "avviso-SO-2026-2.pdf",
    ]
    (rossi,) = reminders_of(owing)
    page = f"/ufficio/solleciti/{rossi.id}/"
    assert "Da consegnare" in read(desk, page)
    said = {"kind": "handed", "day": "2026-12-21", "protocol": "", "note": "al padre"}
    assert "consegnata a mano il 21/12/2026 (al padre)" in press(desk, page, days=16, **said)
    assert "Scegli un giorno" in press(desk, page, days=16, **{**said, "day": "2026-12-01"})
    assert desk.get(f"{page}sollecito.pdf").content.startswith(b"%PDF")


def test_a_household_s_page_tells_what_it_owes_and_agrees_a_plan(owing: Cast, desk: Browser) -> None:
    payer = owing.families["rossi"].guardian.pk
    remind(after_due(15))
    page = f"/ufficio/adulti/{payer}/solleciti/"
    told = read(desk, page, days=16)
    for said in ("Scaduto, da chiedere: 46,20 €", "Refezione, ottobre 2026", "Promemoria SO/2026/1", "Concorda le rate"):
        assert said in told

    form = {"count": "2", "first": "2027-01-10", "months": "1", "note": "al telefono", "told": "4620"}
    assert "Ogni rata è di almeno" in press(desk, f"/ufficio/adulti/{payer}/rate/", days=16, **{**form, "count": "3"})
    assert "ora sono 46,20 €" in press(desk, f"/ufficio/adulti/{payer}/rate/", days=16, **{**form, "told": "9999"})
    told = press(desk, f"/ufficio/adulti/{payer}/rate/", days=16, **form)
    assert "46,20 € in 2 rate" in told
    (stands,) = standings(payer_ids=[payer], today=after_due(16).date())
    assert "paga a rate, e le rispetta" in read(desk, page, days=16)
    assert "Maria Addolorata Rossi" in read(desk, "/ufficio/solleciti/rate/", days=16)
    said_why = press(desk, f"/ufficio/solleciti/rate/{stands.plan.id}/", days=16, reason="si è trasferita")
    assert "Chiuso dall’ufficio" in said_why
    with at_most(70):
        read(desk, page, days=16)

"""The very letter of a reminder is read before it leaves, with its sums and its paper."""

from collections.abc import Iterator

import pytest

from campanella.domains.arrears import queries
from campanella.domains.messaging.models import Message
from campanella.domains.people.models import Guardian
from campanella.foundation.core import clock
from tests.arrears import after_due, overdue, remind
from tests.browsing import Browser, at_most, browser
from tests.foundation.documents.reading import text_of as pdf_text
from tests.interfaces.office.test_arrears import press, read
from tests.towns import Cast, put_back, text_of


@pytest.fixture
def owing(request: pytest.FixtureRequest, db: None) -> Iterator[Cast]:
    yield from put_back(request, "owing", overdue)


@pytest.fixture
def desk(owing: Cast) -> Browser:
    return browser(owing.town, owing.staff["office"])


def place_of(cast: Cast) -> str:
    (run,) = queries.runs()
    return f"/ufficio/solleciti/invii/{run.id}/lettere/{cast.families['rossi'].guardian.pk}"


def test_the_letter_of_one_family_is_the_one_that_leaves(owing: Cast, desk: Browser) -> None:
    assert "Leggi la prima lettera così come parte" in press(desk, "/ufficio/solleciti/")
    place = place_of(owing)
    with at_most(75):
        told = read(desk, f"{place}/")
    assert "A Maria Addolorata Rossi: Promemoria, e-mail, con il PDF allegato. Non è ancora partito niente" in told
    assert "Refezione, ottobre 2026 (FT/2026/1), dal 05/12/2026" in told
    assert "In tutto, entro il" in told
    assert "46,20 €" in told
    assert "Anna" not in told
    with clock.standing_at(after_due(15)):
        paper = pdf_text(desk.get(f"{place}.pdf").content).replace("\xa0", " ")
    assert "SO/2026/…" in paper
    assert "Forse ti è sfuggito" in paper
    assert "46,20 €" in paper
    assert Message.objects.filter(template="reminder").count() == 0

    press(desk, f"{place.partition('/lettere/')[0]}/chiudi/")
    remind(after_due(15))
    sent = Message.objects.get(template="reminder", guardian=owing.families["rossi"].guardian)
    for line in sent.text.splitlines():
        if line and "http" not in line and "aggiornata" not in line:
            assert line.replace("\xa0", " ") in told, line


def test_on_paper_it_is_read_as_it_is_printed_with_what_it_costs(owing: Cast, desk: Browser) -> None:
    Guardian.objects.update(email="")
    press(desk, "/ufficio/solleciti/")
    told = read(desk, f"{place_of(owing)}/")
    assert "Promemoria, lettera da stampare" in told
    assert "Forse ti è sfuggito" in told


def test_who_would_have_none_now_is_said_and_nobody_else_reads_it(owing: Cast, desk: Browser) -> None:
    press(desk, "/ufficio/solleciti/")
    place = place_of(owing)
    assert desk.get(f"{place.rpartition('/')[0]}/999999/").status_code == 404
    assert browser(owing.town, owing.families["rossi"].user).get(f"{place}/").status_code == 403
    for address in (f"{place}/", f"{place}.pdf"):
        with clock.standing_at(after_due(5)):
            assert "non partirebbe nessun sollecito" in text_of(desk.get(address, follow=True))

"""The office ends what it has accepted: for a family that gives it up, or because it does not hold any more."""

from datetime import date

import pytest

from campanella.domains.applying import admitting, queries
from campanella.domains.enrolment.models import Subscription
from tests.applying import accept, opened, sent
from tests.browsing import Browser, at_most, browser
from tests.towns import Cast, Family, text_of

LIST = "/ufficio/iscrizioni/"


@pytest.fixture
def desk(valle: Cast) -> Browser:
    """The browser of the office."""
    return browser(valle.town, valle.staff["office"])


def test_an_acceptance_is_revoked_with_a_reason(valle: Cast, rossi: Family, desk: Browser) -> None:
    one = sent(valle, opened(valle), rossi)
    here = f"{LIST}{one.pk}/fine/"
    assert "non è tra quelle accettate" in text_of(desk.get(here, follow=True))
    accept(valle, one)
    assert "Rinuncia o revoca" in desk.read(f"{LIST}{one.pk}/")
    assert "Usa il servizio dal 21 ottobre 2026" in desk.read(here)
    assert "Scegli se la famiglia rinuncia" in text_of(desk.post(here, {"last": "2026-10-14"}))
    said = {"way": "revoked", "last": "2026-10-14"}
    assert "Scrivi perché la revochi" in text_of(desk.post(here, said))
    answer = text_of(desk.post(here, {**said, "words": "La residenza non risulta"}, follow=True))
    assert "Fatto: l’iscrizione al servizio è finita" in answer
    assert "La residenza non risulta" in answer
    assert not Subscription.objects.filter(child=valle.child("Luca"), service=valle.services["scuolabus"]).exists()
    assert "revocata (1)" in desk.read(LIST)


def test_a_family_that_stands_at_the_desk_gives_up(valle: Cast, rossi: Family, desk: Browser) -> None:
    one = sent(valle, opened(valle), rossi)
    accept(valle, one)
    desk.post(f"{LIST}{one.pk}/fine/", {"way": "given_up", "last": "2026-10-14"})
    assert queries.application(application_id=one.pk).state == "given_up"


def test_a_service_ended_on_the_childs_page_closes_its_application(valle: Cast, rossi: Family, desk: Browser) -> None:
    one = sent(valle, opened(valle, places=1), rossi)
    accept(valle, one)
    line = Subscription.objects.get(child=valle.child("Luca"), service=valle.services["scuolabus"])
    here = f"/ufficio/bambini/{line.child_id}/servizi/{line.pk}/fine/"
    assert f"La domanda accettata n. {one.number} si chiude con l’iscrizione" in desk.read(here)
    done = text_of(desk.post(here, {"last": "2026-11-20"}, follow=True))
    assert f"Anche la domanda n. {one.number} è chiusa, e il suo posto è libero." in done
    assert queries.application(application_id=one.pk).state == "given_up"
    assert admitting.taken_count(call_id=one.call_id, day=date(2026, 11, 20)) == 1
    assert admitting.taken_count(call_id=one.call_id, day=date(2026, 11, 21)) == 0


def test_the_page_asks_little(valle: Cast, rossi: Family, desk: Browser) -> None:
    one = sent(valle, opened(valle), rossi)
    accept(valle, one)
    desk.get(f"{LIST}{one.pk}/fine/")
    with at_most(22):
        desk.get(f"{LIST}{one.pk}/fine/")

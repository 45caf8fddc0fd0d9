"""Contattaci reaches the office by mail and answers come back; who writes reads only what is theirs."""

import pytest

from campanella.domains.messaging.models import Message
from campanella.domains.support import operations, queries
from campanella.domains.support.models import Ticket
from campanella.foundation.core import clock
from tests.browsing import Browser, browser
from tests.towns import Cast, Family, run_jobs, text_of

WISH = {"topic": "payments", "child": "", "text": "Ho pagato due volte."}


@pytest.fixture
def phone(valle: Cast, rossi: Family) -> Browser:
    return browser(valle.town, rossi.user)


def test_a_message_gets_a_number_and_reaches_the_office(valle: Cast, phone: Browser, mailoutbox: list[object]) -> None:
    page = text_of(phone.post("/contattaci/", WISH | {"child": str(valle.child("Anna").pk)}, follow=True))

    assert "Segnalazione numero 1" in page
    assert "rossi@posta.example" in page
    assert run_jobs() == ["tickets.tell_office", "tickets.confirm", "deliver", "deliver"]
    to_office, to_family = Message.objects.order_by("id")
    assert to_office.address == "scuola@valle.example"
    assert "Ho pagato due volte." in to_office.text
    assert "Anna Rossi" in to_office.text
    assert "/ufficio/segnalazioni/1/" in to_office.text
    assert to_family.address == "rossi@posta.example"
    assert "/segnalazioni/1/" in to_family.text
    for message in (to_office, to_family):
        assert "Anna" not in message.subject
        assert "Rossi" not in message.subject
    assert len(mailoutbox) == 2


def test_the_thread_goes_on(valle: Cast, rossi: Family, phone: Browser) -> None:
    phone.post("/contattaci/", WISH)
    ticket = queries.ticket(number=1)
    operations.answer_ticket(
        by=valle.staff["office"], ticket=ticket, text="Controllo subito.", is_closing=True, now=clock.now()
    )

    page = phone.read("/segnalazioni/1/")
    assert "Controllo subito." in page
    assert "Chiusa" in page
    after = text_of(phone.post("/segnalazioni/1/", {"text": "Grazie, <b>ma</b> manca ancora."}, follow=True))

    assert "Aspetta risposta" in after
    assert "manca ancora" in after
    run_jobs()
    assert Message.objects.filter(template="ticket_for_office").count() == 2
    assert [t.state for t in queries.tickets_of(user=rossi.user)] == ["open"]


def test_another_family_and_another_town_do_not_find_it(borgo: Cast, valle: Cast, phone: Browser) -> None:
    phone.post("/contattaci/", WISH)

    assert phone.get("/segnalazioni/1/").status_code == 200
    assert browser(valle.town, valle.families["haddad"].user).get("/segnalazioni/1/").status_code == 404
    assert browser(borgo.town, borgo.families["rossi"].user).get("/segnalazioni/1/").status_code == 404
    assert "Nessuna segnalazione" in browser(valle.town, valle.families["haddad"].user).read("/segnalazioni/")


def test_another_familys_child_cannot_be_named(valle: Cast, phone: Browser) -> None:
    page = text_of(phone.post("/contattaci/", WISH | {"child": str(valle.child("Amina").pk)}))

    assert "Controlla un campo" in page
    assert not Ticket.objects.exists()


def test_what_is_missing_is_said_and_what_was_written_stays(phone: Browser) -> None:
    answer = phone.post("/contattaci/", {"topic": "", "text": "Ho un dubbio"}).content.decode()

    assert "Scegli l’argomento" in answer
    assert "Ho un dubbio</textarea>" in answer
    assert "<title>Errore: " in answer


def test_somebody_who_cannot_sign_in_writes_too(valle: Cast) -> None:
    stranger = browser(valle.town)
    wish = WISH | {"name": "Nadia Verdi", "email": "nadia@posta.example"}

    page = text_of(stranger.post("/contattaci/", wish, follow=True))

    assert "Segnalazione numero 1" in page
    run_jobs()
    to_office, to_family = Message.objects.order_by("id")
    assert "Nadia Verdi (nadia@posta.example), senza accesso" in to_office.text
    assert to_family.address == "nadia@posta.example"
    assert "Ho pagato due volte" not in to_family.text, "an unverified address gets no stranger's words"
    assert browser(valle.town).get("/contattaci/inviata/").headers["Location"] == "/contattaci/"


@pytest.mark.parametrize("bad", ["Nadia\r\nBcc: tutti@posta.example", "Nadia\nBcc: tutti@posta.example"])
def test_a_name_with_line_ends_cannot_write_headers(valle: Cast, bad: str, mailoutbox: list[object]) -> None:
    browser(valle.town).post("/contattaci/", WISH | {"name": bad, "email": "nadia@posta.example"})
    browser(valle.town).post("/contattaci/", WISH | {"name": "N", "email": "nadia@posta.example\nBcc: a@b.example"})

    run_jobs()

    assert Ticket.objects.count() == 1, "an address with a line end is no address"
    assert "\n" not in Ticket.objects.get().name
    for mail in mailoutbox:
        assert mail.to == [mail.to[0]]
        assert not mail.bcc
        assert "Bcc" not in mail.message()


def test_who_writes_too_often_is_asked_to_wait(valle: Cast, phone: Browser, at: object) -> None:
    for _ in range(5):
        assert phone.post("/contattaci/", WISH).status_code == 302

    assert "Hai già scritto più volte" in text_of(phone.post("/contattaci/", WISH))
    assert Ticket.objects.count() == 5
    at("10:00")  # type: ignore[operator]
    assert phone.post("/contattaci/", WISH).status_code == 302


def test_strangers_from_one_place_are_slowed_together(valle: Cast) -> None:
    stranger = browser(valle.town)
    for n in range(20):
        wish = WISH | {"name": "N", "email": f"n{n}@posta.example"}
        assert stranger.post("/contattaci/", wish).status_code == 302

    page = text_of(stranger.post("/contattaci/", WISH | {"name": "N", "email": "altra@posta.example"}))

    assert "Hai già scritto più volte" in page


def test_each_town_counts_its_own(borgo: Cast, valle: Cast, phone: Browser) -> None:
    phone.post("/contattaci/", WISH)

    page = text_of(browser(borgo.town, borgo.families["rossi"].user).post("/contattaci/", WISH, follow=True))

    assert "Segnalazione numero 1" in page

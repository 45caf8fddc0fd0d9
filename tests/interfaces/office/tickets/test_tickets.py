"""The office answers; the answer reaches whoever wrote."""

import pytest

from campanella.domains.accounts.roles import Role
from campanella.domains.messaging.models import Message
from campanella.domains.support import operations, queries
from campanella.domains.support.models import Ticket, TicketMessage
from campanella.domains.support.operations import Writer
from campanella.domains.support.words import Topic
from campanella.foundation.core import audit, clock
from tests.browsing import Browser, at_most, browser
from tests.towns import Cast, Family, run_jobs, text_of


@pytest.fixture
def desk(valle: Cast) -> Browser:
    """The office's browser."""
    return browser(valle.town, valle.staff[Role.OFFICE])


def write(family: Family, text: str = "Ho pagato due volte.") -> Ticket:
    """Write to the office as this family, about its first child."""
    child = next(iter(family.children.values()))
    by = Writer(
        name=family.user.display_name,
        email=family.guardian.email,
        origin="",
        user=family.user,
        guardian=family.guardian,
        child_id=child.pk,
    )
    return operations.open_ticket(by=by, topic=Topic.PAYMENTS, text=text, now=clock.now())


def test_an_answer_leaves_by_mail_and_changes_whose_turn_it_is(valle: Cast, rossi: Family, desk: Browser) -> None:
    write(rossi)
    run_jobs()
    assert "Maria Addolorata Rossi" in desk.read("/ufficio/segnalazioni/")

    page = text_of(desk.post("/ufficio/segnalazioni/1/", {"text": "Ti rimborsiamo."}, follow=True))

    assert "Risposta inviata a rossi@posta.example" in page
    assert "Con risposta" in page
    assert run_jobs() == ["tickets.tell_answer", "deliver"]
    letter = Message.objects.order_by("-id")[0]
    assert letter.address == "rossi@posta.example"
    assert letter.guardian_id == rossi.guardian.pk
    assert "Ti rimborsiamo." in letter.text
    assert letter.text.count("http://valle.localhost") == 1
    assert letter.subject == "Risposta alla segnalazione n. 1 · Comune di Valle"
    assert "Nessuno aspetta una risposta" in desk.read("/ufficio/segnalazioni/")


def test_each_step_is_on_record(valle: Cast, rossi: Family, desk: Browser) -> None:
    ticket = write(rossi)

    desk.post("/ufficio/segnalazioni/1/", {"text": "Ecco.", "is_closing": "on"})
    assert queries.ticket(number=1).state == "closed"
    desk.post("/ufficio/segnalazioni/1/riapri/")
    assert queries.ticket(number=1).state == "open"
    desk.post("/ufficio/segnalazioni/1/chiudi/")

    assert queries.ticket(number=1).state == "closed"
    assert [act.sentence for act in audit.acts_on(subjects=[f"ticket:{ticket.pk}"])] == [
        "ha chiuso la segnalazione",
        "ha riaperto la segnalazione",
        "ha risposto",
        "ha scritto all’ufficio, segnalazione n. 1",
    ]
    child = valle.child("Anna").pk
    assert next(act.sentence for act in audit.acts_on(subjects=[f"child:{child}"])).endswith("segnalazione n. 1")


def test_an_empty_answer_is_not_sent(rossi: Family, desk: Browser) -> None:
    write(rossi)

    assert "Scrivi la risposta" in text_of(desk.post("/ufficio/segnalazioni/1/", {"text": "  "}))
    assert TicketMessage.objects.count() == 1


def test_who_waits_longest_comes_first(valle: Cast, rossi: Family, desk: Browser) -> None:
    write(valle.families["haddad"])
    with clock.standing_at(clock.now().replace(hour=5)):
        write(rossi)

    page = desk.read("/ufficio/segnalazioni/")

    assert page.index("N. 2") < page.index("N. 1")
    assert queries.open_tickets() == 2


def test_the_list_asks_the_same_however_long_it_is(valle: Cast, rossi: Family, desk: Browser) -> None:
    for _ in range(5):
        write(rossi)

    with at_most(5):
        desk.get("/ufficio/segnalazioni/")


def test_another_towns_ticket_is_not_there(borgo: Cast, rossi: Family, valle: Cast) -> None:
    write(rossi)
    desk = browser(borgo.town, borgo.staff[Role.OFFICE])

    assert desk.get("/ufficio/segnalazioni/1/").status_code == 404
    assert desk.post("/ufficio/segnalazioni/1/chiudi/").status_code == 404
    assert queries.ticket(number=1).state == "open"


def test_markup_of_a_family_is_text(rossi: Family, desk: Browser) -> None:
    write(rossi, "<script>alert(1)</script> https://truffa.example")

    page = desk.get("/ufficio/segnalazioni/1/").content.decode()

    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert 'href="https://truffa.example"' not in page, "a stranger's address is not one tap away"


def test_somebody_without_access_is_marked(valle: Cast, desk: Browser) -> None:
    by = Writer(name="Nadia", email="nadia@posta.example", origin="203.0.113.9")
    operations.open_ticket(by=by, topic=Topic.ACCESS, text="Non entro.", now=clock.now())

    assert "Ha scritto senza entrare nel portale" in desk.read("/ufficio/segnalazioni/1/")
    assert "203.0.113.9" not in Ticket.objects.get().origin_hash

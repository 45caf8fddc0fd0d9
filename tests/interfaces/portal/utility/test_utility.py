"""Utility: the ways on, the password, the questions."""

from typing import Any

from campanella.domains.accounts.models import Session
from campanella.domains.accounts.roles import Role
from campanella.domains.support import operations, queries
from campanella.foundation.core import audit, clock
from tests.browsing import Browser, at_most, browser
from tests.towns import OFFICE, PASSWORD, Cast, Family, run_jobs, text_of

NEW = "ciliegie sul tetto verde"


def _change(phone: Browser, **given: str) -> str:
    data = {"old": PASSWORD, "new": NEW, "again": NEW, **given}
    return text_of(phone.post("/utility/password/", data, follow=True))


def test_utility_leads_everywhere(valle: Cast, rossi: Family) -> None:
    phone = browser(valle.town, rossi.user)

    with at_most(3):
        page = phone.read("/utility/")

    for words in ("Cambia password", "FAQ", "Contattaci", "Le mie segnalazioni", "Installa l’app"):
        assert words in page
    assert "Safari" in browser(valle.town, rossi.user).read("/utility/installa/")


def test_a_changed_password_keeps_this_phone_and_ends_the_others(valle: Cast, rossi: Family, mailoutbox: list[Any]) -> None:
    phone, tablet = browser(valle.town, rossi.user), browser(valle.town, rossi.user)
    assert tablet.get("/utility/").status_code == 200

    answer = _change(phone)

    assert "Password cambiata" in answer
    run_jobs()
    assert mailoutbox[-1].to == ["rossi@posta.example"]
    assert "è cambiata mercoledì 14 ottobre alle 8:47" in mailoutbox[-1].body
    assert phone.get("/utility/").status_code == 200
    assert Session.objects.filter(user_id=rossi.user.pk).count() == 1
    rossi.user.refresh_from_db()
    assert rossi.user.check_password(NEW)


def test_a_change_that_is_refused_changes_nothing(valle: Cast, rossi: Family) -> None:
    phone = browser(valle.town, rossi.user)

    wrong = _change(phone, old="un’altra")
    weak = _change(phone, new="rossi", again="rossi")
    same = _change(phone, new=PASSWORD, again=PASSWORD)
    differs = _change(phone, again="ciliegie sul tetto")

    assert "La password attuale non è corretta" in wrong
    assert "Errore:" in weak
    assert "10 caratteri" in weak
    assert "Questa è la password di adesso: scegline una diversa" in same
    assert "sono diverse" in differs
    rossi.user.refresh_from_db()
    assert rossi.user.check_password(PASSWORD)


def test_a_teacher_has_no_page_of_the_family(valle: Cast) -> None:
    teacher = browser(valle.town, valle.staff[Role.SCHOOL])

    assert teacher.get("/utility/password/").status_code == 403


def test_questions_are_sought_without_accents_and_endings(valle: Cast, rossi: Family) -> None:
    assert operations.start_faq(by=OFFICE, now=clock.now()) == 12
    assert operations.start_faq(by=OFFICE, now=clock.now()) == 0
    (act,) = audit.acts_on(subjects=[f"faq:{queries.faqs()[0].pk}"])
    assert (act.who, act.sentence) == ("l’ufficio", "ha preso 12 domande di partenza")
    phone = browser(valle.town, rossi.user)

    with at_most(4):
        everything = phone.read("/utility/domande-frequenti/")

    assert "Come ricarico il credito?" in everything
    assert "attestazione per il 730" in everything
    found = phone.read("/utility/domande-frequenti/", q="RICEVUTE scaricàre")
    assert "Una risposta" in found
    assert "Dove trovo la ricevuta" in found
    assert "attestazione" not in found
    assert "Nessuna risposta" in phone.read("/utility/domande-frequenti/", q="astronave")


def test_who_cannot_sign_in_reads_the_questions_too(valle: Cast) -> None:
    operations.start_faq(by=OFFICE, now=clock.now())

    assert "ne chiedo una nuova" in browser(valle.town).read("/utility/domande-frequenti/")


def test_a_hidden_question_is_not_shown(valle: Cast, rossi: Family) -> None:
    operations.write_faq(
        by=valle.staff["office"],
        faq_id=None,
        question="Segreta?",
        answer="Sì",
        position=1,
        is_published=False,
        now=clock.now(),
    )

    assert "Ancora nessuna domanda" in browser(valle.town, rossi.user).read("/utility/domande-frequenti/")

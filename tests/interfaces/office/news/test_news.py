"""The office writes news, attaches files, publishes and withdraws, and keeps the questions."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from campanella.domains.accounts.roles import Role
from campanella.domains.messaging.models import Message
from campanella.domains.people.models import Guardian
from campanella.domains.schools.models import Membership
from campanella.domains.support import operations, queries
from campanella.domains.support.models import Attachment, Faq, News
from campanella.foundation.core import clock, jobs
from campanella.foundation.core.scope import scope
from campanella.usecases import family_news
from tests.browsing import Browser, at_most, browser
from tests.domains.support.files import PAGE, PDF, news
from tests.towns import OFFICE, Cast, Family, run_jobs, text_of

MENU = {"title": "Menù d’autunno", "body": "Da lunedì cambia il menù.", "audience": "town", "until": ""}


@pytest.fixture
def desk(valle: Cast) -> Browser:
    """The office's browser."""
    return browser(valle.town, valle.staff[Role.OFFICE])


@pytest.fixture(autouse=True)
def _files_in_a_folder_of_the_test(settings: Any, tmp_path: Any) -> Iterator[None]:
    stored = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path}}
    settings.STORAGES = {**settings.STORAGES, "default": stored}
    return


def upload(desk: Browser, row: News, name: str, content: bytes) -> Any:
    """Send a file from the page of a piece of news."""
    return desk.post(f"/ufficio/news/{row.pk}/allega/", {"file": SimpleUploadedFile(name, content)}, follow=True)


def test_families_read_it_when_the_office_publishes_it(valle: Cast, rossi: Family, desk: Browser) -> None:
    phone = browser(valle.town, rossi.user)
    page = text_of(desk.post("/ufficio/news/nuova/", MENU | {"audience": f"class:{valle.classes['2B'].pk}"}, follow=True))
    row = News.objects.get()

    assert "Le famiglie non la vedono ancora" in page
    assert "Menù d’autunno" not in phone.read("/news/")
    published = text_of(desk.post(f"/ufficio/news/{row.pk}/pubblica/", follow=True))
    assert "La leggono: 2B · Primaria Rodari" in published
    assert "Menù d’autunno" in phone.read("/news/")
    phone.get(f"/news/{row.pk}/")
    with at_most(12):
        edited = desk.read(f"/ufficio/news/{row.pk}/")
    assert "L’ha aperta una persona" in edited
    assert "ha pubblicato la news" in edited

    desk.post(f"/ufficio/news/{row.pk}/ritira/")

    assert "Menù d’autunno" not in phone.read("/news/")
    assert "Da pubblicare" in desk.read("/ufficio/news/")


def test_families_are_told_by_mail_when_the_office_wishes(
    valle: Cast, rossi: Family, desk: Browser, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each adult of the class once, in pieces, however often it is published; not who turned it off, not other classes."""
    monkeypatch.setattr(family_news, "PIECE", 1)
    Membership.objects.filter(child=valle.child("Amina")).update(class_group=valle.classes["3A"])
    quiet, closed, seen = (news(valle, title, is_published=False) for title in ("Menù", "Sciopero", "Gita"))
    News.objects.filter(pk=seen.pk).update(class_group=valle.classes["3A"])

    desk.post(f"/ufficio/news/{quiet.pk}/pubblica/")
    run_jobs()
    assert mailoutbox == []

    published = text_of(desk.post(f"/ufficio/news/{closed.pk}/pubblica/", {"is_mailed": "on"}, follow=True))
    run_jobs()
    assert "Le e-mail partono tra 5 minuti" in published
    assert "con una e-mail alle famiglie" in published
    told = sorted(address for mail in mailoutbox for address in mail.to)
    assert {"rossi@posta.example"} < set(told)
    assert len(told) == len(set(told))
    assert mailoutbox[0].subject == "Sciopero · Comune di Valle"
    assert f"/news/{closed.pk}/" in mailoutbox[0].body
    assert "Spegnile qui: http://valle.localhost" in mailoutbox[0].body

    desk.post(f"/ufficio/news/{closed.pk}/ritira/")
    desk.post(f"/ufficio/news/{closed.pk}/pubblica/", {"is_mailed": "on"})
    run_jobs()
    assert len(mailoutbox) == len(told), "published again, told once"
    desk.post(f"/ufficio/news/{seen.pk}/pubblica/", {"is_mailed": "on"})
    run_jobs()
    assert "rossi@posta.example" not in [address for mail in mailoutbox[len(told) :] for address in mail.to]


def test_who_turned_news_by_mail_off_is_not_written_to(
    valle: Cast, rossi: Family, desk: Browser, mailoutbox: list[Any]
) -> None:
    phone = browser(valle.town, rossi.user)
    assert "checked" in str(phone.get("/anagrafica/recapiti/").content).partition("wants_news")[2][:200]
    phone.post("/anagrafica/recapiti/", {"email": rossi.guardian.email, "phone": ""})
    row = news(valle, is_published=False)

    desk.post(f"/ufficio/news/{row.pk}/pubblica/", {"is_mailed": "on"})
    run_jobs()

    assert "rossi@posta.example" not in [address for mail in mailoutbox for address in mail.to]
    phone.post("/anagrafica/recapiti/", {"email": rossi.guardian.email, "phone": "", "wants_news": "on"})
    other = news(valle, is_published=False)
    desk.post(f"/ufficio/news/{other.pk}/pubblica/", {"is_mailed": "on"})
    run_jobs()
    assert "rossi@posta.example" in [address for mail in mailoutbox for address in mail.to]


def test_a_piece_of_news_withdrawn_at_once_is_not_mailed(valle: Cast, desk: Browser, mailoutbox: list[Any]) -> None:
    row = news(valle, is_published=False)

    desk.post(f"/ufficio/news/{row.pk}/pubblica/", {"is_mailed": "on"})
    desk.post(f"/ufficio/news/{row.pk}/ritira/")
    run_jobs()

    assert mailoutbox == []


def test_what_will_be_written_and_to_how_many_is_shown_first(valle: Cast, rossi: Family, desk: Browser) -> None:
    row = news(valle, "Sciopero", is_published=False)
    page = desk.read(f"/ufficio/news/{row.pk}/")
    with scope(valle.town.id):
        told = family_news.letter(news=row, now=clock.now())
    assert f"L’e-mail va a {told.adults} adulti, 5 minuti dopo" in page
    assert "Oggetto: Sciopero · Comune di Valle" in page
    Guardian.objects.update(wants_news_by_mail=False)
    assert "nessun adulto di queste famiglie riceve" in desk.read(f"/ufficio/news/{row.pk}/")


def test_a_letter_that_waits_is_written_anew_with_the_news(
    valle: Cast, rossi: Family, desk: Browser, mailoutbox: list[Any]
) -> None:
    """What was corrected within the five minutes goes out corrected, once; what has left is not written again."""
    row = news(valle, "Sciopero", is_published=False)
    desk.post(f"/ufficio/news/{row.pk}/pubblica/", {"is_mailed": "on"})
    jobs.take_waiting(town=valle.town.id)
    with scope(valle.town.id):
        family_news.tell_families(news_id=row.pk, after=0)
    assert Message.objects.filter(template="news_published", called_off_at=None).exists()

    desk.post(f"/ufficio/news/{row.pk}/", MENU | {"title": "Sciopero di venerdì"})
    run_jobs()

    assert {mail.subject for mail in mailoutbox} == {"Sciopero di venerdì · Comune di Valle"}
    told = [address for mail in mailoutbox for address in mail.to]
    assert len(told) == len(set(told)) == family_news.letter(news=row, now=clock.now()).adults
    desk.post(f"/ufficio/news/{row.pk}/", MENU | {"title": "Sciopero di sabato"})
    run_jobs()
    assert len(mailoutbox) == len(told)


def test_what_is_missing_is_said(desk: Browser) -> None:
    page = text_of(desk.post("/ufficio/news/nuova/", MENU | {"title": "", "audience": "class:999999", "until": "ieri"}))

    assert "Controlla 3 campi" in page
    assert not News.objects.exists()


def test_a_file_is_attached_and_taken_away(valle: Cast, desk: Browser, django_capture_on_commit_callbacks: Any) -> None:
    row = news(valle, is_published=False)

    assert "Allegato aggiunto" in text_of(upload(desk, row, "menu.pdf", PDF))

    file = Attachment.objects.get()
    assert default_storage.exists(file.stored_as)
    assert "menu" not in file.stored_as
    assert desk.get(f"/ufficio/news/{row.pk}/allegati/{file.pk}/").content == PDF
    assert desk.get(f"/ufficio/news/{row.pk + 1}/allegati/{file.pk}/").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(f"/ufficio/news/{row.pk}/allegati/{file.pk}/togli/")
    assert not default_storage.exists(file.stored_as)
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("menu.pdf", PAGE, "menu.pdf non si può allegare"),
        ("pagina.html", PAGE, "pagina.html non si può allegare"),
        ("menu.pdf", PDF + b"\0" * 5 * 1024 * 1024, "al massimo 5 MB"),
        ("menu.pdf", b"", "Questo file è vuoto"),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused(
    valle: Cast, desk: Browser, name: str, content: bytes, words: str
) -> None:
    row = news(valle, is_published=False)

    assert words in text_of(upload(desk, row, name, content))
    assert not Attachment.objects.exists()


def test_exactly_five_megabytes_fit_and_an_eleventh_file_does_not(valle: Cast, desk: Browser) -> None:
    row = news(valle, is_published=False)
    upload(desk, row, "grande.pdf", PDF + b"\0" * (5 * 1024 * 1024 - len(PDF)))
    for n in range(9):
        upload(desk, row, f"{n}.pdf", PDF)

    assert "al massimo 10 allegati" in text_of(upload(desk, row, "11.pdf", PDF))
    assert Attachment.objects.count() == 10


def test_another_towns_news_are_not_there(borgo: Cast, valle: Cast, desk: Browser) -> None:
    row = news(valle)
    other = browser(borgo.town, borgo.staff[Role.OFFICE])

    assert desk.get(f"/ufficio/news/{row.pk}/").status_code == 200
    for address in (f"/ufficio/news/{row.pk}/pubblica/", f"/ufficio/news/{row.pk}/ritira/"):
        assert other.post(address).status_code == 404
    assert other.get(f"/ufficio/news/{row.pk}/").status_code == 404


def test_a_family_has_no_desk(valle: Cast, rossi: Family) -> None:
    phone = browser(valle.town, rossi.user)

    for address in ("/ufficio/news/", "/ufficio/faq/", "/ufficio/segnalazioni/"):
        assert phone.get(address).status_code == 403


def test_the_list_asks_the_same_however_long_it_is(valle: Cast, desk: Browser) -> None:
    for n in range(20):
        news(valle, f"News {n}", school_id=valle.school.pk)

    with at_most(4):
        desk.get("/ufficio/news/")


def test_a_town_begins_with_twelve_questions_and_makes_them_its_own(valle: Cast, rossi: Family, desk: Browser) -> None:
    assert "Ancora nessuna domanda" in desk.read("/ufficio/faq/")
    assert "12 domande pronte" in text_of(desk.post("/ufficio/faq/comincia/", follow=True))
    first = queries.all_faqs()[0]
    words = {"question": "Dove si paga?", "answer": "Qui.", "position": "999", "is_published": "on"}

    desk.post(f"/ufficio/faq/{first.pk}/", words)
    desk.post("/ufficio/faq/nuova/", words | {"question": "È nascosta?", "is_published": ""})

    shown = [faq.question for faq in queries.faqs()]
    assert len(shown) == 12
    assert shown[-1] == "Dove si paga?"
    assert "È nascosta? Nascosta" in desk.read("/ufficio/faq/")
    desk.post(f"/ufficio/faq/{first.pk}/togli/")
    assert Faq.objects.count() == 12
    assert operations.start_faq(by=OFFICE, now=clock.now()) == 0


def test_ended_news_say_so(valle: Cast, desk: Browser) -> None:
    news(valle, until=clock.today().replace(day=1))

    assert "Passata" in desk.read("/ufficio/news/")

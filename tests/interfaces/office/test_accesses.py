"""Accesses the office gives: by letter, with a user name that is free, never with a password anybody has seen."""

import re
from typing import Any

from campanella.domains.accounts import passwords
from campanella.domains.accounts.models import User
from campanella.domains.messaging.models import Message
from campanella.domains.people import operations as people
from campanella.foundation.core import clock
from tests.browsing import browser
from tests.foundation.documents.reading import text_of as pdf_text
from tests.towns import PASSWORD, Cast, Family, choosing, text_of


def test_a_new_access_gets_a_letter_and_its_link_works_once(valle: Cast) -> None:
    adult = people.register_guardian(
        given_name="Niccolò", family_name="D’Andrea", tax_code="", email="nic@posta.example", phone=""
    )
    office = browser(valle.town, valle.staff["office"])

    office.post(f"/ufficio/adulti/{adult.pk}/accesso/")

    letter = Message.objects.get(template="new_access")
    assert letter.address == "nic@posta.example"
    assert "niccolo.dandrea" in letter.text
    page = office.read(f"/ufficio/adulti/{adult.pk}/")
    assert "Nome utente niccolo.dandrea" in page
    assert "ha dato l’accesso niccolo.dandrea" in page
    user_id, token = re.findall(r"/password/nuova/(\d+)/([^/]+)/", letter.text)[0]
    passwords.reset_password(user_id=int(user_id), token=token, new="una-nuova-password-1", now=clock.now())


def test_two_of_the_same_name_get_two_user_names(valle: Cast) -> None:
    office = browser(valle.town, valle.staff["office"])
    for i in range(2):
        adult = people.register_guardian(
            given_name="Ada", family_name="Neri", tax_code="", email=f"ada{i}@posta.example", phone=""
        )
        office.post(f"/ufficio/adulti/{adult.pk}/accesso/")
    assert "Nome utente ada.neri2" in office.read(f"/ufficio/adulti/{adult.pk}/")


def test_who_has_an_access_gets_a_link_for_a_new_password(valle: Cast) -> None:
    adult = valle.families["rossi"].guardian
    office = browser(valle.town, valle.staff["office"])
    for _ in range(2):
        office.post(f"/ufficio/adulti/{adult.pk}/accesso/")
    assert Message.objects.filter(template="password_reset").count() == 1
    assert "ha mandato il collegamento per la nuova password di rossi" in office.read(f"/ufficio/adulti/{adult.pk}/")


def test_without_an_address_nothing_is_made(valle: Cast) -> None:
    adult = people.register_guardian(given_name="Ada", family_name="Neri", tax_code="", email="", phone="")
    office = browser(valle.town, valle.staff["office"])
    answer = office.post(f"/ufficio/adulti/{adult.pk}/accesso/", follow=True)
    assert "Manca l’e-mail" in text_of(answer)
    assert Message.objects.count() == 0


def test_a_child_gets_an_access_of_its_own(valle: Cast) -> None:
    choosing(valle.town, account_per_child=True)
    anna = valle.child("Anna")
    office = browser(valle.town, valle.staff["office"])
    office.post(f"/ufficio/bambini/{anna.pk}/accesso/")
    page = office.read(f"/ufficio/bambini/{anna.pk}/")
    assert "entra come anna.rossi e vede solo questo bambino" in page
    assert Message.objects.get(template="new_access").address == "rossi@posta.example"


def printed(answer: Any) -> dict[str, str]:
    """Read user name and password from a printed letter, as its person does."""
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    text = pdf_text(answer.content)
    name = re.search(r"Nome utente (\S+)", text)
    word = re.search(r"prima volta (\S+)", text)
    assert name, text
    assert word, text
    return {"username": name[1], "password": word[1]}


def test_a_family_without_e_mail_enters_with_the_letter_and_chooses_its_password(valle: Cast) -> None:
    adult = people.register_guardian(given_name="Ada", family_name="Neri", tax_code="", email="", phone="")
    office = browser(valle.town, valle.staff["office"])
    office.post(f"/ufficio/adulti/{adult.pk}/recapiti/", {"email": "", "phone": "", "address": "via Po 3, Valle"})

    first = printed(office.post(f"/ufficio/adulti/{adult.pk}/accesso/lettera/"))
    second = printed(office.post(f"/ufficio/adulti/{adult.pk}/accesso/lettera/"))

    assert first["username"] == second["username"] == "ada.neri"
    home = browser(valle.town)
    assert "non corretti" in text_of(home.post("/entra/", first))
    home.post("/entra/", second)
    assert home.get("/")["Location"] == "/password/prima/"
    page = office.read(f"/ufficio/adulti/{adult.pk}/")
    assert "ha stampato una password provvisoria per ada.neri" in page
    assert second["password"] not in page


def test_a_closed_access_lets_nobody_in_until_it_is_open_again(valle: Cast, rossi: Family) -> None:
    office, mother = browser(valle.town, valle.staff["office"]), browser(valle.town, rossi.user)
    address = f"/ufficio/adulti/{rossi.guardian.pk}/accesso/chiudi/"
    assert mother.get("/").status_code == 200

    office.post(address)
    assert mother.get("/").status_code == 302
    assert "L’accesso è chiuso" in office.read(f"/ufficio/adulti/{rossi.guardian.pk}/")
    closed = office.post(f"/ufficio/adulti/{rossi.guardian.pk}/accesso/lettera/", follow=True)
    assert "prima riaprilo" in text_of(closed)
    office.post(address, {"open": "1"})

    assert browser(valle.town).post("/entra/", {"username": "rossi", "password": PASSWORD}).status_code == 302
    assert "ha chiuso l’accesso rossi" in office.read(f"/ufficio/adulti/{rossi.guardian.pk}/")


def test_an_access_for_one_child_is_printed_and_closed(valle: Cast) -> None:
    choosing(valle.town, account_per_child=True)
    anna = valle.child("Anna")
    office = browser(valle.town, valle.staff["office"])
    letter = printed(office.post(f"/ufficio/bambini/{anna.pk}/accesso/lettera/"))
    user = User.objects.get(username=letter["username"])

    office.post(f"/ufficio/bambini/{anna.pk}/accesso/{user.pk}/chiudi/")
    assert not User.objects.get(pk=user.pk).is_active
    other = valle.child("Luca").pk
    assert office.post(f"/ufficio/bambini/{other}/accesso/{user.pk}/chiudi/", {"open": "1"}).status_code == 404


TEACHER = {"display_name": "Bianca Maestri", "email": "bianca@scuola.example", "roles": ["school"]}


def test_the_office_gives_a_teacher_her_access_and_her_school(valle: Cast) -> None:
    office = browser(valle.town, valle.staff["office"])
    office.post("/ufficio/impostazioni/persone/nuova/", {**TEACHER, "school_ids": [valle.school.pk]})
    teacher = User.objects.get(username="bianca.maestri")

    assert Message.objects.get(template="new_access").address == "bianca@scuola.example"
    page = office.read("/ufficio/impostazioni/persone/")
    assert "Bianca Maestri Scuola: Primaria Rodari · entra come bianca.maestri" in page
    letter = printed(office.post(f"/ufficio/impostazioni/persone/{teacher.pk}/lettera/"))
    at_school = browser(valle.town)
    at_school.post("/entra/", letter)
    at_school.post("/password/prima/", {"new": "tre parole che ricordo", "again": "tre parole che ricordo"})
    assert at_school.get("/appello/").status_code == 200
    assert at_school.get("/ufficio/").status_code == 403

    office.post(f"/ufficio/impostazioni/persone/{teacher.pk}/", {**TEACHER, "roles": ["kitchen"]})
    assert (at_school.get("/appello/").status_code, at_school.get("/cucina/").status_code) == (403, 200)
    office.post(f"/ufficio/impostazioni/persone/{teacher.pk}/chiudi/")
    assert at_school.get("/cucina/").status_code == 302
    assert "ha chiuso l’accesso bianca.maestri" in office.read(f"/ufficio/impostazioni/persone/{teacher.pk}/")


def test_nobody_shuts_themselves_out(valle: Cast) -> None:
    me = valle.staff["office"]
    office = browser(valle.town, me)
    closed = office.post(f"/ufficio/impostazioni/persone/{me.pk}/chiudi/", follow=True)
    assert "Chiedilo a un collega" in text_of(closed)
    less = office.post(f"/ufficio/impostazioni/persone/{me.pk}/", {**TEACHER, "roles": ["school"]})
    assert "Chiedilo a un collega" in text_of(less)
    assert office.get("/ufficio/").status_code == 200


def test_a_family_and_another_towns_colleague_are_no_staff_of_ours(borgo: Cast, valle: Cast, rossi: Family) -> None:
    office = browser(valle.town, valle.staff["office"])
    for stranger in (rossi.user, borgo.staff["school"]):
        assert office.get(f"/ufficio/impostazioni/persone/{stranger.pk}/").status_code == 404
        assert office.post(f"/ufficio/impostazioni/persone/{stranger.pk}/lettera/").status_code == 404
        assert office.post(f"/ufficio/impostazioni/persone/{stranger.pk}/chiudi/").status_code == 404

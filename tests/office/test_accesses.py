"""Accesses the office gives: by letter, with a user name that is free, never with a password anybody has seen."""

import re

from campanella.domains.accounts import operations as accounts
from campanella.domains.messaging.models import Message
from campanella.domains.people import operations as people
from campanella.foundation.core import clock
from tests.browsing import browser
from tests.towns import Cast, text_of


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
    accounts.reset_password(user_id=int(user_id), token=token, new="una-nuova-password-1", now=clock.now())


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
    anna = valle.child("Anna")
    office = browser(valle.town, valle.staff["office"])
    office.post(f"/ufficio/bambini/{anna.pk}/accesso/")
    page = office.read(f"/ufficio/bambini/{anna.pk}/")
    assert "entra come anna.rossi e vede solo questo bambino" in page
    assert Message.objects.get(template="new_access").address == "rossi@posta.example"

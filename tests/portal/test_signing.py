"""Entering, leaving, forgotten and first passwords."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campanella.domains.accounts.models import Session, User
from campanella.domains.messaging.models import Message
from campanella.foundation.tenants import queries as tenants
from campanella.foundation.tenants.models import Municipality
from tests.portal.phones import Phone, phone, words
from tests.towns import PASSWORD, Cast, Family, run_jobs

NEW = "tre parole che ricordo"


def test_a_parent_enters_and_is_at_home(valle: Cast, rossi: Family) -> None:
    answer = Phone().sign_in("  Rossi ")

    assert (answer.status_code, answer["Location"]) == (302, "/")


@pytest.mark.parametrize(("name", "password"), [("rossi", "sbagliata"), ("nessuno", PASSWORD), ("nessuno", "sbagliata")])
def test_a_refusal_never_says_which_of_the_two_was_wrong(valle: Cast, name: str, password: str) -> None:
    answer = Phone().sign_in(name, password)

    assert "Nome utente o password non corretti" in words(answer)
    assert "Errore: Entra" in words(answer)
    assert PASSWORD not in answer.content.decode()


def test_the_fields_can_be_filled_by_a_password_manager(valle: Cast) -> None:
    page = Phone().get("/entra/").content.decode()

    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page


def test_after_eight_failures_the_name_waits_even_with_the_right_password(valle: Cast, at: Any) -> None:
    one = Phone()
    for _ in range(8):
        one.sign_in("rossi", "sbagliata")

    assert "Troppi tentativi. Aspetta un quarto d’ora" in words(one.sign_in("rossi"))
    at("09:03")
    assert one.sign_in("rossi").status_code == 302


def test_signed_out_goes_to_sign_in_and_comes_back_to_the_same_place(valle: Cast) -> None:
    one = Phone()
    sent = one.get("/?da=home")

    assert sent["Location"] == "/entra/?next=%2F%3Fda%3Dhome"
    assert 'name="next" value="/?da=home"' in one.get(sent["Location"]).content.decode()
    assert one.sign_in("rossi", next="/?da=home")["Location"] == "/?da=home"


def test_a_session_that_ended_in_the_middle_of_a_form_comes_back_to_its_page(valle: Cast, rossi: Family) -> None:
    one = phone(rossi.user)
    Session.objects.all().delete()

    sent = one.post("/password/prima/", {"new": "1"}, HTTP_REFERER="http://valle.localhost/password/prima/?passo=2")

    assert sent.status_code == 302, words(sent)
    assert sent["Location"] == "/entra/?next=%2Fpassword%2Fprima%2F%3Fpasso%3D2"


@pytest.mark.parametrize(
    "place",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "///evil.example",
        "javascript:alert(1)",
        "http:evil",
        "\t//evil.example",
        "/" + "a" * 600,
    ],
)
def test_nobody_is_led_out_of_the_town(valle: Cast, place: str) -> None:
    assert Phone().sign_in("rossi", next=place)["Location"] == "/"


def test_a_place_of_another_role_is_not_followed(valle: Cast) -> None:
    school = Phone().sign_in("school", next="/anagrafica/")

    assert school["Location"] != "/anagrafica/"


@pytest.mark.parametrize("path", ["/presenze/", "/pagamenti/"])
def test_the_school_does_not_see_the_families_pages(valle: Cast, path: str) -> None:
    assert phone(valle.staff["school"]).get(path).status_code == 403


def test_a_user_of_another_town_is_unknown_here(borgo: Cast, valle: Cast) -> None:
    assert Phone("borgo.localhost").sign_in("rossi").status_code == 302
    here = phone(valle.families["rossi"].user)
    elsewhere = Phone("borgo.localhost")
    elsewhere.client.cookies = here.client.cookies

    assert elsewhere.get("/").status_code == 302


def test_leaving_ends_the_session(valle: Cast, rossi: Family) -> None:
    one = phone(rossi.user)

    assert one.get("/esci/").status_code == 405
    assert "Sei uscito" in words(one.post("/esci/", follow=True))
    assert one.get("/").status_code == 302
    assert not Session.objects.filter(user_id=rossi.user.pk).exists()


def _link_in(message: Message) -> str:
    found = re.search(r"http://valle\.localhost:\d+(/password/nuova/\S+)", message.text)
    assert found
    return found[1]


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(valle: Cast, rossi: Family) -> None:
    other = phone(rossi.user)
    one = Phone()
    one.post("/password/dimenticata/", {"asked": "rossi@posta.example"})
    run_jobs()
    link = _link_in(Message.objects.get())
    assert mail.outbox[0].to == ["rossi@posta.example"]

    assert "Per l’accesso rossi" in words(one.get(link))
    assert "sono diverse" in words(one.post(link, {"new": NEW, "again": "altro"}))
    assert "troppo corta: servono almeno 10 caratteri" in words(one.post(link, {"new": "corta", "again": "corta"}))
    answer = one.post(link, {"new": NEW, "again": NEW}, follow=True)

    assert "La password è cambiata" in words(answer)
    assert one.post(link, {"new": NEW, "again": NEW}).status_code == 410
    assert "non vale più" in words(one.get(link))
    assert other.get("/").status_code == 302, "other sessions end"
    assert one.sign_in("rossi", NEW).status_code == 302
    run_jobs()
    assert "La tua password è cambiata" in mail.outbox[-1].subject


@pytest.mark.parametrize("asked", ["rossi", "ROSSI@posta.example", "nessuno@posta.example", "nessuno", "school"])
def test_asking_for_a_password_never_tells_who_is_known(valle: Cast, asked: str) -> None:
    """The page writes one job and reads nobody, so its time tells nothing either."""
    one = Phone()
    known = words(one.post("/password/dimenticata/", {"asked": "rossi"}))

    with CaptureQueriesContext(connection) as captured:
        answer = one.post("/password/dimenticata/", {"asked": asked})

    assert words(answer) == known
    assert "Se i dati sono giusti" in known
    assert not [query for query in captured.captured_queries if "accounts_user" in query["sql"]]


def test_each_access_of_an_address_gets_its_own_letter_and_a_hurry_no_second(valle: Cast, rossi: Family) -> None:
    User.objects.filter(username="haddad").update(email="Rossi@posta.example")
    for _ in range(3):
        Phone().post("/password/dimenticata/", {"asked": "rossi@posta.example"})
    run_jobs()

    assert sorted(re.search(r"accesso “(\w+)”", m.text)[1] for m in Message.objects.all()) == ["haddad", "rossi"]  # type: ignore[index]  # each has one


def test_a_link_of_an_hour_ago_is_too_old(valle: Cast) -> None:
    Phone().post("/password/dimenticata/", {"asked": "rossi"})
    run_jobs()
    message = Message.objects.get()
    with time_machine.travel(timedelta(seconds=3601)):
        assert "non vale più" in words(Phone().get(_link_in(message)))


def test_the_password_of_the_letter_is_changed_before_anything_else(valle: Cast, rossi: Family) -> None:
    User.objects.filter(pk=rossi.user.pk).update(must_change_password=True)
    one = phone(rossi.user)

    assert one.get("/")["Location"] == "/password/prima/"
    assert "quella della lettera" in words(one.get("/password/prima/")).lower()
    assert "scegline una diversa" in words(one.post("/password/prima/", {"new": PASSWORD, "again": PASSWORD}))
    answer = one.post("/password/prima/", {"new": NEW, "again": NEW}, follow=True)

    assert "La tua password è pronta" in words(answer)
    assert "Buongiorno, Maria Addolorata" in words(answer)
    assert one.get("/password/prima/")["Location"] == "/"


def test_a_cashier_lands_where_it_is_said_that_nothing_is_asked_of_them_yet(valle: Cast) -> None:
    one = Phone()
    place = one.sign_in("cashier")["Location"]
    page = words(one.get(place))

    assert place == "/accesso/"
    assert "La cassa non è ancora aperta" in page
    assert "Che cosa puoi aprire" not in page


@pytest.mark.parametrize(
    ("role", "room", "address"), [("school", "Appello", "/appello/"), ("office", "Ufficio", "/ufficio/")]
)
def test_staff_see_what_they_may_open_and_change_their_password(valle: Cast, role: str, room: str, address: str) -> None:
    one = phone(valle.staff[role])
    page = one.get("/accesso/").content.decode()
    sent = one.post("/accesso/", {"old": PASSWORD, "new": NEW, "again": NEW})

    assert f'href="{address}"' in page
    assert room in page
    assert sent["Location"] == "/accesso/"
    assert "Password cambiata" in words(one.get("/accesso/"))
    assert Phone().sign_in(role, NEW)["Location"] == address


def test_who_is_refused_is_shown_the_way_to_their_own_pages(valle: Cast) -> None:
    refused = phone(valle.staff["school"]).get("/ufficio/")

    assert refused.status_code == 403
    assert 'href="/accesso/"' in refused.content.decode()


def test_a_town_may_close_the_door_of_names_and_passwords_to_families(valle: Cast, rossi: Family) -> None:
    one, desk = Phone(), Phone()
    Municipality.objects.filter(pk=valle.town.id).update(choices={"doors": []})
    tenants.forget()

    refused = words(one.sign_in(rossi.user))

    assert "Qui le famiglie non entrano con nome utente e password" in refused
    assert one.get("/").status_code == 302
    assert desk.sign_in(valle.staff["office"]).status_code == 302

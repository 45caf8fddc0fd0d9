"""Passwords: of a letter, forgotten, guessed, chosen anew."""

import re
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campanella.domains.accounts import giving, passwords
from campanella.domains.accounts.models import ForgottenPassword, User
from campanella.domains.messaging.models import Message
from campanella.foundation.core import clock, jobs
from tests.interfaces.portal.phones import Phone, phone, words
from tests.towns import PASSWORD, Cast, Family, run_jobs

NEW = "tre parole che ricordo"


@pytest.mark.parametrize("way", ["link", "letter"])
def test_a_new_password_ends_the_waiting_of_its_name(valle: Cast, rossi: Family, way: str) -> None:
    one = Phone()
    for _ in range(9):
        one.sign_in("rossi", "sbagliata")
    if way == "link":
        link = f"/password/nuova/{rossi.user.pk}/{passwords.reset_token(user=rossi.user)}/"
        one.post(link, {"new": NEW, "again": NEW})
        new = NEW
    else:
        new = giving.give_password(by=valle.staff["office"], user=rossi.user, now=clock.now())

    assert one.sign_in("rossi", new).status_code == 302


def test_the_password_of_a_letter_enters_once(valle: Cast, rossi: Family) -> None:
    word = giving.give_password(by=valle.staff["office"], user=rossi.user, now=clock.now())
    first, second = Phone(), Phone()

    assert first.sign_in("rossi", word).status_code == 302
    assert "valeva una volta sola" in words(second.sign_in("rossi", word))
    assert second.get("/password/prima/").status_code == 302
    first.post("/password/prima/", {"new": NEW, "again": NEW})
    assert second.sign_in("rossi", NEW).status_code == 302


def test_the_password_of_a_letter_waits_thirty_days(valle: Cast, rossi: Family, at: Any) -> None:
    word = giving.give_password(by=valle.staff["office"], user=rossi.user, now=clock.now())

    at("2026-11-13 08:48")
    assert "è passato troppo tempo" in words(Phone().sign_in("rossi", word))
    word = giving.give_password(by=valle.staff["office"], user=rossi.user, now=clock.now())
    assert Phone().sign_in("rossi", word).status_code == 302


@pytest.mark.parametrize(
    ("new", "why"),
    [
        ("aaaaaaaaaaaa", "troppo semplice"),
        ("abcabcabcabc", "troppo semplice"),
        ("abcdefghijkl", "troppo semplice"),
        ("12345678900", "solo cifre"),
        ("password2026!", "più usate al mondo"),
        ("Maria Addolorata", "Somiglia troppo"),
    ],
)
def test_a_password_that_is_guessed_first_is_refused(valle: Cast, rossi: Family, new: str, why: str) -> None:
    link = f"/password/nuova/{rossi.user.pk}/{passwords.reset_token(user=rossi.user)}/"

    assert why in words(Phone().post(link, {"new": new, "again": new}))


def test_the_password_in_an_open_session_is_not_guessed_either(valle: Cast, rossi: Family) -> None:
    one = phone(rossi.user)
    for number in range(8):
        one.post("/utility/password/", {"old": f"prova {number}", "new": NEW, "again": NEW})

    assert "Troppi tentativi" in words(one.post("/utility/password/", {"old": PASSWORD, "new": NEW, "again": NEW}))
    assert Phone().sign_in("rossi").status_code == 302, "the owner at the door is not held up"


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


def test_a_link_of_an_hour_ago_is_too_old(valle: Cast, at: Any) -> None:
    Phone().post("/password/dimenticata/", {"asked": "rossi"})
    run_jobs()
    message = Message.objects.get()
    at("09:47")
    assert "Salva la password" in words(Phone().get(_link_in(message)))
    at("09:47:01")
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


def test_what_was_typed_is_in_no_job_and_is_kept_until_somebody_looked(valle: Cast, rossi: Family) -> None:
    Phone().post("/password/dimenticata/", {"asked": "rossi@posta.example"})
    with connection.cursor() as cursor:
        cursor.execute("select count(*), count(*) filter (where args::text like '%rossi%') from procrastinate_jobs")
        assert cursor.fetchone() == (1, 0)
    assert ForgottenPassword.objects.get().asked == "rossi@posta.example"

    run_jobs()

    assert not ForgottenPassword.objects.exists()
    assert Message.objects.count() == 1


def test_a_job_of_the_release_before_still_writes_the_link(valle: Cast, rossi: Family) -> None:
    fields = {"asked": "rossi", "asked_at": clock.now().isoformat()}
    jobs.enqueue("react", town=valle.town.id, event="NewPasswordAsked", reaction="access.send_reset_links", fields=fields)

    run_jobs()

    assert Message.objects.get().template == "password_reset"

"""Entering, leaving, forgotten and first passwords."""

from datetime import datetime
from typing import Any

import pytest
import time_machine

from campanella.domains.accounts import rules
from campanella.domains.accounts.hashing import hashed
from campanella.domains.accounts.models import Session, SignInAttempt
from campanella.foundation.core import clock
from campanella.foundation.tenants import queries as tenants
from campanella.foundation.tenants.models import Municipality
from campanella.interfaces.entry import browsers
from tests.interfaces.portal.phones import Phone, phone, words
from tests.towns import PASSWORD, Cast, Family

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


def test_after_eight_failures_the_right_password_waits_a_little_and_enters(valle: Cast, at: Any) -> None:
    one = Phone()
    said = [words(one.sign_in("rossi", "sbagliata")) for _ in range(8)]

    assert "Hai ancora" not in said[0]
    assert "Hai ancora 5 tentativi" in said[2]
    assert "Hai ancora un tentativo" in said[6]
    assert "Non riusciamo a farti entrare" in said[6]
    assert "Troppi tentativi. Aspetta 15 secondi" in words(one.sign_in("rossi"))
    at("08:47:15")
    assert one.sign_in("rossi").status_code == 302
    assert not SignInAttempt.objects.exists(), "its failures are forgotten"


def test_a_guesser_elsewhere_holds_up_neither_the_owner_nor_a_known_browser(valle: Cast) -> None:
    known, guesser = phone(valle.families["rossi"].user), Phone()
    known.post("/esci/")
    for number in range(60):
        guesser.post("/entra/", {"username": "rossi", "password": "x"}, REMOTE_ADDR=f"198.51.100.{number}")

    assert "Troppi tentativi" in words(Phone().sign_in("rossi")), "another browser is slowed down"
    assert known.sign_in("rossi").status_code == 302
    known.post("/esci/")
    for number in range(8):
        known.sign_in("rossi", f"sbagliata {number}")
    assert "Troppi tentativi" in words(known.sign_in("rossi")), "and a known one has its own eight"


def test_a_browser_is_known_for_the_names_that_entered_in_it(valle: Cast) -> None:
    own = phone(valle.families["haddad"].user)
    own.post("/esci/")
    for _ in range(8):
        own.sign_in("rossi", "sbagliata")

    assert "Troppi tentativi" in words(own.sign_in("rossi"))
    assert "Troppi tentativi" in words(Phone().sign_in("rossi")), "counted as any other browser of this place"
    forged = Phone()
    forged.client.cookies[browsers.COOKIE] = own.client.cookies[browsers.COOKIE].value[:-1] + "x"
    assert forged.get("/entra/").status_code == 200


@pytest.mark.slow
def test_a_school_behind_one_address_enters_on_its_first_day(valle: Cast) -> None:
    """Two hundred mistyped passwords of many people from one address stop nobody."""
    for number in range(200):
        Phone().sign_in(f"maestra{number}", "sbagliata")

    assert Phone().sign_in("school").status_code == 302


def test_a_guesser_of_many_names_from_one_place_is_slowed_down(valle: Cast, at: Any) -> None:
    now = clock.now()
    SignInAttempt.objects.bulk_create(
        SignInAttempt(name_hash=str(number), origin_hash=hashed("127.0.0.1"), at=now) for number in range(300)
    )

    assert "Troppi tentativi. Aspetta 2 secondi" in words(Phone().sign_in("haddad"))
    assert Phone().post("/entra/", {"username": "haddad", "password": PASSWORD}, REMOTE_ADDR="::1").status_code == 302


def test_staff_leave_with_the_day_and_families_stay(valle: Cast, rossi: Family) -> None:
    teacher, mother = phone(valle.staff["school"]), phone(rossi.user)

    assert teacher.client.session.get_expiry_age() == (24 - 8 + rules.NIGHT.hour) * 3600 - 47 * 60
    assert mother.client.session.get_expiry_age() == 14 * 24 * 3600


@pytest.mark.parametrize("real", ["2026-03-29T00:59:59Z", "2026-10-25T00:59:59Z", "2026-12-31T22:59:59Z"])
def test_whatever_the_real_hour_an_access_lives_by_the_one_clock(valle: Cast, real: str) -> None:
    with time_machine.travel(real):
        teacher = phone(valle.staff["school"])
    assert teacher.client.session.get_expiry_age() == (24 - 8 + rules.NIGHT.hour) * 3600 - 47 * 60
    assert teacher.get("/appello/").status_code == 200


def test_what_a_stranger_left_in_the_browser_is_gone_with_the_first_person(valle: Cast) -> None:
    one = Phone()
    contact = {"name": "Ugo Bianchi", "email": "ugo@posta.example", "topic": "other", "text": "Buongiorno"}
    one.post("/contattaci/", contact)
    assert "ugo@posta.example" in words(one.get("/contattaci/inviata/"))

    one.sign_in("rossi")
    assert one.get("/contattaci/inviata/").status_code == 302


def test_no_answer_to_a_person_is_kept_and_leaving_clears_the_browser(valle: Cast, rossi: Family) -> None:
    mother, teacher = phone(rossi.user), phone(valle.staff["school"])
    refused = mother.get("/ufficio/")
    answers = [mother.get("/"), mother.get("/anagrafica/"), refused, teacher.get("/appello/")]

    assert {answer["Cache-Control"] for answer in answers} == {"private, no-store"}
    assert len({answer["X-Person"] for answer in answers}) == 2
    assert "nobody" not in {answer["X-Person"] for answer in answers}
    # By the clock of the server: the note on a copy tells it.
    assert {datetime.fromisoformat(answer["X-Moment"]) for answer in answers} == {clock.now()}
    left = mother.post("/esci/")
    assert (left["Clear-Site-Data"], left["X-Person"]) == ('"cache"', "nobody")
    assert mother.get("/entra/")["X-Person"] == "nobody"


def test_the_browser_can_tell_whose_its_pages_are(valle: Cast, rossi: Family) -> None:
    mother, father = phone(rossi.user), phone(valle.families["haddad"].user)
    home = mother.get("/")

    word = home.cookies["person"]
    assert (word.value, bool(word["httponly"])) == (home["X-Person"], False)
    assert f'<html lang="it" data-person="{word.value}">' in home.content.decode()
    assert "person" not in mother.get("/").cookies, "it is said again only when it changes"
    assert father.get("/").cookies["person"].value != word.value
    assert mother.post("/esci/").cookies["person"].value == "nobody"
    assert 'data-person="nobody"' in mother.get("/entra/").content.decode()


def test_whose_session_is_over_reads_it(valle: Cast, rossi: Family) -> None:
    one, stranger = phone(rossi.user), Phone()
    Session.objects.all().delete()

    assert "È passato del tempo: rientra" in words(one.get("/anagrafica/", follow=True))
    assert "È passato del tempo" not in words(stranger.get("/anagrafica/", follow=True))


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
    assert sent["Location"] == "/entra/?next=%2Fpassword%2Fprima%2F%3Fpasso%3D2&finita=1"


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

    assert one.get("/esci/").headers["Location"] == "/"
    assert "Buon" in words(one.get("/"))
    assert "Sei uscito" in words(one.post("/esci/", follow=True))
    assert one.get("/").status_code == 302
    assert not Session.objects.filter(user_id=rossi.user.pk).exists()


def test_a_cashier_lands_where_it_is_said_that_nothing_is_asked_of_them_yet(valle: Cast) -> None:
    one = Phone()
    place = one.sign_in("cashier")["Location"]
    page = words(one.get(place))

    assert place == "/cassa/"
    assert "La cassa non è ancora aperta" in page
    assert "Codice di ricarica" not in page


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

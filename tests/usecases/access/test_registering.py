"""Registering oneself: who is let see a child, by what; and that nobody learns on a page who is on record."""

import re
from typing import Any

import pytest
from django.core import mail

from campanella.domains.accounts.models import User
from campanella.domains.people import operations as people
from campanella.domains.people import queries as persons
from campanella.domains.people import registered, rules
from campanella.domains.people.models import Guardian, Guardianship, LinkCode, Registration
from campanella.domains.people.registering import DecidedAlready, make_code
from campanella.foundation.core import clock
from campanella.usecases import night, registry
from campanella.usecases.access import requests
from tests.browsing import Browser, browser
from tests.towns import OFFICE, PASSWORD, Cast, choosing, run_jobs, text_of

BIANCHI = "BNCLRA88C51F205T"
ROSSI = "RSSMRA85T10A562S"


@pytest.fixture
def door(valle: Cast) -> Browser:
    """Somebody without an access, in a town whose door is open."""
    choosing(valle.town, registration=True)
    return browser(valle.town)


def written(**more: str) -> dict[str, str]:
    """Return what a mother writes whom the town does not know."""
    return {
        "given_name": "Laura",
        "family_name": "Bianchi",
        "tax_code": BIANCHI,
        "email": "laura@posta.example",
        "username": "laura.bianchi88",
        "new": PASSWORD,
        "again": PASSWORD,
        "code": "",
        "about": "Anna, 2B",
        "agrees": "on",
        **more,
    }


def sent(to: str) -> list[Any]:
    """Return the letters to a mailbox so far, oldest first."""
    run_jobs()
    return [letter for letter in mail.outbox if letter.to == [to]]


def confirmed(door: Browser, **more: str) -> str:
    """Register, follow the link, and return the text of the last letter to the mailbox."""
    data = written(**more)
    assert "Controlla la posta" in text_of(door.post("/registrati/", data))
    follow(door, data["email"])
    return str(sent(data["email"])[-1].body)


def follow(door: Browser, email: str) -> Any:
    """Press the button of the page to which the newest letter leads."""
    link = re.findall(r"/registrati/conferma/\S+", "\n".join(letter.body for letter in sent(email)))[-1]
    assert "Ti sei registrato tu?" in door.read(link)
    return door.post(link)


def code_of(valle: Cast, child: str = "Anna") -> str:
    """Return a code that the office has printed for a child."""
    return make_code(by=OFFICE, child=valle.child(child), now=clock.now())


def seen_by(username: str) -> list[str]:
    """Return the given names of whom an access sees."""
    return [child.given_name for child in persons.children_of(user=User.objects.get(username=username))]


@pytest.mark.parametrize(
    ("adult", "access", "address", "code", "codes_adult", "road"),
    [
        # A tax code alone proves nothing, whoever has it.
        (True, False, False, False, False, "waiting"),
        (True, False, True, False, False, "tied"),
        (True, False, False, True, True, "tied"),
        # A code for another child is no key to the children of the adult one says to be.
        (True, False, False, True, False, "waiting"),
        (True, False, True, True, False, "tied"),
        (True, True, True, False, False, "known"),
        (True, True, False, True, True, "waiting"),
        (False, False, False, True, False, "tied"),
        (False, False, False, False, False, "waiting"),
    ],
)
def test_the_road(adult: bool, access: bool, address: bool, code: bool, codes_adult: bool, road: str) -> None:
    found = rules.registration_road(
        knows_adult=adult, has_access=access, is_same_address=address, has_code=code, is_code_of_adult=codes_adult
    )
    assert found == road


def test_with_the_code_of_the_letter_a_new_adult_sees_the_child_at_once(valle: Cast, door: Browser) -> None:
    letter = confirmed(door, code=code_of(valle).lower().replace("-", " "))

    assert "trovi già tuo figlio" in letter
    assert "Il tuo nome utente è: laura.bianchi88" in letter
    answer = door.post("/entra/", {"username": "laura.bianchi88", "password": PASSWORD}, follow=True)
    assert "Anna" in text_of(answer)
    assert seen_by("laura.bianchi88") == ["Anna"]
    tie = Guardianship.objects.get(guardian__tax_code=BIANCHI)
    assert (tie.is_payer, tie.kind) == (False, "parent")
    # The mother who was there is told, without whose mailbox it is.
    (told,) = sent("rossi@posta.example")
    assert "un altro adulto si è registrato come genitore di Anna" in told.body
    assert "laura" not in told.body.lower()
    # No password is kept where it is no longer needed, and the code is used up.
    assert Registration.objects.get().password == ""
    assert LinkCode.objects.get().used_at


def test_a_code_is_used_once(valle: Cast, door: Browser) -> None:
    code = code_of(valle)
    confirmed(door, code=code)
    letter = confirmed(door, code=code, email="altro@posta.example", username="altro", tax_code="VRDPLA80A01L219H")
    assert "i tuoi figli li collega l’ufficio" in letter
    assert seen_by("altro") == []


def test_last_years_payer_is_known_by_tax_code_and_mailbox(valle: Cast, door: Browser) -> None:
    """Manual 5: the child is tied to the tax code of the parent who asked for the service last."""
    _without_access(valle)
    letter = confirmed(door, tax_code=ROSSI, email="Rossi@posta.example", username="m.rossi")
    assert "trovi già i tuoi 2 figli" in letter
    assert seen_by("m.rossi") == ["Anna", "Luca"]
    assert Guardian.objects.get(tax_code=ROSSI).user == User.objects.get(username="m.rossi")


def test_a_tax_code_that_somebody_has_reckoned_opens_nothing(valle: Cast, door: Browser) -> None:
    _without_access(valle)
    letter = confirmed(door, tax_code=ROSSI, email="ladro@posta.example", username="ladro")
    assert "i tuoi figli li collega l’ufficio" in letter
    assert seen_by("ladro") == []
    (warned,) = sent("rossi@posta.example")
    assert "Se sei stato tu non devi fare nulla: ti risponde l’ufficio." in warned.body


@pytest.mark.parametrize("is_later", [False, True])
def test_who_enters_as_an_adult_by_a_code_is_told_to_the_mailbox_of_that_adult(
    valle: Cast, door: Browser, is_later: bool
) -> None:
    """A code of the child may be in other hands, and a tax code is reckoned."""
    _without_access(valle)
    confirmed(door, tax_code=ROSSI, email="altra@posta.example", username="altra", code="" if is_later else code_of(valle))
    if is_later:
        inside = browser(valle.town, User.objects.get(username="altra"))
        inside.post("/anagrafica/figli/collega/", {"code": code_of(valle)})
    assert seen_by("altra") == ["Anna", "Luca"]
    warned = sent("rossi@posta.example")[-1]
    assert warned.subject.startswith("Un accesso a tuo nome")
    assert "entra come te e vede i tuoi figli" in warned.body.replace("\n", " ")
    assert "altra@" not in warned.body


def test_whom_the_office_lets_in_as_an_adult_is_told_to_the_mailbox_it_has(valle: Cast, door: Browser) -> None:
    _without_access(valle)
    confirmed(door, tax_code=ROSSI, email="altra@posta.example", username="altra")
    _accept(valle, [])
    assert sent("rossi@posta.example")[-1].subject.startswith("Un accesso a tuo nome")


def test_a_code_does_not_take_an_access_from_its_adult(valle: Cast, door: Browser) -> None:
    """Whoever waits under the tax code of somebody with an access is for the office, with a code of the child as well."""
    confirmed(door, tax_code=ROSSI, email="ladro@posta.example", username="ladro")
    inside = browser(valle.town, User.objects.get(username="ladro"))
    answer = inside.post("/anagrafica/figli/collega/", {"code": code_of(valle)})
    assert "Con questo codice non possiamo collegarti" in text_of(answer)
    assert (seen_by("ladro"), seen_by("rossi")) == ([], ["Anna", "Luca"])
    assert LinkCode.objects.get().used_at is None


def test_who_has_a_closed_access_is_warned_of_nobody_else(valle: Cast, door: Browser) -> None:
    User.objects.filter(username="rossi").update(is_active=False)
    letter = confirmed(door, tax_code=ROSSI, email="rossi@posta.example", username="rossi-bis")
    assert "i tuoi figli li collega l’ufficio" in letter
    assert not [one for one in sent("rossi@posta.example") if "a tuo nome" in one.subject]


def test_a_link_to_a_new_password_goes_to_the_address_of_the_access_alone(valle: Cast, door: Browser) -> None:
    User.objects.filter(username="rossi").update(email="rossi@comune.example")
    letter = confirmed(door, tax_code=ROSSI, email="rossi@posta.example", username="rossi-bis")
    assert "Il tuo nome utente è: rossi " in letter.replace("\n", " ")
    assert "/password/nuova/" not in letter
    assert "scriviamo all’indirizzo di questo accesso, che è un altro" in letter


def test_a_door_that_is_closed_meanwhile_lets_no_link_in(valle: Cast, door: Browser) -> None:
    door.post("/registrati/", written())
    (letter,) = sent("laura@posta.example")
    link = re.findall(r"/registrati/conferma/\S+", letter.body)[-1]
    choosing(valle.town, registration=False)
    assert "Qui l’accesso lo dà l’ufficio" in door.read(link)
    assert door.post(link).status_code == 403
    assert Registration.objects.get().confirmed_at is None


def test_who_is_untied_comes_not_back_with_a_code_of_before(valle: Cast, door: Browser) -> None:
    confirmed(door, code=code_of(valle))
    kept = code_of(valle)
    father = Guardian.objects.get(tax_code=BIANCHI)
    anna = valle.child("Anna").pk
    registry.untie(by=OFFICE, child_id=anna, guardian_id=father.pk, why="Ordinanza", now=clock.now())
    inside = browser(valle.town, User.objects.get(username="laura.bianchi88"))
    answer = inside.post("/anagrafica/figli/collega/", {"code": kept})
    assert "Con questo codice non possiamo collegarti" in text_of(answer)
    assert seen_by("laura.bianchi88") == []


def test_who_is_tied_again_is_told_of_again(valle: Cast, door: Browser, at: Any) -> None:
    at("2026-10-14 09:00")
    confirmed(door, code=code_of(valle))
    adult = Guardian.objects.get(tax_code=BIANCHI)
    at("2026-10-14 10:00")
    registry.untie(by=OFFICE, child_id=valle.child("Anna").pk, guardian_id=adult.pk, why="Errore", now=clock.now())
    inside = browser(valle.town, User.objects.get(username="laura.bianchi88"))
    inside.post("/anagrafica/figli/collega/", {"code": code_of(valle)})
    assert len(sent("rossi@posta.example")) == 2


def test_who_has_an_access_is_reminded_of_it_at_the_mailbox_the_office_has(valle: Cast, door: Browser) -> None:
    letter = confirmed(door, tax_code=ROSSI, email="rossi@posta.example", username="rossi-bis")
    assert "un accesso ai servizi scolastici on-line lo hai già" in letter
    assert "Il tuo nome utente è: rossi " in letter.replace("\n", " ")
    assert not User.objects.filter(username="rossi-bis").exists()


def test_from_another_mailbox_nothing_is_told_and_the_adult_is_warned(valle: Cast, door: Browser) -> None:
    letter = confirmed(door, tax_code=ROSSI, email="ladro@posta.example", username="ladro")
    assert "i tuoi figli li collega l’ufficio" in letter
    (warned,) = sent("rossi@posta.example")
    assert "con il tuo codice fiscale e un’altra e-mail" in warned.body
    assert "ladro" not in warned.body
    with pytest.raises(requests.HasAccessAlready):
        _accept(valle, ["Anna"])


def test_the_pages_are_the_same_for_everybody(valle: Cast, door: Browser) -> None:
    """Whoever is on record and whoever is not, with a right code and with a wrong one, under a free name and a taken one."""
    tries = [
        written(),
        written(tax_code=ROSSI, email="b@posta.example"),
        written(email="rossi@posta.example", tax_code=ROSSI),
        written(email="c@posta.example", code=code_of(valle)),
        written(email="d@posta.example", code="ACDEFGHJKLMN"),
        written(email="e@posta.example", username="rossi"),
    ]
    first = {text_of(door.post("/registrati/", data)) for data in tries}
    letters = {re.sub(r"/conferma/\S+", "", letter.body) for data in tries for letter in sent(data["email"])}
    then = {text_of(follow(door, data["email"])) for data in tries}
    assert (len(first), len(letters), len(then)) == (1, 1, 1)
    assert not re.search("rossi|laura|anna", "".join(first | letters | then).lower())


def test_a_taken_name_gets_a_number_which_the_letter_alone_tells(valle: Cast, door: Browser) -> None:
    assert "Il tuo nome utente è: rossi2" in confirmed(door, username="Rossi")
    assert User.objects.get(username="rossi2").check_password(PASSWORD)


def test_a_link_is_followed_once_by_its_button_and_within_two_days(valle: Cast, door: Browser, at: Any) -> None:
    at("2026-10-14 09:00")
    door.post("/registrati/", written())
    assert follow(door, "laura@posta.example").status_code == 200
    again = follow(door, "laura@posta.example")
    assert again.status_code == 410
    assert "Se hai già confermato va tutto bene" in text_of(again)
    door.post("/registrati/", written(email="tardi@posta.example"))
    at("2026-10-16 09:00")
    assert follow(door, "tardi@posta.example").status_code == 410
    night.forget(now=clock.now())
    assert [one.email for one in Registration.objects.all()] == ["laura@posta.example"]


def test_a_mailbox_is_written_to_three_times_and_the_page_says_the_same(valle: Cast, door: Browser) -> None:
    pages = {text_of(door.post("/registrati/", written())) for _ in range(5)}
    assert len(pages) == 1
    assert len(sent("laura@posta.example")) == 3


def test_a_town_writes_so_many_letters_an_hour_and_says_so_to_everybody(
    valle: Cast, door: Browser, at: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "LETTERS_OF_A_TOWN", 3)
    at("2026-10-14 09:00")
    for number in range(3):
        door.post("/registrati/", written(email=f"n{number}@posta.example"))
    known, unknown = written(email="rossi@posta.example", tax_code=ROSSI), written(email="nuova@posta.example")
    pages = {text_of(door.post("/registrati/", data)).replace(data["email"], "") for data in (known, unknown)}
    assert all("si stanno registrando in tanti: riprova tra un’ora" in page for page in pages)
    assert Registration.objects.count() == 3
    at("2026-10-14 10:01")
    assert "Controlla la posta" in text_of(door.post("/registrati/", unknown))


def test_capitals_make_no_other_mailbox(valle: Cast, door: Browser) -> None:
    for number in range(8):
        door.post("/registrati/", written(email="laura@posta.example" if number % 2 else "Laura@Posta.example"))
    assert "Hai già mandato più richieste" in text_of(door.post("/registrati/", written(email="LAURA@posta.example")))


def test_who_sends_too_many_waits(valle: Cast, door: Browser) -> None:
    for _ in range(8):
        door.post("/registrati/", written())
    assert "Hai già mandato più richieste. Aspetta 15 secondi" in text_of(door.post("/registrati/", written()))
    assert Registration.objects.count() == 8


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"tax_code": "RSSMRA85T10A562X"}, "L’ultima lettera non torna"),
        ({"tax_code": "RSSNNA19D52A944B"}, "serve il codice fiscale di un adulto"),
        ({"new": "pasta", "again": "pasta"}, "È troppo corta"),
        ({"new": "laura.bianchi88!", "again": "laura.bianchi88!"}, "Somiglia troppo"),
        ({"again": "diversa-davvero"}, "Le due password sono diverse"),
        ({"username": "è bella"}, "Da 4 a 40 lettere senza accenti"),
        ({"code": "123456"}, "Il codice ha 12 lettere e numeri"),
        ({"email": "laura"}, "Questa e-mail non è scritta giusta"),
        ({"agrees": ""}, "leggi l’informativa"),
    ],
)
def test_what_is_written_wrong_is_said_and_stays(valle: Cast, door: Browser, more: dict[str, str], said: str) -> None:
    answer = door.post("/registrati/", written(**more))
    assert said in text_of(answer)
    assert 'value="laura.bianchi88"' in answer.content.decode() or "username" in more
    assert PASSWORD not in answer.content.decode()
    assert not Registration.objects.exists()


@pytest.mark.parametrize(
    "closed", [{}, {"registration": True, "account_per_child": True}, {"registration": True, "doors": []}]
)
def test_a_closed_door_says_where_the_desk_is(valle: Cast, closed: dict[str, Any]) -> None:
    choosing(valle.town, office_address="Via Solferino 12A", office_name="Ufficio Scuola", **closed)
    nobody = browser(valle.town)
    page = nobody.read("/registrati/")
    assert "Qui l’accesso lo dà l’ufficio" in page
    assert "Via Solferino 12A" in page
    assert "Registrati" not in nobody.read("/entra/")
    assert nobody.post("/registrati/", written()).status_code == 403
    assert not Registration.objects.exists()


def test_the_office_accepts_and_the_family_is_told(valle: Cast, door: Browser, django_assert_max_num_queries: Any) -> None:
    confirmed(door)
    desk = browser(valle.town, valle.staff["office"])
    assert "Richieste di accesso 1 da guardare" in desk.read("/ufficio/da-fare/")
    asked = registered.waiting()[0]
    assert "Laura Bianchi" in desk.read("/ufficio/richieste-di-accesso/")
    place = f"/ufficio/richieste-di-accesso/{asked.pk}/"
    assert "Nessun bambino per «Bianchi»" in desk.read(place)
    page = desk.seek(place, "Rossi")
    assert "Anna, 2B" in page
    assert "Anna Rossi" in page

    ids = [str(valle.child(name).pk) for name in ("Anna", "Luca")]
    nobody = text_of(desk.post(place, {"sought": "Rossi", "kind": "parent"}))
    assert "Scegli almeno un bambino" in nobody
    answer = desk.post(place, {"sought": "Rossi", "kind": "tutor", "children": ids}, follow=True)

    assert "Accettata: Laura Bianchi" in text_of(answer)
    assert seen_by("laura.bianchi88") == ["Anna", "Luca"]
    assert {tie.kind for tie in Guardianship.objects.filter(guardian__tax_code=BIANCHI)} == {"tutor"}
    assert "trovi i tuoi 2 figli" in sent("laura@posta.example")[-1].body
    assert len(sent("rossi@posta.example")) == 2
    assert "Richieste di accesso" not in desk.read("/ufficio/da-fare/")
    assert "È stata accettata" in desk.read(place)
    with pytest.raises(DecidedAlready):
        requests.refuse(by=valle.staff["office"], registration_id=asked.pk, why="no", now=clock.now())


def test_the_office_refuses_with_a_reason_and_the_access_is_closed(valle: Cast, door: Browser) -> None:
    confirmed(door)
    asked = registered.waiting()[0]
    desk = browser(valle.town, valle.staff["office"])
    place = f"/ufficio/richieste-di-accesso/{asked.pk}/rifiuta/"
    assert "Scrivi il motivo" in text_of(desk.post(place, {"why": ""}))
    desk.post(place, {"why": "In anagrafica il genitore è un altro."})

    letter = sent("laura@posta.example")[-1].body
    assert "In anagrafica il genitore è un altro." in letter
    answer = door.post("/entra/", {"username": "laura.bianchi88", "password": PASSWORD})
    assert "Nome utente o password non corretti" in text_of(answer)


def test_the_office_ties_who_is_on_record_without_a_mailbox(valle: Cast, door: Browser) -> None:
    _without_access(valle, email="")
    confirmed(door, tax_code=ROSSI, email="nuova@posta.example", username="m.rossi")
    _accept(valle, [])
    assert seen_by("m.rossi") == ["Anna", "Luca"]
    assert Guardian.objects.get(tax_code=ROSSI).email == "nuova@posta.example"


def test_the_first_adult_of_a_child_is_who_pays(valle: Cast, door: Browser) -> None:
    people.untie(child_id=valle.child("Amina").pk, guardian_id=valle.families["haddad"].guardian.pk)
    confirmed(door)
    _accept(valle, ["Amina"])
    payer = persons.payer_of(child_id=valle.child("Amina").pk)
    assert payer
    assert payer.tax_code == BIANCHI


def test_who_waits_is_told_so_and_writes_a_code_later(valle: Cast, door: Browser) -> None:
    confirmed(door)
    user = User.objects.get(username="laura.bianchi88")
    inside = browser(valle.town, user)
    assert "l’ufficio non ha ancora collegato i tuoi figli" in inside.read("/")
    assert "Collega un figlio" in inside.read("/anagrafica/")
    wrong = text_of(inside.post("/anagrafica/figli/collega/", {"code": "ACDEFGHJKLMN"}))
    assert "Con questo codice non possiamo collegarti" in wrong
    answer = inside.post("/anagrafica/figli/collega/", {"code": code_of(valle)}, follow=True)
    assert "Da adesso vedi anche Anna." in text_of(answer)
    assert seen_by("laura.bianchi88") == ["Anna"]
    assert registered.waiting() == []


def test_a_parent_adds_a_child_by_its_code_and_guesses_wait(valle: Cast, door: Browser) -> None:
    rossi = browser(valle.town, valle.families["rossi"].user)
    assert "È già tra gli adulti" in text_of(rossi.post("/anagrafica/figli/collega/", {"code": code_of(valle)}))
    rossi.post("/anagrafica/figli/collega/", {"code": code_of(valle, "Amina")})
    assert seen_by("rossi") == ["Amina", "Anna", "Luca"]
    for _ in range(8):
        rossi.post("/anagrafica/figli/collega/", {"code": "ACDEFGHJKLMN"})
    answer = text_of(rossi.post("/anagrafica/figli/collega/", {"code": "ACDEFGHJKLMN"}))
    assert "Hai provato più codici che non valgono. Aspetta 15 secondi" in answer


def test_a_code_ends_after_sixty_days_and_stands_on_paper_only(valle: Cast, door: Browser, at: Any) -> None:
    desk = browser(valle.town, valle.staff["office"])
    paper = desk.post(f"/ufficio/bambini/{valle.child('Anna').pk}/codice-per-registrarsi/")
    assert paper.content.startswith(b"%PDF")
    code = code_of(valle)
    at("2026-12-13 08:48")
    letter = confirmed(door, code=code)
    assert "i tuoi figli li collega l’ufficio" in letter


def test_another_town_has_no_such_request(borgo: Cast, valle: Cast, door: Browser) -> None:
    confirmed(door)
    asked = registered.waiting()[0]
    other = browser(borgo.town, borgo.staff["office"])
    assert other.get(f"/ufficio/richieste-di-accesso/{asked.pk}/").status_code == 404


def _without_access(valle: Cast, email: str = "rossi@posta.example") -> None:
    Guardian.objects.filter(tax_code=ROSSI).update(user=None, email=email)


def _accept(valle: Cast, children: list[str]) -> None:
    requests.accept(
        by=valle.staff["office"],
        registration_id=registered.waiting()[0].pk,
        child_ids=[valle.child(name).pk for name in children],
        kind="parent",
        now=clock.now(),
    )

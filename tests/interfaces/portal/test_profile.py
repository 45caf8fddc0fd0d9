"""Data of the family, contacts confirmed by a link, missing tax codes, communications."""

import re

import pytest
from django.core import mail

from campanella.domains.accounts.models import ContactChange, User
from campanella.domains.accounts.operations import create_user
from campanella.domains.accounts.roles import Role
from campanella.domains.messaging.models import Message
from campanella.domains.payments.models import Receipt
from campanella.domains.people import operations as people
from campanella.domains.people.models import Child, FormerCode, Guardian
from campanella.foundation.core import audit, clock
from campanella.foundation.core.models import AuditRow
from campanella.foundation.core.money import Euro
from campanella.usecases import top_up
from campanella.usecases.access import own as access
from campanella.usecases.messages import queuing
from tests.foundation.documents.reading import text_of as pdf_text
from tests.interfaces.portal.phones import Phone, phone, questions, words
from tests.paying import receive
from tests.towns import OFFICE, PASSWORD, Cast, Family, run_jobs

CONTACTS = "/anagrafica/recapiti/"


def test_the_family_reads_what_the_town_knows(valle: Cast, rossi: Family) -> None:
    FormerCode.objects.create(child=valle.child("Anna"), code="CZ-00412")
    valle.credit("Anna", 3680)

    page = words(phone(rossi.user).get("/anagrafica/"))

    assert "Anna Rossi 2B · Primaria Rodari" in page
    assert "Codici precedenti CZ-00412" in page
    assert "Genitore, intestatario Maria Addolorata Rossi" in page
    assert "Refezione Intera 4,60 € a pasto" in page
    assert "Refezione 36,80 € circa 8 pasti" in page
    assert "E-mail rossi@posta.example Telefono 333 555 0142" in page
    assert "Amina" not in page


def test_the_page_asks_the_same_whatever_the_number_of_children(valle: Cast, rossi: Family) -> None:
    two = len(questions(phone(rossi.user), "/anagrafica/"))
    one = len(questions(phone(valle.families["haddad"].user), "/anagrafica/"))

    assert one == two <= 12


def test_a_new_telephone_needs_no_link(valle: Cast, rossi: Family) -> None:
    page = words(phone(rossi.user).post(CONTACTS, {"email": "rossi@posta.example", "phone": "348 000 1122"}, follow=True))

    assert "I tuoi recapiti sono aggiornati" in page
    assert "Telefono 3480001122" in page
    one = phone(rossi.user)
    assert "Telefono non c’è ancora" in words(one.post(CONTACTS, {"email": "rossi@posta.example", "phone": ""}, follow=True))
    assert not ContactChange.objects.exists()


def test_an_unchanged_telephone_stays_as_it_was_written(valle: Cast, rossi: Family) -> None:
    phone(rossi.user).post(
        CONTACTS, {"email": "maria@nuova.example", "phone": "333 555 0142", "password": PASSWORD, "wants_news": "on"}
    )

    assert Guardian.objects.get(pk=rossi.guardian.pk).phone == "333 555 0142"
    assert not AuditRow.objects.filter(action="guardian.contacts").exists()


def _link() -> str:
    run_jobs()
    found = re.search(r"http://valle\.localhost:\d+(/anagrafica/recapiti/conferma/\S+)", str(mail.outbox[-1].body))
    assert found
    return found[1]


def test_a_new_address_counts_once_its_owner_follows_the_link(valle: Cast, rossi: Family) -> None:
    one = phone(rossi.user)
    page = words(one.post(CONTACTS, {"email": "maria@nuova.example", "phone": "", "password": PASSWORD}, follow=True))
    assert "Recapiti salvati. Manca un passo per l’e-mail nuova." in page
    assert page.count("maria@nuova.example") == 1, "told once"
    assert "E-mail rossi@posta.example" in page
    assert "Da confermare Abbiamo scritto a maria@nuova.example" in page
    link, other = _link(), Phone()
    assert mail.outbox[-1].to == ["maria@nuova.example"]

    assert "Questa e-mail è tua?" in words(other.get(link))
    assert Guardian.objects.get(pk=rossi.guardian.pk).email == "rossi@posta.example", "looking confirms nothing"
    other.post(link)

    page = words(one.get("/anagrafica/"))
    assert "E-mail maria@nuova.example" in page
    assert "Da confermare" not in page
    assert User.objects.get(pk=rossi.user.pk).email == "maria@nuova.example"
    run_jobs()
    assert mail.outbox[-1].to == ["rossi@posta.example"], "the old box is told, in case it was somebody else"
    assert "è cambiato mercoledì 14 ottobre alle 8:47" in str(mail.outbox[-1].body)
    assert "maria@nuova.example" not in str(mail.outbox[-1].body)
    assert other.post(link).status_code == 410
    assert "confermare" not in words(one.get("/anagrafica/comunicazioni/")), "the link is for the new box only"


def _access_of(child: Child, *, email: str, holder: Guardian | None = None) -> User:
    user = create_user(
        by=OFFICE,
        username=child.given_name.lower(),
        display_name=child.full_name,
        roles=[Role.GUARDIAN],
        password=PASSWORD,
        email=email,
        now=clock.now(),
    )
    holder = holder or Guardian.objects.get(guardianships__child=child)
    people.give_child_access(child=child, user=user, holder=holder)
    return user


def test_every_access_of_the_parent_moves_to_the_new_address(valle: Cast, rossi: Family) -> None:
    """One access for each child: whoever reads the old box must not get the sibling's new password."""
    anna = _access_of(valle.child("Anna"), email="rossi@posta.example")
    luca = _access_of(valle.child("Luca"), email="Rossi@posta.example")
    amina = _access_of(valle.child("Amina"), email="rossi@posta.example")
    phone(rossi.user).post(CONTACTS, {"email": "maria@nuova.example", "phone": "333 555 0142", "password": PASSWORD})
    Phone().post(_link())

    known = dict(User.objects.values_list("id", "email"))
    assert {known[user.pk] for user in (anna, luca, rossi.user)} == {"maria@nuova.example"}
    assert known[amina.pk] == "rossi@posta.example", "another family's access is left alone"
    moved = AuditRow.objects.get(action="user.contacts_changed")
    assert (moved.actor_id, set(moved.subjects)) == (rossi.user.pk, {f"user:{user.pk}" for user in (anna, luca, rossi.user)})
    run_jobs()
    mail.outbox.clear()
    access.ask_new_password(asked="luca", now=clock.now())
    run_jobs()
    assert [letter.to for letter in mail.outbox if "luca" in str(letter.body)] == [["maria@nuova.example"]]


def test_an_access_with_an_address_of_its_own_keeps_it(valle: Cast, rossi: Family) -> None:
    luca = _access_of(valle.child("Luca"), email="nonna@posta.example")
    phone(rossi.user).post(CONTACTS, {"email": "maria@nuova.example", "phone": "333 555 0142", "password": PASSWORD})
    Phone().post(_link())

    assert User.objects.get(pk=luca.pk).email == "nonna@posta.example"


def test_a_newer_link_ends_the_older_one(valle: Cast, rossi: Family) -> None:
    one = phone(rossi.user)
    one.post(CONTACTS, {"email": "prima@nuova.example", "password": PASSWORD})
    first = _link()
    one.post(CONTACTS, {"email": "seconda@nuova.example", "password": PASSWORD})

    assert Phone().post(first).status_code == 410
    assert Phone().post(_link()).status_code == 302


def test_a_link_of_three_days_ago_no_longer_holds(valle: Cast, rossi: Family, at) -> None:  # type: ignore[no-untyped-def]  # a fixture that is a function
    one = phone(rossi.user)
    one.post(CONTACTS, {"email": "maria@nuova.example", "password": PASSWORD})
    link = _link()
    at("2026-10-17 09:00")

    assert "non vale più" in words(Phone().post(link))
    assert "Da confermare" not in words(one.get("/anagrafica/"))


def test_nobodys_box_is_filled_from_our_page(valle: Cast, rossi: Family) -> None:
    one = phone(rossi.user)
    for number in range(6):
        one.post(CONTACTS, {"email": f"{number}@nuova.example", "password": PASSWORD})

    assert "molti cambi di indirizzo" in words(one.post(CONTACTS, {"email": "7@nuova.example", "password": PASSWORD}))


def test_wrong_contacts_are_explained(valle: Cast, rossi: Family) -> None:
    page = words(phone(rossi.user).post(CONTACTS, {"email": "maria@", "phone": "abc", "password": PASSWORD}))

    assert "Errore: E-mail e telefono" in page
    assert "controlla la chiocciola" in page
    assert "sole cifre" in page


def test_a_missing_tax_code_is_written_once_and_leads_back(valle: Cast, rossi: Family) -> None:
    one, anna = phone(rossi.user), valle.child("Anna")
    place = f"/anagrafica/figli/{anna.pk}/codice-fiscale/"
    assert "Manca il codice fiscale" in words(one.get("/anagrafica/"))

    assert "L’ultima lettera non torna" in words(one.post(place, {"tax_code": "RSSNNA19D52A562X"}))
    back = "/pagamenti/ricarica/?passo=2"
    sent = one.post(place, {"tax_code": "rss nna 19D52 A562R", "next": back})

    assert sent["Location"] == back
    assert Child.objects.get(pk=anna.pk).tax_code == "RSSNNA19D52A562R"
    assert one.get(f"{place}?next=//evil.example")["Location"] == "/anagrafica/", "nothing to write any more"


def test_the_parents_tax_code_is_asked_only_when_it_is_missing(valle: Cast, rossi: Family) -> None:
    one = phone(rossi.user)
    place = "/anagrafica/codice-fiscale/"
    assert one.get(f"{place}?next=/presenze/")["Location"] == "/presenze/"
    Guardian.objects.filter(pk=rossi.guardian.pk).update(tax_code="")

    assert "Codice fiscale di Maria Addolorata Rossi" in words(one.get(place))
    assert "già di un’altra persona" in words(one.post(place, {"tax_code": "HDDNDR80A01Z330Q"}))
    assert one.post(place, {"tax_code": "RSSMRA85T10A562S", "next": "https://evil.example/"})["Location"] == "/anagrafica/"
    assert Guardian.objects.get(pk=rossi.guardian.pk).tax_code == "RSSMRA85T10A562S"


def test_somebody_elses_tax_code_is_refused(valle: Cast, rossi: Family) -> None:
    """Clicca qui, and the card in the purse is one's own: the child must not end up with the parent's code."""
    one, anna = phone(rossi.user), valle.child("Anna")
    place = f"/anagrafica/figli/{anna.pk}/codice-fiscale/"

    own = words(one.post(place, {"tax_code": "RSSMRA85T10A562S"}))
    brothers = words(one.post(place, {"tax_code": "RSSNNA18D52A562Q"}))

    assert "Questo è il codice fiscale di un adulto: serve quello di Anna, sulla sua tessera sanitaria" in own
    assert "la data di nascita è 12/04/18, in anagrafica è 12/04/2019" in brothers
    assert "Se il codice è giusto, scrivi all’ufficio" in brothers
    assert Child.objects.get(pk=anna.pk).tax_code == ""
    one.post(place, {"tax_code": "RSSNNA19D52A562R"})
    Guardian.objects.filter(pk=rossi.guardian.pk).update(tax_code="")
    page = words(one.post("/anagrafica/codice-fiscale/", {"tax_code": "RSSNNA19D52A562R"}))
    assert "è il codice fiscale di un bambino: serve quello di Maria Addolorata" in page


def test_what_was_written_can_be_read_again(valle: Cast, rossi: Family) -> None:
    one = phone(rossi.user)
    assert "Ancora nessuna comunicazione" in words(one.get("/anagrafica/comunicazioni/"))
    queuing.queue(
        template="confirm_contacts",
        key="prova",
        guardian=rossi.guardian,
        subject="Il credito è finito",
        values={"link": "http://valle.localhost/"},
        now=clock.now(),
    )
    letter = Message.objects.get()

    listed = words(one.get("/anagrafica/comunicazioni/"))
    assert "Il credito è finito Per usare questo indirizzo nei servizi scolastici on-line" in listed
    assert "14 ottobre 2026, 8:47" in listed
    assert "per usare questo indirizzo" in words(one.get(f"/anagrafica/comunicazioni/{letter.pk}/"))
    assert phone(valle.families["haddad"].user).get(f"/anagrafica/comunicazioni/{letter.pk}/").status_code == 404


def test_a_letter_is_to_be_read_until_its_own_adult_has_opened_it(valle: Cast, rossi: Family) -> None:
    one, other = phone(rossi.user), phone(valle.families["haddad"].user)
    for key in ("prima", "seconda"):
        queuing.queue(
            template="confirm_contacts",
            key=key,
            guardian=rossi.guardian,
            subject=f"La {key}",
            values={"link": "http://valle.localhost/"},
            now=clock.now(),
        )
    first = Message.objects.earliest("id")
    assert "2 da leggere." in words(one.get("/anagrafica/"))
    assert words(one.get("/anagrafica/comunicazioni/")).count("Da leggere") == 2
    assert "da leggere" not in words(other.get("/anagrafica/"))

    other.get(f"/anagrafica/comunicazioni/{first.pk}/")
    assert "2 da leggere." in words(one.get("/anagrafica/")), "nobody else's opening counts"
    one.get(f"/anagrafica/comunicazioni/{first.pk}/")

    assert "1 da leggere." in words(one.get("/anagrafica/"))
    assert "Da leggere La seconda" in words(one.get("/anagrafica/comunicazioni/"))
    read_at = Message.objects.get(pk=first.pk).read_at
    one.get(f"/anagrafica/comunicazioni/{first.pk}/")
    assert Message.objects.get(pk=first.pk).read_at == read_at, "the first time counts"


@pytest.mark.parametrize("path", ["/anagrafica/figli/{}/codice-fiscale/"])
def test_another_familys_child_is_not_there(valle: Cast, rossi: Family, path: str) -> None:
    one = phone(rossi.user)

    assert one.get(path.format(valle.child("Anna").pk)).status_code == 200
    assert one.get(path.format(valle.child("Amina").pk)).status_code == 404


def test_one_access_for_each_child_sees_one_child_everywhere(valle: Cast) -> None:
    user = _access_of(valle.child("Luca"), email="")
    one, anna = phone(user), valle.child("Anna").pk

    for path in ("/", "/anagrafica/", "/presenze/"):
        page = words(one.get(path))
        assert "Luca" in page
        assert "Anna" not in page, path
    assert one.get(f"/presenze/{anna}/2026-10/").status_code == 404
    assert one.get(f"/presenze/{anna}/2026-10-14/").status_code == 404
    assert one.get(f"/anagrafica/figli/{anna}/codice-fiscale/").status_code == 404


def test_an_open_session_in_other_hands_moves_no_address(valle: Cast, rossi: Family) -> None:
    one = phone(rossi.user)
    new = {"email": "ladra@posta.example", "phone": "333 555 0142"}

    assert "Scrivila per cambiare l’e-mail" in words(one.post(CONTACTS, new))
    assert "La password attuale non è corretta" in words(one.post(CONTACTS, {**new, "password": "indovino"}))
    for _ in range(7):
        one.post(CONTACTS, {**new, "password": "indovino"})
    assert "Troppi tentativi" in words(one.post(CONTACTS, {**new, "password": PASSWORD}))
    assert not ContactChange.objects.exists()
    assert one.post(CONTACTS, {"email": "rossi@posta.example", "phone": "333 111 2222"}).status_code == 302


def test_who_is_on_record_is_not_found_out_by_trying_tax_codes(valle: Cast, rossi: Family) -> None:
    Guardian.objects.filter(pk=rossi.guardian.pk).update(tax_code="")
    one, others = phone(rossi.user), "HDDNDR80A01Z330Q"

    said = [words(one.post("/anagrafica/codice-fiscale/", {"tax_code": others})) for _ in range(4)]

    assert "risulta già di un’altra persona" in said[2]
    assert "Hai provato più codici" in said[3]
    assert "Hai provato più codici" in words(one.post("/anagrafica/codice-fiscale/", {"tax_code": "RSSMRA85T10A562S"}))
    noted = audit.acts_on(subjects=[f"user:{rossi.user.pk}"])
    assert [act.sentence for act in noted].count("ha scritto come proprio il codice fiscale di un’altra persona") == 3


def test_two_parents_of_a_child_do_not_read_each_others_tax_code(valle: Cast, rossi: Family) -> None:
    father = valle.families["haddad"]
    people.tie(child=valle.child("Anna"), guardian=father.guardian, is_payer=False)
    (position,) = top_up.prepare_at_desk(
        by=OFFICE, wallet_id=valle.wallet("Anna").pk, amount=Euro(2000), count=1, now=clock.now()
    )
    his, hers = phone(father.user), phone(rossi.user)
    notice = f"/pagamenti/avvisi/{position.pk}/avviso.pdf"
    assert "RSSMRA85T10A562S" in pdf_text(hers.get(notice).content)
    theirs = pdf_text(his.get(notice).content)
    assert "Rossi" in theirs
    assert "RSSMRA85T10A562S" not in theirs
    receipt = receive(position)
    Receipt.objects.filter(pk=receipt.pk).update(payer_name="Maria Rossi", payer_tax_code="RSSMRA85T10A562S")
    paper = f"/pagamenti/avvisi/{position.pk}/ricevuta.pdf"
    assert "RSSMRA85T10A562S" in pdf_text(hers.get(paper).content)
    assert "RSSMRA85T10A562S" not in pdf_text(his.get(paper).content)

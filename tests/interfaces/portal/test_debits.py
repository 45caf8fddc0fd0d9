"""Direct debit from the phone: signing, another account, revoking, taking it up again, and what came of each debit."""

from datetime import date

import pytest

from campanella.domains.accounts.roles import Role
from campanella.domains.billing import policies
from campanella.domains.debiting import ending, queries
from campanella.domains.debiting.mandates import SignedAlready
from campanella.domains.debiting.models import Coming, Mandate
from campanella.domains.messaging.models import Message
from campanella.foundation.core import audit, clock
from campanella.usecases.debiting import authorising
from tests.debits import ACCOUNT, OTHER, asked, holder, signed
from tests.foundation.documents.reading import text_of as pdf_text
from tests.interfaces.portal.phones import phone, questions, words
from tests.towns import OFFICE, choosing, run_jobs

PAGE, FORM, REVOKE = "/pagamenti/addebito/", "/pagamenti/addebito/conto/", "/pagamenti/addebito/revoca/"
TYPED = {
    "iban": "it39 r030 6909 6061 0000 0067 890",
    "holder": "Maria Addolorata Rossi",
    "tax_code": "RSSMRA85T10A562S",
    "agrees": "on",
}


@pytest.fixture
def offered(valle):
    choosing(valle.town, sdd_offered=True)
    return valle


def state(family) -> str:
    return queries.mandates_of(payer_ids=[family.guardian.pk])[family.guardian.pk].state


def test_a_parent_authorises_the_bank(offered, rossi) -> None:
    phone_of = phone(rossi.user)
    assert "Attiva l’addebito sul conto" in words(phone_of.get(PAGE))
    form = words(phone_of.get(FORM))
    assert "entro 8 settimane" in form
    assert "IT56ZZZ0000000142920439" in form
    page = words(phone_of.post(FORM, TYPED, follow=True))

    assert "Fatto: l’addebito sul conto è attivo" in page
    assert "IT •••• 7890" in page
    assert ACCOUNT not in page
    mandate = Mandate.objects.get()
    (act,) = queries.acts_of(mandate_id=mandate.pk)
    assert (act.evidence["how"], len(act.evidence["text"]), act.by_id) == ("portal", 64, rossi.user.pk)
    kinds = policies.kinds_on(owners=[(offered.child("Anna").pk, offered.services["mensa"].pk)], day=date(2026, 11, 1))
    assert list(kinds.values()) == ["debit"]
    run_jobs()
    letter = Message.objects.get(template="mandate_changed")
    assert "IT •••• 7890" in letter.text
    assert letter.subject.startswith("L’addebito sul conto è attivo")
    assert all(ACCOUNT not in one.sentence for one in audit.acts_on(subjects=[f"guardian:{rossi.guardian.pk}"]))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"iban": "IT35Q0306909606100000067890"}, "CIN"),
        ({"iban": "TR330006100519786457841326"}, "non fa parte della SEPA"),
        ({"iban": ""}, "Scrivi l’IBAN"),
        ({"iban": "it60 x054 2811 1010 0000 0123 456"}, "Questo è il conto su cui incassa il Comune"),
        ({"holder": ""}, "Scrivi di chi è il conto"),
        ({"holder": "Мария Росси"}, "La banca legge solo le nostre lettere"),
        ({"tax_code": "RSSMRA85T10A562X"}, "ultima lettera"),
        ({"agrees": ""}, "serve la tua autorizzazione"),
        ({"iban": "CH9300762011623852957"}, "Scrivi la città del titolare"),
    ],
)
def test_what_cannot_be_signed(offered, rossi, change, says) -> None:
    page = words(phone(rossi.user).post(FORM, TYPED | change))

    assert says in page
    assert not Mandate.objects.exists()


def test_outside_the_economic_area_town_and_country_go_with_it(offered, rossi) -> None:
    abroad = {"iban": "SM86U0322509800000000270100", "town": "Serravalle", "country": "SM"}
    phone(rossi.user).post(FORM, TYPED | abroad)

    assert (Mandate.objects.get().town, Mandate.objects.get().country) == ("Serravalle", "SM")


def test_a_double_tap_signs_once(offered, rossi) -> None:
    first, again = (words(phone(rossi.user).post(FORM, TYPED, follow=True)) for _ in range(2))

    assert "l’addebito sul conto è attivo" in first
    assert "l’addebito sul conto è attivo" in again
    (act,) = queries.acts_of(mandate_id=Mandate.objects.get().pk)
    assert act.kind == "signed", "no bank is told of a change"


def test_two_who_sign_the_same_at_once_sign_one(offered, rossi) -> None:
    """The second waits for the first, and finds what it has signed."""
    first, again = (authorising.sign(by=rossi.user, holder=holder(), now=clock.now()) for _ in range(2))
    assert first == again
    assert len(queries.acts_of(mandate_id=first)) == 1
    with pytest.raises(SignedAlready):
        authorising.sign(by=rossi.user, holder=holder(OTHER), now=clock.now())


def test_what_looks_like_markup_in_a_name_is_text_on_the_page_and_on_paper(offered, rossi) -> None:
    name = "<b>Maria</b> *Rossi* #x $1$"
    mine = phone(rossi.user)
    mine.post(FORM, TYPED | {"holder": name})
    desk = phone(offered.staff[Role.OFFICE])
    pages = [mine.get(PAGE), mine.get(FORM), desk.get(f"/ufficio/adulti/{rossi.guardian.pk}/addebito/")]

    assert Mandate.objects.get().holder_name == name
    assert all(b"<b>Maria" not in page.content for page in pages)
    assert sum(b"&lt;b&gt;Maria&lt;/b&gt; *Rossi* #x $1$" in page.content for page in pages) >= 1
    assert name in pdf_text(mine.get("/pagamenti/addebito/modulo.pdf").content)


def test_another_account_and_no_more(offered, rossi) -> None:
    signed(rossi.guardian)
    mine = phone(rossi.user)
    page = words(mine.post(FORM, TYPED | {"iban": OTHER}, follow=True))
    assert "dal prossimo addebito usiamo il nuovo conto" in page
    assert "IT •••• 5678" in page

    assert "Revochi l’addebito sul conto?" in words(mine.get(REVOKE))
    assert "è revocato" in words(mine.post(REVOKE, follow=True))
    assert state(rossi) == "revoked"
    assert mine.post(REVOKE).status_code == 302
    # One who has revoked may sign anew.
    mine.post(FORM, TYPED)
    assert state(rossi) == "active"


def test_what_was_suspended_is_taken_up_again(offered, rossi) -> None:
    mandate = signed(rossi.guardian)
    ending.suspend(by=OFFICE, mandate_ids=[mandate.pk], why="sul conto non c’era abbastanza denaro", now=clock.now())
    mine = phone(rossi.user)
    assert "L’addebito è sospeso Perché sul conto non c’era abbastanza denaro." in words(mine.get(PAGE))

    assert "riprende" in words(mine.post("/pagamenti/addebito/riprendi/", follow=True))
    assert state(rossi) == "active"
    assert "non è più valida" in words(mine.post("/pagamenti/addebito/riprendi/", follow=True))


def test_each_debit_says_what_came_of_it(offered, rossi) -> None:
    signed(rossi.guardian)
    for number, (kind, reason) in enumerate([("booked", ""), ("rejected", "AC04"), ("", "")], 1):
        file = asked(offered, rossi.guardian, 500 + number, debt=f"invoice:{number}")
        if kind:
            Coming.objects.create(
                collection=file.collections.get(), kind=kind, at=clock.now(), day=date(2026, 12, 10), reason=reason
            )
    page = words(phone(rossi.user).get(PAGE))

    assert "5,01 € Addebitato" in page
    assert "perché il conto è chiuso 5,02 € Non riuscito" in page
    assert "5,03 € Chiesto alla banca" in page
    assert len(questions(phone(rossi.user), PAGE)) <= 14


def test_the_form_on_paper_and_the_copy_of_what_was_signed(offered, rossi) -> None:
    mine = phone(rossi.user)
    blank = pdf_text(mine.get("/pagamenti/addebito/modulo.pdf").content)
    assert "Firma di chi è titolare del conto" in blank
    assert "Anna Rossi" in blank
    assert "8 settimane" in blank
    signed(rossi.guardian)
    copy = pdf_text(mine.get("/pagamenti/addebito/modulo.pdf").content)
    assert "IT39 R030 6909 6061 0000 0067 890" in copy
    assert "Firmato il 01/09/2026" in copy


def test_who_pays_for_nobody_and_a_town_that_does_not_offer_it(valle, rossi) -> None:
    assert "per ora non lo offre" in words(phone(rossi.user).get(PAGE))
    assert phone(rossi.user).get(FORM).status_code == 404
    choosing(valle.town, sdd_offered=True)
    valle.child("Anna").guardianships.update(is_payer=False)
    valle.child("Luca").guardianships.update(is_payer=False)
    assert phone(rossi.user).get(PAGE).status_code == 200

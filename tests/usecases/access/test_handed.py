"""Accesses that see one child: whose they are, and what ends them."""

import re

import pytest
from django.core import mail

from campanella.domains.accounts import operations as accounts
from campanella.domains.accounts import passwords
from campanella.domains.accounts.models import ContactChange, Session, User
from campanella.domains.messaging.models import Message
from campanella.domains.people import operations as people
from campanella.domains.people import queries as persons
from campanella.domains.people.models import ChildAccount, Guardian, Guardianship
from campanella.domains.people.queries import SEEN
from campanella.foundation.core import clock, sql
from campanella.foundation.core.money import Euro
from campanella.readings.office.bulk import letters_due
from campanella.usecases import registry, top_up
from campanella.usecases.access import giving, handed
from campanella.usecases.messages import queuing
from tests.browsing import Browser, browser
from tests.interfaces.portal.phones import Phone, phone, words
from tests.paying import receive
from tests.towns import OFFICE, PASSWORD, Cast, choosing, run_jobs, text_of

FATHERS = {"email": "padre@posta.example", "phone": "333 555 0999"}


@pytest.fixture
def father(valle: Cast) -> Guardian:
    """Anna has a second parent, and the town gives an access for each child."""
    choosing(valle.town, account_per_child=True)
    father = people.register_guardian(given_name="Paolo", family_name="Verdi", tax_code="VRDPLA80A01L219M", **FATHERS)
    people.tie(child=valle.child("Anna"), guardian=father, is_payer=False)
    return father


@pytest.fixture
def mothers(valle: Cast, father: Guardian) -> User:
    """The access that the office handed to the mother, who pays for Anna."""
    return _handed(valle)


def _handed(valle: Cast, guardian_id: int | None = None) -> User:
    user = handed.give(by=OFFICE, child_id=valle.child("Anna").pk, guardian_id=guardian_id, now=clock.now())
    user.set_password(PASSWORD)
    user.save()
    return user


def _desk(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


def test_another_payer_makes_nobody_else_of_an_access(valle: Cast, father: Guardian, mothers: User) -> None:
    """Handed to the mother; then the father pays, and the office opens hers again because she goes on seeing Anna."""
    anna = valle.child("Anna")
    queuing.queue(
        template="confirm_contacts",
        key="prova",
        guardian=father,
        subject="Il credito sta per finire",
        values={"link": "http://valle.localhost/"},
        now=clock.now(),
    )
    page = text_of(_desk(valle).post(f"/ufficio/bambini/{anna.pk}/adulti/{father.pk}/paga/", follow=True))
    assert "Da adesso paga Paolo Verdi" in page
    assert "Abbiamo chiuso l’accesso anna.rossi" in page
    assert Phone().sign_in(mothers).status_code == 200, "closed"
    _desk(valle).post(f"/ufficio/bambini/{anna.pk}/accesso/{mothers.pk}/chiudi/", {"open": "1"})
    hers = phone(mothers)

    for path in ("/", "/anagrafica/", "/anagrafica/recapiti/", "/anagrafica/comunicazioni/", "/contattaci/"):
        shown = hers.get(path).content.decode()
        for his in (FATHERS["email"], FATHERS["phone"], father.tax_code, "sta per finire"):
            assert his not in shown, path
    message = Message.objects.get(subject__startswith="Il credito")
    assert hers.get(f"/anagrafica/comunicazioni/{message.pk}/").status_code == 404
    hers.post("/anagrafica/recapiti/", {"email": "ladra@posta.example", "phone": "333 000 0000", "password": PASSWORD})
    run_jobs()
    link = re.search(r"(/anagrafica/recapiti/conferma/\S+)", str(mail.outbox[-1].body))
    assert link
    Phone().post(link[1])
    assert (Guardian.objects.get(pk=father.pk).email, Guardian.objects.get(pk=father.pk).phone) == tuple(FATHERS.values())
    assert User.objects.get(pk=mothers.pk).email == "ladra@posta.example", "its own address is its own"
    assert persons.holder_of(user=mothers) == valle.families["rossi"].guardian


def test_a_new_adult_who_pays_ends_the_access_of_who_paid_and_the_clerk_is_told(valle: Cast, mothers: User) -> None:
    anna = valle.child("Anna")
    nonna = {"given_name": "Nonna", "family_name": "Nuova", "kind": "parent", "is_payer": "on", "confirmed": "1"}

    page = text_of(_desk(valle).post(f"/ufficio/bambini/{anna.pk}/adulti/nuovo/", nonna, follow=True))

    assert "Nonna Nuova è in anagrafica" in page
    assert "Abbiamo chiuso l’accesso anna.rossi. Se chi pagava prima deve ancora vedere il bambino" in page
    assert "riaprilo dagli adulti di Anna" in page


def test_who_pays_again_has_a_closed_access_and_the_clerk_is_told(valle: Cast, father: Guardian, mothers: User) -> None:
    adults, mother = f"/ufficio/bambini/{valle.child('Anna').pk}/adulti/", valle.families["rossi"].guardian
    _desk(valle).post(f"{adults}{father.pk}/paga/")

    page = text_of(_desk(valle).post(f"{adults}{mother.pk}/paga/", follow=True))
    assert f"L’accesso anna.rossi di {mother.full_name} è chiuso" in page
    _desk(valle).post(f"/ufficio/bambini/{valle.child('Anna').pk}/accesso/{mothers.pk}/chiudi/", {"open": "1"})
    page = text_of(_desk(valle).post(f"{adults}{mother.pk}/paga/", follow=True))
    assert "è chiuso: se" not in page


def test_the_office_hands_the_second_parent_one_too(valle: Cast, father: Guardian, mothers: User) -> None:
    anna = valle.child("Anna")
    _desk(valle).post(f"/ufficio/bambini/{anna.pk}/accesso/", {"adult": father.pk})
    his = ChildAccount.objects.get(holder=father)

    assert (his.user.username, his.user.email, his.child_id) == ("anna.rossi2", FATHERS["email"], anna.pk)
    page = text_of(_desk(valle).get(f"/ufficio/bambini/{anna.pk}/adulti/"))
    assert "anna.rossi dato a Maria Addolorata Rossi" in page
    assert "anna.rossi2 dato a Paolo Verdi" in page
    handed.print_letter(by=OFFICE, child_id=anna.pk, guardian_id=father.pk, now=clock.now())
    assert User.objects.get(pk=his.user_id).must_change_password
    assert not User.objects.get(pk=mothers.pk).must_change_password, "a letter is its own person's"


def test_to_untie_ends_the_access_its_session_and_what_waits(valle: Cast, father: Guardian) -> None:
    anna, his = valle.child("Anna"), _handed(valle, father.pk)
    one = phone(his)
    assert "Anna" in words(one.get("/"))
    reset = passwords.reset_token(user=User.objects.get(pk=his.pk))
    token = accounts.ask_contact_change(user=his, email="altra@posta.example", phone="", now=clock.now())

    page = _desk(valle).post(
        f"/ufficio/bambini/{anna.pk}/adulti/{father.pk}/scollega/", {"reason": "tribunale"}, follow=True
    )

    assert "Paolo Verdi non vede più Anna. Abbiamo chiuso l’accesso anna.rossi." in text_of(page)
    assert one.get("/").status_code == 302
    assert not Session.objects.filter(user_id=his.pk).exists()
    assert not ContactChange.objects.filter(user=his).exists()
    with pytest.raises(accounts.LinkExpired):
        accounts.confirm_contact_change(token=token, now=clock.now())
    refused = _desk(valle).post(f"/ufficio/bambini/{anna.pk}/accesso/{his.pk}/chiudi/", {"open": "1"}, follow=True)
    assert "non è più collegato" in text_of(refused)
    User.objects.filter(pk=his.pk).update(is_active=True)
    assert persons.children_of(user=his) == [], "even opened by hand it sees nothing"
    with pytest.raises(accounts.LinkExpired):
        passwords.user_of_link(user_id=his.pk, token=reset)


def test_a_tie_that_ends_by_any_road_ends_the_sight(valle: Cast, father: Guardian) -> None:
    """The import, a command, a hand in the database: whoever takes the tie away takes the sight away."""
    his = _handed(valle, father.pk)
    assert [child.given_name for child in persons.children_of(user=his)] == ["Anna"]
    Guardianship.objects.filter(guardian=father).delete()

    assert persons.children_of(user=his) == []
    assert _seen_by_statement(valle, his) == []


def test_the_statements_written_by_hand_see_the_same_children(valle: Cast, father: Guardian, mothers: User) -> None:
    for user in (mothers, valle.families["rossi"].user, valle.families["haddad"].user, valle.staff["office"]):
        tied = Guardianship.objects.filter(guardian__user=user).values_list("child_id", flat=True)
        handed = [
            access.child_id
            for access in ChildAccount.objects.filter(user=user)
            if Guardianship.objects.filter(guardian_id=access.holder_id, child_id=access.child_id).exists()
        ]
        seen = sorted({*tied, *handed})
        assert _seen_by_statement(valle, user) == sorted(child.id for child in persons.children_of(user=user)) == seen


def _seen_by_statement(valle: Cast, user: User) -> list[int]:
    return sorted(child_id for (child_id,) in sql.rows(f"select unnest({SEEN})", {"town": valle.town.id, "user": user.pk}))


def test_three_presses_give_one_access_and_one_mail(valle: Cast, father: Guardian) -> None:
    address = f"/ufficio/bambini/{valle.child('Anna').pk}/accesso/"
    answers = [text_of(_desk(valle).post(address, follow=True)) for _ in range(3)]

    assert ChildAccount.objects.count() == 1
    assert Message.objects.filter(template="new_access").count() == 1
    assert "Ha già l’accesso per questo bambino" in answers[2]


def test_where_each_child_has_an_access_nobody_gets_one_to_all(valle: Cast, father: Guardian) -> None:
    """A page that was left open before the town chose so."""
    for road in ("accesso", "accesso/lettera"):
        page = text_of(_desk(valle).post(f"/ufficio/adulti/{father.pk}/{road}/", follow=True))
        assert "Questo Comune dà un accesso per ogni figlio" in page
    assert Guardian.objects.get(pk=father.pk).user is None
    choosing(valle.town, account_per_child=False)
    page = text_of(_desk(valle).post(f"/ufficio/bambini/{valle.child('Anna').pk}/accesso/", follow=True))
    assert "Questo Comune dà un solo accesso a ogni adulto" in page


def test_a_closed_access_changes_no_address(valle: Cast) -> None:
    rossi = valle.families["rossi"]
    token = accounts.ask_contact_change(user=rossi.user, email="ladra@posta.example", phone="", now=clock.now())
    reset = passwords.reset_token(user=rossi.user)
    giving.close(by=OFFICE, guardian_id=rossi.guardian.pk, now=clock.now())
    giving.reopen(by=OFFICE, guardian_id=rossi.guardian.pk, now=clock.now())

    assert Phone().post(f"/anagrafica/recapiti/conferma/{token}/").status_code == 410
    assert Guardian.objects.get(pk=rossi.guardian.pk).email == "rossi@posta.example"
    assert Phone().get(f"/password/nuova/{rossi.user.pk}/{reset}/").status_code == 410


def test_who_answers_for_the_child_no_longer_is_not_thanked_for_it(valle: Cast, father: Guardian) -> None:
    anna, rossi = valle.child("Anna"), valle.families["rossi"]
    (position,) = top_up.prepare_at_desk(
        by=OFFICE, wallet_id=valle.wallet("Anna").pk, amount=Euro(2000), count=1, now=clock.now()
    )
    registry.choose_payer(by=OFFICE, child_id=anna.pk, guardian_id=father.pk, now=clock.now())
    registry.untie(by=OFFICE, child_id=anna.pk, guardian_id=rossi.guardian.pk, why="tribunale", now=clock.now())
    receive(position)
    run_jobs()

    assert Message.objects.get(template="top_up_booked").address == FATHERS["email"]


@pytest.mark.parametrize("road", ["accesso/lettera", "accesso"])
def test_a_closed_access_is_told_before_a_second_one_is_given(
    valle: Cast, father: Guardian, mothers: User, road: str
) -> None:
    anna, desk = valle.child("Anna").pk, _desk(valle)
    desk.post(f"/ufficio/bambini/{anna}/adulti/{father.pk}/paga/")  # closes the mother's
    address = f"/ufficio/bambini/{anna}/{road}/"

    answer = desk.post(address)

    assert ChildAccount.objects.filter(child_id=anna).count() == 1, "no second access by itself"
    page = text_of(answer)
    assert "L’accesso di Anna è chiuso" in page
    assert "anna.rossi chiuso dato a Maria Addolorata Rossi" in page
    assert "Dai un accesso a Paolo Verdi" in page
    # Whoever knows gives the father his own; the mother's stays as it is.
    desk.post(address, {"adult": str(father.pk)})
    assert {
        one.holder_id: one.user.is_active for one in ChildAccount.objects.filter(child_id=anna).select_related("user")
    } == {
        valle.families["rossi"].guardian.pk: False,
        father.pk: True,
    }


def test_the_closed_access_of_who_pays_is_opened_again_and_printed(valle: Cast, mothers: User) -> None:
    anna, desk = valle.child("Anna").pk, _desk(valle)
    close = f"/ufficio/bambini/{anna}/accesso/{mothers.pk}/chiudi/"
    desk.post(close)

    answer = desk.post(f"/ufficio/bambini/{anna}/accesso/lettera/")

    assert "Riapri l’accesso anna.rossi" in text_of(answer)
    assert "Oppure un altro accesso" not in text_of(answer), "it would be a second one of the same adult"
    assert close in answer.content.decode()
    desk.post(close, {"open": "1"})
    paper = desk.post(f"/ufficio/bambini/{anna}/accesso/lettera/")
    assert paper["Content-Type"] == "application/pdf"
    assert ChildAccount.objects.filter(child_id=anna).count() == 1


def test_a_list_gives_no_second_access_beside_a_closed_one(valle: Cast, father: Guardian, mothers: User) -> None:
    anna = valle.child("Anna").pk
    _desk(valle).post(f"/ufficio/bambini/{anna}/adulti/{father.pk}/paga/")
    due = letters_due(child_ids=[anna, valle.child("Luca").pk])
    assert (due.by_child, due.closed) == ([valle.child("Luca").pk], [anna])

"""What is asked of a payer is nobody else's: not the other parent's of one child, tied to it or to all of them."""

from datetime import timedelta
from typing import Any

import pytest

from campanella.domains.accounts.operations import create_user
from campanella.domains.accounts.roles import Role
from campanella.domains.payments.models import PaymentRequest
from campanella.domains.people import operations as people
from campanella.domains.people.models import Guardian
from campanella.foundation.core import clock
from campanella.usecases.arrears import asking, planning
from tests.arrears import after_due, overdue, remind, reminders_of
from tests.browsing import Browser, browser
from tests.paying import made_ready, prepare, receive, wish
from tests.towns import OFFICE, PASSWORD, Cast, tell_again, text_of
from tests.usecases.billing.test_paying import invoice_of, position_of


@pytest.fixture
def owing(valle: Cast) -> Cast:
    overdue(valle)
    return valle


def parent_of(cast: Cast, *children: str) -> tuple[Guardian, Browser]:
    """Tie another parent to these children of Rossi, with an access."""
    ugo = people.register_guardian(given_name="Ugo", family_name="Verdi", tax_code="", email="ugo@posta.example", phone="")
    user = create_user(
        by=OFFICE, username="ugo", display_name="Ugo", roles=[Role.GUARDIAN], password=PASSWORD, now=clock.now()
    )
    people.give_access(guardian=ugo, user=user)
    for child in children:
        people.tie(child=cast.child(child), guardian=ugo, is_payer=False)
    return ugo, browser(cast.town, user)


def statuses(desk: Browser, pk: int) -> list[int]:
    """Return how the pages of a position answer."""
    page = f"/pagamenti/avvisi/{pk}/"
    found = [desk.get(page).status_code]
    tell_again()
    for address in (f"{page}elimina/", f"{page}paga/", f"{page}genera/"):
        found.append(desk.post(address).status_code)
        tell_again()
    for address in (f"{page}avviso.pdf", f"{page}ricevuta.pdf"):
        found.append(desk.get(address).status_code)
        tell_again()
    return found


def test_a_reminder_s_position_is_its_payers_alone(owing: Cast, pagopa: list[Any]) -> None:
    """Tied to Anna alone or to both: a reminder is for who pays, and for nobody else."""
    _, other = parent_of(owing, "Anna", "Luca")
    remind(after_due(15))
    (pk,) = reminders_of(owing)[0].request_ids

    with clock.standing_at(after_due(16)):
        assert set(statuses(other, pk)) == {404}
        assert PaymentRequest.objects.get(pk=pk).state == "open"
        receive(PaymentRequest.objects.get(pk=pk))
        assert "46,20" not in text_of(other.get("/pagamenti/"))
        tell_again()
        payer = browser(owing.town, owing.families["rossi"].user)
        assert "46,20" in text_of(payer.get("/pagamenti/"))
    tell_again()


def test_a_due_s_position_is_its_payers_alone(owing: Cast, pagopa: list[Any]) -> None:
    _, other = parent_of(owing, "Anna")
    payer, now = owing.families["rossi"].guardian.pk, after_due(16)
    with clock.standing_at(now):
        plan = planning.agree(by=OFFICE, payer_id=payer, count=2, first=after_due(40).date(), months=1, note="", now=now)
        pk = asking.position_for_due(by=OFFICE, plan_id=plan.pk, place=1, now=now)
        assert set(statuses(other, pk)) == {404}


def test_an_invoice_s_position_is_seen_by_who_sees_the_invoice(owing: Cast, pagopa: list[Any]) -> None:
    pk = position_of(invoice_of(owing)).pk
    ugo, other = parent_of(owing, "Anna")
    assert set(statuses(other, pk)) == {404}

    people.tie(child=owing.child("Luca"), guardian=ugo, is_payer=False)

    assert other.get(f"/pagamenti/avvisi/{pk}/")["Location"] == f"/pagamenti/elenco/{invoice_of(owing).id}/"
    tell_again()


def test_what_another_payer_pays_right_now_is_not_told(owing: Cast, pagopa: list[Any]) -> None:
    _, other = parent_of(owing, "Anna")
    mine = browser(owing.town, owing.families["rossi"].user)
    invoice = invoice_of(owing)
    assert mine.post(f"/pagamenti/elenco/{invoice.id}/paga/")["Location"] == "https://checkout.example/1"
    tell_again()
    for address in ("/", "/pagamenti/"):
        assert "46,20" not in text_of(other.get(address))
        tell_again()
        assert "46,20" in text_of(mine.get(address))
        tell_again()


def test_a_payer_who_is_tied_to_the_second_child_alone_pays_its_invoice(owing: Cast, pagopa: list[Any]) -> None:
    """The position stands in the wallet of the first child, of which this payer sees nothing any more."""
    rossi, invoice = owing.families["rossi"], invoice_of(owing)
    ugo, _ = parent_of(owing, "Anna")
    people.make_payer(child_id=owing.child("Anna").pk, guardian_id=ugo.pk)
    people.untie(child_id=owing.child("Anna").pk, guardian_id=rossi.guardian.pk)
    mine = browser(owing.town, rossi.user)

    page = f"/pagamenti/elenco/{invoice.id}/paga/"
    assert mine.post(page)["Location"] == "https://checkout.example/1"
    tell_again()
    with clock.standing_at(clock.now() + timedelta(minutes=2)):
        again = mine.post(page, follow=True)
    tell_again()
    told = text_of(again)
    assert "46,20" in told
    assert "Anna" not in told


def test_a_top_up_of_one_parent_is_seen_by_the_other(valle: Cast, pagopa: list[Any]) -> None:
    _, other = parent_of(valle, "Anna")
    (made,) = prepare(valle, made_ready(valle.families["rossi"]), wish(valle))
    assert other.get(f"/pagamenti/avvisi/{made.pk}/").status_code == 200
    tell_again()

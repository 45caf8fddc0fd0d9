"""Mandates and collections in the database: acts that stay, one mandate in force, what the bank is told next."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from campanella.domains.debiting import asked as asked_queries
from campanella.domains.debiting import collecting, ending, handing, mandates, queries
from campanella.domains.debiting.acts import NotInForce
from campanella.domains.debiting.asked import Heard
from campanella.domains.debiting.gateways.sepa.base import Amendment, Line
from campanella.domains.debiting.mandates import AddressMissing, ReferenceTaken, SignedAlready
from campanella.domains.debiting.models import Collection, CollectionFile, CollectionShare, Coming, MandateAct
from campanella.foundation.core import audit, clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.scope import scope
from tests.debits import ACCOUNT, CREDITOR, DAY, OTHER, asked, holder, signature, signed
from tests.towns import OFFICE


@pytest.fixture
def payer(rossi):
    return rossi.guardian


def standing(payer, creditor_id=CREDITOR.creditor_id):
    return queries.mandates_of(payer_ids=[payer.pk], creditor_id=creditor_id)[payer.pk]


def come(kind: str, *, on: date = DAY, reason: str = "") -> None:
    for row in Collection.objects.all():
        Coming.objects.create(collection=row, kind=kind, at=clock.now(), day=on, reason=reason)


def test_a_signed_mandate_is_in_force_and_shows_the_end_of_its_account_only(valle, payer) -> None:
    mandate = signed(payer)
    view = standing(payer)

    assert (view.id, view.state, view.is_first, view.is_in_force) == (mandate.pk, "active", True, True)
    assert view.account.iban == ACCOUNT
    assert ACCOUNT not in f"{view} {mandate} {[mandate]}"
    assert "conto IT •••• 7890" in audit.acts_on(subjects=[f"mandate:{mandate.pk}"])[0].sentence
    (act,) = queries.acts_of(mandate_id=mandate.pk)
    assert (act.kind, act.evidence["how"], act.evidence["kept_at"]) == ("signed", "paper", "faldone 3")


def test_one_mandate_is_in_force_at_a_time(valle, payer) -> None:
    mandate = signed(payer)
    with pytest.raises(SignedAlready):
        signed(payer, OTHER)

    ending.revoke(by=OFFICE, mandate_id=mandate.pk, now=clock.now())
    again = signed(payer, OTHER)

    assert again.reference != mandate.reference
    assert standing(payer).id == again.pk


def test_a_reference_is_used_once_and_must_be_one(valle, payer) -> None:
    carried = signed(payer, reference="RID-778")
    ending.revoke(by=OFFICE, mandate_id=carried.pk, now=clock.now())

    assert not standing(payer).is_first
    for reference in ("RID-778", "è/", "x" * 36):
        with pytest.raises(ReferenceTaken):
            signed(payer, reference=reference)


def test_outside_the_economic_area_town_and_country_are_demanded(valle, payer) -> None:
    swiss = "CH9300762011623852957"
    with pytest.raises(AddressMissing):
        signed(payer, swiss)

    whole = holder(swiss, town="Chiasso", country="CH")
    mandates.sign(by=OFFICE, payer=payer, holder=whole, signature=signature(), now=clock.now())
    assert standing(payer).town == "Chiasso"


def test_another_account_takes_up_what_was_ended_but_not_what_was_revoked(valle, payer) -> None:
    mandate = signed(payer)
    ending.end(by=OFFICE, mandate_ids=[mandate.pk], why="il conto è chiuso", now=clock.now())
    assert standing(payer).state == "ended"

    change = {"by": OFFICE, "mandate_id": mandate.pk, "holder": holder(OTHER), "signature": signature()}
    mandates.change_account(**change, now=clock.now())
    assert (standing(payer).state, standing(payer).account.iban) == ("active", OTHER)

    ending.revoke(by=OFFICE, mandate_id=mandate.pk, now=clock.now())
    with pytest.raises(NotInForce):
        mandates.change_account(**change, now=clock.now())
    assert [act.kind for act in queries.acts_of(mandate_id=mandate.pk)] == ["signed", "ended", "amended", "revoked"]


def test_what_is_suspended_is_taken_up_again_and_returns_count_anew(valle, payer) -> None:
    mandate = signed(payer)
    asked(valle, payer, 500)
    come("returned", reason="AM04")
    assert queries.returns_of(mandate_ids=[mandate.pk]) == {mandate.pk: 1}

    ending.suspend(by=OFFICE, mandate_ids=[mandate.pk], why="tre addebiti sono tornati indietro", now=clock.now())
    later = clock.now() + timedelta(hours=1)
    ending.resume(by=OFFICE, mandate_id=mandate.pk, now=later)

    assert queries.returns_of(mandate_ids=[mandate.pk]) == {}
    with pytest.raises(NotInForce):
        ending.resume(by=OFFICE, mandate_id=mandate.pk, now=later)
    assert [act.why for act in queries.acts_of(mandate_id=mandate.pk)][1] == "tre addebiti sono tornati indietro"


def test_the_bank_is_told_once_what_has_changed(valle, payer) -> None:
    mandate = signed(payer)
    assert standing(payer).amendment == Amendment()
    asked(valle, payer, 500)
    assert (standing(payer).is_first, standing(payer).amendment) == (False, Amendment())

    mandates.change_account(by=OFFICE, mandate_id=mandate.pk, holder=holder(OTHER), signature=signature(), now=clock.now())
    told = Amendment(former_creditor_id=CREDITOR.creditor_id, is_new_account=True)
    assert standing(payer).amendment == Amendment(is_new_account=True)
    assert standing(payer, "IT77ZZZ0000001199250158").amendment == told

    asked(valle, payer, 700, debt="invoice:2")
    assert Collection.objects.get(debt="invoice:2").is_new_account
    assert standing(payer).amendment == Amendment()
    # A collection that was rejected has told the debtor's bank nothing.
    Coming.objects.create(collection=Collection.objects.get(debt="invoice:2"), kind="rejected", at=clock.now(), day=DAY)
    assert standing(payer).amendment == Amendment(is_new_account=True)


def test_a_first_collection_that_was_rejected_is_first_again(valle, payer) -> None:
    signed(payer)
    asked(valle, payer, 500)
    come("rejected")

    assert standing(payer).is_first


def test_mandates_that_nobody_has_used_are_found(valle, payer) -> None:
    mandate = signed(payer)
    assert queries.unused_since(day=date(2026, 9, 1)) == [mandate.pk]
    assert queries.unused_since(day=date(2026, 8, 31)) == []

    asked(valle, payer, 500)
    assert queries.unused_since(day=DAY - timedelta(days=1)) == []
    assert queries.unused_since(day=DAY) == [mandate.pk]


def test_a_file_is_its_collections_in_blocks(valle, payer, django_assert_num_queries) -> None:
    signed(payer)
    file = asked(valle, payer, 460, 310)

    with django_assert_num_queries(2):
        (block,) = asked_queries.groups(file=file)
        (one,) = block.asks
    assert (block.sequence, block.day, block.count, block.cents) == ("FRST", DAY, 1, 770)
    assert (one.cents, one.end_to_end_id, one.holder) == (770, f"{valle.town.id}-INVOICE-1-1", "Maria Rossi")
    assert asked_queries.head(file=file).creditor == CREDITOR
    (view,) = asked_queries.collections_together(identifier=file.message_id)
    assert [view] == asked_queries.collections_together(identifier=block.payment_id)
    assert view.shares == ((valle.wallet("Anna").pk, 460), (valle.wallet("Luca").pk, 310))
    assert asked_queries.collections_by_key(keys=[one.end_to_end_id]) == {one.end_to_end_id: view}
    assert asked_queries.collections_together(identifier="SDD") == []


def test_a_debt_is_asked_for_once_an_attempt(valle, payer) -> None:
    signed(payer)
    asked(valle, payer, 500)
    with pytest.raises(IntegrityError, match="one_collection_per"), transaction.atomic():
        asked(valle, payer, 500)
    asked(valle, payer, 500, attempt=2)

    past = queries.pasts(debts=["invoice:1", "invoice:9"])
    assert list(past) == ["invoice:1"]
    assert (past["invoice:1"].attempts, past["invoice:1"].outcome) == (2, "")


def test_what_came_of_a_collection_is_known_by_its_debt(valle, payer) -> None:
    signed(payer)
    asked(valle, payer, 500)
    assert asked_queries.due(day=DAY, limit=10) == [], "the file has not left the house"
    handing.hand_over(by=OFFICE, file=CollectionFile.objects.get(), now=clock.now())
    (view,) = asked_queries.due(day=DAY, limit=10)
    assert asked_queries.due(day=DAY - timedelta(days=1), limit=10) == []
    collecting.note_booked(collections=[view], now=clock.now())
    assert asked_queries.due(day=DAY, limit=10) == []
    assert queries.pasts(debts=[view.debt])[view.debt].back_at is None

    answer = collecting.keep(by=OFFICE, body=b"<a/>", now=clock.now())
    line = Line(1, "return", view.end_to_end_id, "AM04", 500)
    heard = Heard(line, "M-1", view, "applied", "returned", "retry")
    collecting.note(answer_id=answer.pk, heard=[heard], now=clock.now(), today=DAY)

    past = queries.pasts(debts=[view.debt])[view.debt]
    assert (past.outcome, past.follows, past.back_on) == ("returned", "retry", DAY)
    assert collecting.keep(by=OFFICE, body=b"<a/>", now=clock.now()).pk == answer.pk
    with pytest.raises(IntegrityError, match="one_event_per_message"), transaction.atomic():
        collecting.note(answer_id=answer.pk, heard=[heard], now=clock.now(), today=DAY)


@pytest.mark.parametrize("row", [MandateAct, Collection, CollectionShare])
def test_nobody_changes_what_has_happened(valle, payer, row) -> None:
    signed(payer)
    asked(valle, payer, 500)

    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        row.objects.update(id=0)


@pytest.mark.django_db
def test_a_mandate_of_another_town_is_none(borgo) -> None:
    with scope(borgo.town.id), pytest.raises(NotFound):
        queries.mandate(mandate_id=1)

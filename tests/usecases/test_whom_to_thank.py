"""Whom the thanks for a payment go to, which address a payer has, and what makes each order another."""

from datetime import timedelta

import pytest

from campanella.domains.accounts import operations as accounts
from campanella.domains.enrolment.models import Subscription
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger.models import Account, Entry
from campanella.domains.messaging.models import Message
from campanella.domains.payments.models import PaymentRequest, Receipt
from campanella.domains.people import operations as people
from campanella.domains.people.models import Guardian
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.usecases import thanks as saying
from campanella.usecases import top_up
from tests.paying import prepare, ready, receive, wish
from tests.towns import TODAY, Cast, Family, run_jobs

__all__ = ["ready"]


def at_desk(cast: Cast, wallet_id: int, *, count: int = 1, nonce: str = "", cents: int = 2000) -> list[PaymentRequest]:
    return top_up.prepare_at_desk(
        by=cast.staff["office"], wallet_id=wallet_id, amount=Euro(cents), count=count, now=clock.now(), nonce=nonce
    )


def told(request: PaymentRequest) -> dict[str, object]:
    """Return what stands in the database, the number apart."""
    names = "wallet_id child_id payer_id amount_cents description service_name debtor_tax_code debtor_name iban taxonomy"
    row = PaymentRequest.objects.values().get(pk=request.pk)
    return {name: row[name] for name in (*names.split(), "made_at", "made_by_id", "is_notice", "due_on", "state")}


def thanks(cast: Cast, receipt: Receipt, wallet_id: int) -> list[Message]:
    """Run nothing but the thanks, and return the letters."""
    Message.objects.filter(template="top_up_booked").delete()
    saying.thank(receipt_pk=receipt.pk, wallet_id=wallet_id)
    return list(Message.objects.filter(template="top_up_booked"))


def test_a_common_wallet_of_a_child_that_only_rides_is_for_the_bus(valle: Cast) -> None:
    amina = valle.child("Amina")
    common = ledger.open_wallet(child=amina, service_id=None).pk
    assert told(at_desk(valle, common)[0])["taxonomy"] == valle.services["mensa"].taxonomy
    anna, bus = valle.child("Anna"), valle.services["scuolabus"]
    Subscription.objects.filter(child=anna, service=valle.services["mensa"]).delete()
    riding = ledger.open_wallet(child=anna, service_id=None).pk
    assert told(at_desk(valle, riding)[0])["taxonomy"] == bus.taxonomy != valle.services["mensa"].taxonomy
    Subscription.objects.filter(child=amina).delete()
    assert told(at_desk(valle, common)[0])["taxonomy"] == "9/0107100TS/"


def test_the_address_is_the_adult_s_and_one_that_waits_only_where_there_is_none(valle: Cast, ready: Family) -> None:
    def check(hours: int = 1) -> top_up.Check:
        return top_up.check(user=ready.user, child_ids=[valle.child("Anna").pk], now=clock.now() + timedelta(hours=hours))

    accounts.ask_contact_change(user=ready.user, email="nuova@posta.example", phone="", now=clock.now())
    Guardian.objects.filter(pk=ready.guardian.pk).update(email="adulto@posta.example")
    assert (check().email, check().waiting_email) == ("adulto@posta.example", "")
    Guardian.objects.filter(pk=ready.guardian.pk).update(email="")
    type(ready.user).objects.filter(pk=ready.user.pk).update(email="")
    ready.user.refresh_from_db()
    found = check()
    assert (found.email, found.waiting_email, found.is_complete) == ("", "nuova@posta.example", True)
    assert (check(49).waiting_email, check(49).is_complete) == ("", False)

    made = top_up.prepare(by=ready.user, lines=[wish(valle)], is_notice=True, now=clock.now())
    assert (len(made.requests), made.email) == (1, "")
    with pytest.raises(top_up.DataMissing):
        top_up.prepare(by=ready.user, lines=[wish(valle)], is_notice=True, now=clock.now() + timedelta(hours=49))


def test_without_a_form_each_order_and_each_notice_is_another(valle: Cast, ready: Family) -> None:
    def family() -> int:
        made = top_up.prepare(by=ready.user, lines=[wish(valle)], is_notice=False, now=clock.now())
        return made.requests[0].pk

    def desk() -> int:
        about = {"by": valle.staff["office"], "wallet_id": valle.wallet("Anna").pk, "amount": Euro(2000)}
        return top_up.prepare_at_desk(**about, count=1, now=clock.now())[0].pk

    assert len({family(), family(), desk(), desk()}) == 4


def test_each_form_is_another_order(valle: Cast, ready: Family) -> None:
    made = [prepare(valle, ready, wish(valle), nonce=nonce)[0].pk for nonce in ("a", "b", "a")]
    assert made[0] == made[2] != made[1]


def test_a_booked_receipt_comes_from_pagopa_s_account_and_is_thanked_for(valle: Cast, ready: Family) -> None:
    receive(prepare(valle, ready, wish(valle))[0])
    entry = Entry.objects.get()
    assert (entry.kind, entry.source, entry.memo, entry.by_id) == ("top_up", "receipt:iur-1", "Ricarica pagoPA", None)
    assert (entry.day, entry.at) == (TODAY, clock.now())
    assert [account.code for account in Account.objects.filter(kind="clearing")] == ["pagopa"]
    run_jobs()
    (letter,) = Message.objects.filter(template="top_up_booked")
    assert letter.child_id == valle.child("Anna").pk


def test_a_receipt_that_the_office_credits_is_in_the_book_as_the_clerk_s(valle: Cast) -> None:
    parts = [(valle.wallet("Anna").pk, Euro(1000))]
    for _ in range(2):
        top_up.credit(parts=parts, receipt_id="iur-9", by=valle.staff["office"], now=clock.now())
    assert [(entry.by_id, entry.source) for entry in Entry.objects.all()] == [(valle.staff["office"].pk, "receipt:iur-9")]
    assert valle.balance("Anna") == 1000


def test_thanks_go_to_who_paid_as_long_as_he_answers_for_the_child(valle: Cast, ready: Family) -> None:
    (request,) = prepare(valle, ready, wish(valle))
    receipt = receive(request)
    anna, other = valle.child("Anna"), valle.families["haddad"].guardian
    people.tie(child=anna, guardian=other, is_payer=False)
    people.make_payer(child_id=anna.pk, guardian_id=other.pk)
    # Whoever pays from now on, this was paid by somebody else, who still answers for the child.
    assert [letter.guardian_id for letter in thanks(valle, receipt, request.wallet_id)] == [ready.guardian.pk]
    people.untie(child_id=anna.pk, guardian_id=ready.guardian.pk)
    assert [letter.guardian_id for letter in thanks(valle, receipt, request.wallet_id)] == [other.pk]
    people.untie(child_id=anna.pk, guardian_id=other.pk)
    assert thanks(valle, receipt, request.wallet_id) == []

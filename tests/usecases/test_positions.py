"""What a position tells pagoPA, the debtor and the bank, whoever makes it; and whom its receipt is told to."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from campanella.domains.enrolment.models import Subscription
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger import queries as wallets
from campanella.domains.ledger.models import Entry
from campanella.domains.messaging.models import Message
from campanella.domains.payments.models import PaymentRequest, Receipt
from campanella.domains.people import operations as people
from campanella.foundation.core import clock
from campanella.foundation.core.models import AuditRow
from campanella.foundation.core.money import Euro
from campanella.usecases import thanks as saying
from campanella.usecases import top_up
from campanella.usecases.top_up import Line
from tests.paying import prepare, ready, receive, wish
from tests.towns import IBAN, TODAY, Cast, Family, choosing, run_jobs, without_account

__all__ = ["ready"]


def at_desk(cast: Cast, wallet_id: int, *, count: int = 1, nonce: str = "", cents: int = 2000) -> list[PaymentRequest]:
    return top_up.prepare_at_desk(
        by=cast.staff["office"], wallet_id=wallet_id, amount=Euro(cents), count=count, now=clock.now(), nonce=nonce
    )


def for_many(cast: Cast, *names: str, key: str = "list:1", cents: int = 2000) -> list[PaymentRequest]:
    found = wallets.wallets_of(child_ids=[cast.child(name).pk for name in names])
    chosen = [wallet for wallet in found if wallet.service_id == cast.services["mensa"].pk]
    return top_up.prepare_for_many(
        by=cast.staff["office"], wanted=[(one, Euro(cents)) for one in chosen], key=key, now=clock.now()
    )


def told(request: PaymentRequest) -> dict[str, object]:
    """Return what stands in the database, the number apart."""
    names = "wallet_id child_id payer_id amount_cents description service_name debtor_tax_code debtor_name iban taxonomy"
    row = PaymentRequest.objects.values().get(pk=request.pk)
    return {name: row[name] for name in (*names.split(), "made_at", "made_by_id", "is_notice", "due_on", "state")}


def expected(cast: Cast, child: str = "Anna", service: str = "mensa", **more: object) -> dict[str, object]:
    named = cast.services[service].name
    family = next(family for family in cast.families.values() if child in family.children)
    return {
        "wallet_id": cast.wallet(child, service).pk,
        "child_id": cast.child(child).pk,
        "payer_id": family.guardian.pk,
        "amount_cents": 2000,
        "description": f"Ricarica {named}, ottobre 2026, codice {cast.child(child).code}",
        "service_name": named,
        "debtor_tax_code": family.guardian.tax_code,
        "debtor_name": family.guardian.full_name,
        "iban": IBAN,
        "taxonomy": cast.services[service].taxonomy,
        "made_at": clock.now(),
        "made_by_id": cast.staff["office"].pk,
        "is_notice": True,
        "due_on": TODAY + timedelta(days=30),
        "state": "open",
        **more,
    }


@pytest.mark.parametrize("is_notice", [False, True])
def test_a_position_of_the_family(valle: Cast, ready: Family, is_notice: bool) -> None:
    lines = [wish(valle), wish(valle, service="scuolabus")]
    made = top_up.prepare(by=ready.user, lines=lines, is_notice=is_notice, now=clock.now())

    assert made.email == "rossi@posta.example"
    mine = {"made_by_id": ready.user.pk, "is_notice": is_notice}
    assert [told(request) for request in made.requests] == [
        expected(valle, **mine),
        expected(valle, service="scuolabus", **mine),
    ]


def test_a_position_of_the_desk_is_a_notice_to_the_payer(valle: Cast, ready: Family) -> None:
    (made,) = at_desk(valle, valle.wallet("Luca").pk)
    assert told(made) == expected(valle, "Luca")
    acts = AuditRow.objects.filter(action="position.made")
    assert [(act.actor_id, act.at) for act in acts] == [(valle.staff["office"].pk, clock.now())]


def test_as_many_notices_of_the_desk_as_asked_each_of_the_whole_amount(valle: Cast) -> None:
    made = at_desk(valle, valle.wallet("Anna").pk, count=3)
    assert len({request.notice_number for request in made}) == 3
    assert [told(request) for request in made] == [expected(valle)] * 3


def test_a_form_of_the_desk_is_one_notice_and_without_a_key_each_is_another(valle: Cast) -> None:
    anna = valle.wallet("Anna").pk
    first, again = at_desk(valle, anna, nonce="f"), at_desk(valle, anna, nonce="f")
    other, third = at_desk(valle, anna, nonce="g"), at_desk(valle, anna, nonce="f", cents=3000)
    assert first[0].pk == again[0].pk
    assert len({made[0].pk for made in (first, other, third, at_desk(valle, anna), at_desk(valle, anna))}) == 5


def test_notices_for_many_are_each_of_its_own_payer_and_made_once(valle: Cast) -> None:
    made = for_many(valle, "Anna", "Amina")
    assert [told(request) for request in made] == [expected(valle), expected(valle, "Amina")]
    assert [request.pk for request in for_many(valle, "Anna", "Amina")] == [request.pk for request in made]
    assert PaymentRequest.objects.filter(order_key="list:1").count() == 2
    assert len(for_many(valle, "Anna", key="list:2")) == 1


def test_a_child_without_a_payer_has_a_nameless_debtor(valle: Cast) -> None:
    for name in ("Anna", "Luca"):
        people.untie(child_id=valle.child(name).pk, guardian_id=valle.families["rossi"].guardian.pk)
    nobody = {"payer_id": None, "debtor_tax_code": "ANONIMO", "debtor_name": "ANONIMO"}
    assert told(at_desk(valle, valle.wallet("Anna").pk)[0]) == expected(valle, **nobody)
    assert told(for_many(valle, "Luca", "Amina")[0]) == expected(valle, "Luca", **nobody)
    run_jobs()
    letters = Message.objects.filter(template="notices_made")
    assert [letter.guardian_id for letter in letters] == [valle.families["haddad"].guardian.pk]


def test_a_payer_without_a_tax_code_keeps_the_name(valle: Cast) -> None:
    payer = valle.families["rossi"].guardian
    type(payer).objects.filter(pk=payer.pk).update(tax_code="")
    assert told(at_desk(valle, valle.wallet("Anna").pk)[0]) == expected(valle, debtor_tax_code="ANONIMO")


def test_a_common_wallet_is_for_the_first_service_of_the_child_and_meals_where_there_is_none(valle: Cast) -> None:
    amina = valle.child("Amina")
    common = ledger.open_wallet(child=amina, service_id=None).pk
    assert told(at_desk(valle, common)[0])["taxonomy"] == valle.services["mensa"].taxonomy
    Subscription.objects.filter(child=amina).delete()
    assert told(at_desk(valle, common)[0])["taxonomy"] == "9/0107100TS/"


def test_due_day_segregation_and_account_are_the_town_s(valle: Cast) -> None:
    choosing(valle.town, notice_days=7, pagopa_segregation=23)
    (made,) = at_desk(valle, valle.wallet("Anna").pk)
    assert made.due_on == TODAY + timedelta(days=7)
    assert made.notice_number.startswith("323")


def test_a_town_without_an_account_makes_no_position(valle: Cast, ready: Family) -> None:
    without_account(valle.town)
    for make in (lambda: at_desk(valle, valle.wallet("Anna").pk), lambda: for_many(valle, "Anna")):
        with pytest.raises(top_up.NoAccount):
            make()
    assert not PaymentRequest.objects.exists()


def test_what_is_missing_for_a_payment_is_said_of_the_children_chosen(valle: Cast, rossi: Family) -> None:
    anna, luca = valle.child("Anna").pk, valle.child("Luca").pk

    def check(*child_ids: int) -> top_up.Check:
        return top_up.check(user=rossi.user, child_ids=child_ids, now=clock.now())

    found = check(anna)
    assert found == top_up.Check("rossi@posta.example", "", rossi.guardian.tax_code, rossi.guardian.pk, (anna,))
    assert set(check(anna, luca).children_without_tax_code) == {anna, luca}
    assert check().children_without_tax_code == ()
    assert (found.is_complete, check().is_complete) == (False, True)
    nobody = top_up.check(user=valle.staff["office"], child_ids=[anna], now=clock.now())
    assert (nobody.guardian_tax_code, nobody.guardian_id, nobody.children_without_tax_code) == ("", None, ())


def test_an_order_is_of_a_person_a_form_and_its_amounts(valle: Cast, rossi: Family) -> None:
    def key(family: str, nonce: str, *lines: Line) -> str:
        return top_up.order_key(by=valle.families[family].user, nonce=nonce, lines=lines)

    one, two = Line(1, Euro(500)), Line(2, Euro(500))
    same: Sequence[str] = [key("rossi", "n", one, two), key("rossi", "n", one, two)]
    others = [
        key("haddad", "n", one, two),
        key("rossi", "m", one, two),
        key("rossi", "n", one),
        key("rossi", "n", two, one),
        key("rossi", "n", one, Line(2, Euro(501))),
    ]
    assert len(set(same)) == 1
    assert len({same[0], *others}) == 6


def test_a_booked_receipt_is_in_the_book_as_pagopa_s(valle: Cast, ready: Family) -> None:
    receive(prepare(valle, ready, wish(valle))[0])
    entry = Entry.objects.get()
    assert (entry.kind, entry.source, entry.memo, entry.by_id) == ("top_up", "receipt:iur-1", "Ricarica pagoPA", None)
    assert (entry.day, entry.at) == (TODAY, clock.now())


def test_a_receipt_of_nobody_s_notice_waits_and_credits_nothing(valle: Cast, ready: Family) -> None:
    (request,) = prepare(valle, ready, wish(valle))
    request.notice_number = "301202600000000103"
    receipt = receive(request)
    assert (receipt.outcome, receipt.reason) == ("parked", "unknown")
    assert not Entry.objects.exists()


def thanks(cast: Cast, receipt: Receipt, wallet_id: int) -> list[Message]:
    """Run nothing but the thanks, and return the letters."""
    Message.objects.filter(template="top_up_booked").delete()
    saying.thank(receipt_pk=receipt.pk, wallet_id=wallet_id)
    return list(Message.objects.filter(template="top_up_booked"))


def test_thanks_tell_how_much_arrived_and_where_the_credit_stood_right_after(valle: Cast, ready: Family) -> None:
    (request,) = prepare(valle, ready, wish(valle))
    receipt = receive(request)
    valle.credit("Anna", 700)

    (letter,) = thanks(valle, receipt, request.wallet_id)

    text = " ".join(letter.text.split())
    assert (letter.guardian_id, letter.address) == (ready.guardian.pk, "rossi@posta.example")
    assert "20,00" in text
    assert "Con questa ricarica il credito è 20,00" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert "iur-1" in text
    assert f"/pagamenti/avvisi/{request.pk}/" in text


def test_thanks_go_to_who_answers_for_the_child_now_and_to_nobody_where_there_is_none(valle: Cast, ready: Family) -> None:
    (request,) = prepare(valle, ready, wish(valle))
    receipt = receive(request)
    anna, other = valle.child("Anna"), valle.families["haddad"].guardian
    people.tie(child=anna, guardian=other, is_payer=False)
    assert [letter.guardian_id for letter in thanks(valle, receipt, request.wallet_id)] == [ready.guardian.pk]
    people.untie(child_id=anna.pk, guardian_id=ready.guardian.pk)
    assert [letter.guardian_id for letter in thanks(valle, receipt, request.wallet_id)] == [other.pk]
    people.untie(child_id=anna.pk, guardian_id=other.pk)
    assert thanks(valle, receipt, request.wallet_id) == []


def test_thanks_for_a_notice_without_a_payer_go_to_the_child_s(valle: Cast) -> None:
    (request,) = at_desk(valle, valle.wallet("Anna").pk)
    PaymentRequest.objects.filter(pk=request.pk).update(payer=None)
    receipt = receive(request)
    letters = thanks(valle, receipt, request.wallet_id)
    assert [letter.guardian_id for letter in letters] == [valle.families["rossi"].guardian.pk]


def test_no_thanks_for_a_wallet_in_which_the_receipt_moved_nothing(valle: Cast, ready: Family) -> None:
    (request,) = prepare(valle, ready, wish(valle))
    receipt = receive(request)
    assert thanks(valle, receipt, valle.wallet("Luca").pk) == []

"""What was paid together is thanked for together: one letter, with each credit as it stood right after."""

from typing import Any

import pytest
from django.db import connection

from campanella.domains.messaging.models import AlsoTold, Message
from campanella.domains.payments.models import PaymentRequest
from campanella.domains.people import operations as people
from campanella.foundation.core import clock
from campanella.readings import proofs
from campanella.usecases import mealtime, thanks, top_up
from campanella.usecases.pagopa import visit
from tests.paying import pagopa, ready, receive, wish
from tests.towns import OFFICE, Cast, Family, as_owner, run_jobs, tell_again

__all__ = ["pagopa", "ready"]


@pytest.fixture
def cart(valle: Cast, ready: Family, pagopa: list[Any]) -> list[PaymentRequest]:
    """The family is on pagoPA's page with 20 euro for Anna and 12,50 for Luca."""
    lines = [wish(valle), wish(valle, "Luca", 1250)]
    made = top_up.prepare(by=ready.user, lines=lines, is_notice=False, now=clock.now()).requests
    visit.go_to_checkout(by=ready.user, request_ids=[one.pk for one in made], email="rossi@posta.example", now=clock.now())
    tell_again()
    return sorted(made, key=lambda one: -one.amount_cents)


def letters() -> list[Message]:
    run_jobs()
    return list(Message.objects.filter(template__in=["top_up_booked", "top_ups_booked"]).order_by("id"))


def words(letter: Message) -> str:
    return " ".join(letter.text.split())


def test_two_children_of_one_cart_are_one_letter(valle: Cast, cart: list[PaymentRequest]) -> None:
    valle.credit("Luca", 300)
    for number, request in enumerate(cart):
        receive(request, iur=f"IUR{number}")
    # The thanks are late: meanwhile a meal was eaten.
    mealtime.confirm(by=OFFICE, roll_call=valle.roll_call(), absent_ids=[], adults=0, now=clock.now())

    (letter,) = letters()

    assert letter.address == "rossi@posta.example"
    assert letter.subject == "Ricarica ricevuta · Comune di Valle"
    text = words(letter)
    assert "abbiamo ricevuto il tuo pagamento, 32,50 € in tutto" in text
    assert "20,00 € per Anna, Refezione. Con questa ricarica il credito è 20,00 €." in text
    assert "12,50 € per Luca, Refezione. Con questa ricarica il credito è 15,50 €." in text
    assert text.count("(IUR): ") == 2
    assert AlsoTold.objects.get().balance_cents == 1550
    assert proofs.violations() == []


def test_the_first_receipt_waits_a_little_for_the_second(valle: Cast, cart: list[PaymentRequest]) -> None:
    first = receive(cart[0], iur="IUR0")
    thanks.thank(receipt_pk=first.pk, wallet_id=cart[0].wallet_id)
    with connection.cursor() as cursor:
        cursor.execute("select scheduled_at > clock_timestamp() from procrastinate_jobs where task_name = 'thank_later'")
        assert cursor.fetchall() == [(True,)]
    assert not Message.objects.filter(template="top_up_booked").exists()
    second = receive(cart[1], iur="IUR1")
    thanks.thank(receipt_pk=second.pk, wallet_id=cart[1].wallet_id)

    (letter,) = letters()

    assert "32,50 € in tutto" in words(letter)
    assert proofs.violations() == []


def test_a_receipt_that_nobody_follows_is_thanked_for_alone(valle: Cast, cart: list[PaymentRequest]) -> None:
    receive(cart[0], iur="IUR0")
    (alone,) = letters()
    assert "abbiamo ricevuto la ricarica di 20,00 € per Anna" in words(alone)

    receive(cart[1], iur="IUR1")

    (_, later) = letters()
    assert "abbiamo ricevuto la ricarica di 12,50 € per Luca" in words(later)
    assert proofs.violations() == []


def test_thanks_are_said_once_however_often_they_are_begun(valle: Cast, cart: list[PaymentRequest]) -> None:
    kept = [receive(request, iur=f"IUR{number}") for number, request in enumerate(cart)]
    for _ in range(2):
        for receipt, request in zip(kept, cart, strict=True):
            thanks.thank(receipt_pk=receipt.pk, wallet_id=request.wallet_id)
            thanks.thank(receipt_pk=receipt.pk, wallet_id=request.wallet_id, is_last_call=True)
    assert len(letters()) == 1


def test_what_was_paid_hours_later_with_a_notice_waits_for_nobody(valle: Cast, cart: list[PaymentRequest], at: Any) -> None:
    at("12:30")
    receipt = receive(cart[0], iur="IUR0")
    thanks.thank(receipt_pk=receipt.pk, wallet_id=cart[0].wallet_id)
    assert Message.objects.filter(template="top_up_booked").count() == 1


@pytest.mark.parametrize(
    ("change", "promise"),
    [
        ("balance_cents = balance_cents + 1", "a message about money tells the credit right after its movement"),
        ("key = 'top_up_booked:IUR9'", "thanks are for the receipt that was booked"),
    ],
)
def test_a_further_matter_that_disagrees_is_named(
    valle: Cast, cart: list[PaymentRequest], change: str, promise: str
) -> None:
    for number, request in enumerate(cart):
        receive(request, iur=f"IUR{number}")
    letters()
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"update messaging_alsotold set {change}")
    assert promise in {found.promise for found in proofs.violations()}


def test_another_adult_reads_nothing_of_it(valle: Cast, cart: list[PaymentRequest]) -> None:
    """Meanwhile somebody else answers for Luca: each is thanked for what is theirs."""
    other = valle.families["haddad"].guardian
    PaymentRequest.objects.filter(pk=cart[1].pk).update(payer=other)
    people.tie(child=valle.child("Luca"), guardian=other, is_payer=False)
    for number, request in enumerate(cart):
        receive(request, iur=f"IUR{number}")
    found = {letter.address: words(letter) for letter in letters()}
    assert set(found) == {"rossi@posta.example", "haddad@posta.example"}
    assert "Luca" not in found["rossi@posta.example"]
    assert "Anna" not in found["haddad@posta.example"]

"""
A visit to pagoPA's payment page: going there, coming back, and what one may do with a position meanwhile.

``go_to_checkout`` is called outside any transaction; the visit is written down before pagoPA is asked, so that whatever
happens afterwards the position is known to be under way.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import BoundedSemaphore
from time import sleep
from typing import TYPE_CHECKING

from django.conf import settings

from campanella.domains.accounts.models import User
from campanella.domains.payments import operations as payments
from campanella.domains.payments import queries as positions
from campanella.domains.payments.gateways.base import GatewayError
from campanella.domains.payments.gateways.pagopa import checkout
from campanella.domains.payments.operations import PaymentUnderWay
from campanella.domains.payments.queries import PaymentRequest
from campanella.domains.payments.receipts import queries as receipts
from campanella.domains.people import queries as people
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.later import Later
from campanella.foundation.core.scope import active_town_id, let_go, scope, use_case
from campanella.foundation.tenants.queries import active_town
from campanella.readings.asked import asks_now, behind
from campanella.readings.family.positions import seen
from campanella.usecases.links import portal_link

if TYPE_CHECKING:
    import httpx
else:
    httpx = Later("httpx")

# Whoever does not take up the call within the first does not answer; whoever took it up may think a little.
CONNECT_SECONDS, CHECKOUT_SECONDS = 3.0, 8.0
# A process has a few threads for all pages of all towns: a pagoPA that is silent may hold some of them, never all.
_calls = BoundedSemaphore(settings.CALLS_OUT)
# A second tap within this time is the same wish, and goes to the same page of pagoPA.
SAME_WISH = timedelta(seconds=60)
# pagoPA's page of a visit can be opened again for this long.
PAGE_LIVES = timedelta(minutes=10)
# How often, and how many times, the second tap looks whether the first has its page.
LOOK_SECONDS, LOOKS = 0.2, 15


class CheckoutFailed(Refusal):
    """pagoPA did not open the payment page; nothing was paid."""


class PagopaIsBusy(CheckoutFailed):
    """As many as may are waiting for pagoPA already; it was not asked."""

    message = (
        "In questo momento pagoPA risponde lentamente e altri stanno aspettando. Non hai pagato nulla: riprova tra un "
        "minuto oppure paga con l'avviso."
    )


class TooManyNotices(Refusal):
    """pagoPA takes five positions in one payment."""

    message = "In un solo pagamento entrano al massimo cinque avvisi. Scegline cinque adesso e gli altri subito dopo."


def go_to_checkout(*, by: User, request_ids: Sequence[int], email: str, now: datetime) -> str:
    """
    Open pagoPA's payment page for positions of this family and return its address.

    Call it outside any transaction: the visit is written down first, then pagoPA is called with no connection held. A
    second tap within a minute is given the page of the first.

    :raises NotFound: a position is another family's
    :raises NotOpen: a position is paid or was deleted, or its money has arrived and waits
    :raises Expired: a position is past its last day
    :raises PaymentUnderWay: another visit may still end in a receipt
    :raises TooManyNotices: more than five
    :raises CheckoutFailed: pagoPA did not open its page, or as many as may wait for it already; nothing was paid
    """
    if len(request_ids) > checkout.MOST_NOTICES:
        raise TooManyNotices
    with _one_of_few():
        try:
            order = _write_down(by=by, request_ids=request_ids, email=email, now=now)
        except PaymentUnderWay:
            address = _page_of_first_tap(by=by, request_ids=request_ids, now=now)
            if not address:
                raise
            return address
        let_go()
        try:
            with httpx.Client() as client:
                address = checkout.open_cart(
                    order,
                    base_url=settings.PAGOPA_CHECKOUT_URL,
                    key=settings.PAGOPA_CHECKOUT_KEY,
                    client=client,
                    timeout=httpx.Timeout(CHECKOUT_SECONDS, connect=CONNECT_SECONDS),
                )
        except GatewayError as failure:
            payments.close_cart(token=order.id, outcome="failed")
            raise CheckoutFailed(failure.message) from failure
    payments.note_address(token=order.id, address=address)
    return address


def try_again(*, by: User, token: str, now: datetime) -> str:
    """
    Go back to pagoPA for a visit of which nothing is known, and return the address of its page.

    The same page while pagoPA keeps it, else a new visit for the same positions; whichever is paid, it is paid once. Call it
    outside any transaction, as ``go_to_checkout``, whose refusals it shares.

    :raises NotFound: the visit is somebody else's, or there is none
    """
    address, request_ids, email = _resume_or_leave(by=by, token=token, now=now)
    return address or go_to_checkout(by=by, request_ids=request_ids, email=email, now=now)


@use_case
def _resume_or_leave(*, by: User, token: str, now: datetime) -> tuple[str, list[int], str]:
    cart = positions.cart(token=token, user_id=by.pk)
    if cart.address and not cart.outcome and now - cart.opened_at < PAGE_LIVES:
        return cart.address, [], ""
    payments.close_cart(token=token, outcome="cancelled")
    return "", [line.request_id for line in cart.lines.all()], cart.email


@use_case
def come_back(*, by: User, token: str, outcome: str) -> None:
    """
    Note how the browser came back from pagoPA (``ok``, ``cancelled``, ``failed``); the first word holds.

    Who did not come back says ``cancelled`` on our own page.

    :raises NotFound: the visit is somebody else's, or there is none
    """
    positions.cart(token=token, user_id=by.pk)
    payments.close_cart(token=token, outcome=outcome)


@use_case
def delete(*, by: User, request_id: int, now: datetime) -> None:
    """
    Delete a notice of this family.

    :raises NotFound: it is another family's
    :raises NotOpen: it is paid or was deleted
    :raises PaymentUnderWay: somebody may be paying it right now
    """
    own_position(user=by, request_id=request_id)
    payments.cancel_position(by=by, request_id=request_id, now=now)


@use_case
def ask_for_notice(*, by: User, request_id: int) -> None:
    """
    Put an open position of this family among the notices to pay.

    :raises NotFound: it is another family's
    """
    own_position(user=by, request_id=request_id)
    payments.make_notice(request_id=request_id)


def own_position(*, user: User, request_id: int) -> PaymentRequest:
    """
    Return one position of this family.

    :raises NotFound: it is another family's, is asked of another payer, or there is none
    """
    found = positions.requests(request_ids=[request_id])
    child_ids = [child.id for child in people.children_of(user=user)]
    if not found or not seen(user=user, child_ids=child_ids, request_ids=[request_id]):
        raise NotFound
    return found[0]


@use_case
def _write_down(*, by: User, request_ids: Sequence[int], email: str, now: datetime) -> checkout.CheckoutCart:
    requests = [own_position(user=by, request_id=request_id) for request_id in sorted(set(request_ids))]
    if any(receipts.money_waits(notice_number=request.notice_number) for request in requests):
        raise payments.NotOpen
    cents = {one.pk: asks_now(request=one, found=behind(request=one), now=now).cents for one in requests}
    if not all(cents.values()):
        raise payments.NotOpen
    cart = payments.open_cart(user_id=by.pk, email=email, requests=requests, now=now)
    town = active_town()
    return checkout.CheckoutCart(
        id=cart.token,
        notices=[
            checkout.CartNotice(
                notice_number=request.notice_number,
                tax_code=town.tax_code,
                cents=cents[request.pk],
                company_name=town.name,
                description=request.description,
            )
            for request in requests
        ],
        ok_url=portal_link("portal:back-from-checkout", cart.token, "ok"),
        cancel_url=portal_link("portal:back-from-checkout", cart.token, "cancelled"),
        error_url=portal_link("portal:back-from-checkout", cart.token, "failed"),
        email=email,
    )


@contextmanager
def _one_of_few() -> Iterator[None]:
    """Be one of those who may wait for pagoPA at a time, in this process."""
    if not _calls.acquire(blocking=False):
        raise PagopaIsBusy
    try:
        yield
    finally:
        _calls.release()


def _page_of_first_tap(*, by: User, request_ids: Sequence[int], now: datetime) -> str:
    """Return the page that the first tap of a double tap has opened, or is opening; nothing when there was no first tap."""
    for _ in range(LOOKS):
        with scope(active_town_id()):
            first = positions.last_visit(request_ids=request_ids, user_id=by.pk, since=now - SAME_WISH)
        if first is None or first.outcome:
            return ""
        if first.address:
            return first.address
        let_go()
        sleep(LOOK_SECONDS)
    return ""

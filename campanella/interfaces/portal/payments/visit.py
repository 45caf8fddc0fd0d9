"""
Coming back from pagoPA, or not: a payment is coming, unknown, or has arrived, and nothing else is said of it.

Unknown is a visit whose browser never came back: it may be tried again or left, and ends by itself. Here is also the page
for who would pay a second time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.billing import queries as billing
from campanella.domains.payments import queries as positions
from campanella.domains.payments.operations import Expired, NotOpen, PaymentUnderWay
from campanella.domains.payments.queries import Position
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import scope
from campanella.interfaces.doors import PersonRequest, family, family_calling_out
from campanella.interfaces.portal.payments.answers import see_other
from campanella.readings.family.positions import seen
from campanella.readings.family.purses import Purse, purses_of
from campanella.usecases.pagopa import visit as pagopa_visit

OUTCOMES = ("ok", "cancelled", "failed")
# htmx stops asking when it reads this status.
STOP_POLLING = 286
# Later than this the page no longer asks by itself; the receipt comes all the same, and a mail with it.
ASKS_BY_ITSELF = timedelta(minutes=10)
# A browser without scripts loads the page again this often; app.js leaves the cookie where scripts run.
ASKS_AGAIN_SECONDS = 5
SCRIPT_COOKIE = "script"


@dataclass(frozen=True)
class Paid:
    """A position of a visit, with the wallet it is for; None where it is a payer's and of a child that it sees no more."""

    position: Position
    purse: Purse | None
    invoice: str = ""

    @property
    def label(self) -> str:
        """Whose and for what: "Anna · Refezione", "Fattura FT/2026/3"."""
        if self.invoice:
            return f"Fattura {self.invoice}"
        return self.purse.label if self.purse and not self.position.is_asked else self.position.service_name


@dataclass(frozen=True)
class VisitPage:
    """A visit as the page tells it: ``state`` is done, parked, coming, unknown, cancelled, failed or silent."""

    token: str
    opened_at: datetime
    state: str
    lines: list[Paid]
    email: str
    asked_at: datetime
    asks_by_itself: bool

    @property
    def is_open(self) -> bool:
        """Tell whether the page may still change by itself."""
        return self.state in ("coming", "unknown") and self.asks_by_itself

    @property
    def is_top_up(self) -> bool:
        """Tell whether all of it was for credit; else something was paid that was asked for."""
        return not any(line.position.is_asked for line in self.lines)

    @property
    def total(self) -> Euro:
        """What was to pay, without the fee."""
        return Euro(sum(line.position.amount.cents for line in self.lines))

    @property
    def free_at(self) -> datetime:
        """When it ends by itself."""
        return max((v.free_at for line in self.lines if (v := line.position.visit)), default=self.opened_at)


@family
def back(request: PersonRequest, token: str, outcome: str) -> HttpResponse:
    """Show how it stands at once. The return proves nothing, so the page tells what the receipts say."""
    if outcome not in OUTCOMES:
        raise NotFound
    pagopa_visit.come_back(by=request.user, token=token, outcome=outcome)
    return _whole_page(request, _page_of(request, token))


@family
def progress(request: PersonRequest, token: str) -> HttpResponse:
    """Tell how it stands now: a whole page, or the part that htmx asks for every two seconds."""
    visit = _page_of(request, token)
    if not request.headers.get("HX-Request"):
        return _whole_page(request, visit)
    if visit.is_open:
        return HttpResponse(status=204)
    return render(request, "portal/payments/parts/visit.html", {"visit": visit}, status=STOP_POLLING)


@family_calling_out
def try_again(request: PersonRequest, token: str) -> HttpResponse:
    """Go back to pagoPA: who did not come back has not paid, or has paid and is told so there."""
    here = reverse("portal:payment-progress", args=[token])
    if request.method != "POST" or _state_now(request, token) not in ("unknown", "silent"):
        return see_other(here)
    try:
        return see_other(pagopa_visit.try_again(by=request.user, token=token, now=clock.now()))
    except PaymentUnderWay:
        return see_other(here)
    except (NotOpen, Expired, pagopa_visit.CheckoutFailed) as refusal:
        messages.error(request, refusal.message)
        return see_other(here)


@family
def leave(request: PersonRequest, token: str) -> HttpResponse:
    """Put an end to a visit of which nothing is known: nothing was paid, says who knows."""
    here = reverse("portal:payment-progress", args=[token])
    if request.method != "POST" or _page_of(request, token).state not in ("unknown", "silent"):
        return see_other(here)
    pagopa_visit.come_back(by=request.user, token=token, outcome="cancelled")
    messages.success(request, "Va bene, lasciamo perdere. Se invece avevi pagato, il credito sale da solo.")
    return see_other(reverse("portal:payments"))


def under_way(request: PersonRequest, *, request_ids: Sequence[int]) -> HttpResponse:
    """Stop a second payment kindly: say what is known, until when, and what to do. Opens its own scope."""
    now = clock.now()
    with scope(request.town.id):
        known = positions.positions(request_ids=request_ids, now=now, today=clock.day_of(now))
        purses = {purse.id: purse for purse in purses_of(user=request.user, today=clock.day_of(now))}
    busy = [Paid(position, purses.get(position.wallet_id)) for position in known if position.status == "under_way"]
    if not busy:
        return see_other(reverse("portal:position", args=[known[0].id]))
    visits = [line.position.visit for line in busy if line.position.visit]
    mine = next((v for v in visits if v.user_id == request.user.pk), None)
    is_coming = any(line.position.is_coming for line in busy)
    if mine and not is_coming:
        return see_other(reverse("portal:payment-progress", args=[mine.token]))
    context = {
        "section": "payments",
        "lines": busy,
        "visit": mine,
        "is_coming": is_coming,
        "since": min((v.opened_at for v in visits), default=now),
        "free_at": max((v.free_at for v in visits), default=now),
        "total": Euro(sum(line.position.amount.cents for line in busy)),
    }
    return render(request, "portal/payments/under_way.html", context, status=409)


def _state_now(request: PersonRequest, token: str) -> str:
    with scope(request.town.id):
        return _page_of(request, token).state


def _whole_page(request: PersonRequest, visit: VisitPage) -> HttpResponse:
    """Show a visit; a browser that has never run our script (its cookie is missing) is told to ask again by itself."""
    page = render(request, "portal/payments/visit.html", {"visit": visit, "section": "payments"})
    if visit.is_open and SCRIPT_COOKIE not in request.COOKIES:
        page.headers["Refresh"] = f"{ASKS_AGAIN_SECONDS};url={reverse('portal:payment-progress', args=[visit.token])}"
    return page


def _page_of(request: PersonRequest, token: str) -> VisitPage:
    now = clock.now()
    today = clock.day_of(now)
    cart = positions.cart(token=token, user_id=request.user.pk)
    ids = [line.request_id for line in cart.lines.all()]
    purses = {purse.id: purse for purse in purses_of(user=request.user, today=today)}
    known = positions.positions(request_ids=ids, now=now, today=today)
    children = {purse.child_id for purse in purses.values()}
    beyond = [position.id for position in known if position.wallet_id not in purses]
    own = seen(user=request.user, child_ids=children, request_ids=beyond)
    asked = [position.id for position in known if position.is_asked]
    invoices = billing.numbers_by_position(request_ids=asked) if asked else {}
    lines = [
        Paid(position, purses.get(position.wallet_id), invoices.get(position.id, ""))
        for position in known
        if position.wallet_id in purses or position.id in own
    ]
    by_itself = now - cart.opened_at < ASKS_BY_ITSELF
    return VisitPage(token, cart.opened_at, _state(lines, cart.outcome), lines, cart.email, now, by_itself)


def _state(lines: Sequence[Paid], outcome: str) -> str:
    """Receipts speak first; only without them counts how the browser came back."""
    settled = [line.position.status == "paid" or bool(line.position.parked) for line in lines]
    if lines and all(line.position.status == "paid" for line in lines):
        return "done"
    if lines and all(settled):
        return "parked"
    if any(settled) or any(line.position.arriving for line in lines):
        return "coming"
    if outcome in ("cancelled", "failed"):
        return outcome
    if not any(line.position.visit for line in lines):
        return "silent"
    return "coming" if outcome == "ok" else "unknown"

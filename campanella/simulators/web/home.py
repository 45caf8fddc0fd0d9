"""The home page, recent payments, one payment with its calls, and receipts still on their way."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from campanella.simulators.web.http import Body, of, page, see_other


def home(request: Request, form: Body) -> Response:
    """What there is, what was paid, what waits."""
    simulators = of(request)
    return page(
        "home.html",
        refresh=10,
        settings=simulators.settings,
        payments=[(payment, simulators.deliveries.of(payment.id)) for payment in simulators.payments.newest(20)],
        pending=simulators.deliveries.pending(),
        messages=len(simulators.mailbox.newest()),
        mode=simulators.mailbox.mode,
    )


def payment(request: Request, form: Body) -> Response:
    """One payment: every message sent and received."""
    simulators = of(request)
    found = simulators.payments.find(request.path_params["payment"])
    if found is None:
        raise HTTPException(404)
    deliveries = simulators.deliveries.of(found.id)
    moving = any(delivery["state"] in {"waiting", "sending"} for delivery in deliveries)
    return page("payment.html", refresh=3 if moving else None, payment=found, deliveries=deliveries)


def send_now(request: Request, form: Body) -> Response:
    """Send one waiting receipt without further delay."""
    of(request).deliveries.send(request.path_params["delivery"])
    return see_other("/#in-attesa")

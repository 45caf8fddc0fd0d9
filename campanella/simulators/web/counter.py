"""The PSP's counter: type a notice, see what the creditor answers, pay it."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from campanella.simulators.amounts import to_page
from campanella.simulators.pagopa.envelope import STYLES
from campanella.simulators.pagopa.messages import Notice
from campanella.simulators.pagopa.notices import has_valid_check_digits
from campanella.simulators.pagopa.psp import Order
from campanella.simulators.web.http import BadRequest, Body, of, page, see_other
from campanella.simulators.web.options import read_order


def counter(request: Request, form: Body) -> Response:
    """The empty counter, or with `notice_number` in the address what the creditor says of it."""
    if not form.get("notice_number"):
        return _page(form)
    try:
        order = read_order(form)
    except BadRequest as refusal:
        return _page(form, error=str(refusal), status=400)
    call, notice = of(request).psp.verify(order)
    return _page(form, order=order, call=call, notice=notice, hint=_hint(order, notice))


def _hint(order: Order, notice: Notice | None) -> str | None:
    """What a careful cashier would notice."""
    if not has_valid_check_digits(order.notice_number):
        return "Le ultime due cifre del numero avviso non tornano: forse è copiato male."
    if notice and order.printed_cents not in (None, notice.amount_cents):
        return f"Sull’avviso c’è scritto {to_page(order.printed_cents or 0)}: da allora l’importo è cambiato."
    return None


def pay(request: Request, form: Body) -> Response:
    """Pay the notice and show every call."""
    try:
        order = read_order(form)
    except BadRequest as refusal:
        return _page(form, error=str(refusal), status=400)
    payment = of(request).psp.pay(order, origin="psp", wait=True)
    return see_other(f"/payments/{payment.id}")


def _page(form: Body, *, error: str | None = None, status: int = 200, **found: Any) -> Response:
    values: dict[str, Any] = {"order": None, "call": None, "notice": None, "hint": None, **found}
    return page("counter.html", status=status, form=form, error=error, styles=STYLES, **values)

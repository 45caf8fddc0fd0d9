"""The PSP's counter: type a notice, see what the creditor answers, pay it."""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from campanella.simulators.pagopa.envelope import STYLES
from campanella.simulators.pagopa.notices import has_valid_check_digits
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
    hint = None
    if not has_valid_check_digits(order.notice_number):
        hint = "Le ultime due cifre del numero avviso non tornano: forse è copiato male."
    return _page(form, order=order, call=call, notice=notice, hint=hint)


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

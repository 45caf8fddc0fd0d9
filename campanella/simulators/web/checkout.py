"""Checkout: the API our side calls (`POST /checkout/ec/v1/carts`) and the page the payer sees."""

import json

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from campanella.simulators.pagopa.carts import FEE_CENTS, OUTCOMES, BadCart, Cart, CartClosed, validate
from campanella.simulators.web.http import BadRequest, Body, of, page, problem, read_body, see_other
from campanella.simulators.web.options import read_options

KEY = "Ocp-Apim-Subscription-Key"


async def post_carts(request: Request) -> Response:
    """Take a cart and answer 302 with the address of its page; 400, 401 and 422 are ProblemJson."""
    if not (request.headers.get(KEY) or request.query_params.get("subscription-key")):
        return problem(401, "Access Denied", "Access denied due to missing subscription key.")
    try:
        cart = validate(json.loads(await read_body(request)))
    except (BadCart, ValueError, RecursionError) as refusal:
        return problem(400, "Invalid cart", str(refusal))
    carts = of(request).carts
    refusal_told = await run_in_threadpool(carts.refusal, cart)
    if refusal_told:
        return problem(422, "Unprocessable cart", refusal_told)
    opened = await run_in_threadpool(carts.open, cart)
    return RedirectResponse(f"{str(request.base_url).rstrip('/')}/checkout/pay/{opened.id}", status_code=302)


def pay_page(request: Request, form: Body) -> Response:
    """What is paid, and the presenter's choices."""
    return _page(find_cart(request))


def pay(request: Request, form: Body) -> Response:
    """Do what the presenter chose and send the browser back where the cart says."""
    cart = find_cart(request)
    outcome = form.get("outcome", "")
    if outcome not in OUTCOMES:
        return _page(cart, error="Scegli come va a finire il pagamento.", status=400)
    try:
        act = of(request).carts.act(cart, outcome=outcome, options=read_options(form))
    except BadRequest as refusal:
        return _page(cart, error=str(refusal), status=400)
    except CartClosed:
        return see_other(f"/checkout/pay/{cart.id}")
    if outcome == "scaduta" or act.redirect is None:
        return see_other(f"/checkout/pay/{cart.id}")
    return see_other(act.redirect)


def find_cart(request: Request) -> Cart:
    """
    The cart of the address.

    :raises HTTPException: there is none (404)
    """
    cart = of(request).carts.find(request.path_params["cart"])
    if cart is None:
        raise HTTPException(404, "no cart of this number")
    return cart


def _page(cart: Cart, *, error: str | None = None, status: int = 200) -> Response:
    name = "checkout.html" if cart.state == "open" else "checkout_closed.html"
    return page(name, status=status, cart=cart, fee=FEE_CENTS, error=error)

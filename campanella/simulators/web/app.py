"""The addresses of the simulators."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from campanella.simulators.simulators import Simulators
from campanella.simulators.web import bank, checkout, control, counter, home, inps, mail
from campanella.simulators.web.http import HERE, answer, api, form, page

# No form-action: after paying, the browser is sent back to the product, which lives on another address.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "base-uri 'none'",
        "frame-src 'self'",
        "img-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
    )
)

PAGES: list[BaseRoute] = [
    Route("/", form(home.home)),
    Route("/payments/{payment}", form(home.payment)),
    Route("/deliveries/{delivery:int}/send", form(home.send_now), methods=["POST"]),
    Route("/checkout/ec/v1/carts", checkout.post_carts, methods=["POST"]),
    Route("/checkout/pay/{cart}", form(checkout.pay_page), methods=["GET"]),
    Route("/checkout/pay/{cart}", form(checkout.pay), methods=["POST"]),
    Route("/psp", form(counter.counter), methods=["GET"]),
    Route("/psp", form(counter.pay), methods=["POST"]),
    Route("/inbox", form(mail.inbox), methods=["GET"]),
    Route("/inbox/mode", form(mail.set_mode), methods=["POST"]),
    Route("/inbox/{message:int}", form(mail.message)),
    Route("/inbox/{message:int}/html", form(mail.html_part)),
    Route("/inbox/{message:int}/raw", form(mail.raw)),
    Route("/inbox/{message:int}/attachments/{number:int}", form(mail.attachment)),
    Route("/bank", form(bank.files), methods=["GET"]),
    Route("/bank", bank.upload, methods=["POST"]),
    Route("/bank/{file:int}", form(bank.file), methods=["GET"]),
    Route("/bank/{file:int}", form(bank.act), methods=["POST"]),
    Route("/bank/answers/{answer:int}", form(bank.answer_file), methods=["GET"]),
    Route("/inps", form(inps.questions), methods=["GET"]),
    Route("/inps/mode", form(inps.set_mode), methods=["POST"]),
    Route("/inps/SvcConsultazione", inps.consult, methods=["POST"]),
    Mount("/static", StaticFiles(directory=HERE / "static")),
]
CONTROL: list[BaseRoute] = [
    Route("/api/health", api(control.health), methods=["GET"]),
    Route("/api/reset", api(control.reset), methods=["POST"]),
    Route("/api/verify", api(control.verify), methods=["POST"]),
    Route("/api/pay", api(control.pay), methods=["POST"]),
    Route("/api/receipt", api(control.receipt), methods=["POST"]),
    Route("/api/payments", api(control.payments), methods=["GET"]),
    Route("/api/deliveries", api(control.deliveries), methods=["GET"]),
    Route("/api/deliveries/{delivery:int}/send", api(control.send_delivery), methods=["POST"]),
    Route("/api/carts/{cart}/act", api(control.act), methods=["POST"]),
    Route("/api/inbox", api(control.inbox), methods=["GET"]),
    Route("/api/inbox", api(control.clear_inbox), methods=["DELETE"]),
    Route("/api/inbox/mode", api(control.inbox_mode), methods=["POST"]),
    Route("/api/inbox/{message:int}", api(control.message), methods=["GET"]),
    Route("/api/bank/files", api(bank.told_files), methods=["GET"]),
    Route("/api/bank/files", bank.post_file, methods=["POST"]),
    Route("/api/bank/files/{file:int}", api(bank.told_file), methods=["GET"]),
    Route("/api/bank/files/{file:int}/book", api(bank.book), methods=["POST"]),
    Route("/api/bank/files/{file:int}/answers", api(bank.make_answer), methods=["POST"]),
    Route("/api/bank/debits/{key}/act", api(bank.act_on), methods=["POST"]),
    Route("/api/inps", api(inps.told), methods=["GET"]),
    Route("/api/inps/mode", api(inps.turn), methods=["POST"]),
    Route("/api/inps/people", api(inps.say), methods=["POST"]),
    Route("/api/bank/answers/{answer:int}", bank.get_answer, methods=["GET"]),
]


def _refused(request: Request, problem: Exception) -> Response:
    """Say no in the caller's language: JSON to the control API, a page to people."""
    # A number too large for the database is a thing that does not exist.
    status = problem.status_code if isinstance(problem, HTTPException) else 404
    if request.url.path.startswith("/api/"):
        return answer({"error": str(problem)}, status)
    return page("error.html", status=status, code=status)


REFUSALS = {HTTPException: _refused, OverflowError: _refused}


def make_app(simulators: Simulators) -> ASGIApp:
    """The ASGI application that serves these simulators."""
    app = Starlette(routes=[*PAGES, *CONTROL], exception_handlers=REFUSALS)
    app.state.simulators = simulators
    return _guarded(app)


def _guarded(app: ASGIApp) -> ASGIApp:
    """Add the security headers that a response did not choose itself."""

    async def guard(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message["headers"]
                if not any(name == b"content-security-policy" for name, _ in headers):
                    headers.append((b"content-security-policy", POLICY.encode()))
                headers.append((b"x-content-type-options", b"nosniff"))
                headers.append((b"cache-control", b"no-store"))
            await send(message)

        await app(scope, receive, send_guarded)

    return guard

"""The bank's pages and its part of the control API."""

from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from campanella.simulators.bank.answers import TELLS
from campanella.simulators.bank.bank import ACTS, REASONS, NotPossible
from campanella.simulators.bank.orders import Refused
from campanella.simulators.web.http import BadRequest, Body, answer, of, page, read_body, see_other
from campanella.simulators.web.options import only, text

LARGEST_FILE = 100_000_000
XML = "application/xml"
SHOWN = 300
# What a button may do; how it is called.
BUTTONS = {"reject": "Rifiuta", "book": "Accredita", "return": "Storna", "refund": "Rimborsa"}
PAYS = {"book": "Paga", "return": "Rimanda indietro"}
FORMS = {"cbi": "Esiti CBI", "pain002": "pain.002", "camt054": "camt.054"}


def files(request: Request, form: Body, error: str = "") -> Response:
    """The files that arrived, and a field for another one."""
    return page("bank.html", status=400 if error else 200, files=of(request).bank.files(), error=error)


async def upload(request: Request) -> Response:
    """Take a file from the page."""
    given = (await request.form()).get("file")
    document = await given.read() if isinstance(given, UploadFile) else b""
    try:
        number = await run_in_threadpool(of(request).bank.take, document)
    except Refused as refusal:
        return await run_in_threadpool(files, request, {}, str(refusal))
    return see_other(f"/bank/{number}")


def file(request: Request, form: Body) -> Response:
    """One file: its debits with what may be done with them, and its answers."""
    found, bank = _file(request), of(request).bank
    debits = bank.debits(found["id"])
    pays = found["form"].startswith("pain001")
    possible = {act: states for act, (states, _) in ACTS.items() if not (pays and act == "refund")}
    acts = {state: [act for act, states in possible.items() if state in states] for state in ("received", "booked")}
    return page(
        "bank_file.html",
        file=found,
        debits=debits[:SHOWN],
        more=max(0, len(debits) - SHOWN),
        acts=acts,
        buttons=BUTTONS | PAYS if pays else BUTTONS,
        reasons=REASONS,
        forms=FORMS,
        answers=bank.answers(found["id"]),
    )


def act(request: Request, form: Body) -> Response:
    """Do what a button says."""
    found, bank = _file(request), of(request).bank
    wanted, debit = str(form.get("act", "")), str(form.get("debit", ""))
    try:
        if wanted == "book_all":
            bank.book_all(found["id"])
        elif wanted in FORMS:
            bank.answer(file=found["id"], form=wanted)
        elif wanted in ACTS and debit.isdigit():
            bank.act(number=int(debit), act=wanted, reason=str(form.get("reason", "MS03")))
    except NotPossible:
        pass  # the button was pressed twice
    return see_other(f"/bank/{found['id']}")


def answer_file(request: Request, form: Body) -> Response:
    """An answer, to download."""
    return _document(request, disposition="attachment")


async def post_file(request: Request) -> Response:
    """Take a file: the body is the file itself."""
    document = await read_body(request, largest=LARGEST_FILE)
    try:
        number = await run_in_threadpool(of(request).bank.take, document)
    except Refused as refusal:
        return answer({"error": str(refusal)}, 400)
    return answer(_told(request, number))


async def get_answer(request: Request) -> Response:
    """An answer as the bank sends it."""
    return await run_in_threadpool(_document, request, "inline")


def told_files(request: Request, body: Body) -> Response:
    """The files, newest first."""
    return answer({"files": of(request).bank.files()})


def told_file(request: Request, body: Body) -> Response:
    """One file with its debits and the answers written for it."""
    return answer(_told(request, _file(request)["id"]))


def book(request: Request, body: Body) -> Response:
    """Book whatever of a file was not rejected."""
    only(body)
    return answer({"booked": of(request).bank.book_all(_file(request)["id"])})


def make_answer(request: Request, body: Body) -> Response:
    """Write an answer with what happened since the last one; its number is null when nothing did."""
    form = only(body, frozenset({"form"})).get("form", "cbi")
    if form not in TELLS:
        raise BadRequest(f"form: one of {', '.join(TELLS)}")
    return answer({"answer": of(request).bank.answer(file=_file(request)["id"], form=str(form))})


def act_on(request: Request, body: Body) -> Response:
    """Let something happen to the debit with an end-to-end id."""
    wanted = only(body, frozenset({"act", "reason"})).get("act")
    if wanted not in ACTS:
        raise BadRequest(f"act: one of {', '.join(ACTS)}")
    number = of(request).bank.find(request.path_params["key"])
    try:
        done = of(request).bank.act(number=number or 0, act=str(wanted), reason=text(body, "reason", most=4) or "MS03")
    except NotPossible as problem:
        return answer({"error": str(problem)}, 409)
    return answer({"debit": done})


def _told(request: Request, number: int) -> dict[str, Any]:
    bank = of(request).bank
    return {"file": bank.file(number), "debits": bank.debits(number), "answers": bank.answers(number)}


def _file(request: Request) -> dict[str, Any]:
    found = of(request).bank.file(request.path_params["file"])
    if found is None:
        raise HTTPException(404)
    return found


def _document(request: Request, disposition: str) -> Response:
    number = request.path_params["answer"]
    document = of(request).bank.document(number)
    if document is None:
        raise HTTPException(404)
    headers = {"Content-Disposition": f'{disposition}; filename="esiti-{number}.xml"', "Content-Security-Policy": "sandbox"}
    return Response(document, media_type=XML, headers=headers)

"""INPS: the service itself, the page of who presents, and its part of the control API."""

import re

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from campanella.simulators.inps import envelope
from campanella.simulators.inps.inps import MODES, Inps, Record
from campanella.simulators.web.http import BadRequest, Body, answer, of, page, read_body, see_other
from campanella.simulators.web.options import flag, one_of, only, text, whole

XML = "text/xml; charset=utf-8"
TAX_CODE = re.compile(r"[A-Z0-9]{16}")
WORDS = {
    "answers": "Risponde",
    "down": "È fuori servizio",
    "refuses": "Rifiuta le richieste",
    "slow": "Risponde dopo 30 secondi",
}


async def consult(request: Request) -> Response:
    """One question about one person."""
    document = await read_body(request)
    return await run_in_threadpool(answered, of(request).inps, document)


def answered(inps: Inps, document: bytes) -> Response:
    """Answer one question, as the switch says."""
    inps.wait()
    try:
        question = envelope.read(document)
    except envelope.NotUnderstood as problem:
        return Response(str(problem), status_code=400, media_type="text/plain")
    record, outcome, why = None, "OK", ""
    lacking = envelope.missing(question)
    if inps.mode == "down":
        outcome, why = "DATABASE_OFFLINE", "Base dati non disponibile"
    elif inps.mode == "refuses":
        outcome, why = "RICHIESTA_INVALIDA", "Ente non abilitato"
    elif lacking or not TAX_CODE.fullmatch(question["CodiceFiscale"]):
        outcome, why = "RICHIESTA_INVALIDA", f"Dati mancanti o errati: {', '.join(lacking) or 'CodiceFiscale'}"
    else:
        record = inps.find(question["CodiceFiscale"])
        if record.cents is None:
            outcome, why = "DATI_NON_TROVATI", "Codice Fiscale non trovato in archivio ISEE"
    number = inps.keep(question, outcome)
    return Response(envelope.write(number=number, outcome=outcome, why=why, record=record), media_type=XML)


def questions(request: Request, form: Body) -> Response:
    """Who asked what, and how INPS answers from now on."""
    inps = of(request).inps
    return page("inps.html", questions=inps.questions(), mode=inps.mode, modes=WORDS)


def set_mode(request: Request, form: Body) -> Response:
    """Let it answer otherwise."""
    if form.get("mode") in MODES:
        of(request).inps.turn(str(form["mode"]))
    return see_other("/inps")


def told(request: Request, body: Body) -> Response:
    """The mode and the last questions, for tests."""
    inps = of(request).inps
    return answer({"mode": inps.mode, "questions": inps.questions()})


def turn(request: Request, body: Body) -> Response:
    """Turn the switch of how it answers."""
    mode = one_of(only(body, frozenset({"mode"})), "mode", MODES, "answers")
    of(request).inps.turn(mode)
    return answer({"mode": mode})


def say(request: Request, body: Body) -> Response:
    """Say what the register has of a person: no ``cents`` is nothing."""
    given = only(body, frozenset({"tax_code", "cents", "issued_on", "has_omissions"}))
    tax_code, cents = text(given, "tax_code") or "", whole(given, "cents", least=0, most=10**8)
    if not TAX_CODE.fullmatch(tax_code):
        raise BadRequest("tax_code: 16 capital letters and digits")
    inps = of(request).inps
    before = inps.find(tax_code)
    said = Record(cents, text(given, "issued_on") or before.issued_on, before.dsu, flag(given, "has_omissions"))
    inps.say(tax_code, said)
    return answer(said)

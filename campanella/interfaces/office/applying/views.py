"""The work list of applications, and one of them: looked at, taken up, sent back, refused, accepted."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from campanella.domains.accounts.roles import Role
from campanella.domains.applying import operations, queries, rules
from campanella.domains.applying.queries import Application
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.handed import ENDINGS
from campanella.foundation.documents.downloads import as_download, as_paper
from campanella.interfaces.doors import PersonRequest, number, staff
from campanella.interfaces.office.applying.deciding_forms import AcceptForm, WordsForm
from campanella.readings.office.applications import lines, office_application
from campanella.readings.receipts import receipt_of
from campanella.usecases.applying import deciding, sending

SECTION = {"section": "applications"}
A_PAGE = 50
TO_DO = ("sent", "taken")
STATES = {"da-guardare": TO_DO, **{state: (state,) for state in rules.STATES if state != "draft"}}
WORDS = {"da-guardare": "da guardare", **{state: word for state, word in rules.STATES.items() if state != "draft"}}


@staff(Role.OFFICE)
@require_safe
def applications(request: PersonRequest) -> HttpResponse:
    """List what was sent, by call and state: first what waits for the office."""
    state = request.GET.get("stato", "da-guardare")
    call_id = number(request.GET.get("iscrizioni", ""))
    found = queries.sent(call_id=call_id, states=STATES.get(state, TO_DO))
    pages: Paginator[Application] = Paginator(found, A_PAGE)
    page = pages.get_page(request.GET.get("pagina"))
    counts = queries.counts()
    chosen = {key: n for (of_call, key), n in counts.items() if call_id in (None, of_call)}
    values = {
        "page": page,
        "lines": lines(list(page.object_list)),
        "calls": queries.calls(),
        "call_id": call_id,
        "state": state if state in STATES else "da-guardare",
        "states": [(key, word, sum(_of(counts, call_id, one) for one in STATES[key])) for key, word in WORDS.items()],
        "sum": sum(chosen.values()),
    }
    return render(request, "office/applying/list.html", SECTION | values)


@staff(Role.OFFICE)
def application(request: PersonRequest, application_id: int) -> HttpResponse:
    """Show an application as it was sent, and take it one step on."""
    found = office_application(application_id=application_id)
    act = request.POST.get("fai", "")
    words = WordsForm(request.POST if act in ("chiedi", "rifiuta") else None)
    accepting = AcceptForm(request.POST if act == "accetta" else None, admission=found.admission)
    step = _steps(request, application_id, words, accepting).get(act)
    if step:
        form, done, told = step
        if form is None or form.is_valid():
            try:
                done()
            except Refusal as refusal:
                if form:
                    form.add_error(None, refusal.message)
                else:
                    messages.warning(request, refusal.message)
            else:
                messages.success(request, told)
                return HttpResponseRedirect(reverse("office:application", args=[application_id]))
    page = {"found": found, "one": found.application, "words": words, "accepting": accepting, "act": act}
    return render(request, "office/applying/application.html", SECTION | page)


@staff(Role.OFFICE)
@require_safe
def receipt(request: PersonRequest, application_id: int) -> HttpResponse:
    """Print the receipt of what was sent last."""
    found = office_application(application_id=application_id)
    paper = receipt_of(application=found.application, sent=found.sent)
    return as_paper(paper, filename="ricevuta-iscrizione.pdf")


@staff(Role.OFFICE)
@require_safe
def file(request: PersonRequest, application_id: int, file_id: int) -> HttpResponse:
    """Hand out a document; the reading is written down."""
    one = queries.application(application_id=application_id)
    content, kind = operations.read_file(by=request.user, application=one, file_id=file_id, now=clock.now())
    return as_download(content=content, name=f"documento-{file_id}.{ENDINGS[kind]}", content_type=kind)


Step = tuple[forms.Form | None, Callable[[], object], str]


def _steps(request: PersonRequest, application_id: int, words: WordsForm, accepting: AcceptForm) -> dict[str, Step]:
    """Return by what was pressed its form, what it does and what is said once it is done."""
    acting: dict[str, Any] = {"by": request.user, "application_id": application_id, "now": clock.now()}
    read = number(request.POST.get("versione", ""))
    return {
        "prendi": (None, lambda: deciding.take_up(**acting), "Presa in carico: la famiglia lo legge."),
        "chiedi": (
            words,
            lambda: deciding.ask(words=words.cleaned_data["words"], version=read, **acting),
            "Chiesto: alla famiglia è partita una e-mail, e può completare la domanda.",
        ),
        "rifiuta": (
            words,
            lambda: deciding.refuse(words=words.cleaned_data["words"], version=read, **acting),
            "Non accettata: alla famiglia è partita una e-mail con il motivo.",
        ),
        "accetta": (
            accepting,
            lambda: deciding.accept(choice=replace(accepting.choice(), version=read), **acting),
            "Accettata: il bambino è iscritto al servizio, e la famiglia lo sa.",
        ),
        "ritira": (None, lambda: sending.withdraw(is_by_office=True, **acting), "Ritirata, a nome della famiglia."),
    }


def _of(counts: Any, call_id: int | None, state: str) -> int:
    return sum(n for (of_call, key), n in counts.items() if key == state and call_id in (None, of_call))

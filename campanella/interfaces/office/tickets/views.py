"""Segnalazioni: what families ask, and the answers."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from campanella.domains.accounts.models import Role
from campanella.domains.support import operations as support
from campanella.domains.support import queries
from campanella.domains.support.models import Ticket, TicketState
from campanella.domains.support.queries import TicketLine
from campanella.foundation.core import audit, clock
from campanella.foundation.core.audit import Act
from campanella.interfaces.doors import PersonRequest, staff

SECTION = {"section": "tickets"}
A_PAGE = 30
FILTERS = (("open", "Da rispondere"), ("answered", "Con risposta"), ("closed", "Chiuse"), ("tutte", "Tutte"))


class AnswerForm(forms.Form):
    """What the office answers."""

    text = forms.CharField(
        label="Risposta",
        max_length=8000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Scrivi la risposta."},
    )
    is_closing = forms.BooleanField(label="Chiudi la segnalazione con questa risposta", required=False)


@dataclass(frozen=True)
class TicketPage:
    """One ticket on the office's desk."""

    ticket: Ticket
    lines: list[TicketLine]
    acts: list[Act]


@staff(Role.OFFICE)
def tickets(request: PersonRequest) -> HttpResponse:
    """Show the tickets; those that wait longest come first."""
    wanted = request.GET.get("stato", "open")
    rows = queries.tickets(state=wanted if wanted in TicketState.values else "")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("pagina"))
    return render(request, "office/tickets/list.html", {**SECTION, "page": page, "wanted": wanted, "filters": FILTERS})


@staff(Role.OFFICE)
def ticket(request: PersonRequest, number: int) -> HttpResponse:
    """Show one ticket, and answer it: the answer leaves by mail."""
    row = queries.ticket(number=number)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        support.answer_ticket(by=request.user, ticket=row, now=clock.now(), **form.cleaned_data)
        where = f"a {row.email}" if row.email else "solo nel portale: non abbiamo la sua e-mail"
        messages.success(request, f"Risposta inviata {where}.")
        return HttpResponseRedirect(reverse("office:ticket", args=[number]))
    page = TicketPage(row, queries.lines_of(ticket_id=row.pk), audit.acts_on(subjects=[f"ticket:{row.pk}"]))
    return render(request, "office/tickets/ticket.html", {**SECTION, "page": page, "form": form})


@require_POST
@staff(Role.OFFICE)
def close(request: PersonRequest, number: int) -> HttpResponse:
    """Close a ticket without a word."""
    support.close_ticket(by=request.user, ticket=queries.ticket(number=number), now=clock.now())
    messages.success(request, f"Segnalazione n. {number} chiusa.")
    return HttpResponseRedirect(reverse("office:tickets"))


@require_POST
@staff(Role.OFFICE)
def reopen(request: PersonRequest, number: int) -> HttpResponse:
    """Put a ticket back among those that wait."""
    support.reopen_ticket(by=request.user, ticket=queries.ticket(number=number), now=clock.now())
    return HttpResponseRedirect(reverse("office:ticket", args=[number]))

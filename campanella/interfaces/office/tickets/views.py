"""Segnalazioni: what families ask, and the answers."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from campanella.domains.accounts.roles import Role
from campanella.domains.people import queries as people
from campanella.domains.support import operations as support
from campanella.domains.support import queries
from campanella.domains.support.models import Ticket
from campanella.domains.support.queries import TicketLine
from campanella.domains.support.words import TicketState
from campanella.foundation.core import audit, clock
from campanella.foundation.core.audit import Act
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.interfaces.doors import PersonRequest, staff
from campanella.readings.office.contest import Contested, contest_about
from campanella.usecases import contests

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
    contest: Contested | None


@staff(Role.OFFICE)
def tickets(request: PersonRequest) -> HttpResponse:
    """Show the tickets; those that wait longest come first."""
    wanted = request.GET.get("stato", "open")
    rows = queries.tickets(state=wanted if wanted in TicketState.values else "")
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("pagina"))
    names = people.full_names(child_ids=sorted({one.child_id for one in page.object_list if one.child_id}))
    rows_shown = [(one, names.get(one.child_id or 0, "")) for one in page.object_list]
    about = {"page": page, "tickets": rows_shown, "wanted": wanted, "filters": FILTERS}
    return render(request, "office/tickets/list.html", {**SECTION, **about})


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
    acts = audit.acts_on(subjects=[f"ticket:{row.pk}"])
    page = TicketPage(row, queries.lines_of(ticket_id=row.pk), acts, contest_about(number=number, now=clock.now()))
    return render(request, "office/tickets/ticket.html", {**SECTION, "page": page, "form": form})


@require_POST
@staff(Role.OFFICE)
def accept(request: PersonRequest, number: int) -> HttpResponse:
    """Accept what a family contests: its day is corrected, and it is told."""
    try:
        contests.accept(by=request.user, number=number, now=clock.now())
    except NotFound:
        raise
    except Refusal as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, f"Segnalazione n. {number} accolta: il credito è già giusto, la famiglia è avvisata.")
    return HttpResponseRedirect(reverse("office:ticket", args=[number]))


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

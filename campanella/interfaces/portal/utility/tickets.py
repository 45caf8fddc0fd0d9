"""Contattaci, and what one wrote to the office."""

from dataclasses import dataclass

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.people import queries as people
from campanella.domains.people.queries import FamilyChild, Guardian
from campanella.domains.support import operations as support
from campanella.domains.support import queries
from campanella.domains.support.operations import TooManyTickets, Writer
from campanella.domains.support.queries import Ticket, TicketLine
from campanella.domains.support.words import Topic
from campanella.foundation.core import clock
from campanella.interfaces.doors import PersonRequest, TownRequest, family, public
from campanella.interfaces.origins import origin_of
from campanella.interfaces.portal.utility.forms import ContactForm, MessageForm
from campanella.interfaces.portal.utility.views import layout_for

SENT_KEY = "ticket_sent"
# Of the words an address may bring along: a sentence, not a letter.
LONGEST = 200


@dataclass(frozen=True)
class Sender:
    """What is known of whoever opens Contattaci."""

    name: str
    email: str
    guardian: Guardian | None
    children: list[FamilyChild]


@dataclass(frozen=True)
class SentPage:
    """The proof that a ticket has been written."""

    number: int
    email: str
    has_page: bool


@dataclass(frozen=True)
class TicketPage:
    """One ticket and what was written in it."""

    ticket: Ticket
    lines: list[TicketLine]


@public
def contact(request: TownRequest) -> HttpResponse:
    """Write to the office, signed in or not."""
    sender, asked = _sender(request), request.GET
    form = ContactForm(
        request.POST or None,
        initial={
            "topic": asked.get("argomento", ""),
            "child": asked.get("figlio", ""),
            "text": asked.get("testo", "")[:LONGEST],
        },
        children=sender.children,
        asks_name=not sender.name,
        asks_email=not sender.email,
    )
    if request.method == "POST" and form.is_valid():
        try:
            ticket = _open(request, sender, form)
        except TooManyTickets as many:
            form.add_error(None, many.message)
        else:
            request.session[SENT_KEY] = [ticket.number, ticket.email, request.user is not None]
            return HttpResponseRedirect(reverse("portal:contact-sent"))
    choices = request.town.choices
    context = {"form": form, "layout": layout_for(request), "section": "utility", "choices": choices}
    return render(request, "portal/utility/contact.html", context)


@public
def sent(request: TownRequest) -> HttpResponse:
    """Show the number of the ticket that was just written; kept in the session, so that nobody reads another's."""
    kept = request.session.get(SENT_KEY)
    if not kept:
        return HttpResponseRedirect(reverse("portal:contact"))
    page = SentPage(*kept)
    return render(request, "portal/utility/sent.html", {"page": page, "layout": layout_for(request), "section": "utility"})


@family
def own_tickets(request: PersonRequest) -> HttpResponse:
    """Show what one wrote to the office, and whether there is an answer."""
    names = {child.id: child.called for child in people.children_of(user=request.user)}
    tickets = [(ticket, names.get(ticket.child_id or 0, "")) for ticket in queries.tickets_of(user=request.user)]
    return render(request, "portal/utility/tickets.html", {"tickets": tickets, "section": "utility"})


@family
def own_ticket(request: PersonRequest, number: int) -> HttpResponse:
    """Show one ticket, and write again in it."""
    ticket = queries.ticket_for(user=request.user, number=number)
    form = MessageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        support.continue_ticket(by=request.user, ticket=ticket, text=form.cleaned_data["text"], now=clock.now())
        return HttpResponseRedirect(reverse("portal:ticket", args=[number]))
    page = TicketPage(ticket, queries.lines_of(ticket_id=ticket.pk))
    return render(request, "portal/utility/ticket.html", {"page": page, "form": form, "section": "utility"})


def _sender(request: TownRequest) -> Sender:
    user = request.user
    if user is None:
        return Sender("", "", None, [])
    holder = people.holder_of(user=user)
    email, children = people.address_of(user=user, holder=holder), people.children_of(user=user)
    return Sender(user.display_name, email, holder, children)


def _open(request: TownRequest, sender: Sender, form: ContactForm) -> Ticket:
    given = form.cleaned_data
    by = Writer(
        name=sender.name or " ".join(given["name"].split()),
        email=sender.email or given["email"],
        origin=origin_of(request),
        user=request.user,
        guardian=sender.guardian,
        child_id=given.get("child"),
    )
    return support.open_ticket(by=by, topic=Topic(given["topic"]), text=given["text"], now=clock.now())

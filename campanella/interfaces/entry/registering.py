"""Registering oneself: the form, the link that confirms the mailbox. No answer tells whether anybody is on record."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from campanella.domains.accounts.operations import LinkExpired
from campanella.domains.accounts.passwords import WeakPassword
from campanella.domains.people.registering import Applicant
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from campanella.interfaces.doors import TownRequest, public, public_hashing
from campanella.interfaces.entry.forms import RegisterForm
from campanella.interfaces.origins import origin_of
from campanella.usecases.access import registering

read_or_send = require_http_methods(["GET", "HEAD", "POST"])


@public_hashing
@never_cache
@sensitive_post_parameters("new", "again", "code", "tax_code")
@read_or_send
def register(request: TownRequest) -> HttpResponse:
    """Take what somebody writes to register, and say that an e-mail is on its way; or where the desk is."""
    if not registering.is_open(town=request.town):
        return _closed(request)
    form = RegisterForm(request.POST or None)
    if form.is_valid():
        wanted = dict(form.cleaned_data)
        password = wanted.pop("new")
        del wanted["again"], wanted["agrees"]
        try:
            registering.ask(
                town=request.town,
                applicant=Applicant(**wanted),
                password=password,
                origin=origin_of(request),
                now=clock.now(),
            )
        except WeakPassword as weak:
            form.add_error("new", weak.message)
        except (registering.TooManyRegistrations, registering.TownIsFull) as wait:
            form.add_error(None, wait.message)
        else:
            return _page(request, "entry/register_sent.html")
    return _page(request, "entry/register.html", form=form)


@public
@never_cache
@read_or_send
def confirm(request: TownRequest, token: str) -> HttpResponse:
    """Confirm a mailbox; only the button does, so that a mail program that opens links confirms nothing."""
    if not registering.is_open(town=request.town):
        return _closed(request)
    if request.method != "POST":
        return render(request, "entry/register_confirm.html")
    try:
        registering.confirm(token=token, now=clock.now())
    except LinkExpired:
        return render(request, "entry/register_expired.html", status=410)
    return render(request, "entry/register_confirmed.html")


def _closed(request: TownRequest) -> HttpResponse:
    desk = request.town.choices.office_address
    status = 403 if request.method == "POST" else 200
    return _page(request, "entry/register_closed.html", status=status, office_address=desk)


def _page(request: TownRequest, template: str, *, status: int = 200, **values: object) -> HttpResponse:
    with scope(request.town.id):
        return render(request, template, values, status=status)

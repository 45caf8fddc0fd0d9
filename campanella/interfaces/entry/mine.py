"""
Who is signed in, and what this access opens.

Where one lands whose role has no page yet, and where staff change their password.
"""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from campanella.domains.accounts import entering, passwords
from campanella.domains.accounts.roles import Role
from campanella.domains.accounts.signing import keep_signed_in
from campanella.foundation.core import clock
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.entry.forms import PasswordForm, PinForm
from campanella.interfaces.entry.ways import HOMES

ROOMS: dict[str, tuple[str, str, str]] = {
    Role.GUARDIAN: ("Portale delle famiglie", "credito, presenze e pagamenti dei tuoi figli", "c-home"),
    Role.OFFICE: ("Ufficio", "famiglie, incassi, impostazioni del Comune", "it-list"),
    Role.SCHOOL: ("Appello", "chi mangia oggi, classe per classe", "it-check-circle"),
    Role.KITCHEN: ("Cucina", "i numeri di oggi per scuola, classe e dieta", "c-meal"),
    Role.CASHIER: ("Cassa", "ricariche con il codice personale, ricevute, chiusura della giornata", "c-wallet"),
}


@dataclass(frozen=True)
class Room:
    """A part of the product this access opens."""

    name: str
    sentence: str
    sign: str
    address: str


@staff(*Role)
@never_cache
@sensitive_post_parameters("old", "new", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def mine(request: PersonRequest) -> HttpResponse:
    """Say what this access opens, and change its password; this browser stays signed in, all others leave."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            passwords.change_password(
                user=request.user,
                old=form.cleaned_data["old"],
                new=form.cleaned_data["new"],
                now=clock.now(),
                keep_session=request.session.session_key,
            )
        except (entering.WrongPassword, entering.TooManyTries) as wrong:
            form.add_error("old", wrong.message)
        except passwords.WeakPassword as weak:
            form.add_error("new", weak.message)
        else:
            keep_signed_in(request, request.user)
            messages.success(request, "Password cambiata. Se eri entrato anche da altri computer, lì devi rientrare.")
            return HttpResponseRedirect(reverse("accounts:mine"))
    rooms = [Room(*ROOMS[role], reverse(HOMES[role])) for role in request.user.roles if role in HOMES]
    page = {
        "form": form,
        "rooms": rooms,
        "username": request.user.username,
        "takes_tablets": request.user.has_role(Role.SCHOOL),
        "has_pin": bool(request.user.pin),
    }
    return render(request, "entry/mine.html", page)


@staff(Role.SCHOOL)
@never_cache
@sensitive_post_parameters("pin", "password")
@require_http_methods(["GET", "HEAD", "POST"])
def pin(request: PersonRequest) -> HttpResponse:
    """Choose the PIN by which the tablets of the school know who marks."""
    form = PinForm(request.POST or None)
    if form.is_valid():
        try:
            passwords.choose_pin(user=request.user, now=clock.now(), **form.cleaned_data)
        except (entering.WrongPassword, entering.TooManyTries) as wrong:
            form.add_error("password", wrong.message)
        except passwords.WeakPin as weak:
            form.add_error("pin", weak.message)
        else:
            messages.success(request, "PIN salvato: sui tablet con la rete vale da subito.")
            return HttpResponseRedirect(reverse("accounts:mine"))
    return render(request, "entry/pin.html", {"form": form, "has_pin": bool(request.user.pin)})

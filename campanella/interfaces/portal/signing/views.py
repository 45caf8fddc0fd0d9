"""Entering, leaving, and passwords that are forgotten or new."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from campanella.domains.accounts import operations as accounts
from campanella.domains.accounts import signing
from campanella.domains.accounts.models import Role, User
from campanella.foundation.core import clock
from campanella.interfaces.doors import PersonRequest, TownRequest, public, staff
from campanella.interfaces.portal import ways
from campanella.interfaces.portal.signing.forms import ForgottenForm, NewPasswordForm, SignInForm
from campanella.usecases import access

read_or_send = require_http_methods(["GET", "HEAD", "POST"])


@public
@never_cache
@sensitive_post_parameters("password")
@read_or_send
def sign_in(request: TownRequest) -> HttpResponse:
    """Ask for name and password, and go where one wanted to go."""
    if request.user and request.method != "POST":
        return HttpResponseRedirect(ways.place_after_sign_in(request, request.user))
    form = SignInForm(request.POST or None)
    if form.is_valid():
        try:
            user = accounts.enter(**form.cleaned_data, origin=_origin(request), now=clock.now())
        except (accounts.WrongCredentials, accounts.TooManyTries) as refused:
            form.add_error(None, refused.message)
        else:
            if _may_enter(request, user):
                place = ways.place_after_sign_in(request, user)
                signing.sign_in(request, user)
                return HttpResponseRedirect(place)
            form.add_error(None, "Qui le famiglie non entrano con nome utente e password. Se serve, chiama l’ufficio.")
    return render(request, "portal/signing/sign_in.html", {"form": form, "next": ways.asked_place(request)})


@public
@require_POST
def sign_out(request: TownRequest) -> HttpResponse:
    """End the session."""
    signing.sign_out(request)
    messages.success(request, "Sei uscito. A presto!")
    return HttpResponseRedirect(reverse("accounts:sign-in"))


@public
@never_cache
@read_or_send
def forgotten(request: TownRequest) -> HttpResponse:
    """Take what we may know somebody by; the answer never says whether we do."""
    form = ForgottenForm(request.POST or None)
    if form.is_valid():
        access.ask_new_password(asked=form.cleaned_data["asked"], now=clock.now())
        return render(request, "portal/signing/forgotten_sent.html")
    return render(request, "portal/signing/forgotten.html", {"form": form})


@public
@never_cache
@sensitive_post_parameters("new", "again")
@read_or_send
def reset(request: TownRequest, user_id: int, token: str) -> HttpResponse:
    """Set a new password by the link of a letter."""
    form = NewPasswordForm(request.POST or None)
    try:
        user = accounts.user_of_link(user_id=user_id, token=token)
        if form.is_valid():
            accounts.reset_password(user_id=user_id, token=token, new=form.cleaned_data["new"], now=clock.now())
            messages.success(request, "La password è cambiata. Entra con quella nuova.")
            return HttpResponseRedirect(reverse("accounts:sign-in"))
    except accounts.LinkExpired:
        return render(request, "portal/signing/link_expired.html", status=410)
    except accounts.WeakPassword as weak:
        form.add_error("new", weak.message)
    return render(request, "portal/signing/new_password.html", {"form": form, "username": user.username})


@staff(*Role)
@never_cache
@sensitive_post_parameters("new", "again")
@read_or_send
def first_password(request: PersonRequest) -> HttpResponse:
    """Let somebody who came with the office's password choose their own."""
    if not request.user.must_change_password:
        return HttpResponseRedirect(ways.home_of(request.user))
    form = NewPasswordForm(request.POST or None)
    if form.is_valid():
        try:
            key = request.session.session_key
            accounts.choose_password(user=request.user, new=form.cleaned_data["new"], now=clock.now(), keep_session=key)
        except accounts.WeakPassword as weak:
            form.add_error("new", weak.message)
        else:
            signing.keep_signed_in(request, request.user)
            messages.success(request, "La tua password è pronta: da oggi entri con questa.")
            return HttpResponseRedirect(ways.home_of(request.user))
    return render(request, "portal/signing/first_password.html", {"form": form})


def _may_enter(request: TownRequest, user: User) -> bool:
    """Tell whether this door is open: for families the town decides, its staff always comes in by it."""
    return "password" in request.town.choices.doors or user.roles != [Role.GUARDIAN]


def _origin(request: TownRequest) -> str:
    """Where the attempt comes from: the address our own proxy saw, which stands last, else the connection's."""
    seen_by_proxy = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    if settings.SECURE_PROXY_SSL_HEADER and seen_by_proxy:
        return seen_by_proxy
    return str(request.META.get("REMOTE_ADDR", ""))

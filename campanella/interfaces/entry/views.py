"""Entering, leaving, and passwords that are forgotten or new."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from campanella.domains.accounts import entering, passwords, signing
from campanella.domains.accounts import operations as accounts
from campanella.domains.accounts.choices import AccessChoices
from campanella.domains.accounts.queries import User
from campanella.domains.accounts.roles import Role
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from campanella.interfaces.doors import ENDED, PersonRequest, TownRequest, form_of, public, public_hashing, staff
from campanella.interfaces.entry import browsers, ways
from campanella.interfaces.entry.forms import ForgottenForm, NewPasswordForm, SignInForm
from campanella.interfaces.origins import origin_of
from campanella.usecases.access import own as access
from campanella.usecases.access import registering

read_or_send = require_http_methods(["GET", "HEAD", "POST"])


@public_hashing
@never_cache
@sensitive_post_parameters("password")
@read_or_send
def sign_in(request: TownRequest) -> HttpResponse:
    """Ask for name and password, and go where one wanted to go."""
    if request.user and request.method != "POST":
        return HttpResponseRedirect(ways.place_after_sign_in(request, request.user))
    form = SignInForm(request.POST or None)
    if form.is_valid():
        name = form.cleaned_data["username"]
        browser = browsers.known_for(request, name)
        try:
            user = entering.enter(**form.cleaned_data, origin=origin_of(request), browser=browser, now=clock.now())
        except (entering.WrongCredentials, entering.TooManyTries, entering.PasswordEnded) as refused:
            form.add_error(None, refused.message)
        else:
            if _may_enter(request, user):
                answer = HttpResponseRedirect(ways.place_after_sign_in(request, user))
                signing.sign_in(request, user)
                browsers.remember(request, answer, name)
                return answer
            form.add_error(None, "Qui le famiglie non entrano con nome utente e password. Se serve, chiama l’ufficio.")
    page = {
        "form": form,
        "next": ways.asked_place(request),
        "has_ended": bool(request.GET.get(ENDED)),
        "may_register": registering.is_open(town=request.town),
    }
    with scope(request.town.id):
        return render(request, "entry/sign_in.html", page)


@public
@form_of("portal:home")
def sign_out(request: TownRequest) -> HttpResponse:
    """End the session, and let the browser forget the pages that it kept."""
    signing.sign_out(request)
    request.user = None
    messages.success(request, "Sei uscito. A presto!")
    return HttpResponseRedirect(reverse("accounts:sign-in"), headers={"Clear-Site-Data": '"cache"'})


@public
@never_cache
@read_or_send
def forgotten(request: TownRequest) -> HttpResponse:
    """Take what we may know somebody by; the answer never says whether we do."""
    form = ForgottenForm(request.POST or None)
    if form.is_valid():
        access.ask_new_password(asked=form.cleaned_data["asked"], now=clock.now())
        return render(request, "entry/forgotten_sent.html")
    return render(request, "entry/forgotten.html", {"form": form})


@public
@never_cache
@sensitive_post_parameters("new", "again")
@read_or_send
def reset(request: TownRequest, user_id: int, token: str) -> HttpResponse:
    """Set a new password by the link of a letter."""
    form = NewPasswordForm(request.POST or None)
    try:
        user = passwords.user_of_link(user_id=user_id, token=token)
        if form.is_valid():
            passwords.reset_password(user_id=user_id, token=token, new=form.cleaned_data["new"], now=clock.now())
            messages.success(request, "La password è cambiata. Entra con quella nuova.")
            answer = HttpResponseRedirect(reverse("accounts:sign-in"))
            browsers.remember(request, answer, user.username)
            return answer
    except accounts.LinkExpired:
        return render(request, "entry/link_expired.html", status=410)
    except passwords.WeakPassword as weak:
        form.add_error("new", weak.message)
    return render(request, "entry/new_password.html", {"form": form, "username": user.username})


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
            passwords.choose_password(user=request.user, new=form.cleaned_data["new"], now=clock.now(), keep_session=key)
        except passwords.WeakPassword as weak:
            form.add_error("new", weak.message)
        else:
            signing.keep_signed_in(request, request.user)
            messages.success(request, "La tua password è pronta: da oggi entri con questa.")
            return HttpResponseRedirect(ways.home_of(request.user))
    return render(request, "entry/first_password.html", {"form": form})


def _may_enter(request: TownRequest, user: User) -> bool:
    """Tell whether this door is open: for families the town decides, its staff always comes in by it."""
    return "password" in request.town.chosen(AccessChoices).doors or user.roles != [Role.GUARDIAN]

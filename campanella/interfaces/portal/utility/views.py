"""Utility: the ways on, change of password, questions and answers, how to keep the portal on the phone."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from campanella.domains.accounts import passwords
from campanella.domains.accounts.entering import TooManyTries, WrongPassword
from campanella.domains.accounts.passwords import WeakPassword
from campanella.domains.accounts.signing import keep_signed_in
from campanella.domains.support import queries
from campanella.domains.support.queries import Faq
from campanella.foundation.core import clock
from campanella.interfaces.doors import PersonRequest, TownRequest, family, public
from campanella.interfaces.entry.forms import PasswordForm


@dataclass(frozen=True)
class FaqPage:
    """Questions and answers, all or those that were sought."""

    words: str
    faqs: list[Faq]


@family
def utility(request: PersonRequest) -> HttpResponse:
    """Show what else there is."""
    return render(request, "portal/utility/utility.html", {"section": "utility"})


@sensitive_post_parameters("old", "new", "again")
@family
def change_password(request: PersonRequest) -> HttpResponse:
    """Change one's own password; this browser stays signed in, all others leave."""
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
        except (WrongPassword, TooManyTries) as wrong:
            form.add_error("old", wrong.message)
        except WeakPassword as weak:
            form.add_error("new", weak.message)
        else:
            keep_signed_in(request, request.user)
            messages.success(
                request, "Password cambiata. Se eri entrato anche da altri telefoni o computer, lì devi rientrare."
            )
            return HttpResponseRedirect(reverse("portal:utility"))
    return render(request, "portal/utility/password.html", {"form": form, "section": "utility"})


@public
def faq(request: TownRequest) -> HttpResponse:
    """Show the questions families ask; who cannot sign in reads them too."""
    words = request.GET.get("q", "").strip()[:80]
    page = FaqPage(words, queries.faqs(words=words))
    return render(request, "portal/utility/faq.html", {"page": page, "layout": layout_for(request), "section": "utility"})


@family
def install(request: PersonRequest) -> HttpResponse:
    """Tell how to keep the portal on the phone's first screen."""
    return render(request, "portal/utility/install.html", {"section": "utility"})


def layout_for(request: TownRequest) -> str:
    """Name the layout of a page that is read with and without signing in."""
    is_family = request.user is not None and request.user.has_role("guardian")
    return "design/portal.html" if is_family else "design/plain.html"

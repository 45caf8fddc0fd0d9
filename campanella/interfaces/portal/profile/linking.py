"""One more child, by the code that the office has printed for it."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from campanella.domains.people.tax_codes import OthersTaxCode
from campanella.foundation.core import clock
from campanella.interfaces.doors import PersonRequest, family
from campanella.usecases import registry
from campanella.usecases.access import linking


class LinkForm(forms.Form):
    """A child's link code."""

    code = forms.CharField(
        label="Codice del bambino",
        max_length=40,
        help_text="12 lettere e numeri, stampati sulla lettera dell’ufficio. Vale una volta sola.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        error_messages={"required": "Scrivi il codice che hai ricevuto dall’ufficio."},
    )


@family
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def link_child(request: PersonRequest) -> HttpResponse:
    """Tie who is signed in to the child of a code."""
    form = LinkForm(request.POST or None)
    if form.is_valid():
        try:
            name = linking.use(by=request.user, typed=form.cleaned_data["code"], now=clock.now())
        except (linking.NoSuchCode, linking.TooManyLinkCodes, registry.TiedAlready, OthersTaxCode) as refusal:
            form.add_error("code", refusal.message)
        else:
            messages.success(request, f"Da adesso vedi anche {name}.")
            return HttpResponseRedirect(reverse("portal:home"))
    return render(request, "portal/profile/link_child.html", {"form": form, "section": "profile"})

"""Children who may be one child written down twice: the list, and the word of a person that they are two."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.accounts.roles import Role
from campanella.foundation.core import clock
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.families.answers import SECTION
from campanella.readings.office import alike as reading
from campanella.usecases import registry


class ApartForm(forms.Form):
    """Two children."""

    child = forms.IntegerField(min_value=1, max_value=2**53)
    other = forms.IntegerField(min_value=1, max_value=2**53)


@staff(Role.OFFICE)
def alike(request: PersonRequest) -> HttpResponse:
    """Show the pairs that nobody has decided about, and remember which are two children."""
    form = ApartForm(request.POST or None)
    if form.is_valid():
        told = registry.tell_apart(
            by=request.user, child_id=form.cleaned_data["child"], other_id=form.cleaned_data["other"], now=clock.now()
        )
        messages.success(request, f"{told[0]} e {told[1]} sono due bambini: non te lo chiediamo più.")
        return HttpResponseRedirect(reverse("office:children-alike"))
    pairs = reading.pairs(today=clock.today())
    return render(request, "office/register/alike.html", {**SECTION, "pairs": pairs})

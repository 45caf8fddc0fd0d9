"""Answers that several pages of payments give."""

from django.http import HttpResponse, HttpResponseRedirect


def see_other(address: str) -> HttpResponse:
    """Send the browser on after a form, so that going back or reloading sends nothing twice."""
    return HttpResponseRedirect(address, status=303)

"""Answers that several pages of payments give."""

from django.http import HttpResponse, HttpResponseRedirect


def see_other(address: str) -> HttpResponse:
    """Send the browser on after a form, so that going back or reloading sends nothing twice."""
    return HttpResponseRedirect(address, status=303)


def document(content: bytes, *, filename: str, kind: str = "application/pdf") -> HttpResponse:
    """
    Hand a file out, for the family alone.

    :param filename: without personal data: it ends in folders and mails
    """
    headers = {"Content-Disposition": f'inline; filename="{filename}"', "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=kind, headers=headers)

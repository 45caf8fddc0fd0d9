"""The pages of what went wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader


def page_was_open_too_long(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is old: the page stayed open, or cookies are off."""
    return render(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Something unexpected happened: no database, no context, only the number to quote."""
    words = {"error_id": getattr(request, "number", "")}
    try:
        page = loader.get_template("500.html").render(words)
    except ValueError:
        # The list of static files is missing or older than the pages: the words come without their look.
        page = loader.get_template("500_plain.html").render(words)
    return HttpResponse(page, status=500)

"""The pages of what went wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader

from campanella.domains.accounts.signing import user_of
from campanella.foundation.core.scope import scope


def page_was_open_too_long(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is old: the page stayed open, or cookies are off."""
    return render(request, "403_csrf.html", status=403)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """The request does not hold together: nothing of it is looked at again."""
    return HttpResponse(loader.get_template("400.html").render(_office(request)), status=400)


def page_is_missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """There is no such page; whoever is signed in keeps the menu, also where no door has asked who it is."""
    town = getattr(request, "town", None)
    if town is not None and getattr(request, "user", None) is None:
        with scope(town.id):
            request.user = user_of(request)  # type: ignore[assignment]  # Django's own kind of user is not installed
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Something unexpected happened: no database, no context, only the number to quote."""
    words = {"error_id": getattr(request, "number", ""), **_office(request)}
    try:
        page = loader.get_template("500.html").render(words)
    except ValueError:
        # The list of static files is missing or older than the pages: the words come without their look.
        page = loader.get_template("500_plain.html").render(words)
    return HttpResponse(page, status=500)


def _office(request: HttpRequest) -> dict[str, str]:
    """Whom to call: what the process remembers of the town, without asking the database."""
    town = getattr(request, "town", None)
    return {"phone": town.choices.office_phone, "office": town.choices.office_name} if town else {"phone": "", "office": ""}

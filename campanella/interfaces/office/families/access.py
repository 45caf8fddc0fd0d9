"""Accesses of families: by e-mail, on paper, closed and opened again."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from campanella.domains.accounts.roles import Role
from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.documents.downloads import as_paper
from campanella.interfaces.doors import PersonRequest, number, staff
from campanella.interfaces.office.families.answers import SECTION, to_child, to_guardian
from campanella.usecases.access import giving as accesses
from campanella.usecases.access import handed

CLOSED = "Accesso chiuso: da questo momento non entra più."
OPEN = "Accesso riaperto: entra di nuovo con la sua password."


@require_POST
@staff(Role.OFFICE)
def guardian_access(request: PersonRequest, guardian_id: int) -> HttpResponse:
    """Give an adult an access, or mail the link for a new password."""
    adult = people.guardian(guardian_id=guardian_id)
    give = accesses.mail_new_password if adult.user_id else accesses.give_to_guardian
    try:
        user = give(by=request.user, guardian_id=guardian_id, now=clock.now())
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"E-mail in partenza: {user.username} sceglie la sua password con il collegamento.")
    return to_guardian(guardian_id)


@require_POST
@staff(Role.OFFICE)
def guardian_letter(request: PersonRequest, guardian_id: int) -> HttpResponse:
    """Print an adult's letter, with a password for one use."""
    people.guardian(guardian_id=guardian_id)
    return _paper(
        request,
        lambda: accesses.print_for_guardian(by=request.user, guardian_id=guardian_id, now=clock.now()),
        name=f"accesso-{guardian_id}.pdf",
        back=to_guardian(guardian_id),
    )


@require_POST
@staff(Role.OFFICE)
def guardian_close(request: PersonRequest, guardian_id: int) -> HttpResponse:
    """Close an adult's access, or open it again."""
    opens = request.POST.get("open") == "1"
    try:
        (accesses.reopen if opens else accesses.close)(by=request.user, guardian_id=guardian_id, now=clock.now())
    except accesses.OwnAccess as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, OPEN if opens else CLOSED)
    return to_guardian(guardian_id)


@require_POST
@staff(Role.OFFICE)
def child_access(request: PersonRequest, child_id: int) -> HttpResponse:
    """Hand an access that sees this child only to the adult named, else to the payer."""
    adult = number(request.POST.get("adult", ""))
    try:
        user = handed.give(by=request.user, child_id=child_id, guardian_id=adult, now=clock.now())
    except handed.ClosedBefore as before:
        return _closed_before(request, child_id, before, road="office:child-access")
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, f"E-mail in partenza: l’accesso si chiama {user.username}.")
    return to_child(child_id)


@require_POST
@staff(Role.OFFICE)
def child_letter(request: PersonRequest, child_id: int) -> HttpResponse:
    """Print the letter of the access that sees this child only, of the adult named or else of the payer."""
    people.child(child_id=child_id)
    adult = number(request.POST.get("adult", ""))
    try:
        return _paper(
            request,
            lambda: handed.print_letter(by=request.user, child_id=child_id, guardian_id=adult, now=clock.now()),
            name=f"accesso-bambino-{child_id}.pdf",
            back=to_child(child_id),
        )
    except handed.ClosedBefore as before:
        return _closed_before(request, child_id, before, road="office:child-letter")


@require_POST
@staff(Role.OFFICE)
def child_access_close(request: PersonRequest, child_id: int, user_id: int) -> HttpResponse:
    """Close an access that sees one child only, or open it again."""
    opens = request.POST.get("open") == "1"
    try:
        handed.keep(by=request.user, child_id=child_id, user_id=user_id, is_open=opens, now=clock.now())
    except handed.NotTied as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, OPEN if opens else CLOSED)
    return HttpResponseRedirect(reverse("office:child-adults", args=[child_id]))


def _closed_before(request: PersonRequest, child_id: int, before: handed.ClosedBefore, *, road: str) -> HttpResponse:
    """Ask: open the access that was closed again, or give the adult one of its own by the road that was taken."""
    tied = {tie.guardian_id for tie in people.guardians_of(child_id=child_id)}
    page = {
        "child": people.child(child_id=child_id),
        "closed": [(account, account.holder_id in tied) for account in before.closed],
        "adult": before.adult,
        "has_own": any(account.holder_id == before.adult.pk for account in before.closed),
        "road": reverse(road, args=[child_id]),
        "is_letter": road == "office:child-letter",
    }
    return render(request, "office/families/closed_access.html", {**SECTION, **page})


def _paper(request: PersonRequest, make: Callable[[], bytes], *, name: str, back: HttpResponse) -> HttpResponse:
    try:
        return as_paper(make(), filename=name)
    except handed.ClosedBefore:
        raise
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return back

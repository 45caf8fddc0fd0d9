"""The letter of one household before a run of reminders leaves: its words and its paper."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from campanella.domains.accounts.roles import Role
from campanella.domains.arrears.rules.ladder import CHANNEL_WORDS
from campanella.foundation.core import clock
from campanella.foundation.documents.downloads import as_paper
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.arrears.ladder import SECTION
from campanella.usecases.arrears import previewing
from campanella.usecases.arrears.previewing import NoLetterNow


@staff(Role.OFFICE)
@require_safe
def letter(request: PersonRequest, run_id: int, payer_id: int) -> HttpResponse:
    """Show the very letter that a household would have now."""
    try:
        found = previewing.letter_of(run_id=run_id, payer_id=payer_id, now=clock.now())
    except NoLetterNow as refusal:
        return _back(request, run_id, refusal)
    context = {"letter": found, "channel": CHANNEL_WORDS[found.step.channel], "run_id": run_id}
    return render(request, "office/arrears/letter.html", SECTION | context)


@staff(Role.OFFICE)
@require_safe
def paper(request: PersonRequest, run_id: int, payer_id: int) -> HttpResponse:
    """Print it as it would be printed."""
    try:
        found = previewing.letter_of(run_id=run_id, payer_id=payer_id, now=clock.now())
    except NoLetterNow as refusal:
        return _back(request, run_id, refusal)
    return as_paper(previewing.paper_of(found, now=clock.now()), filename="sollecito-anteprima.pdf")


def _back(request: PersonRequest, run_id: int, refusal: NoLetterNow) -> HttpResponse:
    messages.info(request, refusal.message)
    return HttpResponseRedirect(reverse("office:reminder-run", args=[run_id]))

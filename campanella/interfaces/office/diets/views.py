"""Diets are read twice: what one member of the office wrote, another confirms with the certificate before the eyes."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from campanella.domains.accounts import queries as users
from campanella.domains.accounts.roles import Role
from campanella.domains.enrolment import diets as operations
from campanella.domains.enrolment import queries
from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.foundation.core.handed import ENDINGS
from campanella.foundation.documents.downloads import as_download
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.diets import gaps
from campanella.interfaces.office.families.answers import SECTION


@staff(Role.OFFICE)
def diets(request: PersonRequest) -> HttpResponse:
    """List what waits for a second reader, and the diets whose certificate is over or soon will be."""
    waiting = queries.diet_proposals()
    authors = users.names_of(user_ids=[one.written_by_id for one in waiting])
    names = people.full_names(child_ids=[one.child_id for one in waiting])
    page = {
        "proposals": [
            (one, names[one.child_id], authors.get(one.written_by_id, ""), one.written_by_id == request.user.pk)
            for one in waiting
        ],
        "renewals": queries.diets_to_renew(today=clock.today()),
    }
    return render(request, "office/diets/diets.html", {**SECTION, **page})


@require_POST
@staff(Role.OFFICE)
def proposal(request: PersonRequest, proposal_id: int) -> HttpResponse:
    """Open what waits, with its reason; the reading is written down."""
    found = operations.read_proposal(by=request.user, proposal_id=proposal_id, now=clock.now())
    served = queries.diets_served(child_ids=[found.child_id], day=clock.today()).get(found.child_id)
    name = people.full_names(child_ids=[found.child_id])[found.child_id]
    page = {
        "proposal": found,
        "child_name": name,
        "served": served,
        "is_own": found.written_by_id == request.user.pk,
        "missing": gaps.told(code=found.code or "", day=max(found.first, clock.today())),
    }
    answer = render(request, "office/diets/proposal.html", {**SECTION, **page})
    answer.headers["Cache-Control"] = "no-store"
    return answer


@require_POST
@staff(Role.OFFICE)
def confirm(request: PersonRequest, proposal_id: int) -> HttpResponse:
    """Confirm a diet as its second reader."""
    try:
        operations.confirm(by=request.user, proposal_id=proposal_id, now=clock.now(), today=clock.today())
    except (operations.OwnProposal, operations.UnknownCode, operations.CertificateMissing) as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, "Confermata: cucina e scuola la vedono dal suo giorno.")
    return HttpResponseRedirect(reverse("office:diets"))


@require_POST
@staff(Role.OFFICE)
def drop(request: PersonRequest, proposal_id: int) -> HttpResponse:
    """Drop a diet that waits; what is served stays as it is."""
    operations.drop(by=request.user, proposal_id=proposal_id, now=clock.now())
    messages.success(request, "Scartata: nel piatto non cambia nulla.")
    return HttpResponseRedirect(reverse("office:diets"))


@require_POST
@staff(Role.OFFICE)
def certificate(request: PersonRequest, certificate_id: int) -> HttpResponse:
    """Hand out a certificate; the reading is written down."""
    found, content = operations.read_certificate(by=request.user, certificate_id=certificate_id, now=clock.now())
    name = f"certificato-{found.kept_at:%Y-%m-%d}.{ENDINGS[found.content_type]}"
    return as_download(content=content, name=name, content_type=found.content_type)

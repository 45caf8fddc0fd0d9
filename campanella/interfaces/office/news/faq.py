"""Questions and answers."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from campanella.domains.accounts.roles import Role
from campanella.domains.support import operations as support
from campanella.domains.support import queries
from campanella.foundation.core import clock
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.news.forms import FaqForm, initial_of_faq

SECTION = {"section": "news"}


@staff(Role.OFFICE)
def faqs(request: PersonRequest) -> HttpResponse:
    """Show all questions in their order."""
    return render(request, "office/news/faqs.html", {**SECTION, "faqs": queries.all_faqs()})


@staff(Role.OFFICE)
def new(request: PersonRequest) -> HttpResponse:
    """Write a new question; it is shown last unless a position is chosen."""
    last = max((row.position for row in queries.all_faqs()), default=0)
    form = FaqForm(request.POST or None, initial={"position": last + 10, "is_published": True})
    return _save(request, form, faq_id=None) or render(
        request, "office/news/faq.html", {**SECTION, "form": form, "faq": None}
    )


@staff(Role.OFFICE)
def edit(request: PersonRequest, faq_id: int) -> HttpResponse:
    """Change a question."""
    row = queries.faq(faq_id=faq_id)
    form = FaqForm(request.POST or None, initial=initial_of_faq(row))
    return _save(request, form, faq_id=row.pk) or render(
        request, "office/news/faq.html", {**SECTION, "form": form, "faq": row}
    )


@require_POST
@staff(Role.OFFICE)
def remove(request: PersonRequest, faq_id: int) -> HttpResponse:
    """Remove a question."""
    support.remove_faq(by=request.user, faq_id=queries.faq(faq_id=faq_id).pk, now=clock.now())
    messages.success(request, "Domanda tolta.")
    return HttpResponseRedirect(reverse("office:faq"))


@require_POST
@staff(Role.OFFICE)
def start(request: PersonRequest) -> HttpResponse:
    """Take the questions every town begins with."""
    written = support.start_faq(by=request.user, now=clock.now())
    messages.success(request, f"{written} domande pronte: cambiale come vuoi." if written else "Le domande ci sono già.")
    return HttpResponseRedirect(reverse("office:faq"))


def _save(request: PersonRequest, form: FaqForm, *, faq_id: int | None) -> HttpResponse | None:
    if request.method != "POST" or not form.is_valid():
        return None
    support.write_faq(by=request.user, faq_id=faq_id, now=clock.now(), **form.cleaned_data)
    messages.success(request, "Salvata.")
    return HttpResponseRedirect(reverse("office:faq"))

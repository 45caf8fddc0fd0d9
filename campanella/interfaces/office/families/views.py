"""Finding a person, and reading everything about it."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from campanella.domains.accounts import queries as users
from campanella.domains.accounts.choices import AccessChoices
from campanella.domains.accounts.roles import Role
from campanella.domains.enrolment import diets
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.payments import queries as payments
from campanella.domains.people import queries as people
from campanella.domains.people import rules as people_rules
from campanella.foundation.core import clock
from campanella.interfaces.doors import PersonRequest, number, staff
from campanella.interfaces.office import seeking
from campanella.readings.office import child as office_child
from campanella.readings.office import search as office_search

SECTION = {"section": "families"}
MOST_NOTICES = 100


@staff(Role.OFFICE)
def search(request: PersonRequest) -> HttpResponse:
    """Show what was found for a text; one hit goes straight to its page."""
    asked = seeking.asked(request)
    if asked is not None:
        hits = office_search.exact(text=asked, now=clock.now(), most=2)
        if hits.count == 1:
            return HttpResponseRedirect(_page_of(hits))
        seeking.keep(request, asked)
        return HttpResponseRedirect(request.path)
    text = seeking.kept(request)
    hits = office_search.search(text=text, now=clock.now())
    words = people_rules.words_of(text)
    return render(request, "office/families/search.html", {**SECTION, "text": text, "hits": hits, "words": words})


@staff(Role.OFFICE)
def child(request: PersonRequest, child_id: int) -> HttpResponse:
    """Show a child."""
    sheet = office_child.child_sheet(
        child_id=child_id,
        now=clock.now(),
        month=clock.read_day(f"{request.GET.get('mese', '')}-01"),
        service_id=number(request.GET.get("servizio", "")),
    )
    per_child = request.town.chosen(AccessChoices).account_per_child
    page = {**SECTION, "sheet": sheet, "child": sheet.child, "account_per_child": per_child}
    return render(request, "office/families/child.html", page)


@staff(Role.OFFICE)
def notices(request: PersonRequest, child_id: int) -> HttpResponse:
    """Show the notices and top-ups of a child, newest first."""
    child = people.child(child_id=child_id)
    now = clock.now()
    found = payments.positions_of(child_ids=[child_id], now=now, today=clock.day_of(now), limit=MOST_NOTICES)
    return render(request, "office/families/notices.html", {**SECTION, "child": child, "positions": found})


@staff(Role.OFFICE)
def acts(request: PersonRequest, child_id: int) -> HttpResponse:
    """Show the whole history of a child."""
    child = people.child(child_id=child_id)
    acts = office_child.acts(child_id=child_id, limit=300)
    return render(request, "office/families/acts.html", {**SECTION, "child": child, "acts": acts})


@require_POST
@staff(Role.OFFICE)
def diet(request: PersonRequest, child_id: int) -> HttpResponse:
    """Open the reason of a diet; the reading is written down."""
    child = people.child(child_id=child_id)
    now = clock.now()
    found = diets.read_diet(by=request.user, child_id=child_id, day=clock.day_of(now), now=now)
    reads = enrolment.diet_reads(child_id=child_id)
    names = users.names_of(user_ids=[user_id for _, user_id in reads])
    page = {"child": child, "diet": found, "reads": [(at, names.get(user_id, "")) for at, user_id in reads]}
    answer = render(request, "office/families/diet.html", {**SECTION, **page})
    answer.headers["Cache-Control"] = "no-store"
    return answer


@staff(Role.OFFICE)
def guardian(request: PersonRequest, guardian_id: int) -> HttpResponse:
    """Show an adult."""
    sheet = office_child.adult_sheet(guardian_id=guardian_id, now=clock.now())
    per_child = request.town.chosen(AccessChoices).account_per_child
    page = {**SECTION, "sheet": sheet, "adult": sheet.guardian, "account_per_child": per_child}
    return render(request, "office/families/guardian.html", page)


def _page_of(hits: office_search.Hits) -> str:
    for child in hits.children:
        return reverse("office:child", args=[child.id])
    for adult in hits.adults:
        return reverse("office:guardian", args=[adult.id])
    for position in hits.positions:
        return reverse("office:child", args=[position.child_id]) + "#avvisi"
    for invoice in hits.invoices:
        return reverse("office:invoice", args=[invoice.id])
    return reverse("office:receipt", args=[hits.receipts[0].id])

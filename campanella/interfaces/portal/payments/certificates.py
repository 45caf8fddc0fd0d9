"""Dichiarazione fiscale: the certificate of each year and child, and the nursery's receipts of each month, to download."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from campanella.domains.certifying.years import rules_of
from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.foundation.documents.downloads import as_paper
from campanella.interfaces.doors import PersonRequest, family, form_of
from campanella.interfaces.portal.payments.answers import see_other
from campanella.readings.certificates import papers
from campanella.readings.certificates.reckoning import reckon
from campanella.readings.family import certificates
from campanella.usecases import certificates as making

# Why there is none, as a family reads it: what happened and what to do.
WHY = {
    "child_code": "Manca il codice fiscale di {name}: scrivilo in Anagrafica e riprova.",
    "payer_code": "Manca il codice fiscale di chi ha pagato: scrivilo in Anagrafica e riprova.",
    "only_cash": "Nel {year} per {name} ci sono solo pagamenti in contanti: la legge non li ammette in detrazione.",
    "refunded": "Nel {year} quanto pagato per {name} è stato tutto rimborsato: non c’è niente da detrarre.",
    "not_deductible": "Nel {year} {name} ha usato solo servizi che non si detraggono.",
    "nothing": "Nel {year} per {name} non risulta nessun pagamento.",
}
ANOTHERS = "Per {name} nel {year} ha pagato un altro adulto: la sua attestazione la scarica lui, dal suo accesso."


@family
@require_safe
def tax_years(request: PersonRequest) -> HttpResponse:
    """Show every year that is over, child by child, with what there is to download."""
    page = {
        "section": "payments",
        "found": certificates.tax_years(user=request.user, today=clock.today()),
        "this_year": clock.today().year,
        "ceiling": rules_of(clock.today().year - 1).school_ceiling,
    }
    return render(request, "portal/payments/tax_years.html", page)


@family
@form_of("portal:tax-years")
def make(request: PersonRequest, child_id: int, year: int) -> HttpResponse:
    """Make a child's certificate of a year as the book stands now, and give it; say why when there is none."""
    child = people.child_for(user=request.user, child_id=child_id)
    try:
        making.issue_as_asked(by=request.user, child_id=child_id, year=year, now=clock.now())
    except (making.YearGoesOn, making.NotYetMade) as refusal:
        messages.warning(request, refusal.message)
        return see_other(reverse("portal:tax-years"))
    found = certificates.certificates_for(user=request.user, child_id=child_id, year=year)
    if found:
        return see_other(reverse("portal:certificate-pdf", args=[found[0].id]))
    (reckoned,) = reckon(child_ids=[child_id], year=year)
    words = WHY.get(reckoned.reason, ANOTHERS)
    messages.warning(request, words.format(name=child.given_name, year=year))
    return see_other(reverse("portal:tax-years"))


@family
@form_of("portal:tax-years")
def make_months(request: PersonRequest, child_id: int, year: int) -> HttpResponse:
    """Make the nursery's receipts of a year's months that are over and paid, and give them in one file."""
    child = people.child_for(user=request.user, child_id=child_id)
    making.issue_months_as_asked(by=request.user, child_id=child_id, year=year, now=clock.now())
    if certificates.certificates_for(user=request.user, child_id=child_id, year=year, kind="month"):
        return see_other(reverse("portal:months-pdf", args=[child_id, year]))
    messages.warning(
        request, f"Per {child.given_name} non c’è ancora un mese di nido finito e pagato con mezzi tracciabili."
    )
    return see_other(reverse("portal:tax-years"))


@family
@require_safe
def paper(request: PersonRequest, certificate_id: int) -> HttpResponse:
    """Print a certificate, or a month's receipt, as it was issued."""
    found = certificates.certificate_for(user=request.user, certificate_id=certificate_id)
    name = (
        f"attestazione-{found.year}-{found.number}.pdf"
        if found.kind == "year"
        else f"nido-{found.year}-{found.month:02}.pdf"
    )
    return as_paper(papers.pdf_of([found], site=request.get_host()), filename=name)


@family
@require_safe
def months(request: PersonRequest, child_id: int, year: int) -> HttpResponse:
    """Print a year's receipts of the nursery, a page for each month."""
    found = certificates.certificates_for(user=request.user, child_id=child_id, year=year, kind="month")
    return as_paper(papers.pdf_of(found, site=request.get_host()), filename=f"nido-{year}.pdf")

"""One child's year: what is certified, what is left out, each wallet's account; halves, opposition, versions, papers."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from campanella.domains.accounts.roles import Role
from campanella.domains.certifying import operations as certifying
from campanella.domains.certifying import queries
from campanella.domains.ledger import queries as ledger
from campanella.domains.people import queries as people
from campanella.domains.people.models import Child, Guardian
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.foundation.documents.downloads import as_paper
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.certificates.views import SECTION, law_of
from campanella.readings.certificates import papers
from campanella.readings.certificates.reckoning import REASONS, reckon
from campanella.usecases import certificates as making


class SharesForm(forms.Form):
    """How the two parents divide, in percent of the first one."""

    percent = forms.IntegerField(
        label="Quota del primo genitore, in percento",
        min_value=0,
        max_value=100,
        error_messages={"required": "Scrivi un numero da 0 a 100.", "invalid": "Scrivi un numero da 0 a 100."},
    )


@staff(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def year_of(request: PersonRequest, year: int, child_id: int) -> HttpResponse:
    """Show a child's year; write how the parents divide it, or that it is not to be sent to the agency."""
    child, law = people.child(child_id=child_id), law_of(year)
    parents = _parents(child)
    form = SharesForm(request.POST if request.POST.get("fai") == "dividi" else None)
    if request.method == "POST" and _written(request, child, year, parents, form):
        return redirect("office:child-certificates", year=year, child_id=child_id)
    (found,) = reckon(child_ids=[child_id], year=year)
    wallets = ledger.wallets_by_id(wallet_ids=[one.wallet_id for one in found.wallets])
    names = {wallet.id: wallet.service_name for wallet in wallets}
    page = {
        "child": child,
        "year": year,
        "law": law,
        "is_over": year < clock.today().year,
        "found": found,
        "reason": REASONS.get(found.reason, ""),
        "cash": Euro(found.cash),
        "nameless": Euro(found.nameless),
        "alone": Euro(found.alone),
        "wallets": [(one, sum(one.used.values()), names[one.wallet_id]) for one in found.wallets],
        "issued": queries.certificates_of(child_ids=[child_id], year=year),
        "parents": parents,
        "written": queries.written_shares(child_ids=[child_id], year=year).get(child_id, {}),
        "is_opposed": child_id in queries.opposed(year=year),
        "form": form,
    }
    return render(request, "office/certificates/child.html", {**SECTION, **page})


def _parents(child: Child) -> list[Guardian]:
    """Return the two parents whose tax codes are known, the payer first; fewer where there are fewer."""
    ties = people.guardians_of(child_id=child.pk)
    return [tie.guardian for tie in ties if tie.kind == "parent" and tie.guardian.tax_code][:2]


def _written(request: PersonRequest, child: Child, year: int, parents: list[Guardian], form: SharesForm) -> bool:
    now = clock.now()
    match request.POST.get("fai"):
        case "dividi" if len(parents) == 2 and form.is_valid():
            first, other = parents
            certifying.write_shares(
                by=request.user,
                child=child,
                year=year,
                guardian=first,
                percent=form.cleaned_data["percent"],
                other=other,
                now=now,
            )
        case "meta":
            certifying.clear_shares(by=request.user, child=child, year=year, now=now)
        case "opposizione" | "invio" as what:
            certifying.oppose(by=request.user, child=child, year=year, is_opposed=what == "opposizione", now=now)
        case _:
            return False
    messages.success(request, "Scritto.")
    return True


@staff(Role.OFFICE)
@require_POST
def make(request: PersonRequest, year: int, child_id: int) -> HttpResponse:
    """Make this child's certificates of a year as the book stands now."""
    law_of(year)
    people.child(child_id=child_id)
    try:
        making.check_is_over(year=year, today=clock.today())
    except making.YearGoesOn as refusal:
        messages.error(request, refusal.message)
    else:
        done = making.issue_for(by_id=request.user.pk, child_ids=[child_id], year=year, now=clock.now())
        new = done.issued + done.superseded
        messages.success(request, f"Fatte {new}." if new else "Non è cambiato niente: valgono quelle che ci sono.")
    return redirect("office:child-certificates", year=year, child_id=child_id)


@staff(Role.OFFICE)
@require_safe
def paper(request: PersonRequest, certificate_id: int) -> HttpResponse:
    """Print a certificate as it was issued, whatever version."""
    found = queries.certificate(certificate_id=certificate_id)
    name = f"attestazione-{found.year}-{found.number}.pdf"
    return as_paper(papers.pdf_of([found], site=request.get_host()), filename=name)

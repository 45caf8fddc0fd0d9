"""A year's certificates: what a run would make, making them, how far it is, who has none and why."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from campanella.domains.accounts.roles import Role
from campanella.domains.certifying import operations as certifying
from campanella.domains.certifying import queries
from campanella.domains.certifying.queries import RunView
from campanella.domains.certifying.years import FIRST_YEAR, TaxYear, rules_of
from campanella.domains.people import queries as people
from campanella.domains.people.models import Child
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro
from campanella.interfaces.doors import PersonRequest, number, staff
from campanella.readings.certificates.reckoning import REASONS
from campanella.usecases import certificates as making

SECTION = {"section": "payments"}
YEARS = 5
# Children shown on the page; the sheet has all of them.
MOST_SHOWN = 30
IN_A_FILE = 200


@dataclass(frozen=True)
class Without:
    """A child without a certificate, or with one that leaves something out."""

    child: Child
    reason: str
    cash: Euro
    nameless: Euro


@staff(Role.OFFICE)
@require_safe
def certificates(request: PersonRequest) -> HttpResponse:
    """Show a year: how many stand, how far a run is, who has none; it asks for itself again while a run goes on."""
    today = clock.today()
    year = number(request.GET.get("anno", "")) or today.year - 1
    law = law_of(year)
    run = queries.last_run(year=year)
    page = {
        "year": year,
        "years": [today.year - back for back in range(YEARS + 1)],
        "is_over": year < today.year,
        "law": law,
        "run": run,
        "made": queries.years_issued().get(year, 0),
        "without": _without(run) if run and run.ended_at else [],
        "reasons": _counted(run) if run else [],
        "pieces": [(start + 1, start) for start in range(0, run.made if run else 0, IN_A_FILE)],
        "in_a_file": IN_A_FILE,
    }
    whole, part = "office/certificates/certificates.html", "office/certificates/state.html"
    return render(request, part if "HX-Request" in request.headers else whole, {**SECTION, **page})


def law_of(year: int) -> TaxYear:
    """
    Return the rules of a tax year.

    :raises NotFound: they are not on record
    """
    if not FIRST_YEAR <= year <= clock.LAST_DAY.year:
        raise NotFound
    return rules_of(year)


def _without(run: RunView) -> list[Without]:
    """Return the first children of whom a run says something: first what the office can mend, last who has paid nothing."""
    gravity = {reason: place for place, reason in enumerate(REASONS)}
    noted = sorted(run.notes.items(), key=lambda one: (gravity.get(str(one[1].get("reason")), 0), one[0]))[:MOST_SHOWN]
    known = people.children(child_ids=[child_id for child_id, _ in noted])
    return [
        Without(
            known[child_id],
            REASONS.get(str(said.get("reason", "")), ""),
            Euro(int(said.get("cash", 0))),
            Euro(int(said.get("nameless", 0))),
        )
        for child_id, said in noted
        if child_id in known
    ]


def _counted(run: RunView) -> list[tuple[str, int]]:
    found = [str(said["reason"]) for said in run.notes.values() if "reason" in said]
    return [(words, found.count(key)) for key, words in REASONS.items() if key in found]


@staff(Role.OFFICE)
@require_POST
def begin(request: PersonRequest, year: int) -> HttpResponse:
    """Begin to make a year's certificates, or to look what would be made."""
    is_dry = request.POST.get("fai") != "prepara"
    try:
        making.begin(by=request.user, year=year, is_dry=is_dry, today=clock.today(), now=clock.now())
    except (making.YearGoesOn, certifying.RunUnderWay) as refusal:
        messages.error(request, refusal.message)
    return _back_to(year)


@staff(Role.OFFICE)
@require_POST
def stop(request: PersonRequest, run_id: int) -> HttpResponse:
    """Stop a run; what was issued stays."""
    run = queries.run(run_id=run_id)
    certifying.stop_run(by=request.user, run_id=run_id, now=clock.now())
    messages.success(request, "Fermata: le attestazioni già fatte restano, e puoi riprendere quando vuoi.")
    return _back_to(run.year)


def _back_to(year: int) -> HttpResponse:
    return redirect(f"{reverse('office:certificates')}?anno={year}")

"""Plans by instalments: those of the town, one of them, a new one with a family."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.accounts.roles import Role
from campanella.domains.people import queries as people
from campanella.foundation.core import audit, clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.money import Euro
from campanella.interfaces.doors import PersonRequest, number, staff
from campanella.interfaces.office.arrears.forms import PlanEndForm, PlanForm
from campanella.interfaces.office.arrears.ladder import SECTION
from campanella.interfaces.office.families.answers import guardian_address
from campanella.readings.arrears.households import for_plan
from campanella.readings.arrears.plans import standing, standings
from campanella.usecases.arrears import planning


@staff(Role.OFFICE)
def plans(request: PersonRequest) -> HttpResponse:
    """List the plans of the town: those that missed a due first, then those that are kept, then the others."""
    found = standings(payer_ids=None, today=clock.today())
    order = {"missed": 0, "kept": 1, "done": 2, "ended": 3}
    found.sort(key=lambda one: (order[one.state], -one.plan.id))
    names = {one.pk: one.full_name for one in people.guardians(guardian_ids=[one.plan.payer_id for one in found])}
    page = {"plans": [(one, names[one.plan.payer_id]) for one in found]}
    return render(request, "office/arrears/plans.html", {**SECTION, **page})


@staff(Role.OFFICE)
def plan(request: PersonRequest, plan_id: int) -> HttpResponse:
    """Show a plan due by due, and end it."""
    found = standing(plan_id=plan_id, today=clock.today())
    form = PlanEndForm(request.POST or None)
    if form.is_valid():
        try:
            planning.end(by=request.user, plan_id=plan_id, reason=form.cleaned_data["reason"], now=clock.now())
        except Refusal as refusal:
            form.add_error("reason", refusal.message)
        else:
            messages.success(request, "Piano chiuso: i solleciti riprendono.")
            return HttpResponseRedirect(reverse("office:plan", args=[plan_id]))
    context = {
        **SECTION,
        "stands": found,
        "plan": found.plan,
        "adult": people.guardian(guardian_id=found.plan.payer_id),
        "form": form,
        "acts": audit.acts_on(subjects=[f"plan:{plan_id}"]),
    }
    return render(request, "office/arrears/plan.html", context, status=422 if form.errors else 200)


@staff(Role.OFFICE)
def agree(request: PersonRequest, guardian_id: int) -> HttpResponse:
    """Agree a plan with a family: the sum is told, and is the one that is agreed."""
    adult, now = people.guardian(guardian_id=guardian_id), clock.now()
    debts = for_plan(payer_id=guardian_id, now=now)
    total = sum(debt.cents for debt in debts)
    form = PlanForm(_told_now(request, total), initial={"first": clock.today(), "months": 1, "count": 3, "told": total})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        told = number(request.POST.get("told", ""))
        try:
            made = planning.agree(
                by=request.user,
                payer_id=guardian_id,
                count=data["count"],
                first=data["first"],
                months=data["months"],
                note=data["note"],
                told=None if told is None else Euro(told),
                now=now,
            )
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Piano concordato: la famiglia lo riceve per e-mail e lo trova in Pagamenti.")
            return HttpResponseRedirect(reverse("office:plan", args=[made.pk]))
    context = {
        **SECTION,
        "adult": adult,
        "back": guardian_address(guardian_id),
        "form": form,
        "debts": [(debt, Euro(debt.cents)) for debt in debts],
        "total": Euro(total),
    }
    return render(request, "office/arrears/agree.html", context, status=422 if form.errors else 200)


def _told_now(request: PersonRequest, total: int) -> Any:
    """Return what was sent; shown again, the form tells the sum of now."""
    if request.method != "POST":
        return None
    sent = request.POST.copy()
    sent["told"] = str(total)
    return sent

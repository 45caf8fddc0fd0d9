"""The rules of a call's ranking, typed by the office: what holds from now on; lists on record keep the rules they had."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.accounts.roles import Role
from campanella.domains.applying import queries as applying
from campanella.domains.applying.queries import EnrolmentCall
from campanella.domains.ranking import queries
from campanella.domains.schools import queries as schools
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.ranking.rule_forms import RulesForm
from campanella.interfaces.office.ranking.worth_forms import PointsForm, SeatsForm
from campanella.usecases.ranking import drawing

FROM_THE_NEXT = "Salvato: vale dalla prossima graduatoria che fai."
AT_ONCE = "Salvato: vale da adesso, e i posti liberi sono già offerti a chi viene dopo."


@staff(Role.OFFICE)
def rules(request: PersonRequest, call_id: int) -> HttpResponse:
    """Say who stands in which list, who goes before whom, and how offers are answered."""
    call, scheme = applying.call(call_id=call_id), queries.scheme(call_id=call_id)
    form = RulesForm(request.POST or None, scheme=scheme, parts=applying.parts(call_id=call_id))
    return _saved(request, call, form) or _page(request, call, form, "rules.html")


@staff(Role.OFFICE)
def points(request: PersonRequest, call_id: int) -> HttpResponse:
    """Say what each answer is worth."""
    call, scheme = applying.call(call_id=call_id), queries.scheme(call_id=call_id)
    form = PointsForm(request.POST or None, scheme=scheme, parts=applying.parts(call_id=call_id))
    return _saved(request, call, form) or _page(request, call, form, "worth.html")


@staff(Role.OFFICE)
def seats(request: PersonRequest, call_id: int) -> HttpResponse:
    """Say how many places each structure has; more of them, once the final list is out, are offered at once."""
    call, scheme = applying.call(call_id=call_id), queries.scheme(call_id=call_id)
    fitting = [one for one in schools.schools() if not call.levels or one.level in call.levels]
    classes = list(schools.all_classes(day=call.begins_on).order_by("school__name", "name"))
    form = SeatsForm(request.POST or None, scheme=scheme, schools=fitting, classes=classes)
    return _saved(request, call, form) or _page(request, call, form, "seats.html")


def _saved(request: PersonRequest, call: EnrolmentCall, form: RulesForm | PointsForm | SeatsForm) -> HttpResponse | None:
    if not form.is_valid():
        return None
    try:
        drawing.set_rules(by=request.user, call_id=call.pk, scheme=form.said(), now=clock.now())
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return None
    messages.success(request, AT_ONCE if queries.final(call_id=call.pk) else FROM_THE_NEXT)
    return HttpResponseRedirect(reverse("office:call-ranking", args=[call.pk]))


def _page(request: PersonRequest, call: EnrolmentCall, form: forms.Form, template: str) -> HttpResponse:
    page = {"section": "applications", "one": call, "form": form}
    return render(request, f"office/ranking/{template}", page)

"""The four steps of an application: start, data, summary, sent. Each can be left and taken up again."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from campanella.domains.applying import queries, rules
from campanella.domains.people import queries as people
from campanella.domains.people import registered
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.interfaces.applying import ApplicationForm
from campanella.interfaces.doors import PersonRequest, family, number, numbers, received_at
from campanella.readings.family.applications import OneApplication, family_application, known_isee
from campanella.readings.family.camps import weeks_of
from campanella.usecases.applying import newcomers, sending, writing
from campanella.usecases.applying.contents import adult_rows, answers, child_rows, isee_rows, week_rows

SECTION = {"section": "utility"}
NEW = "nuovo"


@family
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: PersonRequest, call: int) -> HttpResponse:
    """Step 1: what it is, until when, what one needs; choose for whom."""
    found, now, refused = queries.call(call_id=call), clock.now(), ""
    adult, children = people.holder_of(user=request.user), people.children_of(user=request.user)
    if now < found.opens_at:
        raise NotFound
    is_newcomer = adult is None and registered.waits(user=request.user)
    if adult is None and not is_newcomer:
        return render(request, "portal/applying/unknown.html", SECTION | {"call": found})
    chosen = request.POST.get("figlio", "")
    may_be_new = is_newcomer or (adult is not None and adult.user_id == request.user.pk)
    if chosen and (chosen != NEW or may_be_new):
        child_id = None if chosen == NEW else people.child_for(user=request.user, child_id=number(chosen) or 0).id
        came = received_at(request)
        try:
            begun = (
                writing.begin(call_id=call, guardian=adult, child_id=child_id, received_at=came, now=now)
                if adult
                else newcomers.begin(call_id=call, user=request.user, received_at=came, now=now)
            )
        except Refusal as refusal:
            refused = refusal.message
        else:
            return HttpResponseRedirect(reverse("portal:application-data", args=[begun.pk]))
    elif request.method == "POST":
        refused = "Scegli per chi fai la domanda."
    page = {
        "call": found,
        "children": children,
        "may_be_new": may_be_new,
        "is_newcomer": is_newcomer,
        "documents": [one for one in queries.parts(call_id=call) if one.kind in rules.FILES],
        "is_open": rules.is_open(opens_at=found.opens_at, closes_at=found.closes_at, received_at=now),
        "refused": refused,
        "asks_isee": writing.asks_isee(call=found),
    }
    return render(request, "portal/applying/start.html", SECTION | page)


@family
@require_http_methods(["GET", "HEAD", "POST"])
def data(request: PersonRequest, application_id: int) -> HttpResponse:
    """Step 2: the questions and documents; what is written is kept, whole or not."""
    found = family_application(user=request.user, application_id=application_id, now=clock.now())
    one = found.application
    act = request.POST.get("fai", "")
    if act == "butta" and one.state == "draft":
        writing.drop(application=one, now=clock.now())
        messages.success(request, "Buttata: di questa domanda non resta niente.")
        return HttpResponseRedirect(reverse("portal:applications"))
    if not found.may_change:
        return _closed(request, found)
    attached = queries.files(application_id=one.pk)
    form = ApplicationForm(
        request.POST or None,
        request.FILES or None,
        application=one,
        parts=queries.parts(call_id=one.call_id),
        attached=[file.part_id for file in attached],
        known=known_isee(guardian_id=one.guardian_id, today=clock.today()),
        whole=act != "salva",
        weeks=weeks_of(application=one, now=clock.now()),
    )
    if form.is_valid():
        try:
            writing.write(application=one, data=form.written(), files=form.papers(), now=clock.now())
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            if act == "salva":
                messages.success(request, "Salvata: la riprendi quando vuoi, fino alla scadenza.")
                return HttpResponseRedirect(reverse("portal:applications"))
            return HttpResponseRedirect(reverse("portal:application-summary", args=[one.pk]))
    page = {"found": found, "one": one, "form": form, "attached": attached, "adult": adult_rows(one)}
    if one.child:
        page["child"] = child_rows(one)[:3]
    return render(request, "portal/applying/data.html", SECTION | page)


@family
@require_http_methods(["GET", "HEAD", "POST"])
def summary(request: PersonRequest, application_id: int) -> HttpResponse:
    """Step 3: everything once more, what the law wants read and declared; then it is sent."""
    now = clock.now()
    found = family_application(user=request.user, application_id=application_id, now=now)
    one = found.application
    if not found.is_own:
        return _closed(request, found)
    refused, ticked = "", numbers(request.POST.getlist("spunta"))
    if request.method == "POST":
        try:
            sending.send(
                by=request.user,
                application_id=one.pk,
                version=number(request.POST.get("versione", "")) or 0,
                ticked=ticked,
                is_by_office=False,
                received_at=received_at(request),
                now=now,
            )
        except Refusal as refusal:
            refused = refusal.message
        else:
            return HttpResponseRedirect(reverse("portal:application-sent", args=[one.pk]))
    if not found.may_change and not refused:
        return _closed(request, found)
    parts = queries.parts(call_id=one.call_id)
    page = {
        "found": found,
        "one": one,
        "next_version": one.version + 1,
        "groups": [
            ("Chi fa la domanda", adult_rows(one)),
            ("Per chi", child_rows(one)),
            ("Risposte", answers(one, parts)),
            ("Settimane chieste", week_rows(one)),
        ],
        "isee": isee_rows(one.data.get("isee", {})),
        "attached": queries.files(application_id=one.pk),
        "ticks": [part for part in parts if part.kind in rules.TICKED],
        "ticked": ticked,
        "refused": refused,
    }
    return render(request, "portal/applying/summary.html", SECTION | page)


@family
@require_safe
def sent(request: PersonRequest, application_id: int) -> HttpResponse:
    """Step 4: its number, what happens next."""
    found = family_application(user=request.user, application_id=application_id, now=clock.now())
    if found.sent is None:
        raise NotFound
    if found.application.state not in rules.OPEN:
        return _closed(request, found)
    page = {"found": found, "one": found.application, "weeks": weeks_of(application=found.application, now=clock.now())}
    return render(request, "portal/applying/sent.html", SECTION | page)


def _closed(request: PersonRequest, found: OneApplication) -> HttpResponse:
    """Lead from a step that is over to the page that says what holds now."""
    if found.sent:
        return HttpResponseRedirect(reverse("portal:application", args=[found.application.pk]))
    messages.warning(request, "Le iscrizioni si sono chiuse prima che la mandassi: qui leggi dov’è lo sportello.")
    return HttpResponseRedirect(reverse("portal:applications"))

"""What is done for a whole list at once: each act shows first whom it reaches, then is done once, and can be taken back."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from campanella.domains.accounts.roles import Role
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.documents.downloads import as_paper
from campanella.interfaces.doors import PersonRequest, number, staff
from campanella.interfaces.office.lists.asked import asked
from campanella.interfaces.office.lists.forms import BatchForm, Chosen, MessageForm, NoticesForm
from campanella.readings.office import bulk as bulk_reading
from campanella.readings.office import children as lists
from campanella.usecases import bulk, top_up
from campanella.usecases.messages import letters as worded

SECTION = {"section": "families"}
MOST_CHOSEN = 500


class TooLong(Refusal):
    """More children than one act takes."""

    def __init__(self, count: int) -> None:
        super().__init__(
            f"L’elenco ha {count} bambini, qui al massimo {MOST_CHOSEN}: restringilo con un filtro. "
            "Per dire una cosa a tutto il Comune c’è News."
        )


def _of_a_list(view: Callable[[PersonRequest, Chosen], HttpResponse]) -> Callable[[PersonRequest], HttpResponse]:
    """Give a view the children its address asks for; a list that is too long goes back to where it is narrowed."""

    @wraps(view)
    def narrowed(request: PersonRequest) -> HttpResponse:
        try:
            chosen = _chosen(request)
        except TooLong as refusal:
            messages.error(request, refusal.message)
            return HttpResponseRedirect(f"{reverse('office:lists')}?{request.GET.urlencode()}")
        return view(request, chosen)

    return narrowed


@staff(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
@_of_a_list
def message(request: PersonRequest, chosen: Chosen) -> HttpResponse:
    """Write to the families of a list: first the mail as they read it, then the act, which can be taken back a while."""
    form, preview = MessageForm(_sent(request), chosen=chosen), None
    readers = bulk_reading.readers_of(child_ids=chosen.ids)
    if form.is_valid():
        subject, text = form.cleaned_data["subject"], form.cleaned_data["text"]
        if readers.adults and not form.is_agreed(form.words):
            preview = worded.from_office_worded(subject=subject, text=text, now=clock.now())
            form.ask(form.words)
        else:
            batch, now = form.cleaned_data["batch"], clock.now()
            try:
                act = bulk.write(by=request.user, child_ids=chosen.ids, subject=subject, text=text, batch=batch, now=now)
            except Refusal as refusal:
                form.add_error(None, refusal.message)
            else:
                return HttpResponseRedirect(reverse("office:list-done", args=[act]))
    page = {
        "form": form,
        "chosen": chosen,
        "preview": preview,
        "readers": len(readers.adults),
        "unreached": chosen.of(readers.unreached),
        "minutes": int(bulk_reading.LEAVES_AFTER.total_seconds()) // 60,
    }
    return render(request, "office/lists/message.html", {**SECTION, **page})


@staff(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
@_of_a_list
def notices(request: PersonRequest, chosen: Chosen) -> HttpResponse:
    """Make a notice for each child of a list: first for whom, how many and how much in all, then the act."""
    form, plan = NoticesForm(_sent(request), chosen=chosen), None
    if form.is_valid():
        plan = form.plan()
        try:
            if form.each is not None:
                top_up.check_amount(amount=form.each)
            if form.is_agreed(plan.words) or not plan.count:
                act = bulk.make_notices(
                    by=request.user,
                    child_ids=chosen.ids,
                    service_id=form.cleaned_data["service"],
                    amount=form.each,
                    told=plan.total,
                    batch=form.cleaned_data["batch"],
                    now=clock.now(),
                )
                return HttpResponseRedirect(reverse("office:list-done", args=[act]))
            form.ask(plan.words)
        except Refusal as refusal:
            form.add_error("amount" if form.each else None, refusal.message)
            plan = None
    return render(request, "office/lists/notices.html", {**SECTION, "form": form, "chosen": chosen, "plan": plan})


@staff(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
@_of_a_list
def letters(request: PersonRequest, chosen: Chosen) -> HttpResponse:
    """Print the letters of access of those in a list whom nobody can see in the portal yet."""
    waiting = [line.id for line in chosen.lines if not line.has_access]
    form = BatchForm(_sent(request), chosen=chosen)
    if form.is_valid():
        batch = form.cleaned_data["batch"]
        try:
            paper = bulk.print_letters(by=request.user, child_ids=waiting, batch=batch, now=clock.now())
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            return as_paper(paper, filename=f"lettere-di-accesso-{clock.today()}.pdf")
    due = bulk_reading.letters_due(child_ids=waiting)
    page = {
        "form": form,
        "chosen": chosen,
        "count": due.count,
        "without_adult": chosen.of(due.without_adult),
        "closed": chosen.of(due.closed),
    }
    return render(request, "office/lists/letters.html", {**SECTION, **page})


@staff(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def done(request: PersonRequest, act: str) -> HttpResponse:
    """Show what became of an act, with the way to take back what has not left or is not paid."""
    if request.method == "POST":
        messages.success(request, _take_back(request, act))
        return HttpResponseRedirect(request.path)
    if not bulk_reading.is_done(act=act):
        raise Http404
    return render(request, "office/lists/done.html", {**SECTION, "done": bulk_reading.done(act=act)})


def _take_back(request: PersonRequest, act: str) -> str:
    if request.POST.get("stop") == "messages":
        stopped = bulk.stop_writing(by=request.user, act=act, now=clock.now())
        return f"Fermate: {stopped} e-mail non partono più." if stopped else "Erano già partite tutte."
    if request.POST.get("stop") != "notices":
        raise SuspiciousOperation("nothing to stop")
    deleted, kept = bulk.delete_notices(by=request.user, act=act, now=clock.now())
    return f"Avvisi eliminati: {deleted}." + (f" {kept} restano: qualcuno li sta pagando." if kept else "")


def _sent(request: PersonRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _chosen(request: PersonRequest) -> Chosen:
    """
    Return whom an act is for; an address that asks for nobody is none.

    :raises TooLong: they are more than one act takes
    """
    today = clock.today()
    wanted = asked(request.GET, town=request.town, today=today)
    named = request.GET.getlist("bambino")
    ticked = {pk for text in named if (pk := number(text))}
    found = lists.ids(chosen=wanted.filter)
    child_ids = [pk for pk in found if not named or pk in ticked]
    if not child_ids:
        raise Http404
    if len(child_ids) > MOST_CHOSEN:
        raise TooLong(len(child_ids))
    return Chosen(lists.lines(child_ids=child_ids, day=today), request.GET.urlencode())

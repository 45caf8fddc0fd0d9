"""One reminder with its proof, and the letters of a run to print."""

import zipfile
from io import BytesIO

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from campanella.domains.accounts.roles import Role
from campanella.domains.arrears import accrued, queries
from campanella.domains.arrears import reminders as questions
from campanella.foundation.core import audit, clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.documents.downloads import as_download, as_paper
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.arrears.forms import HandingForm, WaiveForm
from campanella.interfaces.office.arrears.ladder import SECTION
from campanella.readings.arrears.owed import open_of_reminder
from campanella.readings.office import arrears as reading
from campanella.usecases.arrears import charging, handing, papers


@staff(Role.OFFICE)
def reminder(request: PersonRequest, reminder_id: int) -> HttpResponse:
    """Show a reminder: what it asks for, what is open, how it left; write down what became of a letter."""
    found = questions.reminder(reminder_id=reminder_id)
    form = HandingForm(request.POST or None, initial={"day": clock.today()})
    if form.is_valid():
        try:
            handing.note(by=request.user, reminder_id=reminder_id, now=clock.now(), **form.cleaned_data)
        except handing.ProtocolMissing as refusal:
            form.add_error("protocol", refusal.message)
        except handing.NotOnThisDay as refusal:
            form.add_error("day", refusal.message)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Scritto.")
            return HttpResponseRedirect(reverse("office:reminder", args=[reminder_id]))
    (line,) = reading.lines_of([found])
    context = {
        **SECTION,
        "line": line,
        "reminder": found,
        "open": sum(debt.cents for debt in open_of_reminder(reminder=found, now=clock.now())),
        "form": form,
        "waived": accrued.waived(reminder_id=reminder_id),
        "waive_form": WaiveForm() if any(debt.kind == "interest" for debt in found.debts) else None,
        "acts": audit.acts_on(subjects=[f"reminder:{reminder_id}"]),
    }
    return render(request, "office/arrears/reminder.html", context, status=422 if form.errors else 200)


@staff(Role.OFFICE)
@require_POST
def waive(request: PersonRequest, reminder_id: int) -> HttpResponse:
    """Ask no more for the interest of a reminder."""
    form = WaiveForm(request.POST)
    if form.is_valid():
        try:
            charging.waive(by=request.user, reminder_id=reminder_id, now=clock.now(), **form.cleaned_data)
        except NotFound:
            raise
        except Refusal as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, "Interessi tolti.")
    else:
        messages.error(request, charging.ReasonMissing.message)
    return HttpResponseRedirect(reverse("office:reminder", args=[reminder_id]))


@staff(Role.OFFICE)
def paper(request: PersonRequest, reminder_id: int) -> HttpResponse:
    """Hand out a reminder as it was printed."""
    found = questions.reminder(reminder_id=reminder_id)
    return as_paper(papers.paper_of(reminder_id=reminder_id), filename=papers.file_name(found.number))


@staff(Role.OFFICE)
def letters(request: PersonRequest, run_id: int) -> HttpResponse:
    """Hand out every letter of a run that the office prints, each with its notice."""
    queries.run(run_id=run_id)
    found = [one for one in questions.of_run(run_id=run_id) if not one.leaves_by_itself]
    if not found:
        raise NotFound
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in found:
            archive.writestr(papers.file_name(one.number), papers.paper_of(reminder_id=one.id))
            position = papers.asked_of(request_ids=one.request_ids)
            if position:
                archive.writestr(f"avviso-{one.number.replace('/', '-')}.pdf", papers.notice_of(position))
    return as_download(content=out.getvalue(), name=f"solleciti-{run_id}.zip", content_type="application/zip")

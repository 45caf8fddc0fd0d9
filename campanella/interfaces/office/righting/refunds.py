"""Refunds on their way to the bank: which are approved, the files, what the bank answers."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from campanella.domains.accounts.roles import Role
from campanella.domains.adjusting import asked, queries
from campanella.domains.adjusting.gateways.sct.base import FORMATS
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.money import Euro
from campanella.foundation.documents.downloads import as_download
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.righting.forms import AnswerForm
from campanella.readings.office import proposals as readings
from campanella.usecases.adjusting import hearing
from campanella.usecases.adjusting import refunds as files
from campanella.usecases.adjusting.hearing import NoAnswer

SECTION = {"section": "payments"}
read_or_send = require_http_methods(["GET", "HEAD", "POST"])


@staff(Role.OFFICE)
@read_or_send
def refunds(request: PersonRequest) -> HttpResponse:
    """Show what is to be paid and the files, and make the next one."""
    if request.method == "POST":
        try:
            file = files.make(by=request.user, now=clock.now())
        except Refusal as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, f"File pronto: {file.total}. Scaricalo e caricalo nella banca.")
        return HttpResponseRedirect(reverse("office:refunds"))
    lines = readings.told(queries.to_pay())
    page = {
        "lines": lines,
        "total": Euro(sum(abs(line.proposal.amount.cents) for line in lines)),
        "files": asked.files(),
    }
    return render(request, "office/righting/refunds.html", SECTION | page)


@staff(Role.OFFICE)
@require_safe
def download(request: PersonRequest, refund_file_id: int, form: str) -> HttpResponse:
    """Hand out a file as the bank takes it."""
    known = next((one for one in FORMATS if one == form), None)
    if known is None:
        raise NotFound
    file = asked.file(file_id=refund_file_id)
    content = files.write(file_id=refund_file_id, form=known)
    return as_download(content=content, name=f"{file.message_id}-{known}.xml", content_type="application/xml")


@staff(Role.OFFICE)
@read_or_send
def answers(request: PersonRequest) -> HttpResponse:
    """Read what a bank has sent, and say line by line what became of it."""
    form = AnswerForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            report = hearing.hear(by=request.user, body=form.cleaned_data["file"].read(), now=clock.now())
        except NoAnswer as refused:
            form.add_error("file", refused.message)
        else:
            return render(request, "office/righting/heard.html", SECTION | {"report": report})
    return render(request, "office/righting/answer.html", SECTION | {"form": form})

"""Mandates of a former bank, software or creditor: a file is read and told line by line, and taken over."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from campanella.domains.accounts.roles import Role
from campanella.foundation.core import clock
from campanella.foundation.core.italian import counted
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.debits.forms import TakeForm
from campanella.interfaces.office.debits.views import SECTION
from campanella.usecases.debiting import taking_over
from campanella.usecases.debiting.taking_over import LinesWrong, Report
from campanella.usecases.importing.cells import Unreadable

# Lines told on the page.
MOST_TOLD = 50


@staff(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: PersonRequest) -> HttpResponse:
    """Say what a file of mandates holds, and take it over where that was asked for."""
    form = TakeForm(request.POST or None, request.FILES or None)
    page: dict[str, Any] = {"form": form}
    if form.is_valid():
        try:
            with _copy(form.cleaned_data["file"]) as path:
                report = taking_over.check(path=path, now=clock.now())
                page |= _told(report)
                if request.POST.get("act") == "take":
                    report = taking_over.take(
                        by=request.user,
                        path=path,
                        kept_at=form.cleaned_data["kept_at"],
                        leave_wrong=form.cleaned_data["leave_wrong"],
                        now=clock.now(),
                    )
                    messages.success(request, _done(report))
                    return HttpResponseRedirect(reverse("office:debits"))
        except (Unreadable, LinesWrong) as refused:
            form.add_error("file", refused.message)
    return render(request, "office/debits/take.html", SECTION | page)


@contextmanager
def _copy(file: "UploadedFile[bytes]") -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "autorizzazioni"
        with path.open("wb") as copy:
            for chunk in file.chunks():
                copy.write(chunk)
        yield path


def _told(report: Report) -> dict[str, Any]:
    return {
        "report": report,
        "new": len(report.new),
        "wrong": report.wrong[:MOST_TOLD],
        "more": max(0, len(report.wrong) - MOST_TOLD),
    }


def _done(report: Report) -> str:
    if not report.new:
        return "Niente di nuovo: queste autorizzazioni c’erano già."
    words = counted(len(report.new), "autorizzazione presa", "autorizzazioni prese")
    return f"{words} in carico: l’addebito parte dalle fatture del mese prossimo."

"""What a bank has said without saying whose it is: the office tells, line by line."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from campanella.domains.accounts.roles import Role
from campanella.domains.debiting import asked
from campanella.domains.debiting.sorting import SortedBefore
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office import seeking
from campanella.interfaces.office.debits.forms import SortForm
from campanella.interfaces.office.debits.views import SECTION
from campanella.readings.office import debit_answers
from campanella.usecases.debiting import sorting


@staff(Role.OFFICE)
@require_http_methods(["GET", "HEAD", "POST"])
def sort_out(request: PersonRequest, line_id: int) -> HttpResponse:
    """Show a line that waits with the collections of which it may speak, and do what the office says of it."""
    if (sought := seeking.asked(request)) is not None:
        seeking.keep(request, sought)
        return HttpResponseRedirect(request.path)
    text = seeking.sought(request) or ""
    found = debit_answers.unsorted_line(line_id=line_id, text=text)
    if found is None:
        messages.info(request, SortedBefore.message)
        return HttpResponseRedirect(reverse("office:debits"))
    line, may_be = found
    form = SortForm(request.POST or None, may_be=may_be)
    if form.is_valid():
        chosen = form.cleaned_data.get("collections", [])
        try:
            sorting.sort_out(
                by=request.user, line_id=line_id, collection_ids=chosen, why=form.cleaned_data["why"], now=clock.now()
            )
        except Refusal as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, _done(line.is_money_gone, len(chosen)))
            return HttpResponseRedirect(reverse("office:debits"))
    page = {"form": form, "line": line, "may_be": may_be, "text": text, "is_cut": len(may_be) >= asked.MOST_LIKELY}
    return render(request, "office/debits/sort.html", SECTION | page)


def _done(is_money_gone: bool, count: int) -> str:
    if not count:
        return "Fatto: la riga è vista, e non è cambiato niente."
    if not is_money_gone:
        return "Fatto: registrato come incassato."
    return "Fatto: registrato. La fattura torna da pagare, e la famiglia legge il motivo e che cosa fare."

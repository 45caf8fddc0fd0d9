"""The invoices of a town, and each one whole."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from campanella.domains.accounts.roles import Role
from campanella.domains.billing import overpaid
from campanella.domains.billing import queries as billing
from campanella.domains.billing.rules import STATES, month_of
from campanella.domains.services import queries as services
from campanella.foundation.core import audit, clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.documents import sheets
from campanella.foundation.documents.downloads import as_download, as_paper
from campanella.interfaces.doors import PersonRequest, number, staff
from campanella.interfaces.office.billing.forms import HandingForm
from campanella.interfaces.office.billing.views import SECTION
from campanella.readings import told
from campanella.readings.bank_words import back_said
from campanella.readings.billing import papers
from campanella.readings.billing.payments import held_of, paid_together, payments_of
from campanella.readings.debited import at_bank
from campanella.readings.family.debits import debits_of_invoice
from campanella.readings.office.billing import listing
from campanella.readings.office.billing import months as reading
from campanella.readings.office.billing.listing import Wanted
from campanella.usecases.billing import handing

CHOICES: dict[str, str] = dict([("overdue", "Scadute"), *STATES.items()])
read_or_send = require_http_methods(["GET", "HEAD", "POST"])


@staff(Role.OFFICE)
def invoices(request: PersonRequest) -> HttpResponse:
    """List the invoices, of a month, a service, in a state, or by a number, forty a page."""
    wanted, today = _wanted(request), clock.today()
    before, after = number(request.GET.get("prima", "")), number(request.GET.get("dopo", ""))
    page = listing.page_of(wanted=wanted, before=before, after=after, today=today)
    query = request.GET.copy()
    for key in ("prima", "dopo", "pagina"):
        query.pop(key, None)
    context = {
        **SECTION,
        "page": page,
        "lines": reading.named(page.shown, today=today),
        "sums": page.sums,
        "month": f"{wanted.period:%Y-%m}" if wanted.period else "",
        "wanted": wanted,
        "states": CHOICES.items(),
        "services": services.services(),
        "query": query.urlencode(),
    }
    return render(request, "office/billing/invoices.html", context)


@staff(Role.OFFICE)
@require_safe
def invoices_sheet(request: PersonRequest, kind: str) -> HttpResponse:
    """Give the list as it is filtered, whole, CSV or XLSX."""
    today = clock.today()
    lines = reading.named(listing.listed(wanted=_wanted(request), today=today), today=today)
    rows, name = listing.cells(lines), f"fatture-{today}.{kind}"
    if kind == "xlsx":
        whole = sheets.xlsx_sheet(title="Fatture", head=listing.SHEET_HEAD, rows=rows)
        return as_download(content=whole, name=name, content_type=sheets.XLSX)
    return as_download(content=sheets.csv_sheet(head=listing.SHEET_HEAD, rows=rows), name=name, content_type=sheets.CSV)


def _wanted(request: PersonRequest) -> Wanted:
    """Read what the filter asks for; what is no month, state or service asks for all."""
    asked = request.GET
    try:
        period = month_of(asked["mese"])[0] if asked.get("mese") else None
    except ValueError:
        period = None
    state = asked.get("stato", "")
    service_id = number(asked.get("servizio", ""))
    return Wanted(period, state if state in CHOICES else "", service_id, asked.get("numero", "").strip()[:40])


@staff(Role.OFFICE)
@read_or_send
def invoice(request: PersonRequest, invoice_id: int) -> HttpResponse:
    """Show one invoice: for whom, day by day, what was paid, who did what; write down when it was brought on paper."""
    found, today = billing.invoice(invoice_id=invoice_id), clock.today()
    form = HandingForm(request.POST or None, initial={"day": today})
    if form.is_valid():
        try:
            handing.note(by=request.user, invoice_ids=[invoice_id], now=clock.now(), **form.cleaned_data)
        except Refusal as refused:
            form.add_error("day", refused.message)
        else:
            messages.success(request, "Scritto: la famiglia lo sa da quel giorno.")
            return HttpResponseRedirect(request.path)
    (line,) = reading.named([found], today=today)
    made = papers.made_for(invoice_id=invoice_id)
    bank = at_bank(invoices=[found], today=today).get(invoice_id)
    context = {
        **SECTION,
        "line": line,
        "invoice": found,
        "sheet": papers.sheet(invoice=found),
        "payments": payments_of(invoice=found, made=made, bank=bank, together=paid_together(invoice=found)),
        "held": held_of(made),
        "over": overpaid.of_invoice(invoice_id=invoice_id),
        "debits": debits_of_invoice(invoice_id=invoice_id),
        "back": back_said(bank) if bank and found.open.cents else "",
        "known": told.told(invoices=[found], today=today)[invoice_id],
        "form": form,
        "acts": audit.acts_on(subjects=[f"invoice:{invoice_id}", f"run:{found.run_id}"]),
    }
    return render(request, "office/billing/invoice.html", context)


@staff(Role.OFFICE)
def paper(request: PersonRequest, invoice_id: int) -> HttpResponse:
    """Print an invoice."""
    found = billing.invoice(invoice_id=invoice_id)
    return as_paper(papers.paper(invoice=found), filename=f"fattura-{found.number.replace('/', '-')}.pdf")


@staff(Role.OFFICE)
def credit_note(request: PersonRequest, invoice_id: int) -> HttpResponse:
    """Print the credit note that has annulled an invoice."""
    found = billing.invoice(invoice_id=invoice_id)
    name = f"nota-di-credito-{found.credit_note.replace('/', '-')}.pdf"
    return as_paper(papers.credit_note(invoice=found), filename=name)

"""The month's direct debits: what would be asked, the files, what the bank answers; and mandates on paper."""

import io
import re
from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from campanella.domains.accounts.roles import Role
from campanella.domains.billing.rules import month_of
from campanella.domains.debiting import asked, handing, waiting
from campanella.domains.debiting.acts import NotInForce
from campanella.domains.debiting.gateways.sepa.base import Format
from campanella.domains.debiting.handing import Withdrawn
from campanella.domains.debiting.mandates import LapsedAlready, ReferenceTaken, SignedAlready
from campanella.domains.debiting.rules.collecting import FaultKind
from campanella.domains.messaging import silencing
from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.documents.downloads import as_download
from campanella.interfaces.doors import PersonRequest, number, staff
from campanella.interfaces.office.debits.forms import AnswerForm, PaperForm
from campanella.interfaces.office.families.answers import Words, action, to_guardian
from campanella.readings.office import debit_answers
from campanella.readings.office import debits as readings
from campanella.usecases.debiting import authorising, faults, filing, hearing
from campanella.usecases.debiting.authorising import OwnAccount, SignedBeforeToday
from campanella.usecases.debiting.creditor import CucMissing, NotItalian, NotSetUp
from campanella.usecases.debiting.hearing import NoAnswer

SECTION = {"section": "payments"}
FORMATS: dict[str, Format] = {"cbi": "cbi", "pain008": "pain008"}
FAULT_KINDS: dict[str, FaultKind] = {"again": "again", "notice": "notice"}
SAID = {
    "again": "Fatto: è tra gli addebiti da chiedere, e la famiglia legge il giorno.",
    "notice": "Fatto: la famiglia paga con un avviso pagoPA.",
}
# What a button of the page may end, each with an id.
ACTS = {"decisione", "annulla", "visto", "riprendi"}
PAPER = Words(title="Autorizzazione su carta", lead="Copia dal modulo firmato.", button="Registra l’autorizzazione")
read_or_send = require_http_methods(["GET", "HEAD", "POST"])


@staff(Role.OFFICE)
@read_or_send
def debits(request: PersonRequest) -> HttpResponse:
    """Show what a month would ask of the bank, and make its file."""
    period, today = _period(request), clock.day_of(clock.now())
    if request.method == "POST":
        return _decide(request, period) if ACTS.intersection(request.POST) else _make(request, period)
    plan = filing.plan(period=period, today=today)
    left_out = readings.left_out([(one.invoice, one.why) for one in plan.left_out])
    page = {
        "period": period,
        "month": f"{period:%Y-%m}",
        "plan": plan,
        "left_out": [one for one in left_out if not one.is_asked],
        "is_asked": [one for one in left_out if one.is_asked],
        "files": readings.files(),
        "waits": readings.waits(today=today),
    }
    return render(request, "office/debits/debits.html", SECTION | page)


@staff(Role.OFFICE)
@require_safe
def download(request: PersonRequest, file_id: int, form: str) -> HttpResponse:
    """Hand out a file as the bank takes it."""
    file, out = asked.file(file_id=file_id), io.BytesIO()
    if form not in FORMATS:
        raise NotFound
    try:
        filing.write(out, file=file, form=FORMATS[form])
        if request.method == "GET":
            filing.hand_over(by=request.user, file_id=file_id, now=clock.now())
    except (CucMissing, NotItalian, Withdrawn) as refused:
        messages.error(request, refused.message)
        return HttpResponseRedirect(reverse("office:debits"))
    return as_download(content=out.getvalue(), name=f"{file.message_id}-{form}.xml", content_type="application/xml")


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
            page = {
                "report": report,
                "lines": debit_answers.heard(report.heard),
                "waits": waiting.anything().lines,
            }
            return render(request, "office/debits/heard.html", SECTION | page)
    return render(request, "office/debits/answer.html", SECTION | {"form": form})


@staff(Role.OFFICE)
@read_or_send
def paper(request: PersonRequest, guardian_id: int) -> HttpResponse:
    """Enter a mandate that was signed on paper; where one is in force, take it back."""
    adult = people.guardian(guardian_id=guardian_id)
    mandate = authorising.mandate_of(payer=adult)
    if mandate and mandate.is_in_force:
        if request.method == "POST" and "revoke" in request.POST:
            _revoke(request, mandate.id)
            return to_guardian(guardian_id)
        return render(request, "office/debits/mandate.html", SECTION | {"adult": adult, "mandate": mandate})
    form = PaperForm(request.POST or None, initial={"holder": adult.full_name, "tax_code": adult.tax_code})
    if form.is_valid():
        data = form.cleaned_data
        try:
            authorising.hand_in(
                by=request.user,
                payer_id=guardian_id,
                holder=form.given,
                signed_on=data["signed_on"],
                kept_at=data["kept_at"],
                reference=data["reference"],
                used_on=data["used_on"] if data["reference"] else None,
                now=clock.now(),
            )
        except SignedBeforeToday as refused:
            form.add_error("signed_on", refused.message)
        except OwnAccount as refused:
            form.add_error("iban", refused.message)
        except LapsedAlready as refused:
            form.add_error("used_on" if data["reference"] else "signed_on", refused.message)
        except ReferenceTaken as refused:
            form.add_error("reference", refused.message)
        except SignedAlready as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, "Autorizzazione registrata: l’addebito parte dalle fatture del mese prossimo.")
            return to_guardian(guardian_id)
    return action(request, form, PAPER, adult=adult)


def _decide(request: PersonRequest, period: date) -> HttpResponse:
    """End what waits: a fault of the file, a file that nobody took, an invoice paid twice, a family that was called."""
    try:
        messages.success(request, _done(request))
    except NotFound:
        raise
    except Refusal as refused:
        messages.info(request, refused.message)
    return HttpResponseRedirect(f"{reverse('office:debits')}?mese={period:%Y-%m}")


def _done(request: PersonRequest) -> str:
    """Do what one button says, and return the words for it."""
    (act, *_), now = sorted(ACTS.intersection(request.POST)), clock.now()
    kind, _, said = request.POST[act].rpartition(":")
    found = number(said)
    if found is None or (act == "decisione") != (kind in FAULT_KINDS):
        raise NotFound
    if act == "annulla":
        count = filing.withdraw(by=request.user, file_id=found, now=now)
        return f"File annullato: {count} da chiedere di nuovo. Le famiglie leggono il nuovo giorno."
    if act == "visto":
        handing.note_seen(by=request.user, double_id=found, now=now)
        return "Fatto: quello che è in più è nel credito della famiglia."
    if act == "riprendi":
        silencing.end(by=request.user, guardian_id=found, now=now)
        return "Fatto: le lettere a questa famiglia ripartono."
    faults.decide(by=request.user, collection_id=found, kind=FAULT_KINDS[kind], now=now)
    return SAID[kind]


def _make(request: PersonRequest, period: date) -> HttpResponse:
    try:
        file, plan = filing.make(by=request.user, period=period, now=clock.now())
    except NotSetUp as refused:
        messages.error(request, refused.message)
    else:
        if file is None:
            messages.info(request, filing.why_nothing(period=period, left_out=plan.left_out))
        elif plan.wanted:
            messages.success(request, f"File pronto: {plan.total}. Scaricalo e caricalo nella banca.")
        else:
            messages.info(request, "Non c’è niente di nuovo: il file del mese è quello che vedi qui sotto.")
    return HttpResponseRedirect(f"{reverse('office:debits')}?mese={period:%Y-%m}")


def _revoke(request: PersonRequest, mandate_id: int) -> None:
    try:
        authorising.revoke_at_desk(by=request.user, mandate_id=mandate_id, now=clock.now())
    except NotInForce as refused:
        messages.info(request, refused.message)
    else:
        messages.success(request, "Autorizzazione revocata: dal mese prossimo si paga con pagoPA.")


def _period(request: PersonRequest) -> date:
    """Return the month that is looked at: the one before this, where none is asked for."""
    asked_for = request.GET.get("mese") or request.POST.get("mese") or ""
    if re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", asked_for):
        return month_of(asked_for)[0]
    return (clock.day_of(clock.now()).replace(day=1) - timedelta(days=1)).replace(day=1)

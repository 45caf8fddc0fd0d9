"""Estratto conto: any days, one wallet or all of the family's children together; on the page, as PDF and as CSV."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campanella.domains.ledger import queries as wallets
from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.documents.downloads import as_paper
from campanella.foundation.documents.sheets import CSV, csv_sheet
from campanella.interfaces.doors import PersonRequest, family, number
from campanella.readings import statements
from campanella.readings.family.arrears import arrears_of, plan_said
from campanella.readings.spans import Days, days_asked, usual_spans
from campanella.readings.statements import HEAD, Together, rows_of, statement_pdf


@family
@require_safe
def statement(request: PersonRequest) -> HttpResponse:
    """Show what each wallet held, what moved it and what it holds, and all of them together."""
    asked = days_asked(request.GET, today=clock.today())
    found, names = _together(request, asked)
    chosen = number(request.GET.get("borsellino", ""))
    query = {"dal": asked.first.isoformat(), "al": asked.last.isoformat()} | ({"borsellino": str(chosen)} if chosen else {})
    page = {
        "section": "payments",
        "asked": asked,
        "found": found,
        "names": names,
        "chosen": chosen,
        "query": urlencode(query),
        "spans": usual_spans(today=clock.today()),
        "plan_said": _plan_said(request),
    }
    return render(request, "portal/payments/statement.html", page)


@family
@require_safe
def as_pdf(request: PersonRequest) -> HttpResponse:
    """Give the same as a paper."""
    asked = days_asked(request.GET, today=clock.today())
    found, _ = _together(request, asked)
    holder = people.holder_of(user=request.user)
    name, now = holder.full_name if holder else "", clock.now()
    paper = statement_pdf(found, payer_name=name, made_at=now, note=_plan_said(request))
    return as_paper(paper, filename=_name(asked, "pdf"))


@family
@require_safe
def as_csv(request: PersonRequest) -> HttpResponse:
    """Give the same as a table, for who keeps accounts."""
    asked = days_asked(request.GET, today=clock.today())
    found, _ = _together(request, asked)
    return as_paper(csv_sheet(head=HEAD, rows=rows_of(found)), filename=_name(asked, "csv"), kind=CSV)


def _together(request: PersonRequest, asked: Days) -> tuple[Together, list[tuple[int, str]]]:
    """State the wallet that was asked for, or all of the family's; another family's is not there."""
    children = {child.id: child.called for child in people.children_of(user=request.user)}
    held = wallets.wallets_of(child_ids=list(children))
    mine = [(wallet, name) for child_id, name in children.items() for wallet in held if wallet.child_id == child_id]
    wanted = number(request.GET.get("borsellino", ""))
    chosen = [(wallet, whose) for wallet, whose in mine if wanted in (None, wallet.id)]
    if wanted is not None and not chosen:
        raise NotFound
    names = [(wallet.id, f"{whose} · {wallet.service_name}") for wallet, whose in mine]
    return statements.statements(wallets=chosen, first=asked.first, last=asked.last), names


def _plan_said(request: PersonRequest) -> str:
    ids = [child.id for child in people.children_of(user=request.user)]
    return plan_said(arrears_of(user=request.user, child_ids=ids, now=clock.now()).plan)


def _name(asked: Days, ending: str) -> str:
    return f"estratto-conto-{asked.first}-{asked.last}.{ending}"

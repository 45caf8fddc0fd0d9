"""Pagare in farmacia: the personal top-up code of each wallet, where it can be used, and a card to print."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campanella.domains.cash import codes, queries, rules
from campanella.domains.cash.choices import CashChoices
from campanella.domains.cash.documents.receipt_pdf import CardPaper, card_pdf
from campanella.domains.cash.queries import CashPoint
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro
from campanella.foundation.documents.downloads import as_paper
from campanella.foundation.tenants.queries import Town
from campanella.interfaces.doors import PersonRequest, family
from campanella.readings.family.purses import Purse, purses_of


@dataclass(frozen=True)
class Coded:
    """A wallet with its code, as people read it aloud."""

    purse: Purse
    code: str


@require_safe
@family
def topup_codes(request: PersonRequest) -> HttpResponse:
    """Show the code of each wallet, and where one pays with it."""
    page = {
        "section": "payments",
        "coded": _coded(request),
        "points": queries.open_points(),
        "most": Euro(request.town.chosen(CashChoices).cash_max),
    }
    return render(request, "portal/payments/codes.html", page)


@require_safe
@family
def card(request: PersonRequest) -> HttpResponse:
    """Print the codes on a sheet to take along."""
    now = clock.now()
    coded = _coded(request)
    if not coded:
        raise NotFound
    paper = CardPaper(
        town_name=request.town.name,
        codes=[(one.purse.label, one.code) for one in coded],
        points=[(point.name, " · ".join(filter(None, (point.address, how_paid(point))))) for point in queries.open_points()],
        notes=[
            "Chi incassa vede il nome, l’iniziale del cognome e il servizio: né il saldo né altro.",
            "I contanti non valgono per la detrazione nel 730; la carta sì.",
        ],
        made_at=now,
    )
    return as_paper(card_pdf(paper), filename="codici-di-ricarica.pdf")


def code_of(*, town: Town, wallet_id: int) -> str:
    """Return the code of a wallet as people read it aloud; empty where the town has no cash points."""
    if not town.chosen(CashChoices).cash_points:
        return ""
    return rules.in_groups(codes.codes_for(wallet_ids=[wallet_id], now=clock.now())[wallet_id])


def how_paid(point: CashPoint) -> str:
    """Say how one pays at a point."""
    if point.takes_cash and point.takes_card:
        return "contanti e carta"
    return "solo contanti" if point.takes_cash else "solo carta"


def _coded(request: PersonRequest) -> Sequence[Coded]:
    """
    Return the wallets of the family with their codes, giving one to each that has none.

    :raises NotFound: the town has no cash points
    """
    if not request.town.chosen(CashChoices).cash_points:
        raise NotFound
    now = clock.now()
    purses = purses_of(user=request.user, today=clock.day_of(now))
    known = codes.codes_for(wallet_ids=[purse.id for purse in purses], now=now)
    return [Coded(purse, rules.in_groups(known[purse.id])) for purse in purses]

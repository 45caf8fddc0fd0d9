"""From a child's page: a kindness, a debt that is written off, a refund, credit for another family."""

from collections.abc import Callable

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from campanella.domains.accounts.roles import Role
from campanella.domains.adjusting import queries
from campanella.domains.adjusting.choices import AdjustChoices
from campanella.domains.adjusting.operations import Wanted
from campanella.domains.adjusting.rules import Kind
from campanella.domains.adjusting.words import READY
from campanella.domains.ledger import queries as ledger
from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.money import Euro
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.families.answers import Words, action, answered
from campanella.interfaces.office.righting.forms import PassageForm, RefundForm, WalletForm, WriteOffForm
from campanella.usecases.adjusting import asking
from campanella.usecases.adjusting.asking import AskedBefore
from campanella.usecases.adjusting.checks import NotEnoughCredit, TooLittle, TooMuchWrittenOff

read_or_send = require_http_methods(["GET", "HEAD", "POST"])
NO_SUCH_CODE = "Nessun bambino con un borsellino ha questo codice: ricopialo dalla sua scheda."


@staff(Role.OFFICE)
@read_or_send
def goodwill(request: PersonRequest, child_id: int) -> HttpResponse:
    """Give a credit out of kindness, within what one may give in a year; beyond, a colleague confirms."""
    yearly = Euro(request.town.chosen(AdjustChoices).goodwill_yearly)
    given = queries.given_alone(by_id=request.user.pk, year=clock.today().year)
    words = Words(
        title="Credito di cortesia",
        lead=f"Un regalo del Comune per scusarsi. Quest’anno hai dato {given} dei {yearly} che puoi dare in un anno: "
        "oltre, conferma un collega.",
        button="Dai il credito",
    )
    return _ask(request, child_id, "goodwill", WalletForm, words, _positive, "Credito di cortesia registrato")


@staff(Role.OFFICE)
@read_or_send
def write_off(request: PersonRequest, child_id: int) -> HttpResponse:
    """Write a small debt off, with the town's act; a colleague confirms."""
    most = Euro(request.town.chosen(AdjustChoices).write_off_most)
    words = Words(
        title="Cancella un debito",
        lead=f"Per un debito piccolo che non si può riscuotere, fino a {most}. Serve un atto, e conferma un collega.",
        button="Proponi la cancellazione",
    )
    return _ask(request, child_id, "write_off", WriteOffForm, words, _positive, "Debito cancellato")


@staff(Role.OFFICE)
@read_or_send
def refund(request: PersonRequest, child_id: int) -> HttpResponse:
    """Pay credit back to an account; a colleague approves."""
    words = Words(
        title="Rimborso su IBAN",
        lead="Il credito esce dal borsellino quando un collega approva, poi va in banca con gli altri rimborsi.",
        button="Chiedi il rimborso",
    )
    return _ask(request, child_id, "refund", RefundForm, words, _negative, "Rimborso approvato")


@staff(Role.OFFICE)
@read_or_send
def passage(request: PersonRequest, child_id: int) -> HttpResponse:
    """Move credit to a child of another family; a colleague confirms, and both families are told."""
    words = Words(
        title="Giroconto a un’altra famiglia",
        lead="Per una ricarica finita al bambino sbagliato. Conferma un collega; tutte e due le famiglie ricevono una "
        "e-mail, senza il nome dell’altra.",
        button="Proponi il giroconto",
    )
    return _ask(request, child_id, "passage", PassageForm, words, _negative, "Credito spostato")


def _positive(cents: int) -> int:
    return cents


def _negative(cents: int) -> int:
    return -cents


def _ask(
    request: PersonRequest,
    child_id: int,
    kind: Kind,
    form_class: type[WalletForm],
    words: Words,
    signed: Callable[[int], int],
    done: str,
) -> HttpResponse:
    child = people.child(child_id=child_id)
    form = form_class(request.POST or None, wallets=ledger.wallets_of(child_ids=[child_id]), ready=READY[kind])
    if not form.is_valid():
        return action(request, form, words, child=child)
    try:
        asked = asking.ask(by=request.user, wanted=_wanted(form, kind, signed), now=clock.now())
    except NotFound:
        form.add_error("code", NO_SUCH_CODE)
    except (NotEnoughCredit, TooLittle, TooMuchWrittenOff) as refusal:
        form.add_error("amount", refusal.message)
    except AskedBefore as refusal:
        form.add_error("wallet", refusal.message)
    except Refusal as refusal:
        form.add_error(None, refusal.message)
    else:
        return answered(request, asked, f"{done}: {abs(asked.proposal.amount)}.")
    return action(request, form, words, child=child)


def _wanted(form: WalletForm, kind: Kind, signed: Callable[[int], int]) -> Wanted:
    """:raises NotFound: no child has the code that was typed"""
    data = form.cleaned_data
    taker_id = None
    if kind == "passage":
        taker_id = asking.wallet_of_child_called(code=data["code"], like_wallet_id=data["wallet"])
    return Wanted(
        kind=kind,
        wallet_id=data["wallet"],
        amount=Euro(signed(data["amount"])),
        memo=data["reason"],
        key=data["key"],
        act_number=data.get("act_number", ""),
        taker_id=taker_id,
        account=data.get("iban"),
        holder_name=data.get("holder", ""),
    )

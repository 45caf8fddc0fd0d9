"""Who answers for a child: its adults, the one who pays, and new ones."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from campanella.domains.accounts.choices import AccessChoices
from campanella.domains.accounts.roles import Role
from campanella.domains.people import mending, searching
from campanella.domains.people import queries as people
from campanella.domains.people.models import Guardian
from campanella.domains.people.tax_codes import OthersTaxCode
from campanella.foundation.core import clock
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office import seeking
from campanella.interfaces.office.families.answers import SECTION, Words, action, to_guardian
from campanella.interfaces.office.register.forms import NamesForm, NewAdultForm, TieForm, UntieForm
from campanella.usecases import registry
from campanella.usecases.access import registering

MOST_FOUND = 10


@staff(Role.OFFICE)
def adults(request: PersonRequest, child_id: int) -> HttpResponse:
    """Show a child's adults, and search the register for one more."""
    child = people.child(child_id=child_id)
    if (asked := seeking.asked(request)) is not None:
        seeking.keep(request, asked)
        return _to_adults(child_id)
    ties = people.guardians_of(child_id=child_id)
    text = seeking.kept(request)
    tied = {tie.guardian_id for tie in ties}
    sought = searching.guardians(text=text, limit=MOST_FOUND) if text else []
    found = [adult for adult in sought if adult.pk not in tied]
    accounts = people.child_accounts(child_id=child_id)
    page = {
        "child": child,
        "may_register": registering.is_open(town=request.town),
        "account_per_child": request.town.chosen(AccessChoices).account_per_child,
        "tied": {tie.guardian_id for tie in ties},
        "handed": {account.holder_id for account in accounts},
        "ties": ties,
        "accounts": accounts,
        "text": text,
        "found": found,
        "are_tied": len(found) < len(sought),
    }
    return render(request, "office/register/adults.html", {**SECTION, **page})


@staff(Role.OFFICE)
def tie(request: PersonRequest, child_id: int, guardian_id: int) -> HttpResponse:
    """Tie an adult of the register to a child."""
    child, adult = people.child(child_id=child_id), people.guardian(guardian_id=guardian_id)
    form = TieForm(request.POST or None, initial={"is_payer": people.payer_of(child_id=child_id) is None})
    if form.is_valid():
        try:
            closed = registry.tie(
                by=request.user, child_id=child_id, guardian_id=guardian_id, now=clock.now(), **form.cleaned_data
            )
        except registry.TiedAlready as refusal:
            messages.error(request, refusal.message)
        else:
            told = _ended(closed, pays=True) + _is_closed(child_id, adult)
            messages.success(request, f"{adult.full_name} è tra gli adulti di {child.given_name}.{told}")
        return _to_adults(child_id)
    lead = f"Vedrà nel portale credito, presenze e avvisi di {child.given_name}."
    words = Words(f"Collega {adult.full_name}", "Collega", lead)
    return action(request, form, words, child=child, back=_adults_address(child_id))


@staff(Role.OFFICE)
def new_adult(request: PersonRequest, child_id: int) -> HttpResponse:
    """Register an adult and tie it to a child."""
    child = people.child(child_id=child_id)
    words = Words(
        "Nuovo adulto",
        "Inserisci",
        "Prima cercalo tra gli adulti: un genitore con altri figli c’è già.",
        doubt="C’è già una persona con questo nome",
        sure="È un’altra persona: inserisci",
    )
    form = NewAdultForm(request.POST or None, initial={"is_payer": people.payer_of(child_id=child_id) is None})
    if not form.is_valid():
        return action(request, form, words, child=child, back=_adults_address(child_id))
    data = dict(form.cleaned_data)
    if not data.pop("confirmed"):
        namesakes = searching.guardians(text=f"{data['family_name']} {data['given_name']}", limit=1)
        if namesakes:
            again = request.POST.copy()
            again["confirmed"] = "1"
            doubt = f"{namesakes[0].full_name} è già in anagrafica"
            return action(request, NewAdultForm(again), words, child=child, confirm=doubt, back=_adults_address(child_id))
    try:
        adult, closed = registry.register_guardian(by=request.user, child_id=child_id, now=clock.now(), **data)
    except (registry.TaxCodeKnown, OthersTaxCode) as refusal:
        form.add_error("tax_code", refusal.message)
        return action(request, form, words, child=child, back=_adults_address(child_id))
    per_child = request.town.chosen(AccessChoices).account_per_child
    where = "nella scheda del bambino" if per_child else "qui sotto"
    told = _ended(closed, pays=True, where=f"dagli adulti di {child.given_name}")
    messages.success(
        request, f"{adult.full_name} è in anagrafica. Per farlo entrare nel portale usa Dai l’accesso, {where}.{told}"
    )
    return to_guardian(adult.pk)


@require_POST
@staff(Role.OFFICE)
def choose_payer(request: PersonRequest, child_id: int, guardian_id: int) -> HttpResponse:
    """Let another adult pay from now on."""
    adult = people.guardian(guardian_id=guardian_id)
    closed = registry.choose_payer(by=request.user, child_id=child_id, guardian_id=guardian_id, now=clock.now())
    told = _ended(closed, pays=True) + _is_closed(child_id, adult)
    messages.success(request, f"Da adesso paga {adult.full_name}. Gli avvisi già fatti restano a nome di prima.{told}")
    return _to_adults(child_id)


@staff(Role.OFFICE)
def untie(request: PersonRequest, child_id: int, guardian_id: int) -> HttpResponse:
    """Take an adult away from a child."""
    child, adult = people.child(child_id=child_id), people.guardian(guardian_id=guardian_id)
    form = UntieForm(request.POST or None)
    if form.is_valid():
        try:
            closed = registry.untie(
                by=request.user, child_id=child_id, guardian_id=guardian_id, why=form.cleaned_data["reason"], now=clock.now()
            )
        except registry.PaysForChild as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, f"{adult.full_name} non vede più {child.given_name}.{_ended(closed)}")
            return _to_adults(child_id)
    lead = f"Da subito non vede più nel portale credito, presenze e avvisi di {child.given_name}. Gli altri figli restano."
    words = Words(f"Scollega {adult.full_name}", "Scollega", lead)
    return action(request, form, words, child=child, back=_adults_address(child_id))


@staff(Role.OFFICE)
def guardian_name(request: PersonRequest, guardian_id: int) -> HttpResponse:
    """Correct an adult's names."""
    adult = people.guardian(guardian_id=guardian_id)
    known = {"given_name": adult.given_name, "family_name": adult.family_name}
    form = NamesForm(request.POST or None, initial=known)
    if form.is_valid():
        mending.rename_guardian(by=request.user, guardian_id=guardian_id, now=clock.now(), **form.cleaned_data)
        messages.success(request, "Nome corretto.")
        return to_guardian(guardian_id)
    return action(request, form, Words("Nome e cognome", "Salva"), adult=adult)


def _ended(usernames: Sequence[str], *, pays: bool = False, where: str = "qui sotto") -> str:
    """Tell the accesses that an act has closed; where another adult pays, also where they are opened again."""
    if not usernames:
        return ""
    names = " e ".join(usernames)
    closed = f" Abbiamo chiuso l’accesso {names}." if len(usernames) == 1 else f" Abbiamo chiuso gli accessi {names}."
    return f"{closed} Se chi pagava prima deve ancora vedere il bambino, riaprilo {where}." if pays else closed


def _is_closed(child_id: int, adult: Guardian) -> str:
    """Tell that an adult's own access to a child is closed, as after paying, not paying, and paying again."""
    mine = [one.user for one in people.child_accounts(child_id=child_id) if one.holder_id == adult.pk]
    if not mine or any(user.is_active for user in mine):
        return ""
    return f" L’accesso {mine[0].username} di {adult.full_name} è chiuso: se deve vedere il bambino, riaprilo qui sotto."


def _adults_address(child_id: int) -> str:
    return reverse("office:child-adults", args=[child_id])


def _to_adults(child_id: int) -> HttpResponse:
    return HttpResponseRedirect(_adults_address(child_id))

"""Direct debit: how it stands, signing, another account, taking it up again, revoking, the form on paper."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from campanella.domains.debiting import words
from campanella.domains.debiting.acts import NotInForce
from campanella.domains.debiting.choices import DebitChoices
from campanella.domains.debiting.documents.mandate_pdf import MandateSheet, mandate_pdf
from campanella.domains.debiting.mandates import SignedAlready
from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.italian import day_figures
from campanella.foundation.documents.downloads import as_paper
from campanella.interfaces.doors import PersonRequest, family, form_of
from campanella.interfaces.portal.debits.forms import AccountForm
from campanella.readings.family.debits import debits_of
from campanella.usecases.debiting import authorising
from campanella.usecases.debiting.authorising import NotOffered, OwnAccount
from campanella.usecases.debiting.creditor import creditor_id_of

SECTION = {"section": "payments"}
read_or_send = require_http_methods(["GET", "HEAD", "POST"])


@family
@require_safe
def debit(request: PersonRequest) -> HttpResponse:
    """Show the authorisation and what was debited."""
    choices = request.town.chosen(DebitChoices)
    try:
        payer = authorising.payer_of(user=request.user)
    except NotFound:
        return render(request, "portal/debits/not_payer.html", SECTION)
    page = {"page": debits_of(payer_id=payer.pk), "is_offered": choices.sdd_offered, "notice_days": choices.sdd_notice_days}
    return render(request, "portal/debits/debit.html", SECTION | page)


@family
@read_or_send
def account(request: PersonRequest) -> HttpResponse:
    """Sign an authorisation, or give it another account."""
    payer = authorising.payer_of(user=request.user)
    mandate = authorising.mandate_of(payer=payer)
    is_change = mandate is not None and mandate.state in ("active", "suspended", "ended")
    if not is_change and not request.town.chosen(DebitChoices).sdd_offered:
        raise NotFound
    form = AccountForm(request.POST or None, initial={"holder": payer.full_name, "tax_code": payer.tax_code})
    if form.is_valid():
        try:
            said = _signed(request, form, is_change=is_change)
        except OwnAccount as refused:
            form.add_error("iban", refused.message)
        except (SignedAlready, NotInForce, NotOffered) as refused:
            form.add_error(None, refused.message)
        else:
            messages.success(request, said)
            return HttpResponseRedirect(reverse("portal:debit"))
    page = {
        "form": form,
        "is_change": is_change,
        "creditor_id": creditor_id_of(request.town),
        "authorisation": words.authorisation(request.town.name),
        "refund": words.REFUND,
    }
    return render(request, "portal/debits/account.html", SECTION | page)


def _signed(request: PersonRequest, form: AccountForm, *, is_change: bool) -> str:
    """Sign, or give another account, and return the words for it; the same form once more changes nothing."""
    if not is_change:
        authorising.sign(by=request.user, holder=form.given, now=clock.now())
    elif authorising.change_account(by=request.user, holder=form.given, now=clock.now()):
        return "Fatto: dal prossimo addebito usiamo il nuovo conto."
    return "Fatto: l’addebito sul conto è attivo."


@family
@read_or_send
def revoke(request: PersonRequest) -> HttpResponse:
    """Revoke it, once more asked."""
    payer = authorising.payer_of(user=request.user)
    mandate = authorising.mandate_of(payer=payer)
    if mandate is None or not mandate.is_in_force:
        return HttpResponseRedirect(reverse("portal:debit"))
    if request.method == "POST":
        authorising.revoke(by=request.user, now=clock.now())
        messages.success(request, "Fatto: l’addebito sul conto è revocato.")
        return HttpResponseRedirect(reverse("portal:debit"))
    return render(request, "portal/debits/revoke.html", SECTION | {"mandate": mandate})


@family
@form_of("portal:debit")
def resume(request: PersonRequest) -> HttpResponse:
    """Take up again what was suspended; pressed twice it is taken up once."""
    try:
        authorising.resume(by=request.user, now=clock.now())
    except NotInForce as refused:
        messages.info(request, refused.message)
    else:
        messages.success(request, "Fatto: l’addebito sul conto riprende. Gli avvisi che hai già si pagano da sé.")
    return HttpResponseRedirect(reverse("portal:debit"))


@family
@require_safe
def form_pdf(request: PersonRequest) -> HttpResponse:
    """Print the form to sign, with what is known already; of a mandate in force, its copy."""
    payer = authorising.payer_of(user=request.user)
    mandate, town = authorising.mandate_of(payer=payer), request.town
    is_copy = mandate is not None and mandate.is_in_force
    known = {}
    if mandate and is_copy:
        known = {
            "reference": mandate.reference,
            "holder": mandate.holder_name,
            "holder_tax_code": mandate.holder_tax_code,
            "iban": mandate.account.iban,
            "signed_on": day_figures(mandate.signed_on),
        }
    sheet = MandateSheet(
        town_name=town.name,
        town_tax_code=town.tax_code,
        creditor_id=creditor_id_of(town),
        office_name=town.choices.office_name,
        office_info=town.choices.office_address,
        payer=payer.full_name,
        children=tuple(child.full_name for child in people.children_of_guardian(guardian_id=payer.pk)),
        made_at=clock.now(),
        **known,
    )
    return as_paper(mandate_pdf(sheet), filename="addebito-sul-conto.pdf")

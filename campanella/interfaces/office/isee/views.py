"""The office enters an ISEE, checks or refuses one that was declared, and says where a child lives."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from campanella.domains.accounts.roles import Role
from campanella.domains.enrolment import declared, facts_known, looked_up
from campanella.domains.enrolment.choices import IseeChoices
from campanella.domains.people import queries as people
from campanella.domains.services.tariff_files import kept
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.money import Euro
from campanella.foundation.design.forms import offer
from campanella.interfaces.declaring import ReceivedIseeForm
from campanella.interfaces.doors import PersonRequest, form_of, office_calling_out, staff
from campanella.interfaces.office.families.answers import SECTION, Words, action
from campanella.interfaces.office.families.forms import day_field, reason_field
from campanella.readings import priced
from campanella.usecases import isee, isee_at_inps
from campanella.usecases.isee import Said

VERDICTS = {
    "same": "L’INPS dice lo stesso: guarda che cosa si muove, poi conferma.",
    "other": "L’INPS ha un altro ISEE: confronta, e se quello dichiarato non va bene rifiutalo.",
    "omissions": "All’INPS l’attestazione riporta omissioni o difformità, che la famiglia non ha detto.",
    "none": "L’INPS non trova nessun ISEE che vale per questo codice fiscale.",
    "silent": "L’INPS non ha risposto: riprova più tardi.",
    "refused": "L’INPS ha rifiutato la richiesta: controlla i suoi codici in Impostazioni.",
}


class RefuseForm(forms.Form):
    """Why a declaration is refused."""

    reason = reason_field("Lo legge la famiglia. Per esempio: sull’attestazione il valore è un altro.")


class FactsForm(forms.Form):
    """What tariffs ask of a child, from a day on."""

    first = day_field("Da quando")
    is_resident = forms.TypedChoiceField(
        label="Dove abita", coerce=lambda text: text == "yes", choices=[("yes", "Nel Comune"), ("no", "In un altro Comune")]
    )
    words = forms.MultipleChoiceField(
        label="Vale anche",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Le condizioni che le tariffe del Comune chiedono.",
    )

    def __init__(self, *args: Any, offered: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        if offered:
            offer(self, "words", [(one, one.replace("_", " ")) for one in offered])
        else:
            del self.fields["words"]


@staff(Role.OFFICE)
@require_safe
def waiting(request: PersonRequest) -> HttpResponse:
    """List what families have declared and nobody has looked at."""
    found = declared.waiting()
    payers = {one.pk: one for one in people.guardians(guardian_ids=[one.payer_id for one in found])}
    lines = [(one, payers[one.payer_id].full_name) for one in found]
    return render(request, "office/isee/waiting.html", {"section": "waiting", "lines": lines})


@staff(Role.OFFICE)
def of_adult(request: PersonRequest, guardian_id: int) -> HttpResponse:
    """Show a payer's ISEE with their history; enter one: what it moves is told first, then confirmed."""
    adult, now = people.guardian(guardian_id=guardian_id), clock.now()
    known = {"kind": "ordinary", "received_on": clock.day_of(now)}
    form = ReceivedIseeForm(request.POST or None, initial=known)
    page: dict[str, Any] = {"adult": adult, "form": form, "moves": None}
    if form.is_valid():
        said, told = form.said(received_on=form.cleaned_data["received_on"]), _told(request)
        try:
            if told is not None:
                isee.enter(
                    by=request.user, payer_id=guardian_id, said=said, key=form.cleaned_data["key"], told=told, now=now
                )
                messages.success(request, "ISEE inserito: le tariffe sono a posto, e si è mossa solo la differenza.")
                return HttpResponseRedirect(reverse("office:guardian-isee", args=[guardian_id]))
            page |= _moves(guardian_id, said)
        except isee.ChangedSinceShown as changed:
            messages.warning(request, changed.message)
            page |= _moves(guardian_id, said)
        except Refusal as refused:
            form.add_error(None, refused.message)
    page["declarations"] = declared.of_payers(payer_ids=[guardian_id])
    return render(request, "office/isee/adult.html", {**SECTION, **page})


@staff(Role.OFFICE)
def declaration(request: PersonRequest, declaration_id: int) -> HttpResponse:
    """Show one declaration and what deciding of it moves; check it, or refuse it with a reason."""
    now, act = clock.now(), request.POST.get("fai", "")
    one = declared.one(declaration_id=declaration_id)
    form = RefuseForm(request.POST if act == "rifiuta" else None)
    here = HttpResponseRedirect(reverse("office:guardian-isee", args=[one.payer_id]))
    try:
        if act == "controlla":
            isee.check(by=request.user, declaration_id=declaration_id, told=_told(request), now=now)
            messages.success(request, "ISEE controllato: da oggi le tariffe seguono questo.")
            return here
        if form.is_valid():
            reason = form.cleaned_data["reason"]
            isee.refuse(by=request.user, declaration_id=declaration_id, reason=reason, told=_told(request), now=now)
            messages.success(request, "ISEE rifiutato: alla famiglia è partita una e-mail con il motivo.")
            return here
    except Refusal as refused:
        messages.warning(request, refused.message)
        return HttpResponseRedirect(reverse("office:isee-one", args=[declaration_id]))
    lookup = looked_up.last_lookup(declaration_id=declaration_id)
    page = {
        "one": one,
        "adult": people.guardian(guardian_id=one.payer_id),
        "form": form,
        "asks_inps": request.town.chosen(IseeChoices).asks_inps,
        "lookup": lookup,
        "said": VERDICTS.get(lookup.verdict, "") if lookup else "",
        "found": Euro(lookup.cents) if lookup and lookup.cents is not None else None,
        "if_checked": isee.preview_of(declaration=one, counts=True, now=now) if one.state != "checked" else None,
        "if_refused": isee.preview_of(declaration=one, counts=False, now=now) if one.state != "refused" else None,
    }
    return render(request, "office/isee/one.html", {**SECTION, **page})


@office_calling_out
@form_of("office:isee-one", "declaration_id")
def ask_inps(request: PersonRequest, declaration_id: int) -> HttpResponse:
    """Ask INPS about one declaration; what it says stands on the declaration's page."""
    try:
        said = isee_at_inps.ask(by=request.user, declaration_id=declaration_id, now=clock.now())
    except (isee_at_inps.InpsNotAsked, isee_at_inps.InpsFails) as refused:
        messages.warning(request, refused.message)
    else:
        (messages.success if said == "same" else messages.info)(request, VERDICTS[said])
    return HttpResponseRedirect(reverse("office:isee-one", args=[declaration_id]))


@staff(Role.OFFICE)
def of_child(request: PersonRequest, child_id: int) -> HttpResponse:
    """Say why a child pays what it pays, and write down where it lives and what else its tariffs ask."""
    child, today = people.child(child_id=child_id), clock.today()
    facts = facts_known.on(child_id=child_id, day=today)
    known = {"first": today, "is_resident": "yes" if facts.is_resident else "no", "words": sorted(facts.words)}
    form = FactsForm(request.POST or None, initial=known, offered=kept.words_asked())
    if form.is_valid():
        data = form.cleaned_data
        days = isee.note_fact(
            by=request.user,
            child_id=child_id,
            first=data["first"],
            is_resident=data["is_resident"],
            words=data.get("words", ()),
            now=clock.now(),
        )
        again = " Ricalcolato un giorno già addebitato." if days == 1 else f" Ricalcolati {days} giorni già addebitati."
        messages.success(request, f"Scritto.{again if days else ''}")
        return HttpResponseRedirect(reverse("office:child-tariff", args=[child_id]))
    told = " ".join(quote.because for quote in priced.explained(child_id=child_id, day=today).values())
    lead = told or "Nessuna delle sue tariffe si calcola da ISEE e residenza: il prezzo l’ha scelto l’ufficio."
    return action(request, form, Words("Residenza e tariffa", "Salva", lead), child=child)


def _moves(guardian_id: int, said: Said) -> dict[str, Any]:
    return {"moves": isee.preview(payer_id=guardian_id, said=said, now=clock.now())}


def _told(request: PersonRequest) -> Euro | None:
    """Return the sum that the page told, None where it was not told yet; below zero it gives back."""
    text = request.POST.get("told", "").strip()
    digits = text.removeprefix("-")
    return Euro(int(text)) if digits.isascii() and digits.isdigit() and len(digits) < 12 else None

"""The office keeps the records right: presences, notes, tax codes, contacts, accesses."""

from django.contrib import messages
from django.http import HttpResponse

from campanella.domains.accounts.roles import Role
from campanella.domains.attendance.choices import RollCallChoices
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.people import mending
from campanella.domains.people import operations as people_operations
from campanella.domains.people import queries as people
from campanella.domains.people.tax_codes import OthersTaxCode
from campanella.domains.services import queries as services
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.italian import day_short, elided
from campanella.interfaces.doors import PersonRequest, number, staff
from campanella.interfaces.office.families.answers import Words, action, to_child, to_guardian
from campanella.interfaces.office.families.forms import ContactsForm, NoteForm, PresenceForm, TaxCodeForm
from campanella.readings.explained import explained
from campanella.usecases import mealtime, registry


def _why(request: PersonRequest, child_id: int) -> str:
    """Say why the day that the address names was charged, or not, as the family reads it."""
    day, service_id = clock.read_day(request.GET.get("giorno", "")), number(request.GET.get("servizio", ""))
    if day is None or service_id is None:
        return ""
    found = explained(lines=[(child_id, service_id)], day=day, now=clock.now())
    return f"{day_short(day)}: {found[0].because}" if found else ""


@staff(Role.OFFICE)
def presence(request: PersonRequest, child_id: int) -> HttpResponse:
    """Correct one presence; the difference of money follows by itself."""
    child = people.child(child_id=child_id)
    used = {line.service_id for line in enrolment.subscriptions_of(child_id=child_id)}
    # Who is subscribed to nothing may have been there all the same: the refusal says why it cannot be written.
    offered = {service.pk: service for service in services.services() if service.pk in used or not used}
    form = PresenceForm(
        request.POST or None,
        services=[(service.pk, service.name) for service in offered.values()],
        today=clock.today(),
        ready=request.town.chosen(RollCallChoices).correction_reasons,
        initial={"day": clock.read_day(request.GET.get("giorno", "")), "service": request.GET.get("servizio", "")},
    )
    lead = "Se era assente restituiamo l’addebito, se era presente lo facciamo: solo la differenza."
    words = Words(
        title="Correggi una presenza",
        lead=f"{lead} {_why(request, child_id)}".strip(),
        button="Registra la correzione",
    )
    if form.is_valid():
        data = form.cleaned_data
        try:
            mealtime.correct(
                by=request.user,
                child_id=child_id,
                service=offered[data["service"]],
                day=data["day"],
                is_present=data["state"] == "present",
                reason=data["reason"],
                now=clock.now(),
            )
        except Refusal as refusal:
            form.add_error("day", refusal.message)
        else:
            messages.success(request, elided(f"Corretto il {day_short(data['day'])}: il credito è già giusto."))
            return to_child(child_id)
    return action(request, form, words, child=child)


@staff(Role.OFFICE)
def note(request: PersonRequest, child_id: int) -> HttpResponse:
    """Write the office's note."""
    child = people.child(child_id=child_id)
    form = NoteForm(request.POST or None, initial={"note": child.office_note})
    if request.method == "POST" and form.is_valid():
        mending.write_note(by=request.user, child_id=child_id, note=form.cleaned_data["note"], now=clock.now())
        messages.success(request, "Nota salvata.")
        return to_child(child_id)
    return action(request, form, Words("Nota dell’ufficio", "Salva la nota"), child=child)


@staff(Role.OFFICE)
def child_tax_code(request: PersonRequest, child_id: int) -> HttpResponse:
    """Put a child's tax code right."""
    child = people.child(child_id=child_id)
    form = TaxCodeForm(request.POST or None)
    if form.is_valid():
        try:
            mending.replace_child_tax_code(
                by=request.user,
                child_id=child_id,
                tax_code=form.cleaned_data["tax_code"],
                why=form.cleaned_data["reason"],
                now=clock.now(),
            )
        except people_operations.TaxCodeTaken:
            form.add_error("tax_code", registry.TaxCodeKnown.message)
        except OthersTaxCode as refusal:
            form.add_error("tax_code", refusal.message)
        else:
            messages.success(request, "Codice fiscale corretto.")
            return to_child(child_id)
    return action(request, form, _tax_code_words(child.tax_code), child=child)


@staff(Role.OFFICE)
def guardian_tax_code(request: PersonRequest, guardian_id: int) -> HttpResponse:
    """Put an adult's tax code right."""
    adult = people.guardian(guardian_id=guardian_id)
    form = TaxCodeForm(request.POST or None)
    if form.is_valid():
        try:
            mending.replace_guardian_tax_code(
                by=request.user,
                guardian_id=guardian_id,
                tax_code=form.cleaned_data["tax_code"],
                why=form.cleaned_data["reason"],
                now=clock.now(),
            )
        except people_operations.TaxCodeTaken:
            form.add_error("tax_code", registry.TaxCodeKnown.message)
        except OthersTaxCode as refusal:
            form.add_error("tax_code", refusal.message)
        else:
            messages.success(request, "Codice fiscale corretto.")
            return to_guardian(guardian_id)
    return action(request, form, _tax_code_words(adult.tax_code), adult=adult)


@staff(Role.OFFICE)
def contacts(request: PersonRequest, guardian_id: int) -> HttpResponse:
    """Change how to reach an adult."""
    adult = people.guardian(guardian_id=guardian_id)
    known = {"email": adult.email, "phone": adult.phone, "address": adult.address}
    form = ContactsForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        registry.write_contacts(by=request.user, guardian_id=guardian_id, now=clock.now(), **form.cleaned_data)
        messages.success(request, "Recapiti salvati.")
        return to_guardian(guardian_id)
    lead = "Un campo lasciato vuoto si cancella. La famiglia può cambiare e-mail e telefono anche dal portale."
    return action(request, form, Words("Recapiti", "Salva i recapiti", lead), adult=adult)


def _tax_code_words(present: str) -> Words:
    lead = f"Adesso è {present}." if present else "Adesso manca."
    return Words("Codice fiscale", "Salva il codice fiscale", lead)

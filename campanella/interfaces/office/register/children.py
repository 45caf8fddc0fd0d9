"""New children, their data, their class and the services they use."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from campanella.domains.accounts.roles import Role
from campanella.domains.applying import queries as applying
from campanella.domains.enrolment import diet_codes, diets
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.enrolment.queries import Enrolled
from campanella.domains.people import mending, searching
from campanella.domains.people import queries as people
from campanella.domains.people.tax_codes import OthersTaxCode
from campanella.domains.schools import queries as schools
from campanella.domains.schools.models import ClassGroup
from campanella.domains.services import queries as services
from campanella.domains.services.models import Bracket
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.italian import day_full, elided
from campanella.interfaces.doors import PersonRequest, staff
from campanella.interfaces.office.calendar.forms import DaysForm
from campanella.interfaces.office.diets import gaps
from campanella.interfaces.office.families.answers import SECTION, Words, action, to_child
from campanella.interfaces.office.register.forms import ChildDataForm, ClassForm, DietForm, EndForm, NewChildForm, PriceForm
from campanella.usecases import enrolling, pricing, registry
from campanella.usecases.applying import leaving


@staff(Role.OFFICE)
def new_child(request: PersonRequest) -> HttpResponse:
    """Register a child, in its class."""
    today = clock.today()
    words = Words(
        "Nuovo bambino",
        "Inserisci",
        "Poi, nella sua scheda, aggiungi un genitore e iscrivilo ai servizi.",
        doubt="C’è già un bambino con questo nome",
        sure="È un altro bambino: inserisci",
    )
    classes = _classes(today)
    form = NewChildForm(request.POST or None, initial={"first": today}, today=today, classes=classes)
    if not form.is_valid():
        return action(request, form, words)
    data = dict(form.cleaned_data)
    class_group, first = data.pop("class_group"), data.pop("first")
    if not data.pop("confirmed"):
        namesakes = searching.children(text=f"{data['family_name']} {data['given_name']}", limit=1)
        if namesakes:
            again = request.POST.copy()
            again["confirmed"] = "1"
            doubt = f"{namesakes[0].full_name} ha il codice {namesakes[0].code}"
            return action(request, NewChildForm(again, today=today, classes=classes), words, confirm=doubt)
    now = clock.now()
    try:
        child = enrolling.register(by=request.user, class_group_id=class_group, first=first, now=now, **data)
    except enrolling.OutsideTheYear as refusal:
        form.add_error("first", refusal.message)
        return action(request, form, words)
    except (registry.TaxCodeKnown, OthersTaxCode) as refusal:
        form.add_error("tax_code", refusal.message)
        return action(request, form, words)
    messages.success(request, f"{child.full_name} è in anagrafica, con il codice {child.code}. Adesso aggiungi un genitore.")
    return to_child(child.pk)


@staff(Role.OFFICE)
def child_data(request: PersonRequest, child_id: int) -> HttpResponse:
    """Correct a child's names and birthday."""
    child = people.child(child_id=child_id)
    known = {"given_name": child.given_name, "family_name": child.family_name, "birth_date": child.birth_date}
    form = ChildDataForm(request.POST or None, initial=known, today=clock.today())
    if form.is_valid():
        mending.rename_child(by=request.user, child_id=child_id, now=clock.now(), **form.cleaned_data)
        messages.success(request, "Dati corretti.")
        return to_child(child_id)
    return action(request, form, Words("Nome e data di nascita", "Salva"), child=child)


@staff(Role.OFFICE)
def child_class(request: PersonRequest, child_id: int) -> HttpResponse:
    """Move a child to another class."""
    child, today = people.child(child_id=child_id), clock.today()
    place = schools.places_of(child_ids=[child_id], day=today).get(child_id)
    known = {"class_group": place.class_group_id if place else None, "first": today}
    form = ClassForm(request.POST or None, classes=_classes(today), initial=known)
    if form.is_valid():
        data = form.cleaned_data
        try:
            enrolling.move(
                by=request.user, child_id=child_id, class_group_id=data["class_group"], first=data["first"], now=clock.now()
            )
        except enrolling.OutsideTheYear as refusal:
            form.add_error("first", refusal.message)
        else:
            messages.success(request, "Classe cambiata: dal giorno scelto è nell’appello della nuova.")
            return to_child(child_id)
    lead = f"Adesso è in {place.class_name}, {place.school_name}." if place else "Adesso non è in nessuna classe."
    return action(request, form, Words("Classe", "Salva la classe", lead), child=child)


@staff(Role.OFFICE)
def child_services(request: PersonRequest, child_id: int) -> HttpResponse:
    """Show the services a child uses and has used, and subscribe it to one more."""
    child, today = people.child(child_id=child_id), clock.today()
    form = PriceForm(request.POST or None, brackets=_prices(child_id, today), both=True, initial={"first": today})
    if form.is_valid():
        data = form.cleaned_data
        try:
            enrol = enrolling.subscribe_both_ways if data.get("both_ways") else enrolling.subscribe
            enrol(
                by=request.user,
                child_id=child_id,
                bracket=form.chosen,
                first=data["first"],
                reduction_percent=data["reduction_percent"],
                now=clock.now(),
            )
        except pricing.PriceNotYet as refusal:
            form.add_error("first", refusal.message)
        except Refusal as refusal:
            form.add_error("bracket", refusal.message)
        else:
            both = " e all’altra corsa" if data.get("both_ways") else ""
            messages.success(
                request, f"Iscritto a {form.chosen.tariff.service.name}{both}: dal giorno scelto è nell’appello."
            )
            return _to_services(child_id)
    lines = enrolment.subscriptions_of(child_id=child_id)
    page = {
        "child": child,
        "form": form,
        "running": [line for line in lines if line.end is None or line.end > today],
        "over": [line for line in lines if line.end is not None and line.end <= today],
    }
    return render(request, "office/register/services.html", {**SECTION, **page})


@staff(Role.OFFICE)
def price(request: PersonRequest, child_id: int, subscription_id: int) -> HttpResponse:
    """Change the price of a subscription from a day on."""
    child, today = people.child(child_id=child_id), clock.today()
    line = pricing.subscription(child_id=child_id, subscription_id=subscription_id)
    brackets = [
        one for one in _prices(child_id, line.first) if one.tariff.service_id == line.service_id or one.pk == line.bracket_id
    ]
    # What a reckoned tariff has made of it is in no list: the tariff itself is.
    paid = next((one.pk for one in brackets if one.tariff_id == line.reckoned_by), line.bracket_id)
    known = {"bracket": paid, "reduction_percent": line.reduction_percent, "first": today}
    form = PriceForm(request.POST or None, brackets=brackets, initial=known)
    if form.is_valid():
        data = form.cleaned_data
        try:
            days = pricing.change_price(
                by=request.user,
                child_id=child_id,
                subscription_id=subscription_id,
                bracket=form.chosen,
                reduction_percent=data["reduction_percent"],
                first=data["first"],
                now=clock.now(),
            )
        except (pricing.PriceNotYet, pricing.ChangedMeanwhile, pricing.WasThere) as refusal:
            form.add_error("first", refusal.message)
        else:
            messages.success(request, f"Tariffa cambiata.{_recharged(days)}")
            return _to_services(child_id)
    lead = (
        f"Adesso paga {line.price}: {line.bracket_name}. Con un giorno passato ricalcoliamo i giorni già addebitati, "
        "e si muove solo la differenza."
    )
    words = Words(f"Tariffa di {line.service_name}", "Cambia la tariffa", lead)
    return action(request, form, words, child=child, back=_services_address(child_id))


@staff(Role.OFFICE)
def days(request: PersonRequest, child_id: int, subscription_id: int) -> HttpResponse:
    """Change the days of the week of a subscription from a day to come."""
    child, today = people.child(child_id=child_id), clock.today()
    line = pricing.subscription(child_id=child_id, subscription_id=subscription_id)
    known = {"first": today + timedelta(days=1), "weekdays": line.weekdays}
    form = DaysForm(request.POST or None, today=today, initial=known)
    if form.is_valid():
        try:
            enrolling.change_days(
                by=request.user,
                child_id=child_id,
                subscription_id=subscription_id,
                weekdays=form.cleaned_data["weekdays"],
                first=form.cleaned_data["first"],
                now=clock.now(),
            )
        except (enrolling.NotWithinTheLine, pricing.ChangedMeanwhile, pricing.WasThere) as refusal:
            form.add_error("first", refusal.message)
        else:
            messages.success(request, "Giorni cambiati: negli altri non compare nell’appello e non paga.")
            return _to_services(child_id)
    lead = "Per esempio i due rientri, e valgono con i giorni della scuola e della classe. I passati restano come erano."
    words = Words(f"Giorni di {line.service_name}", "Salva i giorni", lead)
    return action(request, form, words, child=child, back=_services_address(child_id))


@staff(Role.OFFICE)
def end(request: PersonRequest, child_id: int, subscription_id: int) -> HttpResponse:
    """End a subscription."""
    child = people.child(child_id=child_id)
    line = pricing.subscription(child_id=child_id, subscription_id=subscription_id)
    form = EndForm(request.POST or None, initial={"last": clock.today()})
    if form.is_valid():
        try:
            gone = leaving.end_use(
                by=request.user,
                child_id=child_id,
                subscription_id=subscription_id,
                last=form.cleaned_data["last"],
                now=clock.now(),
            )
        except (enrolling.NotWithinTheLine, pricing.ChangedMeanwhile, pricing.WasThere) as refusal:
            form.add_error("last", refusal.message)
        else:
            more = f" Anche la domanda n. {gone.number} è chiusa, e il suo posto è libero." if gone else ""
            messages.success(request, _ended(line, form.cleaned_data["last"]) + more)
            return _to_services(child_id)
    lead = "Il credito che resta non si tocca."
    one = applying.accepted(child_id=child_id, service_id=line.service_id, day=max(clock.today(), line.first))
    if one and one.call.service.kind != "camp":
        lead += f" La domanda accettata n. {one.number} si chiude con l’iscrizione, e il suo posto va a chi aspetta."
    words = Words(f"Termina {line.service_name}", "Termina l’iscrizione", lead)
    return action(request, form, words, child=child, back=_services_address(child_id))


@staff(Role.OFFICE)
def diet(request: PersonRequest, child_id: int) -> HttpResponse:
    """Write what a child is served and why, for a colleague to confirm; what was written before is not shown here."""
    child, today = people.child(child_id=child_id), clock.today()
    served = enrolment.diets_served(child_ids=[child_id], day=today).get(child_id, ("", ""))
    form = DietForm(
        request.POST or None, request.FILES or None, initial={"code": served[0], "first": today}, codes=diet_codes.codes()
    )
    if form.is_valid():
        data = form.cleaned_data
        try:
            diets.propose(
                by=request.user,
                child=child,
                code=data["code"],
                reason=data["why"],
                first=data["first"],
                expires_on=data["expires_on"],
                certificate=data["certificate"].read() if data["certificate"] else None,
                now=clock.now(),
            )
        except diets.UnknownCode as refusal:
            form.add_error("code", refusal.message)
        except (diets.CertificateRefused, diets.CertificateMissing) as refusal:
            form.add_error("certificate", refusal.message)
        except diets.ProposalWaits as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, "Dieta scritta. Cucina e scuola la vedono quando un collega la conferma, in Diete.")
            if missing := gaps.told(code=data["code"], day=data["first"]):
                messages.warning(request, missing)
            return to_child(child_id)
    lead = "Prima che cambi qualcosa nel piatto la rilegge un collega: se è urgente, avvisalo subito. "
    lead += "Il motivo scritto prima non si vede da qui: per tenerlo, riscrivilo. " if served[0] else ""
    lead += "Se la dieta non è nell’elenco, prima aggiungila in Impostazioni, Sigle delle diete."
    return action(request, form, Words("Dieta", "Scrivi la dieta", lead), child=child)


def _ended(line: Enrolled, last: date) -> str:
    """Say what follows the last day: nothing more, or the subscription that was written to begin later."""
    lines = enrolment.subscriptions_of(child_id=line.child_id)
    coming = [one.first for one in lines if one.service_id == line.service_id and one.first > last]
    if not coming:
        return "Iscrizione terminata: dal giorno dopo non è nell’appello e non paga."
    again = elided(f"dal {day_full(min(coming))}")
    return f"Iscrizione terminata. Ce n’è un’altra {again}: se da quel giorno non usa più il servizio, termina anche quella."


def _prices(child_id: int, today: date) -> list[Bracket]:
    """Return the prices for the child's level at its school; without a class all of them, and the refusal says why."""
    brackets = services.prices_from(day=today)
    place = schools.places_of(child_ids=[child_id], day=today).get(child_id)
    if place is None:
        return brackets
    served = {calendar.service_id for calendar in services.calendars(school_id=place.school_id)}
    return [one for one in brackets if one.tariff.service_id in served and one.tariff.is_for(place.level)]


def _classes(today: date) -> list[ClassGroup]:
    return list(schools.all_classes(day=today).order_by("school__name", "name"))


def _services_address(child_id: int) -> str:
    return reverse("office:child-services", args=[child_id])


def _to_services(child_id: int) -> HttpResponse:
    return HttpResponseRedirect(_services_address(child_id))


def _recharged(days: int) -> str:
    """Say how many days have changed their charge, if any."""
    if not days:
        return ""
    return " Ricalcolato un giorno già addebitato." if days == 1 else f" Ricalcolati {days} giorni già addebitati."

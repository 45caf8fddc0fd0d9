"""Data of the family, contacts, tax codes, communications."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from campanella.domains.accounts.entering import TooManyTries, WrongPassword
from campanella.domains.accounts.operations import LinkExpired, TooManyChanges
from campanella.domains.messaging import operations as messaging_operations
from campanella.domains.messaging import queries as messaging
from campanella.domains.people import queries as people
from campanella.domains.people.operations import TaxCodeTaken, WrongTaxCode
from campanella.domains.people.tax_codes import OthersTaxCode
from campanella.domains.places import queries as places
from campanella.domains.services.rules import BUS_KINDS
from campanella.foundation.core import clock
from campanella.foundation.core.errors import NotFound
from campanella.interfaces.doors import PersonRequest, TownRequest, family, public
from campanella.interfaces.entry import ways
from campanella.interfaces.portal.profile.forms import ContactsForm, OwnTaxCodeForm
from campanella.interfaces.portal.profile.page import Letter, ProfilePage
from campanella.readings.family.profile import family_profile
from campanella.usecases.access import own as access
from campanella.usecases.access import registering

read_or_send = require_http_methods(["GET", "HEAD", "POST"])


@family
@require_safe
def profile(request: PersonRequest) -> HttpResponse:
    """Show what the town knows of the family."""
    page = ProfilePage.of(family_profile(user=request.user, now=clock.now()))
    may_link = registering.is_open(town=request.town)
    kinds = places.kinds()
    offered = {"has_bus": not kinds.isdisjoint(BUS_KINDS), "has_camps": "camp" in kinds}
    about = {"page": page, "may_link": may_link, **offered, "section": "profile"}
    return render(request, "portal/profile/profile.html", about)


@family
@read_or_send
def contacts(request: PersonRequest) -> HttpResponse:
    """Change telephone and e-mail address; a new address waits for its link."""
    guardian = people.guardian_of(user=request.user)
    known = {"phone": guardian.phone, "wants_news": guardian.wants_news_by_mail} if guardian else {}
    initial = {"email": people.address_of(user=request.user, holder=guardian), **known}
    form = ContactsForm(request.POST or None, initial=initial, is_of_one_child=guardian is None)
    place = ways.asked_place(request)
    if form.is_valid():
        try:
            wanted = {"phone": "", "wants_news": False, **form.cleaned_data}
            is_sent = access.change_contacts(by=request.user, **wanted, and_then=place, now=clock.now())
        except WrongPassword as wrong:
            form.add_error("password", wrong.message if form.cleaned_data["password"] else "Scrivila per cambiare l’e-mail.")
        except (TooManyChanges, TooManyTries) as refused:
            form.add_error(None, refused.message)
        else:
            if is_sent:
                _tell_sent(request, form.cleaned_data["email"], is_going_on=bool(place))
            else:
                messages.success(request, "I tuoi recapiti sono aggiornati.")
            return HttpResponseRedirect(place or reverse("portal:profile"))
    page = {"form": form, "is_of_one_child": guardian is None, "next": place, "section": "profile"}
    return render(request, "portal/profile/contacts.html", page)


@public
@never_cache
@read_or_send
def confirm(request: TownRequest, token: str) -> HttpResponse:
    """Confirm a new address; only the button does, so that a mail program that opens links confirms nothing."""
    place = ways.asked_place(request)
    if request.method != "POST":
        return render(request, "portal/profile/confirm.html", {"next": place})
    try:
        email = access.confirm_contacts(token=token, now=clock.now())
    except LinkExpired as expired:
        return render(request, "portal/profile/confirm_expired.html", {"message": expired.message}, status=410)
    messages.success(request, f"Fatto: da adesso ti scriviamo a {email}.")
    return HttpResponseRedirect(place or reverse("portal:profile"))


@family
@read_or_send
def child_tax_code(request: PersonRequest, child_id: int) -> HttpResponse:
    """Write the missing tax code of a child, and go back to where it was missed."""
    child = people.child_for(user=request.user, child_id=child_id)

    def write(code: str) -> None:
        access.write_child_tax_code(by=request.user, child_id=child.id, tax_code=code, now=clock.now())

    return _tax_code(request, name=child.full_name, known=child.tax_code, write=write)


@family
@read_or_send
def own_tax_code(request: PersonRequest) -> HttpResponse:
    """Write one's own missing tax code, and go back to where it was missed."""
    guardian = people.holder_of(user=request.user)
    if guardian is None:
        raise NotFound

    def write(code: str) -> None:
        access.write_own_tax_code(by=request.user, tax_code=code, now=clock.now())

    return _tax_code(request, name=guardian.full_name, known=guardian.tax_code, write=write)


@family
@require_safe
def messages_received(request: PersonRequest) -> HttpResponse:
    """List what was written to this person, newest first."""
    guardian = people.guardian_of(user=request.user)
    received = messaging.messages_to(guardian_id=guardian.pk) if guardian else []
    letters = [Letter.of(one, town=request.town) for one in received]
    context = {"received": letters, "is_of_one_child": guardian is None, "section": "profile"}
    return render(request, "portal/profile/messages.html", context)


@family
@require_safe
def message(request: PersonRequest, message_id: int) -> HttpResponse:
    """Show one message as it was sent."""
    guardian = people.guardian_of(user=request.user)
    found = messaging.message_to(guardian_id=guardian.pk, message_id=message_id) if guardian else None
    if found is None:
        raise NotFound
    if found.read_at is None:
        messaging_operations.note_read(message_id=found.pk, now=clock.now())
    context = {"found": found, "letter": Letter.of(found, town=request.town), "section": "profile"}
    return render(request, "portal/profile/message.html", context)


def _tell_sent(request: PersonRequest, address: str, *, is_going_on: bool) -> None:
    """Say where we have written; the page of one's data says so by itself, and for longer."""
    if is_going_on:
        messages.info(request, f"Ti abbiamo scritto a {address}: apri il collegamento entro due giorni per confermare.")
    else:
        messages.success(request, "Recapiti salvati. Manca un passo per l’e-mail nuova.")


def _tax_code(request: PersonRequest, *, name: str, known: str, write: Callable[[str], None]) -> HttpResponse:
    place = ways.asked_place(request) or reverse("portal:profile")
    if known:
        return HttpResponseRedirect(place)
    form = OwnTaxCodeForm(request.POST or None, label=f"Codice fiscale di {name}")
    if form.is_valid():
        try:
            write(form.cleaned_data["tax_code"])
        except (WrongTaxCode, TaxCodeTaken, access.TooManyCodes) as refused:
            form.add_error("tax_code", refused.message)
        except OthersTaxCode as refused:
            form.add_error("tax_code", f"{refused.message} Se il codice è giusto, scrivi all’ufficio.")
        else:
            messages.success(request, f"Codice fiscale di {name} salvato.")
            return HttpResponseRedirect(place)
    return render(request, "portal/profile/tax_code.html", {"form": form, "name": name, "next": place, "section": "profile"})

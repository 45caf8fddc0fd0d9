"""What the office says of a ride, of its stops, and of a child's seat."""

import re
from collections.abc import Iterable, Sequence
from datetime import time
from typing import Any

from django import forms

from campanella.domains.schools.models import SchoolYear
from campanella.domains.services.models import Service
from campanella.domains.transport.operations import StopData
from campanella.domains.transport.queries import Ride, Stop
from campanella.domains.transport.rules import WAYS
from campanella.foundation.design.forms import offer
from campanella.interfaces.office.families.forms import day_field

STOP = re.compile(r"(?P<hour>[0-9]{1,2})[:.](?P<minute>[0-9]{2})\s+(?P<name>\S.*)")
MOST_STOPS = 100
LONGEST_NAME = 80


class StopsField(forms.CharField):
    """The stops of a ride, a line each: the hour, then the name."""

    def __init__(self) -> None:
        super().__init__(
            label="Fermate, in ordine",
            max_length=20_000,
            widget=forms.Textarea(attrs={"rows": 8}),
            help_text="Una per riga: l’ora e il nome, per esempio «7:15 Avenza stazione».",
            error_messages={"required": "Scrivi almeno una fermata."},
        )

    def clean(self, value: Any) -> list[StopData]:
        """:raises ValidationError: a line that is no stop, told with its number"""
        found = []
        lines = [line.strip() for line in str(super().clean(value)).splitlines()]
        for number, line in enumerate(lines, start=1):
            if line:
                found.append(_stop(number, line))
        if len(found) > MOST_STOPS:
            raise forms.ValidationError(f"Al massimo {MOST_STOPS} fermate.")
        return found


class RideForm(forms.Form):
    """Name, places and stops of a ride."""

    name = forms.CharField(
        label="Linea",
        max_length=80,
        error_messages={"required": "Scrivi il nome della linea."},
        help_text="Per esempio «Linea 1».",
    )
    capacity = forms.IntegerField(
        label="Posti",
        required=False,
        min_value=0,
        max_value=10_000,
        help_text="Vuoto: senza limite. Chi ha già il posto lo tiene.",
        error_messages={"invalid": "Scrivi un numero.", "min_value": "Scrivi un numero da 0 in su."},
    )
    reserved = forms.IntegerField(
        label="Di questi, riservati",
        required=False,
        min_value=0,
        max_value=10_000,
        help_text="A chi ne ha diritto, per esempio su segnalazione dei servizi sociali.",
        error_messages={"invalid": "Scrivi un numero.", "min_value": "Scrivi un numero da 0 in su."},
    )
    stops = StopsField()

    def places(self) -> tuple[int | None, int]:
        """Return the places and how many are reserved; of a valid form."""
        return self.cleaned_data["capacity"], self.cleaned_data["reserved"] or 0


class NewRideForm(RideForm):
    """A line that runs in a direction, in a school year."""

    field_order = ("code", "name", "way", "service", "year")

    code = forms.CharField(
        label="Codice della linea",
        max_length=20,
        help_text="Breve, come sta sul pulmino. Andata e ritorno hanno lo stesso codice.",
        error_messages={"required": "Scrivi un codice breve.", "max_length": "Al massimo 20 caratteri."},
    )
    way = forms.ChoiceField(label="Direzione", choices=list(WAYS.items()))
    service = forms.TypedChoiceField(label="Servizio che si paga", coerce=int)
    year = forms.TypedChoiceField(label="Anno scolastico", coerce=int)

    def __init__(self, *args: Any, services: Sequence[Service], years: Sequence[SchoolYear], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "service", [(one.pk, one.name) for one in services])
        offer(self, "year", [(one.pk, one.name) for one in years])


class SeatForm(forms.Form):
    """A seat for a child: at which stop, from which day."""

    stop = forms.TypedChoiceField(label="Corsa e fermata", coerce=int, error_messages={"required": "Scegli la fermata."})
    first = day_field("Dal")
    is_reserved = forms.BooleanField(label="Ha diritto a un posto riservato", required=False)
    words = forms.CharField(
        label="Perché passa avanti",
        required=False,
        max_length=200,
        help_text="Solo se in lista c’è chi ha chiesto prima. Resta scritto.",
    )

    def __init__(self, *args: Any, stops: Iterable[tuple[int, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "stop", [("", "Scegli"), *stops])


class OtherStopForm(forms.Form):
    """Another stop of the same ride."""

    stop = forms.TypedChoiceField(label="Fermata", coerce=int)
    first = day_field("Dal")

    def __init__(self, *args: Any, stops: Iterable[Stop], **options: Any) -> None:
        super().__init__(*args, **options)
        offer(self, "stop", [(one.pk, f"{one.name}, {one.at:%-H:%M}") for one in stops])


class LeaveForm(forms.Form):
    """The last day of a seat."""

    last = day_field("Ultimo giorno con il posto")
    words = forms.CharField(label="Perché", required=False, max_length=200, help_text="La famiglia lo legge.")


def known_of(ride: Ride, stops: Sequence[Stop]) -> dict[str, Any]:
    """Return a ride as its form shows it."""
    return {
        "name": ride.line.name,
        "capacity": ride.pool.capacity,
        "reserved": ride.pool.reserved,
        "stops": "\n".join(f"{one.at:%-H:%M} {one.name}" for one in stops),
    }


def _stop(number: int, line: str) -> StopData:
    found = STOP.fullmatch(line)
    hour, minute = (int(found["hour"]), int(found["minute"])) if found else (24, 0)
    if found is None or hour > 23 or minute > 59:
        raise forms.ValidationError(f"Riga {number}: scrivi l’ora e il nome, per esempio «7:15 Avenza stazione».")
    name = " ".join(found["name"].split())
    if len(name) > LONGEST_NAME:
        raise forms.ValidationError(f"Riga {number}: il nome ha al massimo {LONGEST_NAME} caratteri.")
    return StopData(name, time(hour, minute))

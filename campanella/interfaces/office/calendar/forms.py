"""What the office writes about how the days of a service go."""

from dataclasses import fields
from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from campanella.domains.attendance.models import MODES
from campanella.domains.attendance.ruled import Terms
from campanella.domains.attendance.rules import OWN
from campanella.domains.attendance.terms import usual_hours
from campanella.domains.services.timetable import WEEKDAYS
from campanella.interfaces.office.families.forms import day_field

A_YEAR = timedelta(days=366)
OWN_HOUR = "Vuoto: fino alla chiusura dei numeri."
WHOLE = {"invalid": "Scrivi un numero.", "min_value": "Scrivi un numero da 0.", "max_value": "È troppo."}


def days_before_field(label: str = "Quanti giorni prima") -> forms.IntegerField:
    """Return how many days before its day an hour is."""
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=14,
        initial=0,
        required=False,
        help_text="0 è il giorno stesso; 1 il giorno prima.",
        error_messages=WHOLE,
    )


def hour_field(label: str, help_text: str) -> forms.TimeField:
    """Return an hour of the day, which may be left out."""
    return forms.TimeField(
        label=label,
        help_text=help_text,
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "Scrivi un’ora, per esempio 09:30."},
    )


class WeekdaysField(forms.TypedMultipleChoiceField):
    """Days of the week, as seven bits; bit 0 is Monday."""

    def __init__(self, label: str, **options: Any) -> None:
        choices = [(str(bit), name) for bit, name in enumerate(WEEKDAYS)]
        super().__init__(label=label, choices=choices, coerce=int, widget=forms.CheckboxSelectMultiple, **options)

    def prepare_value(self, value: Any) -> Any:
        """Show the bits as the days they stand for."""
        return [str(bit) for bit in range(7) if value >> bit & 1] if isinstance(value, int) else value

    def clean(self, value: Any) -> int:
        """Give the days as bits."""
        return sum(1 << bit for bit in super().clean(value))


class FromForm(forms.Form):
    """Something that changes on a day to come."""

    first = day_field("Da quando")

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today

    def clean_first(self) -> date:
        """:raises ValidationError: the day is not to come"""
        first: date = self.cleaned_data["first"]
        if first <= self.today:
            raise ValidationError("Scegli un giorno da domani in poi: quelli passati, e quello di oggi, restano come erano.")
        return first


class RuleForm(FromForm):
    """How the days go from a day on."""

    mode = forms.ChoiceField(label="Chi decide chi mangia", choices=[(name, words.capitalize()) for name, words in MODES])
    cut_off = hour_field("Fino a che ora", "Per disdire, prenotare, o fare l’appello. Vuoto: l’ora del Comune.")
    cut_off_days_before = days_before_field()
    horizon_days = forms.IntegerField(
        label="Con quanto anticipo si può chiedere, in giorni",
        min_value=1,
        max_value=366,
        required=False,
        help_text="Vuoto: fino alla fine del servizio.",
        error_messages=WHOLE,
    )
    opens_at = hour_field("Da che ora di quel giorno", "Con un anticipo scritto sopra. Vuoto: dalla mezzanotte.")
    book_cut_off = hour_field("Prenotare fino alle", f"Se si prenota giorno per giorno. {OWN_HOUR}")
    book_cut_off_days_before = days_before_field("Prenotare, quanti giorni prima")
    white_cut_off = hour_field("Pasto in bianco fino alle", OWN_HOUR)
    white_cut_off_days_before = days_before_field("Pasto in bianco, quanti giorni prima")
    packed_cut_off = hour_field("Pranzo al sacco fino alle", OWN_HOUR)
    packed_cut_off_days_before = days_before_field("Pranzo al sacco, quanti giorni prima")
    marks_until = hour_field("La scuola può segnare fino alle", "Anche dopo la conferma. Vuoto: fino alla chiusura.")

    def terms(self) -> Terms:
        """Return what was written."""
        data = self.cleaned_data
        days = {name: data[name] or 0 for name in data if name.endswith("_days_before")}
        return Terms(**{one.name: days.get(one.name, data[one.name]) for one in fields(Terms)})

    def clean(self) -> dict[str, Any]:
        """:raises ValidationError: one could not ask before the numbers close"""
        data = super().clean() or {}
        ahead, before = data.get("horizon_days"), data.get("cut_off_days_before") or 0
        opens_at, cut_off = data.get("opens_at"), data.get("cut_off")
        if opens_at and ahead is None:
            self.add_error("horizon_days", "Scrivi anche di quale giorno è quell’ora: quanti giorni prima.")
        is_never_open = ahead == before and opens_at and cut_off and opens_at >= cut_off
        if ahead is not None and (ahead < before or is_never_open):
            self.add_error("horizon_days", "Così non resta tempo per chiedere: i numeri si chiudono prima.")
        closes = data.get("cut_off") or usual_hours().hour
        last = (-(data.get("cut_off_days_before") or 0), closes)
        for name in (f"{action}_cut_off" for action in OWN):
            if data.get(name) and (-(data.get(f"{name}_days_before") or 0), data[name]) > last:
                self.add_error(name, ValidationError("È dopo la chiusura dei numeri: scegli un’ora prima, o lascia vuoto."))
        return data


class SeasonForm(FromForm):
    """When a service runs in a school."""

    last = day_field("Fino a, compreso")
    weekdays = WeekdaysField("In quali giorni", error_messages={"required": "Scegli almeno un giorno della settimana."})
    field_order: tuple[str, ...] = ("first", "last", "weekdays")

    def clean(self) -> dict[str, Any]:
        """:raises ValidationError: it ends before it begins, or lasts too long"""
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", ValidationError("L’ultimo giorno viene prima del primo."))
        if first and last and last - first > A_YEAR:
            self.add_error("last", ValidationError("Più di un anno è troppo: controlla le date."))
        return data


class DaysForm(FromForm):
    """The days of the week on which a child uses a service."""

    weekdays = WeekdaysField("In quali giorni", error_messages={"required": "Scegli almeno un giorno della settimana."})


class ClassDaysForm(FromForm):
    """The days of the week on which a class uses a service."""

    class_group = forms.TypedChoiceField(label="Classe", coerce=int)
    weekdays = WeekdaysField("In quali giorni", required=False, help_text="Nessuna scelta: tutti quelli della scuola.")
    field_order = ("class_group", "first", "weekdays")

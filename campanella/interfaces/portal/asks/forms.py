"""What a family's forms say: for whom, which days, what."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict

from campanella.domains.attendance.asked import Line
from campanella.domains.attendance.rules import Action
from campanella.domains.attendance.white_rules import WhiteLimits
from campanella.foundation.core.italian import WEEKDAYS
from campanella.foundation.design.forms import DayField, offer
from campanella.interfaces.doors import number
from campanella.interfaces.portal.asks.words import white_label
from campanella.usecases.wishes import LONGEST

ACTIONS: dict[str, Action] = {"disdici": "cancel", "prenota": "book", "bianco": "white", "sacco": "packed", "tieni": "keep"}
WHATS = (
    ("disdici", "Disdetta: non viene"),
    ("prenota", "Prenotazione: viene come al solito"),
    ("bianco", "Pasto in bianco"),
    ("sacco", "Pranzo al sacco, per una gita"),
)
SATURDAY = 5


class DaysForm(forms.Form):
    """Some days of a period, for some children."""

    lines = forms.MultipleChoiceField(
        label="Per chi",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Scegli almeno un bambino."},
    )
    what = forms.ChoiceField(
        label="Che cosa chiedi",
        choices=WHATS,
        widget=forms.RadioSelect,
        initial="disdici",
    )
    first = DayField(
        label="Dal giorno",
        help_text="Oggi non è compreso: se vuoi anche oggi, scegli la data di oggi.",
        error_messages={"required": "Scegli il primo giorno."},
    )
    last = DayField(label="Al giorno", error_messages={"required": "Scegli l’ultimo giorno, anche lo stesso."})
    weekdays = forms.MultipleChoiceField(
        label="In quali giorni della settimana",
        widget=forms.CheckboxSelectMultiple,
        help_text="Per esempio solo il lunedì e il mercoledì.",
        error_messages={"required": "Scegli almeno un giorno della settimana."},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, offered: Sequence[tuple[str, str]], limits: WhiteLimits, weekend: Collection[int], **options: Any
    ) -> None:
        """
        Lay the form out for a family.

        :param offered: children with a service, as value and label
        :param limits: of white meals, said before they are asked for
        :param weekend: of Saturday and Sunday, on which one of the services runs: whoever cancels a period means it as well
        """
        super().__init__(*args, **options)
        weekdays = [(str(day), name.capitalize()) for day, name in enumerate(WEEKDAYS)]
        offer(self, "lines", offered)
        offer(self, "what", [(value, white_label(limits) if value == "bianco" else label) for value, label in WHATS])
        offer(self, "weekdays", weekdays)
        shown = [*weekdays[:SATURDAY], *(weekdays[day] for day in sorted(weekend))]
        # What is not shown may be sent all the same, and is answered as every day without service.
        self.fields["weekdays"].widget = forms.CheckboxSelectMultiple(choices=shown)
        self.initial.setdefault("weekdays", [value for value, _ in shown])

    def clean(self) -> dict[str, Any]:
        """Look at the days together; :raises ValidationError: they are in the wrong order, or too many."""
        found = super().clean() or {}
        first, last = found.get("first"), found.get("last")
        if first and last and last < first:
            self.add_error("last", "L’ultimo giorno viene prima del primo.")
        elif first and last and (last - first).days >= LONGEST:
            self.add_error("last", "Sono troppi giorni insieme: scegli un periodo più corto di un anno.")
        elif first and last and not self.errors and not self.days():
            self.add_error("weekdays", "In questo periodo non c’è nessuno dei giorni scelti.")
        return found

    def days(self) -> list[date]:
        """Return the days of the period that fall on the chosen weekdays."""
        first, last = self.cleaned_data["first"], self.cleaned_data["last"]
        wanted = {int(day) for day in self.cleaned_data["weekdays"]}
        days = (first + timedelta(days=one) for one in range((last - first).days + 1))
        return [day for day in days if day.weekday() in wanted]


def lines_of(texts: Sequence[str]) -> list[Line]:
    """Read the children and services that a form names, as "12-3"; what is none is left out."""
    found = []
    for text in texts:
        child, _, service = text.partition("-")
        child_id, service_id = number(child), number(service)
        if child_id and service_id:
            found.append((child_id, service_id))
    return found


def key_of(data: QueryDict) -> UUID | None:
    """Read the key of a form; None when it has none."""
    try:
        return UUID(data.get("key", ""))
    except ValueError:
        return None

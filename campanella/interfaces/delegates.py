"""What family and office write of somebody who takes a child home."""

from datetime import date, timedelta
from typing import Any

from django import forms

from campanella.domains.schools import queries as schools
from campanella.foundation.design.forms import PhoneField

A_DAY, A_YEAR = timedelta(days=1), timedelta(days=365)


class DelegateForm(forms.Form):
    """An adult with an identity document."""

    given_name = forms.CharField(label="Nome", max_length=60, error_messages={"required": "Scrivi il nome."})
    family_name = forms.CharField(label="Cognome", max_length=60, error_messages={"required": "Scrivi il cognome."})
    # Of the century before too, unlike every day on which something happens.
    birth_date = forms.DateField(
        label="Data di nascita",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": "Scrivi la data di nascita.",
            "invalid": "Questo giorno non esiste: scrivi per esempio 14/10/1980.",
        },
    )
    document = forms.CharField(
        label="Documento",
        max_length=60,
        help_text="Quale e il numero, per esempio: carta d’identità CA12345AB. Lo mostra chi viene a prendere il bambino.",
        error_messages={"required": "Scrivi quale documento e il suo numero."},
    )
    phone = PhoneField(label="Telefono", required=False, max_length=30)
    copy = forms.FileField(
        label="Copia del documento",
        required=False,
        help_text="PDF, PNG o JPG, al massimo 5 MB. L’ufficio la guarda e la cancella; puoi anche mostrarla allo sportello.",
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
        error_messages={"empty": "Questo file è vuoto: scegline un altro."},
    )

    def said(self) -> dict[str, Any]:
        """Return what was written, the copy as bytes."""
        file = self.cleaned_data["copy"]
        return {**self.cleaned_data, "copy": file.read() if file else None}


def level_of(child_id: int, today: date) -> str:
    """Return the level of a child's school, empty while it has none: one query."""
    place = schools.places_of(child_ids=[child_id], day=today).get(child_id)
    return place.level if place else ""


def until(today: date) -> date:
    """Return the last day of the school year, a year from today where none is open: one query."""
    year = schools.year_of(day=today)
    return year.days.upper - A_DAY if year else today + A_YEAR

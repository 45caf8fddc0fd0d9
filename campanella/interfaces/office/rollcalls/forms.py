"""What the office writes when it puts many days right."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from campanella.foundation.design.forms import WhyForm
from campanella.interfaces.office.families.forms import REASON_HELP, day_field, reason_field


class RegisterFileForm(forms.Form):
    """A class register's file, and the service it speaks of."""

    service = forms.TypedChoiceField(label="Servizio", coerce=int)
    file = forms.FileField(
        label="File del registro",
        help_text=(
            "CSV, XLSX, XLS o ODS. Una riga per bambino e giorno: “Giorno” e “Codice fiscale”, oppure “Giorno”, “Cognome” "
            "e “Nome”, con “Classe” e “Scuola” se ci sono. La colonna “Stato” dice assente o "
            "presente; se non c’è, ogni riga è un’assenza."
        ),
        error_messages={"required": "Scegli il file.", "empty": "Il file è vuoto."},
    )


class WhyManyForm(WhyForm):
    """Why many days change."""

    reason = reason_field(REASON_HELP)


class GiveBackForm(WhyForm):
    """Which charged days go back: from when to when, where, which service, and why."""

    first = day_field("Dal")
    last = day_field("Al, compreso")
    where = forms.ChoiceField(
        label="Dove",
        required=False,
        help_text="Le classi sono quelle dell’anno scolastico di questi giorni.",
        error_messages={"invalid_choice": "In quei giorni quella classe non c’era: scegli fra queste."},
    )
    what = forms.ChoiceField(label="Che cosa", required=False)
    reason = reason_field(REASON_HELP)
    field_order = ("first", "last", "where", "what", "ready", "reason")

    def clean(self) -> dict[str, Any]:
        """:raises ValidationError: it ends before it begins, or is longer than a month"""
        data = super().clean()
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", ValidationError("L’ultimo giorno viene prima del primo."))
        if first and last and (last - first).days > 31:
            self.add_error("last", ValidationError("Al massimo un mese alla volta."))
        return data

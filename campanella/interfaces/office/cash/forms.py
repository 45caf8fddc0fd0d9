"""The forms of the cash points: what the office says of one, until when it is settled, when its money arrived."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from campanella.domains.cash.operations import PointData
from campanella.domains.cash.rules import POINT_KINDS
from campanella.domains.cash.words import KIND_WORDS
from campanella.foundation.design.forms import DayField, offer
from campanella.usecases.cash import points


class PointForm(forms.Form):
    """A cash point and its people."""

    name = forms.CharField(
        label="Nome",
        max_length=80,
        help_text="Come lo conoscono le famiglie, per esempio: Farmacia La Perla.",
        error_messages={"required": "Scrivi come si chiama."},
    )
    address = forms.CharField(label="Indirizzo", max_length=120, required=False)
    kind = forms.ChoiceField(
        label="Che cos’è",
        choices=[(kind, KIND_WORDS[kind]) for kind in POINT_KINDS],
        error_messages={"required": "Scegli che cos’è."},
    )
    takes_cash = forms.BooleanField(
        label="Incassa contanti",
        required=False,
        help_text="Non valgono per la detrazione: le attestazioni li lasciano fuori.",
    )
    takes_card = forms.BooleanField(
        label="Incassa con il POS", required=False, help_text="Lascia traccia: vale per la detrazione."
    )
    user_ids = forms.TypedMultipleChoiceField(
        label="Chi incassa qui",
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Una persona incassa da un punto solo: se era a un altro, lo lascia.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        cashiers = points.cashiers()
        offer(self, "user_ids", cashiers)
        if not cashiers:
            del self.fields["user_ids"]

    def clean(self) -> dict[str, Any]:
        """A point takes money in one way at least."""
        data = super().clean() or {}
        if not data.get("takes_cash") and not data.get("takes_card"):
            self.add_error("takes_cash", ValidationError("Scegli almeno un modo: contanti, POS o tutti e due."))
        return data

    @property
    def point(self) -> PointData:
        """What the form says of the point."""
        data = self.cleaned_data
        return PointData(
            name=data["name"],
            address=data["address"],
            kind=next(kind for kind in POINT_KINDS if kind == data["kind"]),
            takes_cash=data["takes_cash"],
            takes_card=data["takes_card"],
        )


class SettleForm(forms.Form):
    """Until which day."""

    last = DayField(
        label="Fino al giorno",
        help_text="Compreso: entrano le giornate chiuse che non sono in nessun riversamento.",
        error_messages={"required": "Scrivi fino a quale giorno."},
    )


class PaidForm(forms.Form):
    """When the money of a settlement arrived, and by what."""

    day = DayField(label="Arrivato il", error_messages={"required": "Scrivi quando è arrivato."})
    reference = forms.CharField(
        label="Riferimento",
        max_length=80,
        help_text="Il bonifico, la quietanza o il numero della reversale.",
        error_messages={"required": "Scrivi con quale bonifico o quietanza è arrivato."},
    )

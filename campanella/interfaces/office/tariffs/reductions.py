"""Reductions and surcharges of a tariff, a form each; one without a name is none."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from campanella.domains.services.tariff_files import nodes
from campanella.domains.services.tariffs.pricing import percent
from campanella.domains.services.tariffs.shapes import NOTHING, Change, Scheme
from campanella.foundation.core.amounts import MOST_CENTS, Wrong
from campanella.foundation.core.money import Euro
from campanella.foundation.design.forms import DayField, EuroField

KINDS = [
    ("percent", "in meno, in percentuale"),
    ("amount", "in meno, in euro"),
    ("surcharge_percent", "in più, in percentuale"),
    ("surcharge", "in più, in euro"),
]
MOST_CHILDREN, BLANK = 20, 2


class ReductionForm(forms.Form):
    """One reduction or surcharge."""

    name = forms.CharField(label="Nome", max_length=120, required=False, help_text="Vuoto: non c’è.")
    kind = forms.ChoiceField(label="Che cosa fa", choices=KINDS, required=False)
    value = forms.CharField(
        label="Quanto",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text="In percentuale o in euro, per esempio 20 o 0,50.",
    )
    from_child = forms.IntegerField(label="Dal figlio numero", min_value=1, max_value=MOST_CHILDREN, required=False)
    to_child = forms.IntegerField(label="Fino al figlio numero", min_value=1, max_value=MOST_CHILDREN, required=False)
    residents = forms.BooleanField(label="Solo per chi abita nel Comune", required=False)
    isee_up_to = EuroField(label="Solo con un ISEE fino a", min_cents=0, max_cents=MOST_CENTS, required=False)
    words = forms.CharField(
        label="Solo per chi ha queste condizioni",
        max_length=200,
        required=False,
        help_text="Parole divise da una virgola, per esempio part_time.",
    )
    enrolled_after = DayField(label="Solo per chi si iscrive dopo il", required=False)
    first = DayField(label="Vale dal", required=False)
    last = DayField(label="Vale fino al", required=False)

    def clean(self) -> dict[str, Any]:
        """:raises ValidationError: how much is missing, or no number; days or children are in the wrong order"""
        data = super().clean() or {}
        if not data.get("name"):
            return data
        try:
            data["by"] = _by(data.get("kind") or "percent", data.get("value") or "")
        except Wrong as wrong:
            self.add_error("value", f"Scrivi quanto: {wrong}.")
        least, most = data.get("from_child"), data.get("to_child")
        if least and most and most < least:
            self.add_error("to_child", ValidationError("Viene prima del primo."))
        if data.get("first") and data.get("last") and data["last"] < data["first"]:
            self.add_error("last", ValidationError("Viene prima del primo giorno."))
        return data

    def change(self) -> Change | None:
        """Return what was written, None for nothing; of a valid form."""
        data = self.cleaned_data
        if not data.get("name"):
            return None
        off, amount = data["by"]
        least, most = data["from_child"], data["to_child"]
        return Change(
            name=data["name"],
            percent=off,
            amount=amount,
            children=(least or 1, most or MOST_CHILDREN) if least or most else None,
            residents=data["residents"],
            isee_up_to=Euro(data["isee_up_to"]) if data["isee_up_to"] is not None else None,
            needs=frozenset(word.strip()[:40] for word in data["words"].split(",") if word.strip()),
            first=data["first"],
            last=data["last"],
            enrolled_after=data["enrolled_after"],
        )


def forms_of(scheme: Scheme, sent: Mapping[str, Any] | None) -> list[ReductionForm]:
    """Return a form for each reduction of a tariff, and some blank ones; none where the office chooses the prices."""
    if not scheme.is_reckoned:
        return []
    known: list[dict[str, Any]] = [*map(_known, scheme.changes), *({} for _ in range(BLANK))]
    return [ReductionForm(sent, prefix=f"r{place}", initial=one) for place, one in enumerate(known)]


def _known(change: Change) -> dict[str, Any]:
    least, most = change.children or (None, None)
    is_amount = change.amount != NOTHING
    is_up = (change.amount < NOTHING) if is_amount else change.percent < 0
    how = Euro(abs(change.amount.cents)).plain() if is_amount else percent(abs(change.percent)).removesuffix("%")
    return {
        "name": change.name,
        "kind": ("surcharge" if is_up else "amount") if is_amount else ("surcharge_percent" if is_up else "percent"),
        "value": how,
        "from_child": least,
        "to_child": most if most != MOST_CHILDREN else None,
        "residents": change.residents,
        "isee_up_to": change.isee_up_to.cents if change.isee_up_to is not None else None,
        "words": ", ".join(sorted(change.needs)),
        "first": change.first,
        "last": change.last,
        "enrolled_after": change.enrolled_after,
    }


def _by(kind: str, value: str) -> tuple[Fraction, Euro]:
    if kind in ("percent", "surcharge_percent"):
        share = nodes.share(value)
        return (share if kind == "percent" else -share), NOTHING
    amount = nodes.money(value)
    return Fraction(0), amount if kind == "amount" else -amount
